"""Follow-up as pages: which projects to ask next, and the answer of one of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from ..core.calendar import add_months, local
from ..core.errors import INVALID, FieldError, Problem
from ..core.money import MoneyError, format_money, parse_money
from ..core.tx import Tx, transaction
from ..people.models import Role
from ..people.policy import OVERSEERS
from ..web import nav
from ..web.deps import EntryActor, PageActor
from ..web.forms import refused, see_other, uuid_of, version_of
from ..web.problems import FIELD_CODES
from ..web.render import language_of, render
from . import commands, links, queries  # noqa: F401 (links declare themselves)
from .models import ProjectStatus, Wave, WaveState
from .schemas import FIGURES, AnswerIn, Cause

router = APIRouter()
nav.entry("/waves", "nav.waves", {Role.OFFICER, Role.COACH}, 70, others={Role.HOLDER, *OVERSEERS})

UNREACHABLE = ProjectStatus.UNREACHABLE
VIEWS = ("due", "planned", "answered")
NUMBERS = ("jobs_women", "jobs_men", "members")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@dataclass
class Typed:
    """The form as it stands: what was typed, or what the wave says already."""

    status: str = ""
    turnover_centimes: str = ""
    jobs_women: str = ""
    jobs_men: str = ""
    members: str = ""
    causes: list[str] = field(default_factory=list)
    note: str = ""


class AnswerForm(BaseModel):
    """The fields as a browser sends them: text of any kind, read below, so that none of it is lost."""

    status: str = ""
    turnover_centimes: str = ""
    jobs_women: str = ""
    jobs_men: str = ""
    members: str = ""
    causes: list[str] = []
    note: str = ""
    version: str = ""


@router.get("/waves")
def waves_page(
    request: Request,
    actor: EntryActor,
    view: Annotated[str, Query(max_length=20)] = "due",
    call: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """What is to be asked, the latest first; what comes; what was answered."""
    shown = view if view in VIEWS else "due"
    with transaction(actor) as tx:
        chosen = uuid_of(call)
        today = local(tx.now).date()
        narrowed = queries.Filters(call_id=chosen)
        filters = queries.Filters(
            state=WaveState.ANSWERED if shown == "answered" else WaveState.PLANNED,
            call_id=chosen,
            due_by=today if shown == "due" else None,
        )
        kept = {"view": shown} | ({"call": str(chosen)} if chosen else {})
        page = queries.waves(tx, filters, cursor, 30)
        following = f"/waves?{urlencode(kept | {'cursor': page.next})}" if page.next else None
        return render(
            request,
            actor,
            "durability/waves.html",
            view=shown,
            call=str(chosen or ""),
            calls=queries.calls(tx),
            situation=queries.situation(tx, narrowed),
            waves=page.items,
            following=following,
            today=today,
            soon=today + timedelta(days=30),
        )


@router.get("/waves/{wave_id}")
def wave_page(request: Request, actor: PageActor, wave_id: UUID) -> Response:
    """One project at one age: what was answered, and the form to answer or correct it."""
    with transaction(actor) as tx:
        return _wave_page(request, tx, queries.wave(tx, wave_id))


@router.post("/waves/{wave_id}")
def answer_form(
    request: Request, actor: PageActor, wave_id: UUID, form: Annotated[AnswerForm, Form()]
) -> Response:
    """Record the answer, then show it; on a refusal the same page with what was typed."""
    try:
        given = _read(form)
        with transaction(actor) as tx:
            commands.answer(tx, wave_id, given, version_of(form.version))
    except Problem as refusal:
        typed = Typed(**form.model_dump(exclude={"version"}))
        with transaction(actor) as tx:
            return _wave_page(request, tx, queries.wave(tx, wave_id), typed, refusal)
    return see_other(f"/waves/{wave_id}?saved=1")


def _wave_page(
    request: Request, tx: Tx, wave: Wave, typed: Typed | None = None, refusal: Problem | None = None
) -> Response:
    """The page of a wave; after a refusal, with its words and what was typed."""
    answer = refused(refusal, request, tx.actor)
    lang = language_of(request, tx.actor)
    opens_on = add_months(wave.due_on, -1)
    may = tx.may(["wave.answer", "wave.unreachable"], wave)
    answered = wave.state is WaveState.ANSWERED
    return render(
        request,
        tx.actor,
        "durability/wave.html",
        **answer,
        wave=wave,
        typed=typed or _as_typed(wave, lang),
        opens_on=opens_on,
        today=local(tx.now).date(),
        may_answer=may["wave.answer"] and (answered or local(tx.now).date() >= opens_on),
        open_form=refusal is not None or not answered or "correct" in request.query_params,
        saved="saved" in request.query_params and not refusal,
        others=[one for one in queries.of_project(tx, wave.convention_id) if one.id != wave.id],
        history=queries.history(tx, wave),
        seeks_her=may["wave.unreachable"],
        statuses=[one for one in ProjectStatus if may["wave.unreachable"] or one is not UNREACHABLE],
        causes=list(Cause),
    )


def _as_typed(wave: Wave, lang: str) -> Typed:
    """The answer given before, as one would type it."""
    turnover = wave.turnover_centimes
    return Typed(
        status=wave.status or "",
        turnover_centimes="" if turnover is None else format_money(turnover, lang, unit=False),
        jobs_women=_number(wave.jobs_women),
        jobs_men=_number(wave.jobs_men),
        members=_number(wave.members),
        causes=list(wave.causes),
        note=wave.note or "",
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _read(form: AnswerForm) -> AnswerIn:
    """What was typed, understood; INVALID with every field that cannot be."""
    errors: list[FieldError] = []
    values: dict[str, Any] = {"status": form.status or None, "causes": form.causes, "note": form.note.strip()}
    if form.turnover_centimes.strip():
        try:
            values["turnover_centimes"] = parse_money(form.turnover_centimes)
        except MoneyError as error:
            errors.append(FieldError("turnover_centimes", error.code))
    for name in NUMBERS:
        text = "".join(getattr(form, name).translate(_DIGITS).split())
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            errors.append(FieldError(name, "int_parsing"))
        elif text:
            values[name] = int(text)
    try:
        given = AnswerIn.model_validate(values)
        if not errors:
            return given
    except ValidationError as invalid:
        errors += [_field_error(error, values) for error in invalid.errors()]
    raise INVALID(sorted(errors, key=lambda e: _ORDER.index(e.field)))


_ORDER = ("status", *FIGURES, "causes", "note")


def _field_error(error: Any, values: dict[str, Any]) -> FieldError:
    """Pydantic's error in our codes; a status that was not chosen is missing."""
    name = str(error["loc"][0])
    if values.get(name) is None:
        return FieldError(name, "missing")
    code = error["type"] if error["type"] in FIELD_CODES else "invalid"
    return FieldError(name, code, {k: str(v) for k, v in error.get("ctx", {}).items()})
