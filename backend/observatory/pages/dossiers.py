"""The export of dossiers: what it will hold is said, columns are chosen, then it is downloaded."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from ...applications import wanted
from ...applications.bulk import MOST, Chosen
from ...core.errors import Problem
from ...core.tx import transaction
from ...web.deps import EntryActor
from ...web.forms import told, uuid_of
from ...web.render import language_of, render
from .. import dossiers, exporting, sheets
from ..policy import AUDITORS

router = APIRouter()
HERE = "/das/exports"
Kind = Annotated[str, Query(pattern="^(csv|xlsx)$")]


@router.get(HERE)
def choose_export(request: Request, actor: EntryActor) -> Response:
    """How many dossiers, which columns, which kind of file."""
    values = request.query_params
    chosen, asked = _chosen(values), wanted.read(values)
    refusal, count, lang = None, 0, language_of(request, actor)
    with transaction(actor) as tx:
        taken = exporting.latest(tx, lang)
        try:
            _ = asked.sound
            count = dossiers.how_many(tx, chosen)
        except Problem as problem:
            refusal = told(problem, request, actor)
    return render(
        request,
        actor,
        "observatory/export.html",
        status=refusal.status if refusal else 200,
        count=count,
        fields=[(code, field.head, code in dossiers.USUAL) for code, field in dossiers.FIELDS.items()],
        asked=asked.typed,
        picked=chosen.picked,
        most=dossiers.MOST_IN_EXCEL,
        back=asked.address(),
        refusal=refusal,
        here=HERE,
        one_call=bool(asked.filters.call_id),
        taken=taken,
        everybody=bool(actor.provinces(*AUDITORS)),
    )


@router.get(f"{HERE}/dossiers")
def export_dossiers(request: Request, actor: EntryActor, kind: Kind = "xlsx") -> Response:
    """The file: all the dossiers chosen, none cut off."""
    values = request.query_params
    chosen = _chosen(values)
    if not chosen.picked:
        _ = wanted.read(values).sound
    with transaction(actor) as tx:
        written = exporting.take(tx, chosen, values.getlist("column"), kind, language_of(request, actor))
    return sheets.answer(written)


def _chosen(values: QueryParams) -> Chosen:
    keys = [key for key in map(uuid_of, values.getlist("pick")) if key]
    return Chosen(tuple(keys[:MOST])) if "pick" in values else Chosen(filters=wanted.read(values).filters)
