"""Whether holders may still change what an officer is about to judge: their call has not closed yet."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from ..calls.models import Call
from ..core.tx import Tx
from .models import Application


def latest_closing(tx: Tx, keys: Collection[UUID]) -> datetime | None:
    """The latest closing, still to come, of the calls of these dossiers; None when all are closed."""
    if not keys:
        return None
    asked = (
        select(func.max(Call.closes_at))
        .join(Application, Application.call_id == Call.id)
        .where(Application.id.in_(keys), Call.closes_at > tx.now)
    )
    return tx.session.scalar(asked)
