"""An evaluator asks to see the financial model of a dossier: the moment, and her marks as they stood then."""

from uuid import UUID

from sqlalchemy import select, update

from ...core.errors import NOT_FOUND
from ...core.tx import Tx
from ..lifecycle import VIABILITY_LATER, grid_of
from ..models import Assignment
from ..scoring import before_viability


def see_viability(tx: Tx, assignment_id: UUID) -> Assignment:
    """Record that the model is shown to her from now on; asked again, nothing changes.

    Refused while the call wants her own marks first. Her review keeps its version: a form of it that is open
    elsewhere can still be saved. What she marks afterwards is hers to change, and stays comparable.
    """
    hers = select(Assignment.id).where(Assignment.id == assignment_id)
    if tx.session.scalar(tx.visible(hers, "assignment.dossier")) is None:
        raise NOT_FOUND(thing="assignment")  # also for who may see that the review exists
    assignment = tx.get(Assignment, assignment_id, "assignment.dossier")
    if assignment.viability_seen_at is not None:
        tx.recorded = True  # seen already: nothing is written
        return assignment
    missing = before_viability(grid_of(tx, assignment.call_id), assignment.marks)
    if missing:
        raise VIABILITY_LATER(missing=missing)
    tx.session.execute(
        update(Assignment)
        .where(Assignment.id == assignment_id)
        .values(viability_seen_at=tx.now, marks_before=dict(assignment.marks))
        .execution_options(synchronize_session=False)
    )
    tx.session.refresh(assignment)
    tx.emit("assignment.viability_seen", assignment, marks=dict(assignment.marks))
    return assignment
