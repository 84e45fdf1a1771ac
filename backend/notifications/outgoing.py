"""Handing a composed e-mail to the server: taken, refused for good, or to be tried again."""

import re
from collections.abc import Callable
from email.errors import MessageError
from email.message import EmailMessage
from smtplib import SMTPDataError, SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused

from ..core.mail import mailer

_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def mailed(made: Callable[[], EmailMessage]) -> str | None:
    """None once the server took it; the code of a refusal for good. Anything else raises: try again later."""
    try:
        mailer.send(made())
    except (SMTPException, MessageError, ValueError) as refusal:
        code = permanent(refusal)
        if code is None:
            raise
        return code
    return None


def permanent(refusal: Exception) -> str | None:
    """The code under which a server refused a recipient or a message for good; None when it may yet take it.

    Only codes are kept: what a server writes beside them may quote addresses.
    """
    said: bytes | str
    if isinstance(refusal, SMTPRecipientsRefused):
        code, said = next(iter(refusal.recipients.values()))
    elif isinstance(refusal, SMTPDataError):
        code, said = refusal.smtp_code, refusal.smtp_error
    elif isinstance(refusal, SMTPNotSupportedError | MessageError | ValueError):
        return "address"
    else:
        return None
    if not 500 <= code <= 599:
        return None
    enhanced = _ENHANCED.search(str(said))
    return f"{code} {enhanced[0]}" if enhanced else str(code)
