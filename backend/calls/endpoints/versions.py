"""Versions of a published call over JSON."""

from uuid import UUID

from fastapi import APIRouter, Response

from backend.core.tx import transaction
from backend.web.deps import AnyActor, CurrentActor, IfMatch, etag

from .. import commands, queries
from ..models import Call
from ..schemas import ExtendIn, VersionOut, VersionsOut

router = APIRouter()


@router.get("/{call_id}/versions")
def list_call_versions(call_id: UUID, actor: AnyActor) -> VersionsOut:
    """Every version of a call, the latest first, each with its reason and its difference in words."""
    with transaction(actor) as tx:
        found = queries.editions(tx, tx.get(Call, call_id, "call.read"))
        return VersionsOut(items=[VersionOut.model_validate(one) for one in found])


@router.post("/{call_id}/extend")
def extend_call(
    call_id: UUID, body: ExtendIn, actor: CurrentActor, version: IfMatch, response: Response
) -> VersionsOut:
    """Close an open call later; everyone with a dossier in it is told."""
    with transaction(actor) as tx:
        call = commands.extend(tx, call_id, body.closes_at, body.reason.model_dump(), version)
        tx.session.flush()
        etag(response, call)
        return VersionsOut(items=[VersionOut.model_validate(one) for one in queries.editions(tx, call)])
