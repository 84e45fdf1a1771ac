"""Organisations, how they are made up, who represents them, what was read of their members' cards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import selectinload, undefer

from ...core.events import Event
from ...core.folding import words
from ...core.paging import Page, paginate
from ...core.tx import Tx
from .. import identities
from ..identifiers import bare_number
from ..models import LegalForm, Member, Organisation, Person, Representative, Sex
from .parts import bare_column, by_id, how_many


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


@dataclass(frozen=True)
class Wanted:
    """What a list of organisations is narrowed to; `text` is of both names, folded, or a whole number."""

    text: str | None = None
    province: str | None = None
    legal_form: LegalForm | None = None
    commune: str | None = None
    sector: str | None = None


def organisations(
    tx: Tx, wanted: Wanted = Wanted(), cursor: str | None = None, limit: int = 50
) -> Page[Organisation]:
    """The organisations whom the actor may see, the newest first."""
    return paginate(tx, _organisations(tx, wanted), (by_id(Organisation, newest=True),), cursor, limit)


def count_organisations(tx: Tx, wanted: Wanted = Wanted()) -> int:
    """How many organisations the list has."""
    return how_many(tx, _organisations(tx, wanted))


def _organisations(tx: Tx, wanted: Wanted) -> Select[Organisation]:
    statement = tx.visible(select(Organisation), "organisation.read")
    if wanted.text:
        statement = statement.where(_named_or_numbered(wanted.text))
    if wanted.province:
        statement = statement.where(Organisation.province_code == wanted.province)
    if wanted.commune:
        statement = statement.where(Organisation.commune_code == wanted.commune)
    if wanted.legal_form:
        statement = statement.where(Organisation.legal_form == wanted.legal_form)
    if wanted.sector:
        statement = statement.where(Organisation.sectors.contains([wanted.sector]))
    return statement


def _named_or_numbered(text: str) -> ColumnElement[bool]:
    """Every word is in its names, or the text is its register number or ICE, however it is written."""
    found, number = words(text), bare_number(text)
    named = and_(*(Organisation.folded_name.contains(word) for word in found)) if found else false()
    if not any(c.isdigit() for c in number):
        return named
    return or_(named, Organisation.ice == number, bare_column(Organisation.register_number) == number)


def organisation(tx: Tx, organisation_id: UUID) -> Organisation:
    """One organisation with its members."""
    members = selectinload(Organisation.members)
    return tx.get(Organisation, organisation_id, "organisation.read", options=(members,))


def my_organisations(tx: Tx) -> Sequence[Organisation]:
    """What the actor represents today and may act for, oldest first: not what was merged into another."""
    hers = _represented(select(Representative.organisation_id)).where(Representative.person_id == tx.actor.id)
    statement = tx.visible(select(Organisation), "organisation.read").where(
        Organisation.id.in_(hers), Organisation.merged_into_id.is_(None)
    )
    return tx.session.scalars(statement.order_by(Organisation.id)).all()


def representatives(tx: Tx, organisation_id: UUID) -> Sequence[Person]:
    """Who acts for the organisation today, among the people whose name the actor may read."""
    theirs = _represented(select(Representative.person_id)).where(
        Representative.organisation_id == organisation_id
    )
    statement = tx.visible(select(Person), "person.name").where(Person.id.in_(theirs))
    return tx.session.scalars(statement.order_by(Person.name)).all()


def _represented(statement: Select[tuple[UUID]]) -> Select[tuple[UUID]]:
    return statement.where(Representative.until.is_(None))


def shown_identities(tx: Tx, organisation: Organisation) -> dict[UUID, tuple[str, bool]]:
    """By member, the number of her card masked and whether its shape is doubtful; one statement."""
    kept = (
        select(Member)
        .options(undefer(Member.identity_number))
        .where(Member.organisation_id == organisation.id, Member.identity_number.is_not(None))
        .execution_options(populate_existing=True)
    )
    return {row.id: found for row in tx.session.scalars(kept) if (found := identities.shown(row))}


def readings(tx: Tx, organisation: Organisation, most: int = 50) -> Sequence[Event]:
    """Who read the whole number of a member's card, when and why: the latest first."""
    asked = select(Event).where(Event.subject_id == organisation.id, Event.name == "member.identity_read")
    return tx.session.scalars(asked.order_by(Event.seq.desc()).limit(most)).all()


def merged_with(tx: Tx, organisation: Organisation) -> Sequence[UUID]:
    """The organisation that this one was merged into, or those that were merged into it."""
    if organisation.merged_into_id:
        return [organisation.merged_into_id]
    asked = select(Organisation.id).where(Organisation.merged_into_id == organisation.id)
    return tx.session.scalars(asked.order_by(Organisation.id)).all()
