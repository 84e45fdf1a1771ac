"""The scan of reminders, whatever they are about: what is due is sent once, whenever the clock comes round.

A subject (a milestone, an agreed action) has a ladder: rungs, each so many days before or after its day, to
one audience. A rung is due when its instant has passed, not on a given day: a missed run loses nothing. After
an outage, each audience of a subject gets one message, that of its latest rung; those before it are
superseded.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, select, update
from sqlalchemy.orm import Mapped

from .calendar import CASABLANCA
from .db import choice
from .tx import Tx

MORNING = time(9)
BATCH = 500
"""Subjects' rungs that one commit settles."""


class ReminderState(StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    SUPERSEDED = "superseded"  # a later rung was due too: one message, not two
    NOT_NEEDED = "not_needed"  # what it was about was done before


class Rung:
    """The columns of a rung: so many days before (−) or after (+) the subject's day. Its table adds whose."""

    offset_days: Mapped[int]
    due_at: Mapped[datetime]
    state: Mapped[ReminderState] = choice(ReminderState, default=ReminderState.PLANNED)
    settled_at: Mapped[datetime | None]


Sent = Sequence[tuple[Any, Row[*tuple[Any, ...]]]]


@dataclass(frozen=True)
class Ladder:
    """A kind of reminders: the table of its rungs, the column that names their subject, who announces.

    `is_open` says of a subject whether reminders are still needed; `announce` is given those to send, each
    with its rung (`id`, `subject_id`, `audience`, `offset_days`).
    """

    subject: type[Any]
    rung: type[Any]
    of: Any
    is_open: Callable[[Any], bool]
    announce: Callable[[Tx, Sent], None]


def due_at(day: date, offset: int) -> datetime:
    """The instant of a rung: nine in the morning in Casablanca, so many days from the day."""
    return datetime.combine(day + timedelta(days=offset), MORNING, CASABLANCA).astimezone(UTC)


def settle(tx: Tx, ladder: Ladder, limit: int) -> int:
    """Settle up to `limit` due rungs and those due beside them; returns how many the index gave.

    The subjects are locked, not only the rungs: two scans never share one subject's ladder, and one that is
    being saved is passed over (SKIP LOCKED) and met by the next scan, not raced. The number of statements
    does not depend on the number of reminders.
    """
    rung, subject = ladder.rung, ladder.subject
    due = (
        select(ladder.of)
        .where(rung.state == ReminderState.PLANNED, rung.due_at <= tx.now)
        .order_by(rung.due_at, rung.id)
        .limit(limit)
    )
    named = tx.session.scalars(due).all()
    held = (
        select(subject)
        .where(subject.id.in_(set(named)))
        .order_by(subject.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    subjects = {one.id: one for one in tx.session.scalars(held)}
    if not subjects:
        return 0
    needed = {key for key, one in subjects.items() if ladder.is_open(one)}
    ladders = _ladders(tx, ladder, subjects)
    sent = [rungs[0] for rungs in ladders.values() if rungs[0].subject_id in needed]
    chosen = {one.id for one in sent}
    rest = [one for rungs in ladders.values() for one in rungs if one.id not in chosen]
    still = {one.id for one in rest if one.subject_id in needed}
    _mark(tx, rung, ReminderState.SENT, chosen)
    _mark(tx, rung, ReminderState.SUPERSEDED, still)
    _mark(tx, rung, ReminderState.NOT_NEEDED, {one.id for one in rest} - still)
    if sent:
        ladder.announce(tx, [(subjects[one.subject_id], one) for one in sent])
    return len(named)


def done_with(tx: Tx, ladder: Ladder, subject_id: UUID) -> None:
    """The subject is done: what was still to come is not needed."""
    _move(tx, ladder, [ladder.of == subject_id], ReminderState.PLANNED, ReminderState.NOT_NEEDED, tx.now)


def needed_again(tx: Tx, ladder: Ladder, subject_id: UUID) -> None:
    """The subject is open again: what was not needed is, as far as it is still to come."""
    ahead = [ladder.of == subject_id, ladder.rung.due_at > tx.now]
    _move(tx, ladder, ahead, ReminderState.NOT_NEEDED, ReminderState.PLANNED, None)


def moved(tx: Tx, ladder: Ladder, subject_id: UUID, day: date) -> None:
    """Another day: the rungs not sent move with it, those passed over are due again if to come."""
    _set_on(tx, ladder, subject_id, day, (ReminderState.PLANNED, ReminderState.SUPERSEDED))


def reopened(tx: Tx, ladder: Ladder, subject_id: UUID, day: date) -> None:
    """Open again, for another day: each rung that was never sent is due again if to come."""
    unsent = (ReminderState.PLANNED, ReminderState.SUPERSEDED, ReminderState.NOT_NEEDED)
    _set_on(tx, ladder, subject_id, day, unsent)


def _set_on(tx: Tx, ladder: Ladder, subject_id: UUID, day: date, unsent: Collection[ReminderState]) -> None:
    tx.session.flush()
    rung = ladder.rung
    which = [ladder.of == subject_id, rung.state.in_(unsent)]
    offsets = tx.session.scalars(select(rung.offset_days).where(*which).distinct()).all()
    if not offsets:
        return
    instant = case({days: due_at(day, days) for days in offsets}, value=rung.offset_days)
    again = (rung.state == ReminderState.PLANNED) | (instant > tx.now)
    tx.session.execute(
        update(rung)
        .where(*which, again)
        .values(due_at=instant, state=ReminderState.PLANNED, settled_at=None),
        execution_options={"synchronize_session": False},
    )


def _move(
    tx: Tx, ladder: Ladder, which: list[Any], before: ReminderState, after: ReminderState, at: datetime | None
) -> None:
    tx.session.execute(
        update(ladder.rung).where(*which, ladder.rung.state == before).values(state=after, settled_at=at),
        execution_options={"synchronize_session": False},
    )


def _ladders(
    tx: Tx, ladder: Ladder, subjects: Iterable[UUID]
) -> dict[tuple[UUID, Any], list[Row[*tuple[Any, ...]]]]:
    """The due rungs of each subject and audience, the latest first."""
    rung = ladder.rung
    rungs = (
        select(rung.id, ladder.of.label("subject_id"), rung.audience, rung.offset_days)
        .where(ladder.of.in_(list(subjects)), rung.state == ReminderState.PLANNED, rung.due_at <= tx.now)
        .order_by(rung.due_at.desc(), rung.offset_days.desc())
    )
    found: dict[tuple[UUID, Any], list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for one in tx.session.execute(rungs):
        found[one.subject_id, one.audience].append(one)
    return found


def _mark(tx: Tx, rung: type[Any], state: ReminderState, ids: Iterable[UUID]) -> None:
    wanted = list(ids)
    if wanted:
        tx.session.execute(
            update(rung).where(rung.id.in_(wanted)).values(state=state, settled_at=tx.now),
            execution_options={"synchronize_session": False},
        )
