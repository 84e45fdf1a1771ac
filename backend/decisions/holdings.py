"""What decisions holds of a person (law 09-08): her appeals, and those that were given to her.

An appeal stays with the dossier, as its decision does: who filed it is erased with her particulars.
"""

from collections.abc import Iterable

from sqlalchemy import select

from ..core.tx import Tx
from ..people.holdings import Row, holds
from ..people.models import Person
from .models import Appeal


@holds("appeals", "number", "state", "at")
def appeals(tx: Tx, person: Person) -> Iterable[Row]:
    """Those that she filed, with what became of them."""
    asked = (
        select(Appeal.number, Appeal.state, Appeal.filed_at)
        .where(Appeal.filed_by == person.id)
        .order_by(Appeal.filed_at, Appeal.id)
    )
    for number, state, at in tx.session.execute(asked):
        yield {"number": number, "state": f"state.appeal.{state}", "at": at}


@holds("appeals_studied", "number", "state")
def studied(tx: Tx, person: Person) -> Iterable[Row]:
    """Those that she was asked to study."""
    asked = select(Appeal.number, Appeal.state).where(Appeal.handler_id == person.id).order_by(Appeal.number)
    for number, state in tx.session.execute(asked):
        yield {"number": number, "state": f"state.appeal.{state}"}
