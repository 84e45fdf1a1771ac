"""« Puis-je candidater ? »: each call's own questions, its verdict, bad answers; page and API."""

import re
from contextlib import suppress
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from backend.calls import commands
from backend.calls.callfile import CallFile, from_json, read
from backend.calls.checking import ELSEWHERE, questions, read_json, read_typed, verdict
from backend.calls.rules.facts import CATALOGUE
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.tx import transaction
from tests.calls import given
from tests.calls.test_rules import EVERY_CHECK
from tests.value_chains import given as chains

CALLS = sorted((Path(__file__).resolve().parents[2] / "calls").glob("*.yaml"))
FILES = {path.stem: read(path) for path in CALLS}
EVERY = pytest.mark.parametrize("name", FILES)
PRIORITY = {"argan", "olive"}

# Answers that pass every rule of the call, as they are typed.
MONEY = {
    "budget.total": "400 000", "budget.investment": "400 000", "financing.indh": "240000",
    "financing.own_cash": "100 000,00", "financing.own_in_kind": "60000",
}  # fmt: skip
GOOD: dict[str, dict[str, str]] = {
    "agadir-2022": {
        "organisation.legal_form": "cooperative", "organisation.province": "09.001",
        "holder.has_other_job": "no", "members.count": "7", "members.women_or_youth": "3",
        "project.sector": "fishing", **MONEY,
    },
    "agadir-2023": {
        "organisation.legal_form": "gie", "organisation.province": "09.001", "project.sector": "agriculture",
        "project.chain": "argan", **MONEY,
    },
    "agadir-2026": {
        "organisation.legal_form": "cooperative", "organisation.province": "09.001",
        "project.sector": "agriculture", "project.chain": "banana", **MONEY,
    },
    "chtouka-2026": {
        "organisation.legal_form": "cooperative_union", "organisation.province": "09.163",
        "project.chain": "argan", **MONEY,
    },
    "khemisset-2024": {
        "organisation.legal_form": "cooperative", "organisation.province": "04.291",
        "project.sector": "forestry", "project.chain": "cork", **MONEY,
    },
    "marrakech-2018": {
        "organisation.legal_form": "tpme", "organisation.company_type": "partnership",
        "organisation.province": "07.351", **MONEY, "budget.studies": "20000", "financing.loan": "0",
    },
    "tiznit": {
        "organisation.legal_form": "gie", "organisation.province": "09.581", "budget.total": "200000",
        "financing.indh": "100000", "financing.own_cash": "100000",
    },
}  # fmt: skip


def told(name: str, **changes: str) -> Any:
    typed = GOOD[name] | {code.replace("__", "."): text for code, text in changes.items()}
    file = FILES[name]
    return verdict(file, read_typed(questions(file), typed), PRIORITY)


def failing(found: Any) -> set[str]:
    return {one.rule for one in found.results if one.outcome == "fail"}


def test_the_answers_cover_every_call() -> None:
    assert set(GOOD) == set(FILES)
    assert len(FILES) == 7


@EVERY
def test_questions_are_the_facts_that_the_rules_read(name: str) -> None:
    asked = questions(FILES[name])
    assert {"organisation.legal_form", "organisation.province", "budget.total"} <= {one.code for one in asked}
    for one in asked:
        assert not one.code.startswith(("call.", "documents."))
        for lang in ("fr", "ar"):
            choices = one.choices(lang)
            assert all(words for _, words in choices)
    assert set(GOOD[name]) <= {one.code for one in asked} | {"budget.investment", "budget.studies"}


@EVERY
def test_without_answers_everything_is_missing(name: str) -> None:
    found = verdict(FILES[name], {})
    asked = [one.code for one in questions(FILES[name])]
    assert found.outcome == "unknown"
    assert set(asked) - set(found.missing) <= {"organisation.company_type", "members.count"}
    assert [code for code in asked if code in found.missing] == list(found.missing)


@EVERY
def test_good_answers_pass_and_nothing_is_missing(name: str) -> None:
    found = told(name)
    assert (found.outcome, failing(found)) == ("pass", set())
    assert found.missing == ()


@EVERY
def test_the_wrong_form_and_province_are_refused_with_a_reason(name: str) -> None:
    found = told(name, organisation__legal_form="individual", organisation__province="01.051")
    assert found.outcome == "fail"
    assert {"legal_form", "territory"} <= failing(found)
    for one in found.results:
        assert set(one.reason) == set(one.asks) == {"fr", "ar"}
        assert all((*one.reason.values(), *one.asks.values()))


