"""What may be read of people, tokens and organisations; lists are narrowed by the rules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import selectinload

from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from .authentication import fingerprint
from .models import (
    AccessToken,
    LegalForm,
    Member,
    Organisation,
    Person,
    Representative,
    Role,
    RoleGrant,
    Sex,
    SignIn,
)

CURRENT_GRANTS = selectinload(Person.grants.and_(RoleGrant.revoked_at.is_(None)))


@dataclass(frozen=True)
class Composition:
    """How an organisation's members are made up on a day. Of nobody there is no share: None."""

    on: date
    youth_under: int
    total: int = 0
    women: int = 0
    youth: int = 0
    women_or_youth: int = 0

    @property
    def women_share(self) -> Fraction | None:
        return self._share(self.women)

    @property
    def youth_share(self) -> Fraction | None:
        return self._share(self.youth)

    @property
    def women_or_youth_share(self) -> Fraction | None:
        return self._share(self.women_or_youth)

    def _share(self, part: int) -> Fraction | None:
        return Fraction(part, self.total) if self.total else None


def composition(
    tx: Tx, organisation_ids: Collection[UUID], on: date, youth_under: int = 35
) -> dict[UUID, Composition]:
    """The composition of each organisation on that day, in one statement; the caller may read them already.

    Only the year of birth is known: ages are the lowest possible, as the calls' rules count them.
    """
    young = on.year - Member.birth_year - (0 if (on.month, on.day) == (12, 31) else 1) < youth_under
    woman = Member.sex == Sex.WOMAN
    counted = (
        select(Member.organisation_id, func.count(), _count(woman), _count(young), _count(or_(woman, young)))
        .where(Member.organisation_id.in_(organisation_ids))
        .group_by(Member.organisation_id)
    )
    found = {row[0]: Composition(on, youth_under, *row[1:]) for row in tx.session.execute(counted)}
    return {asked: found.get(asked) or Composition(on, youth_under) for asked in organisation_ids}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def me(tx: Tx) -> Person:
    """The actor's own row, with her current roles."""
    return tx.get(Person, tx.actor.id, "person.read", options=(CURRENT_GRANTS,))


def person(tx: Tx, person_id: UUID) -> Person:
    return tx.get(Person, person_id, "person.read", options=(CURRENT_GRANTS,))


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
        tx, statement, (Key(Person.name.expression, lambda p: p.name), _by_id(Person)), cursor, limit
    )


def count_people(
    tx: Tx, text: str | None = None, role: Role | None = None, province: str | None = None
) -> int:
    """How many people the list has."""
    return _how_many(tx, _people(tx, text, role, province))


def _people(tx: Tx, text: str | None, role: Role | None, province: str | None) -> Select[Person]:
    statement = tx.visible(select(Person), "person.read")
    if text:
        looked_in = (Person.name, func.coalesce(Person.email, ""))
        statement = statement.where(or_(*(_holds(column, text) for column in looked_in)))
    if role or province:
        held = select(RoleGrant.person_id).where(RoleGrant.revoked_at.is_(None))
        held = held.where(RoleGrant.role == role) if role else held
        held = held.where(RoleGrant.province_code == province) if province else held
        statement = statement.where(Person.id.in_(held))
    return statement


def _how_many(tx: Tx, statement: Select[Any]) -> int:
    return tx.session.scalar(statement.with_only_columns(func.count(), maintain_column_froms=True)) or 0


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
    return paginate(tx, statement, (_by_id(AccessToken, newest=True),), cursor, limit)


def organisations(
    tx: Tx,
    text: str | None = None,
    province: str | None = None,
    legal_form: LegalForm | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Organisation]:
    """The organisations whom the actor may see, the newest first; `text` is looked for in both names."""
    statement = _organisations(tx, text, province, legal_form)
    return paginate(tx, statement, (_by_id(Organisation, newest=True),), cursor, limit)


def count_organisations(
    tx: Tx, text: str | None = None, province: str | None = None, legal_form: LegalForm | None = None
) -> int:
    """How many organisations the list has."""
    return _how_many(tx, _organisations(tx, text, province, legal_form))


def _organisations(
    tx: Tx, text: str | None, province: str | None, legal_form: LegalForm | None
) -> Select[Organisation]:
    statement = tx.visible(select(Organisation), "organisation.read")
    if text:
        names = (Organisation.name["fr"].astext, Organisation.name["ar"].astext)
        statement = statement.where(or_(*(_holds(name, text) for name in names)))
    if province:
        statement = statement.where(Organisation.province_code == province)
    if legal_form:
        statement = statement.where(Organisation.legal_form == legal_form)
    return statement


def organisation(tx: Tx, organisation_id: UUID) -> Organisation:
    """One organisation with its members."""
    members = selectinload(Organisation.members)
    return tx.get(Organisation, organisation_id, "organisation.read", options=(members,))


def my_organisations(tx: Tx) -> Sequence[Organisation]:
    """What the actor represents today, oldest first."""
    hers = _represented(select(Representative.organisation_id)).where(Representative.person_id == tx.actor.id)
    statement = tx.visible(select(Organisation), "organisation.read").where(Organisation.id.in_(hers))
    return tx.session.scalars(statement.order_by(Organisation.id)).all()


def representatives(tx: Tx, organisation_id: UUID) -> Sequence[Person]:
    """Who acts for the organisation today, among the people whom the actor may see."""
    theirs = _represented(select(Representative.person_id)).where(
        Representative.organisation_id == organisation_id
    )
    statement = tx.visible(select(Person), "person.read").where(Person.id.in_(theirs))
    return tx.session.scalars(statement.order_by(Person.name)).all()


def _represented(statement: Select[tuple[UUID]]) -> Select[tuple[UUID]]:
    return statement.where(Representative.until.is_(None))


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    """The text somewhere in the column, whatever the capitals and accents."""
    plain: ColumnElement[str] = func.lower(func.unaccent(column))
    return plain.contains(func.lower(func.unaccent(_literal(text))))


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _by_id(model: type[Person] | type[AccessToken] | type[Organisation], newest: bool = False) -> Key:
    return Key(model.id.expression, lambda row: row.id, descending=newest)
