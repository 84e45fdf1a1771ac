"""The reader's language: an explicit choice kept in a cookie, else the account's, else the browser's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse

from backend.core.i18n import LANGUAGES, preferred

COOKIE = "lang"
YEAR_SECONDS = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)


def _keep_nowhere(_request: Request, _lang: str) -> None:
    """Until the composition root says where."""


remember: Callable[[Request, str], None] = _keep_nowhere
"""Keeps the choice of whoever is signed in with her account; the composition root puts people's here."""


class Reader(Protocol):
    """What the choice of a language asks of an actor."""

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def language(self) -> str: ...


def language_of(request: Request, actor: Reader) -> str:
    """`?lang=` for links that are shared, then the cookie, the account, the browser, French."""
    chosen = (
        request.query_params.get("lang"),
        request.cookies.get(COOKIE),
        actor.language if actor.is_authenticated else None,
    )
    for lang in chosen:
        if lang in LANGUAGES:
            return lang
    return preferred(request.headers.get("accept-language", ""))


def local_path(target: str, fallback: str = "/") -> str:
    """`target` when it is an address of this site, else `fallback`: no redirection to elsewhere."""
    plain = target.isprintable() and "\\" not in target and target.isascii()
    if not plain or not target.startswith("/") or target.startswith("//"):
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc else target


def switch_url(request: Request, lang: str) -> str:
    """The link that puts this page in `lang` and comes back to it."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    target = request.url.path + (f"?{urlencode(kept)}" if kept else "")
    return f"/language/{lang}?{urlencode({'next': target})}"


@router.get("/language/{lang}")
def choose_language(lang: str, request: Request, next: str = "/") -> RedirectResponse:  # noqa: A002
    """Remember the choice in this browser for a year and in her account; go back to where it was made."""
    parts = urlsplit(local_path(next))
    kept = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "lang"])
    response = RedirectResponse(parts._replace(query=kept).geturl(), status_code=303)
    if lang in LANGUAGES:
        remember(request, lang)
        response.set_cookie(
            COOKIE,
            lang,
            max_age=YEAR_SECONDS,
            samesite="lax",
            httponly=True,
            secure=request.url.scheme == "https",
        )
    return response
