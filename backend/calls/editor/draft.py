"""The working text of a draft call: kept right or wrong, and the call itself as soon as it is right.

The erratum in preparation of a published call is such a text too; the call changes when it is published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from backend.committees.models import Committee
from backend.core.errors import INVALID, VERSION_CONFLICT, FieldError, problem
from backend.core.events import Event, declare
from backend.core.tx import Tx

from .. import commands, queries
from ..callfile import CallFile, CallFileInvalid, Issue, from_json
from ..callfile.document import MAX_BYTES
from ..callfile.reader import validated
from ..lifecycle import CALL_FILE_INVALID, CALL_FROZEN, committee_of
from ..models import Call, CallDraft, CallState
from . import rereading, starting
from .amending import Amending, amending, followed
from .preview import readable
from .spec import COMMITTEES
from .text import data_of, document, dump, storable

declare("call.drafted")

CALL_CODE_USED = problem("call_code_used", 409)
_DEFINED = ("call.loaded", "call.replaced", "call.published", "call.amended")
"""Events after which the definition is another, or stands published."""


@dataclass(frozen=True)
class Draft:
    """What is being written: the text, its version (1: never kept), who kept it last and when."""

    call: Call
    source: str
    version: int
    kept: CallDraft | None
    issues: tuple[Issue, ...]
    file: CallFile | None
    amends: Amending | None = None  # of an erratum in preparation: what it is measured against
    said_at: datetime | None = None  # since when the call's definition, the last readable text, is what it is

    @property
    def valid(self) -> bool:
        return not self.issues


def opened(tx: Tx, call_id: UUID, *, to_change: bool = False) -> Draft:
    """The text for whoever may change it: 403 for who only reads it, 409 when nothing is being prepared.

    `to_change` holds the call until the end: nobody else keeps a text between reading it and keeping ours.
    """
    if to_change:
        return current(tx, tx.get(Call, call_id, "call.load"))
    call = tx.get(Call, call_id, "call.read")
    tx.allow("call.load", call)
    return current(tx, call)


def current(tx: Tx, call: Call) -> Draft:
    """The working text; that of the definition when there is none, or when another file was loaded since.

    Of a published call, the erratum in preparation; CALL_FROZEN when there is none.
    """
    kept = tx.session.scalar(select(CallDraft).where(CallDraft.call_id == call.id))
    version = kept.version + 1 if kept else 1
    if call.state is not CallState.DRAFT:
        if kept is None or kept.amends is None:
            raise CALL_FROZEN(call=call.code, state=f"state.call.{call.state}")
        against, source = amending(tx, call), followed(tx, call, kept)
        file, issues = judged(tx, call, source, against)
        return Draft(call, source, version, kept, issues, file, against, _said_at(tx, call))
    if kept and kept.call_sha256 == call.definition_sha256:
        file, issues = judged(tx, call, kept.source)
        return Draft(call, kept.source, version, kept, issues, file, None, _said_at(tx, call))
    file, said_at = queries.definition(call), _said_at(tx, call)
    return Draft(call, dump(call.definition), version, None, (), file, None, said_at)


def _said_at(tx: Tx, call: Call) -> datetime | None:
    """When the definition became what it is."""
    made = select(func.max(Event.at)).where(Event.subject_id == call.id, Event.name.in_(_DEFINED))
    return tx.session.scalar(made)


def judged(
    tx: Tx, call: Call, source: str, against: Amending | None = None
) -> tuple[CallFile | None, tuple[Issue, ...]]:
    """The call that the text says, or every fault: the reader's, then those against other calls.

    An erratum (`against`) may be readable and yet change what it may not.
    """
    try:
        read = document(source)
        file = validated(read)
    except CallFileInvalid as invalid:
        return None, (*invalid.issues, *_hidden(call, source, invalid.issues))
    if against is not None:
        return file, against.issues(file)
    found = []
    if file.province != call.province_code:
        found.append(
            Issue(
                *read.place(("province",)),
                "province",
                "choice",
                {"value": file.province},
                (call.province_code,),
            )
        )
    if file.code != call.code and tx.session.scalar(select(Call.id).where(Call.code == file.code)):
        found.append(Issue(*read.place(("code",)), "code", "duplicate", {"value": file.code}))
    return (None, tuple(found)) if found else (file, ())


def _hidden(call: Call, source: str, told: Sequence[Issue]) -> list[Issue]:
    """The faults that the reader would tell once these are mended: sums, orders, contradictions.

    Of a text that is faulty in its form too: it is read on beyond what cannot be read.
    """
    try:
        more = readable(data_of(source), queries.definition(call))[1]
    except CallFileInvalid:
        more = _beyond(source)
    known = {(issue.path, issue.code) for issue in told}
    return [issue for issue in more if (issue.path, issue.code) not in known]


def _beyond(source: str) -> tuple[Issue, ...]:
    try:
        commands.read_source(source)
    except CallFileInvalid as invalid:
        return invalid.issues
    return ()


def save(tx: Tx, call_id: UUID, source: str, version: int | None = None) -> Draft:
    """Keep the text. A valid one becomes the call's definition; a faulty one waits beside the last valid.

    `version` is the one that the writer read: 412 when somebody kept another since. 409 once published;
    422 for a text too large, or with characters that cannot be kept.
    """
    call = tx.get(Call, call_id, "call.load")
    before = current(tx, call)
    if version is not None and version != before.version:
        raise VERSION_CONFLICT(version=version, current=before.version)
    if not storable(source):
        raise CALL_FILE_INVALID(
            [FieldError("source", "too_long", {"max_length": MAX_BYTES})], count=1, issues=[], limit=MAX_BYTES
        )
    if source == before.source:
        return before
    file, issues = judged(tx, call, source, before.amends)
    if file is not None and before.amends is None:
        call.code = file.code
        commands.load(tx, file, source.encode())
    kept = keep(tx, call, source, len(issues))
    tx.emit("call.drafted", call, faults=len(issues), version=kept.version + 1)
    return Draft(call, source, kept.version + 1, kept, issues, file, before.amends)


def keep(tx: Tx, call: Call, source: str, faults: int) -> CallDraft:
    """Keep the text beside the call as it stands: a draft's, or that of an erratum of what is in force."""
    kept = tx.session.scalar(select(CallDraft).where(CallDraft.call_id == call.id))
    if kept is None:
        kept = CallDraft(call_id=call.id, source="", faults=0, call_sha256="", saved_at=tx.now)
        tx.session.add(kept)
    kept.source, kept.faults, kept.call_sha256 = source, faults, call.definition_sha256
    kept.saved_by, kept.saved_at = tx.actor.id, tx.now
    kept.amends = call.version_number or None
    tx.allow("call.load", call)
    tx.session.flush()
    return kept


