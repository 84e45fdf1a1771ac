"""Agreed actions after their end: opened again, with why; and from the page of a session."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.committees.dialogue import actions, queries
from backend.committees.models import ActionReminder, ActionState
from backend.core.calendar import local
from backend.core.ladders import ReminderState, due_at
from backend.core.tx import transaction
from tests.committees.test_dialogue import HTML, agreed, refusal


def test_a_closed_action_is_opened_again(world: Any) -> None:
    """What was said of its end is kept; reminders that were never sent come for the new day."""
    made = agreed(world)
    with transaction(world.evaluator) as tx:
        actions.settle_action(tx, made, "Fait, dit-elle")
    day = local(datetime.now(UTC)).date() + timedelta(days=60)
    status = {name: refusal(lambda tx: actions.reopen_action(tx, made, "Non", day), world.people[name]).status
              for name in ("evaluator", "rival")}  # fmt: skip
    assert status == {"evaluator": 403, "rival": 404}
    for reason, on in (("  ", day), ("Rien n’est livré", day - timedelta(days=90))):
        assert refusal(lambda tx, r=reason, d=on: actions.reopen_action(tx, made, r, d), world.officer)
    with transaction(world.officer) as tx:
        one = actions.reopen_action(tx, made, "Rien n’est livré", day)
        assert (one.state, one.outcome, one.settled_at, one.due_on) == (ActionState.OPEN, "", None, day)
    with transaction(world.officer) as tx:
        told_ = [(e.name, e.data["outcome"]) for e in queries.settlements(tx, made)]
        assert told_ == [("action.done", "Fait, dit-elle"), ("action.reopened", "Fait, dit-elle")]
        rungs_ = tx.session.scalars(select(ActionReminder).where(ActionReminder.action_id == made)).all()
        assert {rung.state for rung in rungs_} == {ReminderState.PLANNED}
        assert {rung.due_at for rung in rungs_} == {due_at(day, rung.offset_days) for rung in rungs_}
    assert refusal(lambda tx: actions.reopen_action(tx, made, "Encore", day), world.officer).status == 409


def test_pages_of_an_action_opened_again_and_agreed_in_session(world: Any, client: Any) -> None:
    from tests.committees import given

    session = given.open_session(world).id
    officer = client("officer")
    page = officer.get(f"/sessions/{session}").text
    link = f"/actions/new?committee={world.committee}&amp;source=session.{session}"
    assert link in page
    assert f'value="session.{session}" selected' in officer.get(link.replace("&amp;", "&")).text
    day = (local(datetime.now(UTC)).date() + timedelta(days=9)).isoformat()
    typed = {"committee_id": str(world.committee), "source": f"session.{session}", "text.fr": "Visiter",
             "text.ar": "زيارة", "owner_id": str(world.evaluator.id), "due_on": day}  # fmt: skip
    at = (
        officer.post("/actions/new", data=typed, follow_redirects=False).headers["location"].partition("?")[0]
    )
    assert at in officer.get(f"/sessions/{session}").text
    assert at not in client("coach").get(f"/sessions/{session}", headers=HTML).text
    officer.post(f"{at}/settle", data={"outcome": "Vu", "version": "1", "act": "done"}, headers=HTML)
    wrong = officer.post(f"{at}/reopen", data={"reason": "", "due_on": day, "version": "2"}, headers=HTML)
    assert wrong.status_code == 422
    assert "<details" in wrong.text
    page = officer.post(f"{at}/reopen", data={"reason": "Pas tout vu", "due_on": day, "version": "2"})
    assert page.status_code == 200
    assert "Pas tout vu" in page.text
    assert "Vu" in page.text
