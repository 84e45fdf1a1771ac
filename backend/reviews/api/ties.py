"""Ties that the platform suspects between evaluators and holders."""

from uuid import UUID

from fastapi import APIRouter

from ...core.tx import transaction
from ...web.deps import CurrentActor, Cursor, Limit
from .. import commands, queries
from ..models import SuspectedTie, SuspicionState
from ..schemas import SuspectedTieOut, SuspectedTiePage, TieDecisionIn

router = APIRouter(prefix="/suspected-ties", tags=["reviews"])


@router.get("")
def list_suspected_ties(
    actor: CurrentActor,
    *,
    state: SuspicionState | None = None,
    call_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SuspectedTiePage:
    """Evaluators who may be too close to a holder, and why: a person confirms or dismisses."""
    with transaction(actor) as tx:
        page = queries.ties_listed(tx, state=state, call_id=call_id, cursor=cursor, limit=limit)
        return SuspectedTiePage(
            items=[SuspectedTieOut.model_validate(tie) for tie in page.items], next=page.next
        )


@router.get("/{tie_id}")
def read_suspected_tie(tie_id: UUID, actor: CurrentActor) -> SuspectedTieOut:
    """One of them; 404 to those whom it concerns."""
    with transaction(actor) as tx:
        return SuspectedTieOut.model_validate(tx.get(SuspectedTie, tie_id, "suspected_tie.read"))


@router.post("/{tie_id}/confirm")
def confirm_suspected_tie(tie_id: UUID, body: TieDecisionIn, actor: CurrentActor) -> SuspectedTieOut:
    """They are tied: kept as a tie, the holder's dossiers leave her stack, somebody else reads them."""
    with transaction(actor) as tx:
        return SuspectedTieOut.model_validate(commands.confirm(tx, tie_id, body.reason))


@router.post("/{tie_id}/dismiss")
def dismiss_suspected_tie(tie_id: UUID, body: TieDecisionIn, actor: CurrentActor) -> SuspectedTieOut:
    """They are not tied, and this is how the officer knows."""
    with transaction(actor) as tx:
        return SuspectedTieOut.model_validate(commands.dismiss(tx, tie_id, body.reason))
