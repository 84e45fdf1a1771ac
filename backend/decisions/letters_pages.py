"""Letters as pages: a call's queue, each letter's paper, and the check that anybody may make."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy import select
from starlette.responses import Response

from ..applications.receipts import read_code, readable
from ..calls.models import Call
from ..core.errors import FORBIDDEN, NOT_FOUND, Problem
from ..core.tx import Tx, transaction
from ..files.serving import PROTECTED, disposition
from ..people.policy import OVERSEERS
from ..web.deps import AnyActor, PageActor
from ..web.forms import refused, see_other, uuid_typed
from ..web.render import language_of, render
from . import letters, letters_printed
from .models import Letter, LetterState
from .policy import RUNNERS

router = APIRouter()
Code = Annotated[str, Path(max_length=40)]


async def _chosen(request: Request) -> tuple[list[str], bool]:
    form = await request.form(max_fields=letters.MOST + 5, max_files=0)
    return [str(one) for one in form.getlist("letter")], bool(form.get("all"))


Chosen = Annotated[tuple[list[str], bool], Depends(_chosen)]


@router.get("/das/calls/{call_id}/letters")
def letters_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """The letters of a call: those that wait for a person, then those that left."""
    with transaction(actor) as tx:
        return _queue(request, tx, call_id)


@router.post("/das/calls/{call_id}/letters")
def release_form(request: Request, actor: PageActor, call_id: UUID, chosen: Chosen) -> Response:
    """Release those that were ticked, or all of them."""
    typed, every = chosen
    try:
        with transaction(actor) as tx:
            letters.release(tx, call_id, None if every else [uuid_typed(one, "letter") for one in typed])
    except Problem as refusal:
        with transaction(actor) as tx:
            return _queue(request, tx, call_id, refusal)
    return see_other(f"/das/calls/{call_id}/letters")


def _queue(request: Request, tx: Tx, call_id: UUID, refusal: Problem | None = None) -> Response:
    answer = refused(refusal, request, tx.actor)
    if tx.actor.roles.isdisjoint((*RUNNERS, *OVERSEERS)):  # a holder reads hers with her decision
        raise FORBIDDEN(page=request.url.path)
    call = tx.get(Call, call_id, "call.read")
    found = letters.of_call(tx, call_id)
    may = tx.may(["call.release_letters"], call)["call.release_letters"]
    if not found and not may:
        raise NOT_FOUND(thing="call")
    context: dict[str, Any] = {
        "call": call,
        "queued": [one for one in found if one.state is LetterState.QUEUED],
        "gone": [one for one in found if one.state is not LetterState.QUEUED],
        "may": may,
    }
    return render(request, tx.actor, "decisions/letters.html", **answer, **context)


@router.get("/letters/{code}")
def check_letter(request: Request, actor: AnyActor, code: Code) -> Response:
    """Anybody who holds the paper: is it ours, and what is its fingerprint? Not what it says."""
    with transaction(actor) as tx:
        found = _of(tx, code, "letter.check")
        mine = tx.may(["letter.read"], found)["letter.read"] if actor.is_authenticated else False
        return render(
            request, actor, "decisions/letter_check.html", letter=found, mine=mine, readable=readable
        )


@router.get("/letters/{code}/pdf")
def letter_pdf(request: Request, actor: PageActor, code: Code) -> Response:
    """The paper in the reader's language: the holder's once released, a preview for who runs the queue."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        found = _of(tx, code, "letter.read")
        content = letters_printed.pdf(found, lang)
    name = f"{found.content['number']}-{found.kind}-{lang}.pdf"
    headers = PROTECTED | {"Content-Disposition": disposition("inline", name)}
    return Response(content, media_type="application/pdf", headers=headers)


def _of(tx: Tx, typed: str, rule: str) -> Letter:
    asked = select(Letter).where(Letter.code == (read_code(typed) or ""))
    found = tx.session.scalars(tx.visible(asked, rule)).one_or_none()
    if found is None:
        raise NOT_FOUND(thing="letter")
    return found
