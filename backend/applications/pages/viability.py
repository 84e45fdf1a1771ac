"""Does the project hold? The holder's study as she writes, the officer's of what was deposited."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.tx import transaction
from ...web.deps import PageActor
from ...web.language import language_of
from ...web.render import render
from .. import deposits, queries
from ..lifecycle import editable, working
from ..models import Application
from ..viability import deposited, studied
from ..viability_inputs import rate_at, read_at
from ..viability_shown import page, panel
from .parts import home_of

router = APIRouter()
SECTIONS = ("plan", "budget", "financing")
"""Beside whose forms the first sentences of the study are said."""


@router.get("/applications/{application_id}/viability")
def study_page(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What becomes of the plan as it is written now; each figure leads to its fields."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        content = deposits.written(tx, application)
        may_change = tx.may(["application.edit"], application)["application.edit"] and not editable(
            tx, application
        )
        found = studied(application, content, len(application.organisation.members))
        return render(
            request,
            actor,
            "applications/viability.html",
            application=application,
            call=application.call,
            organisation=application.organisation,
            hers=queries.holds(tx, application),
            may_change=may_change,
            v=page(found, lang),
            where=ways(application, content)
            if may_change
            else read_at(home_of(application.id), application.call),
            content=content,
            documents=(),
            whole=opened(request),
        )


@router.get("/das/applications/{application_id}/viability")
def study_of_file(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """The same of the version that stands deposited, for those who instruct it."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        tx.allow("dossiers.read", application.call)
        found = deposited(application, len(application.organisation.members))
        return render(
            request,
            actor,
            "applications/das_viability.html",
            application=application,
            call=application.call,
            organisation=application.organisation,
            v=page(found, language_of(request, actor)),
            where=read_at(f"/das/applications/{application.id}", application.call),
            content=application.content,
            documents=(),
            whole=opened(request),
        )


def live(application: Application, lang: str) -> dict[str, Any]:
    """The panel beside a form: without draws, so that it follows what is typed."""
    content = working(application)
    found = studied(application, content, len(application.organisation.members), draws=0)
    return {"v": panel(found, lang), "where": ways(application, content)}


def opened(request: Request) -> bool:
    """Whether everything that folds is asked open (`?open=all`): paper does not unfold."""
    return request.query_params.get("open") == "all"


def ways(application: Application, content: Mapping[str, Any]) -> Callable[[str], str]:
    """The way to a field of the dossier, as its form knows it; nothing for what nobody types there."""
    home = home_of(application.id)

    def way(field: str) -> str:
        section, _, path = field.partition(".")
        if section == "call":
            return rate_at(application.call, field)
        if section == "members":
            return f"{home}/members"
        if path == "jobs":
            return f"{home}/results#jobs_women"
        return f"{home}/{section}#{_anchor(content, section, path)}"

    return way


def _anchor(content: Mapping[str, Any], section: str, path: str) -> str:
    """The id of the field: a list's is where its rows are; an amount may be typed as a unit price."""
    rows, _, rest = path.partition(".")
    if not rest and rows in ("products", "lines"):
        return "rows"
    if section == "budget" and path.endswith(".amount_centimes"):
        place = int(rest.partition(".")[0])
        line = ((content.get("budget") or {}).get("lines") or [])[place]
        if line.get("amount_centimes") is None or line.get("unit_price_centimes") is not None:
            return path.replace("amount_centimes", "unit_price_centimes")
    return path
