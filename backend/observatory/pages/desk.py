"""The officer's day, and the country for those who oversee it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.actor import Actor
from ...core.calendar import local
from ...core.errors import FORBIDDEN
from ...core.tx import transaction
from ...obligations import clocks
from ...people.models import Role
from ...people.policy import OVERSEERS
from ...web.deps import PageActor
from ...web.render import render
from ..queries import desk, national

router = APIRouter()
SHOWN = 5
"""Statutory days on the day page: the first ones; the others on their own page."""


def only(actor: Actor, rule: str, *roles: Role) -> None:
    """A page made for some roles: whoever holds none of them is told so (rows keep their own rules)."""
    if not actor.provinces(*roles):
        raise FORBIDDEN(rule=rule)


@router.get("/das")
def today_page(request: Request, actor: PageActor) -> Response:
    """What is stuck, what is due."""
    only(actor, "desk.read", Role.OFFICER)
    with transaction(actor) as tx:
        return render(
            request,
            actor,
            "observatory/das.html",
            lines=desk.today(tx),
            clocks=clocks.due(tx, limit=SHOWN),
            today=local(tx.now).date(),
        )


@router.get("/coordination")
def coordination_page(request: Request, actor: PageActor) -> Response:
    """Every province at every stage; totals are the sums of the lines shown."""
    only(actor, "country.read", *OVERSEERS)
    with transaction(actor) as tx:
        return render(request, actor, "observatory/coordination.html", country=national.country(tx))
