"""A person's own data (law 09-08): given to her, and removed at her request."""

from sqlalchemy import func, select, update

from ...core.clock import arrival
from ...core.errors import INVALID, FieldError, problem
from ...core.tx import Tx
from .. import own_data, throttle
from ..holdings import Part, blockers, clear, held
from ..models import AccessToken, Person, Representative, RoleGrant, SignIn
from ..own_data import ERASED_NAME
from ..passwords import verify
from ..schemas import EraseIn

ERASURE_BLOCKED = problem("erasure_blocked", 409)
__all__ = ["ERASED_NAME", "erase_me", "export_me", "own_data"]


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


def _kept_password(tx: Tx, person: Person) -> str | None:
    return tx.session.scalar(select(Person.password_hash).where(Person.id == person.id))
