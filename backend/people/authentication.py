"""From a cookie or a token to the actor: one statement, which begins the transaction of the request."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import DateTime, Select, String, bindparam, func, select

from ..core import db
from ..core.actor import ANONYMOUS, Actor, Grant
from ..core.clock import arrival
from ..core.entrance import entrance
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
        actor = _load(_BY_TOKEN, token.strip()) if scheme.lower() == "bearer" else None
        if actor is None:
            raise UNAUTHENTICATED(headers={"www-authenticate": 'Bearer error="invalid_token"'})
        return actor
    cookie = request.cookies.get(COOKIE)
    return (cookie and _load(_BY_COOKIE, cookie)) or ANONYMOUS


def by_session(secret: str) -> Actor | None:
    """Whoever has this session."""
    return _load(_BY_COOKIE, secret)


def _person() -> Select[Any]:
    grants = (
        select(func.jsonb_agg(func.jsonb_build_array(RoleGrant.role, RoleGrant.province_code)))
        .where(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None))
        .scalar_subquery()
    )
    return select(Person.id, Person.name, Person.language, grants.label("grants")).where(Person.active)


_HASH, _NOW = bindparam("hash", type_=String), bindparam("now", type_=DateTime(timezone=True))
# Asked at every request: built once.
_BY_COOKIE = (
    _person()
    .join(SignIn, SignIn.person_id == Person.id)
    .where(SignIn.token_hash == _HASH, SignIn.ended_at.is_(None), SignIn.expires_at > _NOW)
)
_BY_TOKEN = (
    _person()
    .add_columns(AccessToken.scopes)
    .join(AccessToken, AccessToken.person_id == Person.id)
    .where(AccessToken.token_hash == _HASH, AccessToken.revoked_at.is_(None), AccessToken.expires_at > _NOW)
)


def _load(statement: Select[Any], secret: str) -> Actor | None:
    asked = {"hash": fingerprint(secret), "now": arrival().at}
    begun = entrance()
    if begun:
        row = begun.ask(statement, Person.id, asked)
    else:
        with db.reading() as connection:
            row = connection.execute(statement, asked).one_or_none()
    if row is None:
        return None
    actor = Actor(
        kind="person",
        id=row.id,
        name=row.name,
        language=row.language,
        grants=frozenset(Grant(role, province) for role, province in row.grants or ()),
        scopes=frozenset(row.scopes) if "scopes" in row._fields else None,
    )
    if begun:
        begun.found(actor)
    return actor
