"""The life of an information request: received, perhaps extended once, answered or refused in writing."""

from collections.abc import Iterable
from datetime import date

from ..core.calendar import add_working_days, local
from ..core.errors import Problem, problem
from ..core.events import declare
from ..core.i18n import codes
from ..core.machine import Machine, T
from ..core.tx import Tx
from . import policy  # noqa: F401 (rules declare themselves)
from .models import InformationRequest, InformationState, RefusalGround

REQUEST_UNKNOWN = problem("information_unknown", 404)
EXTENDED_ALREADY = problem("information_extended", 409)
EXTENSION_LATE = problem("information_late", 409)
ANSWERED_ALREADY = problem("information_closed", 409)

declare("information_request.received", "information_request.document_added", "clock.alerted")

DAYS = 20
"""Working days to answer, and to extend by once (law 31-13; Commission du droit d'accès à l'information)."""
RECEIVED = InformationState.RECEIVED


def due_after(day: date) -> date:
    """The last day to answer what was received on `day`, which itself does not count."""
    return add_working_days(day, DAYS)


def _first_extension(_tx: Tx, asked: InformationRequest) -> Problem | None:
    return EXTENDED_ALREADY() if asked.extended_at else None


def _in_time(tx: Tx, asked: InformationRequest) -> Problem | None:
    return EXTENSION_LATE(due_on=asked.due_on.isoformat()) if local(tx.now).date() > asked.due_on else None


REQUESTS = Machine(
    InformationRequest.state,
    # verb       from        to         event                           may                           requires
    T(
        "answer",
        {RECEIVED},
        InformationState.ANSWERED,
        "information_request.answered",
        "information_request.answer",
    ),
    T(
        "refuse",
        {RECEIVED},
        InformationState.REFUSED,
        "information_request.refused",
        "information_request.answer",
    ),
    T(
        "extend",
        {RECEIVED},
        RECEIVED,
        "information_request.extended",
        "information_request.answer",
        (_first_extension, _in_time),
    ),
)


@codes
def words() -> Iterable[str]:
    yield from (f"state.information_request.{state}" for state in InformationState)
    yield from (f"verb.information_request.{verb}" for verb in REQUESTS.transitions)
    yield from (f"enum.refusal_ground.{ground}" for ground in RefusalGround)
    for name in ("received", "document_added", "answered", "refused", "extended"):
        yield f"event.information_request.{name}"
    yield "event.clock.alerted"
