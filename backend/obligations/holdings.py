"""What obligations hold of a person (law 09-08): her information requests, and what an erasure takes of them.

A request stays as a figure and an answer; her name, her address and what she wrote go with her account.
"""

from collections.abc import Iterable

from sqlalchemy import func, or_, select, update

from ..core.tx import Tx
from ..people.holdings import Row, erases, holds
from ..people.models import Person
from .models import InformationRequest

ERASED = "–"


@holds("information_requests", "number", "state", "at", "name", "address", "text")
def requests(tx: Tx, person: Person) -> Iterable[Row]:
    """Those that she asked while signed in."""
    asked = select(InformationRequest).where(InformationRequest.person_id == person.id)
    for one in tx.session.scalars(asked.order_by(InformationRequest.received_at, InformationRequest.id)):
        yield {
            "number": one.number,
            "state": f"state.information_request.{one.state}",
            "at": one.received_at,
            "name": one.name,
            "address": one.address,
            "text": one.text,
        }


@erases
def asked_by_her(tx: Tx, person: Person) -> None:
    """Also those asked without the account from her own address: who erases herself is not to be found."""
    known = [one.lower() for one in (person.email, person.phone) if one]
    hers = or_(InformationRequest.person_id == person.id, func.lower(InformationRequest.address).in_(known))
    tx.session.execute(
        update(InformationRequest)
        .where(hers)
        .values(name=ERASED, address="", text=ERASED, person_id=None, version=InformationRequest.version + 1),
        execution_options={"synchronize_session": False},
    )
