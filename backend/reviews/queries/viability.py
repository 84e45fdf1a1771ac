"""The financial model before an evaluator, through her assignment only; how often it moved marks."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm.attributes import set_committed_value

from ...applications.viability import Studied, deposited
from ...calls.callfile.models import Criterion, Grid
from ...core.tx import Tx
from ..models import Assignment
from ..scoring import before_viability
from .stack import Opened, dossier


@dataclass(frozen=True)
class Gate:
    """Whether the model may be shown to her now, and which criteria she marks first."""

    seen: bool
    first: list[Criterion]

    @property
    def ready(self) -> bool:
        """She may ask for it, or has."""
        return self.seen or not self.first


def gate(assignment: Assignment, grid: Grid) -> Gate:
    """Where she stands; nothing of the dossier's numbers is read for it."""
    missing = before_viability(grid, assignment.marks)
    return Gate(
        assignment.viability_seen_at is not None, [one for one in grid.criteria if one.code in missing]
    )


@dataclass(frozen=True)
class Modelled:
    """The dossier open before her, and its study once she has asked to see it."""

    opened: Opened
    gate: Gate
    study: Studied | None


def modelled(tx: Tx, assignment_id: UUID, draws: int) -> Modelled:
    """The model behind its gate; 404 when the dossier is not hers, recused or not yet opened."""
    opened = dossier(tx, assignment_id)
    stands = gate(opened.assignment, opened.grid)
    if not stands.seen:
        return Modelled(opened, stands, None)
    set_committed_value(opened.application, "call", opened.call)  # read already
    study = deposited(opened.application, len(opened.holder.members), draws=draws)
    return Modelled(opened, stands, study)


@dataclass(frozen=True)
class Moved:
    """Of the reviews that the reader may see: to how many the model was shown, how many marks moved then."""

    shown: int
    moved: int


def moved(tx: Tx, call_id: UUID) -> Moved:
    """Counts only. A mark has moved when one that stood before the model was shown is another now."""
    before = func.jsonb_each(Assignment.marks_before).table_valued("key", "value").lateral("before")
    differs = (
        select(literal_column("1"))
        .select_from(before)
        .where(Assignment.marks[before.c.key].is_distinct_from(before.c.value))
        .exists()
    )
    asked = select(func.count(), func.count().filter(differs)).where(
        Assignment.call_id == call_id, Assignment.viability_seen_at.is_not(None)
    )
    shown, changed = tx.session.execute(tx.visible(asked, "assignment.read")).one()
    return Moved(shown, changed)
