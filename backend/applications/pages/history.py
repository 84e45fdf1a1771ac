"""What each field of a dossier said before, and the way back to it; pages of what the register holds."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from starlette.responses import Response

from ...core.actor import Actor
from ...core.errors import NOT_FOUND, Problem
from ...core.paging import Page
from ...core.tx import Tx, transaction
from ...people.models import Sex
from ...web.deps import PageActor
from ...web.forms import Typed, see_other, uuid_of
from ...web.language import language_of
from ...web.render import render
from .. import autosave, changes, commands, queries
from ..autosave import Change, Fate
from ..completeness import call_form
from ..fields import Unreadable, place, value_at, written
from ..forms import documents_asked
from ..lifecycle import editable, progress, working
from ..models import Application, FieldChange
from ..schemas import WRITTEN
from ..terms import terms
from .parts import home_of, messages, named, told

router = APIRouter()
AT_ONCE = 50


class Asked(BaseModel):
    """Which changes: of a section, of a field; on a later page, after its cursor, `before` that instant."""

    section: Annotated[str, Field(max_length=40)] = ""
    field: Annotated[str, Field(max_length=80)] = ""
    cursor: Annotated[str | None, Field(max_length=2000)] = None
    before: AwareDatetime | None = None


ALL = Asked()


@router.get("/applications/{application_id}/history")
def history(
    request: Request, actor: PageActor, application_id: UUID, asked: Annotated[Asked, Query()]
) -> Response:
    """What was changed, by whom, the latest first; each earlier answer can be put back."""
    with transaction(actor) as tx:
        return _history(request, actor, tx, application_id, asked)


@router.post("/applications/{application_id}/history")
def restore(request: Request, actor: PageActor, application_id: UUID, form: Typed) -> Response:
    """Put an earlier answer back: a change like any other."""
    problem = None
    try:
        with transaction(actor) as tx:
            problem = _restore(tx, application_id, form)
    except Problem as refused:
        problem = refused
        told(refused, request, actor)
    if problem is None:
        return see_other(f"{home_of(application_id)}/history?section={form.get('section', '')[:40]}")
    with transaction(actor) as tx:
        return _history(request, actor, tx, application_id, ALL, problem)


def _restore(tx: Tx, application_id: UUID, form: dict[str, str]) -> Any:
    application = tx.get(Application, application_id, "dossier_history.read")
    row = tx.session.get(FieldChange, uuid_of(form.get("change", "")) or UUID(int=0))
    if row is None or row.application_id != application.id:
        raise NOT_FOUND(thing="change")
    now = value_at(working(application).get(row.section) or {}, place(row.section, row.field))
    change = Change(uuid4(), row.section, row.field, now, row.before)
    _, (result,) = autosave.apply(tx, application_id, [change])
    tx.recorded = True  # the answer that is there already may be put back: nothing is written then
    return "refused" if result.fate is Fate.REFUSED else None


def _history(
    request: Request,
    actor: Actor,
    tx: Tx,
    application_id: UUID,
    asked: Asked,
    refusal: Any = None,
) -> Response:
    application = tx.get(Application, application_id, "dossier_history.read", options=commands.whole())
    lang, section = language_of(request, actor), asked.section
    section = section if section in (*WRITTEN, "documents") else ""
    page = changes.history(tx, application, section or None, asked.field or None, asked.cursor, AT_ONCE)
    file, form = terms(application.call).file, call_form(application.organisation.legal_form)
    return render(
        request,
        actor,
        "applications/history.html",
        status=refusal.status if isinstance(refusal, Problem) else 409 if refusal else 200,
        application=application,
        hers=queries.holds(tx, application),
        call=application.call,
        section=section,
        field=asked.field,
        changes=_with_beginnings(tx, application, page, section, asked),
        next_=page.next,
        last_=page.items[-1].kept_at.isoformat() if page.next else None,
        names=changes.names(tx, page.items),
        sides={row.id: _shown(application, row, row, lang) for row in page.items},
        both_of=lambda run: _shown(application, run.first, run.last, lang),
        may_change=editable(tx, application) is None,
        refusal=told(refusal, request, actor) if isinstance(refusal, Problem) else None,
        refused=bool(refusal),
        documents=documents_asked(file, form),
        name=named(lang),
    )


def _with_beginnings(
    tx: Tx, application: Application, page: Page[FieldChange], section: str, asked: Asked
) -> list[changes.Run | changes.Beginning]:
    """The changes of the page, and the first saves of sections that lie between them."""
    if asked.field or section == "documents":
        return [*changes.runs(page.items)]
    newest, oldest = asked.before, page.items[-1].kept_at if page.next else None
    found = [
        one
        for one in changes.beginnings(tx, application, section or None)
        if (newest is None or one.kept_at < newest) and (oldest is None or one.kept_at >= oldest)
    ]
    return sorted([*changes.runs(page.items), *found], key=lambda one: one.kept_at, reverse=True)


def _shown(application: Application, first: FieldChange, row: FieldChange, lang: str) -> dict[str, Any]:
    """Before the first change and after the last, as forms write them; what the field still says of both."""
    leaf = row.field.rpartition(".")[2]
    if row.section == "documents":
        before, after = ({"name": one} if one else {} for one in (first.before, row.after))
        return {"before": before, "after": after, "stands": False, "is_before": True}  # put back on its page
    try:
        now = value_at(working(application).get(row.section) or {}, place(row.section, row.field))
    except Unreadable:  # a field that dossiers have no more
        now = None
    return {
        "before": _text(leaf, first.before, lang),
        "after": _text(leaf, row.after, lang),
        "stands": now == row.after,
        "is_before": now == first.before,
    }


def _text(leaf: str, value: Any, lang: str) -> dict[str, str]:
    """By name, as pages tell values; rows of a list by each of their fields."""
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return {
            f"{i}.{name}": written(name, part, lang)
            for i, one in enumerate(value)
            for name, part in one.items()
        }
    return {leaf: written(leaf, value, lang)} if value not in (None, "", []) else {}


def _register(part: str) -> Any:
    def show(request: Request, actor: PageActor, application_id: UUID) -> Response:
        with transaction(actor) as tx:
            application = queries.one(tx, application_id)
            organisation = application.organisation
            lang = language_of(request, actor)
            found = {status.section: status for status in progress(tx, application)}
            return render(
                request,
                actor,
                "applications/register.html",
                application=application,
                hers=queries.holds(tx, application),
                call=application.call,
                organisation=organisation,
                women=sum(one.sex is Sex.WOMAN for one in organisation.members),
                section=part,
                missing=messages(lang, found[part].missing),
                documents=(),
                name=named(lang),
            )

    return show


for _part in ("organisation", "members"):
    router.get(f"/applications/{{application_id}}/{_part}", name=f"page_{_part}")(_register(_part))
