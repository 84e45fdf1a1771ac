"""Sharing out dossiers: one by one, a whole call at once, and a substitute when somebody is recused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from ...applications.models import Application, ApplicationState
from ...calls.models import Call
from ...core.config import settings
from ...core.errors import INVALID, FieldError
from ...core.tx import Tx
from ..lifecycle import ALREADY_ASSIGNED, LIFECYCLE, NOT_ASSIGNABLE, TIED, call_of, grid_of
from ..models import GONE, Assignment, AssignmentState, CallReview
from ..queries.knowledge import evaluators_of, knows
from ..ties import tied_to
from .ties import look

if TYPE_CHECKING:
    from ..panel.assignment import File, Member, Unmet, Why

TIME_TO_REVIEW = timedelta(days=14)
"""From assignment to deadline when the officer names none."""
TIME_TO_REPLACE = timedelta(days=7)
"""What a substitute has at the least."""


UNLIMITED = 30_000
"""Dossiers of one evaluator where the officer sets no limit."""


@dataclass(frozen=True)
class Shortfall:
    """A dossier that lacks so many reviews, and why: `free` evaluators may read it and do not yet."""

    application_id: UUID
    number: str
    missing: int
    why: Why
    free: int


@dataclass
class Assigned:
    """What sharing out a call did.

    `doubtful` are those given in spite of a tie that is still to confirm; `without_expert` the dossiers newly
    given to people of whom none knows their chain.
    """

    created: list[Assignment] = field(default_factory=list)
    shortfalls: list[Shortfall] = field(default_factory=list)
    doubtful: list[Assignment] = field(default_factory=list)
    without_expert: list[UUID] = field(default_factory=list)


def assign(tx: Tx, application_id: UUID, evaluator_id: UUID, due_at: datetime | None = None) -> Assignment:
    """Put a dossier on an evaluator's stack; refused when she is tied to its holder."""
    application = tx.get(Application, application_id, "application.assign")
    _assignable(application)
    if evaluator_id not in evaluators_of(tx, application.province_code):
        raise INVALID([FieldError("evaluator_id", "not_an_evaluator")])
    earlier = tx.session.scalars(
        select(Assignment)
        .where(Assignment.application_id == application_id, Assignment.evaluator_id == evaluator_id)
        .with_for_update()
    ).one_or_none()
    if earlier and earlier.state is not AssignmentState.WITHDRAWN:
        raise ALREADY_ASSIGNED()
    if evaluator_id in tied_to(tx, [application])[application.id]:
        raise TIED()
    look(tx, [evaluator_id], [application])
    if earlier:
        return _give_again(tx, earlier, _deadline(tx, due_at))
    return _create(tx, application, evaluator_id, _deadline(tx, due_at))


def assign_call(
    tx: Tx,
    call_id: UUID,
    evaluator_ids: Collection[UUID] | None = None,
    per_file: int | None = None,
    due_at: datetime | None = None,
    most: int | None = None,
) -> Assigned:
    """Share every eligible dossier of the call among the evaluators, exactly: see `panel.assignment`.

    `per_file` is the grid's number of evaluators unless given; reviews that a dossier already has count.
    Nobody carries more than `most` dossiers of the call. What could not be satisfied is in `shortfalls`, with
    the reason. Asking again only fills what is missing.
    """
    call = tx.get(Call, call_id, "call.assign")
    dossiers = tx.session.scalars(
        select(Application)
        .where(Application.call_id == call_id, Application.state == ApplicationState.ELIGIBLE)
        .order_by(Application.number)
        .with_for_update(of=Application)
    ).all()
    known = evaluators_of(tx, call.province_code)
    if strangers := sorted(set(evaluator_ids or ()) - set(known)):
        raise INVALID([FieldError("evaluator_ids", "not_an_evaluator", {"id": str(strangers[0])})])
    chosen = [e for e in known if evaluator_ids is None or e in evaluator_ids]
    needed = per_file or grid_of(tx, call_id).evaluators_per_file
    result = _share_out(tx, dossiers, chosen, needed, _deadline(tx, due_at), most or UNLIMITED)
    tx.recorded |= not result.created  # nothing was missing: nothing is written
    return result


