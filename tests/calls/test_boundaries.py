"""Every operator of every kind of fact at its boundary, against plain arithmetic; bad files by their line."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from backend.calls.callfile import CallFileInvalid, read
from backend.calls.rules import Condition, Rule, complete, evaluate
from backend.calls.rules.conditions import OPERATORS
from backend.calls.rules.derive import whole_months
from backend.calls.rules.facts import Kind
from backend.calls.rules.values import money_text
from tests.calls import given

FACT = {
    Kind.MONEY: "financing.indh", Kind.COUNT: "members.count", Kind.RATIO: "members.women_share",
    Kind.MONTHS: "organisation.age_months", Kind.DAYS: "organisation.age_days", Kind.YEARS: "holder.age",
    Kind.DATE: "organisation.created_on", Kind.CHOICE: "organisation.legal_form",
    Kind.SET: "documents.present", Kind.BOOL: "members.one_family",
}  # fmt: skip
FORMS = ["cooperative", "gie", "tpme", "association"]
PAPERS = ["a", "b", "c", "d"]
WHOLE = st.integers(0, 10**6)
SHARES = st.fractions(0, 2, max_denominator=1000)
LIMITS: dict[Kind, Any] = {
    Kind.MONEY: st.integers(0, 10**13), Kind.COUNT: WHOLE, Kind.RATIO: SHARES,
    Kind.MONTHS: st.integers(0, 1200), Kind.DAYS: st.integers(0, 99_999), Kind.YEARS: st.integers(0, 200),
    Kind.DATE: st.dates(date(1950, 1, 1), date(2090, 12, 31)),
}  # fmt: skip
STEP: dict[Kind, Any] = {Kind.RATIO: Fraction(1, 10**9), Kind.DATE: timedelta(days=1)}
REFERENCE = {
    "at_least": lambda v, low, high: v >= low,
    "at_most": lambda v, low, high: v <= low,
    "more_than": lambda v, low, high: v > low,
    "less_than": lambda v, low, high: v < low,
    "equals": lambda v, low, high: v == low,
    "between": lambda v, low, high: low <= v <= high,
    "before": lambda v, low, high: v < low,
    "on_or_before": lambda v, low, high: v <= low,
    "after": lambda v, low, high: v > low,
    "on_or_after": lambda v, low, high: v >= low,
}
ORDERED = [(kind, op) for kind in LIMITS for op in OPERATORS[kind]]


def said(check: dict[str, Any], facts: dict[str, Any], **more: Any) -> str:
    title = {"fr": "Règle", "ar": "قاعدة"}
    rule = Rule(code="r", title=title, check=Condition.read(check), **more)
    return evaluate(rule, facts).outcome.value


def written(kind: Kind, value: Any) -> Any:
    if kind is Kind.MONEY:
        return money_text(value)
    if kind is Kind.RATIO:
        return f"{value.numerator}/{value.denominator}"
    return value.isoformat() if kind is Kind.DATE else value


@pytest.mark.parametrize(("kind", "op"), ORDERED, ids=[f"{kind}-{op}" for kind, op in ORDERED])
@hypothesis_given(data=st.data())
def test_on_either_side_of_the_limit(kind: Kind, op: str, data: st.DataObject) -> None:
    low, high = sorted((data.draw(LIMITS[kind]), data.draw(LIMITS[kind])))
    operand = [written(kind, low), written(kind, high)] if op == "between" else written(kind, low)
    step = STEP.get(kind, 1)
    for value in (low - step, low, low + step, high - step, high, high + step):
        wanted = "pass" if REFERENCE[op](value, low, high) else "fail"
        assert said({"fact": FACT[kind], op: operand}, {FACT[kind]: value}) == wanted
    assert said({"fact": FACT[kind], op: operand}, {}) == "unknown"


def test_every_operator_is_tried() -> None:
    others = {"is", "one_of", "none_of", "includes_all", "includes_any", "includes_none"}
    assert {op for ops in OPERATORS.values() for op in ops} == set(REFERENCE) | others


@hypothesis_given(st.sampled_from(FORMS), st.sets(st.sampled_from(FORMS), min_size=1))
def test_choices(form: str, listed: set[str]) -> None:
    facts = {FACT[Kind.CHOICE]: form}
    check = {"fact": FACT[Kind.CHOICE]}
    assert said(check | {"one_of": sorted(listed)}, facts) == ("pass" if form in listed else "fail")
    assert said(check | {"none_of": sorted(listed)}, facts) == ("fail" if form in listed else "pass")
    assert said(check | {"is": min(listed)}, facts) == ("pass" if form == min(listed) else "fail")


@hypothesis_given(
    st.frozensets(st.sampled_from(PAPERS)), st.sets(st.sampled_from(PAPERS), min_size=1), st.booleans()
)
def test_sets_and_yes_or_no(present: frozenset[str], listed: set[str], yes: bool) -> None:
    wanted = {
        "includes_all": listed <= present,
        "includes_any": bool(listed & present),
        "includes_none": not listed & present,
    }
    for op, holds in wanted.items():
        check = {"fact": FACT[Kind.SET], op: sorted(listed)}
        assert said(check, {FACT[Kind.SET]: present}) == ("pass" if holds else "fail")
    for demanded in (True, False):
        check = {"fact": FACT[Kind.BOOL], "is": demanded}
        assert said(check, {FACT[Kind.BOOL]: yes}) == ("pass" if yes is demanded else "fail")


@hypothesis_given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(1, 120), st.integers(1, 7))
def test_a_share_of_an_amount_is_exact_whatever_the_share(whole: int, part: int, over: int, of: int) -> None:
    share = Fraction(of, over)
    facts = {"financing.indh": part, "budget.total": whole}
    for op in ("at_most", "less_than", "at_least", "more_than"):
        check = {"fact": "financing.indh", op: {"share": f"{of}/{over}", "of": "budget.total"}}
        wanted = REFERENCE[op](Fraction(part), whole * share, None)
        assert said(check, facts) == ("pass" if wanted else "fail")
    derived = complete(facts)["financing.indh_share"]
    check = {"fact": "financing.indh_share", "at_most": f"{of}/{over}"}
    assert said(check, {"financing.indh_share": derived}) == ("pass" if part <= whole * share else "fail")


@hypothesis_given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(1, 240))
def test_seniority_is_counted_on_the_date_that_the_call_names(reference: date, months: int) -> None:
    """At the limit to the day: reached on the same day of the month, not the day before."""
    reference = reference.replace(day=min(reference.day, 28))
    index = reference.year * 12 + reference.month - 1 - months
    exactly = date(index // 12, index % 12 + 1, reference.day)
    check = {"fact": "organisation.age_months", "at_least": f"{months} months"}
    for step, wanted in ((-1, "pass"), (0, "pass"), (1, "fail")):
        created = exactly + timedelta(days=step)
        facts = complete({"call.reference_date": reference, "organisation.created_on": created})
        assert said(check, facts) == wanted
        assert facts["organisation.age_days"] == (reference - created).days
    assert whole_months(exactly, reference) == months


@hypothesis_given(st.dates(date(2000, 2, 1), date(2030, 12, 31)), st.integers(1, 3650))
def test_days_of_seniority(reference: date, days: int) -> None:
    limit = {"fact": "call.reference_date", "minus": f"{days} days"}
    for step in (-1, 0, 1):
        created = reference - timedelta(days=days) + timedelta(days=step)
        facts = complete({"call.reference_date": reference, "organisation.created_on": created})
        at_least = {"fact": "organisation.age_days", "at_least": f"{days} jours"}
        assert said(at_least, facts) == ("fail" if step == 1 else "pass")
        more = {"fact": "organisation.created_on", "before": limit}
        assert said(more, facts) == ("pass" if step == -1 else "fail")


@hypothesis_given(st.sampled_from(FORMS), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_cap_by_case_and_its_otherwise(form: str, first: int, second: int, asked: int) -> None:
    case = {
        "fact": "organisation.legal_form",
        "values": {"cooperative": money_text(first), "gie": money_text(second)},
        "otherwise": "1 DH",
    }
    cap = {"cooperative": first, "gie": second}.get(form, 100)
    check = {"fact": "financing.indh", "at_most": {"by": case}}
    facts = {"organisation.legal_form": form, "financing.indh": asked}
    assert said(check, facts) == ("pass" if asked <= cap else "fail")
    facts["financing.indh"] = cap
    assert said(check, facts) == "pass"
    facts["financing.indh"] = cap + 1
    assert said(check, facts) == "fail"


@hypothesis_given(st.lists(st.sampled_from(["pass", "fail", "unknown"]), min_size=1, max_size=5))
def test_all_any_not_are_those_of_kleene(outcomes: list[str]) -> None:
    """Each part is a count compared with 1: known above, known below, or missing."""
    facts = ("members.count", "members.women", "members.youth", "results.jobs", "results.jobs_women")
    parts = [{"fact": fact, "at_least": 1} for fact, _ in zip(facts, outcomes, strict=False)]
    known = {"pass": 1, "fail": 0}
    given_ = {fact: known[one] for fact, one in zip(facts, outcomes, strict=False) if one in known}
    worst = min(outcomes, key=["fail", "unknown", "pass"].index)
    best = max(outcomes, key=["fail", "unknown", "pass"].index)
    opposite = {"pass": "fail", "fail": "pass", "unknown": "unknown"}
    assert said({"all": parts}, given_) == worst
    assert said({"any": parts}, given_) == best
    assert said({"not": {"all": parts}}, given_) == opposite[worst]
    when = Condition.read({"any": parts})
    never = {"fact": "organisation.times_financed", "equals": 9}
    told = {"pass": "fail", "fail": "pass", "unknown": "unknown"}[best]
    assert said(never, given_ | {"organisation.times_financed": 1}, when=when) == told


# -- bad files: file, line, what is allowed --------------------------------------------

RULES = """rules:
  - code: one
    title: {fr: Une, ar: واحدة}
    check: {rule: two}
  - code: two
    title: {fr: Deux, ar: اثنتان}
    check: {not: {rule: three}}
  - code: three
    title: {fr: Trois, ar: ثلاث}
    check: {any: [{rule: one}, {fact: members.count, at_least: 5}]}
