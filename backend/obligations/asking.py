"""What the public does: asks a province for information, and follows it with the number and the code."""

import hmac
import json
import secrets
from collections.abc import Iterator
from hashlib import sha256
from itertools import count

from limits import RateLimitItemPerHour
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from ..applications.models import ApplicationCounter
from ..applications.receipts import code_of, read_code
from ..core.calendar import local
from ..core.config import settings
from ..core.errors import INVALID, FieldError
from ..core.tx import Tx
from ..people import throttle
from .lifecycle import REQUEST_UNKNOWN, due_after
from .models import InformationRequest
from .schemas import FollowIn, InformationIn
from .served import provinces_served

ASKED = RateLimitItemPerHour(10, namespace="information")
"""Requests from one address in an hour: a village may share one telephone, a robot sends thousands."""
TRIED = RateLimitItemPerHour(10, namespace="information_code")
"""Codes tried for one number in an hour."""


def ask(tx: Tx, given: InformationIn, address: str = "") -> tuple[InformationRequest, str]:
    """The request, received now, with the code that opens its answer.

    The same words under the same key are the same request: a button pressed twice, a network that cut. The
    counter's row is locked first, so that of two that race the second finds what the first one made.
    `address` is the network's, for the limit. Raises `invalid` for a province that nobody answers for.
    """
    if given.province_code not in {province.code for province in provinces_served(tx)}:
        raise INVALID([FieldError("province_code", "invalid")])
    code = _code(given)
    number = _counter(tx, given.province_code)
    kept = _print(code)
    before = tx.session.scalars(
        select(InformationRequest).where(InformationRequest.code_sha256 == kept)
    ).one_or_none()
    if before is not None:
        tx.allowed = tx.recorded = True  # nothing is written but the counter's row, as it was
        return before, code
    throttle.attempt_from(ASKED, address)
    number.last += 1
    made = InformationRequest(
        province_code=given.province_code,
        number=f"{number.prefix}-{number.last:04d}",
        code_sha256=kept,
        name=given.name,
        address=given.address,
        person_id=tx.actor.id if tx.actor.is_authenticated else None,
        language=given.language,
        text=given.text,
        received_at=tx.now,
        due_on=due_after(local(tx.now).date()),
    )
    tx.add(made, "information_request.ask")
    tx.emit("information_request.received", made, number=made.number, due_on=made.due_on.isoformat())
    return made, code


def follow(tx: Tx, typed: FollowIn) -> InformationRequest:
    """The request of this number, if the code is its own; one refusal says nothing of which was wrong.

    Raises 429 after ten wrong codes of a number in an hour.
    """
    number = typed.number.strip().upper()[:40]
    code = read_code(typed.code)
    if code is None:  # misspelt, as its check tells: nobody guesses so
        raise REQUEST_UNKNOWN()
    asked = select(InformationRequest).where(InformationRequest.code_sha256 == _print(code))
    found = tx.session.scalars(asked).one_or_none()
    if found is None or found.number != number:
        throttle.attempt(TRIED, number)
        raise REQUEST_UNKNOWN()
    return found


def _counter(tx: Tx, province: str) -> ApplicationCounter:
    """The province's numbers of the year, locked until the commit: no gap, none twice."""
    prefix = f"DI-{province}-{local(tx.now).year}"
    first = insert(ApplicationCounter).values(prefix=prefix, last=0).on_conflict_do_nothing()
    tx.session.execute(first)
    return tx.session.get_one(ApplicationCounter, prefix, with_for_update=True, populate_existing=True)


def _code(given: InformationIn) -> str:
    """A code that only this request under this key makes, so that nothing but its print need be kept."""
    said = json.dumps([given.key or secrets.token_hex(16), *given.model_dump(exclude={"key"}).values()])
    return next(code for number in _numbers(said) if (code := code_of(number)))


def _numbers(said: str) -> Iterator[int]:
    for turn in count():
        made = hmac.new(settings().secret_key.encode(), f"information\n{turn}\n{said}".encode(), sha256)
        yield int.from_bytes(made.digest()[:7]) >> 1  # 55 bits


def _print(code: str) -> str:
    return sha256(code.encode()).hexdigest()