@pytest.mark.parametrize(
    ("name", "changes", "rules"),
    [
        ("agadir-2022", {"members__count": "10", "members__women_or_youth": "3"}, {"women_youth"}),
        ("agadir-2022", {"holder__has_other_job": "yes"}, {"no_other_job"}),
        ("agadir-2022", {"organisation__legal_form": "gie", "members__count": ""}, set()),
        ("agadir-2023", {"project__chain": "carob"}, {"chain"}),
        ("agadir-2023", {"project__chain": ELSEWHERE}, {"chain"}),
        ("agadir-2023", {"budget__investment": "399 999.99"}, {"investment_only", "indh_share"}),
        ("agadir-2023", {"financing__own_cash": "79 999,99", "financing__own_in_kind": "80 000,01"},
         {"in_kind_share"}),
        ("agadir-2026", {"financing__indh": "240 000,01"}, {"indh_share", "balance"}),
        ("marrakech-2018", {"budget__studies": "20 000,01"}, {"studies_share"}),
        ("marrakech-2018", {"organisation__company_type": "sarl"}, {"company_type"}),
        ("tiznit", {"financing__indh": "100 000,01", "financing__own_cash": "99 999,99"}, {"indh_amount"}),
        ("tiznit", {"organisation__legal_form": "cooperative", "financing__indh": "120 000,01",
                    "financing__own_cash": "79 999,99"}, {"indh_share"}),
    ],
)  # fmt: skip
def test_each_calls_own_rules_are_exact(name: str, changes: dict[str, str], rules: set[str]) -> None:
    found = told(name, **changes)
    assert failing(found) == rules
    assert found.outcome == ("fail" if rules else "pass")


@hypothesis_given(st.integers(1, 400), st.integers(0, 400))
@settings(max_examples=200)
def test_the_share_is_that_of_the_rule_itself(count: int, some: int) -> None:
    if some > count:
        return
    found = told("agadir-2022", members__count=str(count), members__women_or_youth=str(some))
    assert ("women_youth" in failing(found)) == (Fraction(some, count) <= Fraction(30, 100))


def test_what_is_left_empty_beside_a_cost_counts_for_nothing() -> None:
    found = told("agadir-2026", financing__own_in_kind="", financing__own_cash="160000")
    assert found.outcome == "pass"
    without_cost = told("agadir-2026", budget__total="")
    assert "budget.total" in without_cost.missing
    assert without_cost.outcome == "unknown"


def with_rules(*rules: dict[str, Any], **overrides: Any) -> CallFile:
    named = [
        {"code": f"r{i}", "title": {"fr": f"Règle {i}", "ar": f"القاعدة {i}"}, **rule}
        for i, rule in enumerate(rules)
    ]
    return given.call_file(rules=named, **overrides)


def test_seniority_assembly_family_and_communes_are_asked_plainly() -> None:
    commune = "09.001.05.09"
    file = with_rules(
        {"check": {"fact": "organisation.age_months", "at_least": "12 months"}},
        {"check": {"fact": "organisation.months_since_agm", "at_most": "12 months"}},
        {"check": {"fact": "members.one_family", "is": False}},
        {"check": {"fact": "documents.present", "includes_all": ["quotes"]}},
        {"check": {"fact": "results.jobs", "at_least": 2}, "fails": "warn"},
        communes=[commune], reference_date="2023-08-16",
    )  # fmt: skip
    asked = questions(file)
    codes = [one.code for one in asked]
    assert {"organisation.created_on", "organisation.last_agm_on", "members.one_family"} <= set(codes)
    assert "members.families" not in codes
    options = next(one for one in asked if one.code == "project.commune").options
    assert (commune in options, options[-1]) == (True, ELSEWHERE)

    def rules(**typed: str) -> dict[str, str]:
        answers = read_typed(asked, {code.replace("__", "."): text for code, text in typed.items()})
        return {one.rule: one.outcome.value for one in verdict(file, answers, PRIORITY).results}

    assert rules(organisation__created_on="16/08/2022")["r0"] == "pass"
    assert rules(organisation__created_on="2022-08-17")["r0"] == "fail"
    assert rules(organisation__last_agm_on="2022-08-16", members__one_family="yes")["r2"] == "fail"
    assert rules(project__commune=ELSEWHERE)["commune"] == "fail"
    assert rules(project__commune=commune)["commune"] == "pass"
    typed = GOOD["agadir-2023"] | {
        "organisation.created_on": "2020-01-01", "organisation.last_agm_on": "2023-01-01",
        "members.one_family": "no", "project.commune": commune, "results.jobs": "1",
    }  # fmt: skip
    found = verdict(file, read_typed(asked, typed), PRIORITY)
    assert (found.outcome, found.missing) == ("pass", ())  # a warning and a paper refuse nobody
    assert [one.rule for one in found.results if one.on_papers] == ["r3"]


