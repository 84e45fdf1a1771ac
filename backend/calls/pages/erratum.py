"""An erratum: begun from the call, written in the editor, read as a difference, published or dropped."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.errors import FORBIDDEN, NOT_FOUND, Problem
from backend.core.tx import Tx, transaction
from backend.web.deps import PageActor
from backend.web.forms import Typed, attempt, refused, see_other, version_of
from backend.web.links import Related, related
from backend.web.render import render

from .. import queries
from ..callfile import CallFileInvalid
from ..callfile.cautions import cautions
from ..differences import differences
from ..editor import draft, erratum, sheet
from ..editor.faults import located
from ..lifecycle import LIFECYCLE, has_deposits, phase, readers_of_amendment
from ..models import Call
from .reasons import FIELDS, reason_of

router = APIRouter()


@related("call", "link.call.erratum", order=2)
def erratum_link(tx: Tx, call: Call) -> Related | None:
    """An erratum in preparation is where the work on the call goes on."""
    hers = erratum.preparing(tx, call) and tx.may(["call.amend"], call)["call.amend"]
    return Related(f"/das/calls/{call.id}/erratum") if hers else None


@router.get("/das/calls/{call_id}/erratum")
def erratum_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """Where an erratum stands: to be begun, or before → after with what is left to do."""
    with transaction(actor) as tx:
        return _page(request, actor, tx, _hers(tx, call_id), {})


@router.post("/das/calls/{call_id}/erratum/start")
def begin_erratum(
    request: Request, actor: PageActor, call_id: UUID, typed: Typed, section: str = "", item: str = ""
) -> Response:
    """Make the working copy and open it; what a tab left open had typed is put into it."""
    position = int(item) if item.isascii() and item.isdigit() and len(item) < 5 else None
    start = f"/das/calls/{call_id}/edit"

    def begin(tx: Tx) -> str:
        opened = erratum.begin(tx, call_id)
        if section == "text":
            draft.save(tx, call_id, typed.get("source", "").replace("\r\n", "\n"))
            return f"{start}/text"
        if not section:
            return start
        page = sheet.opened(opened, section, position)
        page.take(typed)
        draft.save(tx, call_id, page.text())
        return page.path

    def again(tx: Tx, refusal: Problem) -> Response:
        return _page(request, actor, tx, _hers(tx, call_id), {}, refusal)

    try:
        return attempt(actor, begin, lambda where: where, again)
    except CallFileInvalid:  # a text that could not be opened again: the erratum begins without it
        raise NOT_FOUND(thing="call") from None


@router.post("/das/calls/{call_id}/erratum")
def publish_erratum(request: Request, actor: PageActor, call_id: UUID, typed: Typed) -> Response:
    """Publish what was read as the next version, with its reason; 412 when the call or the text changed."""
    versions = [version_of(typed.get(name, "")) for name in ("version", "text_version")]

    def publish(tx: Tx) -> Any:
        _hers(tx, call_id)
        return erratum.publish(tx, call_id, reason_of(typed), versions[0], versions[1])

    def again(tx: Tx, refusal: Problem) -> Response:
        return _page(request, actor, tx, _hers(tx, call_id), typed, refusal)

    return attempt(actor, publish, f"/das/calls/{call_id}", again)


@router.get("/das/calls/{call_id}/erratum/discard")
def discard_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """What would be lost, before it is."""
    with transaction(actor) as tx:
        call = _hers(tx, call_id)
        opened = erratum.prepared(tx, call)
        return render(
            request, actor, "calls/das_erratum_discard.html",
            call=call, phase=phase(call, tx.now), draft=opened, changes=_changes(opened),
        )  # fmt: skip


@router.post("/das/calls/{call_id}/erratum/discard")
def discard_erratum(actor: PageActor, call_id: UUID, typed: Typed) -> Response:
    """Drop the working copy; the published call stands as it is."""
    with transaction(actor) as tx:
        erratum.discard(tx, call_id, version_of(typed.get("text_version", "")))
    return see_other(f"/das/calls/{call_id}")


def _hers(tx: Tx, call_id: UUID) -> Call:
    call = tx.get(Call, call_id, "call.read")
    if not tx.may(["call.amend"], call)["call.amend"]:
        raise FORBIDDEN(rule="call.amend")
    return call


def _changes(opened: draft.Draft) -> list[Any]:
    return differences(opened.amends.before, opened.file) if opened.amends and opened.file else []


def _page(
    request: Request, actor: Actor, tx: Tx, call: Call, typed: dict[str, str], refusal: Problem | None = None
) -> Response:
    opened = draft.current(tx, call) if erratum.preparing(tx, call) else None
    faults = located(opened.issues) if opened else []
    warned = located(cautions(opened.file)) if opened and opened.file else []
    file = queries.definition(call)
    known = {(one.code, one.path) for one in cautions(file)}
    fresh = [one for one in warned if (one.issue.code, one.issue.path) not in known]
    return render(
        request,
        actor,
        "calls/das_erratum.html",
        call=call,
        phase=phase(call, tx.now),
        amends="amend" in LIFECYCLE.available(tx, call),
        deposited=has_deposits(tx, call),
        draft=opened,
        changes=_changes(opened) if opened else [],
        faults=sheet.links(opened, faults) if opened else [],
        cautions=sheet.links(opened, fresh) if opened else [],
        readers=readers_of_amendment(tx, call),
        typed=typed,
        **refused(refusal, request, actor, **FIELDS),
    )