def reread(tx: Tx, call: Call, section: str, item: int | None) -> None:
    """The page was read again and kept: what stands on it is no more to be looked at."""
    kept = tx.session.scalar(select(CallDraft).where(CallDraft.call_id == call.id))
    left = rereading.left(kept.to_reread, section, item) if kept else []
    if kept and kept.to_reread and left != kept.to_reread:
        kept.to_reread = left or None
        tx.allow("call.load", call)
        tx.session.flush()
        tx.emit("call.drafted", call, faults=kept.faults, version=kept.version + 1)


# -- new calls ---------------------------------------------------------------------------------------
def create(tx: Tx, code: str, province: str) -> Call:
    """A new draft call from the template, in a province of the officer's."""
    data = starting.new_call(code, province, _issuer(tx, province), tx.now.date())
    return _first(tx, data)


def copy(tx: Tx, source_id: UUID, code: str, province: str) -> Call:
    """A new draft from any call that she may read, its window moved ahead."""
    file = queries.definition(tx.get(Call, source_id, "call.read"))
    data = starting.copy_of(file, code, province, _issuer(tx, province), tx.now)
    call = _first(tx, data)
    kept = keep(tx, call, dump(call.definition), 0)
    kept.to_reread = rereading.places(call.definition, file)
    return call


def _first(tx: Tx, data: Mapping[str, Any]) -> Call:
    try:
        file = from_json(data)
    except CallFileInvalid as invalid:
        example = starting.code_for(data["province"], tx.now.year)
        raise CALL_FILE_INVALID(
            [_wrong(issue, example) for issue in invalid.issues],
            count=len(invalid.issues),
            issues=[issue.as_json() for issue in invalid.issues],
        ) from None
    if tx.session.scalar(select(Call.id).where(Call.code == file.code)):
        raise CALL_CODE_USED([FieldError("code", "call_code_used")], call=file.code)
    return commands.load(tx, file)


def _wrong(issue: Issue, example: str) -> FieldError:
    """The field that was typed, what its form is; the rest of a new call is made by the platform."""
    if issue.path == "code":
        return FieldError("code", "call_code", {"example": example})
    return FieldError(issue.path, "invalid")


def _issuer(tx: Tx, province: str) -> dict[str, Any]:
    """Her province's committee, when there is one. INVALID for a code that is no province's."""
    if not starting.is_province(province):
        raise INVALID([FieldError("province", "invalid")])
    committee: Committee | None = committee_of(tx, Call(province_code=province, definition={}))
    known = (str(committee.kind), committee.name) if committee else None
    return starting.issuer_of(province, known if known and known[0] in COMMITTEES else None)


def copyable(tx: Tx) -> Sequence[Call]:
    """The calls that an officer may start from: those that she may read, the last to close first."""
    asked = (
        select(Call)
        .options(defer(Call.definition, raiseload=True))
        .order_by(Call.closes_at.desc(), Call.id)
        .limit(100)
    )
    return tx.session.scalars(tx.visible(asked, "call.read")).all()
