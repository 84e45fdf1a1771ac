"""Public pages of trust: check a proof, read the seals. All of it works without script and on a phone."""

import json
import re
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.responses import Response

from ..applications.receipts import readable
from ..core.errors import Problem
from ..core.seals import Seal
from ..core.tx import Tx, transaction
from ..web.deps import AnyActor, Cursor, PageActor, SignInFirst
from ..web.forms import refused, see_other
from ..web.language import language_of
from ..web.render import render
from . import codes, proof, queries
from .schemas import ProofOut
from .words import facts, sentence

router = APIRouter()
SHOWN = 24
"""Seals on a page: a day of them."""
HEX = re.compile("[0-9a-f]{64}")
LATEST = 3
"""Those that the page of checks shows."""
Number = Annotated[int, Path(ge=1, le=2_147_483_647)]


KEPT = 20_000
"""Characters of a pasted proof that come back with what is wrong."""


async def _given(request: Request) -> tuple[bytes, str]:
    """The proof, from the file or else as pasted, and the root to hold it against."""
    async with request.form(max_fields=4, max_files=1, max_part_size=proof.LARGEST) as form:
        file, pasted, root = form.get("file"), form.get("proof"), form.get("root")
        content = await file.read(proof.LARGEST + 1) if isinstance(file, UploadFile) else b""
        text = pasted.encode(errors="surrogatepass") if isinstance(pasted, str) else b""
        return content or text, root[:100] if isinstance(root, str) else ""


Given = Annotated[tuple[bytes, str], Depends(_given)]


@router.get("/verify")
def verify(request: Request, actor: AnyActor, code: str | None = None) -> Response:
    """What may be checked, and how: a paper by its code, a proof by its file, the seals themselves.

    A code leads to the page that checks it: a receipt's, a letter's or minutes'.
    """
    if code is None:
        with transaction(actor) as tx:
            return _page(request, actor, tx)
    try:
        with transaction(actor) as tx:
            return see_other(codes.leads_to(tx, code))
    except Problem as refusal:
        with transaction(actor) as tx:
            return _page(request, actor, tx, typed=codes.plain(code)[:80], refusal=refusal)


@router.post("/verify")
def check(request: Request, actor: AnyActor, given: Given) -> Response:
    """Check the proof that was pasted or sent; nothing of it is kept."""
    content, root = given
    found = proof.verify(content, root.strip() or None) if content else None
    with transaction(actor) as tx:
        return _page(request, actor, tx, found, root=root, asked=True, pasted=content[:KEPT])


@router.get("/proofs/decisions/{decision_id}")
def decision_proof(request: Request, actor: AnyActor, decision_id: UUID) -> Response:
    """A decision's proof, checked, with its file to take away."""
    with transaction(actor) as tx:
        try:
            made = queries.of_decision(tx, decision_id)
        except Problem as refused:
            if refused.status == HTTPStatus.NOT_FOUND and not actor.is_authenticated:
                raise SignInFirst from None  # somebody may see it, or it does not exist: the same answer
            raise
        return _made(request, actor, tx, made, f"/api/v1/proofs/decisions/{decision_id}")


@router.get("/proofs/minutes/{minutes_id}")
def minutes_proof(request: Request, actor: PageActor, minutes_id: UUID) -> Response:
    """Minutes' proof, checked, with its file to take away."""
    with transaction(actor) as tx:
        made = queries.of_minutes(tx, minutes_id)
        return _made(request, actor, tx, made, f"/api/v1/proofs/minutes/{minutes_id}")


@router.get("/proofs/receipts/{code}")
def receipt_proof(request: Request, actor: AnyActor, code: Annotated[str, Path(max_length=40)]) -> Response:
    """A deposit's proof, checked, with its file to take away."""
    with transaction(actor) as tx:
        made = queries.of_receipt(tx, code)
        return _made(request, actor, tx, made, f"/api/v1/proofs/receipts/{quote(code, safe='')}")


@router.get("/seals")
def seals(request: Request, actor: AnyActor, cursor: Cursor = None) -> Response:
    """The seals, the last one first."""
    with transaction(actor) as tx:
        page = queries.seals(tx, cursor, SHOWN)
        return render(request, actor, "seals/seals.html", seals=page.items, next=page.next, readable=readable)


@router.get("/seals/{number}")
def seal(request: Request, actor: AnyActor, number: Number) -> Response:
    """One seal: what it covers, and the root before it."""
    with transaction(actor) as tx:
        found = tx.get(Seal, number, "seal.read")
        return render(
            request, actor, "seals/seal.html", seal=found, hashed=queries.sealed(found), readable=readable
        )


def _made(request: Request, actor: Any, tx: Tx, made: ProofOut, file: str) -> Response:
    """A proof of ours, checked as anybody's."""
    found = proof.verify(json.dumps(made.model_dump(mode="json")))
    return _page(request, actor, tx, found, file=file)


def _shown(name: str, value: str) -> tuple[str, Any]:
    """A line of the table; fingerprints in groups, to be compared by eye."""
    if HEX.fullmatch(value):
        return name, Markup('<code dir="ltr">{}</code>').format(readable(value))
    return name, Markup("<bdi>{}</bdi>").format(value)


def _page(
    request: Request,
    actor: Any,
    tx: Tx,
    found: proof.Verdict | None = None,
    *,
    root: str = "",
    file: str = "",
    asked: bool = False,
    pasted: bytes = b"",
    typed: str = "",
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, actor)
    lang = language_of(request, actor)
    known = found is not None and found.readable and queries.known(tx, found.seal)
    number = queries.number_of(tx, found.said.get("application")) if found and found.ok else None
    return render(
        request,
        actor,
        "seals/verify.html",
        status=422 if asked and (found is None or not found.ok) else answer["status"],
        typed=typed,
        said=answer["said"],
        found=found,
        known=known,
        asked=asked,
        root=root,
        pasted=pasted.decode(errors="replace"),
        file=file,
        number=number,
        wrong=[sentence(fault, lang) for fault in found.faults] if found else [],
        facts=[_shown(*one) for one in facts(found, lang)] if found and found.ok else [],
        seals=queries.seals(tx, None, LATEST).items,
        readable=readable,
    )
