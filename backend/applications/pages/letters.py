"""Letters of screening, to be printed: one dossier's, or those of a narrowed list."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.calendar import local
from ...core.i18n import translate
from ...core.tx import transaction
from ...files.serving import PROTECTED, disposition
from ...web.deps import EntryActor, PageActor
from ...web.forms import see_other
from ...web.language import language_of
from .. import letters, queries, wanted
from .parts import home_of

router = APIRouter()


@router.get("/applications/{application_id}/letter.pdf")
def letter(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What screening said of the dossier, for its holder and for who helps or screens her."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        if not letters.has_letter(application):
            return see_other(home_of(application_id))
        lang = language_of(request, actor)
        found = letters.printed(tx, [application], lang)
    name = translate(lang, "lettre-{number}.pdf", number=application.number)
    return _pdf(found, name, f"lettre-{application.number}.pdf")


@router.get("/das/applications/letters.pdf")
def letters_of_list(request: Request, actor: EntryActor) -> Response:
    """Those of the dossiers that the address narrows the list to, in one document."""
    with transaction(actor) as tx:
        asked = wanted.read(request.query_params)
        lang = language_of(request, actor)
        found = letters.printed(tx, letters.of_filters(tx, asked.sound), lang)
        day = f"{local(tx.now):%Y-%m-%d}"
    return _pdf(found, translate(lang, "lettres-{day}.pdf", day=day), f"lettres-{day}.pdf")


def _pdf(content: bytes, name: str, plain: str) -> Response:
    headers = PROTECTED | {"Content-Disposition": disposition("inline", name, plain)}
    return Response(content, media_type="application/pdf", headers=headers)
