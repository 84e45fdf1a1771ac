"""The ranking of a call, the file that proves it, and what its panel is worth."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import TypeAdapter

from ...core.tx import transaction
from ...web.deps import CurrentActor, Cursor, Limit
from .. import commands, queries
from ..models import Standing
from ..schemas import PanelAnswer, PanelOut, RankingOut, StandingOut

router = APIRouter()
_ranking_json = TypeAdapter(RankingOut)


@router.get("/rankings/{call_id}", tags=["reviews"], response_model=RankingOut)
def read_ranking(call_id: UUID, actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """A call's dossiers, best first: score, then the criteria that break ties, then the published draw."""
    with transaction(actor) as tx:
        page = queries.ranking(tx, call_id, cursor, limit)
        if not page.rows:  # who sees a row may read the ranking: the same roles in the same province
            queries.may_rank(tx, call_id)
    rows: list[Any] = [{"rank": rank, **row._asdict()} for rank, row in enumerate(page.rows, page.first)]
    body = _ranking_json.dump_json({"items": rows, "next": page.next})
    return Response(body, media_type="application/json")


@router.get("/rankings/{call_id}/record", tags=["reviews"])
def read_record(call_id: UUID, actor: CurrentActor) -> Response:
    """The ranking as a file that anyone computes again (`./indh ranking verify`), evaluators unnamed.

    For those from whom nothing is hidden: who has declared a tie, or has a review of this call to finish, is
    refused (403) whatever the call holds.
    """
    with transaction(actor) as tx:
        found = queries.record(tx, call_id)
    headers = {"content-disposition": f'attachment; filename="classement-{found.call}.json"'}
    body = found.model_dump_json(indent=1) + "\n"
    return Response(body, media_type="application/json", headers=headers)


@router.get("/rankings/{call_id}/panel", tags=["reviews"])
def read_panel(call_id: UUID, actor: CurrentActor) -> PanelAnswer:
    """Agreement between evaluators, their severity, discordant dossiers: the last report."""
    with transaction(actor) as tx:
        found = queries.panel(tx, call_id)
    report = PanelOut.model_validate(found.report) if found.report else None
    return PanelAnswer(report=report, reported_at=found.reported_at, since=found.since)


@router.post("/rankings/{call_id}/panel", status_code=202, tags=["reviews"])
def ask_report(call_id: UUID, actor: CurrentActor) -> None:
    """Have the report made now; it follows by itself within a minute of a signature."""
    with transaction(actor) as tx:
        commands.ask_report(tx, call_id)


@router.get("/standings/{application_id}", tags=["reviews"])
def read_standing(application_id: UUID, actor: CurrentActor) -> StandingOut:
    """The kept score of one dossier, by criterion."""
    with transaction(actor) as tx:
        return StandingOut.model_validate(tx.get(Standing, application_id, "standing.read"))
