"""What applications holds of a person, and when somebody depends on her for a dossier."""

from collections.abc import Iterable

from sqlalchemy import select, update

from ..calls.models import Call, CallState
from ..core.tx import Tx
from ..people.holdings import Blocker, Row, blocks_erasure, erases, holds
from ..people.models import Person
from ..people.own_data import only_hers
from .models import Application, ApplicationState, Assistance

LIVE = (ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.ELIGIBLE)
OVER = (CallState.DECIDED, CallState.ARCHIVED)


@holds("dossiers", "number", "title", "state", "created_at", "first_submitted_at", "submitted_at")
def dossiers(tx: Tx, person: Person) -> Iterable[Row]:
    """The dossiers that she began; their content is the organisation's, and read where it is."""
    asked = select(Application).where(Application.created_by == person.id).order_by(Application.id)
    for row in tx.session.scalars(asked):
        yield {
            "number": row.number,
            "title": row.title,
            "state": f"state.application.{row.state}",
            "created_at": row.created_at,
            "first_submitted_at": row.first_submitted_at,
            "submitted_at": row.submitted_at,
        }


@blocks_erasure("erasure.live_dossier")
def live_dossiers(tx: Tx, person: Person) -> Iterable[Blocker]:
    """A dossier that is being examined needs somebody to answer for it."""
    asked = (
        select(Application.id, Application.number)
        .join(Call, Call.id == Application.call_id)
        .where(Application.organisation_id.in_(only_hers(person)))
        .where(Application.state.in_(LIVE), Call.state.not_in(OVER))
        .order_by(Application.number)
    )
    for key, number in tx.session.execute(asked):
        yield Blocker(number, f"/applications/{key}")


@erases
def telephones(tx: Tx, person: Person) -> None:
    """Where a code to confirm a dossier was sent: that it was, and when, stays."""
    if person.phone:
        reached = update(Assistance).where(Assistance.phone == person.phone).values(phone=None)
        tx.session.execute(reached, execution_options={"synchronize_session": False})
