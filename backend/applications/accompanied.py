"""What an agent of the plateforme files for holders: where each dossier stands, and what it needs next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import joinedload, selectinload

from ..calls.models import Call, CallState
from ..calls.queries import is_open
from ..core.calendar import CASABLANCA
from ..core.tx import Tx
from ..people.models import Organisation
from .assistance import fingerprint
from .lifecycle import progress
from .models import Application, ApplicationState, Assistance, CompletionRequest

MOST = 100
_URGENT = case(
    {ApplicationState.RETURNED: 0, ApplicationState.DRAFT: 1, ApplicationState.SUBMITTED: 2},
    value=Application.state,
    else_=3,
)


@dataclass(frozen=True)
class Filed:
    """A dossier that she files. `step` is what to do next: a section, `confirm`, `deposit`, or nothing."""

    application: Application
    step: str
    papers: int
    until: datetime | None


def filed(tx: Tx) -> list[Filed]:
    """Her dossiers: sent back, drafts, deposited, judged; each kind the latest first. Three statements."""
    asked = (
        tx.visible(select(Application, Assistance), "application.read")
        .join(Assistance, Assistance.application_id == Application.id)
        .where(Assistance.agent_id == tx.actor.id)
        .options(
            joinedload(Application.call),
            joinedload(Application.organisation).options(selectinload(Organisation.members)),
        )
        .order_by(_URGENT, Application.created_at.desc(), Application.id)
        .limit(MOST)
    )
    rows: Any = tx.session.execute(asked).all()
    ids = [application.id for application, _ in rows]
    asked_back = select(CompletionRequest.application_id, CompletionRequest.due_on).where(
        CompletionRequest.application_id.in_(ids), CompletionRequest.answered_at.is_(None)
    )
    due = {key: day for key, day in tx.session.execute(asked_back)}  # noqa: C416 (rows, not pairs, to mypy)
    return [_filed(tx, application, assistance, due.get(application.id)) for application, assistance in rows]


def offered(tx: Tx, organisation: Organisation) -> Sequence[Call]:
    """The open calls of the organisation's province to which it has not answered yet."""
    taken = select(Application.call_id).where(
        Application.organisation_id == organisation.id, Application.state != ApplicationState.WITHDRAWN
    )
    asked = select(Call).where(
        Call.state == CallState.PUBLISHED,
        Call.opens_at <= tx.now,
        Call.closes_at > tx.now,
        Call.province_code == organisation.province_code,
        Call.id.not_in(taken),
    )
    return tx.session.scalars(tx.visible(asked, "call.read").order_by(Call.closes_at, Call.code)).all()


def _filed(tx: Tx, application: Application, assistance: Assistance, due: Any) -> Filed:
    until = _until(tx, application, due)
    waiting = application.state is not ApplicationState.SUBMITTED or application.revision is not None
    if until is None or not waiting:
        return Filed(application, "", 0, until if waiting else None)
    found = progress(tx, application)
    papers = next(len(status.missing) for status in found if status.section == "documents")
    section = next((status.section for status in found if status.state not in ("complete", "optional")), "")
    agreed = assistance.confirmed_sha256 == fingerprint(application)
    return Filed(application, section or ("deposit" if agreed else "confirm"), papers, until)


def _until(tx: Tx, application: Application, due: Any) -> datetime | None:
    """The last instant at which it may change; None when it may no more."""
    if application.state is ApplicationState.RETURNED:
        end = datetime.combine(due, time(23, 59, 59), CASABLANCA) if due else None
        return end if end and end >= tx.now else None
    if application.state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED):
        return application.call.closes_at if is_open(application.call, tx.now) else None
    return None
