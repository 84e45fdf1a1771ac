"""Organisations that may be one, side by side, for the officers of both provinces."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import or_, select

from ...core.actor import Actor
from ...core.errors import Problem
from ...core.tx import Tx, transaction
from ...web.deps import EntryActor, PageActor
from ...web.forms import Typed, read
from ...web.links import Related, related
from ...web.render import render
from .. import commands, queries
from ..lifecycle import GROUNDS
from ..models import Lookalike, LookalikeState, Organisation
from ..resemblance import closest
from ..schemas import LookalikeOut, SettleIn
from . import parts

router = APIRouter(prefix="/das/lookalikes")


@related("organisation", "link.organisation.lookalike", order=10)
def flagged_of(tx: Tx, organisation: Organisation) -> Related | None:
    """The pair that an officer has to compare."""
    asked = select(Lookalike.id).where(
        Lookalike.state == LookalikeState.FLAGGED,
        or_(Lookalike.first_id == organisation.id, Lookalike.second_id == organisation.id),
    )
    found = tx.session.scalar(tx.visible(asked, "lookalike.read").order_by(Lookalike.id).limit(1))
    return Related(f"/das/lookalikes/{found}", "state.lookalike.flagged") if found else None


@router.get("")
def list_lookalikes(
    request: Request, actor: EntryActor, state: str = "flagged", cursor: str = ""
) -> Response:
    wanted = LookalikeState(state) if state in list(LookalikeState) else None
    with transaction(actor) as tx:
        page = queries.lookalikes(tx, wanted, cursor or None, 50)
        found = queries.told(tx, page.items)
        count = queries.count_lookalikes(tx, wanted)
        names = dict(parts.provinces(tx, parts.words_of(request, actor)))
    return render(
        request,
        actor,
        "people/lookalikes.html",
        pairs=found,
        count=count,
        next=page.next,
        state=wanted or "",
        states=parts.enum_options(parts.words_of(request, actor), "state.lookalike", LookalikeState),
        names=names,
    )


@router.get("/{lookalike_id}")
def show_lookalike(lookalike_id: UUID, request: Request, actor: PageActor) -> Response:
    return _page(lookalike_id, request, actor)


@router.post("/{lookalike_id}/{verb}")
def settle(lookalike_id: UUID, verb: str, request: Request, actor: PageActor, typed: Typed) -> Response:
    """`verb` is distinguish or merge, as the button says."""
    act = commands.merge if verb == "merge" else commands.distinguish
    try:
        given = read(SettleIn, {"reason": typed.get("reason", "")})
        with transaction(actor) as tx:
            act(tx, lookalike_id, given, parts.version_of(typed))
    except Problem as refusal:
        shown = parts.refused(refusal, request, actor, reason=f"reason-{verb}")
        return _page(lookalike_id, request, actor, typed=typed | {"verb": verb}, **shown)
    return parts.see_other(f"/das/lookalikes/{lookalike_id}")


def _page(lookalike_id: UUID, request: Request, actor: Actor, **context: Any) -> Response:
    lang = parts.words_of(request, actor)
    with transaction(actor) as tx:
        row = queries.lookalike(tx, lookalike_id)
        pair, facts = queries.told_one(tx, row), queries.compared(tx, row)
        names = dict(parts.provinces(tx, lang))
        communes = _communes(tx, pair, lang)
    known: dict[str, Any] = parts.ACCEPTED | {"typed": {}} | context
    return render(
        request, actor, "people/lookalike.html", pair=pair, names=names, communes=communes,
        grounds=GROUNDS, facts=facts, closest=closest(pair.first.name, pair.second.name)[0], **known,
    )  # fmt: skip


def _communes(tx: Tx, pair: LookalikeOut, lang: str) -> dict[str, str]:
    places = {pair.first.province_code, pair.second.province_code}
    return {code: name for place in sorted(places) for code, name in parts.communes(tx, place, lang)}