def substitute(tx: Tx, assignment: Assignment) -> Assignment | None:
    """Somebody else for a recused evaluator, if needed and if somebody is free; says when nobody is."""
    application = tx.session.scalars(
        select(Application).where(Application.id == assignment.application_id).with_for_update(of=Application)
    ).one()
    if application.state is not ApplicationState.ELIGIBLE:
        return None
    needed = grid_of(tx, application.call_id).evaluators_per_file
    due_at = max(assignment.due_at, tx.now + TIME_TO_REPLACE)
    result = _share_out(tx, [application], evaluators_of(tx, application.province_code), needed, due_at)
    if result.shortfalls:
        tx.emit(
            "assignment.unfilled", assignment, missing=result.shortfalls[0].missing, number=application.number
        )
    return result.created[0] if result.created else None


def fill(
    tx: Tx, application: Application, evaluators: Sequence[UUID], per_file: int, due_at: datetime
) -> Assigned:
    """So many readers in all for one eligible dossier, among these people."""
    _assignable(application)
    return _share_out(tx, [application], evaluators, per_file, due_at)


def _give_again(tx: Tx, assignment: Assignment, due_at: datetime) -> Assignment:
    """What was taken back from her is hers again, as new."""
    assignment.assigned_at, assignment.due_at, assignment.withdrawal_reason = tx.now, due_at, None
    LIFECYCLE.fire(tx, assignment, "give_again", due_at=due_at.isoformat())
    tx.session.flush()
    return assignment


def extend(tx: Tx, assignment_id: UUID, due_at: datetime) -> Assignment:
    """Give an evaluator until another hour."""
    assignment = tx.get(Assignment, assignment_id, "assignment.extend")
    before, assignment.due_at = assignment.due_at, _deadline(tx, due_at)
    tx.emit("assignment.extended", assignment, before=before.isoformat(), after=assignment.due_at.isoformat())
    return assignment


def _assignable(application: Application) -> None:
    if application.state is not ApplicationState.ELIGIBLE:
        raise NOT_ASSIGNABLE(state=f"state.application.{application.state}")


def _deadline(tx: Tx, due_at: datetime | None) -> datetime:
    if due_at is None:
        return tx.now + TIME_TO_REVIEW
    if due_at.tzinfo is None or due_at <= tx.now:
        raise INVALID([FieldError("due_at", "due_in_the_past")])
    return due_at


def _share_out(
    tx: Tx,
    applications: Sequence[Application],
    evaluators: Sequence[UUID],
    per_file: int,
    due_at: datetime,
    most: int = UNLIMITED,
) -> Assigned:
    """The missing reviews of these dossiers (all of one call), given away from ties to confirm if possible.

    numpy is loaded here, when something is shared out, and not before.
    """
    from ..panel.assignment import File, Member

    if not applications:
        return Assigned()
    barred = tied_to(tx, applications)
    readers: defaultdict[UUID, set[UUID]] = defaultdict(set)
    load: defaultdict[UUID, int] = defaultdict(int)
    for dossier, evaluator, state in _given(tx, applications[0].call_id):
        if state in GONE:
            barred[dossier].add(evaluator)
        else:
            readers[dossier].add(evaluator)
            load[evaluator] += 1
    files = [
        File(a.id, per_file - len(readers[a.id]), a.chain_code, barred[a.id], readers[a.id])
        for a in applications
        if len(readers[a.id]) < per_file
    ]
    if not files:
        return Assigned()
    by_id = {a.id: a for a in applications}
    close = look(tx, evaluators, [by_id[one.id] for one in files])
    chains = knows(tx, evaluators)
    members = [Member(e, most, chains[e], load[e]) for e in evaluators]
    apart = _apart(files, members, close)
    made = _create_all(tx, [(by_id[a], evaluator) for a, evaluator in apart.pairs], due_at)
    return Assigned(
        created=made,
        shortfalls=[
            Shortfall(one.file, by_id[one.file].number, one.missing, one.why, one.free) for one in apart.unmet
        ],
        doubtful=[one for one in made if (one.application_id, one.evaluator_id) in apart.doubtful],
        without_expert=apart.without_expert,
    )


