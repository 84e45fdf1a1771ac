"""The papers of a dossier: files attached and removed one by one, paper noted at the counter, read by whom.

The dossier's content names each file with its hash, so that the receipt covers them; `dossier_document`
keeps who attached what and when, also of what was replaced since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from uuid_utils.compat import uuid7

from ..core.calendar import local
from ..core.errors import INVALID, NOT_FOUND, FieldError, Problem
from ..core.tx import Tx
from ..files.lifecycle import FILE_INFECTED
from ..files.models import Scan, StoredFile
from . import changes, commands
from .asked import PAPER, wanted
from .completeness import call_form
from .lifecycle import DOCUMENT_ALREADY, DOCUMENTS_TOO_MANY, UNDO_OVER
from .models import Application, DossierDocument
from .terms import terms

MOST_OF_ONE = 10
"""Files of one paper: a page photographed each, say."""
MOST = 60
UNDO = timedelta(hours=24)
"""A file that was taken away may be put back for as long, unless a deposit came meanwhile."""
Provided = list[dict[str, Any]]


@dataclass(frozen=True)
class Paper:
    """One paper of a dossier as pages show it: what was asked, the files that answer it, or the paper."""

    asked: Any
    files: tuple[StoredFile, ...]
    on_paper: bool
    reference: str | None

    @property
    def given(self) -> bool:
        return self.on_paper or bool(self.files)


def provided_in(content: Any) -> Provided:
    """The papers that a content names."""
    return list((content.get("documents") or {}).get("provided") or ())


def papers(tx: Tx, application: Application, content: Any) -> list[Paper]:
    """The papers that the call asks of this holder, in its order, with what answers each: one statement."""
    provided = provided_in(content)
    ids = [UUID(item["file"]) for item in provided if item.get("file")]
    rows = tx.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids))) if ids else ()
    found = {row.id: row for row in rows}
    return [
        _paper(one, [item for item in provided if item["code"] == one.code], found)
        for one in _asked(application)
    ]


def allow(tx: Tx, application_id: UUID) -> None:
    """Go on only for who may attach now: asked before any byte is kept."""
    commands.require_editable(tx, tx.get(Application, application_id, "application.edit"))
    tx.recorded = True  # nothing is written


def attach(
    tx: Tx, application_id: UUID, code: str, files: Iterable[UUID], replaces: UUID | None = None
) -> Application:
    """Attach files that she sent to a paper of her dossier; `replaces` takes one of its files away.

    The same request again changes nothing; another file of the same content is refused, with when the one
    that is there was attached.
    """
    application, provided = _editing(tx, application_id)
    _known(application, code)
    kept = [item for item in provided if not (replaces and item.get("file") == str(replaces))]
    if replaces and len(kept) == len(provided):
        raise NOT_FOUND(thing="document")
    known = {item["sha256"]: item["file"] for item in kept if item["code"] == code and item.get("file")}
    for file_id in files:
        file = tx.get(StoredFile, file_id, "file.read")
        if file.scan is Scan.INFECTED:
            raise FILE_INFECTED(name=file.name)
        if known.setdefault(file.sha256, str(file.id)) != str(file.id):
            raise already(tx, application, code, file.sha256, file.name) or NOT_FOUND(thing="document")
        if any(item.get("file") == str(file.id) and item["code"] == code for item in kept):
            continue
        kept = [item for item in kept if item["code"] != code or item.get("file")]
        kept.append(_item(code, file))
        tx.session.add(_row(tx, application, code, file))
        _note(tx, application, code, None, file.name)
    if sum(item["code"] == code for item in kept) > MOST_OF_ONE or len(kept) > MOST:
        raise DOCUMENTS_TOO_MANY(most=MOST_OF_ONE)
    if replaces:
        _take_away(tx, application, replaces)
    return _save(tx, application, provided, kept)


def remove(tx: Tx, application_id: UUID, file_id: UUID) -> Application:
    """Take a file away from the dossier; what was deposited with it keeps it, and it may be put back."""
    application, provided = _editing(tx, application_id)
    kept = [item for item in provided if item.get("file") != str(file_id)]
    if len(kept) == len(provided):
        raise NOT_FOUND(thing="document")
    _take_away(tx, application, file_id)
    return _save(tx, application, provided, kept)


def restore(tx: Tx, application_id: UUID, file_id: UUID) -> Application:
    """Put a file back that was taken away: within a day, and until the next deposit."""
    application, provided = _editing(tx, application_id)
    if any(item.get("file") == str(file_id) for item in provided):
        tx.recorded = True  # it is there already
        return application
    away = next((one for one in taken_away(tx, application) if one.file.id == file_id), None)
    if away is None:
        raise UNDO_OVER(hours=int(UNDO.total_seconds()) // 3600)
    code = away.row.code
    if found := already(tx, application, code, away.file.sha256, away.file.name):
        raise found
    kept = [item for item in provided if item["code"] != code or item.get("file")]
    if sum(item["code"] == code for item in kept) >= MOST_OF_ONE or len(kept) >= MOST:
        raise DOCUMENTS_TOO_MANY(most=MOST_OF_ONE)
    away.row.removed_at = None
    _note(tx, application, code, None, away.file.name)
    return _save(tx, application, provided, [*kept, _item(code, away.file)])


@dataclass(frozen=True)
class Away:
    """A file that was taken away and may still be put back."""

    row: DossierDocument
    file: StoredFile
    at: datetime


def taken_away(tx: Tx, application: Application) -> list[Away]:
    """What may still be put back, the latest first: one statement."""
    asked = (
        select(DossierDocument, StoredFile)
        .join(StoredFile, StoredFile.id == DossierDocument.file_id)
        .where(DossierDocument.application_id == application.id, DossierDocument.removed_at > tx.now - UNDO)
        .order_by(DossierDocument.removed_at.desc(), DossierDocument.id)
        .limit(MOST)
    )
    found: dict[UUID, Away] = {}
    for row, file in tx.session.execute(asked):
        since = application.submitted_at
        if row.removed_at and (since is None or row.removed_at > since):
            found.setdefault(file.id, Away(row, file, row.removed_at))
    there = {item.get("file") for item in provided_in(commands.working(application))}
    return [one for key, one in found.items() if str(key) not in there and one.file.scan is not Scan.INFECTED]


def already(tx: Tx, application: Application, code: str, sha256: str, name: str) -> Problem | None:
    """Why a file of this content is not attached to this paper: it is there, since when."""
    asked = (
        select(DossierDocument.attached_at)
        .join(StoredFile, StoredFile.id == DossierDocument.file_id)
        .where(
            DossierDocument.application_id == application.id,
            DossierDocument.code == code,
            DossierDocument.removed_at.is_(None),
            StoredFile.sha256 == sha256,
        )
        .order_by(DossierDocument.attached_at)
        .limit(1)
    )
    at = tx.session.scalar(asked)
    return DOCUMENT_ALREADY(name=name, day=local(at).date().isoformat()) if at else None


def receive_papers(tx: Tx, application_id: UUID, codes: Iterable[str], there: bool = True) -> Application:
    """An officer notes which papers she was handed at the counter, or that one is not there after all.

    One that was asked for again, and is handed in again, is another paper: noted with its day.
    """
    application, before = _editing(tx, application_id, "application.paper")
    after = before
    for code in codes:
        _known(application, code)
        if there and not any(item["code"] == code and _answers(item) for item in after):
            after = [*(item for item in after if item["code"] != code), {"code": code, "paper": True}]
        elif there and f"{PAPER}{code}" in wanted(tx, application):
            anew = {"code": code, "paper": True, "handed_on": local(tx.now).date().isoformat()}
            after = [item for item in after if item["code"] != code or item.get("file")] + [anew]
        elif not there:
            after = [item for item in after if item["code"] != code or item.get("file")]
    return _save(tx, application, before, after)


def opened(tx: Tx, application: Application, file_id: UUID) -> StoredFile:
    """A file of a dossier that the reader sees: whoever edits it, all of hers; others, what was deposited."""
    if not tx.may(["application.edit"], application)["application.edit"]:
        return deposited(tx, application, file_id)
    attached = select(DossierDocument.file_id).where(DossierDocument.application_id == application.id)
    asked = select(StoredFile).where(StoredFile.id == file_id, StoredFile.id.in_(attached))
    found = tx.session.scalars(asked).one_or_none()
    if found is None:
        raise NOT_FOUND(thing="document")
    return found


def deposited(tx: Tx, application: Application, file_id: UUID) -> StoredFile:
    """A file of what stands deposited; the caller has found that the reader may see the dossier."""
    if all(item.get("file") != str(file_id) for item in provided_in(application.content)):
        raise NOT_FOUND(thing="document")
    return tx.session.get_one(StoredFile, file_id)


def _answers(item: dict[str, Any]) -> bool:
    return bool(item.get("file") or item.get("paper"))


def _asked(application: Application) -> list[Any]:
    form = call_form(application.organisation.legal_form)
    return [one for one in terms(application.call).file.documents if one.asked_of(form)]


def _known(application: Application, code: str) -> None:
    if all(one.code != code for one in _asked(application)):
        raise INVALID([FieldError("code", "document_not_asked")])


def _paper(asked: Any, items: Provided, found: dict[UUID, StoredFile]) -> Paper:
    return Paper(
        asked,
        tuple(found[UUID(item["file"])] for item in items if item.get("file")),
        any(item.get("paper") for item in items),
        next((item["reference"] for item in items if item.get("reference")), None),
    )


def _item(code: str, file: StoredFile) -> dict[str, Any]:
    return {
        "code": code,
        "file": str(file.id),
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "media_type": file.media_type,
    }


def _row(tx: Tx, application: Application, code: str, file: StoredFile) -> DossierDocument:
    assert tx.actor.id
    return DossierDocument(
        application_id=application.id,
        code=code,
        file_id=file.id,
        attached_by=tx.actor.id,
        attached_at=tx.now,
    )


def _take_away(tx: Tx, application: Application, file_id: UUID) -> None:
    rows = select(DossierDocument).where(
        DossierDocument.application_id == application.id,
        DossierDocument.file_id == file_id,
        DossierDocument.removed_at.is_(None),
    )
    for row in tx.session.scalars(rows):
        row.removed_at = tx.now
        _note(tx, application, row.code, tx.session.get_one(StoredFile, file_id).name, None)


def _note(tx: Tx, application: Application, code: str, before: str | None, after: str | None) -> None:
    """The history of a paper: a file that came or went, by its name."""
    tx.session.add(changes.made(tx, application, uuid7(), "documents", (code, before, after)))


def _editing(tx: Tx, application_id: UUID, rule: str = "application.edit") -> tuple[Application, Provided]:
    """The dossier, locked, that may be changed now, and the papers of what is being written."""
    known = (*commands.with_call(), joinedload(Application.organisation))
    application = tx.get(Application, application_id, rule, options=known)
    commands.require_editable(tx, application)
    return application, provided_in(commands.working(application))


def _save(tx: Tx, application: Application, before: Provided, after: Provided) -> Application:
    if before == after:
        tx.recorded = True  # nothing is written
        return application
    commands.keep_working(tx, application, "documents", {"provided": after})
    return application
