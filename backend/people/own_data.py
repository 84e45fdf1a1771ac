"""What people itself holds of a person, and why it would not erase her."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, String, cast, delete, func, or_, select, update

from ..core.events import Event
from ..core.once import Answer
from ..core.tx import Tx
from .holdings import Blocker, Row, blocks_erasure, erases, holds
from .models import (
    AccessToken,
    Accompaniment,
    Interest,
    Invitation,
    Member,
    Organisation,
    Person,
    Representative,
    Role,
    RoleGrant,
    SignIn,
)

MOST_EVENTS = 20_000
ERASED_NAME = "Personne effacée · شخص محذوف"
"""What stands where her name stood: in both languages, as readers have either."""


@holds("account", "name", "email", "phone", "language", "created_at")
def account(_tx: Tx, person: Person) -> Iterable[Row]:
    yield {name: getattr(person, name) for name in ("name", "email", "phone", "language", "created_at")}


@holds("roles", "role", "province_code", "granted_at", "revoked_at")
def roles(tx: Tx, person: Person) -> Iterable[Row]:
    asked = select(RoleGrant).where(RoleGrant.person_id == person.id).order_by(RoleGrant.id)
    for row in tx.session.scalars(asked):
        yield {
            "role": f"role.{row.role}",
            "province_code": row.province_code,
            "granted_at": row.granted_at,
            "revoked_at": row.revoked_at,
        }


@holds("representations", "organisation", "since", "until")
def representations(tx: Tx, person: Person) -> Iterable[Row]:
    asked = (
        select(Organisation.name, Representative.since, Representative.until)
        .join(Organisation, Organisation.id == Representative.organisation_id)
        .where(Representative.person_id == person.id)
        .order_by(Representative.id)
    )
    for name, since, until in tx.session.execute(asked):
        yield {"organisation": name, "since": since, "until": until}


@holds("interests", "organisation", "reason", "declared_at")
def interests(tx: Tx, person: Person) -> Iterable[Row]:
    asked = (
        select(Organisation.name, Interest.reason, Interest.declared_at)
        .join(Organisation, Organisation.id == Interest.organisation_id)
        .where(Interest.person_id == person.id)
        .order_by(Interest.id)
    )
    for name, reason, declared_at in tx.session.execute(asked):
        yield {"organisation": name, "reason": reason, "declared_at": declared_at}


@holds("sign_ins", "created_at", "expires_at", "ended_at")
def sign_ins(tx: Tx, person: Person) -> Iterable[Row]:
    asked = select(SignIn).where(SignIn.person_id == person.id).order_by(SignIn.id)
    for row in tx.session.scalars(asked):
        yield {"created_at": row.created_at, "expires_at": row.expires_at, "ended_at": row.ended_at}


@holds("tokens", "name", "scopes", "created_at", "expires_at", "revoked_at")
def tokens(tx: Tx, person: Person) -> Iterable[Row]:
    names = ("name", "scopes", "created_at", "expires_at", "revoked_at")
    asked = select(AccessToken).where(AccessToken.person_id == person.id).order_by(AccessToken.id)
    for row in tx.session.scalars(asked):
        yield {name: getattr(row, name) for name in names}


@holds("events", "at", "event", "subject")
def events(tx: Tx, person: Person) -> Iterable[Row]:
    """What she did here, the latest first."""
    asked = select(Event).where(Event.actor_id == person.id).order_by(Event.seq.desc()).limit(MOST_EVENTS)
    for row in tx.session.scalars(asked):
        yield {"at": row.at, "event": f"event.{row.name}", "subject": f"{row.subject_type} {row.subject_id}"}


@blocks_erasure("erasure.last_administrator")
def last_administrator(tx: Tx, person: Person) -> Iterable[Blocker]:
    """The platform must keep one."""
    current = (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.revoked_at.is_(None), Person.active)
    )
    if set(tx.session.scalars(current)) == {person.id}:
        yield Blocker("")


def only_hers(person: Person) -> ScalarSelect[UUID]:
    """Organisations that nobody but she represents today, as a subquery of their ids."""
    alone = (
        select(Representative.organisation_id)
        .where(Representative.until.is_(None))
        .group_by(Representative.organisation_id)
        .having(func.count() == 1, func.bool_and(Representative.person_id == person.id))
    )
    return alone.scalar_subquery()


@erases
def among_members(tx: Tx, person: Person) -> None:
    """In the lists of her organisations: sex, year and office stay, as figures need them."""
    hers = select(Representative.organisation_id).where(Representative.person_id == person.id)
    said = update(Member).where(Member.organisation_id.in_(hers), Member.name == person.name)
    _run(tx, said.values(name=ERASED_NAME, identity_number=None, identity_digest=None))


@erases
def telephones(tx: Tx, person: Person) -> None:
    """Her own, where it serves as her organisation's, or received a code."""
    if person.phone:
        _run(tx, update(Organisation).where(Organisation.phone == person.phone).values(phone=None))
        _run(tx, update(Accompaniment).where(Accompaniment.phone == person.phone).values(phone=None))


@erases
def answers(tx: Tx, person: Person) -> None:
    """Copies of answers that name her, kept some days for repeated requests; links that were sent her."""
    named = (person.name, person.email, person.phone)
    told = [cast(Answer.body, String).contains(text, autoescape=True) for text in named if text]
    _run(tx, delete(Answer).where(or_(Answer.actor_id == person.id, *told)))
    _run(tx, update(Invitation).where(Invitation.person_id == person.id).values(token_hash=None))


def _run(tx: Tx, statement: Any) -> None:
    tx.session.execute(statement, execution_options={"synchronize_session": False})
