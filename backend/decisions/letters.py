"""Letters on decisions: written by the records, released by a person. Nobody learns before that."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ..applications.models import Application
from ..applications.receipts import new_code, sha256
from ..calls.models import Call
from ..committees.models import Committee, CommitteeSession
from ..core.errors import problem
from ..core.events import declare
from ..core.i18n import codes
from ..core.machine import Machine, T
from ..core.tx import Tx
from ..reviews.lifecycle import grid_of
from ..reviews.models import Standing
from . import hooks
from .models import Decision, DecisionOrigin, DecisionState, Letter, LetterKind, LetterState
from .standing import FINAL

NOTHING_TO_RELEASE = problem("nothing_to_release", 409)
QUEUED, RELEASED, WITHDRAWN = LetterState.QUEUED, LetterState.RELEASED, LetterState.WITHDRAWN
MOST = 500
"""Letters released in one go."""

declare("letter.queued")

LETTERS = Machine(
    Letter.state,
    T("release", {QUEUED}, RELEASED, "letter.released", "letter.release"),
    T("withdraw", {QUEUED}, WITHDRAWN, "letter.withdrawn", "letter.release"),
)


@codes
def letter_codes() -> Iterable[str]:
    """Words of this module."""
    yield from (f"enum.letter_kind.{kind}" for kind in LetterKind)
    yield from (f"state.letter.{state}" for state in LetterState)
    yield from (f"verb.letter.{verb}" for verb in LETTERS.transitions)
    yield from ("event.letter.released", "event.letter.withdrawn", "event.letter.queued")
    yield from (f"letter.{kind}" for kind in LetterKind)


def queue(tx: Tx, decision_ids: Collection[UUID]) -> list[Letter]:
    """A letter for each of these decisions that was adopted or lapsed; harmless to repeat.

    A letter that waited on the decision before is withdrawn: what it says is no longer so.
    """
    asked = (
        select(Decision)
        .where(Decision.id.in_(list(decision_ids)), Decision.state.in_((DecisionState.ADOPTED, FINAL[-1])))
        .options(joinedload(Decision.application).joinedload(Application.organisation))
        .order_by(Decision.rank, Decision.id)
    )
    decisions = tx.session.scalars(asked).all()
    held = select(Letter).where(Letter.application_id.in_([one.application_id for one in decisions]))
    before = tx.session.scalars(held.with_for_update(of=Letter)).all()
    known = {(one.decision_id, one.kind) for one in before}
    made = []
    for decision in decisions:
        kind = _kind(decision)
        if (decision.id, kind) in known:
            continue
        for old in before:
            if old.application_id == decision.application_id and old.state is QUEUED:
                LETTERS.fire(tx, old, "withdraw")
        made.append(_letter(tx, decision, kind))
    tx.session.flush()
    return made


def _kind(decision: Decision) -> LetterKind:
    if decision.state is DecisionState.LAPSED:
        return LetterKind.LAPSED
    if decision.origin is DecisionOrigin.PROMOTION:
        return LetterKind.PROMOTED
    return LetterKind(decision.outcome.value)


def _letter(tx: Tx, decision: Decision, kind: LetterKind) -> Letter:
    content = content_of(tx, decision, kind)
    letter = Letter(
        decision_id=decision.id,
        application_id=decision.application_id,
        call_id=decision.call_id,
        province_code=decision.province_code,
        kind=kind,
        code=new_code(),
        content=content,
        content_sha256=sha256(content),
        queued_at=tx.now,
    )
    tx.add(letter, "letter.release")
    tx.emit("letter.queued", letter, kind=kind, sha256=letter.content_sha256)
    return letter


def content_of(tx: Tx, decision: Decision, kind: LetterKind) -> dict[str, Any]:
    """What both languages print, drawn from the records: reasons as codes with figures, never who scored."""
    application = decision.application
    call = tx.session.get_one(Call, decision.call_id)
    session = tx.session.get_one(CommitteeSession, decision.session_id)
    means = tx.session.scalar(select(Standing.criteria).where(Standing.application_id == application.id))
    grid = grid_of(tx, call.id)
    return {
        "kind": kind.value,
        "number": application.number,
        "project": application.title,
        "holder": application.organisation.name,
        "call": call.title,
        "committee": tx.session.get_one(Committee, session.committee_id).name,
        "session": {"number": session.number, "at": session.scheduled_at.isoformat()},
        "decided_at": decision.decided_at.isoformat() if decision.decided_at else None,
        "outcome": decision.outcome.value,
        "amount_centimes": decision.amount_centimes,
        "waiting_order": decision.waiting_order,
        "conditions": decision.conditions or [],
        "conditions_due_on": decision.conditions_due_on.isoformat() if decision.conditions_due_on else None,
        "ended_because": decision.ended_because,
        "score_hundredths": decision.score_hundredths,
        "reasons": decision.reasons,
        "criteria": [
            {"label": dict(one.label), "mean": means.get(one.code, 0), "of": one.weight * 100}
            for one in grid.criteria
        ]
        if means
        else [],
        "appeal_days": call.definition["appeal_days"],
    }


def release(tx: Tx, call_id: UUID, chosen: Collection[UUID] | None = None) -> Sequence[Letter]:
    """Release these queued letters of a call, or all of them: all or none. Messages go by jobs.

    Those of decisions adopted a moment ago are written first, should their job not have run yet.
    """
    tx.get(Call, call_id, "call.release_letters")
    if chosen is None:
        queue(tx, _unwritten(tx, call_id))
    asked = select(Letter).where(Letter.call_id == call_id, Letter.state == QUEUED).order_by(Letter.id)
    if chosen is not None:
        asked = asked.where(Letter.id.in_(list(chosen)))
    letters = tx.session.scalars(tx.visible(asked, "letter.read").limit(MOST)).all()
    if not letters or (chosen is not None and len(letters) < len(set(chosen))):
        raise NOTHING_TO_RELEASE()
    for letter in letters:
        letter.released_at, letter.released_by = tx.now, tx.actor.id
    LETTERS.fire_many(tx, letters, "release")
    hooks.released(tx, [letter.decision_id for letter in letters])
    return letters


def _unwritten(tx: Tx, call_id: UUID) -> Sequence[UUID]:
    written = select(Letter.decision_id)
    asked = select(Decision.id).where(
        Decision.call_id == call_id, Decision.state == DecisionState.ADOPTED, Decision.id.not_in(written)
    )
    return tx.session.scalars(tx.visible(asked, "decision.read")).all()


def of_call(tx: Tx, call_id: UUID) -> Sequence[Letter]:
    """The letters of a call that the actor may see, those to release first."""
    order = (Letter.state != QUEUED, Letter.content["number"].astext, Letter.queued_at)
    asked = select(Letter).where(Letter.call_id == call_id).order_by(*order)
    return tx.session.scalars(tx.visible(asked, "letter.read")).all()


def counts(tx: Tx, call_id: UUID) -> Counter[LetterState]:
    """How many letters of the call are in each state, of all of them."""
    asked = select(Letter.state, func.count()).where(Letter.call_id == call_id).group_by(Letter.state)
    return Counter({row[0]: row[1] for row in tx.session.execute(asked)})
