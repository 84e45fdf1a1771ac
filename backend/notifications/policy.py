"""The ledger is read by the province's officers and the overseers; each person reads what she was sent."""

from sqlalchemy import or_

from ..core.policy import rule
from ..people.models import Role
from ..people.policy import OVERSEERS, in_province, is_self
from .models import Message

rule(
    "message.read",
    Message,
    lambda a: or_(
        is_self(a, Message.recipient_id), in_province(a, (Role.OFFICER, *OVERSEERS), Message.province_code)
    ),
)
rule(
    "message.resend",
    Message,
    lambda a: in_province(a, (Role.OFFICER, Role.ADMINISTRATOR), Message.province_code),
)
