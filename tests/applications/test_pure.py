"""Pure parts: receipts, forms of money, facts, completeness."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from starlette.datastructures import FormData

from backend.applications import forms, receipts
from backend.applications.completeness import call_form, company_type, statuses
from backend.applications.facts import of
from backend.applications.models import Application
from backend.applications.pages.parts import time_left
from backend.applications.schemas import SECTIONS
from backend.applications.terms import Terms
from backend.applications.totals import sums
from backend.calls.callfile import CallFile
from backend.calls.rules import CATALOGUE, Member
from backend.core.money import format_money
from backend.people.models import LegalForm, Organisation
from tests.calls.given import call_file

CENTIMES = st.integers(0, 10**12)


@settings(deadline=None)
@over(st.data())
def test_one_wrong_symbol_or_two_exchanged_are_found(data: Any) -> None:
    code = receipts.new_code()
    assert receipts.read_code(f" {code.lower()} ") == code
    plain = code.replace("-", "")
    at = data.draw(st.integers(0, 11))
    other = data.draw(st.sampled_from(receipts.ALPHABET.replace(plain[at], "")))
    assert receipts.read_code(plain[:at] + other + plain[at + 1 :]) is None
    if at < 11 and plain[at] != plain[at + 1]:
        assert receipts.read_code(plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]) is None


@pytest.mark.parametrize("typed", ["", "U" * 12, "0000", "0" * 13, "é" * 12])
def test_what_is_not_a_code(typed: str) -> None:
    assert receipts.read_code(typed) is None


def test_lookalikes_are_read() -> None:
    assert receipts.read_code("OOOO-OOOO-OOOO") == "0000-0000-0000"
    assert receipts.sha256({"b": "é", "a": 1}) == receipts.sha256({"a": 1, "b": "é"})


@settings(deadline=None)
@over(st.lists(st.tuples(st.sampled_from(["investment", "studies", "running"]), CENTIMES), max_size=50))
def test_totals_add_up_however_they_are_typed(lines: list[tuple[str, int]]) -> None:
    typed = []
    for i, (kind, amount) in enumerate(lines):
        typed += [(f"lines.{i}.label", "Presse"), (f"lines.{i}.kind", kind)]
        typed += [(f"lines.{i}.amount_centimes", format_money(amount, "fr"))]
    data, errors = forms.read("budget", FormData(typed))
    assert not errors
    assert data
    kept = {"budget": data.model_dump(mode="json", exclude_none=True)}
    found = sums(kept)
    assert found["budget"] == sum(amount for _, amount in lines)
    assert found["budget"] == found["investment"] + found["studies"] + found["running"]
    again, _ = forms.read("budget", FormData(forms.stored_values(kept["budget"], "ar")))
    assert again == data


@settings(deadline=None)  # the first example reads the call
@over(CENTIMES, CENTIMES, CENTIMES, CENTIMES, CENTIMES, st.integers(1, 10**12))
def test_shares_are_exact(indh: int, cash: int, kind: int, partners: int, loan: int, total: int) -> None:
    parts = {"indh": indh, "own_cash": cash, "own_in_kind": kind, "partners": partners, "loan": loan}
    facts = facts_of(
        budget={"lines": [{"kind": "investment", "amount_centimes": total}]},
        financing={f"{name}_centimes": amount for name, amount in parts.items()},
    )
    assert facts["financing.total"] == sum(parts.values())
    assert facts["financing.indh_share"] == Fraction(indh, total)
    if cash + kind:
        assert facts["financing.in_kind_share_of_own"] == Fraction(kind, cash + kind)


@cache
def agadir() -> CallFile:
    return call_file()


def organisation(form: LegalForm = LegalForm.COOPERATIVE, **fields: Any) -> Organisation:
    values: dict[str, Any] = {
        "name": {"fr": "X", "ar": "س"}, "legal_form": form, "province_code": "09.001",
        "commune_code": "09.001.05.09", "created_on": date(2019, 5, 2),
    }  # fmt: skip
    return Organisation(**(values | fields))


def facts_of(members: tuple[Member, ...] = (), **content: Any) -> dict[str, Any]:
    file = agadir()
    dossier = Application(content=content, organisation=organisation())
    return of(dossier, Terms(file, file.every_rule()), members, frozenset({"argan"}))


def test_every_fact_is_in_the_catalogue_and_of_its_kind() -> None:
    from tests.applications.given import content

    facts = facts_of((Member(woman=True, birth_year=1999),), **content())
    for code, value in facts.items():
        assert value is None or CATALOGUE[code].accepts(value), code
    assert facts["project.chain_is_priority"] is True
    assert facts["project.province"] == "09.001"
    assert facts["members.women_share"] == 1
    assert facts["budget.investment"] == 40_000_000


def test_what_is_not_known_is_left_out() -> None:
    facts = facts_of()
    for code in ("budget.total", "financing.indh", "members.count", "project.sector", "project.has_premises"):
        assert facts.get(code) is None, code
    half = facts_of(budget={"lines": [{"kind": "investment"}]}, project={"sector": "crafts"})
    assert half.get("budget.total") is None
    assert half["project.chain_is_priority"] is False


def test_forms_of_the_law_in_the_words_of_calls() -> None:
    assert call_form(LegalForm.UNION) == "cooperative_union"
    assert call_form(LegalForm.SARL) == call_form(LegalForm.PARTNERSHIP) == "tpme"
    assert (company_type(LegalForm.SARL), company_type(LegalForm.GIE)) == ("sarl", None)


def states(content: dict[str, Any], members: int = 1, **fields: Any) -> dict[str, str]:
    found = statuses(content, agadir(), organisation(**fields), members)
    return {status.section: status.state for status in found}


def test_how_far_each_section_is() -> None:
    assert states({})["budget"] == "todo"
    assert states({"budget": {"lines": [{"label": "x"}]}})["budget"] == "progress"
    assert states({"results": {"jobs_women": 1, "jobs_men": 0, "jobs_youth": 2}})["results"] == "fix"
    assert states({"documents": {"provided": [{"code": "nonsense", "paper": True}]}})["documents"] == "fix"
    assert states({"declarations": {"accepted": ["accurate"]}})["declarations"] == "progress"
    assert states({}, members=0)["members"] == "todo"
    assert states({}, members=0, form=LegalForm.SOLE_TRADER)["members"] == "complete"
    assert states({}, created_on=None)["organisation"] == "progress"


def test_a_form_gives_back_what_it_cannot_read() -> None:
    data, errors = forms.read("financing", FormData([("indh_centimes", "beaucoup"), ("loan_centimes", "-3")]))
    assert data is None
    assert [(one.field, one.code) for one in errors] == [
        ("indh_centimes", "money_unreadable"), ("loan_centimes", "money_negative")
    ]  # fmt: skip
    data, errors = forms.read("results", FormData([("jobs_women", "٣"), ("jobs_men", "x")]))
    assert [one.code for one in errors] == ["int_parsing"]
    _, errors = forms.read("results", FormData([("jobs_women", "-1")]))
    assert [(one.field, one.code) for one in errors] == [("jobs_women", "greater_than_equal")]
    assert forms.typed_values(FormData([("a", "1"), ("a", "2")])) == {"a": "1 2"}
    assert forms.rows({"lines.47.label": "x"}) == 49
    assert forms.rows({"lines.3.label": "x", "room": "90"}) == 50


@pytest.mark.parametrize("section", list(SECTIONS))
def test_an_empty_form_is_an_empty_section(section: str) -> None:
    data, errors = forms.read(section, FormData([]))
    assert (errors, bool(data)) == ([], True)


def test_terms_are_kept_by_the_hash_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.applications import terms as module
    from backend.calls.models import Call

    monkeypatch.setattr(module, "MOST", 1)
    monkeypatch.setattr(module, "_kept", {})
    monkeypatch.setattr(module, "definition", lambda call: agadir())
    first, second = Call(definition_sha256="a"), Call(definition_sha256="b")
    assert module.terms(first) is module.terms(first)
    assert module.terms(second).rules == module.terms(first).rules
    assert list(module._kept) == ["a"]


@pytest.mark.parametrize(
    ("left", "fr", "ar"),
    [
        (timedelta(seconds=30), "Il reste moins d’une minute pour déposer", "بقي أقل من دقيقة للإيداع"),
        (timedelta(minutes=2), "Il reste 2 minutes pour déposer", "بقيت دقيقتان للإيداع"),
        (timedelta(hours=1), "Il reste 1 heure pour déposer", "بقيت ساعة واحدة للإيداع"),
        (timedelta(days=1), "Il reste 1 jour pour déposer", "بقي يوم واحد للإيداع"),
        (timedelta(days=3), "Il reste 3 jours pour déposer", "بقيت 3 أيام للإيداع"),
        (timedelta(days=12), "Il reste 12 jours pour déposer", "بقي 12 يوما للإيداع"),
    ],
)
def test_the_time_left_to_deposit_does_not_read_as_an_opening(left: timedelta, fr: str, ar: str) -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert [time_left(lang)(now + left, now).replace("\u00a0", " ") for lang in ("fr", "ar")] == [fr, ar]
