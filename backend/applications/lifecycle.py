"""The life of a dossier until it is eligible or not."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import defer

from ..calls.lifecycle import deposits
from ..calls.models import Call
from ..calls.queries import is_open
from ..core.calendar import local
from ..core.errors import WRONG_STATE, Problem, problem
from ..core.events import declare
from ..core.machine import Machine, T, for_many
from ..core.tx import Tx
from ..people.models import Member, Organisation, Representative
from .asked import holder_changes
from .completeness import Status, statuses, unfinished
from .models import (
    Application,
    ApplicationState,
    Assistance,
    CompletionRequest,
    Filing,
    Outcome,
    RuleResult,
)
from .receipts import sha256
from .terms import terms

WINDOW_CLOSED = problem("window_closed", 409)
INCOMPLETE = problem("incomplete", 409)
RULE_REFUSES = problem("rule_refuses", 409)
REASON_REQUIRED = problem("reason_required", 422)
SCREENING_CHANGED = problem("screening_changed", 409)
DOCUMENTS_TOO_MANY = problem("documents_too_many", 422)
DOCUMENT_ALREADY = problem("document_already", 409)
UNDO_OVER = problem("undo_over", 409)
CHANGES_WAITING = problem("changes_waiting", 409)
COMPLETION_LATE = problem("completion_late", 409)
COMPLETION_ONCE = problem("completion_once", 409)
COMPLETION_NOT_OFFERED = problem("completion_not_offered", 409)
COMPLETION_NOT_DUE = problem("completion_not_due", 409)
COMPLETION_UNCHANGED = problem("completion_unchanged", 409)
NOTHING_CHANGED = problem("nothing_changed", 409)
UNCONFIRMED = problem("unconfirmed", 409)
RECEIPT_UNKNOWN = problem("receipt_unknown", 404)
RECEIPT_MISTYPED = problem("receipt_mistyped", 404)

declare("application.created", "application.saved", "application.changes_dropped")

DRAFT, SUBMITTED, RETURNED = ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.RETURNED
ELIGIBLE, INELIGIBLE, WITHDRAWN = (
    ApplicationState.ELIGIBLE,
    ApplicationState.INELIGIBLE,
    ApplicationState.WITHDRAWN,
)


@deposits
def deposited(tx: Tx, call: Call) -> bool:
    """Whether a dossier was ever deposited under the call: what it was measured by stands from then on."""
    found = select(Application.id).where(
        Application.call_id == call.id, Application.submitted_at.is_not(None)
    )
    return tx.session.scalar(found.limit(1)) is not None


def not_open(call: Call, tx: Tx, at: datetime | None = None) -> Problem:
    """Says the server's time (or that of the paper) beside the window's."""
    hours = {"opens_at": call.opens_at, "closes_at": call.closes_at, "now": at or tx.now}
    said: dict[str, Any] = {name: local(hour).isoformat() for name, hour in hours.items()}
    return WINDOW_CLOSED(**said)


_LIGHT = (defer(Call.definition),)


def call_of(tx: Tx, application: Application) -> Call:
    """Its call; the call's file is read only when somebody asks what it says."""
    return tx.session.get_one(Call, application.call_id, options=_LIGHT)


def working(application: Application) -> dict[str, Any]:
    """What is being written: the changes since the last deposit, or the draft that was never deposited."""
    return application.content if application.revision is None else application.revision


def editable(tx: Tx, application: Application) -> Problem | None:
    """Why what is written may not change now; None while it may.

    A draft and a deposited dossier until the call closes, one sent back until the end of its due day.
    """
    if application.state in (DRAFT, SUBMITTED):
        return window_open(tx, application)
    if application.state is RETURNED:
        return completion_due(tx, application)
    return WRONG_STATE(
        state=f"state.application.{application.state}", allowed_verbs=LIFECYCLE.available(tx, application)
    )


def assistance_of(tx: Tx, application: Application) -> Assistance | None:
    """Who files for the holder, when somebody does."""
    if application.filing is Filing.ONLINE:
        return None
    asked = select(Assistance).where(Assistance.application_id == application.id)
    return tx.session.scalars(asked).one_or_none()


def counts_at(tx: Tx, application: Application) -> datetime:
    """The instant at which a deposit counts: that of the request, or when the paper was handed in.

    The paper speaks for the first deposit alone; whatever is changed afterwards counts when it arrives.
    """
    if application.filing is Filing.PAPER and not application.submissions:
        assistance = assistance_of(tx, application)
        if assistance and assistance.deposited_at:
            return assistance.deposited_at
    return tx.now


def window_open(tx: Tx, application: Application) -> Problem | None:
    call = call_of(tx, application)
    return None if is_open(call, counts_at(tx, application)) else not_open(call, tx)


def nothing_waits(tx: Tx, application: Application) -> Problem | None:
    """Until the call closes, who is changing what she deposited may still deposit it again."""
    return nothing_waits_any(tx, [application.id]).get(application.id)


@for_many(nothing_waits)
def nothing_waits_any(tx: Tx, keys: Collection[UUID]) -> dict[UUID, Problem]:
    """The dossiers among these with changes that can still be deposited, in one statement."""
    asked = (
        select(Application.id, Call.closes_at)
        .join(Call, Call.id == Application.call_id)
        .where(Application.id.in_(keys), changes_waiting(), Call.closes_at > tx.now)
    )
    return {
        key: CHANGES_WAITING(closes_at=local(closes).isoformat()) for key, closes in tx.session.execute(asked)
    }


def changes_waiting() -> ColumnElement[bool]:
    """Something was written since the deposit; the column is JSON null once it was deposited again."""
    return func.jsonb_typeof(Application.revision) == "object"


