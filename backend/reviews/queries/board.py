"""The officer's side: assignments as a list, and the board of who reads what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from ...applications.models import Application, ApplicationState
from ...calls.models import Call
from ...core.paging import Key, Page, paginate
from ...core.tx import Tx
from ...people.models import Organisation, Person
from ..lifecycle import grid_of
from ..models import GONE, Assignment, AssignmentState, Standing
from ..ties import tied_to
from .knowledge import judges
from .ties import doubts


def listed(  # noqa: PLR0913 (one parameter a filter)
    tx: Tx,
    *,
    call_id: UUID | None = None,
    application_id: UUID | None = None,
    evaluator_id: UUID | None = None,
    state: AssignmentState | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Assignment]:
    """Assignments that the actor may see, in the order in which they were made."""
    statement: Select[Any] = select(Assignment)
    for column, value in (
        (Assignment.call_id, call_id),
        (Assignment.application_id, application_id),
        (Assignment.evaluator_id, evaluator_id),
        (Assignment.state, state),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return paginate(
        tx, tx.visible(statement, "assignment.read"), [Key(Assignment.id, lambda a: a.id)], cursor, limit
    )


UNFINISHED = (AssignmentState.ASSIGNED, AssignmentState.OPEN)


@dataclass(frozen=True)
class Load:
    """What one evaluator carries in a call."""

    person_id: UUID
    name: str
    assigned: int
    open: int
    signed: int
    recused: int
    abstained: int
    late: int

    @property
    def carried(self) -> int:
        return self.assigned + self.open + self.signed


@dataclass(frozen=True)
class Reader:
    """Who reads a dossier, and how far she is."""

    assignment_id: UUID
    name: str
    state: AssignmentState
    late: bool
    doubtful: bool


@dataclass(frozen=True)
class Need:
    """A dossier of the board: who reads it and how far they are."""

    application_id: UUID
    number: str
    title: str
    organisation: dict[str, str]
    discordant: bool = False
    reviewers: list[Reader] = field(default_factory=list)
    free: int = 0
    """Evaluators of the province who may read it and were never asked to."""

    @property
    def active(self) -> int:
        return sum(one.state not in GONE for one in self.reviewers)

    @property
    def to_reread(self) -> bool:
        """Its readers disagree, and nobody's reading is awaited."""
        return self.discordant and not any(one.state in UNFINISHED for one in self.reviewers)


@dataclass(frozen=True)
class Board:
    """Who reads what in a call."""

    call: Call
    per_file: int
    loads: list[Load]
    needs: list[Need]
    ties: int
    """To confirm, that the reader may see."""

    @property
    def lacking(self) -> int:
        """Reviews that nobody has been given yet."""
        return sum(max(0, self.per_file - need.active) for need in self.needs)


def board(tx: Tx, call_id: UUID) -> Board:
    """The assignment board of a call; as many statements whatever its size."""
    call = tx.get(Call, call_id, "ranking.read")
    readings = _readings(tx, call_id)
    close = doubts(tx, call_id)
    members = _members(tx, call.province_code)
    needs = _needs(tx, call_id, members, readings)
    for found, name in readings:
        if found.application_id in needs:
            doubtful = (found.evaluator_id, found.application_id) in close
            reader = Reader(found.id, name, found.state, _is_late(tx, found), doubtful)
            needs[found.application_id].reviewers.append(reader)
    return Board(
        call,
        grid_of(tx, call_id).evaluators_per_file,
        _loads(tx, members, readings),
        list(needs.values()),
        sum(dossier in needs for _, dossier in close),
    )


def _readings(tx: Tx, call_id: UUID) -> list[tuple[Assignment, str]]:
    """The call's assignments, each with its evaluator's name, by name."""
    asked = (
        select(Assignment, Person.name)
        .join(Person, Person.id == Assignment.evaluator_id)
        .where(Assignment.call_id == call_id)
        .order_by(Person.name, Assignment.id)
    )
    return [(found, name) for found, name in tx.session.execute(tx.visible(asked, "assignment.read"))]


