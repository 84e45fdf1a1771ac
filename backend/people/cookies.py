"""The session's cookie: out of reach of scripts, never sent across sites, kept to TLS where there is TLS."""

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from ..core.config import settings
from .authentication import COOKIE, SESSION_LENGTH

EMAIL_COOKIE = "indh_email"


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


def keep_email(response: Response, email: str) -> None:
    """What was typed to register, for the page that asks to sign in: not in its address, which is logged."""
    response.set_cookie(
        EMAIL_COOKIE,
        quote(email[:254]),
        max_age=600,
        path="/sign-in",
        httponly=True,
        samesite="lax",
        secure=_over_tls(),
    )


def email_of(request: Request) -> str:
    """The address that was typed just before; it only fills a field."""
    return unquote(request.cookies.get(EMAIL_COOKIE, ""))[:254]


def drop_email(response: Response) -> None:
    response.delete_cookie(EMAIL_COOKIE, path="/sign-in", httponly=True, samesite="lax", secure=_over_tls())


def address_of(request: Request) -> str:
    """Where the visitor is, for limits; IPv6 by network, since one machine has a whole one."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if ":" in host else host


def _over_tls() -> bool:
    return settings().base_url.startswith("https:")
