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
from ..people.models import Interest, Person, Representative, Role, RoleGrant
from ..people.policy import OVERSEERS, in_province, is_self
from .models import GONE, Assignment, AssignmentState, FieldNote, Standing, SuspectedTie

JUDGES = (Role.EVALUATOR, Role.CHAIR)
Column = Any

_Own = aliased(Assignment)


def _tied_holders(a: Actor) -> CompoundSelect[UUID]:
    """The holders with whom she has declared a tie, or for whom she acts."""
    declared = select(Interest.organisation_id).where(Interest.person_id == a.id)
    acting = select(Representative.organisation_id).where(Representative.person_id == a.id)
    return declared.union_all(acting)


def _tied(a: Actor) -> Select[UUID]:
    """Their dossiers."""
    return select(Application.id).where(Application.organisation_id.in_(_tied_holders(a)))


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
    """Hers still: what was taken back is not, and tells her nothing."""
    return and_(
        is_self(a, Assignment.evaluator_id),
        Assignment.state != AssignmentState.WITHDRAWN,
        in_province(a, JUDGES, Assignment.province_code),
    )


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
    lambda a: and_(_own_and_untied(a), Assignment.state.not_in(GONE)),
)


def _beside(a: Actor) -> ColumnElement[bool]:
    """A colleague's signed review of a dossier of which hers is signed too, where the panel is open."""
    if not a.id:
        return false()
    hers = select(_Own.application_id).where(_Own.evaluator_id == a.id, _Own.state == AssignmentState.SIGNED)
    blind = select(Call.id).where(
        Call.id == Assignment.call_id, Call.definition["grid"]["blind"].as_boolean()
    )
    return and_(
        Assignment.state == AssignmentState.SIGNED,
        Assignment.application_id.in_(hers),
        ~blind.exists(),
        untied(a, Assignment.application_id),
        in_province(a, JUDGES, Assignment.province_code),
    )


rule("assignment.beside", Assignment, _beside)
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
    "ranking.report",
    Call,
    lambda a: in_province(a, (Role.OFFICER, Role.CHAIR), Call.province_code),
)


def _sees_all(a: Actor) -> ColumnElement[bool]:
    """She has no tie with anybody, nor a review of this call to finish: nothing of it is hidden from her.

    Any tie at all, even with a holder who has no dossier there: a refusal tells nothing of who applied.
    """
    if not a.id:
        return false()
    unfinished = select(_Own.call_id).where(
        _Own.evaluator_id == a.id, _Own.state.in_((AssignmentState.ASSIGNED, AssignmentState.OPEN))
    )
    return and_(
        ~_tied_holders(a).exists(),
        Call.id.not_in(unfinished),
    )


rule(
    "ranking.record",
    Call,
    lambda a: and_(in_province(a, (Role.OFFICER, Role.CHAIR, *OVERSEERS), Call.province_code), _sees_all(a)),
)
rule(
    "application.judge",
    Application,
    lambda a: _leads(a, Application.province_code, Application.id),
)


def _gives_out(a: Actor) -> ColumnElement[bool]:
    """The officer, untied: who reads what is hers to change."""
    return and_(in_province(a, Role.OFFICER, Assignment.province_code), untied(a, Assignment.application_id))


rule("assignment.give", Assignment, _gives_out)


# -- ties to confirm -------------------------------------------------------------------------------------


def _of_others(a: Actor) -> ColumnElement[bool]:
    """Nobody reads what is suspected of herself there, nor of a holder to whom she is tied."""
    if not a.id:
        return false()
    return and_(SuspectedTie.person_id != a.id, SuspectedTie.organisation_id.not_in(_tied_holders(a)))


rule(
    "suspected_tie.read",
    SuspectedTie,
    lambda a: and_(in_province(a, (Role.OFFICER, *OVERSEERS), SuspectedTie.province_code), _of_others(a)),
)
rule(
    "suspected_tie.decide",
    SuspectedTie,
    lambda a: and_(in_province(a, Role.OFFICER, SuspectedTie.province_code), _of_others(a)),
)
rule("suspected_tie.raise", SuspectedTie, lambda _a: false())  # the platform, on new grounds


# -- notes of visits and presentations -------------------------------------------------------------------


def _reads(a: Actor, province: Column, application: Column) -> ColumnElement[bool]:
    """She has opened the dossier to judge it, and may still."""
    hers = select(_Own.application_id).where(
        _Own.evaluator_id == a.id, _Own.state.in_((AssignmentState.OPEN, AssignmentState.SIGNED))
    )
    return and_(in_province(a, JUDGES, province), untied(a, application), application.in_(hers))


def _writes_notes(a: Actor, province: Column, application: Column) -> ColumnElement[bool]:
    """Who judges the dossier, and the province's officer and chair; nobody tied, nor before declaring."""
    leads = and_(
        in_province(a, (Role.OFFICER, Role.CHAIR), province),
        untied(a, application),
        nothing_to_sign(a, application),
    )
    return or_(leads, _reads(a, province, application))


rule(
    "application.note_seen",
    Application,
    lambda a: or_(
        _leads(a, Application.province_code, Application.id),
        _reads(a, Application.province_code, Application.id),
    ),
)
rule(
    "field_note.read",
    FieldNote,
    lambda a: or_(
        _leads(a, FieldNote.province_code, FieldNote.application_id),
        _reads(a, FieldNote.province_code, FieldNote.application_id),
    ),
)
rule(
    "application.note",
    Application,
    lambda a: _writes_notes(a, Application.province_code, Application.id),
)
rule(
    "field_note.write",
    FieldNote,
    lambda a: and_(
        is_self(a, FieldNote.author_id),
        _writes_notes(a, FieldNote.province_code, FieldNote.application_id),
    ),
)


# -- what evaluators know --------------------------------------------------------------------------------


def _evaluators(a: Actor, *roles: Role) -> ColumnElement[bool]:
    """The row's person judges in a province where the reader holds one of the roles."""
    judging = select(RoleGrant.person_id).where(
        RoleGrant.role.in_(JUDGES),
        RoleGrant.revoked_at.is_(None),
        in_province(a, roles, RoleGrant.province_code),
    )
    return Person.id.in_(judging)


def _judges_herself(a: Actor) -> ColumnElement[bool]:
    return is_self(a, Person.id) if a.provinces(*JUDGES) else false()


rule(
    "person.knowledge",
    Person,
    lambda a: or_(_judges_herself(a), _evaluators(a, Role.OFFICER, *OVERSEERS)),
)
rule("person.know", Person, lambda a: or_(_judges_herself(a), _evaluators(a, Role.OFFICER)))
