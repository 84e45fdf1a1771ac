"""Organisations that may be one: read by the officers of both provinces, settled by them, never by itself."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Response

from ...core.actor import Actor
from ...core.tx import Tx, transaction
from ...web.deps import CurrentActor, Cursor, IfMatch, Limit, etag
from .. import commands, queries
from ..models import Lookalike, LookalikeState
from ..schemas import LookalikeOut, LookalikesPage, SettleIn

router = APIRouter(prefix="/lookalikes", tags=["organisations"])


@router.get("")
def list_lookalikes(
    actor: CurrentActor, state: LookalikeState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> LookalikesPage:
    """The pairs that concern one's provinces, the latest found first."""
    with transaction(actor) as tx:
        page = queries.lookalikes(tx, state, cursor, limit)
        return LookalikesPage(items=queries.told(tx, page.items), next=page.next)


@router.get("/{lookalike_id}")
def read_lookalike(lookalike_id: UUID, response: Response, actor: CurrentActor) -> LookalikeOut:
    """A pair: of the other province's organisation, only what comparing needs."""
    with transaction(actor) as tx:
        pair = queries.lookalike(tx, lookalike_id)
        etag(response, pair)
        return queries.told_one(tx, pair)


@router.post("/{lookalike_id}/distinguish")
def distinguish_lookalike(
    lookalike_id: UUID, given: SettleIn, version: IfMatch, response: Response, actor: CurrentActor
) -> LookalikeOut:
    """They are two, and why: flagged again only when they come to share something more."""
    return _settle(actor, response, lambda tx: commands.distinguish(tx, lookalike_id, given, version))


@router.post("/{lookalike_id}/merge")
def merge_lookalike(
    lookalike_id: UUID, given: SettleIn, version: IfMatch, response: Response, actor: CurrentActor
) -> LookalikeOut:
    """They are one, and why: the newer one is only read from now on; its dossiers stay its own.

    Asked of an officer of the newer one's province.
    """
    return _settle(actor, response, lambda tx: commands.merge(tx, lookalike_id, given, version))


def _settle(actor: Actor, response: Response, settle: Callable[[Tx], Lookalike]) -> LookalikeOut:
    with transaction(actor) as tx:
        pair = settle(tx)
        etag(response, pair)
        return queries.told_one(tx, pair)
