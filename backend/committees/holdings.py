"""What committees hold of a person, and clear when she is erased: her name as the order had it."""

from collections.abc import Iterable

from sqlalchemy import select, update

from ..core.i18n import localized
from ..core.tx import Tx
from ..people.holdings import Row, erases, holds
from ..people.models import Person
from ..people.own_data import ERASED_NAME
from .models import AgreedAction, Consultation, Contribution, Seat


@erases
def seats(tx: Tx, person: Person) -> None:
    """The seat, its mandate and its votes stay: a quorum that was reached stays reached."""
    named = update(Seat).where(Seat.person_id == person.id, Seat.name.is_not(None))
    tx.session.execute(
        named.values(name={"fr": ERASED_NAME, "ar": ERASED_NAME}),
        execution_options={"synchronize_session": False},
    )
    private = update(Seat).where(Seat.person_id == person.id)
    tx.session.execute(
        private.values(sex=None, birth_year=None), execution_options={"synchronize_session": False}
    )


@erases
def contributions(tx: Tx, person: Person) -> None:
    """What was said stays, for the synthesis rests on it; for whom she spoke is said no more."""
    hers = update(Contribution).where(Contribution.person_id == person.id)
    tx.session.execute(
        hers.values(body=ERASED_NAME, shared=False), execution_options={"synchronize_session": False}
    )


@holds("contributions", "title", "at")
def contributed(tx: Tx, person: Person) -> Iterable[Row]:
    """The questions that she answered."""
    asked = (
        select(Consultation.question, Contribution.given_at)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
        .where(Contribution.person_id == person.id)
        .order_by(Contribution.given_at)
    )
    for question, at in tx.session.execute(asked):
        yield {"title": localized(tx.actor.language, question), "at": at}


@holds("agreed_actions", "title", "state")
def agreed(tx: Tx, person: Person) -> Iterable[Row]:
    """What she agreed to do."""
    asked = select(AgreedAction).where(AgreedAction.owner_id == person.id).order_by(AgreedAction.due_on)
    for one in tx.session.scalars(asked):
        title = localized(tx.actor.language, one.text)
        yield {"title": title, "state": f"state.agreed_action.{one.state}"}
