"""Agents of the plateforme and the holders whom they help."""

from uuid import UUID

from fastapi import APIRouter

from ...core.tx import transaction
from ...web.deps import CurrentActor
from .. import commands, queries
from ..models import Accompaniment
from ..schemas import AccompanimentOut, AccompanimentsPage, AccompanyIn, CodeIn

router = APIRouter(prefix="/accompaniments", tags=["organisations"])


@router.get("")
def list_accompaniments(actor: CurrentActor) -> AccompanimentsPage:
    """The organisations that you help or helped as an agent."""
    with transaction(actor) as tx:
        return AccompanimentsPage(items=[out(row) for row in queries.accompaniments(tx)])


@router.post("", status_code=201)
def ask_accompaniment(given: AccompanyIn, actor: CurrentActor) -> AccompanimentOut:
    """Ask a holder, by her organisation's register number, to let you help her: she receives a code.

    The answer is the same whether or not the number is anybody's.
    """
    with transaction(actor) as tx:
        return out(commands.ask_accompaniment(tx, given))


@router.post("/{accompaniment_id}/confirm")
def confirm_accompaniment(accompaniment_id: UUID, given: CodeIn, actor: CurrentActor) -> AccompanimentOut:
    """The code that the holder received: from then on you help her, the agent before you no longer."""
    with transaction(actor) as tx:
        done = commands.confirm_accompaniment(tx, accompaniment_id, given.code)
    if done is None:  # counted
        raise commands.CODE_WRONG()
    return out(done)


def out(row: Accompaniment) -> AccompanimentOut:
    told = AccompanimentOut.model_validate(row)
    told.organisation_id = row.organisation_id if row.since else None
    return told
