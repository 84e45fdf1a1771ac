"""Accounts and roles: who registers, who enters whom, who may do what and where."""

from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from ...core.db import Base
from ...core.errors import INVALID, NOT_FOUND, FieldError, problem
from ...core.tx import Tx
from ...territory.models import Province
from .. import throttle
from ..models import Person, Role, RoleGrant
from ..passwords import hash_password, is_weak
from ..schemas import GrantIn, PersonIn, PersonPatch, RegisterIn

OWN_ACCOUNT = problem("own_account", 409)
EVERYWHERE = frozenset({Role.HOLDER, Role.AUDITOR, Role.ADMINISTRATOR, Role.COORDINATION})
"""Roles held without a province: the national ones, and the holder's, whose organisations have theirs."""
UNIQUE_VIOLATION = "23505"
CURRENT_GRANTS = selectinload(Person.grants.and_(RoleGrant.revoked_at.is_(None)))


def register(tx: Tx, given: RegisterIn, address: str = "") -> Person | None:
    """Open a holder's account. None when the e-mail has one already: the edge answers the same in both cases.

    `address` is the visitor's, to limit how many accounts one place asks for.
    """
    throttle.attempt_from(throttle.REGISTER, address)
    person = Person(
        name=given.name,
        email=given.email,
        phone=given.phone,
        language=given.language,
        password_hash=_hashed(given.password, given.name, given.email),
        created_at=tx.now,
        grants=[RoleGrant(role=Role.HOLDER, granted_at=tx.now)],
    )
    if not insert_unless_there(tx, person):
        known = tx.session.scalars(select(Person).where(Person.email == given.email)).one()
        tx.allow("person.register", known)
        tx.emit("registration.repeated", known)
        return None
    tx.allow("person.register", person)
    tx.emit("person.registered", person)
    return person


def create_person(tx: Tx, given: PersonIn) -> Person:
    """Enter a person, with her roles; without a password she cannot sign in and only receives messages."""
    for place, grant in enumerate(given.grants):
        check_grant(tx, grant, f"grants.{place}.")
    if given.password and not given.email:
        raise INVALID([FieldError("email", "missing")])
    person = Person(
        name=given.name,
        email=given.email,
        phone=given.phone,
        language=given.language,
        password_hash=given.password and _hashed(given.password, given.name, given.email),
        created_at=tx.now,
        grants=[
            RoleGrant(role=role, province_code=place, granted_at=tx.now)
            for role, place in dict.fromkeys((g.role, g.province_code) for g in given.grants)
        ],
    )
    if not insert_unless_there(tx, person):
        raise INVALID([FieldError("email", "email_known")])
    tx.allow("person.create", person)
    tx.emit("person.created", person)
    for grant_row in person.grants:
        _announce_grant(tx, grant_row)
    return person


def edit_person(tx: Tx, person_id: UUID, patch: PersonPatch, version: int | None = None) -> Person:
    """Correct a name, a telephone, a language: one's own, or anybody's for an administrator."""
    person = tx.get(Person, person_id, "person.edit", version=version, options=(CURRENT_GRANTS,))
    changed = set_columns(person, {name: getattr(patch, name) for name in patch.model_fields_set})
    if changed:
        tx.emit("person.edited", person, fields=changed)
        tx.session.flush()
    return person


def choose_language(tx: Tx, language: str) -> None:
    """Keep the language that the actor chose; harmless when it is hers already."""
    person = tx.get(Person, tx.actor.id, "person.edit")
    if set_columns(person, {"language": language}):
        tx.emit("person.edited", person, fields=["language"])


def disable_person(tx: Tx, person_id: UUID) -> Person:
    """Close an account: its sessions and tokens stop at once, its past stays."""
    return _set_active(tx, person_id, False)


def enable_person(tx: Tx, person_id: UUID) -> Person:
    """Open a closed account again; sessions and tokens that did not expire work again."""
    return _set_active(tx, person_id, True)


def _set_active(tx: Tx, person_id: UUID, active: bool) -> Person:
    person = tx.get(Person, person_id, "person.disable", options=(CURRENT_GRANTS,))
    if person.id == tx.actor.id:
        raise OWN_ACCOUNT()
    if set_columns(person, {"active": active}):
        tx.emit("person.enabled" if active else "person.disabled", person)
        tx.session.flush()
    return person


def grant_role(tx: Tx, person_id: UUID, given: GrantIn) -> RoleGrant:
    """Give a role; asking again for one that is held changes nothing."""
    person = tx.get(Person, person_id, "person.read")
    check_grant(tx, given)
    grant = RoleGrant(
        person_id=person.id, role=given.role, province_code=given.province_code, granted_at=tx.now
    )
    if not insert_unless_there(tx, grant):
        held = select(RoleGrant).where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == given.role,
            RoleGrant.province_code.is_not_distinct_from(given.province_code),
            RoleGrant.revoked_at.is_(None),
        )
        grant = tx.session.scalars(held).one()
        tx.allow("role.grant", grant)
        return grant
    tx.allow("role.grant", grant)
    _announce_grant(tx, grant)
    return grant


def revoke_role(tx: Tx, grant_id: UUID, person_id: UUID | None = None) -> RoleGrant:
    """Take a role back; nobody takes away her own administration, so that one administrator remains.

    With `person_id`, the grant must be that person's.
    """
    grant = tx.get(RoleGrant, grant_id, "role.grant")
    if person_id not in (None, grant.person_id):
        raise NOT_FOUND(thing="role_grant")
    if grant.person_id == tx.actor.id and grant.role is Role.ADMINISTRATOR:
        raise OWN_ACCOUNT()
    if grant.revoked_at is None:
        grant.revoked_at = tx.now
        tx.emit("role.revoked", grant, **_of(grant))
    return grant


def check_grant(tx: Tx, given: GrantIn, path: str = "") -> None:
    """National roles have no province; the others have one that exists."""
    if given.role in EVERYWHERE:
        error = "role_without_province" if given.province_code else ""
    elif not given.province_code:
        error = "role_needs_province"
    else:
        error = "" if tx.session.get(Province, given.province_code) else "province_unknown"
    if error:
        raise INVALID([FieldError(f"{path}province_code", error)])


def insert_unless_there(tx: Tx, row: Base) -> bool:
    """Whether the row was inserted; False when a unique key holds it already, also asked twice at once."""
    try:
        with tx.session.begin_nested():
            tx.session.add(row)
            tx.session.flush()
    except IntegrityError as refused:
        if getattr(refused.orig, "sqlstate", "") != UNIQUE_VIOLATION:
            raise
        return False
    return True


def set_columns(row: Base, values: dict[str, object]) -> list[str]:
    """Set what differs; returns the names of what changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _hashed(password: SecretStr, *known: str | None) -> str:
    plain = password.get_secret_value()
    if is_weak(plain, *known):
        raise INVALID([FieldError("password", "weak_password")])
    return hash_password(plain)


def _announce_grant(tx: Tx, grant: RoleGrant) -> None:
    tx.emit("role.granted", grant, **_of(grant))


def _of(grant: RoleGrant) -> dict[str, str]:
    return {"person_id": str(grant.person_id), "role": grant.role.value}
