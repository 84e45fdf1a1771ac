"""What endpoints ask for: the actor, the version she read, the key of a creation. And the house's health."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from ..core import once as store
from ..core.actor import ANONYMOUS, SYSTEM, Actor
from ..core.errors import FORBIDDEN, INVALID, UNAUTHENTICATED, VERSION_REQUIRED, FieldError
from ..core.paging import MAX_LIMIT
from ..core.tx import Tx, transaction
from .language import local_path
from .nav import SIGN_IN_PATH, opens
from .onehop import sought
from .resume import ask_again


def _nobody(_request: Request) -> Actor:
    return ANONYMOUS


identify: Callable[[Request], Actor] = _nobody
"""From a request to whoever sends it; the composition root puts the people slice's here."""


def _anyone(request: Request) -> Actor:
    request.state.actor = identify(request)
    actor: Actor = request.state.actor
    return actor


def _somebody(request: Request) -> Actor:
    actor = _anyone(request)
    if not actor.is_authenticated:
        raise UNAUTHENTICATED(headers={"www-authenticate": "Bearer"})
    return actor


class SignInFirst(Exception):
    """A page that needs somebody signed in was asked for by nobody: she signs in, then comes back to it."""


def _page_reader(request: Request) -> Actor:
    actor = _anyone(request)
    if not actor.is_authenticated:
        raise SignInFirst
    return actor


def _page_staff(request: Request) -> Actor:
    actor = _page_reader(request)
    if not opens(actor, request.url.path):
        raise FORBIDDEN(page=request.url.path)
    return actor


AnyActor = Annotated[Actor, sought(_anyone)]
"""Whoever asks, signed in or not."""
CurrentActor = Annotated[Actor, sought(_somebody)]
"""Somebody signed in; 401 otherwise."""
PageActor = Annotated[Actor, sought(_page_reader)]
"""Somebody signed in, for pages: otherwise a redirect to the sign-in page, which leads back."""
EntryActor = Annotated[Actor, sought(_page_staff)]
"""Somebody signed in with a role for which the page's entry of the navigation was declared: 403 otherwise.

For lists and desks: rows keep their own rules, and a page about one row asks only them (`PageActor`).
"""


async def to_sign_in(request: Request, _error: Exception) -> Response:
    """The way to the sign-in page and back; after a form's POST, back to the page that the form was on.

    What was typed into a form of ours is not lost: the page that asks to sign in holds it.
    """
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in ("GET", "HEAD"):
        back = _form_page(request)
    target = f"{SIGN_IN_PATH}?{urlencode({'next': back})}"
    if "hx-request" in request.headers:  # htmx would put the sign-in page inside this one
        return Response(status_code=204, headers={"hx-redirect": target})
    if request.method == "POST" and back != "/":
        asked = await ask_again(request, back)
        if asked:
            return asked
    return Response(status_code=303, headers={"location": target})


def _form_page(request: Request) -> str:
    """The page of ours on which the form was."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # not an address
        return "/"
    same = parts.netloc == request.headers.get("host")
    return local_path(parts._replace(scheme="", netloc="", fragment="").geturl()) if same else "/"


async def _if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    if if_match is None:
        raise VERSION_REQUIRED()
    number = if_match.removeprefix("W/").strip().strip('"')
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise INVALID([FieldError("If-Match", "invalid")])
    return int(number)


IfMatch = Annotated[int, Depends(_if_match)]
"""The version that the editor read (its ETag); 428 when she does not say."""

Cursor = Annotated[str | None, Query(max_length=2000, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def etag(response: Response, row: Any) -> None:
    response.headers["etag"] = f'"{row.version}"'


class Once:
    """`Idempotency-Key`: the same key and body give the same answer, and create once."""

    def __init__(self, place: str, key: str | None) -> None:
        self.place = place
        self.key = key

    def __call__(self, tx: Tx, body: BaseModel, make: Callable[[], BaseModel]) -> Any:
        if self.key is None:
            return make()
        print_ = hashlib.sha256(f"{self.place}\n{body.model_dump_json()}".encode()).hexdigest()
        earlier = store.claim(tx, self.key, print_)
        if earlier is not None:
            return earlier.body
        made = make()
        store.remember(tx, self.key, 201, made.model_dump(mode="json"))
        return made


async def _once(
    request: Request,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=120)] = None,
) -> Once:
    return Once(f"{request.method} {request.url.path}", idempotency_key)


OncePerKey = Annotated[Once, Depends(_once)]

router = APIRouter()


@router.get("/healthz", include_in_schema=False)
def health() -> dict[str, str]:
    """Up, with a database that answers."""
    with transaction(SYSTEM) as tx:
        tx.session.execute(text("SELECT 1"))
    return {"status": "ok"}
