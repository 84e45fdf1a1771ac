"""What the trail says of rolls, votes and their counts, and must go on saying (see `core.facts`)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import object_session

from backend.core.commitments import digest, instant
from backend.core.facts import Fact, fact

from .models import Attendance, Ballot, BallotBox, CommitteeSession, Motion

COUNTED = ("motion.adopted", "motion.rejected")
_COLUMNS = ("seat_id", "presence", "stand_in_id", "arrived_at", "left_at")
_ROLL = tuple(getattr(Attendance, name) for name in _COLUMNS)


def _digest(rows: Iterable[Any]) -> str:
    """The fingerprint of a roll: each seat with who sat there, since when and until when."""
    return digest(sorted([_plain(value) for value in row] for row in rows))


def _plain(value: Any) -> str:
    """A value of the roll as text, whether it comes from a row or from JSON."""
    if isinstance(value, datetime):
        return instant(value)
    text = "" if value is None else str(getattr(value, "value", value))
    try:
        return instant(datetime.fromisoformat(text)) if "T" in text else text
    except ValueError:
        return text


def _rolls() -> Select[Any]:
    """One row a session: its roll as a JSON list of lists."""
    listed = func.jsonb_agg(func.jsonb_build_array(*_ROLL)).label("roll")
    asked = select(Attendance.session_id.label("subject_id"), CommitteeSession.number.label("named"), listed)
    asked = asked.join(CommitteeSession, CommitteeSession.id == Attendance.session_id)
    return asked.group_by(Attendance.session_id, CommitteeSession.number)


def _taken(session: CommitteeSession) -> dict[str, Any]:
    held = object_session(session)
    assert held
    return {"roll": _digest(held.execute(select(*_ROLL).where(Attendance.session_id == session.id)))}


def _ballots() -> Any:
    """Open votes; of a secret one the trail keeps only that the seat voted."""
    return select(
        Ballot.motion_id.label("subject_id"),
        Ballot.seat_id.label("named"),
        Ballot.seat_id,
        Ballot.choice,
        Ballot.cast_at,
    ).where(Ballot.choice.is_not(None))


def _counts() -> Select[Any]:
    asked = select(Motion.id.label("subject_id"), _named(), Motion.result, Motion.closed_at)
    asked = asked.join(CommitteeSession, CommitteeSession.id == Motion.session_id)
    return asked.where(Motion.state.in_(("adopted", "rejected")))


def _counted(row: Any) -> dict[str, Any]:
    result = row.result or {}
    return {key: result[key] for key in ("votes_for", "votes_against", "abstentions") if key in result}


def _boxes() -> Select[Any]:
    asked = select(
        BallotBox.motion_id.label("subject_id"),
        _named(),
        BallotBox.votes_for,
        BallotBox.votes_against,
        BallotBox.abstentions,
    ).join(Motion, Motion.id == BallotBox.motion_id)
    asked = asked.join(CommitteeSession, CommitteeSession.id == Motion.session_id)
    return asked.where(Motion.state.in_(("adopted", "rejected")), Motion.secret)


def _drawn(row: Any) -> dict[str, Any]:
    return {key: getattr(row, key) for key in ("votes_for", "votes_against", "abstentions")}


def _named() -> Any:
    return func.concat(CommitteeSession.number, " / ", Motion.number).label("named")


fact(
    Fact(
        "roll",
        ("attendance.taken",),
        rows=_rolls,
        says=lambda row: {"roll": _digest(row.roll)},
        states=_taken,
        last=True,
    )
)
fact(
    Fact(
        "ballot",
        ("ballot.cast",),
        rows=_ballots,
        says=lambda row: {"choice": row.choice.value},
        at="cast_at",
        match={"seat": "seat_id"},
        having="choice",
    )
)
fact(Fact("count", COUNTED, rows=_counts, says=_counted, at="closed_at"))
fact(Fact("urn", COUNTED, rows=_boxes, says=_drawn, complete=False))
