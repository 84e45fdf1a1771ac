"""The list of what people and programs get wrong, each over HTTP from beginning to end."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.calendar import local
from backend.core.clock import Arrival, arriving
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people.models import Organisation
from tests.applications import given as applications
from tests.contract.scenario import problem
from tests.reviews import given as reviews


def test_a_double_submit_gives_the_same_receipt(world: Any, client: Any) -> None:
    made = applications.filled(world)
    holder = client("holder")
    answers = [holder.post(f"/api/v1/applications/{made.id}/submit") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["receipt_code"] for answer in answers}) == 1
    pages = [holder.post(f"/applications/{made.id}/submit", follow_redirects=False) for _ in range(2)]
    assert {page.headers["location"] for page in pages} == {f"/applications/{made.id}/receipt"}
    with transaction(SYSTEM) as tx:
        told = select(func.count()).where(Event.name == "application.submitted", Event.subject_id == made.id)
        assert tx.session.scalar(told) == 1


def test_one_second_late_is_refused_with_the_server_s_time(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = applications.filled(world)
    with transaction(SYSTEM) as tx:
        closes_at = tx.session.get_one(Call, made.call_id).closes_at
    holder = client("holder")
    _arrive(monkeypatch, closes_at + timedelta(seconds=1))
    late = holder.post(f"/api/v1/applications/{made.id}/submit")
    told = problem(late)
    assert (late.status_code, told["code"]) == (409, "window_closed")
    assert told["params"]["now"] == local(closes_at + timedelta(seconds=1)).isoformat()
    assert told["params"]["closes_at"] == local(closes_at).isoformat()
    _arrive(monkeypatch, closes_at - timedelta(microseconds=1))
    assert holder.post(f"/api/v1/applications/{made.id}/submit").status_code == 200


def _arrive(monkeypatch: pytest.MonkeyPatch, at: Any) -> None:
    """Requests arrive at this instant."""
    from backend.web import middleware

    monkeypatch.setattr(middleware, "arriving", lambda request_id: arriving(request_id, at))
    # sessions of tests are of the real present
    real = Arrival(datetime.now(UTC), "test")
    monkeypatch.setattr("backend.people.authentication.arrival", lambda: real)


def test_two_tabs_of_an_evaluator(world: Any, client: Any) -> None:
    """The later save over an old version is refused; what was kept stays; the page gives the text back."""
    made = reviews.opened(world)
    evaluator = client("evaluator")
    path = f"/api/v1/assignments/{made.id}"
    tag = evaluator.get(path).headers["etag"]
    first = evaluator.patch(path, json={"notes": {"impact": "De la première."}}, headers={"if-match": tag})
    second = evaluator.patch(path, json={"notes": {"impact": "De la seconde."}}, headers={"if-match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert problem(second)["code"] == "version_conflict"
    assert evaluator.get(path).json()["notes"] == {"impact": "De la première."}
    form = {"notes.impact": "Un texte long qui ne doit pas se perdre", "version": tag.strip('"')}
    page = evaluator.post(f"/reviews/{made.id}", data=form, headers={"accept": "text/html"})
    assert page.status_code == 412
    assert "Un texte long qui ne doit pas se perdre" in page.text
    assert evaluator.get(path).json()["notes"] == {"impact": "De la première."}


def test_two_tabs_of_a_holder(world: Any, client: Any) -> None:
    made = applications.draft(world)
    holder = client("holder")
    form = {"title": "De la première", "version": str(made.version)}
    assert (
        holder.post(f"/applications/{made.id}/project", data=form, follow_redirects=False).status_code == 303
    )
    page = holder.post(
        f"/applications/{made.id}/project",
        data=form | {"title": "De la seconde"},
        headers={"accept": "text/html"},
    )
    assert page.status_code == 412
    assert "De la seconde" in page.text
    kept = holder.get(f"/api/v1/applications/{made.id}/sections/project").json()
    assert kept["data"]["title"] == "De la première"


def test_another_s_file_is_not_there(world: Any, client: Any) -> None:
    """The same answer as for a file that never was, word for word."""
    made = applications.submitted(world)
    rival = client("rival")
    for suffix in ("", "/sections/project", "/eligibility"):
        hers, none = (
            rival.get(f"/api/v1/applications/{key}{suffix}") for key in (made.id, UUID(int=made.id.int ^ 1))
        )
        assert (hers.status_code, hers.content) == (404, none.content)
    edited = rival.put(
        f"/api/v1/applications/{made.id}/sections/project", json={}, headers={"if-match": '"1"'}
    )
    assert edited.status_code == 404


def test_a_wrong_state_names_the_verbs_that_are_allowed(world: Any, client: Any) -> None:
    made = applications.submitted(world)
    officer = client("officer")
    assert officer.post(f"/api/v1/applications/{made.id}/admit").status_code == 200
    again = officer.post(f"/api/v1/applications/{made.id}/admit")
    told = problem(again)
    assert (again.status_code, told["code"]) == (409, "wrong_state")
    assert told["params"]["allowed_verbs"] == []
    assert told["params"]["state"] == "state.application.eligible"
    assert "state.application" not in told["detail"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"lines": [{"label": "x", "amount_centimes": -1}]}, "lines.0.amount_centimes", "greater_than_equal"),
        ({"lines": [{"label": "x", "amount_centimes": "12"}]}, "lines.0.amount_centimes", None),
        ({"lines": [{"label": "x", "amount_centimes": 1.5}]}, "lines.0.amount_centimes", None),
        (
            {"lines": [{"label": "x", "amount_centimes": 10**14}]},
            "lines.0.amount_centimes",
            "less_than_equal",
        ),
        ({"lines": [{"label": "x" * 121}]}, "lines.0.label", "string_too_long"),
        ({"lines": [{"labell": "x"}]}, "lines.0.labell", "extra_forbidden"),
        ({"lines": [{}] * 51}, "lines", "too_long"),
        ({"lines": "x"}, "lines", None),
        ({"state": "eligible"}, "state", "extra_forbidden"),
    ],
)
def test_a_forbidden_body_names_its_fields(
    world: Any, client: Any, body: Any, field: str, code: str | None
) -> None:
    made = applications.draft(world)
    answer = client("holder").put(
        f"/api/v1/applications/{made.id}/sections/budget", json=body, headers={"if-match": '"1"'}
    )
    told = problem(answer)
    assert (answer.status_code, told["code"]) == (422, "invalid")
    (error,) = told["errors"]
    assert error["field"] == field
    assert code in (None, error["code"])
    assert error["message"]


def test_the_rows_are_as_they_were(world: Any, client: Any) -> None:
    """A refused edit changes nothing, not even the version."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            update(Organisation).where(Organisation.id == world.tifaout).values(phone="0600000000")
        )
    holder = client("holder")
    path = f"/api/v1/organisations/{world.tifaout}"
    before = holder.get(path)
    refused = holder.patch(path, json={"phone": "x" * 50}, headers={"if-match": before.headers["etag"]})
    assert refused.status_code == 422
    assert holder.get(path).content == before.content
