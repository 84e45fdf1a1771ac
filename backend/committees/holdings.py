"""What committees clears of a person who is erased: her name as the order had it."""

from sqlalchemy import update

from ..core.tx import Tx
from ..people.holdings import erases
from ..people.models import Person
from ..people.own_data import ERASED_NAME
from .models import Seat


@erases
def seats(tx: Tx, person: Person) -> None:
    """The seat, its mandate and its votes stay: a quorum that was reached stays reached."""
    named = update(Seat).where(Seat.person_id == person.id, Seat.name.is_not(None))
    tx.session.execute(
        named.values(name={"fr": ERASED_NAME, "ar": ERASED_NAME}),
        execution_options={"synchronize_session": False},
    )
