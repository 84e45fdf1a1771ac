"""Signing in and out, oneself, and the tokens of one's programs."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from ...core.tx import transaction
from ...web.deps import AnyActor, CurrentActor, Cursor, IfMatch, Limit, etag
from .. import commands, queries
from ..authentication import COOKIE
from ..cookies import address_of, drop_session, keep_session
from ..schemas import NewToken, PersonOut, PersonPatch, SessionOut, SignInIn, TokenIn, TokenOut, TokensPage

router = APIRouter()


@router.post("/sessions", status_code=201, tags=["sessions"])
def create_session(given: SignInIn, request: Request, response: Response, actor: AnyActor) -> SessionOut:
    """Sign in with an e-mail and a password. The session is in the cookie `indh_session`.

    The refusal is the same whatever is wrong; after five failures in a quarter of an hour, 429 with
    `Retry-After`.
    """
    with transaction(actor) as tx:
        secret = commands.sign_in(tx, given.email, given.password.get_secret_value(), address_of(request))
        session, person = queries.opened(tx, secret)
        answer = SessionOut(person=PersonOut.model_validate(person), expires_at=session.expires_at)
    keep_session(response, secret)
    return answer


@router.delete("/sessions", status_code=204, tags=["sessions"])
def delete_session(request: Request, response: Response, actor: AnyActor) -> None:
    """Sign out: the session of the cookie ends, here and for any copy of it."""
    with transaction(actor) as tx:
        commands.sign_out(tx, request.cookies.get(COOKIE))
    drop_session(response)


@router.get("/me", tags=["me"])
def read_me(response: Response, actor: CurrentActor) -> PersonOut:
    """Oneself: how to be reached, in which language, with which roles."""
    with transaction(actor) as tx:
        person = queries.me(tx)
        etag(response, person)
        return PersonOut.model_validate(person)


@router.patch("/me", tags=["me"])
def edit_me(patch: PersonPatch, version: IfMatch, response: Response, actor: CurrentActor) -> PersonOut:
    """Correct one's own name, telephone or language."""
    with transaction(actor) as tx:
        person = commands.edit_person(tx, queries.me(tx).id, patch, version)
        etag(response, person)
        return PersonOut.model_validate(person)


@router.get("/tokens", tags=["tokens"])
def list_tokens(actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50) -> TokensPage:
    """One's own tokens, the newest first, without their secrets."""
    with transaction(actor) as tx:
        return TokensPage.model_validate(queries.tokens(tx, cursor, limit))


@router.post("/tokens", status_code=201, tags=["tokens"])
def create_token(given: TokenIn, actor: CurrentActor) -> NewToken:
    """Make a token; its secret is in this answer and nowhere else. Only a signed-in person may, not a token.

    There is no `Idempotency-Key` here: keeping the answer would keep the secret.
    """
    with transaction(actor) as tx:
        token, secret = commands.create_token(tx, given)
        return NewToken(**TokenOut.model_validate(token).model_dump(), secret=secret)


@router.post("/tokens/{token_id}/revoke", tags=["tokens"])
def revoke_token(token_id: UUID, actor: CurrentActor) -> TokenOut:
    """Stop a token at once; an administrator may stop anybody's."""
    with transaction(actor) as tx:
        return TokenOut.model_validate(commands.revoke_token(tx, token_id))
