"""Issuing minutes: with the end of the session, in its commit; again when they are corrected."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from ...committees import hooks
from ...committees.lifecycle import MINUTES, MINUTES_SETTLED
from ...committees.models import (
    AgendaItem,
    Committee,
    CommitteeSession,
    Minutes,
    MinutesState,
    SessionState,
)
from ...core.commitments import digest
from ...core.errors import INVALID, FieldError
from ...core.i18n import LANGUAGES
from ...core.seals import seal_now
from ...core.tx import Tx
from ...files import store
from ...files.content import examine
from ...files.models import Scan, StoredFile
from . import printed
from .record import at, record_of

OVER = (SessionState.CLOSED, SessionState.LAPSED)


@hooks.after_end
def ended(tx: Tx, session: CommitteeSession) -> None:
    """The minutes of a session that was closed, or the statement that it had no quorum."""
    issue(tx, session, 1)


def issue(
    tx: Tx, session: CommitteeSession, version: int, reason: str = "", before: Minutes | None = None
) -> Minutes:
    """Write a version: the record, its digest, both PDFs, under a seal over all that the session did."""
    if session.state not in OVER:
        raise MINUTES_SETTLED()
    record = record_of(tx, session)
    changed = list(differences(before.record, record)) if before else []
    if before and not changed:
        raise INVALID([FieldError("reason", "nothing_changed")])
    number = before.number if before else _number(tx, session)
    seal = seal_now(tx)
    record |= {
        "number": number,
        "version": version,
        "issued_at": at(tx.now),
        "seal": {"number": seal.number, "root": seal.root} if seal else None,
        "replaces": _replaced(before, reason, changed) if before else None,
    }
    print_ = digest(record)
    key = uuid7()
    files = {
        lang: _kept(tx, number, version, lang, printed.pdf(record, print_, lang, key)) for lang in LANGUAGES
    }
    made = Minutes(
        id=key,
        session_id=session.id,
        province_code=session.province_code,
        number=number,
        version=version,
        record=record,
        record_sha256=print_,
        file_fr_id=files["fr"].id,
        file_ar_id=files["ar"].id,
        seal_number=seal.number if seal else None,
        seal_root=seal.root if seal else None,
        reason=reason,
        differences=changed,
        issued_at=tx.now,
    )
    tx.add(made, "minutes.issue")
    said = {"number": number, "version": version, "sha256": print_}
    tx.emit("minutes.issued", made, **said, fr=files["fr"].sha256, ar=files["ar"].sha256)
    return made


def correct(tx: Tx, minutes_id: UUID, reason: str, notes: Mapping[UUID, str]) -> Minutes:
    """A new version after a correction of what the points say, or of what is drawn from the records.

    The version before is replaced, kept, and named with the difference; the new one is signed anew.
    """
    before = tx.get(Minutes, minutes_id, "minutes.issue")
    if before.state is MinutesState.REPLACED:
        raise MINUTES_SETTLED()
    if not reason.strip():
        raise INVALID([FieldError("reason", "missing")])
    session = tx.get(CommitteeSession, before.session_id, "session.run")
    points = select(AgendaItem).where(AgendaItem.session_id == session.id, AgendaItem.id.in_(list(notes)))
    for item in tx.session.scalars(points):
        item.notes = notes[item.id].strip()
    tx.session.flush()
    MINUTES.fire(tx, before, "replace", version=before.version)
    return issue(tx, session, before.version + 1, reason.strip(), before)


def differences(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Each place where two records differ, with what was there before; not what is new in every version."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after} - _OF_A_VERSION if not path else {*before, *after}):
            where = f"{path}.{key}" if path else key
            if (key in before) != (key in after):
                yield {"path": where, "before": before.get(key), "after": after.get(key)}
            else:
                yield from differences(before.get(key), after.get(key), where)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for n, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{path}.{n}")
    elif before != after:
        yield {"path": path, "before": before, "after": after}


_OF_A_VERSION = {"number", "version", "issued_at", "seal", "replaces"}


def _replaced(before: Minutes, reason: str, changed: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "version": before.version,
        "sha256": before.record_sha256,
        "reason": reason,
        "paths": [one["path"] for one in changed],
    }


def _number(tx: Tx, session: CommitteeSession) -> str:
    """`PV-09.001-CPDE-2026-02`; a second committee of the kind in the province adds its rank."""
    kind = tx.session.get_one(Committee, session.committee_id).kind.value.upper()
    plain = f"PV-{session.province_code}-{kind}-{session.number}"
    held = select(func.count(func.distinct(Minutes.session_id))).where(Minutes.number.startswith(plain))
    others = tx.session.scalar(held) or 0
    return f"{plain}-{others + 1}" if others else plain


def _kept(tx: Tx, number: str, version: int, lang: str, content: bytes) -> StoredFile:
    """A PDF of ours among the files: nobody need scan it, nor is its author in doubt."""
    name = f"{number}-v{version}-{lang}.pdf"
    found = examine(BytesIO(content), name)
    made = StoredFile(
        id=uuid7(),
        name=name,
        media_type=found.media_type,
        size=len(content),
        pages=found.pages,
        sha256=sha256(content).hexdigest(),
        scan=Scan.NOT_SCANNED,
        created_by=tx.actor.id,
        created_at=tx.now,
    )
    store.write(store.file_path(made.id), content)
    tx.add(made, "file.create")
    tx.emit("file.received", made, size=made.size, media_type=made.media_type, sha256=made.sha256)
    return made
