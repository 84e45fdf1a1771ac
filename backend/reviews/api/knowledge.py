"""What evaluators know: value chains, and where they live or come from."""

from uuid import UUID

from fastapi import APIRouter

from ...core.tx import transaction
from ...web.deps import CurrentActor
from .. import commands, queries
from ..schemas import KnowledgeIn, KnowledgeOut

router = APIRouter(prefix="/evaluators", tags=["reviews"])


@router.get("/{person_id}/knowledge")
def read_knowledge(person_id: UUID, actor: CurrentActor) -> KnowledgeOut:
    """The value chains that an evaluator knows, and her communes."""
    with transaction(actor) as tx:
        return queries.knowledge(tx, person_id)


@router.put("/{person_id}/knowledge")
def declare_knowledge(person_id: UUID, body: KnowledgeIn, actor: CurrentActor) -> KnowledgeOut:
    """Set them, your own or those of an evaluator of your province; what is absent stays."""
    with transaction(actor) as tx:
        commands.know(tx, person_id, body.chains, body.communes)
        return queries.knowledge(tx, person_id)
