"""Organisations that hold projects, and who is too close to them to judge."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ...core.calendar import local
from ...core.errors import FORBIDDEN, INVALID, NOT_FOUND, FieldError
from ...core.tx import Tx
from ...territory.models import Commune
from .. import activities
from ..doubts import doubts
from ..models import Interest, Organisation, Person, Representative, Role, RoleGrant
from ..schemas import HolderIn, InterestIn, OrganisationFacts, OrganisationIn, OrganisationPatch
from .accompaniment import accompany
from .accounts import insert_unless_there, set_columns


def create_organisation(tx: Tx, given: OrganisationIn) -> Organisation:
    """Enter an organisation with the person who represents it.

    A holder represents what she creates. An officer assists somebody: a person she may see (`holder_id`) or
    one she describes (`holder`), found by her e-mail or entered without a password; the event names both.
    An agent of the plateforme does the latter only, without an e-mail: nobody's account is hers to bind.
    """
    organisation = Organisation(
        name=given.name.words(),
        legal_form=given.legal_form,
        commune_code=given.commune_code,
        province_code=_province_of(tx, given.commune_code),
        **{name: getattr(given, name) for name in OrganisationFacts.model_fields},
        members=[],
    )
    _check_activities(given)
    _check_dates(tx, organisation)
    holder_id = _represented_by(tx, given)
    tx.session.add(organisation)
    tx.session.flush()
    tx.session.add(Representative(organisation_id=organisation.id, person_id=holder_id, since=tx.now))
    tx.session.flush()
    if is_agent(tx, organisation.province_code) and holder_id != tx.actor.id:
        accompany(tx, organisation)
    tx.allow("organisation.create", organisation)
    if holder_id == tx.actor.id and Role.HOLDER not in tx.actor.roles:  # she would confirm what she types
        raise INVALID([FieldError("holder_id", "holder_herself")])
    tx.emit(
        "organisation.created",
        organisation,
        holder_id=str(holder_id),
        assisted=holder_id != tx.actor.id,
        **_said(organisation),
    )
    return organisation


def edit_organisation(
    tx: Tx, organisation_id: UUID, patch: OrganisationPatch, version: int | None = None
) -> Organisation:
    """Change what the patch names. A move to a commune of another province needs the right there too."""
    organisation = tx.get(
        Organisation, organisation_id, "organisation.edit", version=version, options=(_MEMBERS,)
    )
    _check_activities(patch)
    values: dict[str, Any] = patch.changes()
    if "commune_code" in values:
        values["province_code"] = _province_of(tx, values["commune_code"])
    _keep_what_is_the_holders(tx, organisation, values)
    changed = set_columns(organisation, values)
    _check_dates(tx, organisation)
    if changed:
        tx.session.flush()
        tx.allow("organisation.edit", organisation)
        tx.emit("organisation.edited", organisation, fields=changed, **_said(organisation))
    return organisation


def declare_interest(tx: Tx, organisation_id: UUID, reason: str) -> Interest:
    """Say that one is tied to an organisation and must not judge it; the first declaration stands."""
    if not tx.actor.is_authenticated:
        raise FORBIDDEN(rule="interest.declare")
    if not tx.session.scalar(select(Organisation.id).where(Organisation.id == organisation_id)):
        raise NOT_FOUND(thing="organisation")
    said = InterestIn(reason=reason).reason
    interest = Interest(
        person_id=tx.actor.id, organisation_id=organisation_id, reason=said, declared_at=tx.now
    )
    if insert_unless_there(tx, interest):
        tx.allow("interest.declare", interest)
        tx.emit("interest.declared", interest, organisation_id=str(organisation_id))
        return interest
    held = select(Interest).where(
        Interest.person_id == tx.actor.id, Interest.organisation_id == organisation_id
    )
    return tx.session.scalars(held).one()


_MEMBERS = selectinload(Organisation.members)


def _province_of(tx: Tx, commune_code: str) -> str:
    commune = tx.session.get(Commune, commune_code)
    if commune is None:
        raise INVALID([FieldError("commune_code", "commune_unknown")])
    return commune.province_code


def _said(organisation: Organisation) -> dict[str, list[str]]:
    """The doubts, kept with the save that they were shown after."""
    found = doubts(organisation)
    return {"doubts": found} if found else {}


def _check_activities(given: OrganisationFacts) -> None:
    """Sectors and chains are codes of the programme's list."""
    known = {"sectors": set(activities.sectors()), "chains": {chain.code for chain in activities.chains()}}
    errors = [
        FieldError(f"{name}.{i}", "activity_unknown")
        for name, codes in known.items()
        for i, code in enumerate(getattr(given, name))
        if code not in codes
    ]
    if errors:
        raise INVALID(errors)


