"""A person's own data (law 09-08): given to her, and removed at her request."""

from uuid import UUID

from sqlalchemy import String, cast, delete, func, select, update
from sqlalchemy.orm.attributes import flag_modified

from ...core.clock import arrival
from ...core.errors import INVALID, NOT_FOUND, FieldError, problem
from ...core.once import Answer
from ...core.tx import Tx
from .. import own_data, throttle
from ..holdings import Part, blockers, clear, held
from ..models import AccessToken, Organisation, Person, Representative, RoleGrant, SignIn
from ..own_data import ERASED_NAME
from ..passwords import verify
from ..schemas import EraseIn
from .members import MEMBERS

ERASURE_BLOCKED = problem("erasure_blocked", 409)
__all__ = ["ERASED_NAME", "erase_me", "erase_member", "export_me", "own_data"]


def export_me(tx: Tx) -> tuple[Person, list[Part]]:
    """Everything that the platform holds of the actor; that she asked is recorded."""
    person = tx.get(Person, tx.actor.id, "person.export")
    parts = held(tx, person)
    tx.emit("person.exported", person)
    return person, parts


def erase_me(tx: Tx, given: EraseIn) -> None:
    """Remove the actor's name, address, telephone, password, sessions, tokens and roles, for good.

    What the law has the administration keep stays: dossiers deposited, decisions, the trail of what was done
    and when, under her number instead of her name (decision 0013).
    Raises `erasure_blocked` with the reasons while somebody depends on her.
    """
    person = tx.get(Person, tx.actor.id, "person.erase")
    throttle.attempt(throttle.SIGN_IN, "erase", str(person.id))
    if not verify(given.password.get_secret_value(), _kept_password(tx, person)):
        raise INVALID([FieldError("password", "wrong_password")])
    reasons = blockers(tx, person)
    if reasons:
        raise ERASURE_BLOCKED(reasons=sorted({reason.code for reason in reasons}))
    now = arrival().at
    clear(tx, person)
    person.name, person.email, person.phone = ERASED_NAME, None, None
    person.password_hash, person.active, person.erased_at = None, False, tx.now
    for model, column, at in (
        (SignIn, "ended_at", now),
        (AccessToken, "revoked_at", now),
        (RoleGrant, "revoked_at", tx.now),
        (Representative, "until", tx.now),
    ):
        ends = update(model).where(model.person_id == person.id, getattr(model, column).is_(None))
        tx.session.execute(ends.values({column: at}))
    tx.emit("person.erased", person).actor_name = ERASED_NAME
    tx.session.flush()
    tx.session.execute(select(func.forget_person(person.id)))  # what the trail kept of her


def erase_member(tx: Tx, organisation_id: UUID, member_id: UUID, version: int | None = None) -> Organisation:
    """Remove a member's name and the number of her card at her request (law 09-08, article 8), for good.

    For her who has no account: whoever represents the organisation does it, or an officer of its province.
    Sex, year of birth and office stay without the name: shares that were decided on must still add up. Who
    was erased already stays so. Raises `not_found` where she is not in the list.
    """
    organisation = tx.get(
        Organisation, organisation_id, "organisation.erase_member", version=version, options=(MEMBERS,)
    )
    member = next((one for one in organisation.members if one.id == member_id), None)
    if member is None:
        raise NOT_FOUND(thing="member")
    if member.name == ERASED_NAME:
        tx.recorded = True
        return organisation
    _forget_answers(tx, organisation, member.name)
    member.name, member.identity_number, member.identity_digest = ERASED_NAME, None, None
    flag_modified(organisation, "legal_form")  # the list is part of what readers see under its version
    tx.emit("member.erased", organisation, member_id=str(member.id))
    tx.session.flush()
    tx.session.execute(select(func.forget_member(member.id)))  # what the trail kept of her
    return organisation


def _forget_answers(tx: Tx, organisation: Organisation, name: str) -> None:
    """Copies of answers on this organisation that name her, kept some days for repeated requests."""
    told = cast(Answer.body, String)
    hers = delete(Answer).where(
        told.contains(name, autoescape=True), told.contains(str(organisation.id), autoescape=True)
    )
    tx.session.execute(hers, execution_options={"synchronize_session": False})


def _kept_password(tx: Tx, person: Person) -> str | None:
    return tx.session.scalar(select(Person.password_hash).where(Person.id == person.id))
