"""What the holder does: contests in time, adds documents, withdraws."""

from uuid import UUID

from sqlalchemy import select

from ...applications.models import Application
from ...core.calendar import local
from ...core.errors import INVALID, FieldError
from ...core.shapes import written
from ...core.tx import Tx
from .. import hooks
from ..models import Appeal, AppealFile, AppealState, Decision
from ..sent import Sent, received
from .lifecycle import (
    AGREED,
    APPEAL_LATE,
    APPEAL_STANDING,
    APPEALS,
    ASSIGNED,
    FILED,
    NOT_CONTESTABLE,
    STUDIED,
    contestable,
    last_day,
    requested,
)

LONGEST = 10_000
"""Characters of the reasons, of a report, of an answer."""
MOST_FILES = 10


def file_appeal(tx: Tx, decision_id: UUID, reasons: str) -> Appeal:
    """Contest an adopted decision that refuses, defers or gives less than asked, until the call's last day.

    One appeal at a time: the decision's row is locked, and of two presses of the button the second is told
    `appeal_standing`. Whoever signed the convention agreed to its amount (`appeal_convention_signed`).
    """
    decision = tx.get(Decision, decision_id, "decision.appeal")
    if not contestable(decision, requested(tx, decision)):
        raise NOT_CONTESTABLE()
    if hooks.agreed(tx, decision):
        raise AGREED()
    until = last_day(tx, decision)
    if until is None or local(tx.now).date() > until:
        raise APPEAL_LATE(until=until.isoformat() if until else "")
    said = written(reasons, "reasons", LONGEST)
    before = tx.session.execute(
        select(Appeal.decision_id, Appeal.state).where(Appeal.application_id == decision.application_id)
    ).all()
    if any(key == decision.id and state is not AppealState.WITHDRAWN for key, state in before):
        raise APPEAL_STANDING()
    assert tx.actor.id
    number = tx.session.scalars(
        select(Application.number).where(Application.id == decision.application_id)
    ).one()
    made = Appeal(
        decision_id=decision.id,
        application_id=decision.application_id,
        province_code=decision.province_code,
        number=f"{number}-R{len(before) + 1}",
        reasons=said,
        filed_at=tx.now,
        filed_by=tx.actor.id,
    )
    tx.add(made, "appeal.file")
    tx.emit("appeal.filed", made, number=made.number, decision=str(decision.id))
    return made


def add_document(tx: Tx, appeal_id: UUID, sent: Sent) -> Appeal:
    """Something to support it, until the report is written. The same file again changes nothing."""
    appeal = tx.get(Appeal, appeal_id, "appeal.file")
    if appeal.state not in (FILED, ASSIGNED):
        raise STUDIED()
    held = tx.session.scalars(select(AppealFile.file_id).where(AppealFile.appeal_id == appeal.id)).all()
    if sent in held:
        tx.recorded = True
        return appeal
    if len(held) >= MOST_FILES:
        raise INVALID([FieldError("file", "too_many", {"most": MOST_FILES})])
    file = received(tx, sent)
    tx.add(AppealFile(appeal_id=appeal.id, file_id=file.id), "appeal_file.create")
    tx.emit("appeal.document_added", appeal, file=str(file.id), sha256=file.sha256)
    return appeal


def withdraw(tx: Tx, appeal_id: UUID, version: int | None = None) -> Appeal:
    """Take it back before it is voted on; in time, another one may be filed."""
    appeal = tx.get(Appeal, appeal_id, "appeal.withdraw", version=version)
    APPEALS.fire(tx, appeal, "withdraw")
    return appeal
