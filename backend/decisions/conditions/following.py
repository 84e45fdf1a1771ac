"""What is done to the conditions of a grant: begun with its letter, answered, confirmed, put off, missed."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, update

from ...core import ladders
from ...core.calendar import CASABLANCA, add_months, local
from ...core.errors import INVALID, FieldError
from ...core.i18n import LANGUAGES
from ...core.shapes import written
from ...core.tx import Tx
from .. import hooks
from ..commands import end
from ..commands.following import lock_call
from ..models import (
    ConditionFile,
    ConditionReminder,
    Decision,
    DecisionCondition,
    DecisionOutcome,
    Letter,
    LetterState,
)
from ..sent import Sent, received
from .ladder import LADDER, rungs
from .lifecycle import (
    ANSWERED,
    CONDITIONS,
    EXTENDED,
    NOT_PENDING,
    UNMET,
    is_pending,
    last_day,
    owed,
    pending,
    until,
)
from .terms import MONTHS, within

LONGEST = 4000
"""Characters of an answer, and of what an officer says."""
MOST_FILES = 10
BATCH = 200
"""Grants that lapse in one commit."""


def begin(tx: Tx, letter_id: UUID) -> None:
    """Her letter is released: her conditions wait for her answers. Harmless to repeat.

    When an appeal replaced the amount of a grant, its conditions followed it: only reminders are added.
    """
    decision = tx.session.scalars(
        select(Decision)
        .join(Letter, Letter.decision_id == Decision.id)
        .where(Letter.id == letter_id)
        .with_for_update(of=Decision)
    ).one()
    tx.allowed = True  # the platform itself, by a job of the release
    if not is_pending(decision) or _rows(tx, decision.id):
        tx.recorded = True
        return
    for position in range(1, len(decision.conditions) + 1):
        tx.session.add(
            DecisionCondition(
                decision_id=decision.id,
                application_id=decision.application_id,
                province_code=decision.province_code,
                position=position,
            )
        )
    tx.session.add_all(rungs(decision, local(tx.now).date()))
    due_on = until(decision).isoformat()
    tx.emit("decision.conditions_begun", decision, count=len(decision.conditions), due_on=due_on)


def _rows(tx: Tx, decision_id: UUID) -> int:
    counted = select(func.count()).where(DecisionCondition.decision_id == decision_id)
    return int(tx.session.execute(counted).scalar_one())


def _lock(tx: Tx, condition_id: UUID, rule: str, version: int | None) -> tuple[Decision, DecisionCondition]:
    """The condition and its grant, the grant's row locked first: as the clock does before it lapses."""
    about = tx.get(DecisionCondition, condition_id, "condition.read").decision_id
    decision = tx.session.scalars(
        select(Decision)
        .where(Decision.id == about)
        .with_for_update(of=Decision)
        .execution_options(populate_existing=True)
    ).one()
    return decision, tx.get(DecisionCondition, condition_id, rule, version=version)


def answer(
    tx: Tx, condition_id: UUID, words: str, sent: Sent | None = None, version: int | None = None
) -> DecisionCondition:
    """Say in words, by a document, or both, how it is met; again as often as wanted until it is confirmed.

    What was sent before stays: words are replaced, documents are added. Refused after the last day.
    """
    _, condition = _lock(tx, condition_id, "condition.answer", version)
    before = _documents(tx, condition.id)
    if not words.strip() and not sent and not before:
        raise INVALID([FieldError("words", "missing")])
    said = written(words, "words", LONGEST) if words.strip() else ""
    if sent:
        _attach(tx, condition, sent, before)
    return _answered(tx, condition, said)


def add_document(tx: Tx, condition_id: UUID, sent: Sent) -> DecisionCondition:
    """Answer by a document alone: what was said in words stays. The same file again changes nothing."""
    _, condition = _lock(tx, condition_id, "condition.answer", None)
    before = _documents(tx, condition.id)
    if sent in before:
        tx.recorded = True
        return condition
    _attach(tx, condition, sent, before)
    return _answered(tx, condition, condition.answer)


def _documents(tx: Tx, condition_id: UUID) -> set[Any]:
    held = select(ConditionFile.file_id).where(ConditionFile.condition_id == condition_id)
    return set(tx.session.scalars(held))


def _attach(tx: Tx, condition: DecisionCondition, sent: Sent, before: Collection[UUID]) -> None:
    if len(before) >= MOST_FILES:
        raise INVALID([FieldError("file", "too_many", {"most": MOST_FILES})])
    file = received(tx, sent)
    tx.add(ConditionFile(condition_id=condition.id, file_id=file.id), "condition_file.create")
    tx.emit("condition.document_added", condition, file=str(file.id), sha256=file.sha256)


def _answered(tx: Tx, condition: DecisionCondition, said: str) -> DecisionCondition:
    CONDITIONS.fire(tx, condition, "answer", count=len(_documents(tx, condition.id)))
    condition.answer, condition.answered_at, condition.answered_by = said, tx.now, tx.actor.id
    tx.session.flush()
    return condition


