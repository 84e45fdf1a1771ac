"""From a cookie or a token to the actor: one statement, in no transaction of the request."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ..core import db
from ..core.actor import ANONYMOUS, Actor, Grant
from ..core.clock import arrival
from ..core.errors import UNAUTHENTICATED
from .models import AccessToken, Person, RoleGrant, SignIn

COOKIE = "indh_session"
SESSION_LENGTH = timedelta(hours=12)


def new_secret() -> tuple[str, str]:
    """A secret to hand out (256 random bits), and the hash to keep."""
    secret = secrets.token_urlsafe(32)
    return secret, fingerprint(secret)


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def identify(request: Any) -> Actor:
    """Whoever the bearer token or the session cookie names: a wrong token is an error, an old cookie nobody.

    Security keeps the real time: a demonstration's clock neither ends nor prolongs a session.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        actor = _load(_by_token(token.strip())) if scheme.lower() == "bearer" else None
        if actor is None:
            raise UNAUTHENTICATED(headers={"www-authenticate": 'Bearer error="invalid_token"'})
        return actor
    cookie = request.cookies.get(COOKIE)
    return (cookie and _load(_by_cookie(cookie))) or ANONYMOUS


def _by_cookie(secret: str) -> Select[Any]:
    return _person().add_columns(SignIn.id).join(SignIn, SignIn.person_id == Person.id).where(
        SignIn.token_hash == fingerprint(secret), SignIn.ended_at.is_(None), SignIn.expires_at > arrival().at
    )  # fmt: skip


def _by_token(secret: str) -> Select[Any]:
    held = _person().add_columns(AccessToken.scopes).join(AccessToken, AccessToken.person_id == Person.id)
    return held.where(
        AccessToken.token_hash == fingerprint(secret),
        AccessToken.revoked_at.is_(None),
        AccessToken.expires_at > arrival().at,
    )


def _person() -> Select[Any]:
    grants = (
        select(func.jsonb_agg(func.jsonb_build_array(RoleGrant.role, RoleGrant.province_code)))
        .where(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None))
        .scalar_subquery()
    )
    return select(Person.id, Person.name, Person.language, grants.label("grants")).where(Person.active)


def _load(statement: Select[Any]) -> Actor | None:
    with Session(db.bind()) as session:
        row = session.execute(statement).one_or_none()
    if row is None:
        return None
    return Actor(
        kind="person",
        id=row.id,
        name=row.name,
        language=row.language,
        grants=frozenset(Grant(role, province) for role, province in row.grants or ()),
        scopes=frozenset(row.scopes) if "scopes" in row._fields else None,
    )
