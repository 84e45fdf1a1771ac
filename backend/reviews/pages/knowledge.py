"""What an evaluator knows: the value chains, and the communes where she lives or comes from."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...calls.rules.vocabulary import chain_rows, sector_rows
from ...core.errors import Problem
from ...core.tx import Tx, transaction
from ...web.deps import PageActor
from ...web.forms import Typed, attempt, refused
from ...web.render import language_of, render
from .. import commands, queries

router = APIRouter(prefix="/evaluators/{person_id}")


@router.get("")
def knowledge_page(request: Request, actor: PageActor, person_id: UUID) -> Response:
    """The chains by sector and the communes, to be ticked by herself or by her officer."""
    with transaction(actor) as tx:
        return _page(request, tx, person_id)


@router.post("")
def knowledge_form(request: Request, actor: PageActor, person_id: UUID, typed: Typed) -> Response:
    """Keep what is ticked."""
    chains = [key.removeprefix("chain.") for key in typed if key.startswith("chain.")]
    communes = sorted({typed[key] for key in typed if key.startswith("commune.") and typed[key]})
    return attempt(
        actor,
        lambda tx: commands.know(tx, person_id, chains, communes),
        f"/evaluators/{person_id}?saved=1",
        lambda tx, refusal: _page(request, tx, person_id, refusal),
    )


def _page(request: Request, tx: Tx, person_id: UUID, refusal: Problem | None = None) -> Response:
    answer = refused(refusal, request, tx.actor)
    lang = language_of(request, tx.actor)
    found = queries.knowledge(tx, person_id)
    chains: dict[str, list[tuple[str, str]]] = {}
    for code, row in chain_rows().items():
        chains.setdefault(row["sector"], []).append((code, row[lang]))
    return render(
        request,
        tx.actor,
        "reviews/knowledge.html",
        **answer,
        found=found,
        chains=[
            (sector_rows()[sector][lang], sorted(rows, key=lambda r: r[1])) for sector, rows in chains.items()
        ],
        communes=queries.communes_near(tx, person_id, lang),
        hers=person_id == tx.actor.id,
        edits=queries.may_know(tx, person_id),
        saved="saved" in request.query_params,
    )
