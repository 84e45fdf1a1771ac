"""An agent of the plateforme des jeunes helps a holder: one she registers, or one who agrees by a code.

She asks by a register number that she was told. Whether it is anybody's she does not learn: the answer is the
same, and only the holder, whose telephone gets the code, can let her in. From then on the agent who helped
before her no longer does.
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import undefer

from ...core.config import settings
from ...core.errors import FORBIDDEN, INVALID, FieldError, problem
from ...core.tx import Tx
from ..identifiers import bare_number
from ..models import Accompaniment, Organisation, Person, Representative, Role
from ..queries.parts import bare_column
from ..schemas import AccompanyIn
from .accounts import insert_unless_there

ASKED_ENOUGH = problem("accompaniment_asked_enough", 409)
CODE_DEAD = problem("accompaniment_code_expired", 409)
SETTLED = problem("accompaniment_settled", 409)
CODE_WRONG = problem("accompaniment_code_wrong", 409)

LIVES = timedelta(minutes=10)
ATTEMPTS = 5
ASKED_A_DAY = 10
"""Numbers that an agent may ask for in a day: she meets holders, she does not go through a register."""
ASKED_AN_HOUR = 3
"""Codes that one holder's telephone gets in an hour, whoever asks."""


def ask_accompaniment(tx: Tx, given: AccompanyIn) -> Accompaniment:
    """Owe the holder a code, if the number is that of one organisation of the province with a telephone."""
    if given.province_code not in tx.actor.provinces(Role.AGENT):
        if not tx.actor.provinces(Role.AGENT):
            raise FORBIDDEN(rule="accompaniment.ask")
        raise INVALID([FieldError("province_code", "province_not_yours")])
    _not_too_often(tx)
    asked = Accompaniment(
        agent_id=tx.actor.id,
        province_code=given.province_code,
        register_number=given.register_number,
        asked_at=tx.now,
    )
    _find(tx, asked)
    tx.add(asked, "accompaniment.ask")
    tx.emit("accompaniment.code_asked", asked, person=None)
    return asked


def fresh_accompaniment_code(tx: Tx, accompaniment_id: UUID) -> str | None:
    """A code for the message that leaves now; None when none is awaited."""
    held = select(Accompaniment).where(Accompaniment.id == accompaniment_id).with_for_update()
    asked = tx.session.scalars(held).one_or_none()
    if asked is None or asked.since or not asked.organisation_id:
        return None
    code = f"{secrets.randbelow(10**6):06d}"
    asked.code_hash, asked.code_sent_at = _hashed(asked, code), tx.now
    tx.session.flush()
    return code


def confirm_accompaniment(tx: Tx, accompaniment_id: UUID, code: str) -> Accompaniment | None:
    """The code that the holder read out; None when it is wrong, which is counted and must be committed."""
    asked = tx.get(
        Accompaniment, accompaniment_id, "accompaniment.ask", options=(undefer(Accompaniment.code_hash),)
    )
    if asked.since:
        raise SETTLED()
    sent = asked.code_sent_at or asked.asked_at  # of a number that is nobody's, none was sent
    if sent + LIVES <= tx.now or asked.attempts >= ATTEMPTS:
        raise CODE_DEAD()
    typed = "".join(str(int(sign)) for sign in code if sign.isdecimal())
    kept = asked.code_hash or ""
    if not kept or not hmac.compare_digest(kept, _hashed(asked, typed)):
        asked.attempts += 1
        tx.emit("accompaniment.code_refused", asked, attempts=asked.attempts)
        tx.session.flush()
        return None
    asked.code_hash = None
    _begin(tx, asked)
    return asked


def accompany(tx: Tx, organisation: Organisation) -> None:
    """The agent who registered an organisation helps it from now on; she had it from its holder."""
    asked = Accompaniment(
        agent_id=tx.actor.id,
        organisation_id=organisation.id,
        province_code=organisation.province_code,
        asked_at=tx.now,
    )
    tx.add(asked, "accompaniment.ask")
    _begin(tx, asked)


