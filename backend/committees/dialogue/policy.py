"""Who reads and does what of the dialogue.

A published question is everybody's. What an actor answers is read by the committee and its officers at once,
by herself always, by everybody after the close if she agreed.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from backend.core.actor import Actor
from backend.core.policy import rule
from backend.people.models import Role
from backend.people.policy import OVERSEERS, has_role, in_province, is_self

from ..models import AgreedAction, Consultation, ConsultationFile, ConsultationState, Contribution, Seat

RUNNERS = (Role.OFFICER, Role.CHAIR)
OVER = (ConsultationState.CLOSED, ConsultationState.CONCLUDED)


def _sits(a: Actor, committee: Any) -> ColumnElement[bool]:
    """She holds or held a seat of the committee."""
    found: ColumnElement[bool] = committee.in_(select(Seat.committee_id).where(is_self(a, Seat.person_id)))
    return found


def _runs(a: Actor) -> ColumnElement[bool]:
    return in_province(a, RUNNERS, Consultation.province_code)


def _published(a: Actor) -> ColumnElement[bool]:
    return or_(Consultation.state != ConsultationState.DRAFT, _runs(a), has_role(a, *OVERSEERS))


def _contributions(a: Actor) -> ColumnElement[bool]:
    over = select(Consultation.id).where(Consultation.state.in_(OVER))
    sat = select(Consultation.id).where(_sits(a, Consultation.committee_id))
    return or_(
        is_self(a, Contribution.person_id),
        in_province(a, RUNNERS, Contribution.province_code),
        has_role(a, *OVERSEERS),
        Contribution.consultation_id.in_(sat),
        and_(Contribution.shared, Contribution.consultation_id.in_(over)),
    )


def _followed(a: Actor) -> ColumnElement[bool]:
    return or_(
        is_self(a, AgreedAction.owner_id),
        in_province(a, RUNNERS, AgreedAction.province_code),
        has_role(a, *OVERSEERS),
        _sits(a, AgreedAction.committee_id),
    )


rule("consultation.read", Consultation, _published)
rule("consultation.run", Consultation, _runs)
rule(  # anybody with an account, while it is open: the hours are asked by the command
    "consultation.answer",
    Consultation,
    lambda a: and_(true() if a.id else false(), Consultation.state != ConsultationState.DRAFT),
)
rule(
    "consultation_file.create",
    ConsultationFile,
    lambda a: ConsultationFile.consultation_id.in_(select(Consultation.id).where(_runs(a))),
)
rule("contribution.read", Contribution, _contributions)
rule("contribution.give", Contribution, lambda a: is_self(a, Contribution.person_id))
rule("action.read", AgreedAction, _followed)
rule("action.run", AgreedAction, lambda a: in_province(a, RUNNERS, AgreedAction.province_code))
rule(
    "action.settle",
    AgreedAction,
    lambda a: or_(is_self(a, AgreedAction.owner_id), in_province(a, RUNNERS, AgreedAction.province_code)),
)