def completion_of(tx: Tx, application: Application) -> CompletionRequest | None:
    """What was asked of the holder to complete, if anything was."""
    asked = select(CompletionRequest).where(CompletionRequest.application_id == application.id)
    return tx.session.scalars(asked).one_or_none()


def completion_due(tx: Tx, application: Application) -> Problem | None:
    """The day on which it is due still counts, in Casablanca; the call may have closed meanwhile."""
    request = completion_of(tx, application)
    if request is None or local(tx.now).date() <= request.due_on:
        return None
    return COMPLETION_LATE(due_on=request.due_on.isoformat(), now=local(tx.now).isoformat())


def completion_overdue(tx: Tx, application: Application) -> Problem | None:
    return None if completion_due(tx, application) else COMPLETION_NOT_DUE()


def completion_offered(tx: Tx, application: Application) -> Problem | None:
    """The call says whether incomplete files are sent back; one that was is not again (law 55-19)."""
    if terms(call_of(tx, application)).file.incomplete.then != "one_request":
        return COMPLETION_NOT_OFFERED()
    return COMPLETION_ONCE() if completion_of(tx, application) else None


def changed(_tx: Tx, application: Application) -> Problem | None:
    return NOTHING_CHANGED() if application.revision is None else None


def completed(tx: Tx, application: Application) -> Problem | None:
    """Deposited as it was, the dossier would answer nothing, and nothing may be asked again (law 55-19)."""
    request = completion_of(tx, application)
    if request is None or application.revision not in (None, application.content):
        return None
    if holder_changes(tx, application, request.asked_at):
        return None
    return COMPLETION_UNCHANGED()


def confirmed(tx: Tx, application: Application) -> Problem | None:
    """What an agent typed is deposited once the holder confirmed exactly that, or by the holder herself."""
    assistance = assistance_of(tx, application)
    if assistance is None or assistance.confirmed_sha256 == sha256(working(application)):
        return None
    hers = select(Representative.id).where(
        Representative.organisation_id == application.organisation_id,
        Representative.person_id == tx.actor.id,
        Representative.until.is_(None),
    )
    return None if tx.session.scalar(hers.limit(1)) else UNCONFIRMED()


def progress(tx: Tx, application: Application, content: Mapping[str, Any] | None = None) -> list[Status]:
    """How far each section is, of what is being written unless another content is given."""
    call = tx.session.get_one(Call, application.call_id)
    organisation = tx.session.get_one(Organisation, application.organisation_id)
    if "members" in organisation.__dict__:
        members = len(organisation.members)
    else:
        count = select(func.count()).where(Member.organisation_id == organisation.id)
        members = tx.session.execute(count).scalar_one()
    held = terms(call)
    questions = () if application.submissions else held.asked
    said = working(application) if content is None else content
    return statuses(said, held.file, organisation, members, questions)


def complete(tx: Tx, application: Application) -> Problem | None:
    found = progress(tx, application)
    missing = unfinished(found)
    if not missing:
        return None
    return INCOMPLETE(missing, sections=[status.section for status in found if status.missing])


def no_rule_refuses(tx: Tx, application: Application) -> Problem | None:
    codes = refusing(tx, application)
    return RULE_REFUSES(rules=codes) if codes else None


@for_many(no_rule_refuses)
def no_rule_refuses_any(tx: Tx, keys: Collection[UUID]) -> dict[UUID, Problem]:
    return {key: RULE_REFUSES(rules=codes) for key, codes in refusing_each(tx, keys).items()}


def refusing(tx: Tx, application: Application) -> list[str]:
    """The rules that refused the dossier when it was submitted."""
    return refusing_each(tx, [application.id]).get(application.id, [])


def refusing_each(tx: Tx, keys: Collection[UUID]) -> dict[UUID, list[str]]:
    """The same of each of these dossiers that a rule refused, in one statement."""
    asked = (
        select(RuleResult.application_id, RuleResult.rule_code)
        .where(RuleResult.application_id.in_(keys), RuleResult.refuses, RuleResult.outcome == Outcome.FAIL)
        .order_by(RuleResult.application_id, RuleResult.position)
    )
    found: dict[UUID, list[str]] = {}
    for key, rule in tx.session.execute(asked):
        found.setdefault(key, []).append(rule)
    return found


DEPOSITED = (complete, confirmed)
"""What every deposit asks, beside being in time."""

LIFECYCLE = Machine(
    Application.state,
    # verb        from                 to          event                    may                     requires
    T("submit", {DRAFT}, SUBMITTED, "application.submitted", "application.submit", (window_open, *DEPOSITED)),
    T(
        "resubmit", {SUBMITTED}, SUBMITTED, "application.resubmitted", "application.submit",
        (changed, window_open, *DEPOSITED),
    ),
    T("return", {SUBMITTED}, RETURNED, "application.returned", "application.screen",
      (nothing_waits, completion_offered)),
    T(
        "complete", {RETURNED}, SUBMITTED, "application.completed", "application.submit",
        (completion_due, completed, *DEPOSITED),
    ),
    T("lapse", {RETURNED}, INELIGIBLE, "application.lapsed", "application.lapse", (completion_overdue,)),
    T("admit", {SUBMITTED}, ELIGIBLE, "application.admitted", "application.screen",
      (nothing_waits, no_rule_refuses)),
    T("refuse", {SUBMITTED}, INELIGIBLE, "application.refused", "application.screen", (nothing_waits,)),
    T("withdraw", {DRAFT, SUBMITTED, RETURNED}, WITHDRAWN, "application.withdrawn", "application.withdraw"),
)  # fmt: skip
