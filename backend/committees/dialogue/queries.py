"""Reading the dialogue: questions, answers that one may read, actions with the overdue ones first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select

from backend.core.calendar import local
from backend.core.events import Event
from backend.core.paging import Key, Page, paginate
from backend.core.tx import Tx
from backend.files.models import StoredFile
from backend.people.models import Person

from ..models import (
    ActionState,
    AgreedAction,
    Committee,
    Consultation,
    ConsultationFile,
    Contribution,
    Standing,
)


def consultations(
    tx: Tx, committee_id: UUID | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Consultation]:
    """Questions that the reader may see, those that close last first."""
    asked = select(Consultation)
    if committee_id:
        asked = asked.where(Consultation.committee_id == committee_id)
    keys = (
        Key(Consultation.closes_at, lambda one: one.closes_at, descending=True),
        Key(Consultation.id, lambda one: one.id, descending=True),
    )
    return paginate(tx, tx.visible(asked, "consultation.read"), keys, cursor, limit)


def documents(tx: Tx, consultation_id: UUID) -> list[tuple[ConsultationFile, StoredFile]]:
    """What there is to read before answering."""
    asked = (
        select(ConsultationFile, StoredFile)
        .join(StoredFile, StoredFile.id == ConsultationFile.file_id)
        .where(ConsultationFile.consultation_id == consultation_id)
        .order_by(ConsultationFile.position, ConsultationFile.id)
    )
    return [(one, file) for one, file in tx.session.execute(asked)]


def contributions(tx: Tx, consultation_id: UUID) -> list[Contribution]:
    """The answers that the reader may read, in their order."""
    asked = select(Contribution).where(Contribution.consultation_id == consultation_id)
    ordered = asked.order_by(Contribution.given_at, Contribution.id)
    return list(tx.session.scalars(tx.visible(ordered, "contribution.read")))


def mine(tx: Tx, consultation_id: UUID) -> Contribution | None:
    """The reader's own answer."""
    asked = select(Contribution).where(
        Contribution.consultation_id == consultation_id, Contribution.person_id == tx.actor.id
    )
    return tx.session.scalars(asked).one_or_none() if tx.actor.id else None


def by_standing(found: list[Contribution]) -> list[tuple[Standing, int]]:
    """How many of each kind of actor answered, of those that the reader may read."""
    counted = Counter(one.standing for one in found)
    return [(one, counted[one]) for one in Standing if counted[one]]


@dataclass(frozen=True)
class Filter:
    """Which actions: all of these hold."""

    committee_id: UUID | None = None
    state: ActionState | None = None
    owner_id: UUID | None = None
    overdue_on: date | None = None  # open, and due before that day


@dataclass(frozen=True)
class Followed:
    """An action with its owner's name and its committee's."""

    action: AgreedAction
    owner: str
    committee: dict[str, str]


def _filtered(statement: Select[Any], asked: Filter) -> Select[Any]:
    for column, value in (
        (AgreedAction.committee_id, asked.committee_id),
        (AgreedAction.state, asked.state),
        (AgreedAction.owner_id, asked.owner_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if asked.overdue_on:
        statement = statement.where(
            AgreedAction.state == ActionState.OPEN, AgreedAction.due_on < asked.overdue_on
        )
    return statement


def actions(tx: Tx, asked: Filter, cursor: str | None = None, limit: int = 50) -> Page[Any]:
    """Open ones by their day, so the overdue first; then what is settled."""
    settled = case((AgreedAction.state == ActionState.OPEN, 0), else_=1)
    statement = (
        select(AgreedAction, Person.name, Committee.name.label("committee"), settled.label("settled"))
        .join(Person, Person.id == AgreedAction.owner_id)
        .join(Committee, Committee.id == AgreedAction.committee_id)
    )
    keys = (
        Key(settled, lambda row: row.settled),
        Key(AgreedAction.due_on, lambda row: row[0].due_on),
        Key(AgreedAction.id, lambda row: row[0].id),
    )
    page = paginate(tx, tx.visible(_filtered(statement, asked), "action.read"), keys, cursor, limit)
    return Page([Followed(row[0], row[1], row[2]) for row in page.items], page.next)


def every_action(tx: Tx, asked: Filter) -> list[Followed]:
    """All of them, for an export."""
    found, cursor = [], None
    while True:
        page = actions(tx, asked, cursor, 200)
        found += page.items
        if not page.next:
            return found
        cursor = page.next


def situation(tx: Tx, asked: Filter) -> tuple[int, int]:
    """How many open actions the reader may see under these filters, and how many of them are overdue."""
    today = local(tx.now).date()
    counted: Any = select(
        func.count().label("open"), func.count().filter(AgreedAction.due_on < today).label("late")
    ).where(AgreedAction.state == ActionState.OPEN)
    row = tx.session.execute(tx.visible(_filtered(counted, asked), "action.read")).one()
    return row.open, row.late


def action(tx: Tx, action_id: UUID) -> Followed:
    """One action with its names; 404 when it is not hers to see."""
    row = tx.get(AgreedAction, action_id, "action.read")
    owner = tx.session.scalars(select(Person.name).where(Person.id == row.owner_id)).one()
    committee = tx.session.scalars(select(Committee.name).where(Committee.id == row.committee_id)).one()
    return Followed(row, owner, committee)


def of_consultation(tx: Tx, consultation_id: UUID) -> list[Followed]:
    """The actions agreed after a consultation, as far as the reader may see them."""
    return _agreed(tx, AgreedAction.consultation_id == consultation_id)


def of_session(tx: Tx, session_id: UUID) -> list[Followed]:
    """The actions agreed in a session, as far as the reader may see them."""
    return _agreed(tx, AgreedAction.session_id == session_id)


def _agreed(tx: Tx, where: ColumnElement[bool]) -> list[Followed]:
    statement = (
        select(AgreedAction, Person.name)
        .join(Person, Person.id == AgreedAction.owner_id)
        .where(where)
        .order_by(AgreedAction.due_on, AgreedAction.id)
    )
    return [
        Followed(one, owner, {}) for one, owner in tx.session.execute(tx.visible(statement, "action.read"))
    ]


def settlements(tx: Tx, action_id: UUID) -> Sequence[Event]:
    """Its ends and its beginnings anew, in their order: an action that was reopened keeps what was said."""
    names = [f"action.{name}" for name in ("done", "dropped", "reopened")]
    asked = select(Event).where(Event.subject_id == action_id, Event.name.in_(names)).order_by(Event.seq)
    return tx.session.scalars(asked).all()


def counts(tx: Tx, consultation_id: UUID) -> list[tuple[Standing, int]]:
    """How many of each kind of actor answered, all of them: figures of a published synthesis."""
    asked = (
        select(Contribution.standing, func.count())
        .where(Contribution.consultation_id == consultation_id)
        .group_by(Contribution.standing)
    )
    found = {standing: n for standing, n in tx.session.execute(asked)}  # noqa: C416 (a Row is not a pair)
    return [(one, found[one]) for one in Standing if one in found]
