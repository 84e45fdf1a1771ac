"""Around the editor's pages: beginning a call, its whole text, its trial on earlier dossiers."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.errors import FORBIDDEN, INVALID, FieldError, Problem
from backend.core.i18n import localized
from backend.core.tx import Tx, transaction
from backend.people.models import Role
from backend.web.deps import PageActor
from backend.web.forms import Typed, attempt, refused, see_other, told, uuid_of, version_of
from backend.web.links import Related, related
from backend.web.render import language_of, render

from ..editor import draft, dryrun, starting
from ..editor.faults import located
from ..editor.text import commented
from ..lifecycle import CALL_FROZEN
from ..models import Call, CallState
from ..rules import CATALOGUE
from . import frozen

router = APIRouter()
SHOWN = 60


@related("call", "link.call.edit", order=1)
def edit_link(tx: Tx, call: Call) -> Related | None:
    """A draft is opened in the editor."""
    hers = call.state is CallState.DRAFT and tx.may(["call.load"], call)["call.load"]
    return Related(f"/das/calls/{call.id}/edit") if hers else None


@related("call", "link.call.copy", order=90)
def copy_link(tx: Tx, call: Call) -> Related | None:
    """Any call may be copied by an officer into a new draft of her province."""
    return Related(f"/das/calls/start?source={call.id}") if tx.actor.provinces(Role.OFFICER) else None


@router.get("/das/calls/start")
def start_call(request: Request, actor: PageActor, source: str = "") -> Response:
    """A new call: from the template, or from another call."""
    with transaction(actor) as tx:
        return _start(request, actor, tx, {"source": source})


@router.post("/das/calls/start")
def begin_call(request: Request, actor: PageActor, form: Typed) -> Response:
    """Make the draft and open it in the editor."""
    provinces = _provinces(actor)
    made: list[Call] = []

    def make(tx: Tx) -> None:
        province = form.get("province") or provinces[0]
        if province not in provinces:
            raise INVALID([FieldError("province", "invalid")])
        code = form.get("code", "").strip() or starting.code_for(province, tx.now.year)
        source = uuid_of(form.get("source", ""))
        made.append(draft.copy(tx, source, code, province) if source else draft.create(tx, code, province))

    try:
        with transaction(actor) as tx:
            make(tx)
    except Problem as refusal:
        with transaction(actor) as tx:
            return _start(request, actor, tx, form, refusal)
    return see_other(f"/das/calls/{made[0].id}/edit")


def _provinces(actor: Actor) -> list[str]:
    found = actor.provinces(Role.OFFICER)
    if None in found:
        from backend.territory.reference import provinces

        return [one.code for one in provinces()]
    if not found:
        raise FORBIDDEN(rule="call.load")
    return sorted(code for code in found if code)


def _start(
    request: Request, actor: Actor, tx: Tx, typed: dict[str, str], refusal: Problem | None = None
) -> Response:
    provinces = _provinces(actor)
    lang = language_of(request, actor)
    places = [starting.place_of(code) for code in provinces]
    return render(
        request,
        actor,
        "calls/editor/start.html",
        typed={"code": "", "province": provinces[0], "source": "", **typed},
        code=starting.code_for(provinces[0], tx.now.year),
        provinces=[(one.code, one.name_ar if lang == "ar" else one.name_fr) for one in places],
        calls=[(str(one.id), f"{localized(lang, one.title)} ({one.code})") for one in draft.copyable(tx)],
        **refused(refusal, request, actor),
    )


# -- the whole text ----------------------------------------------------------------------------------
@router.get("/das/calls/{call_id}/edit/text")
def edit_text(request: Request, actor: PageActor, call_id: UUID, saved: str = "") -> Response:
    """The call as one text."""

    def show() -> Response:
        with transaction(actor) as tx:
            return _text(request, actor, draft.opened(tx, call_id), saved=bool(saved))

    return frozen.or_erratum(request, actor, call_id, show)


@router.post("/das/calls/{call_id}/edit/text")
def save_text(request: Request, actor: PageActor, call_id: UUID, form: Typed) -> Response:
    """Keep the text, right or wrong."""
    source = form.get("source", "").replace("\r\n", "\n")

    def again(tx: Tx, refusal: Problem) -> Response:
        return _text(request, actor, draft.opened(tx, call_id), typed=source, refusal=refusal)

    try:
        return attempt(
            actor,
            lambda tx: draft.save(tx, call_id, source, version_of(form.get("version", ""))),
            f"/das/calls/{call_id}/edit/text?saved=1",
            again,
        )
    except Problem as refusal:
        if refusal.code != CALL_FROZEN.code:
            raise
        return frozen.text_kept(request, actor, call_id, source)


def _text(
    request: Request, actor: Actor, opened: draft.Draft, *, typed: str | None = None,
    refusal: Problem | None = None, saved: bool = False,
) -> Response:  # fmt: skip
    source = opened.source if typed is None else typed
    lines = source.splitlines()
    faults: list[dict[str, Any]] = []
    for one in located(opened.issues if typed is None else ())[:SHOWN]:
        issue = one.issue
        stands = issue.code != "missing_field" and 0 < issue.line <= len(lines)
        faults.append({"fault": one, "text": lines[issue.line - 1].strip()[:120] if stands else ""})
    said = told(refusal, request, actor) if refusal else None
    return render(
        request, actor, "calls/editor/text.html", status=refusal.status if refusal else 200, draft=opened,
        source=source, faults=faults, said=said, saved=saved, comments=commented(source),
    )  # fmt: skip


# -- the trial ---------------------------------------------------------------------------------------
@router.get("/das/calls/{call_id}/edit/dry-run")
def try_call(request: Request, actor: PageActor, call_id: UUID, against: str = "") -> Response:
    """The draft's rules on the deposited dossiers of an earlier call; nothing is written."""
    return frozen.or_erratum(request, actor, call_id, lambda: _trial(request, actor, call_id, against))


def _trial(request: Request, actor: Actor, call_id: UUID, against: str) -> Response:
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        opened = draft.opened(tx, call_id)
        calls = dryrun.earlier(tx, opened.call)
        chosen = uuid_of(against)
        run = dryrun.dry_run(tx, opened.file, chosen) if opened.file and chosen else None
        return render(
            request, actor, "calls/editor/dry_run.html", draft=opened, run=run, against=against,
            calls=[(str(one.id), f"{localized(lang, one.title)} ({one.code})") for one in calls],
            facts=CATALOGUE, reader=lang, most=SHOWN * 5,
        )  # fmt: skip
