"""Information requests: each step to her who asked, a new one to the officers; clocks: to the officers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from ...core.events import Event
from ...core.i18n import LANGUAGES, label
from ...core.tx import Tx
from ...obligations.models import InformationRequest
from ...people.models import Role, RoleGrant
from .case import Case, Cases, Stranger, rows_of


def information(tx: Tx, events: Sequence[Event]) -> Cases:
    """Each step to her, where she wants the answer; a new request to the officers of the province."""
    asked = select(
        InformationRequest.number,
        InformationRequest.due_on,
        InformationRequest.language,
        InformationRequest.address,
    )
    rows = rows_of(tx, asked, InformationRequest.id, events)
    officers = _officers(tx, {event.province_code for event in events if event.name in TO_OFFICERS})
    for event in events:
        row = rows[event.subject_id]
        facts = {"number": row.number, "due_on": row.due_on.isoformat(), "request": str(event.subject_id)}
        if row.address:
            here = facts | {"link_path": "/information/follow"}
            to = Stranger("@" not in row.address, row.language)
            yield Case(event.id, event.name, here, event.province_code, stranger=to)
        if template := TO_OFFICERS.get(event.name):
            there = facts | {"link_path": f"/information-requests/{event.subject_id}"}
            people = officers.get(event.province_code or "", ())
            yield Case(event.id, template, there, event.province_code, people=people)


TO_OFFICERS = {"information_request.received": "information_request.to_answer"}


def clock(tx: Tx, events: Sequence[Event]) -> Cases:
    """What is due soon or late, counted by kind: one message a day, a clock and an officer."""
    officers = _officers(tx, {event.province_code for event in events})
    for event in events:
        said = event.data
        facts: dict[str, Any] = {
            "matter": {lang: label(lang, f"clock.{said['clock']}") for lang in LANGUAGES},
            "count": said["count"],
            "due_on": said["due_on"],
            "link_path": f"/das/clocks?clock={said['clock']}",
        }
        template = "clock.late" if said["late"] else "clock.ahead"
        people = officers.get(event.province_code or "", ())
        yield Case(event.id, template, facts, event.province_code, people=people)


def _officers(tx: Tx, provinces: set[str | None]) -> dict[str, tuple[UUID, ...]]:
    """The officers of each province, those of the whole country among them: one statement."""
    codes = sorted(code for code in provinces if code)
    if not codes:
        return {}
    here = or_(RoleGrant.province_code.in_(codes), RoleGrant.province_code.is_(None))
    asked = select(RoleGrant.province_code, RoleGrant.person_id).where(
        RoleGrant.role == Role.OFFICER, RoleGrant.revoked_at.is_(None), here
    )
    rows = tx.session.execute(asked.order_by(RoleGrant.person_id)).all()
    return {
        code: tuple(dict.fromkeys(person for place, person in rows if place in (code, None)))
        for code in codes
    }
