"""A holder's decision, and the pages of sessions and minutes beside it."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..core.tx import transaction
from ..web.deps import PageActor
from ..web.render import language_of, render
from . import (  # noqa: F401 (links and hooks declare themselves)
    appeals_pages,
    conditions_pages,
    deviation_pages,
    letters_pages,
    links,
    minutes,
    minutes_pages,
    portfolio_pages,
    queries,
    recusals,
    results_pages,
    session_pages,
)
from .appeals import reading
from .conditions import links as conditions_links  # noqa: F401 (links declare themselves)
from .conditions import reading as conditions_reading

router = APIRouter()
router.include_router(appeals_pages.router)
router.include_router(conditions_pages.router)
router.include_router(minutes_pages.router)  # before the verbs of a session, whose paths are wider
router.include_router(portfolio_pages.router)
router.include_router(deviation_pages.router)
router.include_router(letters_pages.router)
router.include_router(results_pages.router)
router.include_router(session_pages.router)


@router.get("/applications/{application_id}/decision")
def decision_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What was decided on a dossier, why, with its scores by criterion."""
    with transaction(actor) as tx:
        heard = queries.of_application(tx, application_id)
        right = reading.right(tx, heard.decision)
        conditions = conditions_reading.of_grant(tx, heard.decision)
    return render(
        request,
        actor,
        "decisions/decision.html",
        heard=heard,
        decision=heard.decision,
        application=heard.application,
        reasons=queries.reasons_in_words(heard.decision, language_of(request, actor)),
        appeal=right,
        conditions=conditions,
    )
