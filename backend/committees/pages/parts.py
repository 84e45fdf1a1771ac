"""What the committees' pages share: forms with names in two languages, days asked for, names of provinces."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import select

from ...core.actor import Actor
from ...core.calendar import local
from ...core.tx import Tx
from ...people import queries as people
from ...people.models import Role
from ...territory.models import Province
from ...web.forms import day_of
from .. import queries

BOXES = ("chairs", "votes", "casting_vote", "proxies_count", "shared")


def nested(typed: dict[str, str]) -> dict[str, Any]:
    """`name.fr` as `{"name": {"fr": …}}`; what was left empty is not said, a box says yes or nothing."""
    found: dict[str, Any] = {}
    for key, value in typed.items():
        if not value.strip():
            continue
        head, _, tail = key.partition(".")
        if tail:
            found.setdefault(head, {})[tail] = value
        else:
            found[head] = value
    for box in BOXES:
        if f"{box}_asked" in found:
            del found[f"{box}_asked"]
            found[box] = found.get(box) == "1"
    return found


def composed(actor: Actor) -> Any:
    """The provinces in which she records committees; None among them stands for all."""
    return actor.provinces(Role.OFFICER, Role.ADMINISTRATOR)


def staff(tx: Tx, province: str) -> list[tuple[UUID, str]]:
    """Who may be given a seat: people with a role in the province, and who sits there already, by name."""
    known = {one.id: one.name for one in people.people(tx, province=province, limit=200).items}
    known |= queries.members_of(tx, province)
    return sorted(known.items(), key=lambda one: (one[1], one[0]))


def names(tx: Tx, codes: set[str]) -> dict[str, dict[str, str]]:
    """Names of provinces."""
    found = tx.session.execute(select(Province.code, Province.name).where(Province.code.in_(codes)))
    return {code: name for code, name in found}  # noqa: C416 (a Row is not a pair to the type checker)


def fraction(of: int, over: int) -> str:
    """`1/2`, as the rules of procedure write it."""
    return f"{of}/{over}"


def asked_day(request: Request, tx: Tx) -> date:
    """The day that the page is asked about (`?on=`): today when none, or none to be read."""
    return day_of(request.query_params.get("on", "")) or local(tx.now).date()