def _given(tx: Tx, call_id: UUID) -> Iterable[tuple[UUID, UUID, AssignmentState]]:
    """Who was asked to read what in the call, and what became of it."""
    asked = select(Assignment.application_id, Assignment.evaluator_id, Assignment.state)
    return tx.session.execute(asked.where(Assignment.call_id == call_id))


@dataclass(frozen=True)
class _Apart:
    pairs: list[tuple[UUID, UUID]]
    doubtful: set[tuple[UUID, UUID]]
    unmet: tuple[Unmet, ...]
    without_expert: list[UUID]


def _apart(files: Sequence[File], members: Sequence[Member], close: Mapping[UUID, set[UUID]]) -> _Apart:
    """Share out away from ties to confirm; what still lacks, in spite of them."""
    from ..panel.assignment import share

    careful = [replace(one, barred={*one.barred, *close.get(one.id, ())}) for one in files]
    first = share(careful, members)
    if not any(close.get(one.file) for one in first.unmet):
        return _Apart(list(first.pairs), set(), first.unmet, list(first.without_expert))
    given: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for key, evaluator in first.pairs:
        given[key].add(evaluator)
    missing = {one.file: one.missing for one in first.unmet}
    lacking = [
        replace(one, needs=missing[one.id], readers={*one.readers, *given[one.id]})
        for one in files
        if one.id in missing
    ]
    second = share(lacking, [replace(one, load=first.loads[one.id]) for one in members])
    known = {key for key, _ in second.pairs} - set(second.without_expert)
    return _Apart(
        [*first.pairs, *second.pairs],
        set(second.pairs),
        second.unmet,
        sorted({*first.without_expert, *second.without_expert} - known),
    )


def _begin(tx: Tx, application: Application | None) -> None:
    """Before anybody has read a dossier of the call, draw what will part those left equal, for all to see."""
    if application is None:
        return
    row = {
        "id": uuid7(),
        "call_id": application.call_id,
        "province_code": application.province_code,
        "per_file": grid_of(tx, application.call_id).evaluators_per_file,
        "seed": _seed(tx, application.call_id),
        "seeded_at": tx.now,
    }
    begun = insert(CallReview).values(row).on_conflict_do_nothing(index_elements=["call_id"])
    found = tx.session.scalars(begun.returning(CallReview)).one_or_none()
    if found:
        tx.emit("call_review.begun", found, seed=found.seed)


def _seed(tx: Tx, call_id: UUID) -> str:
    """64 hexadecimal digits that nobody could know; a demonstration tells the same story again."""
    if settings().demo:
        return sha256(call_of(tx, call_id).code.encode()).hexdigest()
    return token_hex(32)


def _create(tx: Tx, application: Application, evaluator_id: UUID, due_at: datetime) -> Assignment:
    return _create_all(tx, [(application, evaluator_id)], due_at)[0]


def _create_all(tx: Tx, pairs: Sequence[tuple[Application, UUID]], due_at: datetime) -> list[Assignment]:
    made = [
        Assignment(
            call_id=application.call_id,
            application_id=application.id,
            evaluator_id=evaluator_id,
            province_code=application.province_code,
            assigned_at=tx.now,
            due_at=due_at,
        )
        for application, evaluator_id in pairs
    ]
    _begin(tx, pairs[0][0] if pairs else None)
    tx.session.add_all(made)
    tx.session.flush()
    for assignment in made:
        tx.emit("assignment.created", assignment, due_at=due_at.isoformat())
    return made
