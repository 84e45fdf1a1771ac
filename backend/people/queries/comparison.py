"""Two records side by side: what is written in each, and whether it is the same."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from ...core.calendar import local
from ...core.events import Event
from ...core.policy import RULES
from ...core.tx import Tx
from ..identifiers import bare_number
from ..models import Lookalike, Member, Organisation, Representative

NUMBERS = ("register_number", "ice", "commercial_register")
"""Also compared with a record of another province: whether they are the same, never the number."""
FACTS = (*NUMBERS, "created_on", "last_agm_on", "members", "representatives", "registered_on")


@dataclass(frozen=True)
class Compared:
    """One fact of both; `verdict` is same, different, missing (in one or both) or unknown (not shown)."""

    fact: str
    first: str | date | int | None
    second: str | date | int | None
    verdict: str


def compared(tx: Tx, pair: Lookalike) -> list[Compared]:
    """The facts by which an officer tells whether they are one; one statement.

    Of a record that she may not read no value is given: only whether its numbers are those of the other.
    """
    found = {row["id"]: dict(row) for row in tx.session.execute(_asked(tx, pair)).mappings()}
    first, second = found[pair.first_id], found[pair.second_id]
    return [
        Compared(fact, _shown(first, fact), _shown(second, fact), _verdict(first, second, fact))
        for fact in FACTS
    ]


def _asked(tx: Tx, pair: Lookalike) -> Select[Any]:
    members = select(func.count()).where(Member.organisation_id == Organisation.id)
    acting = select(func.count()).where(
        Representative.organisation_id == Organisation.id, Representative.until.is_(None)
    )
    entered = select(func.min(Event.at)).where(
        Event.subject_id == Organisation.id, Event.subject_type == "organisation"
    )
    columns = ("id", *NUMBERS, "created_on", "last_agm_on")
    return select(
        *(getattr(Organisation, name) for name in columns),
        members.scalar_subquery().label("members"),
        acting.scalar_subquery().label("representatives"),
        entered.scalar_subquery().label("registered_at"),
        RULES["organisation.read"].where(tx.actor).label("readable"),
    ).where(Organisation.id.in_((pair.first_id, pair.second_id)))


def _shown(row: dict[str, Any], fact: str) -> Any:
    return _value(row, fact) if row["readable"] else None


def _value(row: dict[str, Any], fact: str) -> Any:
    if fact == "registered_on":
        at = row["registered_at"]
        return local(at).date() if at else None
    return row[fact]


def _verdict(first: dict[str, Any], second: dict[str, Any], fact: str) -> str:
    one, other = _value(first, fact), _value(second, fact)
    hidden = not (first["readable"] and second["readable"])
    if hidden and (fact not in NUMBERS or not (one and other)):
        return "unknown"
    if one is None or other is None:
        return "missing"
    if fact in NUMBERS:
        one, other = bare_number(one), bare_number(other)
    return "same" if one == other else "different"
