"""The study of a dossier's plan over JSON."""

from uuid import UUID

from fastapi import APIRouter, Request

from ..core.tx import transaction
from ..web.deps import CurrentActor
from ..web.language import language_of
from . import deposits, queries
from .viability import deposited, studied
from .viability_schemas import ViabilityOut, out

router = APIRouter(prefix="/applications/{application_id}", tags=["applications"])


@router.get("/viability")
def study_viability(application_id: UUID, actor: CurrentActor, request: Request) -> ViabilityOut:
    """What becomes of the plan: as it is written now for those who write it, else as it was deposited.

    Five years of cash with and without the grant, the usual figures with their formulas, inputs and fields,
    what happens when things go worse, a thousand seeded draws, and sentences in your language.
    """
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        members, content = len(application.organisation.members), deposits.written(tx, application)
        if content is application.content and application.submitted_at:
            return out(deposited(application, members), language_of(request, actor))
        return out(studied(application, content, members), language_of(request, actor))
