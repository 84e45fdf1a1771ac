"""An erratum from its first page to its publication: beside the call, which changes at the end only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from backend.core.errors import VERSION_CONFLICT, WRONG_STATE
from backend.core.tx import Tx

from .. import commands
from ..lifecycle import CALL_OVER, DRAFT_FAULTY, ERRATUM_NONE, LIFECYCLE, Phase, phase
from ..models import Call, CallDraft, CallState, VersionKind
from .draft import Draft, current, keep
from .text import dump


def preparing(tx: Tx, call: Call) -> CallDraft | None:
    """The erratum in preparation, if there is one."""
    kept = select(CallDraft).where(CallDraft.call_id == call.id, CallDraft.amends.is_not(None))
    return tx.session.scalar(kept) if call.state is not CallState.DRAFT else None


def begin(tx: Tx, call_id: UUID) -> Draft:
    """A working copy of what the call says, one a call: the one that is there already, or a new one.

    Raises `call_over` once the window has closed, `wrong_state` for a call that is not published.
    """
    call = tx.get(Call, call_id, "call.amend")
    if preparing(tx, call):
        tx.recorded = True
        return current(tx, call)
    if "amend" not in LIFECYCLE.available(tx, call):
        if call.state is CallState.PUBLISHED and phase(call, tx.now) is Phase.CLOSED:
            raise CALL_OVER(closes_at=call.closes_at)
        raise WRONG_STATE(verb="verb.call.amend", state=f"state.call.{call.state}")
    keep(tx, call, dump(call.definition), 0)
    tx.emit("call.erratum_begun", call, number=call.version_number)
    return current(tx, call)


def prepared(tx: Tx, call: Call, version: int | None = None) -> Draft:
    """The erratum in preparation; `erratum_none` when there is none, 412 when another text was kept since."""
    if not preparing(tx, call):
        raise ERRATUM_NONE(call=call.code)
    opened = current(tx, call)
    if version is not None and version != opened.version:
        raise VERSION_CONFLICT(version=version, current=opened.version)
    return opened


def discard(tx: Tx, call_id: UUID, version: int) -> Call:
    """Leave the call as it is; the text that was being prepared stays in the trail only."""
    call = tx.get(Call, call_id, "call.amend")
    kept = prepared(tx, call, version).kept
    if kept is not None:
        kept.amends = None
    tx.emit("call.erratum_dropped", call, number=call.version_number)
    return call


def publish(tx: Tx, call_id: UUID, reason: dict[str, str], version: int, text_version: int) -> Call:
    """Make the prepared text the next version; `version` and `text_version` are those that were read."""
    call = tx.get(Call, call_id, "call.amend", version=version)
    opened = prepared(tx, call, text_version)
    if opened.file is None:
        raise DRAFT_FAULTY(count=len(opened.issues))
    amended = commands.amend(tx, call_id, opened.file, VersionKind.ERRATUM, reason, version)
    if opened.kept is not None:
        opened.kept.amends = None
    return amended
