"""An evaluator's stack, what she must know to declare a conflict, and the dossier through its one door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from ...applications.documents import deposited
from ...applications.models import Application
from ...calls.callfile.models import Grid
from ...calls.models import Call
from ...core.errors import NOT_FOUND
from ...core.events import Event
from ...core.tx import Tx
from ...files.models import StoredFile
from ...people.models import Interest, Organisation, Person
from ...territory.models import Commune
from .. import blind
from ..blind import Holder
from ..lifecycle import grid_of
from ..models import Assignment, AssignmentState
from .notes import Noted, notes_of
from .ties import asked_of_her


@dataclass(frozen=True)
class Staple:
    """A line of an evaluator's stack; of a dossier that is closed to her, only the number."""

    assignment: Assignment
    number: str
    title: str | None
    organisation: dict[str, str] | None
    """None too where the panel is blind."""
    requested_centimes: int | None
    call_title: dict[str, str]


def stack(tx: Tx) -> list[Staple]:
    """Her own assignments, the nearest deadline first."""
    tied = select(Interest.id).where(
        Interest.person_id == Assignment.evaluator_id, Interest.organisation_id == Application.organisation_id
    )
    rows = tx.session.execute(
        tx.visible(
            select(
                Assignment,
                Application.number,
                Application.title,
                Organisation.name,
                Application.requested_centimes,
                Call.title,
                tied.exists(),
                Assignment.call_id.in_(_blind(tx)),
            )
            .join(Application, Application.id == Assignment.application_id)
            .join(Organisation, Organisation.id == Application.organisation_id)
            .join(Call, Call.id == Assignment.call_id)
            .where(Assignment.evaluator_id == tx.actor.id, Assignment.state != AssignmentState.WITHDRAWN)
            .order_by(Assignment.due_at, Application.number),
            "assignment.read",
        )
    )
    return [
        Staple(a, number, None, None, None, call_title)
        if is_tied or a.state is AssignmentState.RECUSED
        else Staple(a, number, title, None if unnamed else name, requested, call_title)
        for a, number, title, name, requested, call_title, is_tied, unnamed in rows
    ]


def _blind(tx: Tx) -> Select[UUID]:
    """Of her calls, those whose panel is not told who files: their files are looked into once each."""
    call, hers = aliased(Call), aliased(Assignment)
    mine = select(hers.call_id).where(hers.evaluator_id == tx.actor.id)
    return select(call.id).where(call.id.in_(mine), call.definition["grid"]["blind"].as_boolean())


def assignment(tx: Tx, assignment_id: UUID) -> Assignment:
    return tx.get(Assignment, assignment_id, "assignment.read")


@dataclass(frozen=True)
class Identity:
    """Who files the dossier: what one must know to say whether one is tied to them, and nothing more.

    Of a blind panel only what is proposed, and where: the platform has looked for ties by itself.
    """

    assignment: Assignment
    number: str
    title: str
    organisation: dict[str, str] | None
    commune: dict[str, str] | None
    officers: list[str]
    noticed: list[str]
    """Grounds on which the platform wonders whether she is tied to them."""


def identity(tx: Tx, assignment_id: UUID) -> Identity:
    """What the declaration of conflict shows; 404 when the review is not hers or is recused."""
    found = _own_dossier(tx, assignment_id, "assignment.score")
    application = found.application
    commune = tx.session.get(Commune, application.commune_code) if application.commune_code else None
    hidden = grid_of(tx, found.call_id).blind
    return Identity(
        found,
        application.number,
        application.title,
        None if hidden else application.organisation.name,
        commune.name if commune else None,
        [] if hidden else [member.name for member in application.organisation.members if member.office],
        [] if hidden else asked_of_her(tx, application.organisation_id),
    )


@dataclass(frozen=True)
class Opened:
    """A dossier open before its evaluator: what was filed, the grid, and her own marks.

    `content` and `holder` are what she is told; `application` has the rest, for the server alone.
    """

    assignment: Assignment
    application: Application
    content: Mapping[str, Any]
    holder: Holder
    commune: dict[str, str] | None
    call: Call
    grid: Grid
    sent_back_because: str | None
    notes: list[Noted]
    beside: list[tuple[Assignment, str]]


def dossier(tx: Tx, assignment_id: UUID) -> Opened:
    """The dossier through its one door for evaluators; 404 when it is not hers, recused or not yet opened."""
    found = _own_dossier(tx, assignment_id, "assignment.dossier")
    application = found.application
    commune = tx.session.get(Commune, application.commune_code) if application.commune_code else None
    call = tx.session.get_one(Call, found.call_id)
    grid = grid_of(tx, found.call_id)
    return Opened(
        found,
        application,
        blind.content(application.content) if grid.blind else application.content,
        blind.holder(application.organisation, blind=grid.blind),
        commune.name if commune else None,
        call,
        grid,
        _sent_back(tx, found) if found.state is AssignmentState.OPEN else None,
        notes_of(tx, application.id, blind=grid.blind),
        beside(tx, found),
    )


def beside(tx: Tx, assignment: Assignment) -> list[tuple[Assignment, str]]:
    """Her colleagues' signed reviews, with their names: of an open panel, once hers is signed."""
    asked = (
        select(Assignment, Person.name)
        .join(Person, Person.id == Assignment.evaluator_id)
        .where(Assignment.application_id == assignment.application_id, Assignment.evaluator_id != tx.actor.id)
        .order_by(Assignment.signed_at, Assignment.id)
    )
    if assignment.state is not AssignmentState.SIGNED or grid_of(tx, assignment.call_id).blind:
        return []
    return [(one, name) for one, name in tx.session.execute(tx.visible(asked, "assignment.beside"))]


def paper(tx: Tx, assignment_id: UUID, file_id: UUID) -> StoredFile:
    """A file of the dossier that she judges; of a blind panel without the name that its holder gave it."""
    opened = dossier(tx, assignment_id)
    file = deposited(tx, opened.application, file_id)
    if opened.grid.blind:
        provided = opened.content["documents"]["provided"]
        (named,) = {one["name"] for one in provided if one.get("file") == str(file_id)}
        set_committed_value(file, "name", named)
    return file


def _sent_back(tx: Tx, assignment: Assignment) -> str | None:
    """Why the signed review came back to her, the last time."""
    said = select(Event.data["reason"].astext).where(
        Event.subject_id == assignment.id, Event.name == "assignment.reopened"
    )
    return tx.session.scalar(said.order_by(Event.seq.desc()).limit(1))


def _own_dossier(tx: Tx, assignment_id: UUID, rule: str) -> Assignment:
    statement = (
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(
            joinedload(Assignment.application)
            .joinedload(Application.organisation)
            .selectinload(Organisation.members)
        )
    )
    found = tx.session.scalars(tx.visible(statement, rule)).one_or_none()
    if found is None:
        raise NOT_FOUND(thing="assignment")
    return found
