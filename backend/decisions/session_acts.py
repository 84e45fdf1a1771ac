"""What the buttons of a session's page do: one verb, one command."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import select

from ..applications.models import Application
from ..committees import sessions
from ..committees.models import BallotChoice, ItemKind, Minutes, MotionKind, Presence
from ..committees.sessions.agenda import Point
from ..committees.sessions.roll import Roll
from ..core.errors import INVALID, FieldError
from ..core.tx import Tx
from ..people.commands import declare_interest
from ..web.forms import hour_typed, uuid_of, uuid_typed, version_of
from . import commands, minutes
from .models import Decision
from .session_view import named

Typed = dict[str, str]
Kind = TypeVar("Kind", bound=StrEnum)
LONGEST = 4000


def act(tx: Tx, session_id: UUID, verb: str, typed: Typed) -> None:
    """Do it; a verb that no button names is refused beside the form."""
    if verb not in ACTS:
        raise INVALID([FieldError("verb", "invalid")])
    ACTS[verb](tx, session_id, typed)


def text(typed: Typed, name: str, longest: int = LONGEST) -> str:
    """What was typed in a field, without the spaces around it, never longer than its place."""
    return typed.get(name, "").strip()[:longest]


def _words(typed: Typed, name: str) -> dict[str, str]:
    found = {lang: text(typed, f"{name}.{lang}", 400) for lang in ("fr", "ar")}
    missing = [FieldError(f"{name}.{lang}", "missing") for lang, said in found.items() if not said]
    if missing:
        raise INVALID(missing)
    return found


def _key(typed: Typed, name: str) -> UUID:
    return uuid_typed(typed.get(name, ""), name)


def _hour(typed: Typed, name: str) -> datetime:
    return hour_typed(typed.get(name, ""), name)


def _attendance(tx: Tx, session_id: UUID, typed: Typed) -> None:
    presences, stand_ins, left = {}, {}, set()
    for key, value in typed.items():
        head, _, seat = key.partition(".")
        if head == "seat":
            presences[uuid_typed(seat, key)] = _one_of(Presence, value, "presence")
        elif head == "stand" and value:
            stand_ins[uuid_typed(seat, key)] = uuid_typed(value, key)
        elif head == "left" and value:
            left.add(uuid_typed(seat, key))
    version = version_of(typed.get("version", ""))
    sessions.take_attendance(tx, session_id, Roll(presences, stand_ins, left), version)


def _point(tx: Tx, session_id: UUID, typed: Typed) -> None:
    subject = uuid_of(typed.get("subject", ""))
    title = {lang: text(typed, f"title.{lang}", 400) for lang in ("fr", "ar")}
    if subject and not any(title.values()):
        title = named(tx, subject) or title
    missing = [FieldError(f"title.{lang}", "missing") for lang, said in title.items() if not said]
    if missing:
        raise INVALID(missing)
    kind = _one_of(ItemKind, typed.get("kind", ""), "kind")
    starts = _hour(typed, "starts_at") if typed.get("starts_at") else None
    sessions.add_item(tx, session_id, Point(kind, title, subject, starts))


def _vote(tx: Tx, _session: UUID, typed: Typed) -> None:
    motion_id = _key(typed, "motion")
    for key, value in typed.items():
        if key.startswith("seat."):
            seat = uuid_typed(key[5:], key)
            choice = _one_of(BallotChoice, value, "choice")
            commands.vote(tx, motion_id, seat, choice, text(typed, f"dissent.{seat}"))
    if typed.get("act") == "close":
        commands.close_vote(tx, motion_id)


def _papers(tx: Tx, _session: UUID, typed: Typed) -> None:
    seats = [uuid_typed(key[6:], key) for key, value in typed.items() if key.startswith("paper.") and value]
    counts = {choice: _whole(typed, f"count.{choice}") for choice in BallotChoice}
    sessions.record_papers(tx, _key(typed, "motion"), seats, counts)


def _whole(typed: Typed, name: str) -> int:
    said = typed.get(name, "").strip() or "0"
    if not said.isascii() or not said.isdigit() or len(said) > 4:
        raise INVALID([FieldError(name, "invalid")])
    return int(said)


def _motion(tx: Tx, session_id: UUID, typed: Typed) -> None:
    sessions.open_motion(
        tx, session_id, _words(typed, "text"), kind=MotionKind.OTHER, reason=text(typed, "reason"),
        secret=typed.get("secret") == "1",
    )  # fmt: skip


def _postpone(tx: Tx, session_id: UUID, typed: Typed) -> None:
    chosen = [uuid_typed(key[5:], key) for key, value in typed.items() if key.startswith("file.") and value]
    reason = text(typed, "reason")
    if not chosen or not reason:
        raise INVALID([FieldError("file" if not chosen else "reason", "missing")])
    commands.postpone(tx, session_id, chosen, reason)


def _tie(tx: Tx, session_id: UUID, typed: Typed) -> None:
    """Who sits says that she is tied to the holder of a dossier proposed there: it is hidden from her."""
    asked = (
        select(Application.organisation_id)
        .join(Decision, Decision.application_id == Application.id)
        .where(Decision.id == _key(typed, "decision"), Decision.session_id == session_id)
    )
    holder = tx.session.scalar(tx.visible(asked, "decision.read"))
    reason = text(typed, "tie", 1000)
    if holder is None or not reason:
        raise INVALID([FieldError("tie", "missing") if holder else FieldError("decision", "invalid")])
    declare_interest(tx, holder, reason)


def _sign(tx: Tx, session_id: UUID, typed: Typed) -> None:
    minutes.sign(
        tx, _minutes(tx, session_id).id, SecretStr(typed.get("password", "")), typed.get("sha256", "")
    )


def _correct(tx: Tx, session_id: UUID, typed: Typed) -> None:
    notes = {
        uuid_typed(key[5:], key): value.strip()[:LONGEST]
        for key, value in typed.items()
        if key.startswith("note.")
    }
    minutes.correct(tx, _minutes(tx, session_id).id, text(typed, "reason"), notes)


def _minutes(tx: Tx, session_id: UUID) -> Minutes:
    found = minutes.current(tx, session_id)
    if found is None:
        raise INVALID([FieldError("verb", "invalid")])
    return found


def _one_of(kind: type[Kind], value: str, field: str) -> Kind:
    if value not in set(kind):
        raise INVALID([FieldError(field, "enum")])
    return kind(value)


ACTS: dict[str, Callable[[Tx, UUID, Typed], object]] = {
    "attendance": _attendance,
    "convene": lambda tx, key, typed: sessions.convene(tx, key, text(typed, "late_because")),
    "move": lambda tx, key, typed: sessions.move_session(
        tx, key, _hour(typed, "moved_to"), text(typed, "place", 200)
    ),
    "cancel": lambda tx, key, typed: sessions.cancel_session(tx, key, text(typed, "reason")),
    "lapse": lambda tx, key, _: sessions.lapse_session(tx, key),
    "second": lambda tx, key, typed: sessions.plan_second(
        tx, key, _hour(typed, "second_at"), text(typed, "place", 200)
    ),
    "open": lambda tx, key, _: sessions.open_session(tx, key),
    "adjourn": lambda tx, key, typed: sessions.adjourn_session(tx, key, _hour(typed, "resumes_at")),
    "resume": lambda tx, key, _: sessions.resume_session(tx, key),
    "close": lambda tx, key, _: sessions.close_session(tx, key),
    "point": _point,
    "up": lambda tx, key, typed: sessions.move_item(tx, key, _key(typed, "item"), up=True),
    "down": lambda tx, key, typed: sessions.move_item(tx, key, _key(typed, "item"), up=False),
    "drop": lambda tx, key, typed: sessions.drop_item(tx, key, _key(typed, "item")),
    "take": lambda tx, key, typed: sessions.take_item(tx, key, _key(typed, "item")),
    "done": lambda tx, key, typed: sessions.finish_item(tx, key, _key(typed, "item"), text(typed, "notes")),
    "propose": lambda tx, key, typed: commands.propose(tx, key, _key(typed, "call")),
    "put": lambda tx, key, typed: commands.put_to_vote(
        tx, key, _key(typed, "call"), secret=typed.get("secret") == "1"
    ),
    "postpone": _postpone,
    "motion": _motion,
    "vote": _vote,
    "papers": _papers,
    "withdraw": lambda tx, _, typed: sessions.withdraw_motion(tx, _key(typed, "motion")),
    "tie": _tie,
    "sign": _sign,
    "correct": _correct,
}
"""By the word at the end of the form's address."""
