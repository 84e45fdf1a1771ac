"""Bodies of raw bytes, as edges take them."""

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from ..core.errors import INVALID, FieldError

BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The bytes of the chunk, at most 1 000 000.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def _chunk(request: Request) -> bytes:
    """The body as it is; its size is bounded where it enters the house."""
    try:
        return await request.body()
    except ClientDisconnect:  # nobody hears the answer; the chunk comes again
        raise INVALID([FieldError("body", "body_unreadable")]) from None


Chunk = Annotated[bytes, Depends(_chunk)]
