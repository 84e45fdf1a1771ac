"""One's own data (law 09-08): all that is held of oneself, and being erased."""

from typing import Any

from fastapi import APIRouter
from fastapi.encoders import jsonable_encoder

from ...core.tx import transaction
from ...web.deps import CurrentActor
from .. import commands
from ..schemas import EraseIn

router = APIRouter(prefix="/me", tags=["me"])


@router.post("/export")
def export_my_data(actor: CurrentActor) -> dict[str, list[dict[str, Any]]]:
    """Everything that the platform holds of oneself, by kind; that one asked is recorded."""
    with transaction(actor) as tx:
        _, parts = commands.export_me(tx)
        return {part.code: [jsonable_encoder(dict(row)) for row in part.rows] for part in parts}


@router.post("/erase", status_code=204)
def erase_me(given: EraseIn, actor: CurrentActor) -> None:
    """Remove one's name, address, telephone, password, sessions and tokens, for good.

    409 `erasure_blocked` with the reasons while one is the only representative of an organisation with a
    dossier or a convention that stands. What the law has the administration keep is kept without the name.
    """
    with transaction(actor) as tx:
        commands.erase_me(tx, given)
