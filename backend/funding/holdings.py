"""When somebody depends on a person for a convention."""

from collections.abc import Iterable

from sqlalchemy import select

from ..core.tx import Tx
from ..people.holdings import Blocker, blocks_erasure
from ..people.models import Person
from ..people.own_data import only_hers
from .models import Convention, ConventionState


@blocks_erasure("erasure.live_convention")
def live_conventions(tx: Tx, person: Person) -> Iterable[Blocker]:
    """A convention that stands needs somebody who represents its holder."""
    asked = (
        select(Convention.id, Convention.number)
        .where(Convention.organisation_id.in_(only_hers(person)))
        .where(Convention.state != ConventionState.CANCELLED)
        .order_by(Convention.number)
    )
    for key, number in tx.session.execute(asked):
        yield Blocker(number, f"/conventions/{key}")