def test_every_fact_of_the_catalogue_can_be_asked_for() -> None:
    first = {check["fact"]: check for check in reversed(EVERY_CHECK)}
    asked_for = [
        check for code, check in first.items() if CATALOGUE[code].section not in ("call", "documents")
    ]
    asked = questions(with_rules(*({"check": check, "fails": "warn"} for check in asked_for)))
    assert not {one.code for one in asked if one.fact.derived} - {"members.one_family"}
    assert {one.code for one in asked} >= {
        code for code, fact in CATALOGUE.items() if code in first and not fact.derived and fact.section
    } - {"documents.present", "project.chain_is_priority"} - {c for c in CATALOGUE if c.startswith("call.")}


BAD = [
    ("budget.total", "beaucoup", "money_unreadable"),
    ("budget.total", "1 000,123", "money_decimals"),
    ("budget.total", "-5", "money_negative"),
    ("budget.total", "9" * 15, "money_too_large"),
    ("members.count", "sept", "check_whole"),
    ("members.count", "7,5", "check_whole"),
    ("members.count", "9999999", "check_whole"),
    ("members.count", "1234567890", "check_whole"),
    ("members.women_or_youth", "8", "check_above_whole"),
    ("organisation.legal_form", "sa", "check_choice"),
    ("organisation.province", "09.999", "check_choice"),
    ("holder.has_other_job", "peut-être", "check_choice"),
    ("organisation.legal_form", "\u202ecooperative", "check_choice"),
]


@pytest.mark.parametrize(("code", "text", "why"), BAD)
def test_a_bad_answer_stands_beside_its_question(code: str, text: str, why: str) -> None:
    typed = GOOD["agadir-2022"] | {code: text}
    with pytest.raises(Problem) as refusal:
        read_typed(questions(FILES["agadir-2022"]), typed)
    assert [(error.field, error.code) for error in refusal.value.errors] == [(code, why)]


@pytest.mark.parametrize("text", ["31/02/2023", "hier", "0001-01-01", "2023-13-01", "99999-01-01", "1/1/23"])
def test_a_bad_day(text: str) -> None:
    file = with_rules({"check": {"fact": "organisation.age_days", "at_least": "1 day"}})
    with pytest.raises(Problem) as refusal:
        read_typed(questions(file), {"organisation.created_on": text})
    assert refusal.value.errors[0].code == "check_day"


def test_fewer_women_or_young_than_women() -> None:
    file = with_rules(
        {"check": {"fact": "members.women_or_youth_share", "more_than": "30 %"}},
        {"check": {"fact": "members.women_share", "more_than": "30 %"}},
    )
    with pytest.raises(Problem) as refusal:
        read_typed(questions(file), {"members.women": "5", "members.women_or_youth": "4"})
    assert refusal.value.errors[0].code == "check_below_part"


@pytest.mark.parametrize(
    ("code", "value", "why"),
    [
        ("organisation.created_on", 3, "check_day"),
        ("organisation.created_on", "2023-02-30", "check_day"),
        ("members.one_family", "yes", "check_choice"),
        ("members.count", 10**7, "check_whole"),
    ],
)
def test_a_bad_fact_of_another_kind(code: str, value: Any, why: str) -> None:
    file = with_rules(
        {"check": {"fact": "organisation.age_days", "at_least": "1 day"}},
        {"check": {"fact": "members.one_family", "is": False}},
        {"check": {"fact": "members.count", "at_least": 2}},
    )
    asked = questions(file)
    with pytest.raises(Problem) as refusal:
        read_json(asked, {code: value})
    assert [(error.field, error.code) for error in refusal.value.errors] == [(f"facts.{code}", why)]
    good = {"organisation.created_on": "2020-01-01", "members.one_family": True, "members.count": 5}
    assert read_json(asked, good)["members.one_family"] is True


