"""Ties of committee members seated by name, written down by the secretary on a dossier's own page."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.errors import Problem
from ...core.i18n import localized, translate
from ...core.tx import Tx, transaction
from ...web.deps import PageActor
from ...web.forms import Typed, attempt, refused, uuid_of
from ...web.language import language_of
from ...web.render import render
from .. import seated

router = APIRouter(prefix="/das/applications/{application_id}/seats")


@router.get("")
def seats_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """Who sits by name in the province's committees, and who of them is tied to the holder."""
    with transaction(actor) as tx:
        return _page(request, tx, application_id)


@router.post("")
def record_tie(request: Request, actor: PageActor, application_id: UUID, typed: Typed) -> Response:
    """Write a tie down."""
    return attempt(
        actor,
        lambda tx: seated.record(
            tx, application_id, uuid_of(typed.get("person_id", "")), typed.get("reason", "")
        ),
        f"/das/applications/{application_id}/seats?saved=1",
        lambda tx, refusal: _page(request, tx, application_id, typed, refusal),
    )


def _page(
    request: Request,
    tx: Tx,
    application_id: UUID,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    lang = language_of(request, tx.actor)
    answer = refused(refusal, request, tx.actor)
    application = seated.dossier(tx, application_id)
    found = seated.seated(tx, application)
    chosen = [("", translate(lang, "Choisissez un membre"))]
    chosen += [(str(one.person_id), _called(one, lang)) for one in found if not one.tie]
    return render(
        request,
        tx.actor,
        "reviews/seats.html",
        **answer,
        application=application,
        tied=[one for one in found if one.tie],
        free=chosen,
        typed=typed or {},
        saved=bool(request.query_params.get("saved")),
    )


def _called(one: seated.Seated, lang: str) -> str:
    name = localized(lang, one.name)
    return f"{name} ({' · '.join(localized(lang, committee) for committee in one.committees)})"
