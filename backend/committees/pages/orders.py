"""The order that creates a committee: its signed file, and what was mistyped of it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.config import settings
from ...core.errors import Problem
from ...core.i18n import label
from ...core.tx import Tx, transaction
from ...files import intake
from ...files.content import EXTENSIONS
from ...files.serving import served
from ...web.deps import AnyActor, PageActor
from ...web.forms import Typed, attempt, read, refused, see_other
from ...web.middleware import MAX_BODY, make_room
from ...web.render import language_of, render
from ...web.uploads import Posted, closing, file_of
from .. import commands, orders
from ..models import Committee, CommitteeKind
from ..schemas import OrderIn
from .parts import nested

router = APIRouter()
make_room("POST", r"/committees/[0-9a-f-]{36}/order/file", lambda: settings().file_limit + MAX_BODY)


@router.get("/committees/{committee_id}/order/file")
def order_file(request: Request, actor: AnyActor, committee_id: UUID) -> Response:
    """The signed order itself: an act of the administration, for everybody."""
    with transaction(actor) as tx:
        file = orders.order_file(tx, committee_id)
    return served(request, file)


@router.get("/committees/{committee_id}/order")
def order_page(request: Request, actor: PageActor, committee_id: UUID) -> Response:
    """The officer's form on the order: its paper, then its words."""
    with transaction(actor) as tx:
        return _page(request, tx, committee_id)


@router.post("/committees/{committee_id}/order")
def correct_order_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """Mend the number, the day, the name or the kind."""

    def act(tx: Tx) -> None:
        commands.correct_committee(tx, committee_id, read(OrderIn, nested(typed)))

    return attempt(
        actor,
        act,
        f"/committees/{committee_id}?done=order",
        lambda tx, refusal: _page(request, tx, committee_id, typed, refusal),
    )


@router.post("/committees/{committee_id}/order/file")
def file_order_form(request: Request, actor: PageActor, committee_id: UUID, sent: Posted) -> Response:
    """Keep the signed order: examined and scanned before any row speaks of it."""
    kept = None
    with closing(sent):
        try:
            with transaction(actor) as tx:  # before anything is kept
                tx.get(Committee, committee_id, "committee.edit")
                tx.recorded = True
            file = file_of(sent)
            kept = intake.keep(file.file, file.filename or "")
            with transaction(actor) as tx:
                commands.file_order(tx, committee_id, kept)
        except Problem as refusal:
            if kept:
                intake.discard(kept)
            with transaction(actor) as tx:
                return _page(request, tx, committee_id, None, refusal)
    return see_other(f"/committees/{committee_id}?done=order")


def _page(
    request: Request,
    tx: Tx,
    committee_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    committee = tx.get(Committee, committee_id, "committee.edit")
    tx.recorded = True  # read under the right to edit, nothing written
    lang = language_of(request, tx.actor)
    written: dict[str, Any] = {
        "kind": committee.kind,
        "name.fr": committee.name.get("fr", ""),
        "name.ar": committee.name.get("ar", ""),
        "order_number": committee.order_number,
        "ordered_on": committee.ordered_on.isoformat(),
    }
    return render(
        request,
        tx.actor,
        "committees/order.html",
        **answer,
        committee=committee,
        typed=written if typed is None else typed,
        kinds=[(one, label(lang, f"enum.committee_kind.{one}")) for one in CommitteeKind],
        accept=",".join(EXTENSIONS),
        limit=settings().file_limit,
    )
