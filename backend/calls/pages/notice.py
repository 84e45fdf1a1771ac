"""The printable notice of a call."""

import hashlib
import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.config import settings
from backend.core.tx import transaction
from backend.web.deps import AnyActor
from backend.web.render import language_of

from .. import queries
from ..models import VersionKind
from ..notice import data_of, printed
from .public import chain_names

router = APIRouter()


@router.get("/calls/{code}/notice.pdf")
def notice(request: Request, actor: AnyActor, code: str) -> Response:
    """One A4 page in the reader's language; its ETag changes with what the call says."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        call = queries.by_code(tx, code)
        file = queries.definition(call)
        chains = chain_names(tx, call, file, lang)
        amended = queries.latest_version(tx, call)
    version = (amended.number, amended.kind, amended.published_at) if amended else None
    at = call.published_at or call.opens_at
    url = f"{settings().base_url}/calls/{call.code}"
    data = data_of(file, lang, url, chains, version or (1, VersionKind.PUBLICATION, at))
    tag = hashlib.sha256(json.dumps([lang, data], ensure_ascii=False).encode()).hexdigest()[:32]
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Accept-Language",
        "Content-Language": lang,
    }
    if _known(request, tag):
        return Response(status_code=304, headers=headers)
    body = printed(tag, data, lang, version[2] if version else at)
    headers["Content-Disposition"] = f'inline; filename="{call.code}-{lang}.pdf"'
    return Response(body, media_type="application/pdf", headers=headers)


def _known(request: Request, tag: str) -> Any:
    """Whether the reader has it already."""
    asked = request.headers.get("if-none-match", "")
    return any(one.strip().removeprefix("W/") == f'"{tag}"' for one in asked.split(","))
