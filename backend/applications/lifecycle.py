"""The life of a dossier until it is eligible or not."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from ..calls.lifecycle import deposits
from ..calls.models import Call
from ..calls.queries import is_open
from ..core.calendar import local
from ..core.errors import WRONG_STATE, Problem, problem
from ..core.events import declare
from ..core.machine import Machine, T
from ..core.tx import Tx
from ..people.models import Member, Organisation
from .completeness import Status, statuses, unfinished
from .models import Application, ApplicationState, CompletionRequest, Outcome, RuleResult
from .terms import terms

WINDOW_CLOSED = problem("window_closed", 409)
INCOMPLETE = problem("incomplete", 409)
RULE_REFUSES = problem("rule_refuses", 409)
REASON_REQUIRED = problem("reason_required", 422)
SCREENING_CHANGED = problem("screening_changed", 409)
DOCUMENTS_TOO_MANY = problem("documents_too_many", 422)
COMPLETION_LATE = problem("completion_late", 409)
RECEIPT_UNKNOWN = problem("receipt_unknown", 404)
RECEIPT_MISTYPED = problem("receipt_mistyped", 404)

declare("application.created", "application.saved")

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


def not_open(call: Call, tx: Tx) -> Problem:
    """Says the server's time beside the window's."""
    hours = {"opens_at": call.opens_at, "closes_at": call.closes_at, "now": tx.now}
    said: dict[str, Any] = {name: local(hour).isoformat() for name, hour in hours.items()}
    return WINDOW_CLOSED(**said)


def call_of(tx: Tx, application: Application) -> Call:
    """Its call; the call's file is read only when somebody asks what it says."""
    return tx.session.get_one(Call, application.call_id, options=(defer(Call.definition),))


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


def window_open(tx: Tx, application: Application) -> Problem | None:
    call = call_of(tx, application)
    return None if is_open(call, tx.now) else not_open(call, tx)


def completion_due(tx: Tx, application: Application) -> Problem | None:
    """The day on which it is due still counts, in Casablanca; the call may have closed meanwhile."""
    due_on = tx.session.scalars(
        select(CompletionRequest.due_on).where(CompletionRequest.application_id == application.id)
    ).one()
    if local(tx.now).date() <= due_on:
        return None
    return COMPLETION_LATE(due_on=due_on.isoformat(), now=local(tx.now).isoformat())


def progress(tx: Tx, application: Application) -> list[Status]:
    """How far each section is."""
    call = tx.session.get_one(Call, application.call_id)
    organisation = tx.session.get_one(Organisation, application.organisation_id)
    if "members" in organisation.__dict__:
        members = len(organisation.members)
    else:
        count = select(func.count()).where(Member.organisation_id == organisation.id)
        members = tx.session.execute(count).scalar_one()
    return statuses(working(application), terms(call).file, organisation, members)


def complete(tx: Tx, application: Application) -> Problem | None:
    found = progress(tx, application)
    missing = unfinished(found)
    if not missing:
        return None
    return INCOMPLETE(missing, sections=[status.section for status in found if status.missing])


def no_rule_refuses(tx: Tx, application: Application) -> Problem | None:
    codes = refusing(tx, application)
    return RULE_REFUSES(rules=codes) if codes else None


def refusing(tx: Tx, application: Application) -> list[str]:
    """The rules that refused the dossier when it was submitted."""
    return list(
        tx.session.scalars(
            select(RuleResult.rule_code)
            .where(
                RuleResult.application_id == application.id,
                RuleResult.outcome == Outcome.FAIL,
                RuleResult.refuses,
            )
            .order_by(RuleResult.position)
        )
    )


LIFECYCLE = Machine(
    Application.state,
    # verb        from                 to          event                    may                     requires
    T("submit", {DRAFT}, SUBMITTED, "application.submitted", "application.submit", (window_open, complete)),
    T("admit", {SUBMITTED}, ELIGIBLE, "application.admitted", "application.screen", (no_rule_refuses,)),
    T("refuse", {SUBMITTED}, INELIGIBLE, "application.refused", "application.screen"),
    T("withdraw", {DRAFT, SUBMITTED}, WITHDRAWN, "application.withdrawn", "application.withdraw"),
)
