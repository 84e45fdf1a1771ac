"""Calls for projects over JSON."""

from collections.abc import Collection
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from backend.core.actor import Actor
from backend.core.errors import FieldError, Problem
from backend.core.tx import Tx, transaction
from backend.web.deps import AnyActor, CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag
from backend.web.render import language_of

from . import commands, queries, standing
from .callfile import CallFile, CallFileInvalid
from .callfile.jsonschema import call_schema
from .editor.api import router as editor
from .endpoints import check, questions, versions
from .lifecycle import CALL_FILE_INVALID, LIFECYCLE, Phase, phase
from .models import Call, VersionKind
from .schemas import AmendIn, CallDetailOut, CallIn, CallOut, CallsOut, RuleOut, RulesOut

router = APIRouter(prefix="/calls", tags=["calls"])
for part in (versions, questions, check):
    router.include_router(part.router)


def _out(tx: Tx, call: Call, known: Collection[UUID]) -> CallOut:
    # read by column: the definition of a listed call is not loaded
    plain = {name: getattr(call, name) for name in CallOut.model_fields if name != "phase"}
    if not standing.inside(tx.actor, call):
        plain["state"] = standing.shown_state(call, tx.now, published=call.id in known)
        plain["version"] = call.version_number
    return CallOut(**plain, phase=phase(call, tx.now))


def _detail(tx: Tx, call: Call) -> CallDetailOut:
    verbs = LIFECYCLE.available(tx, call) if tx.actor.is_authenticated else []
    out = _out(tx, call, standing.with_results(tx, [call]))
    draw = standing.drawn(tx, call)
    return CallDetailOut(
        **out.model_dump(),
        draw_seed=draw.seed if draw else None,
        drawn_at=draw.at if draw else None,
        definition=call.definition,
        verbs=verbs,
    )


def _read(request: Request, actor: Actor, body: dict[str, Any]) -> CallFile:
    try:
        return commands.read_body(body)
    except CallFileInvalid as invalid:
        raise _refusal(invalid, language_of(request, actor), numbered=set(body) == {"source"}) from None


def _refusal(invalid: CallFileInvalid, lang: str, *, numbered: bool) -> Problem:
    """Each fault as a field error in the reader's words, and again as data; lines are a sent text's."""
    code = "call_file" if numbered else "call_body"
    issues = [issue.as_json() | ({} if numbered else {"line": 0, "column": 0}) for issue in invalid.issues]
    errors = [
        FieldError(
            issue.path,
            code,
            {"line": issue.line, "message": issue.message(lang), "allowed": issue.allowed_words(lang)},
        )
        for issue in invalid.issues
    ]
    return CALL_FILE_INVALID(errors, count=len(issues), issues=issues)


@router.post("", status_code=201)
def load_call(request: Request, body: CallIn, actor: CurrentActor, once: OncePerKey) -> CallDetailOut:
    """Keep a call file as a draft: its YAML text under `source`, or its fields as JSON.

    The same content again is the same call; another content replaces a draft, and is refused once the call
    is published (`call_frozen`). A faulty file is refused with every fault: line, path, what is allowed.
    """
    file = _read(request, actor, body.root)
    with transaction(actor) as tx:
        return once(tx, body, lambda: _detail(tx, commands.load(tx, file)))  # type: ignore[no-any-return]


@router.get("")
def list_calls(
    actor: AnyActor,
    province: Annotated[str | None, Query(max_length=8)] = None,
    phase: Annotated[Phase | None, Query(description="Published calls in this phase of the clock.")] = None,
    code: Annotated[str | None, Query(max_length=60)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CallsOut:
    """Calls that the reader may see (everybody: the published ones), the last to close first."""
    with transaction(actor) as tx:
        page = queries.listed(tx, province=province, wanted=phase, code=code, cursor=cursor, limit=limit)
        known = standing.with_results(tx, page.items)
        return CallsOut(items=[_out(tx, call, known) for call in page.items], next=page.next)


@router.get("/schema")
def get_call_file_schema() -> dict[str, Any]:
    """The JSON Schema of call files."""
    return call_schema()


@router.get("/{call_id}")
def get_call(call_id: UUID, actor: AnyActor, response: Response) -> CallDetailOut:
    """A call with everything that its file says."""
    with transaction(actor) as tx:
        detail = _detail(tx, tx.get(Call, call_id, "call.read"))
        etag(response, detail)
        return detail


@router.get("/{call_id}/rules")
def get_call_rules(call_id: UUID, actor: AnyActor) -> RulesOut:
    """The rules of a call in plain French and Arabic."""
    with transaction(actor) as tx:
        call = tx.get(Call, call_id, "call.read")
        words = queries.rules_in_words(queries.definition(call))
        return RulesOut(items=[RuleOut.model_validate(rule) for rule in words])


@router.post("/{call_id}/publish")
def publish_call(call_id: UUID, actor: CurrentActor) -> CallDetailOut:
    """Open a draft to the public; it is frozen from then on."""
    with transaction(actor) as tx:
        return _detail(tx, commands.publish(tx, call_id))


@router.post("/{call_id}/amend")
def amend_call(
    request: Request, call_id: UUID, body: AmendIn, actor: CurrentActor, version: IfMatch, response: Response
) -> CallDetailOut:
    """Publish an erratum or an extension: the next version of the call, with its reason in both languages.

    Refused with each field (`amendment_unfair`) when it would wrong those who relied on the call: no earlier
    closing; once a dossier is deposited, the grid, the caps and the rules stand. Everyone with a dossier in
    the call is told of the difference.
    """
    file = _read(request, actor, body.file)
    with transaction(actor) as tx:
        kind = VersionKind(body.kind)
        call = commands.amend(tx, call_id, file, kind, body.reason.model_dump(), version)
        tx.session.flush()
        etag(response, call)
        return _detail(tx, call)


@router.post("/{call_id}/review")
def review_call(call_id: UUID, actor: CurrentActor) -> CallDetailOut:
    """Begin the examination of a call whose window is over."""
    with transaction(actor) as tx:
        return _detail(tx, commands.review(tx, call_id))


@router.post("/{call_id}/archive")
def archive_call(call_id: UUID, actor: CurrentActor) -> CallDetailOut:
    """Put away a draft, or a call whose window is over."""
    with transaction(actor) as tx:
        return _detail(tx, commands.archive(tx, call_id))


router.include_router(editor)
