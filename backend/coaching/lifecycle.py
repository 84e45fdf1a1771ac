"""The life of a milestone. Its reminders follow it, and time (see `jobs`)."""

from ..core.errors import problem
from ..core.events import declare
from ..core.machine import Machine, T
from .models import Milestone, MilestoneState

NOT_SIGNED = problem("plan_before_signature", 409)
PLAN_EXISTS = problem("plan_exists", 409)

declare("plan.created", "milestone.rescheduled", "milestone.reminder")

MILESTONE = Machine(
    Milestone.state,
    T("report", {MilestoneState.OPEN}, MilestoneState.REPORTED, "milestone.reported", "milestone.report"),
    T(
        "validate",
        {MilestoneState.REPORTED},
        MilestoneState.VALIDATED,
        "milestone.validated",
        "milestone.validate",
    ),
    T(
        "send_back",
        {MilestoneState.REPORTED},
        MilestoneState.OPEN,
        "milestone.sent_back",
        "milestone.validate",
    ),
)