def _represented_by(tx: Tx, given: OrganisationIn) -> UUID | None:
    """Whom the new organisation's holder is: herself, or whom the officer assists."""
    if given.holder_id:
        return tx.get(Person, given.holder_id, "person.read").id
    if given.holder:
        if given.holder.email and not tx.actor.provinces(Role.OFFICER) and Role.AGENT in tx.actor.roles:
            raise INVALID([FieldError("holder.email", "holder_email_not_by_agent")])
        return _assisted(tx, given.holder)
    if Role.HOLDER not in tx.actor.roles:
        raise INVALID([FieldError("holder", "missing")])
    return tx.actor.id


def _assisted(tx: Tx, given: HolderIn) -> UUID:
    """The person at this e-mail, or one entered now; she becomes a holder if she is not one yet."""
    known = given.email and tx.session.scalar(select(Person.id).where(Person.email == given.email))
    if known:
        held = RoleGrant(person_id=known, role=Role.HOLDER, granted_at=tx.now)
        insert_unless_there(tx, held)
        return known
    person = Person(
        **given.model_dump(),
        created_at=tx.now,
        grants=[RoleGrant(role=Role.HOLDER, granted_at=tx.now)],
    )
    tx.add(person, "person.assist")
    tx.emit("person.created", person, assisted=True)
    return person.id


def is_agent(tx: Tx, province_code: str) -> bool:
    """She acts as an agent of the plateforme in the province, not as an officer of its DAS."""
    officer = tx.actor.provinces(Role.OFFICER)
    if None in officer or province_code in officer:
        return False
    return province_code in tx.actor.provinces(Role.AGENT)


def _keep_what_is_the_holders(tx: Tx, organisation: Organisation, values: dict[str, Any]) -> None:
    """An agent changes neither the telephone that confirms what she types nor the account that is paid."""
    if (
        not is_agent(tx, organisation.province_code)
        or tx.may(["organisation.own"], organisation)["organisation.own"]
    ):
        return
    changed = {name for name in ("phone", "bank_account") if name in values}
    errors = []
    if "phone" in changed and values["phone"] != organisation.phone:
        errors.append(FieldError("phone", "phone_not_by_agent"))
    if "bank_account" in changed and organisation.bank_account not in (None, values["bank_account"]):
        errors.append(FieldError("bank_account", "account_not_by_agent"))
    if values.get("province_code", organisation.province_code) != organisation.province_code:
        errors.append(FieldError("commune_code", "province_not_yours"))
    if errors:
        raise INVALID(errors)


def _check_dates(tx: Tx, organisation: Organisation) -> None:
    today = local(tx.now).date()
    errors = [
        FieldError(name, "date_in_future")
        for name in ("created_on", "last_agm_on")
        if (day := getattr(organisation, name)) and day > today
    ]
    created, assembly = organisation.created_on, organisation.last_agm_on
    if created and assembly and assembly < created:
        errors.append(FieldError("last_agm_on", "before_creation"))
    if errors:
        raise INVALID(errors)
