"""The life of a call. Being open is not a state: it is where the clock stands in the window."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import case, select

from backend.committees.models import Committee, CommitteeKind
from backend.core.calendar import local
from backend.core.errors import Problem, problem
from backend.core.events import declare
from backend.core.i18n import codes
from backend.core.machine import Machine, T
from backend.core.tx import Tx
from backend.value_chains.models import PriorityChain

from .models import Call, CallDraft, CallQuestion, CallState, QuestionState

declare("call.loaded", "call.replaced", "question.asked")
declare("call.erratum_begun", "call.erratum_dropped")

CALL_FROZEN = problem("call_frozen", 409)
CALL_CODE_TAKEN = problem("call_code_taken", 409)
CALL_FILE_INVALID = problem("call_file_invalid", 422)
UNKNOWN_PROVINCE = problem("unknown_province", 422)
WINDOW_INVALID = problem("call_window_invalid", 409)
WINDOW_PAST = problem("call_window_past", 409)
ENVELOPE_EMPTY = problem("call_envelope_empty", 409)
NO_COMMITTEE = problem("call_without_committee", 409)
NO_PRIORITIES = problem("call_without_priorities", 409)
STILL_RUNNING = problem("call_still_running", 409)
DRAFT_FAULTY = problem("call_draft_faulty", 409)
CALL_OVER = problem("call_over", 409)
AMENDMENT_EMPTY = problem("amendment_empty", 409)
AMENDMENT_UNFAIR = problem("amendment_unfair", 409)
ERRATUM_NONE = problem("erratum_none", 409)
NOT_OPEN_TO_QUESTIONS = problem("questions_closed", 409)
QUESTIONS_ENOUGH = problem("questions_enough", 409)

UNDECIDED = (CallState.PUBLISHED, CallState.IN_REVIEW)
"""States in which dossiers of a call that is over are examined and decided."""


class Phase(StrEnum):
    """Where the clock stands in a call's window."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


@codes
def phase_codes() -> Iterable[str]:
    """Words of the phases."""
    yield from (f"phase.call.{phase}" for phase in Phase)


def phase(call: Call, now: datetime) -> Phase:
    """The phase at that instant: the closing instant itself is still in time."""
    if now < call.opens_at:
        return Phase.UPCOMING
    return Phase.OPEN if now <= call.closes_at else Phase.CLOSED


def committee_of(tx: Tx, call: Call) -> Committee | None:
    """The province's committee that will decide: the issuer's kind first, then CPDH, CPDE, any other."""
    issuer = str(call.definition.get("issuer", {}).get("committee", ""))
    order = case(
        (Committee.kind == issuer, 0),
        (Committee.kind == CommitteeKind.CPDH, 1),
        (Committee.kind == CommitteeKind.CPDE, 2),
        else_=3,
    )
    found = select(Committee).where(Committee.province_code == call.province_code)
    return tx.session.scalars(
        found.order_by(order, Committee.ordered_on.desc(), Committee.id).limit(1)
    ).first()


def _window(_tx: Tx, call: Call) -> Problem | None:
    return None if call.opens_at < call.closes_at else WINDOW_INVALID()


def _ahead(tx: Tx, call: Call) -> Problem | None:
    """A call that is published once it is over is one that nobody could answer."""
    over = phase(call, tx.now) is Phase.CLOSED and not _window(tx, call)
    return WINDOW_PAST(day=local(call.closes_at).date()) if over else None


def _envelope(_tx: Tx, call: Call) -> Problem | None:
    return None if call.envelope_centimes > 0 else ENVELOPE_EMPTY()


def _committee(tx: Tx, call: Call) -> Problem | None:
    return None if committee_of(tx, call) else NO_COMMITTEE(province=call.province_code)


def _priorities(tx: Tx, call: Call) -> Problem | None:
    """A call that admits only priority chains needs a list: without one no file could ever pass."""
    if call.definition.get("chains") != "priority":
        return None
    day = local(call.closes_at).date()
    listed = select(PriorityChain.id).where(
        PriorityChain.province_code == call.province_code,
        PriorityChain.from_on <= day,
        PriorityChain.until_on.is_(None) | (PriorityChain.until_on > day),
    )
    return None if tx.session.scalar(listed.limit(1)) else NO_PRIORITIES(province=call.province_code)


def _over(tx: Tx, call: Call) -> Problem | None:
    running = call.published_at is not None and phase(call, tx.now) is not Phase.CLOSED
    return STILL_RUNNING(closes_at=call.closes_at) if running else None


def _not_over(tx: Tx, call: Call) -> Problem | None:
    """An extension may be granted until the closing instant itself, like a deposit."""
    over = phase(call, tx.now) is Phase.CLOSED
    return CALL_OVER(closes_at=call.closes_at) if over else None


def _answerable(tx: Tx, question: CallQuestion) -> Problem | None:
    """An answer that comes once the window is over would help nobody to apply."""
    call = tx.session.get_one(Call, question.call_id)
    return _not_over(tx, call)


def _settled(tx: Tx, call: Call) -> Problem | None:
    """A working text with faults waits in the editor: what would be published is not what was written."""
    faults = tx.session.scalar(
        select(CallDraft.faults).where(
            CallDraft.call_id == call.id,
            CallDraft.call_sha256 == call.definition_sha256,
            CallDraft.amends.is_(None),
        )
    )
    return DRAFT_FAULTY(count=faults) if faults else None


PUBLISHABLE = (_window, _ahead, _envelope, _committee, _priorities, _settled)

LIFECYCLE = Machine(
    Call.state,
    T("publish", {CallState.DRAFT}, CallState.PUBLISHED, "call.published", "call.publish", PUBLISHABLE),
    T("amend", {CallState.PUBLISHED}, CallState.PUBLISHED, "call.amended", "call.amend", (_not_over,)),
    T(
        "review",
        {CallState.PUBLISHED},
        CallState.IN_REVIEW,
        "call.review_started",
        "call.review",
        (_over,),
    ),
    T("decide", set(UNDECIDED), CallState.DECIDED, "call.decided", "call.decide", (_over,)),
    T(
        "archive",
        set(CallState) - {CallState.ARCHIVED},
        CallState.ARCHIVED,
        "call.archived",
        "call.archive",
        (_over,),
    ),
)

ASKED = QuestionState.ASKED
QUESTION = Machine(
    CallQuestion.state,
    T("answer", {ASKED}, QuestionState.ANSWERED, "question.answered", "question.settle", (_answerable,)),
    T("set_aside", {ASKED}, QuestionState.SET_ASIDE, "question.set_aside", "question.settle"),
)

Deposited = Callable[[Tx, Call], bool]
_DEPOSITED: list[Deposited] = []


def deposits(tell: Deposited) -> Deposited:
    """Register who knows whether a dossier was already deposited: a later slice, which calls do not know."""
    _DEPOSITED.append(tell)
    return tell


def has_deposits(tx: Tx, call: Call) -> bool:
    """Whether somebody already filed under what the call says. When nobody can tell, somebody did."""
    return any(tell(tx, call) for tell in _DEPOSITED) or not _DEPOSITED


Told = Callable[[Tx, Call], int]
_TOLD: list[Told] = []


def amendment_readers(count: Told) -> Told:
    """Register who knows how many holders a new version is told to: the slice that writes to them."""
    _TOLD.append(count)
    return count


def readers_of_amendment(tx: Tx, call: Call) -> int:
    """How many holders, with a dossier in the call, a new version would be told to now."""
    return sum(count(tx, call) for count in _TOLD)
