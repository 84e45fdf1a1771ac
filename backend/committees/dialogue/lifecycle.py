"""The life of a consultation and of an agreed action."""

from backend.core.errors import Problem, problem
from backend.core.events import declare
from backend.core.machine import Machine, T
from backend.core.tx import Tx

from ..models import ActionState, AgreedAction, Consultation, ConsultationState

declare(
    "consultation.created",
    "consultation.edited",
    "consultation.extended",
    "consultation.document_added",
    "contribution.given",
    "contribution.changed",
    "action.agreed",
    "action.rescheduled",
    "action.reminder",
)

CONSULTATION_OVER = problem("consultation_over", 409)
CONSULTATION_NOT_OPEN = problem("consultation_not_open", 409)
CONSULTATION_RUNNING = problem("consultation_running", 409)
CONSULTATION_PUBLISHED = problem("consultation_published", 409)
ACTION_SOURCE = problem("action_source", 422)


def _still_to_come(tx: Tx, consultation: Consultation) -> Problem | None:
    over = consultation.closes_at <= tx.now
    return CONSULTATION_OVER(closes_at=consultation.closes_at.date().isoformat()) if over else None


def _hours_over(tx: Tx, consultation: Consultation) -> Problem | None:
    running = consultation.closes_at > tx.now
    return CONSULTATION_RUNNING(closes_at=consultation.closes_at.date().isoformat()) if running else None


DRAFT, OPEN, CLOSED = ConsultationState.DRAFT, ConsultationState.OPEN, ConsultationState.CLOSED

CONSULTATION = Machine(
    Consultation.state,
    T("publish", {DRAFT}, OPEN, "consultation.published", "consultation.run", (_still_to_come,)),
    T("close", {OPEN}, CLOSED, "consultation.closed", "consultation.run", (_hours_over,)),
    T("conclude", {CLOSED}, ConsultationState.CONCLUDED, "consultation.concluded", "consultation.run"),
)

ACTION = Machine(
    AgreedAction.state,
    T("finish", {ActionState.OPEN}, ActionState.DONE, "action.done", "action.settle"),
    T("drop", {ActionState.OPEN}, ActionState.DROPPED, "action.dropped", "action.run"),
    T("reopen", {ActionState.DONE, ActionState.DROPPED}, ActionState.OPEN, "action.reopened", "action.run"),
)
