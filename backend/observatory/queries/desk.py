"""The officer's day: what is stuck or due in her province: how many, since when, and where to go."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, String, cast, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ...applications.models import Application, ApplicationState
from ...calls.lifecycle import UNDECIDED
from ...calls.models import Call, CallQuestion, QuestionState
from ...coaching.models import Milestone, MilestoneState, Plan
from ...core.calendar import local
from ...core.tx import Tx
from ...decisions.models import Decision
from ...decisions.standing import granted
from ...decisions.told import told
from ...durability.models import Wave, WaveState
from ...funding.models import Convention, ConventionState, Tranche, TrancheState
from ...notifications.models import Message, MessageState
from ...obligations.models import InformationRequest, InformationState
from ...people.models import Lookalike, LookalikeState
from ...reviews.models import Assignment, AssignmentState
from . import committee
from .matter import Matter


@dataclass(frozen=True)
class Line:
    """Something that waits: how many, since when, for how much money, under which call if under only one."""

    code: str
    late: bool
    count: int
    since: date | None
    centimes: int
    href: str


_earlier = aliased(Tranche)
_signed = select(Convention.id).where(Convention.state == ConventionState.SIGNED)
_payable = _signed.where(or_(Convention.own_proven_at.is_not(None), Convention.own_centimes == 0))
_UNFINISHED = (AssignmentState.ASSIGNED, AssignmentState.OPEN)

MATTERS = (
    Matter(
        "question",
        "question.settle",
        CallQuestion,
        lambda _tx: (CallQuestion.state == QuestionState.ASKED,),
        CallQuestion.asked_at,
        "/das/calls",
        CallQuestion.call_id,
        "/das/calls/{call}/questions",
    ),
    Matter(
        "information",
        "information_request.answer",
        InformationRequest,
        lambda _tx: (InformationRequest.state == InformationState.RECEIVED,),
        InformationRequest.received_at,
        "/information-requests",
    ),
    Matter(
        "lookalike",
        "lookalike.settle",
        Lookalike,
        lambda _tx: (Lookalike.state == LookalikeState.FLAGGED,),
        Lookalike.found_at,
        "/das/lookalikes",
    ),
    Matter(
        "screen",
        "application.screen",
        Application,
        lambda _tx: (Application.state == ApplicationState.SUBMITTED,),
        Application.first_submitted_at,
        "/das/calls",
        Application.call_id,
        "/das/calls/{call}/applications",
    ),
    Matter(
        "review_late",
        "assignment.extend",
        Assignment,
        lambda tx: (Assignment.state.in_(_UNFINISHED), Assignment.due_at < tx.now),
        Assignment.due_at,
        "/das/calls",
        Assignment.call_id,
        "/das/calls/{call}/assignments",
        late=True,
    ),
    Matter(
        "decide",
        "call.propose",
        Call,
        lambda tx: (Call.state.in_(UNDECIDED), Call.closes_at < tx.now),
        Call.closes_at,
        "/das/calls",
        Call.id,
        "/das/calls/{call}/ranking",
    ),
    *committee.MATTERS,
    Matter(
        "prepare",
        "award.prepare",
        Decision,
        lambda _tx: (
            granted(),
            told(),
            ~exists().where(Convention.decision_id == Decision.id),
        ),
        Decision.decided_at,
        "/conventions",
        centimes=Decision.amount_centimes,
    ),
    Matter(
        "sign",
        "convention.sign",
        Convention,
        lambda _tx: (Convention.state == ConventionState.PREPARED,),
        Convention.prepared_at,
        "/conventions?state=prepared",
        centimes=Convention.amount_centimes,
    ),
    Matter(
        "prove",
        "convention.prove",
        Convention,
        lambda _tx: (
            Convention.state == ConventionState.SIGNED,
            Convention.own_proven_at.is_(None),
            Convention.own_centimes > 0,
        ),
        Convention.signed_on,
        "/conventions?state=signed",
        centimes=Convention.own_centimes,
    ),
    Matter(
        "release",
        "tranche.release",
        Tranche,
        lambda _tx: (
            Tranche.state == TrancheState.PLANNED,
            Tranche.convention_id.in_(_payable),
            ~exists().where(
                _earlier.convention_id == Tranche.convention_id,
                _earlier.number < Tranche.number,
                _earlier.state == TrancheState.PLANNED,
            ),
        ),
        None,
        "/conventions?state=signed",
        centimes=Tranche.amount_centimes,
    ),
    Matter(
        "plan",
        "convention.sign",
        Convention,
        lambda _tx: (
            Convention.state == ConventionState.SIGNED,
            ~exists().where(Plan.convention_id == Convention.id),
        ),
        Convention.signed_on,
        "/conventions?state=signed",
    ),
    Matter(
        "milestone_late",
        "milestone.reschedule",
        Milestone,
        lambda tx: (Milestone.state == MilestoneState.OPEN, Milestone.due_on < local(tx.now).date()),
        Milestone.due_on,
        "/milestones",
        late=True,
    ),
    Matter(
        "milestone_reported",
        "milestone.reschedule",
        Milestone,
        lambda _tx: (Milestone.state == MilestoneState.REPORTED,),
        Milestone.reported_at,
        "/milestones",
    ),
    Matter(
        "wave",
        "wave.plan",
        Wave,
        lambda tx: (
            Wave.state == WaveState.PLANNED,
            Wave.due_on <= local(tx.now).date(),
            Wave.convention_id.in_(_signed),
        ),
        Wave.due_on,
        "/waves",
    ),
    Matter(
        "message",
        "message.resend",
        Message,
        lambda _tx: (Message.state.in_((MessageState.FAILED, MessageState.NO_ADDRESS)),),
        Message.queued_at,
        "/messages",
        late=True,
    ),
)


def today(tx: Tx) -> list[Line]:
    """Every matter that waits for the officer, in the programme's order: one statement."""
    union = union_all(*(_counted(tx, matter) for matter in MATTERS))
    found = {row[0]: row for row in tx.session.execute(union)}
    return [_line(matter, found[matter.code]) for matter in MATTERS if found[matter.code][1]]


def _counted(tx: Tx, matter: Matter) -> Any:
    call = cast(matter.call, String) if matter.call is not None else literal(None, String)
    instant, day = (matter.since, None) if _is_instant(matter.since) else (None, matter.since)
    counted: Any = select(
        literal(matter.code),
        func.count(),
        literal(None, Date) if day is None else func.min(day),
        literal(None, DateTime(timezone=True)) if instant is None else func.min(instant),
        cast(func.coalesce(func.sum(matter.centimes), 0), BigInteger)
        if matter.centimes is not None
        else literal(0, BigInteger),
        func.min(call),
        func.max(call),
    ).select_from(matter.model)
    return tx.visible(counted.where(*matter.where(tx)), matter.rule)


def _is_instant(column: Any) -> bool:
    return column is not None and not isinstance(column.type, Date)


def _line(matter: Matter, row: Any) -> Line:
    _code, count, day, instant, centimes, first, last = row
    since = local(instant).date() if instant else day
    href = matter.call_href.format(call=first) if first and first == last else matter.href
    return Line(matter.code, matter.late, count, since, centimes, href)
