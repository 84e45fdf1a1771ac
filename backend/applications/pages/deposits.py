"""Pages of deposits: the receipt with its PDF, giving up changes, the check that anyone may make."""

import re
from typing import Annotated
from urllib.parse import unquote, urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...core.errors import Problem
from ...core.i18n import translate
from ...core.tx import transaction
from ...files.serving import PROTECTED, disposition
from ...web.deps import AnyActor, PageActor
from ...web.forms import see_other
from ...web.language import language_of
from ...web.render import render
from .. import commands, deposits, printed, queries
from ..lifecycle import editable
from ..receipts import readable
from .parts import Form, home_of

router = APIRouter()
Typed = str
"""A code, or the whole address that holds it, as it was pasted: whatever its length, it is looked at."""
LONGEST, SHORT = 2_000, 60
"""Characters that are given back, and looked up: more than our codes have, they are none of them."""
IN_ADDRESS = re.compile(r"(?:/receipts/|/verify/|[?&]code=)([^/?&#\s]+)")


@router.get("/applications/{application_id}/receipt")
def receipt(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """The code, the instant, the fingerprint, what was deposited before, and what happens next."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        if not application.receipt_code:
            return see_other(home_of(application_id))
        may = tx.may(["application.edit"], application)["application.edit"]
        return render(
            request,
            actor,
            "applications/receipt.html",
            application=application,
            hers=queries.holds(tx, application),
            call=application.call,
            versions=deposits.versions(tx, application),
            filed=deposits.filed_by(tx, application),
            clock=deposits.clock(tx, application),
            may_change=may and editable(tx, application) is None,
            changed=may and application.revision is not None,
            readable=readable,
        )


@router.get("/applications/{application_id}/receipt.pdf")
def receipt_pdf(
    request: Request,
    actor: PageActor,
    application_id: UUID,
    version: Annotated[int | None, Query(ge=1, le=10_000)] = None,
) -> Response:
    """The same, to be kept or printed; the deposit that stands unless another is named."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        if not application.receipt_code:
            return see_other(home_of(application_id))
        lang = language_of(request, actor)
        found = printed.receipt(tx, application, lang, version)
    name = translate(lang, "recepisse-{number}.pdf", number=application.number)
    return _pdf(found, name, f"recepisse-{application.number}.pdf")


@router.get("/applications/{application_id}/confirmation.pdf")
def confirmation_pdf(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """What an agent typed for the holder, on a sheet that she signs."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        tx.allow("application.edit", application)
        tx.recorded = True  # nothing is written
        lang = language_of(request, actor)
        found = printed.sheet(tx, application, lang)
    name = translate(lang, "confirmation-{number}.pdf", number=application.number)
    return _pdf(found, name, f"confirmation-{application.number}.pdf")


@router.post("/applications/{application_id}/changes/drop")
def drop_changes_form(request: Request, actor: PageActor, application_id: UUID, form: Form) -> Response:
    """Give up what was changed since the last deposit, once she said that she is sure."""
    with transaction(actor) as tx:
        if form.get("sure") != "1":
            application = queries.one(tx, application_id)
            tx.allow("application.edit", application)
            tx.recorded = True  # nothing is written
            if application.revision is None:
                return see_other(home_of(application_id))
            hers = queries.holds(tx, application)
            return render(
                request, actor, "applications/sure.html", application=application, hers=hers, drops=True
            )
        commands.drop_changes(tx, application_id)
    return see_other(home_of(application_id))


@router.get("/receipts")
def verify(request: Request, actor: AnyActor, code: Typed = "", sha256: str = "") -> Response:
    """Anyone: is this receipt genuine, and does it still stand?"""
    found, refusal = None, None
    sha256 = sha256[:LONGEST]
    if pasted := IN_ADDRESS.search(code[:LONGEST]):
        code = unquote(pasted[1])
    code = code.strip()[:LONGEST]
    if code:
        try:
            with transaction(actor) as tx:
                found = deposits.receipt(tx, code[:SHORT])
        except Problem as problem:
            if problem.code not in ("receipt_unknown", "receipt_mistyped"):
                raise
            refusal = problem.code
    return render(
        request,
        actor,
        "applications/verify.html",
        status=404 if refusal else 200,
        code=code,
        found=found,
        refusal=refusal,
        sha256=sha256,
        matches=found is not None and readable(sha256) == readable(found.content_sha256),
        readable=readable,
    )


@router.get("/receipts/{code}")
@router.get("/verify/{code}", name="page_verify_short")
def verify_code(code: str) -> Response:
    """The address that a receipt's QR code holds."""
    return see_other(f"/receipts?{urlencode({'code': code[:40]})}")


def _pdf(content: bytes, name: str, plain: str) -> Response:
    headers = PROTECTED | {"Content-Disposition": disposition("inline", name, plain)}
    return Response(content, media_type="application/pdf", headers=headers)
