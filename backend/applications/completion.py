"""Completion requests: what an officer may ask of a holder, and what becomes of one that nobody answers."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select

from ..core.calendar import add_working_days, local
from ..core.events import Event, declare
from ..core.tx import Tx
from .completeness import call_form
from .lifecycle import LIFECYCLE, RETURNED
from .models import Application, CompletionRequest
from .schemas import SECTIONS
from .terms import terms

declare("application.completion_reminder")

REMINDED_DAYS = 2
"""Working days left when the holder is reminded: time to fetch a paper, late enough to be needed."""
BATCH = 200


def askable(application: Application) -> list[str]:
    """What may be asked: a whole section, or one paper of the call as `documents.<code>`."""
    form = call_form(application.organisation.legal_form)
    papers = [one.code for one in terms(application.call).file.documents if one.asked_of(form)]
    sections = ["organisation", "members", *(name for name in SECTIONS if name != "documents")]
    return [*sections, *(f"documents.{code}" for code in papers)]


def due_on(tx: Tx, application: Application) -> date:
    """The last day that counts if it were asked now; `call` must be loaded.

    The call gives a number of working days: from today, or from the closing day while the call is open.
    """
    days = terms(application.call).file.incomplete.working_days or 0
    return add_working_days(max(local(tx.now).date(), local(application.call.closes_at).date()), days)


def lapse(tx: Tx) -> int:
    """Refuse a batch of dossiers whose completion was due before today; returns how many. Harmless twice."""
    today = local(tx.now).date()
    found = tx.session.scalars(_waiting(CompletionRequest.due_on < today)).all()
    due = _requests(tx, found)
    for application in found:
        LIFECYCLE.fire(tx, application, "lapse", due_on=due[application.id].due_on.isoformat())
    tx.session.flush()
    return len(found)


def remind(tx: Tx) -> int:
    """Remind holders whose completion is due in two working days or less, once each."""
    today = local(tx.now).date()
    near = add_working_days(today, REMINDED_DAYS)
    told = select(Event.id).where(
        Event.subject_id == Application.id, Event.name == "application.completion_reminder"
    )
    asked = _waiting(
        CompletionRequest.due_on <= near,
        CompletionRequest.due_on >= today,
        CompletionRequest.asked_at < tx.now - timedelta(days=1),
        ~told.exists(),
    )
    held = tx.session.scalars(asked).all()
    # read again now that they are locked: another run may have told some in between
    ids = [application.id for application in held]
    again = select(Event.subject_id).where(
        Event.subject_id.in_(ids), Event.name == "application.completion_reminder"
    )
    done, due = set(tx.session.scalars(again)), _requests(tx, held)
    for application in held:
        if application.id not in done:
            tx.emit(
                "application.completion_reminder",
                application,
                due_on=due[application.id].due_on.isoformat(),
            )
    return len(held)


def _waiting(*conditions: Any) -> Select[Any]:
    return (
        select(Application)
        .join(CompletionRequest, CompletionRequest.application_id == Application.id)
        .where(Application.state == RETURNED, *conditions)
        .order_by(Application.id)
        .limit(BATCH)
        .with_for_update(of=Application, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _requests(tx: Tx, applications: Any) -> dict[Any, CompletionRequest]:
    ids = [application.id for application in applications]
    rows = tx.session.scalars(select(CompletionRequest).where(CompletionRequest.application_id.in_(ids)))
    return {row.application_id: row for row in rows}
