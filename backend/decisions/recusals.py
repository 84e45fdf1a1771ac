"""What decisions tell the committees: who is tied to which dossier, what is hidden, what waits for a vote."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import CompoundSelect, select

from ..applications.models import Application
from ..committees import hooks
from ..committees.attendance import mandated, quorum
from ..committees.models import CommitteeSession, Motion, Seat
from ..core.errors import Problem, problem
from ..core.tx import Tx
from ..people.models import Interest, Representative
from ..reviews.policy import untied
from .commands.setting_aside import set_aside
from .commands.vote import recuse, tied_since
from .models import Appeal, Decision, DecisionState
from .portfolio import reason

TIED_MEANWHILE = problem("tied_meanwhile", 409)


@hooks.ties
def tied_to_dossiers(
    tx: Tx, session: CommitteeSession, subjects: Collection[UUID]
) -> Mapping[UUID, set[UUID]]:
    """A seat is tied to a dossier, or an appeal on it, when its member is tied to its holder."""
    close = (
        select(Interest.organisation_id, Interest.person_id)
        .union(select(Representative.organisation_id, Representative.person_id))
        .subquery()
    )
    holders = _dossiers_of(subjects).subquery()
    rows = tx.session.execute(
        select(holders.c.subject, Seat.id)
        .join(Application, Application.id == holders.c.application_id)
        .join(close, close.c.organisation_id == Application.organisation_id)
        .join(Seat, Seat.person_id == close.c.person_id)
        .where(mandated(session))
    )
    found: dict[UUID, set[UUID]] = {subject: set() for subject in subjects}
    for subject, seat in rows:
        found[subject].add(seat)
    return found


@hooks.recuses
def recused_on_decisions(tx: Tx, motions: Sequence[Motion]) -> Mapping[UUID, set[UUID]]:
    """The seats recused on a dossier that the motion decides, as they stood when it was proposed."""
    found: dict[UUID, set[UUID]] = {motion.id: set() for motion in motions}
    asked = select(Decision.motion_id, Decision.recused_seats).where(Decision.motion_id.in_(list(found)))
    for motion_id, seats in tx.session.execute(asked):
        found[motion_id] |= {UUID(seat) for seat in seats}
    return found


@hooks.before_count
def tied_meanwhile(tx: Tx, motion: Motion) -> Problem | None:
    """Votes are not counted on a dossier to which a member turned out to be tied after it was proposed."""
    asked = select(Decision).where(Decision.motion_id == motion.id, Decision.state == DecisionState.PROPOSED)
    new = tied_since(tx, motion.session_id, tx.session.scalars(asked).all())
    return TIED_MEANWHILE(number=motion.number) if new else None


@hooks.hides_subjects
def hidden_dossiers(tx: Tx, subjects: Collection[UUID]) -> set[UUID]:
    """The dossiers (and appeals) whose holder the actor is tied to."""
    if tx.actor.is_system:
        return set()
    asked = _dossiers_of(subjects).subquery()
    hidden = select(asked.c.subject).where(~untied(tx.actor, asked.c.application_id))
    return set(tx.session.scalars(hidden))


@hooks.hides_motions
def hidden_motions(tx: Tx, motions: Collection[UUID]) -> set[UUID]:
    """The motions about a dossier which the actor may not see; of one voted together with others too."""
    about = select(Decision.motion_id).where(Decision.motion_id.in_(list(motions)))
    every = {one for one in tx.session.scalars(about.distinct()) if one}
    if not every or tx.actor.is_system:
        return set()
    tied = {one for one in tx.session.scalars(about.where(~untied(tx.actor, Decision.application_id))) if one}
    return tied | (every - set(tx.session.scalars(tx.visible(about, "decision.read"))))


@hooks.awaits_decision
def undecided(tx: Tx, session: CommitteeSession) -> list[str]:
    """The dossiers proposed to the session on which no motion was carried, by number."""
    asked = (
        select(Application.number)
        .join(Decision, Decision.application_id == Application.id)
        .where(Decision.session_id == session.id, Decision.state == DecisionState.PROPOSED)
        .order_by(Application.number)
    )
    return list(tx.session.scalars(asked))


@hooks.after_withdrawal
def release(tx: Tx, motion: Motion) -> None:
    """Its proposals may be put again; when too few members may judge them, they wait for another session."""
    asked = select(Decision).where(Decision.motion_id == motion.id, Decision.state == DecisionState.PROPOSED)
    decisions = tx.session.scalars(asked.with_for_update()).all()
    recuse(tx, motion.session_id, decisions)
    session = tx.session.get_one(CommitteeSession, motion.session_id)
    for decision in decisions:
        seats = [UUID(seat) for seat in decision.recused_seats]
        found = quorum(tx, session, seats)
        if found.reached:
            decision.motion_id = None
        else:
            why = reason("quorum_lost", recused=len(seats), present=found.present, needed=found.needed)
            set_aside(tx, [decision], why)
    tx.session.flush()


def _dossiers_of(subjects: Collection[UUID]) -> CompoundSelect[UUID, UUID]:
    """(subject, application_id) of those that are dossiers, or appeals on one."""
    wanted = list(subjects)
    dossiers = select(Application.id.label("subject"), Application.id.label("application_id"))
    appeals = select(Appeal.id.label("subject"), Appeal.application_id)
    return dossiers.where(Application.id.in_(wanted)).union_all(appeals.where(Appeal.id.in_(wanted)))
