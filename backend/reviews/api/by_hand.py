"""Who reads what, changed by hand: taken back, given to somebody else, sent to a further reader."""

from uuid import UUID

from fastapi import APIRouter

from ...core.tx import transaction
from ...web.deps import CurrentActor
from .. import commands
from ..schemas import AssignmentOut, WithdrawalIn
from .assignments import shown

router = APIRouter(tags=["reviews"])


@router.post("/assignments/{assignment_id}/withdraw")
def withdraw_assignment(assignment_id: UUID, body: WithdrawalIn, actor: CurrentActor) -> AssignmentOut:
    """Take a dossier back before it was opened; with `evaluator_id`, the answer is that person's review."""
    with transaction(actor) as tx:
        if body.evaluator_id:
            return shown(commands.replace(tx, assignment_id, body.evaluator_id, body.reason), actor.id)
        return shown(commands.withdraw(tx, assignment_id, body.reason), actor.id)


@router.post("/standings/{application_id}/reread", status_code=201)
def send_to_further_reader(application_id: UUID, actor: CurrentActor) -> AssignmentOut:
    """Send a dossier on which its readers disagree to one more, the least loaded of those free."""
    with transaction(actor) as tx:
        return shown(commands.reread(tx, application_id), actor.id)
