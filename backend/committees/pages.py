"""The committees' pages: who sits and by which rules. Sessions have their own, with the decisions."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from backend.core.calendar import local
from backend.core.tx import Tx, transaction
from backend.people.models import Role
from backend.people.policy import OVERSEERS
from backend.territory.models import Province
from backend.web import nav
from backend.web.deps import AnyActor, Cursor
from backend.web.render import render

from . import queries
from .models import Committee
from .procedure import count_quorum

router = APIRouter()
nav.entry("/committees", "nav.committees", {Role.EVALUATOR, Role.CHAIR, Role.OFFICER, *OVERSEERS}, 60)


@router.get("/committees")
def committees_page(request: Request, actor: AnyActor, cursor: Cursor = None) -> Response:
    """Every committee, by province."""
    with transaction(actor) as tx:
        page = queries.committees(tx, cursor=cursor)
        seats = queries.seat_counts(tx, [one.id for one in page.items], local(tx.now).date())
        names = _names(tx, {one.province_code for one in page.items})
        rows = [(one, names[one.province_code], seats[one.id]) for one in page.items]
        return render(request, actor, "committees/list.html", rows=rows, next=page.next)


@router.get("/committees/{committee_id}")
def committee_page(request: Request, actor: AnyActor, committee_id: UUID) -> Response:
    """One committee: its order, its seats by college, its rules in words, the sessions she may see."""
    with transaction(actor) as tx:
        committee = tx.get(Committee, committee_id, "committee.read")
        today = local(tx.now).date()
        sittings = queries.seats_on(tx, [committee.id], today)
        procedure = queries.procedure_on(tx, committee.id, today)
        voting = sum(1 for one in sittings if one.seat.votes)
        return render(
            request,
            actor,
            "committees/committee.html",
            committee=committee,
            province=_names(tx, {committee.province_code})[committee.province_code],
            colleges=queries.by_college(sittings),
            total=len(sittings),
            procedure=procedure,
            quorum=count_quorum(voting, 0, procedure.quorum_of, procedure.quorum_over) if procedure else None,
            fraction=_fraction,
            sessions=queries.sessions(tx, committee.id, limit=20).items if actor.is_authenticated else [],
        )


def _names(tx: Tx, codes: set[str]) -> dict[str, dict[str, str]]:
    found = tx.session.execute(select(Province.code, Province.name).where(Province.code.in_(codes)))
    return {code: name for code, name in found}  # noqa: C416 (a Row is not a pair to the type checker)


def _fraction(of: int, over: int) -> str:
    """`1/2`, as the rules of procedure write it."""
    return f"{of}/{over}"
