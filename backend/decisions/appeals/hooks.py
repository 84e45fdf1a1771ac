"""What the committees ask of appeals: who is recused on their motions, who may not see them."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from ...committees import hooks
from ...committees.models import CommitteeSession, Motion
from ...core.tx import Tx
from ...reviews.policy import untied
from ..models import Appeal
from . import policy  # noqa: F401 (rules declare themselves)


@hooks.recuses
def recused_on_appeals(tx: Tx, motions: Sequence[Motion]) -> Mapping[UUID, set[UUID]]:
    """The seats tied to the holder of the dossier, as they are on the day of the session."""
    by_session: dict[UUID, dict[UUID, UUID]] = {}
    asked = select(Motion.session_id, Appeal.id, Appeal.motion_id).join(Motion, Motion.id == Appeal.motion_id)
    for session_id, appeal_id, motion_id in tx.session.execute(
        asked.where(Appeal.motion_id.in_([one.id for one in motions]))
    ):
        if motion_id:
            by_session.setdefault(session_id, {})[appeal_id] = motion_id
    found: dict[UUID, set[UUID]] = {}
    for session_id, appeals in by_session.items():
        session = tx.session.get_one(CommitteeSession, session_id)
        for appeal_id, seats in hooks.tied_seats(tx, session, list(appeals)).items():
            found[appeals[appeal_id]] = seats
    return found


@hooks.hides_motions
def hidden_appeals(tx: Tx, motions: Collection[UUID]) -> set[UUID]:
    """The motions on appeals of a holder to whom the actor is tied."""
    if tx.actor.is_system:
        return set()
    asked = select(Appeal.motion_id).where(
        Appeal.motion_id.in_(list(motions)), ~untied(tx.actor, Appeal.application_id)
    )
    return {one for one in tx.session.scalars(asked) if one}


@hooks.after_withdrawal
def take_back(tx: Tx, motion: Motion) -> None:
    """It may be put to the vote again."""
    asked = select(Appeal).where(Appeal.motion_id == motion.id).with_for_update()
    for appeal in tx.session.scalars(asked).all():
        appeal.motion_id = None
    tx.session.flush()
