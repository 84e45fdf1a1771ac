"""What reviews clears of a person who is erased: what she said of herself; reviews and notes stay signed."""

from sqlalchemy import delete

from ..core.tx import Tx
from ..people.holdings import erases
from ..people.models import Person
from .models import Expertise, HomeCommune


@erases
def knowledge(tx: Tx, person: Person) -> None:
    """Where she lives or comes from, and the chains that she knows."""
    for model in (HomeCommune, Expertise):
        tx.session.execute(delete(model).where(model.person_id == person.id))
