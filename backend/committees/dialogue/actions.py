"""Actions agreed in a session or after a consultation: who does what until when, and what became of it."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.core import ladders
from backend.core.calendar import local
from backend.core.errors import INVALID, WRONG_STATE, FieldError
from backend.core.shapes import written
from backend.core.tx import Tx
from backend.people.models import Person

from ..models import ActionState, AgreedAction, Committee, CommitteeSession, Consultation
from .ladder import LADDER, rungs
from .lifecycle import ACTION, ACTION_SOURCE
from .schemas import ActionIn

LONGEST = 2000
"""Characters of a reason."""


def agree_action(tx: Tx, asked: ActionIn) -> AgreedAction:
    """Note what was agreed; its owner is told, and reminded."""
    committee = tx.get(Committee, asked.committee_id, "committee.read")
    if (asked.session_id is None) == (asked.consultation_id is None):
        raise ACTION_SOURCE()
    _same_committee(tx, asked)
    today = local(tx.now).date()
    if asked.due_on < today:
        raise INVALID([FieldError("due_on", "day_in_the_past")])
    if tx.session.scalar(select(Person.id).where(Person.id == asked.owner_id, Person.active)) is None:
        raise INVALID([FieldError("owner_id", "unknown_person")])
    plain = asked.model_dump()
    made = AgreedAction(province_code=committee.province_code, **plain)
    tx.add(made, "action.run")
    tx.session.add_all(rungs(made.id, made.province_code, made.due_on, today))
    tx.emit("action.agreed", made, due_on=made.due_on.isoformat(), owner=str(made.owner_id))
    return made


def settle_action(
    tx: Tx, action_id: UUID, outcome: str, *, dropped: bool = False, version: int | None = None
) -> AgreedAction:
    """Done, with what was done; or dropped by those who run the committee, with why."""
    action = tx.get(AgreedAction, action_id, "action.settle", version=version)
    ACTION.fire(tx, action, "drop" if dropped else "finish", outcome=outcome)
    action.outcome, action.settled_at = outcome, tx.now
    ladders.done_with(tx, LADDER, action_id)
    return action


def reopen_action(
    tx: Tx, action_id: UUID, reason: str, due_on: date, version: int | None = None
) -> AgreedAction:
    """Not done after all, or taken up again: open for another day, with why.

    The event keeps what had been said of its end. Reminders that were never sent are planned anew.
    """
    action = tx.get(AgreedAction, action_id, "action.run", version=version)
    if due_on < local(tx.now).date():
        raise INVALID([FieldError("due_on", "day_in_the_past")])
    said = written(reason, "reason", LONGEST)
    ACTION.fire(tx, action, "reopen", reason=said, outcome=action.outcome, due_on=due_on.isoformat())
    action.outcome, action.settled_at, action.due_on = "", None, due_on
    ladders.reopened(tx, LADDER, action_id, due_on)
    return action


def reschedule_action(tx: Tx, action_id: UUID, due_on: date, version: int | None = None) -> AgreedAction:
    """Another day; the reminders move with it."""
    action = tx.get(AgreedAction, action_id, "action.run", version=version)
    if action.state is not ActionState.OPEN:
        raise WRONG_STATE(
            state=f"state.agreed_action.{action.state}", allowed_verbs=ACTION.available(tx, action)
        )
    if due_on < local(tx.now).date():
        raise INVALID([FieldError("due_on", "day_in_the_past")])
    before, action.due_on = action.due_on, due_on
    ladders.moved(tx, LADDER, action_id, due_on)
    tx.emit("action.rescheduled", action, before=before.isoformat(), after=due_on.isoformat())
    return action


def _same_committee(tx: Tx, asked: ActionIn) -> None:
    """The session or the consultation is one of the committee's, and the reader's to see."""
    if asked.session_id:
        session = tx.get(CommitteeSession, asked.session_id, "session.read")
        if session.committee_id != asked.committee_id:
            raise INVALID([FieldError("session_id", "unknown_session")])
    if asked.consultation_id:
        one = tx.get(Consultation, asked.consultation_id, "consultation.read")
        if one.committee_id != asked.committee_id:
            raise INVALID([FieldError("consultation_id", "unknown_consultation")])
