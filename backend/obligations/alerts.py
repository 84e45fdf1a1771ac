"""Telling the officers of a deadline: each rung of each subject once, one message a day and clock."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from ..core.calendar import local
from ..core.ladders import MORNING
from ..core.tx import Tx
from .clocks import AHEAD, BEHIND, CLOCKS, Clock
from .models import ClockAlert

WEEK = 7
BEFORE = (-AHEAD, -5)
CHUNK = 2_000
"""Rows of one INSERT: seven parameters each."""


def rung(due_on: date, today: date) -> int | None:
    """The latest rung reached: 15 days before, 5, the day, then each week after; None while it is far.

    After an outage only the latest is told: what came before says nothing more.
    """
    after = (today - due_on).days
    if after >= 0:
        return after - after % WEEK if after <= BEHIND else None
    return max((one for one in BEFORE if one <= after), default=None)


def tell(tx: Tx) -> int:
    """Keep the rungs that were reached, and announce them by province and clock; returns how many.

    From nine in the morning in Casablanca. Harmless to run twice: a rung that is kept is not told again.
    """
    now = local(tx.now)
    today = now.date() if now.time() >= MORNING else now.date() - timedelta(days=1)
    return sum(_told(tx, clock, today) for clock in CLOCKS)


def _told(tx: Tx, clock: Clock, today: date) -> int:
    window = clock.between(today - timedelta(days=BEHIND), today + timedelta(days=AHEAD))
    asked = clock.rows(clock.model.id, clock.model.province_code, clock.day).where(*window)
    reached = []
    for key, province, day in tx.session.execute(asked.order_by(clock.day, clock.model.id)):
        reached.append((key, province, day, rung(day, today)))
    before = _known(tx, clock, [key for key, *_ in reached])
    new = [one for one in reached if one[3] is not None and (one[0], one[2], one[3]) not in before]
    kept = [
        alert for start in range(0, len(new), CHUNK) for alert in _keep(tx, clock, new[start : start + CHUNK])
    ]
    groups: dict[tuple[str, bool], list[ClockAlert]] = defaultdict(list)
    for alert in kept:
        groups[alert.province_code, alert.due_on < today].append(alert)
    for (_, late), alerts in sorted(groups.items()):
        first = min(alerts, key=lambda one: (one.due_on, one.id))
        tx.emit(
            "clock.alerted",
            first,
            clock=clock.code,
            late=late,
            count=len(alerts),
            due_on=first.due_on.isoformat(),
        )
    return len(kept)


def _known(tx: Tx, clock: Clock, keys: Collection[UUID]) -> set[tuple[UUID, date, int]]:
    """What was told of these subjects already."""
    if not keys:
        return set()
    asked = select(ClockAlert.subject_id, ClockAlert.due_on, ClockAlert.rung).where(
        ClockAlert.subject_id.in_(keys), ClockAlert.clock == clock.code
    )
    return {(key, day, step) for key, day, step in tx.session.execute(asked)}


def _keep(tx: Tx, clock: Clock, new: Sequence[tuple[UUID, str, date, Any]]) -> Sequence[ClockAlert]:
    rows = [
        {
            "id": uuid7(),
            "subject_id": key,
            "province_code": province,
            "clock": clock.code,
            "rung": step,
            "due_on": day,
            "told_at": tx.now,
        }
        for key, province, day, step in new
    ]
    written = insert(ClockAlert).values(rows).on_conflict_do_nothing().returning(ClockAlert)
    return tx.session.scalars(written).all() if rows else []