def test_arabic_digits_are_read() -> None:
    found = told("agadir-2022", members__count="٧", members__women_or_youth="٣", budget__total="٤٠٠ ٠٠٠")
    assert found.outcome == "pass"


@hypothesis_given(st.dictionaries(st.sampled_from(sorted(CATALOGUE)), st.text(max_size=30), max_size=8))
@settings(max_examples=150)
def test_whatever_is_typed_is_read_or_refused(typed: dict[str, str]) -> None:
    for name in ("agadir-2022", "marrakech-2018"):
        with suppress(Problem):  # 422; anything else is a fault of ours
            verdict(FILES[name], read_typed(questions(FILES[name]), typed))


NUMBERS = st.none() | st.booleans() | st.integers() | st.floats()
VALUES = NUMBERS | st.text(max_size=20) | st.lists(st.integers(), max_size=2)


@hypothesis_given(st.dictionaries(st.sampled_from(sorted(CATALOGUE)), VALUES, max_size=8))
@settings(max_examples=150)
def test_whatever_is_sent_is_read_or_refused(sent: dict[str, Any]) -> None:
    file = FILES["agadir-2022"]
    with suppress(Problem):
        verdict(file, read_json(questions(file), sent))


# -- the edges -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "ar"])
@EVERY
def test_the_page_of_each_call(world: Any, client: Any, name: str, lang: str) -> None:
    chains.priorities()
    call = loaded(name)
    visitor = client(None)
    blank = visitor.get(f"/calls/{call}/check", params={"lang": lang})
    assert blank.status_code == 200
    assert 'method="get"' in blank.text
    assert "<script" not in blank.text.split("<main", 1)[1]
    for code in GOOD[name]:
        assert f'name="{code}"' in blank.text or code in ("budget.investment", "budget.studies")
    good = visitor.get(f"/calls/{call}/check", params={"lang": lang, **GOOD[name]})
    assert good.status_code == 200
    assert ("vous pouvez candidater" if lang == "fr" else "يمكنكم الترشح") in good.text
    bad = visitor.get(
        f"/calls/{call}/check", params={"lang": lang, **GOOD[name], "organisation.legal_form": "individual"}
    )
    assert 'id="refused"' in bad.text
    body = re.sub(r"<meta[^>]*>", "", good.text + bad.text + blank.text)
    assert "{" not in body
    assert "check." not in re.sub(r'(href|action|name|id|for|value)="[^"]*"', "", body)


def test_a_call_that_is_over_does_not_invite(world: Any, client: Any) -> None:
    call = given.published(
        world, opens_at=given.NOW - timedelta(days=9), closes_at=given.NOW - timedelta(days=2)
    )
    answers = {"organisation.legal_form": "gie"}
    for params in ({}, answers):
        text = client(None).get(f"/calls/{call.code}/check", params=params).text
        assert "Cet appel n’accepte plus de dossiers" in text
        assert "Le dépôt s’est terminé le" in text
        assert "Puis-je candidater" not in text.split("<main", 1)[1]
        assert "applications/new" not in text
        assert f'href="/?province={call.province_code}"' in text


def loaded(name: str) -> str:
    """The call of a file, its window around now, its own reference date kept."""
    from backend.core.actor import SYSTEM

    window = {"opens_at": given.NOW - timedelta(days=1), "closes_at": given.NOW + timedelta(days=10)}
    file = from_json(FILES[name].as_json() | {key: given.hour(at) for key, at in window.items()})
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        _a_committee(tx, file.province)
    with arriving(at=file.opens_at - timedelta(days=1)), transaction(SYSTEM) as tx:
        return commands.publish(tx, commands.load(tx, file).id).code


def _a_committee(tx: Any, province: str) -> None:
    from datetime import date

    from backend.committees.models import Committee, CommitteeKind

    words = {"fr": "CPDH", "ar": "اللجنة"}
    tx.session.add(
        Committee(
            province_code=province, kind=CommitteeKind.CPDH, name=words, order_number="1",
            ordered_on=date(2017, 1, 1),
        )
    )  # fmt: skip


def test_a_page_with_bad_answers_keeps_them(world: Any, client: Any) -> None:
    call = given.published(world)
    path = f"/calls/{call.code}/check?" + urlencode({"budget.total": "beaucoup", "project.chain": "argan"})
    answer = client(None).get(path)
    assert answer.status_code == 422
    assert 'value="beaucoup"' in answer.text
    assert 'href="#budget.total"' in answer.text


