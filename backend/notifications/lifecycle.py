"""A message leaves once (see `jobs`). Only a person sends it again, after it failed."""

from ..core.errors import Problem, problem
from ..core.machine import Machine, T
from ..core.tx import Tx
from ..people.models import Person
from .messages import TEXTED
from .models import Channel, Message, MessageState
from .strangers import reached as stranger_reached

UNREACHABLE = problem("recipient_without_address", 409)


def reachable(tx: Tx, message: Message) -> Problem | None:
    """The person has an address today. A code by SMS is asked anew, not sent again."""
    by_text = message.channel is Channel.SMS
    if by_text and message.template not in TEXTED:
        return UNREACHABLE(name="SMS")
    if message.recipient_id is None:
        return None if stranger_reached(tx, message.params) else UNREACHABLE(name="")
    person = tx.session.get(Person, message.recipient_id)
    reached = person and (person.phone if by_text else person.email)
    return None if reached else UNREACHABLE(name=person.name if person else "")


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
