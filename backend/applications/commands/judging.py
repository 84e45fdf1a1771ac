"""An officer judges what was deposited: to be completed once, eligible, or not and why."""

from collections.abc import Collection
from uuid import UUID

from ...core.calendar import add_working_days, local
from ...core.errors import INVALID, FieldError
from ...core.tx import Tx
from ..completion import askable
from ..lifecycle import LIFECYCLE, REASON_REQUIRED, refusing
from ..models import Application, CompletionRequest
from ..terms import terms
from .loading import whole


def ask_completion(tx: Tx, application_id: UUID, items: Collection[str], note: str = "") -> Application:
    """Send the dossier back, once, with what is to be completed and until which day.

    The call gives a number of working days: from today, or from the closing day while the call is open.
    """
    application = tx.get(Application, application_id, "application.screen", options=whole())
    known = askable(application)
    wanted = [item for item in known if item in items]
    unknown = sorted(set(items) - set(known))
    if unknown or not wanted:
        raise INVALID([FieldError("items", "invalid" if unknown else "missing")])
    days = terms(application.call).file.incomplete.working_days or 0
    start = max(local(tx.now).date(), local(application.call.closes_at).date())
    due_on = add_working_days(start, days)
    LIFECYCLE.fire(tx, application, "return", items=wanted, note=note, due_on=due_on.isoformat())
    assert tx.actor.id
    tx.session.add(
        CompletionRequest(
            application_id=application.id,
            asked_by=tx.actor.id,
            asked_at=tx.now,
            due_on=due_on,
            items=wanted,
            note=note,
        )
    )
    tx.session.flush()
    return application


def admit(tx: Tx, application_id: UUID) -> Application:
    """Eligible: no rule refused the dossier."""
    application = tx.get(Application, application_id, "application.screen")
    LIFECYCLE.fire(tx, application, "admit")
    tx.session.flush()
    return application


def refuse(tx: Tx, application_id: UUID, reason: str | None = None) -> Application:
    """Not eligible: a rule refused the dossier, or an officer writes why."""
    application = tx.get(Application, application_id, "application.screen")
    rules = refusing(tx, application)
    if not rules and not reason:
        raise REASON_REQUIRED([FieldError("reason", "missing")])
    LIFECYCLE.fire(tx, application, "refuse", rules=rules, reason=reason)
    tx.session.flush()
    return application
