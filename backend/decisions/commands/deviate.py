"""The committee decides otherwise than proposed, by a motion with its reason, under the same limits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...calls.models import Call
from ...calls.queries import definition
from ...committees import commands as committees
from ...committees.models import CommitteeSession, Motion, MotionKind
from ...core.errors import INVALID, FieldError
from ...core.i18n import LANGUAGES, codes, translate
from ...core.money import format_money
from ...core.tx import Tx
from ...reviews.models import Standing
from ..conditions.terms import Terms, checked, in_motion
from ..lifecycle import ENVELOPE_EXCEEDED, NOTHING_TO_PROPOSE, committed_centimes
from ..models import Decision, DecisionOutcome, DecisionState
from ..portfolio import Candidate, reason
from ..portfolio.rank import faults
from .following import last_place

GIVING = (DecisionOutcome.FUNDED, DecisionOutcome.CONDITIONAL)
LEAST, MOST = 20, 2000
"""Characters of a reason: one that says something, and that a page of minutes can print."""


CODES = ("reason_short", "deviation_amount", "above_asked", "below_grid", "conditions_unasked")


@codes
def deviation_codes() -> Iterable[str]:
    """Words of this module."""
    yield from ("motion.deviation", "event.decision.deviated")
    yield from (f"field.{code}" for code in CODES)


@dataclass(frozen=True)
class Change:
    """What is wanted for a dossier instead; the amount in centimes, nothing if not granted."""

    outcome: DecisionOutcome
    amount: int = 0
    terms: Terms | None = None  # of a grant under conditions


def deviate(
    tx: Tx, session_id: UUID, call_id: UUID, changes: Mapping[UUID, Change], because: str
) -> list[Motion]:
    """Change proposals of the call that no motion is about, and open the motions to decide so.

    The call's row is locked, as in `propose`: whatever two sessions do at once, the envelope is not passed.
    Nobody gets more than she asks, nor anything below the grid's mark and floors. A rejected motion sets its
    dossiers aside: they may be proposed again.
    """
    call = tx.get(Call, call_id, "call.propose")
    session = tx.get(CommitteeSession, session_id, "session.propose")
    because = because.strip()
    if not LEAST <= len(because) <= MOST:
        raise INVALID([FieldError("because", "reason_short" if len(because) < LEAST else "too_long")])
    waiting = tx.session.scalars(
        select(Decision)
        .where(
            Decision.session_id == session.id,
            Decision.call_id == call.id,
            Decision.id.in_(list(changes)),
            Decision.state == DecisionState.PROPOSED,
            Decision.motion_id.is_(None),
        )
        .options(joinedload(Decision.application))
        .order_by(Decision.rank)
        .with_for_update(of=Decision)
    ).all()
    changed = [one for one in waiting if _differs(one, changes[one.id])]
    if len(waiting) < len(changes) or not changed:
        raise NOTHING_TO_PROPOSE(left_out=[])
    _within(tx, call, changed, changes)
    changes = _with_terms(tx, session, changed, changes)
    taken = committed_centimes(tx, call, DecisionState.PROPOSED, DecisionState.ADOPTED)
    asked = sum(changes[one.id].amount - one.amount_centimes for one in changed)
    if taken + asked > call.envelope_centimes:
        raise ENVELOPE_EXCEEDED(envelope=call.envelope_centimes, asked=taken + asked)
    return _put(tx, session, changed, changes, because)


def _differs(decision: Decision, change: Change) -> bool:
    kept = (decision.outcome, decision.amount_centimes) == (change.outcome, change.amount)
    return not kept or change.outcome is DecisionOutcome.CONDITIONAL


def _with_terms(
    tx: Tx, session: CommitteeSession, changed: list[Decision], changes: Mapping[UUID, Change]
) -> dict[UUID, Change]:
    """The changes with their conditions as they will be kept; none where nothing is conditional."""
    found = dict(changes)
    for one in changed:
        change = found[one.id]
        if change.outcome is DecisionOutcome.CONDITIONAL:
            terms = checked(tx, session, change.terms, f".{one.id}")
        elif change.terms and (change.terms.conditions or change.terms.due_on):
            raise INVALID([FieldError(f"conditions.{one.id}", "conditions_unasked")])
        else:
            terms = None
        found[one.id] = replace(change, terms=terms)
    return found


def _within(tx: Tx, call: Call, changed: list[Decision], changes: Mapping[UUID, Change]) -> None:
    """What no motion can change: the amount asked, the mark and the floors of the grid."""
    grid = definition(call).grid
    asked = select(Standing).where(Standing.application_id.in_([one.application_id for one in changed]))
    standings = {one.application_id: one for one in tx.session.scalars(asked)}
    errors = []
    for one in changed:
        change, requested = changes[one.id], one.application.requested_centimes
        if (change.outcome in GIVING) != (change.amount > 0):
            errors.append(FieldError(f"amount.{one.id}", "deviation_amount"))
        elif change.amount > requested:
            errors.append(FieldError(f"amount.{one.id}", "above_asked"))
        elif change.amount:
            stands = standings[one.application_id]
            scored = Candidate(one.id, one.rank, one.score_hundredths, {}, requested, stands.floors)
            if faults(scored, grid):
                errors.append(FieldError(f"outcome.{one.id}", "below_grid"))
    if errors:
        raise INVALID(errors)


def _put(
    tx: Tx,
    session: CommitteeSession,
    changed: list[Decision],
    changes: Mapping[UUID, Change],
    because: str,
) -> list[Motion]:
    groups: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for one in changed:
        groups[tuple(one.recused_seats)].append(one)
    motions = []
    for _, decisions in sorted(groups.items()):
        given = sum(changes[one.id].amount for one in decisions)
        numbers = ", ".join(one.application.number for one in decisions)
        text = {
            lang: " ".join(
                (
                    translate(lang, "motion.deviation", numbers=numbers, amount=format_money(given, lang)),
                    *_told(decisions, changes, lang),
                )
            )
            for lang in LANGUAGES
        }
        motion = committees.open_motion(tx, session.id, text, kind=MotionKind.DEVIATION, reason=because)
        for one in decisions:
            _change(tx, one, changes[one.id], because)
            one.motion_id = motion.id
        motions.append(motion)
    tx.session.flush()
    return motions


def _told(decisions: list[Decision], changes: Mapping[UUID, Change], lang: str) -> Iterable[str]:
    """What the motion says of conditions, one dossier after the other."""
    for one in decisions:
        if terms := changes[one.id].terms:
            yield f"{one.application.number} : {in_motion(terms, lang)}"


def _change(tx: Tx, decision: Decision, change: Change, because: str) -> None:
    was = {"was": decision.outcome.value, "was_centimes": decision.amount_centimes}
    terms = change.terms or Terms()
    decision.outcome, decision.amount_centimes = change.outcome, change.amount
    decision.conditions, decision.conditions_due_on = list(terms.conditions), terms.due_on
    decision.reasons = [reason("by_deviation", because=because, **was)]
    waits = change.outcome is DecisionOutcome.WAITING
    decision.waiting_order = last_place(tx, decision.call_id) + 1 if waits else None
    decision.deviates = True
    tx.allow("decision.adopt", decision)
    tx.emit("decision.deviated", decision, outcome=change.outcome, amount_centimes=change.amount, **was)
