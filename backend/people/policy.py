"""Who may, in the words that every slice's rules are made of: role and place, ownership, closeness."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ..core.actor import Actor
from ..core.policy import rule
from .models import (
    AccessToken,
    Interest,
    Lookalike,
    Organisation,
    Person,
    Representative,
    Role,
    RoleGrant,
    SignIn,
)

Column = InstrumentedAttribute[Any] | ColumnElement[Any]
OVERSEERS = (Role.AUDITOR, Role.ADMINISTRATOR, Role.COORDINATION)
"""National roles that read everything that is not a secret; none of them decides anything."""


def in_province(a: Actor, roles: Role | tuple[Role, ...], column: Column) -> ColumnElement[bool]:
    """She holds one of the roles in the row's province, or in the whole country."""
    places = a.provinces(*((roles,) if isinstance(roles, Role) else roles))
    if not places:
        return false()
    if None in places:
        return true()
    return column.in_(sorted(place for place in places if place))


def has_role(a: Actor, *roles: Role) -> ColumnElement[bool]:
    """She holds one of the roles, anywhere."""
    return true() if a.provinces(*roles) else false()


def is_self(a: Actor, column: Column) -> ColumnElement[bool]:
    return column == a.id if a.id else false()


def represents(a: Actor, organisation: Column) -> ColumnElement[bool]:
    """She acts for the row's organisation today."""
    if not a.id:
        return false()
    hers = select(Representative.organisation_id).where(
        Representative.person_id == a.id, Representative.until.is_(None)
    )
    return organisation.in_(hers)


def anyone(_a: Actor) -> ColumnElement[bool]:
    return true()


def _of_her_province(a: Actor) -> ColumnElement[bool]:
    """An officer sees who works in her province (evaluators, coaches, colleagues) and its holders."""
    places = in_province(a, Role.OFFICER, Organisation.province_code)
    staff = exists().where(
        RoleGrant.person_id == Person.id,
        RoleGrant.role != Role.HOLDER,
        RoleGrant.revoked_at.is_(None),
        in_province(a, Role.OFFICER, RoleGrant.province_code),
    )
    holders = Person.id.in_(
        select(Representative.person_id)
        .join(Organisation, Organisation.id == Representative.organisation_id)
        .where(Representative.until.is_(None), places)
    )
    return or_(staff, holders)


def _organisation_of_hers(a: Actor, organisation: Column) -> ColumnElement[bool]:
    """The row's organisation is one that she represents, or is in her province as an officer."""
    in_hers = select(Organisation.id).where(in_province(a, Role.OFFICER, Organisation.province_code))
    return or_(represents(a, organisation), organisation.in_(in_hers))


rule(
    "person.read",
    Person,
    lambda a: or_(is_self(a, Person.id), has_role(a, *OVERSEERS), _of_her_province(a)),
)
rule("person.register", Person, anyone)
rule("person.assist", Person, lambda a: has_role(a, Role.OFFICER))  # a holder without an account
rule("person.create", Person, lambda a: has_role(a, Role.ADMINISTRATOR))
rule("person.edit", Person, lambda a: or_(is_self(a, Person.id), has_role(a, Role.ADMINISTRATOR)))
rule("person.export", Person, lambda a: is_self(a, Person.id))
rule("person.erase", Person, lambda a: is_self(a, Person.id))
rule("person.disable", Person, lambda a: has_role(a, Role.ADMINISTRATOR))
rule(
    "role.read",
    RoleGrant,
    lambda a: or_(
        is_self(a, RoleGrant.person_id),
        has_role(a, *OVERSEERS),
        in_province(a, Role.OFFICER, RoleGrant.province_code),
    ),
)
rule("role.grant", RoleGrant, lambda a: has_role(a, Role.ADMINISTRATOR))
rule("sign_in.create", SignIn, anyone)
rule("sign_in.end", SignIn, lambda a: is_self(a, SignIn.person_id))
rule("token.read", AccessToken, lambda a: is_self(a, AccessToken.person_id))
rule("token.create", AccessToken, lambda a: is_self(a, AccessToken.person_id))
rule(
    "token.revoke",
    AccessToken,
    lambda a: or_(is_self(a, AccessToken.person_id), has_role(a, Role.ADMINISTRATOR)),
)

rule(
    "organisation.read",
    Organisation,
    lambda a: or_(
        represents(a, Organisation.id),
        in_province(a, (Role.OFFICER, *OVERSEERS), Organisation.province_code),
    ),
)
rule(
    "organisation.create",
    Organisation,
    lambda a: or_(
        and_(has_role(a, Role.HOLDER), represents(a, Organisation.id)),
        in_province(a, Role.OFFICER, Organisation.province_code),
    ),
)
rule(
    "organisation.edit",
    Organisation,
    lambda a: and_(Organisation.merged_into_id.is_(None), _organisation_of_hers(a, Organisation.id)),
)
rule(  # the number of a member's card, one at a time, with a reason
    "organisation.reveal", Organisation, lambda a: in_province(a, Role.OFFICER, Organisation.province_code)
)
rule("interest.read", Interest, lambda a: or_(is_self(a, Interest.person_id), has_role(a, *OVERSEERS)))
rule("interest.declare", Interest, lambda a: is_self(a, Interest.person_id))


def _officer_of(a: Actor, *organisations: Column) -> ColumnElement[bool]:
    """She is an officer of the province of one of them."""
    hers = select(Organisation.id).where(in_province(a, Role.OFFICER, Organisation.province_code))
    return or_(*(organisation.in_(hers) for organisation in organisations))


rule(
    "lookalike.read",
    Lookalike,
    lambda a: or_(has_role(a, *OVERSEERS), _officer_of(a, Lookalike.first_id, Lookalike.second_id)),
)
rule("lookalike.settle", Lookalike, lambda a: _officer_of(a, Lookalike.first_id, Lookalike.second_id))
# the province of the one that ends decides: nobody closes the register of another
rule("lookalike.merge", Lookalike, lambda a: _officer_of(a, Lookalike.second_id))
rule("lookalike.flag", Lookalike, lambda _a: false())  # the platform, when new grounds are found
