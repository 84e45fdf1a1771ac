"""Simple electronic signatures (law 43-20): who, when, as what, over which digest, by which proof."""

from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import select

from ...committees import queries as sittings
from ...committees.attendance import TAKEN
from ...committees.lifecycle import MINUTES, MINUTES_SETTLED, NOT_A_SIGNER
from ...committees.models import (
    Capacity,
    CommitteeSession,
    Minutes,
    MinutesState,
    Presence,
    Signature,
    SignatureLevel,
)
from ...core.errors import INVALID, FieldError
from ...core.tx import Tx
from ...people import throttle
from ...people.models import Person, Role
from ...people.passwords import verify
from .reading import hidden_files


def capacity_of(tx: Tx, minutes: Minutes) -> tuple[Capacity, UUID | None] | None:
    """As what the actor signs, and her seat: who presided, a member who was there, an officer; or None."""
    session = tx.session.get_one(CommitteeSession, minutes.session_id)
    table = sittings.everyone(tx, session)
    persons = {one.seat.id: one.seat.person_id for one in table}
    for one in table:
        if one.seat.alternate_of_id or one.noted is None:
            continue
        there = one.seat.id if one.presence in TAKEN else None
        there = one.noted.stand_in_id if one.presence is Presence.ALTERNATE else there
        if there and persons.get(there) == tx.actor.id:
            return (Capacity.CHAIR if one.seat.chairs else Capacity.MEMBER), there
    places = tx.actor.provinces(Role.OFFICER)
    if None in places or minutes.province_code in places:
        return Capacity.SECRETARY, None
    return None


def sign(tx: Tx, minutes_id: UUID, password: SecretStr, sha256: str) -> Signature:
    """Sign the digest that the page showed, with one's password given again.

    A digest that is no longer that of the minutes is refused (`version_conflict` in words of its own: the
    minutes were corrected meanwhile). Signed twice, the first signature stands.
    """
    minutes = tx.get(Minutes, minutes_id, "minutes.sign")
    if minutes.state is MinutesState.REPLACED or sha256 != minutes.record_sha256:
        raise MINUTES_SETTLED()
    given = capacity_of(tx, minutes)
    if given is None or tx.actor.id is None:
        raise NOT_A_SIGNER()
    throttle.attempt(throttle.SIGN_IN, "sign", str(tx.actor.id))
    kept = tx.session.scalar(select(Person.password_hash).where(Person.id == tx.actor.id))
    if not verify(password.get_secret_value(), kept):
        raise INVALID([FieldError("password", "wrong_password")])
    earlier = tx.session.scalars(
        select(Signature).where(Signature.minutes_id == minutes_id, Signature.person_id == tx.actor.id)
    ).one_or_none()
    if earlier is not None:
        tx.recorded = True  # nothing is written
        return earlier
    capacity, seat = given
    made = Signature(
        minutes_id=minutes_id,
        seat_id=seat,
        capacity=capacity,
        person_id=tx.actor.id,
        level=SignatureLevel.SIMPLE,
        signed_sha256=minutes.record_sha256,
        evidence=_evidence(tx, minutes),
        signed_at=tx.now,
    )
    tx.add(made, "signature.create")
    tx.emit("minutes.signed_by", minutes, capacity=capacity, level=made.level, sha256=made.signed_sha256)
    if minutes.state is MinutesState.ISSUED and not lacking(tx, minutes):
        MINUTES.fire(tx, minutes, "settle", sha256=minutes.record_sha256)
    return made


def lacking(tx: Tx, minutes: Minutes) -> set[Capacity]:
    """Who must still sign: the secretary, and whoever presided if anybody did."""
    tx.session.flush()
    signed = set(tx.session.scalars(select(Signature.capacity).where(Signature.minutes_id == minutes.id)))
    presided = any(
        row["chairs"] and row["presence"] in ("present", "remote", "alternate")
        for sitting in minutes.record["sittings"][-1:]
        for row in sitting["roll"]
    )
    wanted = {Capacity.SECRETARY} | ({Capacity.CHAIR} if presided else set())
    return wanted - signed


def _evidence(tx: Tx, minutes: Minutes) -> dict[str, Any]:
    """How she proved who she is, and on how many files she was recused: her extract is what she read."""
    return {
        "method": "password",
        "request": tx.request_id,
        "hidden_files": len(hidden_files(tx, minutes.record)),
    }
