"""Conventions and tranches over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from ..core.tx import Tx, transaction
from ..decisions.told import known
from ..web.deps import CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag
from . import commands, ending, queries
from .models import ConventionState, TrancheState
from .schemas import (
    CancelIn,
    ConventionLine,
    ConventionOut,
    ConventionPage,
    OwnIn,
    PrepareCallIn,
    PreparedOut,
    PrepareIn,
    ReleaseIn,
    RenounceIn,
    SignIn,
    TrancheOut,
    TranchePage,
)

router = APIRouter(tags=["conventions"])


def _out(tx: Tx, convention_id: UUID) -> ConventionOut:
    tx.session.flush()
    told = queries.story(tx, convention_id)
    return ConventionOut(
        **queries.line(told.convention, told.released_centimes),
        decision_id=known(tx, [told.convention.decision_id])[told.convention.decision_id],
        prepared_at=told.convention.prepared_at,
        own_evidence=told.convention.own_evidence,
        allowed_verbs=told.verbs,
        tranches=[TrancheOut.model_validate(tranche) for tranche in told.convention.tranches],
    )


def _tagged(tx: Tx, convention_id: UUID, response: Response) -> ConventionOut:
    """The convention as it stands now, its ETag in the response."""
    found = _out(tx, convention_id)
    etag(response, found)
    return found


@router.get("/conventions")
def list_conventions(
    actor: CurrentActor,
    state: ConventionState | None = None,
    call_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ConventionPage:
    """The conventions that you may see, the latest first, with the sums of all that match."""
    narrowed = queries.Filter(state, call_id)
    with transaction(actor) as tx:
        page = queries.listed(tx, narrowed, cursor, limit)
        totals = queries.sums(tx, narrowed)
        items = [
            ConventionLine(**queries.line(convention, int(released))) for convention, released in page.items
        ]
        return ConventionPage(
            items=items,
            next=page.next,
            count=totals.count,
            amount_centimes=totals.amount_centimes,
            own_centimes=totals.own_centimes,
            released_centimes=totals.released_centimes,
        )


@router.post("/conventions", status_code=201)
def prepare_convention(body: PrepareIn, actor: CurrentActor, once: OncePerKey) -> ConventionOut:
    """Prepare the convention of a funded dossier: its number, its tranches, the own contribution to prove."""
    with transaction(actor) as tx:
        return once(  # type: ignore[no-any-return]
            tx, body, lambda: _out(tx, commands.prepare(tx, body.application_id).id)
        )


@router.post("/conventions/prepare", status_code=201)
def prepare_conventions(body: PrepareCallIn, actor: CurrentActor, once: OncePerKey) -> PreparedOut:
    """Prepare conventions for a call's funded dossiers that have none yet; again, it prepares none."""
    with transaction(actor) as tx:
        return once(  # type: ignore[no-any-return]
            tx, body, lambda: PreparedOut(items=[c.id for c in commands.prepare_call(tx, body.call_id)])
        )


@router.get("/conventions/{convention_id}")
def read_convention(convention_id: UUID, actor: CurrentActor, response: Response) -> ConventionOut:
    """One convention with its tranches; its ETag is asked for by every edit."""
    with transaction(actor) as tx:
        return _tagged(tx, convention_id, response)


@router.post("/conventions/{convention_id}/prove-own")
def prove_own_contribution(
    convention_id: UUID, body: OwnIn, actor: CurrentActor, version: IfMatch, response: Response
) -> ConventionOut:
    """Note the proof of the holder's own contribution: no tranche is released before."""
    with transaction(actor) as tx:
        return _tagged(tx, commands.prove_own(tx, convention_id, body.evidence, version).id, response)


@router.post("/conventions/{convention_id}/sign")
def sign_convention(
    convention_id: UUID, body: SignIn, actor: CurrentActor, version: IfMatch, response: Response
) -> ConventionOut:
    """Note the day on which the convention was signed; coaching is dated from it."""
    with transaction(actor) as tx:
        return _tagged(tx, commands.sign(tx, convention_id, body.signed_on, version).id, response)


@router.post("/conventions/{convention_id}/cancel")
def cancel_convention(
    convention_id: UUID, body: CancelIn, actor: CurrentActor, version: IfMatch, response: Response
) -> ConventionOut:
    """Cancel the convention, with the reason: nothing more is released."""
    with transaction(actor) as tx:
        return _tagged(tx, commands.cancel(tx, convention_id, body.reason, version).id, response)


@router.post("/decisions/renounce", status_code=204)
def renounce_grant(body: RenounceIn, actor: CurrentActor) -> Response:
    """Give up a grant or a place on the waiting list: what is free goes to the next in order."""
    with transaction(actor) as tx:
        ending.renounce(tx, body.application_id, body.reason)
    return Response(status_code=204)


@router.get("/tranches")
def list_tranches(
    actor: CurrentActor,
    state: TrancheState | None = None,
    convention_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> TranchePage:
    """The tranches that you may see."""
    with transaction(actor) as tx:
        page = queries.tranches(tx, state, convention_id, cursor, limit)
        return TranchePage(items=[TrancheOut.model_validate(t) for t in page.items], next=page.next)


@router.post("/tranches/{tranche_id}/release")
def release_tranche(tranche_id: UUID, body: ReleaseIn, actor: CurrentActor) -> TrancheOut:
    """Release a tranche on evidence: convention signed, own contribution proven, earlier tranches paid."""
    with transaction(actor) as tx:
        return TrancheOut.model_validate(commands.release(tx, tranche_id, body.evidence))
