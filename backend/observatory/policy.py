"""Who reads what crosses the slices: everybody the register of funded projects, few people the trail.

The trail never says more than the record that it speaks of: an event on a dossier, a review or a decision is
seen by whoever may see that dossier, review or decision, so that history betrays neither a draft nor a judge.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, or_, select

from ..applications.models import Application
from ..calls.models import Call
from ..coaching.models import Milestone, Plan
from ..committees.models import Committee, CommitteeSession, Motion
from ..core.actor import Actor
from ..core.audit import RowChange
from ..core.events import Event
from ..core.policy import RULES, rule
from ..decisions.models import Decision, Publication
from ..decisions.standing import granted
from ..decisions.told import funded_in_public
from ..durability.models import Wave
from ..funding.models import Convention, Tranche
from ..people.models import Organisation, Role
from ..people.policy import OVERSEERS, has_role, in_province, is_self
from ..reviews.models import Assignment
from .models import Export

CONFIDENTIAL: dict[str, tuple[type[Any], str]] = {
    "application": (Application, "application.read"),
    "assignment": (Assignment, "assignment.read"),
    "decision": (Decision, "decision.read"),
    "export": (Export, "export.read"),
}
"""Subjects whose events follow the record's own rule, for everybody."""

FOLLOWED: dict[str, tuple[type[Any], str]] = CONFIDENTIAL | {
    "call": (Call, "call.read"),
    "coaching_plan": (Plan, "plan.read"),
    "committee": (Committee, "committee.read"),
    "committee_session": (CommitteeSession, "session.read"),
    "convention": (Convention, "convention.read"),
    "milestone": (Milestone, "milestone.read"),
    "motion": (Motion, "motion.read"),
    "organisation": (Organisation, "organisation.read"),
    "publication": (Publication, "publication.read"),
    "tranche": (Tranche, "tranche.read"),
    "wave": (Wave, "wave.read"),
}
"""Subjects whose events an officer sees, when she sees the record itself."""

AUDITORS = (Role.AUDITOR, Role.ADMINISTRATOR)


def _seen(a: Actor, table: str) -> Any:
    """The ids of the records of a kind that she may read."""
    model, name = FOLLOWED[table]
    return select(model.id).where(RULES[name].condition(a))


def _events_of(a: Actor, table: str) -> ColumnElement[bool]:
    return and_(Event.subject_type == table, Event.subject_id.in_(_seen(a, table)))


def _rows_of(a: Actor, table: str) -> ColumnElement[bool]:
    ids = _seen(a, table).subquery()
    return and_(RowChange.table_name == table, RowChange.row_id.in_(select(cast(ids.c.id, String))))


def _reads_event(a: Actor) -> ColumnElement[bool]:
    guarded = [_events_of(a, table) for table in CONFIDENTIAL]
    open_ones = Event.subject_type.not_in(CONFIDENTIAL)
    overseer = and_(has_role(a, *OVERSEERS), or_(open_ones, *guarded))
    followed = or_(*(_events_of(a, table) for table in FOLLOWED))
    return or_(overseer, and_(in_province(a, Role.OFFICER, Event.province_code), followed))


def _reads_row(a: Actor) -> ColumnElement[bool]:
    guarded = [_rows_of(a, table) for table in CONFIDENTIAL]
    return and_(has_role(a, *AUDITORS), or_(RowChange.table_name.not_in(CONFIDENTIAL), *guarded))


rule("export.read", Export, lambda a: or_(is_self(a, Export.person_id), has_role(a, *AUDITORS)))
rule("event.read", Event, _reads_event)
rule("row_change.read", RowChange, _reads_row)


def published(_a: Actor) -> ColumnElement[bool]:
    """A decision to fund in published results: public money, everybody's to see (law 31-13; docs 0017)."""
    return and_(funded_in_public(), Decision.decided_at.is_not(None))


def counted(a: Actor) -> ColumnElement[bool]:
    """An adopted decision to fund, published or not: overseers count what was decided (decision 0017)."""
    return and_(
        granted(), Decision.decided_at.is_not(None), in_province(a, OVERSEERS, Decision.province_code)
    )


rule("register.read", Decision, published)
rule("grant.count", Decision, counted)
