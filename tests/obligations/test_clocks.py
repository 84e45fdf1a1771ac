"""Statutory clocks: which day, who is told, once a rung, in as many statements for one as for many."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlalchemy import select, update

from backend.applications.models import Application, ApplicationState
from backend.calls.models import Call
from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.calendar import CASABLANCA, local
from backend.core.events import Event
from backend.core.tx import transaction
from backend.decisions.models import Appeal, Letter
from backend.notifications.models import Message
from backend.obligations import alerts, clocks
from backend.obligations.models import ClockAlert, InformationRequest
from tests.applications import given as applications
from tests.decisions import appeals_given
from tests.obligations import given

HTML = {"accept": "text/html"}


def change(model: Any, *where: Any, **values: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(model).where(*where).values(**values))


def every(model: Any) -> list[Any]:
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(model).order_by(model.id)).all())


def tell() -> int:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        return alerts.tell(tx)


def deposited(days_ago: int) -> None:
    with transaction(SYSTEM) as tx:
        at = tx.now - timedelta(days=days_ago)
    change(Application, submitted_at=at)


@drawn(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(-400, 60))
def test_a_rung_is_the_latest_one_reached(day: date, ahead: int) -> None:
    step = alerts.rung(day, day - timedelta(days=ahead))
    if ahead > 15 or ahead < -364:
        assert step is None
    elif ahead > 5:
        assert step == -15
    elif ahead > 0:
        assert step == -5
    else:
        assert step is not None
        assert step % 7 == 0
        assert 0 <= -ahead - step < 7


@drawn(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 30), st.data())
def test_what_is_due_between_two_days_is_in_the_range_that_is_read_whatever_days_the_call_gives(
    first: date, width: int, data: st.DataObject
) -> None:
    days = data.draw(st.integers(1, clocks.MOST))
    due = first + timedelta(days=data.draw(st.integers(0, width)))
    second = data.draw(st.integers(0, 86_399))
    began = datetime.combine(due - timedelta(days=days), time(), CASABLANCA) + timedelta(seconds=second)
    low, high, _ = clocks.BY_CODE["decision"].between(first, first + timedelta(days=width))
    assert low.right.value <= began < high.right.value


def test_a_call_answers_within_its_own_days(world: Any, client: Any) -> None:
    """Nineteen days of the law's sixty: on lists, alerts, the dossier's page, the API."""
    dossier = applications.submitted(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        call = tx.session.get_one(Call, dossier.call_id)
        call.definition = call.definition | {"following": {"decision_days": 19}}
    deposited(19)
    officer = client("officer")
    (item,) = officer.get("/api/v1/clocks?clock=decision").json()["items"]
    assert (item["number"], item["days_left"]) == (dossier.number, 0)
    assert dossier.number in officer.get("/api/v1/applications?due=near").text
    page = client("holder").get(f"/applications/{dossier.id}/answer-due", headers=HTML).text
    assert "60 jours au plus" in page
    assert "L’appel s’engage à répondre en 19 jours." in page
    deposited(20)
    assert officer.get("/api/v1/clocks").json()["late"]["decision"] == 1
    assert dossier.number in officer.get("/api/v1/applications?due=late").text
    tell()
    (alert,) = every(ClockAlert)
    assert (alert.due_on, alert.rung) == (local(datetime.now(UTC)).date() - timedelta(days=1), 0)


def test_an_appeal_is_due_within_the_days_of_its_call(world: Any) -> None:
    appeals_given.in_each_state(world)
    with transaction(SYSTEM) as tx:
        terms = tx.session.get_one(Call, world.call).definition
        at = tx.now - timedelta(days=8)
    change(Appeal, filed_at=at)
    for days, left in ((None, 30 - 8), (7, 7 - 8), (60, 60 - 8)):
        said = {"settlement_days": days} if days else None
        change(Call, Call.id == world.call, definition=terms | {"following": said})
        with transaction(world.officer) as tx:
            found = clocks.due(tx, [clocks.BY_CODE["appeal"]], ahead=60)
        assert [one.days_left for one in found] == [left] * 5


def test_officers_are_told_once_a_rung_and_nobody_once_it_is_answered(world: Any) -> None:
    applications.submitted(world)
    deposited(10)
    assert tell() == 0
    deposited(60 - 5)
    assert (tell(), tell()) == (1, 0)
    (alert,) = every(ClockAlert)
    assert (alert.clock, alert.rung) in {("decision", -5), ("decision", -15)}
    jobs.drain()
    told = [one for one in every(Message) if one.template == "clock.ahead"]
    assert [one.recipient_id for one in told] == [world.officer.id]
    deposited(60 + 9)
    assert (tell(), tell()) == (1, 0)
    jobs.drain()
    assert [one.recipient_id for one in every(Message) if one.template == "clock.late"] == [world.officer.id]
    deposited(500)
    assert tell() == 0


@pytest.mark.parametrize("state", ["draft", "returned", "ineligible", "withdrawn"])
def test_no_clock_runs_while_the_holder_completes_it_nor_after_a_refusal(world: Any, state: str) -> None:
    dossier = applications.submitted(world)
    deposited(70)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            update(Application).values(state=ApplicationState(state)),
            execution_options={"synchronize_session": False},
        )
    assert tell() == 0
    with transaction(SYSTEM) as tx:
        assert clocks.answer_due(tx, tx.session.get_one(Application, dossier.id)) is None


def test_a_decision_stops_the_clock_when_its_letter_is_released(world: Any) -> None:
    appeals_given.refused_decision(world)
    with transaction(SYSTEM) as tx:
        assert clocks.counts(tx)["decision"] == {}
    change(Letter, released_at=None, state="queued")
    with transaction(SYSTEM) as tx:
        (count,) = clocks.counts(tx)["decision"].values()
    assert count.running >= 1


def test_lists_and_alerts_ask_as_much_for_one_as_for_three(world: Any, statements: Any) -> None:
    def asked() -> tuple[int, int]:
        with transaction(world.officer) as tx, statements() as listed:
            clocks.due(tx, ahead=60)
            clocks.counts(tx)
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            with statements() as told:
                alerts.tell(tx)
        return len(listed), len(told)

    given.asked(key=None)
    change(InformationRequest, due_on=date(2026, 1, 5))
    with transaction(SYSTEM) as tx:
        today = local(tx.now).date()
    change(InformationRequest, due_on=today + timedelta(days=3))
    one = asked()
    for _ in range(3):
        given.asked(key=None)
    change(InformationRequest, due_on=today + timedelta(days=2))
    assert asked() == one


def test_a_day_that_moves_is_told_again(world: Any) -> None:
    given.asked()
    with transaction(SYSTEM) as tx:
        today = local(tx.now).date()
    for day in (today + timedelta(days=2), today + timedelta(days=3)):
        change(InformationRequest, due_on=day)
        assert (tell(), tell()) == (1, 0)


def test_who_sees_what(world: Any, client: Any) -> None:
    dossier = applications.submitted(world)
    deposited(50)
    given.asked()
    page = client("officer").get("/das/clocks", headers=HTML)
    assert dossier.number in page.text
    assert dossier.number not in client("stranger").get("/das/clocks", headers=HTML).text
    overseen = client("coordination").get("/das/clocks", headers=HTML)
    assert overseen.status_code == 200
    assert dossier.number not in overseen.text
    assert client("holder").get("/das/clocks", headers=HTML).status_code == 403
    items = client("officer").get("/api/v1/clocks").json()
    assert items["counts"] == {"decision": 1, "information": 1, "appeal": 0}
    assert [one["clock"] for one in items["items"]] == ["decision"]
    hers = client("holder").get(f"/applications/{dossier.id}/answer-due", headers=HTML)
    assert hers.status_code == 200
    assert client("rival").get(f"/applications/{dossier.id}/answer-due", headers=HTML).status_code == 404


def test_the_officer_s_lists_are_narrowed_by_what_is_near_and_what_is_late(world: Any, client: Any) -> None:
    dossier = applications.submitted(world)
    officer, stranger = client("officer"), client("stranger")
    reached = {44: None, 45: "near", 60: "near", 61: "late", 600: "late"}
    for days, asked in product(reached, ("near", "late")):
        deposited(days)
        there = asked == reached[days]
        page = officer.get(f"/das/applications?due={asked}", headers=HTML).text
        assert (dossier.number in page) is there
        for api in (f"/api/v1/applications?due={asked}", f"/api/v1/clocks?clock=decision&due={asked}"):
            assert (dossier.number in officer.get(api).text) is there
            assert dossier.number not in stranger.get(api).text
        assert (dossier.number in officer.get(f"/das/clocks?due={asked}", headers=HTML).text) is there
    assert officer.get("/api/v1/clocks?due=soon").status_code == 422
    assert "invalid" not in officer.get("/das/clocks?due=soon", headers=HTML).text


def test_an_alert_is_one_event_a_province(world: Any) -> None:
    applications.submitted(world)
    deposited(63)
    tell()
    (event,) = [one for one in every(Event) if one.name == "clock.alerted"]
    assert event.data == {
        "clock": "decision", "late": True, "count": 1, "due_on": event.data["due_on"]
    }  # fmt: skip