def _begin(tx: Tx, asked: Accompaniment) -> None:
    """One agent at a time: the holder chose this one."""
    one_at_a_time = select(Organisation.id).where(Organisation.id == asked.organisation_id)
    tx.session.execute(one_at_a_time.with_for_update())
    current = (
        select(Accompaniment)
        .where(
            Accompaniment.organisation_id == asked.organisation_id,
            Accompaniment.since.is_not(None),
            Accompaniment.until.is_(None),
        )
        .with_for_update()
    )
    before = tx.session.scalars(current).one_or_none()
    if before:
        before.until = tx.now
        tx.session.flush()
    asked.since = tx.now
    _declare_tie(tx, asked)
    tx.session.flush()
    tx.emit(
        "accompaniment.begun",
        asked,
        organisation_id=str(asked.organisation_id),
        before=str(before.agent_id) if before else None,
    )


def _declare_tie(tx: Tx, asked: Accompaniment) -> None:
    """Whoever helped a holder does not judge her, should she ever sit in a committee."""
    from ..models import Interest

    tie = Interest(
        person_id=asked.agent_id,
        organisation_id=asked.organisation_id,
        reason="Agent de la plateforme des jeunes · عون منصة الشباب",
        declared_at=tx.now,
    )
    if insert_unless_there(tx, tie):
        tx.emit("interest.declared", tie, organisation_id=str(asked.organisation_id))


def _find(tx: Tx, asked: Accompaniment) -> None:
    """The organisation of that register number or ICE, the holder's telephone; none if several have it."""
    number = bare_number(asked.register_number or "")
    same = select(Organisation.id).where(
        Organisation.province_code == asked.province_code,
        or_(bare_column(Organisation.register_number) == number, Organisation.ice == number),
        Organisation.merged_into_id.is_(None),
    )
    found = tx.session.scalars(same.limit(2)).all() if number else []
    if len(found) != 1:
        return
    reached = tx.session.execute(phones(found[0]).limit(1)).first()
    if reached is None or _told_enough(tx, found[0]):
        return
    asked.organisation_id, asked.phone = found[0], reached[0]


def phones(organisation_id: UUID) -> Select[*tuple[Any, ...]]:
    """(telephone, person) of who acts for the organisation, then its own, as they were registered."""
    hers = func.coalesce(Person.phone, Organisation.phone)
    return (
        select(hers, Person.id)
        .select_from(Organisation)
        .outerjoin(
            Representative,
            (Representative.organisation_id == Organisation.id) & Representative.until.is_(None),
        )
        .outerjoin(Person, (Person.id == Representative.person_id) & Person.active)
        .where(Organisation.id == organisation_id, hers.is_not(None))
        .order_by(Person.phone.is_(None), Representative.since)
    )


def _not_too_often(tx: Tx) -> None:
    asked = select(func.count()).where(
        Accompaniment.agent_id == tx.actor.id,
        Accompaniment.register_number.is_not(None),
        Accompaniment.asked_at > tx.now - timedelta(days=1),
    )
    if tx.session.execute(asked).scalar_one() >= ASKED_A_DAY:
        raise ASKED_ENOUGH(most=ASKED_A_DAY)


def _told_enough(tx: Tx, organisation_id: UUID) -> bool:
    """The holder's telephone is left in peace; the agent is not told so, as it would name a holder."""
    asked = select(func.count()).where(
        Accompaniment.organisation_id == organisation_id,
        Accompaniment.register_number.is_not(None),
        Accompaniment.asked_at > tx.now - timedelta(hours=1),
    )
    return tx.session.execute(asked).scalar_one() >= ASKED_AN_HOUR


def _hashed(asked: Accompaniment, code: str) -> str:
    said = f"accompaniment:{asked.id}:{asked.agent_id}:{code}"
    return hmac.new(settings().secret_key.encode(), said.encode(), sha256).hexdigest()
