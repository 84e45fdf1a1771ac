"""JSON edge of results: published by an officer, then everybody's."""

from uuid import UUID

from fastapi import APIRouter

from ..core.tx import transaction
from ..web.deps import AnyActor, CurrentActor
from .results import publishing, reading
from .results.schemas import PublicationOut, ResultsOut, results_out

router = APIRouter(prefix="/calls/{call_id}/results", tags=["decisions"])


@router.get("")
def read_results(call_id: UUID, actor: AnyActor) -> ResultsOut:
    """The results of a call as they stand, with what changed since. Public; 404 until they are published."""
    with transaction(actor) as tx:
        return results_out(reading.public_by_id(tx, call_id))


@router.post("/publish", status_code=201)
def publish_results(call_id: UUID, actor: CurrentActor) -> PublicationOut:
    """Make the results public, and tell every holder who filed. Not undone.

    Refused while a dossier is undecided (`results_undecided`) or a letter waits (`results_letters_wait`).
    """
    with transaction(actor) as tx:
        return PublicationOut.model_validate(publishing.publish(tx, call_id))