def confirm(tx: Tx, condition_id: UUID, seen: str = "", version: int | None = None) -> DecisionCondition:
    """It is met. What was shown at the counter, and not sent here, is said in `seen`.

    With the last one the grant is whole: its convention may be prepared.
    """
    decision, condition = _lock(tx, condition_id, "condition.settle", version)
    noted = written(seen, "seen", LONGEST) if seen.strip() or condition.state is not ANSWERED else ""
    CONDITIONS.fire(tx, condition, "confirm", note=noted)
    condition.settled_at, condition.settled_by, condition.lacks = tx.now, tx.actor.id, None
    tx.session.flush()
    left = select(DecisionCondition.id).where(
        DecisionCondition.decision_id == decision.id, DecisionCondition.state.in_(UNMET)
    )
    if not tx.session.scalars(left.limit(1)).one_or_none():
        decision.conditions_met_at = tx.now
        ladders.done_with(tx, LADDER, decision.id)
        tx.emit("decision.conditions_met", decision, amount_centimes=decision.amount_centimes)
        tx.session.flush()
    return condition


def send_back(
    tx: Tx, condition_id: UUID, lacks: Mapping[str, str], version: int | None = None
) -> DecisionCondition:
    """Something lacks: what, in both languages. She may answer again until the last day."""
    _, condition = _lock(tx, condition_id, "condition.settle", version)
    said = {lang: written(lacks.get(lang, ""), f"lacks.{lang}", LONGEST) for lang in LANGUAGES}
    CONDITIONS.fire(tx, condition, "return", reason=said)
    condition.lacks, condition.settled_at, condition.settled_by = said, tx.now, tx.actor.id
    tx.session.flush()
    return condition


def extend(tx: Tx, decision_id: UUID, day: date | None, reason: Mapping[str, str]) -> Decision:
    """Put the last day off, once, with the reason in both languages; the committee's own date stays said.

    At most twelve months after the committee's date. Reminders move with it.
    """
    tx.get(Decision, decision_id, "decision.read")
    decision = tx.get(Decision, decision_id, "decision.extend")
    if not is_pending(decision):
        raise NOT_PENDING()
    if decision.conditions_until or not decision.conditions_due_on:
        raise EXTENDED()
    said = {lang: written(reason.get(lang, ""), f"reason.{lang}", LONGEST) for lang in LANGUAGES}
    first = decision.conditions_due_on
    within(day, max(first, local(tx.now).date()), add_months(first, MONTHS), "due_on")
    assert day
    decision.conditions_until, decision.conditions_until_because = day, said
    ladders.moved(tx, LADDER, decision.id, day)
    tx.emit(
        "decision.conditions_extended",
        decision,
        before=first.isoformat(),
        due_on=day.isoformat(),
        reason=said,
    )
    tx.session.flush()
    return decision


def _missed(tx: Tx) -> ColumnElement[bool]:
    """The last day is over, something is still owed, and she was told before it was over.

    What waits for an officer does not lapse; neither does what was told too late: an officer puts it off.
    """
    told = exists().where(
        Letter.decision_id == Decision.id,
        Letter.state == LetterState.RELEASED,
        func.date(func.timezone(CASABLANCA.key, Letter.released_at)) <= last_day(),
    )
    return pending() & owed() & told & (last_day() < local(tx.now).date())


def lapse_missed(tx: Tx) -> int:
    """End the grants whose conditions were not answered by their last day; returns how many.

    Harmless to repeat, and a missed run loses nothing. Each is looked at again once its call and its own row
    are locked, by a statement of its own: one that waited for the lock would still see the conditions as they
    stood when it began, without the answer for which it waited. An answer that came a moment before stands.
    """
    late = tx.session.scalars(select(Decision.id).where(_missed(tx)).order_by(Decision.id).limit(BATCH)).all()
    ended = 0
    for key in late:
        lock_call(tx, key)
        tx.session.execute(select(Decision.id).where(Decision.id == key).with_for_update(of=Decision))
        if tx.session.scalars(select(Decision.id).where(Decision.id == key, _missed(tx))).one_or_none():
            end(tx, key, "conditions_missed")
            ladders.done_with(tx, LADDER, key)
            ended += 1
    if not ended:
        tx.allowed = tx.recorded = True
    return ended


@hooks.after_replacement
def follow(tx: Tx, old: Decision, new: Decision) -> None:
    """A grant whose amount alone was replaced keeps its conditions, as far as they are answered."""
    kept = DecisionOutcome.CONDITIONAL
    if old.outcome is not kept or new.outcome is not kept:
        return
    for model in (DecisionCondition, ConditionReminder):
        tx.session.execute(
            update(model).where(model.decision_id == old.id).values(decision_id=new.id),
            execution_options={"synchronize_session": False},
        )
