"""What waits around a committee: sessions, letters, appeals, agreed actions, questions to conclude."""

from sqlalchemy import select

from ...committees.models import (
    ActionState,
    AgreedAction,
    CommitteeSession,
    Consultation,
    ConsultationState,
    SessionState,
)
from ...core.calendar import local
from ...decisions.conditions.lifecycle import last_day, pending
from ...decisions.models import (
    Appeal,
    AppealState,
    ConditionState,
    Decision,
    DecisionCondition,
    Letter,
    LetterKind,
    LetterState,
)
from .matter import Matter

RUNNING = (SessionState.PLANNED, SessionState.OPEN, SessionState.ADJOURNED)
AFTERWARDS = (LetterKind.PROMOTED, LetterKind.LAPSED)
"""Kinds of letters on what happened by itself after the session: nobody learns of it before they leave."""
QUEUED = Letter.state == LetterState.QUEUED

MATTERS = (
    Matter(
        "session",
        "session.run",
        CommitteeSession,
        lambda _tx: (CommitteeSession.state.in_(RUNNING),),
        CommitteeSession.scheduled_at,
        "/sessions",
    ),
    Matter(
        "letter",
        "letter.release",
        Letter,
        lambda _tx: (QUEUED, Letter.kind.not_in(AFTERWARDS)),
        Letter.queued_at,
        "/das/calls",
        Letter.call_id,
        "/das/calls/{call}/letters",
    ),
    Matter(
        "letter_afterwards",
        "letter.release",
        Letter,
        lambda _tx: (QUEUED, Letter.kind.in_(AFTERWARDS)),
        Letter.queued_at,
        "/das/calls",
        Letter.call_id,
        "/das/calls/{call}/letters",
    ),
    Matter(
        "appeal_assign",
        "appeal.assign",
        Appeal,
        lambda _tx: (Appeal.state == AppealState.FILED,),
        Appeal.filed_at,
        "/appeals?state=filed",
    ),
    Matter(
        "appeal_report",
        "appeal.report",
        Appeal,
        lambda _tx: (Appeal.state == AppealState.ASSIGNED,),
        Appeal.filed_at,
        "/appeals?state=assigned",
    ),
    Matter(
        "appeal_settle",
        "appeal.run",
        Appeal,
        lambda _tx: (Appeal.state == AppealState.REPORTED,),
        Appeal.filed_at,
        "/appeals?state=reported",
    ),
    Matter(
        "condition_confirm",
        "condition.settle",
        DecisionCondition,
        lambda _tx: (
            DecisionCondition.state == ConditionState.ANSWERED,
            DecisionCondition.decision_id.in_(select(Decision.id).where(pending())),
        ),
        DecisionCondition.answered_at,
        "/conditions?state=answered",
    ),
    Matter(
        "condition_late",
        "decision.extend",
        Decision,
        lambda tx: (pending(), last_day() < local(tx.now).date()),
        last_day(),
        "/conditions?state=all",
        late=True,
    ),
    Matter(
        "action_late",
        "action.run",
        AgreedAction,
        lambda tx: (
            AgreedAction.state == ActionState.OPEN,
            AgreedAction.due_on < local(tx.now).date(),
        ),
        AgreedAction.due_on,
        "/actions?view=late",
        late=True,
    ),
    Matter(
        "consultation",
        "consultation.run",
        Consultation,
        lambda tx: (
            Consultation.state.in_((ConsultationState.OPEN, ConsultationState.CLOSED)),
            Consultation.closes_at <= tx.now,
        ),
        Consultation.closes_at,
        "/consultations",
    ),
)
