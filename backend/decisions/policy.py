"""Who may: officers and the chair of the province move decisions; the committee reads them in session;
a holder reads hers once adopted. Nobody sees a decision on a holder she is tied to, unless it is her own.
"""

from sqlalchemy import ColumnElement, and_, or_, select

from ..applications.models import Application
from ..calls.models import Call
from ..committees.models import CommitteeSession, Motion, Seat
from ..core.actor import Actor
from ..core.policy import rule
from ..people.models import Role
from ..people.policy import OVERSEERS, in_province, is_self, represents
from ..reviews.models import FieldNote
from ..reviews.policy import untied
from .models import Decision, DecisionState

RUNNERS = (Role.OFFICER, Role.CHAIR)


def _sits(a: Actor) -> ColumnElement[bool]:
    """She holds a seat of the committee of the decision's session."""
    hers = (
        select(CommitteeSession.id)
        .join(Seat, Seat.committee_id == CommitteeSession.committee_id)
        .where(is_self(a, Seat.person_id))
    )
    return Decision.session_id.in_(hers)


def _in_session(a: Actor) -> ColumnElement[bool]:
    return and_(
        or_(in_province(a, (*RUNNERS, *OVERSEERS), Decision.province_code), _sits(a)),
        untied(a, Decision.application_id),
    )


def _hers(a: Actor) -> ColumnElement[bool]:
    """Adopted, on a dossier of an organisation that she represents."""
    mine = select(Application.id).where(represents(a, Application.organisation_id))
    return and_(Decision.state == DecisionState.ADOPTED, Decision.application_id.in_(mine))


rule("decision.read", Decision, lambda a: or_(_in_session(a), _hers(a)))
rule(  # what was seen and heard of a dossier that the session deliberates on
    "field_note.deliberate",
    FieldNote,
    lambda a: FieldNote.application_id.in_(select(Decision.application_id).where(_in_session(a))),
)
rule("decision.adopt", Decision, lambda a: in_province(a, RUNNERS, Decision.province_code))
rule("session.propose", CommitteeSession, lambda a: in_province(a, RUNNERS, CommitteeSession.province_code))
rule("call.propose", Call, lambda a: in_province(a, RUNNERS, Call.province_code))
rule("motion.conclude", Motion, lambda a: in_province(a, RUNNERS, Motion.province_code))
