"""A person whom somebody entered is sent a way in: a link, once, by which she chooses her password.

The link is made when the message leaves, and only its hash is kept: nobody here can read it.
"""

from datetime import timedelta
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import func, select, update

from ...core.clock import arrival
from ...core.errors import INVALID, NOT_FOUND, FieldError, problem
from ...core.tx import Tx
from .. import throttle
from ..authentication import SESSION_LENGTH, fingerprint, new_secret
from ..models import Invitation, Person, SignIn
from ..passwords import hash_password, is_weak

LIVES = timedelta(days=7)
ASKED_A_DAY = 5
UNINVITABLE = problem("person_uninvitable", 409)
INVITED_ENOUGH = problem("invited_enough", 409)


def invite(tx: Tx, person_id: UUID) -> Invitation:
    """Send her a link, in place of those that she did not use; refused with a password, or no e-mail."""
    person = tx.get(Person, person_id, "person.invite")
    password = tx.session.scalar(select(Person.password_hash).where(Person.id == person.id))
    if not person.active or not person.email or password:
        raise UNINVITABLE()
    asked = select(func.count()).where(
        Invitation.person_id == person.id, Invitation.asked_at > arrival().at - timedelta(days=1)
    )
    if tx.session.execute(asked).scalar_one() >= ASKED_A_DAY:
        raise INVITED_ENOUGH()
    return owe_invitation(tx, person)


def owe_invitation(tx: Tx, person: Person) -> Invitation:
    """The same for whoever was allowed to enter her."""
    _end_earlier(tx, person.id)
    made = Invitation(person_id=person.id, asked_at=arrival().at, expires_at=arrival().at + LIVES)
    tx.session.add(made)
    tx.session.flush()
    tx.emit("person.invited", made, person_id=str(person.id))
    return made


def fresh_link(tx: Tx, invitation_id: UUID) -> str | None:
    """The way in for the message that leaves now; None when it is used, over or replaced."""
    held = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    made = tx.session.scalars(held).one_or_none()
    if made is None or made.used_at or made.expires_at <= arrival().at:
        return None
    secret, made.token_hash = new_secret()
    tx.session.flush()
    return f"/invitations/{secret}"


def invited(tx: Tx, secret: str) -> tuple[Invitation, Person]:
    """Whose way in it is; 404 for a link that is wrong, used or too old: nothing says which."""
    found = tx.session.execute(
        select(Invitation, Person)
        .join(Person, Person.id == Invitation.person_id)
        .where(
            Invitation.token_hash == fingerprint(secret),
            Invitation.used_at.is_(None),
            Invitation.expires_at > arrival().at,
            Person.active,
        )
    ).one_or_none()
    if found is None:
        raise NOT_FOUND(thing="invitation")
    invitation, person = found
    return invitation, person


def accept_invitation(tx: Tx, secret: str, password: SecretStr, address: str = "") -> str:
    """Choose the password; returns the secret of a session, for the cookie. The link serves no more."""
    throttle.attempt_from(throttle.ADDRESS, address)
    invitation, person = invited(tx, secret)
    tx.get(Invitation, invitation.id, "invitation.accept")  # two presses: the second waits for the first
    tx.session.refresh(invitation)
    if invitation.used_at:
        raise NOT_FOUND(thing="invitation")
    plain = password.get_secret_value()
    if is_weak(plain, person.name, person.email):
        raise INVALID([FieldError("password", "weak_password")])
    person.password_hash = hash_password(plain)
    invitation.used_at = arrival().at
    tx.session.flush()
    tx.emit("person.joined", person)
    secret, kept = new_secret()
    now = arrival().at
    session = SignIn(person_id=person.id, token_hash=kept, created_at=now, expires_at=now + SESSION_LENGTH)
    tx.add(session, "sign_in.create")
    tx.emit("sign_in.created", session, person_id=str(person.id))
    return secret


def _end_earlier(tx: Tx, person_id: UUID) -> None:
    """Of several links only the latest serves."""
    tx.session.execute(
        update(Invitation)
        .where(
            Invitation.person_id == person_id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > arrival().at,
        )
        .values(expires_at=arrival().at, token_hash=None)
    )
