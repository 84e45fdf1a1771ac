"""Persons, their roles, sessions and tokens."""

from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from ...core.paging import Key, Page, paginate
from ...core.tx import Tx
from ..authentication import fingerprint
from ..models import AccessToken, Invitation, Person, Role, RoleGrant, SignIn
from .parts import by_id, contains, how_many

CURRENT_GRANTS = selectinload(Person.grants.and_(RoleGrant.revoked_at.is_(None)))


def me(tx: Tx) -> Person:
    """The actor's own row, with her current roles."""
    return tx.get(Person, tx.actor.id, "person.read", options=(CURRENT_GRANTS,))


def person(tx: Tx, person_id: UUID) -> Person:
    return tx.get(Person, person_id, "person.read", options=(CURRENT_GRANTS,))


def invitation_of(tx: Tx, person: Person) -> tuple[Invitation | None, bool]:
    """The latest way in that was sent her, and whether she may be sent one: she has no password yet."""
    latest = (
        select(Invitation).where(Invitation.person_id == person.id).order_by(Invitation.id.desc()).limit(1)
    )
    waits = select(Person.password_hash.is_(None) & Person.active & Person.email.is_not(None))
    return tx.session.scalars(latest).one_or_none(), bool(
        tx.session.scalar(waits.where(Person.id == person.id))
    )


def people(
    tx: Tx,
    text: str | None = None,
    role: Role | None = None,
    province: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Person]:
    """The people whom the actor may see, by name; `text` is looked for in names and addresses."""
    statement = _people(tx, text, role, province).options(CURRENT_GRANTS)
    return paginate(
        tx, statement, (Key(Person.name.expression, lambda p: p.name), by_id(Person)), cursor, limit
    )


def count_people(
    tx: Tx, text: str | None = None, role: Role | None = None, province: str | None = None
) -> int:
    """How many people the list has."""
    return how_many(tx, _people(tx, text, role, province))


def _people(tx: Tx, text: str | None, role: Role | None, province: str | None) -> Select[Person]:
    statement = tx.visible(select(Person), "person.read")
    if text:
        looked_in = (Person.name, func.coalesce(Person.email, ""))
        statement = statement.where(or_(*(contains(column, text) for column in looked_in)))
    if role or province:
        held = select(RoleGrant.person_id).where(RoleGrant.revoked_at.is_(None))
        held = held.where(RoleGrant.role == role) if role else held
        held = held.where(RoleGrant.province_code == province) if province else held
        statement = statement.where(Person.id.in_(held))
    return statement


def opened(tx: Tx, secret: str) -> tuple[SignIn, Person]:
    """The session that this secret opens and whose it is, for the edge that has just made it."""
    statement = (
        select(SignIn, Person).join(Person, Person.id == SignIn.person_id).options(CURRENT_GRANTS)
    ).where(SignIn.token_hash == fingerprint(secret))
    session, person = tx.session.execute(statement).one()
    return session, person


def tokens(tx: Tx, cursor: str | None = None, limit: int = 50) -> Page[AccessToken]:
    """The actor's tokens, the newest first."""
    statement = tx.visible(select(AccessToken), "token.read")
    return paginate(tx, statement, (by_id(AccessToken, newest=True),), cursor, limit)
