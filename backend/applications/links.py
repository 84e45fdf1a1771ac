"""What a call's page links to in applications."""

from ..calls.models import Call, CallState
from ..core.tx import Tx
from ..people.models import Role
from ..people.policy import OVERSEERS
from ..web.links import Related, related


@related("call", "link.call.applications", order=10)
def applications(tx: Tx, call: Call) -> Related | None:
    """The dossiers deposited."""
    staff = tx.actor.provinces(Role.OFFICER, Role.CHAIR, *OVERSEERS)
    shown = call.state is not CallState.DRAFT and bool(staff)
    return Related(f"/das/calls/{call.id}/applications") if shown else None
