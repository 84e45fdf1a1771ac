"""Ties to confirm: those of a province, those of a call, and what is asked of an evaluator herself."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from ...applications.models import Application, ApplicationState
from ...core.paging import Key, Page, paginate
from ...core.tx import Tx
from ...people.models import Organisation, Person
from ..models import GONE, Assignment, SuspectedTie, SuspicionState


def ties_listed(
    tx: Tx,
    *,
    state: SuspicionState | None = None,
    call_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[SuspectedTie]:
    """Those that the actor may see, in the order in which they were found."""
    asked = select(SuspectedTie)
    if state:
        asked = asked.where(SuspectedTie.state == state)
    if call_id:
        asked = asked.where(SuspectedTie.organisation_id.in_(_holders(call_id)))
    return paginate(
        tx, tx.visible(asked, "suspected_tie.read"), [Key(SuspectedTie.id, lambda t: t.id)], cursor, limit
    )


def _holders(call_id: UUID) -> Select[UUID]:
    return select(Application.organisation_id).where(
        Application.call_id == call_id, Application.state == ApplicationState.ELIGIBLE
    )


@dataclass(frozen=True)
class Closeness:
    """A suspected tie with the names of both, and what she answered for each of the holder's dossiers."""

    tie: SuspectedTie
    person: str
    organisation: dict[str, str]
    readings: list[tuple[str, str, bool]]
    """Of the dossiers on her stack: number, state, whether she declared no tie."""


def told_ties(tx: Tx, ties: list[SuspectedTie]) -> list[Closeness]:
    """The same with names (the ties were seen by their rule)."""
    people = dict(
        tx.session.execute(
            select(Person.id, Person.name).where(Person.id.in_({t.person_id for t in ties}))
        ).all()
    )
    holders = dict(
        tx.session.execute(
            select(Organisation.id, Organisation.name).where(
                Organisation.id.in_({t.organisation_id for t in ties})
            )
        ).all()
    )
    readings: dict[tuple[UUID, UUID], list[tuple[str, str, bool]]] = {}
    for person, holder, number, state, declared_at in tx.session.execute(
        select(
            Assignment.evaluator_id,
            Application.organisation_id,
            Application.number,
            Assignment.state,
            Assignment.declared_at,
        )
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.evaluator_id.in_(people),
            Application.organisation_id.in_(holders),
            Assignment.state.not_in(GONE),
        )
        .order_by(Application.number)
    ):
        readings.setdefault((person, holder), []).append((number, state, declared_at is not None))
    return [
        Closeness(
            tie,
            people[tie.person_id],
            holders[tie.organisation_id],
            readings.get((tie.person_id, tie.organisation_id), []),
        )
        for tie in ties
    ]


def suspected(tx: Tx, tie_id: UUID) -> Closeness:
    """One of them, for whoever may see it."""
    return told_ties(tx, [tx.get(SuspectedTie, tie_id, "suspected_tie.read")])[0]


def doubts(tx: Tx, call_id: UUID) -> set[tuple[UUID, UUID]]:
    """(evaluator, dossier) of the call's ties to confirm that the actor may see."""
    asked = (
        select(SuspectedTie.person_id, Application.id)
        .join(Application, Application.organisation_id == SuspectedTie.organisation_id)
        .where(Application.call_id == call_id, SuspectedTie.state == SuspicionState.TO_CONFIRM)
    )
    return {
        (person, dossier) for person, dossier in tx.session.execute(tx.visible(asked, "suspected_tie.read"))
    }


def asked_of_her(tx: Tx, organisation_id: UUID) -> list[str]:
    """Why the platform wonders about the actor herself and this holder; nothing once it is decided."""
    found = tx.session.scalar(
        select(SuspectedTie.grounds).where(
            SuspectedTie.person_id == tx.actor.id,
            SuspectedTie.organisation_id == organisation_id,
            SuspectedTie.state == SuspicionState.TO_CONFIRM,
        )
    )
    return found or []
