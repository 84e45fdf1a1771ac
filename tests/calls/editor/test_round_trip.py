"""Text ↔ form loses nothing: over the seven calls, over generated calls, and over hostile data."""

import json
import re
from copy import deepcopy
from datetime import date
from pathlib import Path
from shutil import copy, copytree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.calls.callfile import from_json, read
from backend.calls.callfile.summary import summary
from backend.calls.cli import main
from backend.calls.editor import acts, conditions, form
from backend.calls.editor.preview import lines, readable
from backend.calls.editor.spec import SECTIONS
from backend.calls.editor.starting import new_call
from backend.calls.editor.text import commented, data_of, dump, storable
from backend.calls.editor.values import MISSING, with_unit
from backend.calls.rules.conditions import LIST_OPERATORS, OPERATORS
from backend.calls.rules.facts import CATALOGUE, Fact, Kind
from backend.calls.rules.parse import parse_condition
from backend.core.money import parse_money

FOLDER = Path(__file__).resolve().parents[3] / "calls"
CALLS = sorted(FOLDER.glob("*.yaml"))
INVENTED = sorted((Path(__file__).resolve().parents[1] / "invented").glob("*.yaml"))
"""Other provinces, forms and committees, conditions in conditions, money by form, Ramadan, both regimes."""


def plain(data: Any) -> Any:
    return json.loads(json.dumps(data, ensure_ascii=False))


def through_the_pages(data: dict[str, Any]) -> dict[str, Any]:
    """The data after every page was opened and sent back unchanged."""
    found = deepcopy(data)
    for section in SECTIONS:
        form.read(section.fields, found, form.show(section.fields, found))
        listed = section.listed
        items = form.at(found, listed.key) if listed else None
        for i, item in enumerate(items if isinstance(items, list) else []):
            if listed and isinstance(item, dict):
                base = f"{listed.key}.{i}."
                form.read(listed.fields, item, form.show(listed.fields, item, base), base)
    return found


def retyped(data: dict[str, Any]) -> dict[str, Any]:
    """A call made from nothing but what the pages show of it (what has no page is taken as it is)."""
    found: dict[str, Any] = {"format": 1, "province": data["province"]}
    for section in SECTIONS:
        form.read(section.fields, found, form.show(section.fields, data))
        if listed := section.listed:
            made, shown = [], form.at(data, listed.key)
            for i, item in enumerate(shown if isinstance(shown, list) else []):
                base = f"{listed.key}.{i}."
                one: dict[str, Any] = {}
                form.read(listed.fields, one, form.show(listed.fields, item, base), base)
                made.append(one)
            if shown is not MISSING:
                form.put(found, listed.key, made)
    return found


@pytest.mark.parametrize("path", CALLS + INVENTED, ids=lambda path: path.stem)
def test_the_seven_calls_and_invented_ones_come_back(path: Path) -> None:
    call = read(path.read_text(encoding="utf-8"), base=FOLDER)
    data = plain(call.as_json())
    assert read(dump(data)) == call
    assert data_of(dump(data)) == data
    assert through_the_pages(data) == data
    # a field left to its usual value is not written: what says that it was assumed has nothing to name
    bare = data | {"assumed": []}
    typed, written = from_json(retyped(bare)), from_json(bare)
    assert all(summary(typed, lang) == summary(written, lang) for lang in ("fr", "ar"))
    if path in CALLS:  # those never write a unit where a field has its own
        assert typed.as_json() == written.as_json()


