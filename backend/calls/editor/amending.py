"""What the erratum in preparation is measured against, and how it follows a call that changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.core.tx import Tx

from .. import queries
from ..callfile import CallFile, CallFileInvalid, Issue
from ..fairness import bounds, unfair
from ..lifecycle import has_deposits
from ..models import Call, CallDraft, CallVersion, VersionKind
from .text import data_of, dump


@dataclass(frozen=True)
class Amending:
    """The text in force, whether somebody filed under it, the moment: decision 0009 judges by these."""

    before: CallFile
    deposited: bool
    now: datetime

    def issues(self, file: CallFile) -> tuple[Issue, ...]:
        """What the erratum may not change so, as faults of the fields."""
        found = unfair(self.before, file, VersionKind.ERRATUM, self.now, self.deposited)
        return tuple(Issue("<call>", 0, 0, field, f"amendment_{why}") for field, why in found)

    def bounds(self) -> dict[str, str]:
        """By field, why it may not be changed, or only one way."""
        return bounds(self.before, self.now, self.deposited)


def amending(tx: Tx, call: Call) -> Amending:
    """What an erratum of this call is measured against now."""
    return Amending(queries.definition(call), has_deposits(tx, call), tx.now)


def followed(tx: Tx, call: Call, kept: CallDraft) -> str:
    """The working text on top of the version in force.

    A field that only another version changed since (an extension moved the closing) is taken from that
    version; what was typed stays. A text that cannot be read is left as it is.
    """
    if kept.amends == call.version_number:
        return kept.source
    number = CallVersion.number == kept.amends
    base = tx.session.scalar(select(CallVersion.definition).where(CallVersion.call_id == call.id, number))
    try:
        mine = data_of(kept.source)
    except CallFileInvalid:
        return kept.source
    return dump(_merged(base or {}, call.definition, mine))


def _merged(base: dict[str, Any], current: dict[str, Any], mine: dict[str, Any]) -> dict[str, Any]:
    """Three-way, by whole field: mine where I changed it, otherwise what is in force."""
    gone = object()
    found = {}
    for field in {**current, **mine}:
        typed, was = mine.get(field, gone), base.get(field, gone)
        value = typed if typed != was else current.get(field, gone)
        if value is not gone:
            found[field] = value
    return found
