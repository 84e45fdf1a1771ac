"""What only the holder can tell of herself: asked by the calls whose rules read it, judged on their day."""

from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest

from backend.applications import commands, printed, queries
from backend.applications.completeness import statuses
from backend.applications.declared import FIELDS, asked, facts
from backend.applications.facts import eligibility
from backend.applications.fields import place, put
from backend.applications.fields import read as read_field
from backend.applications.models import Application
from backend.applications.sections import DeclarationsSection
from backend.applications.terms import terms
from backend.calls.callfile import read
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.ops.paths import ROOT
from tests.applications import given
from tests.applications.test_pages import get, kept, post

WORDS = {"fr": "Règle", "ar": "قاعدة"}
CHECKS: dict[str, Any] = {
    "age": {"fact": "holder.age", "between": [18, 35]},
    "other-job": {"fact": "holder.has_other_job", "is": False},
    "active": {"fact": "organisation.active_since", "before": "2022-01-01"},
    "first-time": {"fact": "organisation.financed_before", "is": False},
    "family": {"fact": "members.one_family", "is": False},
}
ACCEPTED = ["accurate", "no_double_funding", "personal_data"]
GOOD = {
    "born_on": "1990-06-15",
    "other_job": "no",
    "active_since": "2021-12-31",
    "financed_before": "no",
    "one_family": "no",
}


def rules(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "title": WORDS, "check": CHECKS[code]} for code in codes]


def outcomes(made: Application, codes: Any = CHECKS) -> dict[str, str]:
    with transaction(given.SYSTEM) as tx:
        found = eligibility(tx, [queries.one(tx, made.id)])[made.id]
    return {one.rule.code: one.outcome.value for one in found if one.rule.code in codes}


def test_every_declared_fact_is_a_field_and_calls_ask_only_what_they_read() -> None:
    assert set(FIELDS.values()) == set(DeclarationsSection.model_fields) - {"accepted"}
    calls = {path.stem: read(path) for path in (ROOT / "calls").glob("*.yaml")}
    found = {name: asked(file.every_rule()) for name, file in calls.items()}
    assert {name: fields for name, fields in found.items() if fields} == {"agadir-2022": ("other_job",)}


@pytest.mark.parametrize(
    ("born", "age"),
    [("1987-08-16", 36), ("1987-08-17", 35), ("2005-08-16", 18), ("2005-08-17", 17), ("2023-08-17", None)],
)
def test_age_is_completed_years_on_the_day_that_the_call_names(born: str, age: int | None) -> None:
    assert facts({"born_on": born}, date(2023, 8, 16))["holder.age"] == age


def test_the_questions_of_a_call_are_asked_before_the_deposit_and_judged(world: Any, client: Any) -> None:
    call = given.open_call(world, rules=rules(*CHECKS), reference_date="2023-08-16")
    made = given.filled(world, call)
    assert set(outcomes(made).values()) == {"unknown"}
    browser = client("holder")
    check = get(browser, f"/applications/{made.id}/check")
    for field in GOOD:
        assert f"/declarations#{field}" in check
    with pytest.raises(Problem, match="incomplete"), transaction(world.holder) as tx:
        commands.submit(tx, made.id)
    typed = GOOD | {"born_on": "١٥/٠٦/١٩٩٠"}
    for lang in ("fr", "ar"):
        page = get(browser, f"/applications/{made.id}/declarations", lang=lang)
        asks = {"fr": "L’appel demande", "ar": "يشترط طلب المشاريع"}[lang]
        assert page.count(asks) == len(GOOD)
        assert [name for name in GOOD if f'name="{name}"' in page] == list(GOOD)
    post(
        browser,
        f"/applications/{made.id}/declarations",
        version=str(kept(made).version),
        accepted=ACCEPTED,
        **typed,
    )
    assert kept(made).content["declarations"] == {"accepted": ACCEPTED} | GOOD
    assert set(outcomes(made).values()) == {"pass"}
    assert "15/06/1990" in get(browser, f"/applications/{made.id}/check")
    with transaction(world.holder) as tx:
        commands.submit(tx, made.id)


def test_what_breaks_the_rule_is_to_correct_where_it_is_said(world: Any, client: Any) -> None:
    made = given.filled(world, given.open_call(world, rules=rules("other-job")), declarations={
        "accepted": ACCEPTED, "other_job": "yes",
    })  # fmt: skip
    assert outcomes(made) == {"other-job": "fail"}
    page = get(client("holder"), f"/applications/{made.id}/declarations")
    assert 'class="cap no"' in page
    assert "e porteur exerce un autre emploi" in page


def test_a_day_that_is_none_is_given_back(world: Any, client: Any) -> None:
    made = given.draft(world, given.open_call(world, rules=rules("age")))
    for typed in ("hier", "31/02/1990", "15/06/190", "1790-01-01"):
        answer = post(
            client("holder"), f"/applications/{made.id}/declarations", 422, version="1", born_on=typed
        )
        assert typed in answer.text
        assert "Date illisible" in answer.text
    assert kept(made).content == {}


def test_a_deposit_of_before_the_question_is_not_incomplete(world: Any) -> None:
    """Its rule cannot tell, and an officer looks."""
    made = given.submitted(world)
    with transaction(world.officer) as tx:
        row = queries.one(tx, made.id)
        said = statuses(row.content, terms(row.call).file, row.organisation, 5)
        asked_anew = statuses(row.content, terms(row.call).file, row.organisation, 5, ["other_job"])
        assert row.submissions == 1
    assert said[-1].state == "complete"
    assert [(one.field, one.code) for one in asked_anew[-1].missing] == [("other_job", "missing")]


def test_what_is_declared_is_on_the_sheet_that_is_signed(world: Any) -> None:
    made = given.filled(
        world, given.open_call(world, rules=rules("age", "other-job")),
        declarations={"accepted": ACCEPTED, "born_on": "1990-06-15", "other_job": "no"},
    )  # fmt: skip
    with transaction(world.holder) as tx:
        body = printed.sheet(tx, queries.one(tx, made.id), "fr")
        tx.recorded = True
    said = " ".join(pypdf.PdfReader(BytesIO(body)).pages[0].extract_text().split())
    assert "Un autre emploi du porteur Non" in said
    assert "15 juin 1990" in said


@pytest.mark.parametrize(
    ("field", "typed", "kept_"),
    [("born_on", "15/6/1990", "1990-06-15"), ("other_job", "yes", "yes"), ("families", "٣", 3)],
)
def test_each_is_kept_as_it_is_typed(field: str, typed: str, kept_: object) -> None:
    where = place("declarations", field)
    assert put("declarations", {}, where, read_field(where, typed)) == {"accepted": [], field: kept_}
