"""Reminders before closing: a draft that was never deposited, changes that were not deposited again.

The event of a reminder is its record: one for each dossier, rung and closing instant. A rung is due when its
instant has passed, not at it, so that a missed run loses nothing; of several that were missed, the latest
alone is told. A rung that had passed before the dossier was begun is not for it. A call that is extended
has its rungs again, before the new closing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import defer

from ..calls.models import Call, CallState
from ..core.events import Event, declare
from ..core.tx import Tx
from .lifecycle import DRAFT, SUBMITTED
from .models import Application

declare("application.reminded")

REMINDED = "application.reminded"
RUNGS = (timedelta(days=7), timedelta(days=2), timedelta(hours=6))
"""Before closing. Seven days: papers of an administration can still be had. Two: an agent of the DAS can
still be seen. Six hours: enough to finish on a telephone, before the rush of the last one. More would teach
people not to read them."""
BATCH = 500


@dataclass(frozen=True)
class Rung:
    """The rung that a call stands on now."""

    call: Call
    before: timedelta

    @property
    def at(self) -> datetime:
        return self.call.closes_at - self.before

    @property
    def told(self) -> dict[str, Any]:
        return {
            "hours": int(self.before.total_seconds()) // 3600,
            "closes_at": self.call.closes_at.isoformat(),
        }


def settle(tx: Tx, limit: int = BATCH) -> int:
    """Remind up to `limit` dossiers of each call that closes soon; returns how many were met."""
    return sum(_remind(tx, rung, limit) for rung in _due(tx))


def _due(tx: Tx) -> Sequence[Rung]:
    """Calls on a rung: the nearest to closing that has passed."""
    soon = select(Call).where(
        Call.state == CallState.PUBLISHED,
        Call.opens_at <= tx.now,
        Call.closes_at > tx.now,
        Call.closes_at <= tx.now + max(RUNGS),
    )
    calls = tx.session.scalars(soon.options(defer(Call.definition)).order_by(Call.closes_at, Call.id))
    return [Rung(call, min(rung for rung in RUNGS if call.closes_at - rung <= tx.now)) for call in calls]


def _remind(tx: Tx, rung: Rung, limit: int) -> int:
    """Two statements: the dossiers, locked; then those told meanwhile, now that nobody else is telling."""
    waiting = (
        select(Application)
        .where(Application.call_id == rung.call.id, _undeposited(rung), ~_told(rung).exists())
        .order_by(Application.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    held = tx.session.scalars(waiting).all()
    if not held:
        return 0
    again = select(Event.subject_id).where(Event.subject_id.in_([one.id for one in held]), *_same(rung))
    done = set(tx.session.scalars(again))
    for application in held:
        if application.id not in done:
            what = "draft" if application.state is DRAFT else "changes"
            tx.emit(REMINDED, application, what=what, **rung.told)
    return len(held)


def _undeposited(rung: Rung) -> ColumnElement[bool]:
    draft = and_(Application.state == DRAFT, Application.created_at < rung.at)
    changes = and_(
        Application.state == SUBMITTED,
        Application.revision.is_not(None),
        Application.submitted_at < rung.at,
    )
    return or_(draft, changes)


def _told(rung: Rung) -> Any:
    return select(Event.id).where(Event.subject_id == Application.id, *_same(rung))


def _same(rung: Rung) -> tuple[ColumnElement[bool], ...]:
    told = rung.told
    return (
        Event.name == REMINDED,
        Event.data["hours"].as_integer() == told["hours"],
        Event.data["closes_at"].as_string() == told["closes_at"],
    )
