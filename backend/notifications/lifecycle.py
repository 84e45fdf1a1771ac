"""A message leaves once (see `jobs`). Only a person sends it again, after it failed."""

from ..core.errors import Problem, problem
from ..core.machine import Machine, T
from ..core.tx import Tx
from ..people.models import Person
from .models import Channel, Message, MessageState

UNREACHABLE = problem("recipient_without_address", 409)


def reachable(tx: Tx, message: Message) -> Problem | None:
    """The person has an address today. A code by SMS is asked anew, not sent again."""
    if message.channel is Channel.SMS:
        return UNREACHABLE(name="SMS")
    person = tx.session.get(Person, message.recipient_id)
    return None if person and person.email else UNREACHABLE(name=person.name if person else "")


MESSAGE = Machine(
    Message.state,
    T(
        "resend",
        {MessageState.FAILED, MessageState.NO_ADDRESS},
        MessageState.QUEUED,
        "message.resent",
        "message.resend",
        (reachable,),
    ),
)
