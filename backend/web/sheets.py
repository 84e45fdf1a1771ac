"""A spreadsheet as the body of a request: read in one place, with the language to answer in."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from ..core.errors import INVALID, FieldError

SHEET: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The workbook (.xlsx) or the CSV file itself, at most 900 000 bytes.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""What the API's description says of such a body: `openapi_extra=SHEET`."""


@dataclass(frozen=True)
class Sheet:
    """What was sent, and the request that says in which language to answer."""

    content: bytes
    request: Request


async def _sent(request: Request) -> Sheet:
    try:
        return Sheet(await request.body(), request)
    except ClientDisconnect:
        raise INVALID([FieldError("body", "body_unreadable")]) from None


SentSheet = Annotated[Sheet, Depends(_sent)]
