"""The financial model of a dossier, before its evaluator."""

from uuid import UUID

from fastapi import APIRouter, Request

from ...applications.viability import DRAWS
from ...applications.viability_schemas import ViabilityOut, out
from ...core.tx import transaction
from ...web.deps import CurrentActor
from ...web.language import language_of
from .. import commands, queries
from ..lifecycle import VIABILITY_LATER

router = APIRouter(prefix="/assignments/{assignment_id}/viability", tags=["reviews"])


@router.get("")
def read_viability(assignment_id: UUID, actor: CurrentActor, request: Request) -> ViabilityOut:
    """The study of the plan as deposited, once you have asked to see it (409 before); 404 unless yours."""
    with transaction(actor) as tx:
        found = queries.modelled(tx, assignment_id, DRAWS)
        if found.study is None:
            raise VIABILITY_LATER(missing=[one.code for one in found.gate.first])
        return out(found.study, language_of(request, actor))


@router.post("/see")
def see_viability(assignment_id: UUID, actor: CurrentActor, request: Request) -> ViabilityOut:
    """Ask to see it: the moment is kept, and your marks as they stand. Asked again, nothing changes.

    Refused (409) while the call wants you to mark its criteria of feasibility first.
    """
    with transaction(actor) as tx:
        commands.see_viability(tx, assignment_id)
        found = queries.modelled(tx, assignment_id, DRAWS)
        assert found.study
        return out(found.study, language_of(request, actor))
