"""Who may read and move a dossier.

A draft is its holder's affair: nobody else sees it, except the officer or the agent who began it for her
(assisted filing); another officer learns that it exists only by trying to begin one for the same organisation
and call. An agent of the plateforme keeps seeing what she filed, deposited or not, until the holder lets
another agent help her; she neither screens nor withdraws. Once submitted a dossier is seen by the officers of
the call's province and by those who oversee. Evaluators come through their assignment, which shows them what
they may judge.
"""

from sqlalchemy import ColumnElement, and_, false, or_, select

from ..calls.models import Call
from ..core.actor import Actor
from ..core.policy import rule
from ..people.models import Role
from ..people.policy import OVERSEERS, accompanies, anyone, in_province, is_self, represents
from .models import Application, Assistance


def _holds_it(a: Actor) -> ColumnElement[bool]:
    """She represents the holder, or began the dossier for her as an officer of the province."""
    return or_(represents(a, Application.organisation_id), _typed_at_the_das(a))


def _typed_at_the_das(a: Actor) -> ColumnElement[bool]:
    return and_(is_self(a, Application.created_by), in_province(a, Role.OFFICER, Application.province_code))


def _typed_by_agent(a: Actor) -> ColumnElement[bool]:
    """She files it as an agent of the province: she began it, or took over from the agent before her."""
    if not a.id or not a.provinces(Role.AGENT):
        return false()
    hers = select(Assistance.application_id).where(Assistance.agent_id == a.id)
    return and_(Application.id.in_(hers), in_province(a, Role.AGENT, Application.province_code))


def _begun_by_agent(a: Actor) -> ColumnElement[bool]:
    """The row as an agent begins it, before it says who files: of an organisation that she accompanies."""
    return and_(
        is_self(a, Application.created_by),
        accompanies(a, Application.organisation_id),
        in_province(a, Role.AGENT, Application.province_code),
    )


def _files_it(a: Actor) -> ColumnElement[bool]:
    return or_(_holds_it(a), _typed_by_agent(a))


def _officer_of_a_submitted_one(a: Actor) -> ColumnElement[bool]:
    return and_(
        Application.submitted_at.is_not(None), in_province(a, Role.OFFICER, Application.province_code)
    )


rule(
    "application.read",
    Application,
    lambda a: or_(
        _files_it(a),
        and_(
            Application.submitted_at.is_not(None),
            in_province(a, (Role.OFFICER, *OVERSEERS), Application.province_code),
        ),
    ),
)
rule("application.create", Application, lambda a: or_(_files_it(a), _begun_by_agent(a)))
rule("application.edit", Application, _files_it)
rule(
    "application.paper", Application, lambda a: in_province(a, Role.OFFICER, Application.province_code)
)  # what is handed in at her counter, whoever writes the dossier
rule("dossier_history.read", Application, _files_it)
rule("application.submit", Application, _files_it)
rule("application.withdraw", Application, _holds_it)
rule("application.screen", Application, _officer_of_a_submitted_one)
rule(
    "application.assist",
    Application,
    lambda a: or_(_typed_at_the_das(a), _typed_by_agent(a)),
)
rule("application.lapse", Application, lambda _a: false())  # the clock alone
rule("call.screen", Call, lambda a: in_province(a, Role.OFFICER, Call.province_code))
rule("dossiers.read", Call, lambda a: in_province(a, (Role.OFFICER, *OVERSEERS), Call.province_code))
rule("receipt.read", Application, anyone)