def test_an_open_call_leads_to_a_dossier_and_costs_little(world: Any, client: Any, statements: Any) -> None:
    call = given.published(world)
    with statements() as seen:
        answer = client(None).get(f"/calls/{call.code}/check", params=GOOD["agadir-2023"])
    assert f"/my/applications/new?call={call.code}" in answer.text
    assert len(seen) <= 3
    unknown = client(None).get(f"/calls/{call.code}/check", params={"organisation.legal_form": "gie"})
    assert 'id="missing"' in unknown.text
    over = client(None).get(f"/calls/{call.code}")
    assert f"/calls/{call.code}/check" in over.text
    assert client(None).get("/calls/nowhere/check").status_code == 404
    given.draft(world, code="draft")
    assert client(None).get("/calls/draft/check").status_code == 404


FACTS = {
    "organisation.legal_form": "cooperative", "organisation.province": "09.001",
    "project.sector": "agriculture", "project.chain": "argan", "budget.total": 40_000_000,
    "budget.investment": 40_000_000, "financing.indh": 24_000_000, "financing.own_cash": 16_000_000,
}  # fmt: skip


def test_facts_over_json(world: Any, client: Any) -> None:
    call = given.published(world)
    visitor = client(None)
    for reference in (call.code, str(call.id)):
        answer = visitor.post(f"/api/v1/calls/{reference}/check", json={"facts": FACTS})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["outcome"], answer.json()["missing"]) == ("pass", [])
    part = visitor.post(f"/api/v1/calls/{call.code}/check", json={"facts": {}}).json()
    assert part["outcome"] == "unknown"
    assert part["missing"][0] == "organisation.legal_form"
    over = visitor.post(
        f"/api/v1/calls/{call.code}/check", json={"facts": FACTS | {"financing.indh": 24_000_001}}
    ).json()
    (share,) = [one for one in over["results"] if one["rule"] == "indh_share"]
    assert (over["outcome"], share["outcome"]) == ("fail", "fail")
    assert "240\u00a0000,01" in share["reason"]["fr"]
    assert visitor.post("/api/v1/calls/nowhere/check", json={"facts": {}}).status_code == 404


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"nothing.here": 1}, "facts.nothing.here", "check_unknown"),
        ({"financing.indh_share": "1/2"}, "facts.financing.indh_share", "check_computed"),
        ({"call.province": "09.001"}, "facts.call.province", "check_computed"),
        ({"budget.total": 1.5}, "facts.budget.total", "check_whole"),
        ({"budget.total": -1}, "facts.budget.total", "check_whole"),
        ({"budget.total": 10**20}, "facts.budget.total", "money_too_large"),
        ({"budget.total": True}, "facts.budget.total", "check_whole"),
        ({"project.sector": 3}, "facts.project.sector", "check_choice"),
        ({"project.sector": "space"}, "facts.project.sector", "check_choice"),
        ({"budget.total": 1, "budget.investment": 2}, "facts.budget.investment", "check_above_whole"),
        (
            {"project.sector": "crafts", "project.chain": "argan"},
            "facts.project.chain",
            "chain_of_another_sector",
        ),
    ],
)
def test_bad_facts_are_named(world: Any, client: Any, facts: Any, field: str, code: str) -> None:
    call = given.published(world)
    answer = client(None).post(f"/api/v1/calls/{call.code}/check", json={"facts": facts})
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("body", [[], {}, {"facts": 3}, {"facts": {"x" * 61: 1}}, {"facts": {}, "more": 1}])
def test_a_body_of_another_shape(world: Any, client: Any, body: Any) -> None:
    call = given.published(world)
    assert client(None).post(f"/api/v1/calls/{call.code}/check", json=body).status_code == 422


def test_an_empty_answer_says_what_is_missing_and_an_error_promises_nothing(world: Any, client: Any) -> None:
    path = f"/calls/{given.published(world).code}/check"
    blank, sent = client(None).get(path).text, client(None).get(f"{path}?budget.total=").text
    assert "Aucune question n’a de réponse" not in blank
    assert "Aucune question n’a de réponse" in sent
    wrong = client(None).get(f"{path}?budget.total=beaucoup").text
    assert "Ce que vous avez saisi est gardé" not in wrong
    assert "et nulle part ailleurs" in wrong
