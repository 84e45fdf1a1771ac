"""Who may: officers and the chair of the province move decisions; the committee reads them in session;
a holder reads hers once adopted. Nobody sees a decision on a holder she is tied to, unless it is her own.
"""

from sqlalchemy import ColumnElement, and_, func, or_, select

from ..applications.models import Application
from ..calls.models import Call
from ..committees.models import CommitteeSession, Motion, Seat
from ..core.actor import Actor
from ..core.policy import rule
from ..people.models import Role
from ..people.policy import OVERSEERS, in_province, is_self, represents
from ..reviews.models import FieldNote
from ..reviews.policy import untied
from .models import Decision, Letter, LetterState
from .standing import FINAL, stands
from .told import in_force_as_told

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
    """Adopted, told by a released letter, on a dossier of an organisation that she represents."""
    mine = select(Application.id).where(represents(a, Application.organisation_id))
    told = select(Letter.decision_id).where(Letter.state == LetterState.RELEASED)
    return and_(Decision.state.in_(FINAL), Decision.application_id.in_(mine), Decision.id.in_(told))


def _hers_to_read(a: Actor) -> ColumnElement[bool]:
    mine = select(Application.id).where(represents(a, Application.organisation_id))
    return and_(Letter.state == LetterState.RELEASED, Letter.application_id.in_(mine))


def _letters(a: Actor) -> ColumnElement[bool]:
    """Who runs the committee's business, and who oversees it, but for holders that she is tied to."""
    return and_(
        in_province(a, (*RUNNERS, *OVERSEERS), Letter.province_code), untied(a, Letter.application_id)
    )


rule("letter.read", Letter, lambda a: or_(_letters(a), _hers_to_read(a)))
rule("letter.check", Letter, lambda _a: Letter.state == LetterState.RELEASED)
rule(
    "letter.release",
    Letter,
    lambda a: and_(in_province(a, Role.OFFICER, Letter.province_code), untied(a, Letter.application_id)),
)
rule("call.release_letters", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("decision.read", Decision, lambda a: or_(_in_session(a), _hers(a)))
rule(  # the one in force, as far as she was told: a lapse or a promotion is in its letter first
    "decision.known",
    Decision,
    lambda a: or_(
        and_(_in_session(a), stands()),
        and_(_hers(a), in_force_as_told(), func.coalesce(Decision.ended_because, "") != "renounced"),
    ),
)
rule(  # what was seen and heard of a dossier that the session deliberates on
    "field_note.deliberate",
    FieldNote,
    lambda a: FieldNote.application_id.in_(select(Decision.application_id).where(_in_session(a))),
)
rule("decision.adopt", Decision, lambda a: in_province(a, RUNNERS, Decision.province_code))
rule(  # she gives up what she was granted; an officer notes it for her
    "decision.end", Decision, lambda a: or_(in_province(a, Role.OFFICER, Decision.province_code), _hers(a))
)
rule("session.propose", CommitteeSession, lambda a: in_province(a, RUNNERS, CommitteeSession.province_code))
rule("call.propose", Call, lambda a: in_province(a, RUNNERS, Call.province_code))
rule("motion.conclude", Motion, lambda a: in_province(a, RUNNERS, Motion.province_code))
