"""Who may in information requests: anybody asks; the province's officers answer; overseers read.

Names and addresses are read by whoever answers and by her who asked: nobody else needs them.
"""

from sqlalchemy import ColumnElement, exists, or_

from ..core.actor import Actor
from ..core.policy import rule
from ..people.models import Role
from ..people.policy import OVERSEERS, anyone, in_province, is_self
from .models import ClockAlert, InformationFile, InformationRequest


def _answers(a: Actor) -> ColumnElement[bool]:
    return in_province(a, Role.OFFICER, InformationRequest.province_code)


def _reads(a: Actor) -> ColumnElement[bool]:
    placed = in_province(a, (Role.OFFICER, *OVERSEERS), InformationRequest.province_code)
    return or_(is_self(a, InformationRequest.person_id), placed)


rule("information_request.read", InformationRequest, _reads)
rule("information_request.ask", InformationRequest, anyone)
rule("information_request.answer", InformationRequest, _answers)
rule(
    "information_file.create",
    InformationFile,
    lambda a: exists().where(InformationRequest.id == InformationFile.request_id, _answers(a)),
)
rule(
    "clock_alert.read",
    ClockAlert,
    lambda a: in_province(a, (Role.OFFICER, *OVERSEERS), ClockAlert.province_code),
)