@pytest.mark.parametrize("path", CALLS + INVENTED, ids=lambda path: path.stem)
def test_their_own_text_comes_back_through_the_pages(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    data = data_of(text)
    assert through_the_pages(data) == data
    assert read(dump(data)) == read(text, base=FOLDER)


@pytest.mark.parametrize("path", CALLS + INVENTED, ids=lambda path: path.stem)
def test_the_command_says_each_back_in_plain_words(path: Path, tmp_path: Path, capsys: Any) -> None:
    """`./indh call check`, in both languages: every rule by its title, no code in the sentences."""
    copytree(FOLDER / "common", tmp_path / "common")
    file = Path(copy(path, tmp_path))
    assert main(["check", str(file)]) == 0
    said = capsys.readouterr().out
    rules = read(file).every_rule()
    for rule in rules:
        assert all(f"  - {rule.title[lang]} [{rule.code}]" in said for lang in ("fr", "ar"))
        assert not {f"« {rule.code} »", f"«{rule.code}»"} & set(re.findall(r"«[^»]*»", said))
    assert sum(line.startswith("    ") for line in said.splitlines()) == 2 * len(rules)
    assert not any(fact in said for fact in CATALOGUE)


def test_an_amount_is_shown_with_its_thousands_apart() -> None:
    show, read_ = with_unit("DH")
    for written, shown in (
        ("6000000 DH", "6\u00a0000\u00a0000"),
        ("1234567,50 DH", "1\u00a0234\u00a0567,50"),
        ("999 DH", "999"),
        ("0500 DH", "500"),
        ("8 000 DH", "8 000"),
        ("300000 MAD", "300000 MAD"),
        ("DH", "DH"),
    ):
        assert show(written) == shown
        if shown.replace("\u00a0", "").isdigit():
            assert parse_money(read_(shown)) == parse_money(written)


def test_order_is_that_of_the_format() -> None:
    data = plain(read(CALLS[0]).as_json())
    shuffled = dict(reversed(data.items())) | {"unknown": 1}
    text = dump(shuffled)
    assert text == dump(data) + "unknown: 1\n"
    assert text.startswith("format: 1\ncode: ")


def test_what_a_text_may_hold() -> None:
    assert storable("é" * 1000)
    assert not storable("a\0b")
    assert not storable("\ud800")
    assert not storable("a" * 300_000)
    assert commented("a: 1 # why")
    assert commented("# all\na: 1")
    assert not commented("a: 1")


# -- generated calls ---------------------------------------------------------------------------------
CODE = st.from_regex(r"[a-z][a-z0-9_-]{0,12}", fullmatch=True)
WORD = (
    st.text(st.sampled_from("abcéà «»:#'\"-{}[]&*!|>%@`، قانون\n,0129~"), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)
WORDS = st.fixed_dictionaries({"fr": WORD, "ar": WORD})
PERCENT = st.integers(0, 100).map(lambda n: f"{n} %") | st.sampled_from(["1/3", "33.33 %", "2/7"])


def value(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.vocabulary:
        return st.sampled_from(
            {
                "legal_form": ["cooperative", "gie"],
                "company_type": ["sarl", "other"],
                "province": ["09.001", "09.541"],
                "commune": ["09.001.05.09", "09.001.05.01"],
                "sector": ["agriculture", "crafts"],
                "chain": ["argan", "olive"],
                "document": ["quotes", "other"],
            }[fact.vocabulary]
        )
    return {
        Kind.MONEY: st.integers(0, 10**8).map(lambda n: f"{n} DH")
        | st.sampled_from(["300 000.50 MAD", "1 000,00 درهم"]),
        Kind.COUNT: st.integers(0, 1000),
        Kind.RATIO: PERCENT,
        Kind.DATE: st.dates().map(str),
        Kind.MONTHS: st.integers(0, 99) | st.sampled_from(["24 months", "2 ans", "6 mois"]),
        Kind.DAYS: st.integers(0, 99) | st.just("90 jours"),
        Kind.YEARS: st.integers(0, 99) | st.just("35 ans"),
        Kind.BOOL: st.booleans(),
    }[fact.kind]


def simple(fact: Fact, op: str) -> st.SearchStrategy[Any]:
    alike = st.sampled_from([code for code, one in CATALOGUE.items() if one.kind is fact.kind])
    many = st.lists(value(fact), min_size=1, max_size=2, unique=True)
    found = [many if op in LIST_OPERATORS else value(fact), st.fixed_dictionaries({"fact": alike})]
    if fact.kind in (Kind.MONEY, Kind.COUNT, Kind.RATIO):
        found.append(st.fixed_dictionaries({"share": PERCENT, "of": alike}))
    if fact.kind is Kind.DATE:
        length = st.sampled_from(["12 months", "90 days", "6 mois", "2 ans"])
        found += [st.fixed_dictionaries({"fact": alike, sign: length}) for sign in ("minus", "plus")]
    return st.one_of(found)


def operand(fact: Fact, op: str) -> st.SearchStrategy[Any]:
    rows = st.dictionaries(st.sampled_from(["cooperative", "gie", "tpme"]), simple(fact, op), min_size=1)
    by = st.fixed_dictionaries(
        {"fact": st.just("organisation.legal_form"), "values": rows}, optional={"otherwise": simple(fact, op)}
    )
    return simple(fact, op) | st.fixed_dictionaries({"by": by})


@st.composite
def comparison(draw: Any) -> dict[str, Any]:
    fact = CATALOGUE[draw(st.sampled_from(sorted(CATALOGUE)))]
    op = draw(st.sampled_from(OPERATORS[fact.kind]))
    if op == "between":
        ends = [draw(operand(fact, op)), draw(operand(fact, op))]
        return {"fact": fact.code, op: ends}
    return {"fact": fact.code, op: draw(operand(fact, op))}


CONDITION = st.recursive(
    comparison() | st.just({"rule": "indh_amount"}),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=6,
)


def _sense(raw: Any) -> Any:
    """The condition and its faults; a fault cites amounts as they are written, grouped or not."""
    condition, faults = parse_condition(raw)
    return condition, [(one.path, one.code, one.allowed) for one in faults]


@settings(max_examples=60, deadline=None)
@given(CONDITION)
def test_any_condition_is_shown_and_read_back(raw: Any) -> None:
    shown = conditions.show("rules.0.check", raw)
    assert conditions.read(shown, "rules.0.check", raw) is raw
    again = conditions.read(shown, "rules.0.check", None)
    assert _sense(again) == _sense(raw)
    assert data_of(dump({"rules": [{"check": raw}]})) == {"rules": [{"check": raw}]}


@st.composite
def calls(draw: Any) -> dict[str, Any]:
    """A whole call with every optional part there or not; not always valid between its parts."""
    data = new_call(
        draw(CODE),
        "09.001",
        {"committee": "cpdh", "name": draw(WORDS), "territory": draw(WORDS)},
        date(2026, 1, 5),
    )
    rule = st.fixed_dictionaries(
        {"code": CODE, "title": WORDS, "check": CONDITION, "fails": st.sampled_from(["refuse", "warn"])},
        optional={"when": CONDITION, "note": WORDS},
    )
    data |= draw(
        st.fixed_dictionaries(
            {"title": WORDS, "summary": WORDS, "rules": st.lists(rule, max_size=3)},
            optional={
                "support": WORDS,
                "youth_under": st.integers(16, 100),
                "communes": st.just(["09.001.05.09"]),
                "chains": st.sampled_from(["any", "priority", ["olive", "argan"]]),
                "assumed": st.just(["caps", "title"]),
                "sectors": st.sampled_from(["any", ["crafts", "agriculture"]]),
                "incomplete": st.sampled_from(
                    [{"then": "refuse"}, {"then": "one_request", "working_days": 10}]
                ),
                "caps": st.fixed_dictionaries(
                    {},
                    optional={
                        "indh_amount": operand(CATALOGUE["financing.indh"], "at_most"),
                        "indh_share": PERCENT,
                        "own_share": PERCENT,
                        "investment_only": st.booleans(),
                        "indh_share_of": st.sampled_from(["budget.total", "budget.investment"]),
                    },
                ),
                "documents": st.lists(
                    st.fixed_dictionaries(
                        {"code": CODE, "label": WORDS},
                        optional={"required": st.booleans(), "only_for": st.just(["gie"]), "help": WORDS},
                    ),
                    max_size=2,
                ),
            },
        )
    )
    return plain(data)


@settings(max_examples=20, deadline=None)
@given(calls())
def test_generated_calls_come_back(data: dict[str, Any]) -> None:
    assert data_of(dump(data)) == data
    assert through_the_pages(data) == data
    rules = retyped(data).get("rules", [])
    assert [rule["code"] for rule in rules] == [rule["code"] for rule in data["rules"]]


# -- hostile data ------------------------------------------------------------------------------------
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["fr", "fact", "by", "values", "code", "all", "share", "of", "check"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
KEYS = sorted({field.key.split(".")[0] for section in SECTIONS for field in section.fields})


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=6),
    st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=3),
)
def test_whatever_stands_there_is_kept_and_never_breaks(data: dict[str, Any], typed: dict[str, Any]) -> None:
    assert through_the_pages(data) == data
    # somebody's form sent over other data: anything may come, nothing may break
    sent = {}
    for section in SECTIONS:
        sent |= form.show(section.fields, typed)
        for field in section.listed.fields if section.listed else ():
            sent |= form.show([field], typed, f"{section.listed.key}.0." if section.listed else "")
    mixed = deepcopy(data)
    for section in SECTIONS:
        form.read(section.fields, mixed, sent)
        lines(mixed, readable(mixed, None)[0], section.code, None, "fr")


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=6),
    st.sampled_from(["add", "drop", "up", "down", "begin", "wrap", "unwrap", "turn", "", "no"]),
    st.lists(
        st.sampled_from([*KEYS, "0", "1", "99999", "check", "all", "any", "not", "when", "", "criteria"]),
        max_size=5,
    ),
    st.sampled_from(["", "all", "any", "not", "rule", "seniority", "x"]),
)
def test_any_button_on_any_data(data: dict[str, Any], verb: str, place: list[str], how: str) -> None:
    acts.act(data, f"{verb}:{'.'.join(place)}:{how}")
    dump(plain(data))
