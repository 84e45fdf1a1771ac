"""An officer judges what was deposited: eligible, or not and why."""

from uuid import UUID

from ...core.errors import FieldError
from ...core.tx import Tx
from ..lifecycle import LIFECYCLE, REASON_REQUIRED, refusing
from ..models import Application


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