"""
UNKNOWN_FACT = """chains: priority
rules:
  - code: a
    title: {fr: A, ar: أ}
    check: {fact: members.womens, at_least: 1}"""
WRONG = {
    "opening after closing": ("closes_at: 2023-09-01 16:30", "closes_at: 2023-08-15 16:30",
                              "window_order", "closes_at: 2023-08-15"),
    "opening at closing": ("closes_at: 2023-09-01 16:30", "closes_at: 2023-08-16 00:00",
                           "window_order", "closes_at: 2023-08-16"),
    "caps that contradict": ("  indh_amount: 300 000 DH",
                             "  indh_amount: 300 000 DH\\n  indh_minimum: 300 001 DH",
                             "caps_contradict", "  indh_minimum"),
    "share above 100 %": ("  indh_share: 60 %", "  indh_share: 101 %", "too_big", "  indh_share: 101 %"),
    "cap above the envelope": ("  indh_amount: 300 000 DH", "  indh_amount: 6 000 000.01 DH",
                               "cap_over_envelope", "  indh_amount: 6"),
    "unknown field": ("chains: priority", "chaines: priority", "unknown_field", "chaines:"),
    "rule on an unknown field": ("chains: priority", UNKNOWN_FACT, "unknown_fact", "    check:"),
    "cycle": ("chains: priority", f"chains: priority\\n{RULES}", "rule_cycle", "  - code: one"),
    "missing translation": ("  ar: المساعدة", "  en: Help", "missing_translation", "support:"),
    "hour left out": ("closes_at: 2023-09-01 16:30", "closes_at: 2023-09-01", "local_time", "closes_at:"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_file_says_its_line_and_what_is_allowed(name: str, tmp_path: Path) -> None:
    old, new, code, line_begins = WRONG[name]
    old, new = old.replace("\\n", "\n"), new.replace("\\n", "\n")
    source = given.AGADIR.read_text(encoding="utf-8")
    assert old in source
    folder = tmp_path / "common"
    folder.mkdir()
    (folder / "demo.yaml").write_bytes((given.AGADIR.parent / "common" / "demo.yaml").read_bytes())
    path = tmp_path / "bad.yaml"
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CallFileInvalid) as refusal:
        read(path)
    found = [issue for issue in refusal.value.issues if issue.code == code]
    assert found, refusal.value.text("fr")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[found[0].line - 1].startswith(line_begins)
    for lang in ("fr", "ar"):
        text = found[0].line_of_text(lang)
        assert text.startswith(f"{path}:{found[0].line}: ")
        assert "{" not in text.split(": ", 1)[1].replace("{…}", "")
    if code in ("unknown_field", "unknown_fact", "local_time"):
        assert found[0].allowed
    if code == "rule_cycle":
        assert "one → two → three → one" in found[0].message("fr")
