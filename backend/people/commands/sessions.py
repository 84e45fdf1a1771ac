"""Signing in and out, and the tokens of programs. Security keeps the real time, not a demonstration's."""

from datetime import timedelta
from fnmatch import fnmatchcase
from uuid import UUID

from sqlalchemy import select

from ...core.clock import arrival
from ...core.errors import FORBIDDEN, INVALID, FieldError, problem
from ...core.policy import RULES
from ...core.tx import Tx
from .. import throttle
from ..authentication import SESSION_LENGTH, fingerprint, new_secret
from ..models import AccessToken, Person, SignIn
from ..passwords import verify
from ..schemas import TokenIn
from ..text import clean_email

BAD_CREDENTIALS = problem("bad_credentials", 401)


def sign_in(tx: Tx, email: str, password: str, address: str = "") -> str:
    """The secret of a new session, for the cookie.

    Refused in the same words and the same time whatever is wrong: e-mail, password, a closed account.
    Failures are counted for the account from this `address`, attempts for the address: 429 beyond.
    """
    try:
        known = clean_email(email)
    except ValueError:
        known = ""
    throttle.attempt_from(throttle.ADDRESS, address)
    throttle.attempt(throttle.SIGN_IN, known, address)
    person = tx.session.execute(
        select(Person.id, Person.password_hash).where(Person.email == known, Person.active)
    ).one_or_none()
    if not verify(password, person and person.password_hash) or person is None:
        raise BAD_CREDENTIALS()
    throttle.forget(throttle.SIGN_IN, known, address)
    secret, kept = new_secret()
    now = arrival().at
    session = SignIn(person_id=person.id, token_hash=kept, created_at=now, expires_at=now + SESSION_LENGTH)
    tx.add(session, "sign_in.create")
    tx.emit("sign_in.created", session, person_id=str(person.id))
    return secret


def sign_out(tx: Tx, secret: str | None) -> None:
    """End the session of this cookie; harmless when there is none."""
    session = (
        secret
        and tx.session.scalars(
            select(SignIn).where(SignIn.token_hash == fingerprint(secret), SignIn.ended_at.is_(None))
        ).one_or_none()
    )
    if not session or session.person_id != tx.actor.id:
        return
    tx.allow("sign_in.end", session)
    session.ended_at = arrival().at
    tx.emit("sign_in.ended", session, person_id=str(session.person_id))


def create_token(tx: Tx, given: TokenIn) -> tuple[AccessToken, str]:
    """A key for a program, and its secret, shown this once. A token makes no other: it could widen itself."""
    if tx.actor.scopes is not None or not tx.actor.is_authenticated:
        raise FORBIDDEN(rule="token.create")
    unknown = [
        FieldError(f"scopes.{i}", "scope_unknown", {"scope": scope})
        for i, scope in enumerate(given.scopes)
        if not any(fnmatchcase(name, scope) for name in RULES)
    ]
    if unknown:
        raise INVALID(unknown)
    secret, kept = new_secret()
    now = arrival().at
    token = AccessToken(
        person_id=tx.actor.id,
        name=given.name,
        token_hash=kept,
        scopes=sorted(set(given.scopes)),
        created_at=now,
        expires_at=now + timedelta(days=given.expires_in_days),
    )
    tx.add(token, "token.create")
    tx.emit("token.created", token, scopes=token.scopes)
    return token, secret


def revoke_token(tx: Tx, token_id: UUID) -> AccessToken:
    """Stop a token at once; revoking it again changes nothing."""
    token = tx.get(AccessToken, token_id, "token.revoke")
    if token.revoked_at is None:
        token.revoked_at = arrival().at
        tx.emit("token.revoked", token, person_id=str(token.person_id))
    return token
