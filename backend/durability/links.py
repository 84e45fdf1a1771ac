"""The follow-ups that a holder has to answer."""

from collections.abc import Iterable

from sqlalchemy import select

from ..applications.models import Application
from ..core.calendar import add_months, local
from ..core.tx import Tx
from ..funding.models import Convention, ConventionState
from ..people.policy import represents
from ..web.next_steps import AT_MOST, Step, awaits
from .models import Wave, WaveState


@awaits("next.wave", dated=True)
def answers(tx: Tx) -> Iterable[Step]:
    """The waves that may be answered now, the first due first."""
    asked = (
        select(Wave.id, Wave.due_on, Application.title)
        .join(Convention, Convention.id == Wave.convention_id)
        .join(Application, Application.id == Convention.application_id)
        .where(Wave.state == WaveState.PLANNED, Wave.due_on <= add_months(local(tx.now).date(), 1))
        .where(Convention.state == ConventionState.SIGNED)
        .where(represents(tx.actor, Convention.organisation_id))
        .order_by(Wave.due_on, Wave.id)
        .limit(AT_MOST)
    )
    for key, due_on, project in tx.session.execute(asked):
        yield Step(f"/waves/{key}", project, due_on)
