"""The session's cookie: out of reach of scripts, never sent across sites, kept to TLS where there is TLS."""

from starlette.requests import Request
from starlette.responses import Response

from ..core.config import settings
from .authentication import COOKIE, SESSION_LENGTH


def keep_session(response: Response, secret: str) -> None:
    """Put the secret of a session in the browser."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_over_tls(),
    )


def drop_session(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_over_tls())


def address_of(request: Request) -> str:
    """Where the visitor is, for limits; IPv6 by network, since one machine has a whole one."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if ":" in host else host


def _over_tls() -> bool:
    return settings().base_url.startswith("https:")
