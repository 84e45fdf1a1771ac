"""Publishing the results of a call: an officer’s act, once all is decided and every letter has left."""

from uuid import UUID

from sqlalchemy import func, select

from ...applications.models import Application, ApplicationState
from ...calls.models import Call
from ...core.errors import Problem, problem
from ...core.events import declare
from ...core.tx import Tx
from ..models import Decision, DecisionState, Letter, LetterState, Publication
from ..standing import DECIDED, FINAL, PROPOSED
from . import policy  # noqa: F401 (rules declare themselves)

NOTHING_DECIDED = problem("results_nothing_decided", 409)
UNDECIDED = problem("results_undecided", 409)
LETTERS_WAIT = problem("results_letters_wait", 409)
ALREADY = problem("results_published", 409)

declare("results.published")

PENDING = (ApplicationState.SUBMITTED, ApplicationState.RETURNED, ApplicationState.ELIGIBLE)


def publish(tx: Tx, call_id: UUID) -> Publication:
    """Make the results public, under the lock of the call's row, as wherever its decisions are counted.

    Refused while a dossier is undecided, or while a letter waits: nobody learns from the web what her letter
    should tell first. It is not undone: what was said in public stays said.
    """
    call = tx.get(Call, call_id, "call.publish_results")
    refusal = missing(tx, call_id)
    if refusal:
        raise refusal
    made = Publication(
        call_id=call_id, province_code=call.province_code, published_at=tx.now, published_by=tx.actor.id
    )
    tx.add(made, "publication.make")
    tx.emit("results.published", made, call=call.code)
    return made


def missing(tx: Tx, call_id: UUID) -> Problem | None:
    """Why the results cannot be published now; None when they can."""
    if of_call(tx, call_id):
        return ALREADY()
    decided = select(Decision.id).where(Decision.call_id == call_id, Decision.state.in_(FINAL))
    if tx.session.scalar(decided.limit(1)) is None:
        return NOTHING_DECIDED()
    left = _undecided(tx, call_id)
    if left:
        return UNDECIDED(count=left)
    waiting = _letters(tx, call_id)
    return LETTERS_WAIT(count=waiting) if waiting else None


def of_call(tx: Tx, call_id: UUID) -> Publication | None:
    """When and by whom the results of the call were published, if they were."""
    asked = select(Publication).where(Publication.call_id == call_id)
    return tx.session.scalars(tx.visible(asked, "publication.read")).one_or_none()


def _undecided(tx: Tx, call_id: UUID) -> int:
    """Dossiers deposited, neither withdrawn nor found ineligible, without a decision; a proposal is none."""
    closed = select(Decision.application_id).where(
        Decision.call_id == call_id, Decision.state.in_(DECIDED), Decision.state != PROPOSED
    )
    waiting = select(func.count()).where(
        Application.call_id == call_id, Application.state.in_(PENDING), Application.id.not_in(closed)
    )
    return int(tx.session.scalar(waiting) or 0)


def _letters(tx: Tx, call_id: UUID) -> int:
    """Letters that wait for a person, and those that a job has still to write."""
    queued = select(func.count()).where(Letter.call_id == call_id, Letter.state == LetterState.QUEUED)
    unwritten = select(func.count()).where(
        Decision.call_id == call_id,
        Decision.state == DecisionState.ADOPTED,
        Decision.id.not_in(select(Letter.decision_id)),
    )
    return int(tx.session.scalar(queued) or 0) + int(tx.session.scalar(unwritten) or 0)
