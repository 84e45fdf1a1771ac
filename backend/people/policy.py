"""Who may, in the words that every slice's rules are made of: role and place, ownership, closeness."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ..core.actor import Actor
from ..core.policy import rule
from .models import (
    AccessToken,
    Accompaniment,
    Interest,
    Invitation,
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


def accompanies(a: Actor, organisation: Column) -> ColumnElement[bool]:
    """She is an agent who registered the row's organisation, or whom its holder let help her."""
    if not a.id or not a.provinces(Role.AGENT):
        return false()
    hers = select(Accompaniment.organisation_id).where(
        Accompaniment.agent_id == a.id,
        Accompaniment.since.is_not(None),
        Accompaniment.until.is_(None),
        in_province(a, Role.AGENT, Accompaniment.province_code),
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
    """The row's organisation is one that she represents or accompanies, or an officer's of its province."""
    in_hers = select(Organisation.id).where(in_province(a, Role.OFFICER, Organisation.province_code))
    return or_(represents(a, organisation), accompanies(a, organisation), organisation.in_(in_hers))


rule(
    "person.read",
    Person,
    lambda a: or_(is_self(a, Person.id), has_role(a, *OVERSEERS), _of_her_province(a)),
)
rule(  # whom an agent helps has a name and a telephone for her, and nothing else
    "person.name",
    Person,
    lambda a: or_(
        is_self(a, Person.id),
        has_role(a, *OVERSEERS),
        _of_her_province(a),
        Person.id.in_(
            select(Representative.person_id).where(
                Representative.until.is_(None), accompanies(a, Representative.organisation_id)
            )
        ),
    ),
)
rule("person.register", Person, anyone)
rule(  # a holder without an account
    "person.assist", Person, lambda a: has_role(a, Role.OFFICER, Role.AGENT)
)
rule("person.create", Person, lambda a: has_role(a, Role.ADMINISTRATOR))
rule("person.edit", Person, lambda a: or_(is_self(a, Person.id), has_role(a, Role.ADMINISTRATOR)))
rule("person.export", Person, lambda a: is_self(a, Person.id))
rule("person.erase", Person, lambda a: is_self(a, Person.id))
rule("person.disable", Person, lambda a: has_role(a, Role.ADMINISTRATOR))
rule("person.invite", Person, lambda a: has_role(a, Role.ADMINISTRATOR))
rule("invitation.accept", Invitation, anyone)  # whoever has the link
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
        accompanies(a, Organisation.id),
        in_province(a, (Role.OFFICER, *OVERSEERS), Organisation.province_code),
    ),
)
rule(
    "organisation.create",
    Organisation,
    lambda a: or_(
        and_(has_role(a, Role.HOLDER), represents(a, Organisation.id)),
        accompanies(a, Organisation.id),
        in_province(a, Role.OFFICER, Organisation.province_code),
    ),
)
rule(
    "organisation.edit",
    Organisation,
    lambda a: and_(Organisation.merged_into_id.is_(None), _organisation_of_hers(a, Organisation.id)),
)
rule("organisation.own", Organisation, lambda a: represents(a, Organisation.id))
rule(  # at the request of a member who has no account (law 09-08); an agent passes the request on
    "organisation.erase_member",
    Organisation,
    lambda a: or_(represents(a, Organisation.id), in_province(a, Role.OFFICER, Organisation.province_code)),
)
rule(  # the number of a member's card, one at a time, with a reason
    "organisation.reveal", Organisation, lambda a: in_province(a, Role.OFFICER, Organisation.province_code)
)
rule("accompaniment.read", Accompaniment, lambda a: is_self(a, Accompaniment.agent_id))
rule(
    "accompaniment.ask",
    Accompaniment,
    lambda a: and_(
        is_self(a, Accompaniment.agent_id), in_province(a, Role.AGENT, Accompaniment.province_code)
    ),
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
