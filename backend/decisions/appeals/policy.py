"""Who may in appeals: the holder her own; officers and the chair of the province; whoever studies it.

Nobody sees an appeal of a holder to whom she is tied. The committee reads it once it is on an agenda.
"""

from sqlalchemy import ColumnElement, and_, or_, select

from ...applications.models import Application
from ...committees.models import CommitteeSession, Seat
from ...core.actor import Actor
from ...core.policy import rule
from ...people.models import Role
from ...people.policy import OVERSEERS, in_province, is_self, represents
from ...reviews.policy import untied
from ..models import Appeal, AppealFile, Decision, DecisionState, Letter, LetterState

RUNNERS = (Role.OFFICER, Role.CHAIR)


def _hers(a: Actor) -> ColumnElement[bool]:
    mine = select(Application.id).where(represents(a, Application.organisation_id))
    return Appeal.application_id.in_(mine)


def _handles(a: Actor) -> ColumnElement[bool]:
    """It was given to her, and she still works in the province."""
    return and_(
        is_self(a, Appeal.handler_id),
        in_province(a, RUNNERS, Appeal.province_code),
        untied(a, Appeal.application_id),
    )


def _sits(a: Actor) -> ColumnElement[bool]:
    hers = (
        select(CommitteeSession.id)
        .join(Seat, Seat.committee_id == CommitteeSession.committee_id)
        .where(is_self(a, Seat.person_id))
    )
    return Appeal.session_id.in_(hers)


def _reads(a: Actor) -> ColumnElement[bool]:
    placed = or_(in_province(a, (*RUNNERS, *OVERSEERS), Appeal.province_code), _sits(a))
    return and_(placed, untied(a, Appeal.application_id))


def _runs(a: Actor) -> ColumnElement[bool]:
    return and_(in_province(a, RUNNERS, Appeal.province_code), untied(a, Appeal.application_id))


rule("appeal.read", Appeal, lambda a: or_(_hers(a), _reads(a)))
rule("appeal.study", Appeal, _reads)  # the report, who studies it
rule("appeal.file", Appeal, _hers)
rule("appeal.withdraw", Appeal, _hers)
rule(
    "appeal.assign",
    Appeal,
    lambda a: and_(in_province(a, Role.OFFICER, Appeal.province_code), untied(a, Appeal.application_id)),
)
rule("appeal.report", Appeal, _handles)
rule("appeal.run", Appeal, _runs)
rule("appeal_file.create", AppealFile, lambda a: AppealFile.appeal_id.in_(select(Appeal.id).where(_hers(a))))
rule(  # nobody learns of a decision, nor contests it, before its letter is released
    "decision.appeal",
    Decision,
    lambda a: and_(
        Decision.state == DecisionState.ADOPTED,
        Decision.application_id.in_(select(Application.id).where(represents(a, Application.organisation_id))),
        Decision.id.in_(select(Letter.decision_id).where(Letter.state == LetterState.RELEASED)),
    ),
)