def _needs(
    tx: Tx, call_id: UUID, members: Mapping[UUID, str], readings: Sequence[tuple[Assignment, str]]
) -> dict[UUID, Need]:
    """The call's eligible dossiers by number, nobody's reading put in yet."""
    asked = (
        select(
            Application.id,
            Application.number,
            Application.title,
            Application.organisation_id,
            Application.created_by,
            Organisation.name,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.call_id == call_id, Application.state == ApplicationState.ELIGIBLE)
        .order_by(Application.number)
    )
    dossiers = tx.session.execute(tx.visible(asked, "application.judge")).all()
    apart = discordant(tx, call_id)
    barred = tied_to(tx, dossiers)
    for found, _ in readings:  # who was asked once is not free to be asked
        if found.application_id in barred:
            barred[found.application_id].add(found.evaluator_id)
    return {
        row.id: Need(
            row.id,
            row.number,
            row.title,
            row.name,
            discordant=row.id in apart,
            free=len(members.keys() - barred[row.id]),
        )
        for row in dossiers
    }


def _loads(tx: Tx, members: Mapping[UUID, str], readings: Sequence[tuple[Assignment, str]]) -> list[Load]:
    """Who reads something in the call, by name; then the province's other evaluators."""
    names = {found.evaluator_id: name for found, name in readings} | dict(members)
    mine: defaultdict[UUID, list[Assignment]] = defaultdict(list)
    for found, _ in readings:
        mine[found.evaluator_id].append(found)
    order = [*mine, *(person for person in members if person not in mine)]
    return [_load(tx, person, names[person], mine[person]) for person in order]


def discordant(tx: Tx, call_id: UUID) -> set[UUID]:
    """The call's dossiers on which the readers disagree, that the actor may see."""
    asked = select(Standing.application_id).where(Standing.call_id == call_id, Standing.discordant)
    return set(tx.session.scalars(tx.visible(asked, "standing.read")))


def _members(tx: Tx, province_code: str) -> dict[UUID, str]:
    """The province's evaluators, by name."""
    asked = judges(province_code).add_columns(Person.name).order_by(None).order_by(Person.name, Person.id)
    return {key: name for key, name in tx.session.execute(asked)}  # noqa: C416 (rows are no pairs to types)


def _is_late(tx: Tx, found: Assignment) -> bool:
    return found.state in UNFINISHED and found.due_at < tx.now


@dataclass(frozen=True)
class Steered:
    """One review as the officer sees it: whose, on which dossier."""

    assignment: Assignment
    evaluator: str
    number: str
    title: str
    call_title: dict[str, str]


def steered(tx: Tx, assignment_id: UUID) -> Steered:
    """One review with its evaluator and its dossier, for whoever may give more time or send it back."""
    found = tx.get(Assignment, assignment_id, "assignment.read")
    tx.allow("assignment.extend", found)
    name, number, title, call_title = tx.session.execute(
        select(Person.name, Application.number, Application.title, Call.title)
        .select_from(Assignment)
        .join(Person, Person.id == Assignment.evaluator_id)
        .join(Application, Application.id == Assignment.application_id)
        .join(Call, Call.id == Assignment.call_id)
        .where(Assignment.id == assignment_id)
    ).one()
    return Steered(found, name, number, title, call_title)


def _load(tx: Tx, person_id: UUID, name: str, found: Sequence[Assignment]) -> Load:
    def count(state: AssignmentState) -> int:
        return sum(a.state is state for a in found)

    return Load(
        person_id,
        name,
        assigned=count(AssignmentState.ASSIGNED),
        open=count(AssignmentState.OPEN),
        signed=count(AssignmentState.SIGNED),
        recused=count(AssignmentState.RECUSED),
        abstained=count(AssignmentState.ABSTAINED),
        late=sum(_is_late(tx, a) for a in found),
    )
