"""Ready sessions for the tests of later stages; the committee and its seats are those of the world."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from backend.committees import commands, sessions
from backend.committees.models import CommitteeSession, Motion, Presence, Procedure
from backend.core.actor import SYSTEM
from backend.core.tx import transaction

WHEN = datetime.now(UTC)
TEXT = {"fr": "Approuver l’ordre du jour", "ar": "المصادقة على جدول الأعمال"}


def everyone(world: Any) -> dict[UUID, Presence]:
    """All five seats present."""
    return dict.fromkeys(world.seats.values(), Presence.PRESENT)


def session(
    world: Any, scheduled_at: datetime = WHEN, place: str = "Siège de la préfecture"
) -> CommitteeSession:
    """A session of the world's committee, planned by the officer."""
    with transaction(world.officer) as tx:
        return commands.plan_session(tx, world.committee, scheduled_at, place)


def past(world: Any, scheduled_at: datetime) -> None:
    """A session whose hour went by without anybody opening it."""
    made = session(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        there = update(CommitteeSession).where(CommitteeSession.id == made.id)
        tx.session.execute(there.values(scheduled_at=scheduled_at))


def lapsed(world: Any) -> CommitteeSession:
    """A session that had no quorum, under rules that allow a second one after three days."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Procedure).values(second_after_days=3))
    made = session(world)
    with transaction(world.officer) as tx:
        return sessions.lapse_session(tx, made.id)


def open_session(world: Any, presences: Mapping[UUID, Presence] | None = None) -> CommitteeSession:
    """A session that is open, with the seats given (or all) noted present."""
    planned = session(world)
    with transaction(world.officer) as tx:
        commands.take_attendance(tx, planned.id, everyone(world) if presences is None else presences, None)
        return commands.open_session(tx, planned.id)


def motion(world: Any, session_id: UUID, text: Mapping[str, str] = TEXT) -> Motion:
    """A question put to the vote."""
    with transaction(world.officer) as tx:
        return commands.open_motion(tx, session_id, text)


def later(days: int) -> datetime:
    """At noon, so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).replace(hour=12, minute=0)
