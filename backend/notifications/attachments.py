"""The files that go with a message, made when it leaves, in its language."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ..committees.calendar_file import calendar_file
from ..committees.convocation import convocation
from ..committees.models import Committee, CommitteeSession
from ..core.i18n import translate
from ..core.mail import Attachment
from ..core.tx import Tx

CONVOKING = ("session.convened", "session.moved", "session.cancelled")


def of(tx: Tx, template: str, params: Mapping[str, Any], lang: str) -> list[Attachment]:
    """A convocation on paper and for the calendar; for a session called off, the calendar file alone."""
    if template not in CONVOKING:
        return []
    session = tx.session.get_one(CommitteeSession, UUID(params["session"]))
    committee = tx.session.get_one(Committee, session.committee_id)
    off = template == "session.cancelled"
    method = "CANCEL" if off else "PUBLISH"
    name = translate(lang, "convocation-{number}", number=session.number)
    found = [
        Attachment(
            f"{name}.ics",
            f"text/calendar; method={method}; charset=utf-8",
            calendar_file(session, committee, lang, tx.now),
        )
    ]
    if not off:
        found.insert(0, Attachment(f"{name}.pdf", "application/pdf", convocation(tx, session.id, lang)))
    return found
