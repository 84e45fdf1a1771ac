"""Results as pages: before they are published, what will be; then the public page and its paper."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from ..calls.models import Call
from ..core.errors import FORBIDDEN, Problem
from ..core.tx import Tx, transaction
from ..web.deps import AnyActor, PageActor
from ..web.forms import attempt, refused
from ..web.problems import describe
from ..web.render import language_of, render
from .results import printed, publishing, reading

router = APIRouter()
Code = Annotated[str, Path(max_length=60)]


@router.get("/calls/{code}/results")
def results_page(request: Request, actor: AnyActor, code: Code) -> Response:
    """Anybody: who is funded and for how much, who waits in which order, how many were refused."""
    with transaction(actor) as tx:
        return render(request, actor, "decisions/results.html", results=reading.public(tx, code))


@router.get("/calls/{code}/results.pdf")
def results_pdf(request: Request, actor: AnyActor, code: Code) -> Response:
    """The same to print, in the reader's language: for the boards of communes and of the province."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        content = printed.pdf(reading.public(tx, code), lang, tx.now)
    headers = {"Content-Disposition": f'inline; filename="results-{lang}.pdf"', "Content-Language": lang}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/das/calls/{call_id}/results")
def publish_results_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """What publishing would make public, and what stands in its way."""
    with transaction(actor) as tx:
        return _before(request, tx, call_id)


@router.post("/das/calls/{call_id}/results")
def publish_results_form(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """Publish them; published already (in another tab), the page says since when."""
    back = f"/das/calls/{call_id}/results"
    return attempt(
        actor,
        lambda tx: publishing.publish(tx, call_id),
        back,
        lambda tx, refusal: _before(request, tx, call_id, refusal),
    )


def _before(request: Request, tx: Tx, call_id: UUID, refusal: Problem | None = None) -> Response:
    answer = refused(refusal, request, tx.actor)
    call = tx.get(Call, call_id, "call.read")
    if not tx.may(["call.publish_results"], call)["call.publish_results"]:
        raise FORBIDDEN(rule="call.publish_results")
    found = publishing.missing(tx, call_id)
    made = publishing.of_call(tx, call_id)
    return render(
        request,
        tx.actor,
        "decisions/results_publish.html",
        **answer,
        call=call,
        results=reading.preview(tx, call),
        published=made,
        missing=describe(found, language_of(request, tx.actor)) if found and not made else None,
    )
