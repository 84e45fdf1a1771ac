"""What reviews holds of a person, and what it clears when she is erased: reviews and notes stay signed.

A tie that is only supposed is not told here: it would say who applied. Confirmed, it is one of her interests.
"""

from collections.abc import Iterable

from sqlalchemy import delete, select

from ..applications.models import Application
from ..core.tx import Tx
from ..people.holdings import Row, erases, holds
from ..people.models import Person
from ..territory.models import Commune
from ..value_chains.models import ValueChain
from .models import Assignment, Expertise, FieldNote, HomeCommune


@holds("reviews", "number", "state", "declared_at", "signed_at")
def reviews(tx: Tx, person: Person) -> Iterable[Row]:
    """The dossiers that were given to her to judge; the marks are the committee's."""
    asked = (
        select(Assignment.state, Assignment.declared_at, Assignment.signed_at, Application.number)
        .join(Application, Application.id == Assignment.application_id)
        .where(Assignment.evaluator_id == person.id)
        .order_by(Assignment.id)
    )
    for row in tx.session.execute(asked):
        yield {
            "number": row.number,
            "state": f"state.assignment.{row.state}",
            "declared_at": row.declared_at,
            "signed_at": row.signed_at,
        }


@holds("field_notes", "number", "at")
def field_notes(tx: Tx, person: Person) -> Iterable[Row]:
    """The visits and presentations of which she wrote."""
    asked = (
        select(Application.number, FieldNote.written_at)
        .join(Application, Application.id == FieldNote.application_id)
        .where(FieldNote.author_id == person.id)
        .order_by(FieldNote.id)
    )
    yield from ({"number": number, "at": at} for number, at in tx.session.execute(asked))


@holds("expertise", "chain", "declared_at")
def expertise(tx: Tx, person: Person) -> Iterable[Row]:
    """The value chains that she said she knows."""
    asked = (
        select(ValueChain.name, Expertise.chain_code, Expertise.declared_at)
        .join(ValueChain, ValueChain.code == Expertise.chain_code, isouter=True)
        .where(Expertise.person_id == person.id)
        .order_by(Expertise.chain_code)
    )
    yield from ({"chain": name or code, "declared_at": at} for name, code, at in tx.session.execute(asked))


@holds("home_communes", "commune", "declared_at")
def home_communes(tx: Tx, person: Person) -> Iterable[Row]:
    """Where she said that she lives or comes from."""
    asked = (
        select(Commune.name, HomeCommune.declared_at)
        .join(Commune, Commune.code == HomeCommune.commune_code)
        .where(HomeCommune.person_id == person.id)
        .order_by(Commune.code)
    )
    yield from ({"commune": name, "declared_at": at} for name, at in tx.session.execute(asked))


@erases
def knowledge(tx: Tx, person: Person) -> None:
    """Where she lives or comes from, and the chains that she knows."""
    for model in (HomeCommune, Expertise):
        tx.session.execute(delete(model).where(model.person_id == person.id))
