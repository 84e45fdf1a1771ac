"""The officer's list of dossiers: narrowed, ordered, counted."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import defer
from starlette.responses import Response

from ...calls.models import Call
from ...core.tx import transaction
from ...web.deps import PageActor
from ...web.language import language_of
from ...web.render import render
from .. import queries, search
from ..models import ApplicationState
from .parts import named

router = APIRouter()
Short = Annotated[str, Field(max_length=200)]


class Asked(BaseModel):
    """What the list is narrowed by; a state that is none narrows nothing."""

    state: Short = ""
    sector: Short = ""
    rule: Short = ""
    q: Short = ""
    cursor: Annotated[str | None, Field(max_length=2000)] = None


@router.get("/das/calls/{call_id}/applications")
def list_of_call(
    request: Request, actor: PageActor, call_id: UUID, typed: Annotated[Asked, Query()]
) -> Response:
    """The dossiers deposited, by state, by sector, by the rule that refused them."""
    asked = typed.model_dump(exclude={"cursor"})
    chosen = ApplicationState(typed.state) if typed.state in set(ApplicationState) else None
    filters = search.Filters(call_id, chosen, typed.sector or None, None, typed.q or None, typed.rule or None)
    here = f"/das/calls/{call_id}/applications"
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "dossiers.read", options=(defer(Call.definition),))
        page = search.listed(tx, filters, typed.cursor)
        counts = search.counts(tx, filters)
        kept = {key: value for key, value in asked.items() if value}
        return render(
            request,
            actor,
            "applications/das_list.html",
            call=call,
            page=page,
            total=search.total(counts, chosen),
            counts=counts,
            screens=tx.may(["call.screen"], call)["call.screen"],
            by_rule=queries.refused_by_rule(tx, call_id),
            next=f"{here}?{urlencode(kept | {'cursor': page.next})}" if page.next else None,
            here=here,
            asked=asked,
            name=named(language_of(request, actor)),
        )
