"""The call editor over JSON: the draft, its words, its trial on earlier dossiers."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from backend.core.errors import FORBIDDEN, FieldError
from backend.core.tx import Tx, transaction
from backend.people.models import Role
from backend.web.deps import CurrentActor, IfMatch, OncePerKey

from ..callfile import CallFile, CallFileInvalid, Issue
from ..callfile.cautions import cautions
from ..callfile.reader import validated
from ..lifecycle import CALL_FILE_INVALID
from ..schemas import CallIn
from . import draft as drafts
from . import dryrun, erratum
from .draft import Draft
from .faults import located
from .preview import lines, readable
from .schemas import CopyIn, DraftOut, DryRunIn, DryRunOut, IssueOut, LineOut, PreviewOut
from .spec import SECTIONS
from .starting import neutral
from .text import data_of, document, dump

router = APIRouter()


@router.post("/preview")
def preview_call(body: CallIn, actor: CurrentActor) -> PreviewOut:
    """A call file in plain French and Arabic, page by page, with its faults; nothing is kept.

    For officers. A page of which something is faulty has no words; a rule that cannot be read yet says so.
    """
    if not actor.provinces(Role.OFFICER):
        raise FORBIDDEN(rule="call.load")
    issues: tuple[Issue, ...] = ()
    file: CallFile | None = None
    data: dict[str, Any] = {}
    try:
        read = document(_text(body.root))
        data = read.data
        file = validated(read)
    except CallFileInvalid as invalid:
        issues = invalid.issues
        file, _ = readable(data, neutral()) if data else (None, ())
    wrong = {fault.section for fault in located(issues)} - {"rules"}
    words = {lang: _words(data, file, lang, wrong) for lang in ("fr", "ar")}
    warned = cautions(file) if file and not issues else ()
    return PreviewOut(valid=not issues, issues=_issues(issues), cautions=_issues(warned), words=words)


@router.get("/{call_id}/draft")
def get_call_draft(call_id: UUID, actor: CurrentActor, response: Response) -> DraftOut:
    """The working text of a draft call, or of the erratum in preparation, for its province's officers.

    409 once it is published and nothing is being prepared.
    """
    with transaction(actor) as tx:
        return _out(drafts.opened(tx, call_id), response)


@router.put("/{call_id}/draft")
def put_call_draft(
    call_id: UUID, body: CallIn, version: IfMatch, actor: CurrentActor, response: Response
) -> DraftOut:
    """Keep a working text (`source`, or fields), right or wrong: a valid one becomes a draft's definition.

    `If-Match` is the version that was read: 412 when somebody kept another since.
    """
    source = _kept_text(body.root)
    with transaction(actor) as tx:
        return _out(drafts.save(tx, call_id, source, version), response)


@router.post("/{call_id}/dry-run")
def try_call_draft(call_id: UUID, body: DryRunIn, actor: CurrentActor) -> DryRunOut:
    """Judge the deposited dossiers of an earlier call by the draft's rules; nothing is written.

    Only dossiers that the reader may see; seniority, ages and priority chains as of their own call.
    """
    with transaction(actor) as tx:
        draft = drafts.opened(tx, call_id)
        if draft.file is None:
            raise dryrun.DRY_RUN_NEEDS_VALID(count=len(draft.issues))
        return DryRunOut.model_validate(dryrun.as_json(dryrun.dry_run(tx, draft.file, body.against)))


@router.post("/{call_id}/copies", status_code=201)
def copy_call(
    call_id: UUID, body: CopyIn, actor: CurrentActor, once: OncePerKey, response: Response
) -> DraftOut:
    """A new draft from any call that the officer may read, its window moved ahead by whole years.

    `to_reread` lists the places that hold the old year, or that no copy can be right about.
    """

    def make(tx: Tx) -> DraftOut:
        return _out(drafts.current(tx, drafts.copy(tx, call_id, body.code, body.province)), response)

    with transaction(actor) as tx:
        return once(tx, body, lambda: make(tx))  # type: ignore[no-any-return]


@router.post("/{call_id}/erratum")
def begin_call_erratum(call_id: UUID, actor: CurrentActor, response: Response) -> DraftOut:
    """Prepare an erratum of a published call: a working text beside it, one a call.

    It is written by `PUT /calls/{call_id}/draft`, whose issues tell what decision 0009 does not allow, and
    published by `POST /calls/{call_id}/amend`. Asked again, the same text.
    """
    with transaction(actor) as tx:
        return _out(erratum.begin(tx, call_id), response)


@router.delete("/{call_id}/erratum", status_code=204)
def drop_call_erratum(call_id: UUID, version: IfMatch, actor: CurrentActor) -> None:
    """Leave the call as it is: its erratum in preparation is dropped. `If-Match` is that text's version."""
    with transaction(actor) as tx:
        erratum.discard(tx, call_id, version)


def _out(draft: Draft, response: Response) -> DraftOut:
    response.headers["etag"] = f'"{draft.version}"'
    try:
        definition = data_of(draft.source)
    except CallFileInvalid:
        definition = None
    return DraftOut(
        call_id=draft.call.id,
        source=draft.source,
        definition=definition,
        valid=draft.valid,
        issues=_issues(draft.issues),
        cautions=_issues(cautions(draft.file)) if draft.file else [],
        version=draft.version,
        saved_at=draft.kept.saved_at if draft.kept else None,
        saved_by=draft.kept.saved_by if draft.kept else None,
        amends=draft.kept.amends if draft.kept and draft.amends else None,
        to_reread=draft.kept.to_reread or [] if draft.kept else [],
    )


def _issues(issues: tuple[Issue, ...]) -> list[IssueOut]:
    return [IssueOut.model_validate(issue.as_json()) for issue in issues]


def _words(data: dict[str, Any], file: CallFile | None, lang: str, wrong: set[str]) -> list[LineOut]:
    return [
        LineOut(section=section.code, title=line.title, text=line.text, kind=line.kind)
        for section in SECTIONS
        if section.code not in wrong
        for line in lines(data, file, section.code, None, lang)
    ]


def _text(body: dict[str, Any]) -> str:
    """The YAML text of a body; fields are read as the same bounded reader would (JSON is YAML)."""
    source = body.get("source")
    if set(body) == {"source"} and isinstance(source, str):
        return source
    return json.dumps(body, ensure_ascii=False, indent=1)


def _kept_text(body: dict[str, Any]) -> str:
    """What is kept of a body: a text as it was written, fields in the order of the format."""
    text = _text(body)
    if set(body) == {"source"} and text == body["source"]:
        return text
    try:
        return dump(data_of(text))
    except CallFileInvalid as invalid:
        errors = [FieldError(issue.path, "invalid") for issue in invalid.issues]
        issues = [issue.as_json() for issue in invalid.issues]
        raise CALL_FILE_INVALID(errors, count=len(issues), issues=issues) from None
