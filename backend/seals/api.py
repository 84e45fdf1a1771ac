"""JSON edge of trust: the seals, proofs to take away, and their check."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from ..core.actor import Actor
from ..core.errors import UNAUTHENTICATED, Problem
from ..core.i18n import LANGUAGES
from ..core.seals import Seal
from ..core.tx import Tx, transaction
from ..web.deps import AnyActor, CurrentActor, Cursor, Limit
from . import proof, queries
from .schemas import FaultOut, ProofIn, ProofOut, SealOut, SealPage, SealsOut, VerdictOut
from .words import sentence

router = APIRouter(tags=["trust"])
Number = Annotated[int, Path(ge=1, le=2_147_483_647)]


@router.get("/seals")
def list_seals(actor: AnyActor, cursor: Cursor = None, limit: Limit = 50) -> SealPage:
    """The seals, the last one first: number, instant, root, number of events, root of the one before."""
    with transaction(actor) as tx:
        page = queries.seals(tx, cursor, limit)
        return SealPage(items=[SealOut.model_validate(seal) for seal in page.items], next=page.next)


@router.get("/seals/export")
def export_seals(actor: AnyActor, since: Annotated[int, Query(ge=1, le=2_147_483_647)] = 1) -> SealsOut:
    """The seals from a number on, oldest first, to be kept elsewhere and to check proofs with."""
    with transaction(actor) as tx:
        return SealsOut(seals=queries.exported(tx, since))


@router.get("/seals/{number}")
def read_seal(number: Number, actor: AnyActor) -> SealOut:
    """One seal."""
    with transaction(actor) as tx:
        return SealOut.model_validate(tx.get(Seal, number, "seal.read"))


@router.get("/proofs/decisions/{decision_id}")
def prove_decision(decision_id: UUID, actor: AnyActor, response: Response) -> ProofOut:
    """The proof that a decision was adopted: for its readers with all that it says, for anybody its outcome
    and its amount once the results are public.
    """
    with transaction(actor) as tx, or_sign_in(actor):
        return _kept(response, queries.of_decision(tx, decision_id), f"decision-{decision_id}")


@router.get("/proofs/minutes/{minutes_id}")
def prove_minutes(minutes_id: UUID, actor: CurrentActor, response: Response) -> ProofOut:
    """The proof that minutes were issued, with their fingerprints, for those who may read them."""
    with transaction(actor) as tx:
        return _kept(response, queries.of_minutes(tx, minutes_id), f"minutes-{minutes_id}")


@contextmanager
def or_sign_in(actor: Actor) -> Iterator[None]:
    """What nobody may see may be seen by somebody: she is asked to sign in, whether it exists or not."""
    try:
        yield
    except Problem as refused:
        if refused.status == HTTPStatus.NOT_FOUND and not actor.is_authenticated:
            raise UNAUTHENTICATED(headers={"www-authenticate": "Bearer"}) from None
        raise


@router.get("/proofs/receipts/{code}")
def prove_receipt(code: Annotated[str, Path(max_length=40)], actor: AnyActor, response: Response) -> ProofOut:
    """The proof of a deposit, for anybody who has its receipt's code: instant and fingerprint, no content."""
    with transaction(actor) as tx:
        return _kept(response, queries.of_receipt(tx, code), "receipt")


@router.post("/proofs/check")
def check_proof(body: ProofIn, actor: AnyActor) -> VerdictOut:
    """Whether a proof holds together, and whether its seal is one of this platform's."""
    found = proof.verify(json.dumps(body.proof), body.root)
    with transaction(actor) as tx:
        return _verdict(tx, found)


def _verdict(tx: Tx, found: proof.Verdict) -> VerdictOut:
    return VerdictOut(
        valid=found.ok,
        known=found.readable and queries.known(tx, found.seal),
        faults=[
            FaultOut(
                code=fault.code,
                params=dict(fault.params),
                words={lang: sentence(fault, lang) for lang in LANGUAGES},
            )
            for fault in found.faults
        ],
        event=dict(found.event),
        said=dict(found.said),
        seal=dict(found.seal),
        hidden=found.hidden,
    )


def _kept(response: Response, found: ProofOut, name: str) -> ProofOut:
    """As a file to keep."""
    response.headers["content-disposition"] = f'attachment; filename="proof-{name}.json"'
    return found
