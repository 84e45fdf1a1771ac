"""Who may in reviews: an evaluator her own, blind to the others'; officers and the chair the province's.

Nobody sees anything of a dossier whose holder she is tied to: neither the marks, nor the standing, nor how
many there are. Who has a review of her own to finish sees no other one of that dossier before she has signed.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, or_, select, true, union
from sqlalchemy.orm import aliased

from ..applications.models import Application
from ..calls.models import Call
from ..core.actor import Actor
from ..core.policy import rule
from ..people.models import Interest, Representative, Role
from ..people.policy import OVERSEERS, in_province, is_self
from .models import Assignment, AssignmentState, Standing

JUDGES = (Role.EVALUATOR, Role.CHAIR)
Column = Any

_Own = aliased(Assignment)


def _tied(a: Actor) -> Select[UUID]:
    """The dossiers of holders with whom she has declared a tie, or for whom she acts."""
    declared = select(Interest.organisation_id).where(Interest.person_id == a.id)
    acting = select(Representative.organisation_id).where(Representative.person_id == a.id)
    return select(Application.id).where(Application.organisation_id.in_(declared.union_all(acting)))


def _to_sign(a: Actor) -> Select[UUID]:
    """The dossiers of which she has a review to finish."""
    return select(_Own.application_id).where(
        _Own.evaluator_id == a.id, _Own.state.in_((AssignmentState.ASSIGNED, AssignmentState.OPEN))
    )


def hidden_dossiers(a: Actor) -> CompoundSelect[UUID]:
    """The few dossiers that are hidden from her wherever she leads: by a tie, or until she has signed."""
    return union(_tied(a), _to_sign(a))


def untied(a: Actor, application: Column) -> ColumnElement[bool]:
    """She has declared no tie with the holder of the row's dossier, and does not act for it."""
    if not a.id:
        return false()
    tied: ColumnElement[bool] = application.in_(_tied(a))
    return ~tied


def nothing_to_sign(a: Actor, application: Column) -> ColumnElement[bool]:
    """She has no unfinished review of the row's dossier (blind until she has signed)."""
    if not a.id:
        return true()
    hers: ColumnElement[bool] = application.in_(_to_sign(a))
    return ~hers


def _leads(a: Actor, province: Column, application: Column) -> ColumnElement[bool]:
    """Officer or chair of the province, or overseer; untied, and not about to judge it herself."""
    return and_(
        in_province(a, (Role.OFFICER, Role.CHAIR, *OVERSEERS), province),
        untied(a, application),
        nothing_to_sign(a, application),
    )


def _own(a: Actor) -> ColumnElement[bool]:
    return and_(is_self(a, Assignment.evaluator_id), in_province(a, JUDGES, Assignment.province_code))


def _own_and_untied(a: Actor) -> ColumnElement[bool]:
    return and_(_own(a), untied(a, Assignment.application_id))


def _steers(a: Actor) -> ColumnElement[bool]:
    """Officer or chair, untied: who may send a signed review back, or give more time."""
    return and_(
        in_province(a, (Role.OFFICER, Role.CHAIR), Assignment.province_code),
        untied(a, Assignment.application_id),
    )


rule(
    "assignment.read",
    Assignment,
    lambda a: or_(_own(a), _leads(a, Assignment.province_code, Assignment.application_id)),
)
rule("assignment.declare", Assignment, _own)
rule(
    "assignment.dossier",
    Assignment,
    lambda a: and_(_own_and_untied(a), Assignment.state.in_((AssignmentState.OPEN, AssignmentState.SIGNED))),
)
rule(
    "assignment.score",
    Assignment,
    lambda a: and_(_own_and_untied(a), Assignment.state != AssignmentState.RECUSED),
)
rule("assignment.reopen", Assignment, _steers)
rule("assignment.extend", Assignment, _steers)
rule("application.assign", Application, lambda a: in_province(a, Role.OFFICER, Application.province_code))
rule("call.assign", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("standing.read", Standing, lambda a: _leads(a, Standing.province_code, Standing.application_id))
rule(
    "ranking.read",
    Call,
    lambda a: in_province(a, (Role.OFFICER, Role.CHAIR, *OVERSEERS), Call.province_code),
)
rule(
    "application.judge",
    Application,
    lambda a: _leads(a, Application.province_code, Application.id),
)
