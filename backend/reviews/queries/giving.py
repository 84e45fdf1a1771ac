"""To whom a dossier may be given by hand: who is free, carries what, knows its chain, may be close."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from ...applications.models import Application
from ...core.errors import NOT_FOUND
from ...core.tx import Tx
from ...people.models import Organisation, Person
from ..models import GONE, Assignment, AssignmentState
from ..ties import tied_to
from .knowledge import evaluators_of, knows
from .ties import doubts


@dataclass(frozen=True)
class Candidate:
    """An evaluator and how she stands to a dossier; `state` is that of her own review of it, if any."""

    person_id: UUID
    name: str
    carried: int
    knows_chain: bool
    tied: bool
    doubtful: bool
    state: AssignmentState | None

    @property
    def free(self) -> bool:
        """She may be given it."""
        return not self.tied and self.state in (None, AssignmentState.WITHDRAWN)


@dataclass(frozen=True)
class Giving:
    """A dossier and its candidates, those who should be asked first at the top."""

    application: Application
    organisation: dict[str, str]
    candidates: list[Candidate]


def giving(tx: Tx, application_id: UUID) -> Giving:
    """For the officer who assigns; 404 to whom the dossier is hidden."""
    asked = select(Application).where(Application.id == application_id)
    seen = tx.visible(tx.visible(asked, "application.judge"), "application.assign")
    application = tx.session.scalars(seen).one_or_none()
    if application is None:
        raise NOT_FOUND(thing="application")
    people = evaluators_of(tx, application.province_code)
    rows = tx.session.execute(
        select(Assignment.evaluator_id, Assignment.application_id, Assignment.state).where(
            Assignment.call_id == application.call_id, Assignment.evaluator_id.in_(people)
        )
    ).all()
    carried = Counter(row.evaluator_id for row in rows if row.state not in GONE)
    hers = {row.evaluator_id: row.state for row in rows if row.application_id == application_id}
    asked_names = select(Person.id, Person.name).where(Person.id.in_(people))
    names = dict(tx.session.execute(asked_names).all())
    tied = tied_to(tx, [application])[application_id]
    close = {person for person, dossier in doubts(tx, application.call_id) if dossier == application_id}
    chains = knows(tx, people)
    found = [
        Candidate(
            person,
            names[person],
            carried[person],
            application.chain_code in chains[person],
            person in tied,
            person in close,
            hers.get(person),
        )
        for person in people
    ]
    found.sort(key=lambda one: (not one.free, one.doubtful, not one.knows_chain, one.carried, one.name))
    organisation = tx.session.get_one(Organisation, application.organisation_id)
    return Giving(application, organisation.name, found)


def others(tx: Tx, assignment: Assignment) -> list[Candidate] | None:
    """To whom an unopened review may go instead; None when it cannot be taken back by the actor."""
    if (
        assignment.state is not AssignmentState.ASSIGNED
        or not tx.may(["assignment.give"], assignment)["assignment.give"]
    ):
        return None
    return [one for one in giving(tx, assignment.application_id).candidates if one.free]
