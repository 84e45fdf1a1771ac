"""Who studies an appeal: somebody who did not decide; and what she reports."""

from uuid import UUID

from sqlalchemy import Select, exists, or_, select

from ...applications.models import Application
from ...committees.models import Ballot, Seat
from ...core.shapes import written
from ...core.tx import Tx
from ...people.models import Interest, Person, Representative, RoleGrant
from ...reviews.models import Assignment
from ..models import Appeal, Decision
from .filing import LONGEST
from .lifecycle import APPEALS, AT_VOTE, NOT_INDEPENDENT
from .policy import RUNNERS


def handlers(appeal: Appeal) -> Select[UUID, str]:
    """Officers and chairs of the province who neither judged the dossier nor voted on it, nor are tied.

    A review given and taken back counts too, and so does a vote by proxy or as an alternate, whatever the
    motion on the dossier: postponed, deviated from, adopted.
    """
    of = appeal.application_id
    here = or_(RoleGrant.province_code == appeal.province_code, RoleGrant.province_code.is_(None))
    working = exists().where(
        RoleGrant.person_id == Person.id, RoleGrant.role.in_(RUNNERS), RoleGrant.revoked_at.is_(None), here
    )
    motions = select(Decision.motion_id).where(Decision.application_id == of, Decision.motion_id.is_not(None))
    voted = exists().where(
        Ballot.motion_id.in_(motions),
        or_(Ballot.seat_id == Seat.id, Ballot.by_seat_id == Seat.id),
        Seat.person_id == Person.id,
    )
    judged = exists().where(Assignment.application_id == of, Assignment.evaluator_id == Person.id)
    holder = select(Application.organisation_id).where(Application.id == of).scalar_subquery()
    tied = or_(
        exists().where(Interest.person_id == Person.id, Interest.organisation_id == holder),
        exists().where(Representative.person_id == Person.id, Representative.organisation_id == holder),
    )
    asked = select(Person.id, Person.name).where(working, ~voted, ~judged, ~tied, Person.active)
    return asked.order_by(Person.name, Person.id)


def assign(tx: Tx, appeal_id: UUID, person_id: UUID, version: int | None = None) -> Appeal:
    """Give it to somebody who did not decide; another one may take over until the report."""
    appeal = tx.get(Appeal, appeal_id, "appeal.assign", version=version)
    if person_id not in {key for key, _ in tx.session.execute(handlers(appeal))}:
        raise NOT_INDEPENDENT()
    APPEALS.fire(tx, appeal, "assign", handler=str(person_id))
    appeal.handler_id = person_id
    return appeal


def report(tx: Tx, appeal_id: UUID, words: str, version: int | None = None) -> Appeal:
    """What she found, for the session. Refused once she has come to be tied, or to have decided."""
    appeal = tx.get(Appeal, appeal_id, "appeal.report", version=version)
    if appeal.motion_id:
        raise AT_VOTE()
    said = written(words, "report", LONGEST)
    if appeal.handler_id not in {key for key, _ in tx.session.execute(handlers(appeal))}:
        raise NOT_INDEPENDENT()
    APPEALS.fire(tx, appeal, "report")
    appeal.report = said
    return appeal
