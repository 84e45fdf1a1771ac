"""Who reads what, by the officer's hand: taken back, given to somebody else, sent to a further reader."""

from uuid import UUID

from sqlalchemy import func, select

from ...applications.models import Application
from ...core.shapes import written
from ...core.tx import Tx
from ..lifecycle import LIFECYCLE, NOBODY_FREE, NOT_DISCORDANT
from ..models import GONE, Assignment, AssignmentState, Standing
from ..queries.knowledge import evaluators_of
from .assign import TIME_TO_REPLACE, assign, fill
from .score import REASON_LENGTH


def withdraw(tx: Tx, assignment_id: UUID, reason: str) -> Assignment:
    """Take a dossier back before its evaluator has opened it; the reason stays, she sees it no more."""
    assignment = tx.get(Assignment, assignment_id, "assignment.give")
    reason = written(reason, "reason", REASON_LENGTH)
    LIFECYCLE.fire(tx, assignment, "withdraw", reason=reason, evaluator=str(assignment.evaluator_id))
    assignment.withdrawal_reason = reason
    tx.session.flush()
    return assignment


def replace(tx: Tx, assignment_id: UUID, evaluator_id: UUID, reason: str) -> Assignment:
    """Take it back and give it to somebody else, for the same hour at the least; both or neither."""
    before = withdraw(tx, assignment_id, reason)
    due_at = max(before.due_at, tx.now + TIME_TO_REPLACE)
    return assign(tx, before.application_id, evaluator_id, due_at)


def reread(tx: Tx, application_id: UUID) -> Assignment:
    """Send a dossier on which its readers disagree to one more, the least loaded of those free.

    Refused unless they disagree, while somebody's reading is awaited, or when nobody is free.
    """
    application = tx.get(Application, application_id, "application.assign")
    tx.allow("application.judge", application)
    discordant = tx.session.scalar(
        select(Standing.discordant).where(Standing.application_id == application_id)
    )
    readers, waiting = tx.session.execute(
        select(
            func.count(),
            func.count().filter(Assignment.state.in_((AssignmentState.ASSIGNED, AssignmentState.OPEN))),
        ).where(Assignment.application_id == application_id, Assignment.state.not_in(GONE))
    ).one()
    if not discordant or waiting:
        raise NOT_DISCORDANT(waiting=waiting)
    free = evaluators_of(tx, application.province_code)
    done = fill(tx, application, free, readers + 1, tx.now + TIME_TO_REPLACE)
    if not done.created:
        raise NOBODY_FREE(number=application.number)
    return done.created[0]
