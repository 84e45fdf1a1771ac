"""An officer judges what was deposited: to be completed once, eligible, or not and why."""

from collections.abc import Collection
from uuid import UUID

from ...core.errors import INVALID, FieldError
from ...core.tx import Tx
from ..completion import askable, due_on
from ..lifecycle import LIFECYCLE, REASON_REQUIRED, refusing
from ..models import Application, CompletionRequest
from .loading import whole


def ask_completion(tx: Tx, application_id: UUID, items: Collection[str], note: str = "") -> Application:
    """Send the dossier back, once, with what is to be completed and until which day."""
    application = tx.get(Application, application_id, "application.screen", options=whole())
    known = askable(application)
    wanted = [item for item in known if item in items]
    unknown = sorted(set(items) - set(known))
    if unknown or not wanted:
        raise INVALID([FieldError("items", "invalid" if unknown else "missing")])
    due = due_on(tx, application)
    LIFECYCLE.fire(tx, application, "return", items=wanted, note=note, due_on=due.isoformat())
    assert tx.actor.id
    tx.session.add(
        CompletionRequest(
            application_id=application.id,
            asked_by=tx.actor.id,
            asked_at=tx.now,
            due_on=due,
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
