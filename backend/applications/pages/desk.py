"""The officer's list of dossiers: narrowed, ordered, counted; her views of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from sqlalchemy.orm import defer
from starlette.responses import Response

from ...calls.models import Call, CallState
from ...calls.rules.vocabulary import chain_rows, sector_rows
from ...core.actor import Actor
from ...core.errors import Problem
from ...core.i18n import codes, localized
from ...core.policy import RULES
from ...core.tx import Tx, transaction
from ...people.models import LegalForm, Role
from ...people.policy import OVERSEERS
from ...territory.reference import communes
from ...web.deps import EntryActor, PageActor
from ...web.forms import attempt
from ...web.language import language_of
from ...web.nav import entry
from ...web.render import render, wants_block
from .. import bulk, noting, paper, search, verdicts, views, wanted
from ..models import Filing
from ..terms import terms
from . import done
from .parts import Form, messages, named, told

router = APIRouter()
entry(  # what is taken away from the list (a later slice) lies under it
    wanted.LIST, "nav.dossiers", {Role.OFFICER}, 25, also=("/das/exports",), others=OVERSEERS
)
STATES = ("submitted", "returned", "eligible", "ineligible", "withdrawn", "draft")
"""In the order of an officer's work; her own unfinished dossiers last."""
PAGE = 50


@dataclass(frozen=True)
class Place:
    """Where the list is shown: its address, the call if it is that of one, how far it was leafed through."""

    path: str
    call: Call | None = None
    screens: bool = True
    cursor: str | None = None


@router.get(wanted.LIST)
def list_of_dossiers(request: Request, actor: EntryActor, cursor: str | None = None) -> Response:
    """The dossiers of every call that she may read."""
    with transaction(actor) as tx:
        asked = wanted.read(request.query_params)
        place = Place(wanted.LIST, screens=bool(actor.provinces(Role.OFFICER)), cursor=cursor)
        return _listed(request, actor, tx, place, asked)


@router.get("/das/calls/{call_id}/applications")
def list_of_call(request: Request, actor: PageActor, call_id: UUID, cursor: str | None = None) -> Response:
    """The dossiers of one call."""
    with transaction(actor) as tx:
        asked = wanted.read({**request.query_params, "call": str(call_id)})
        call, screens = _call(tx, call_id)
        place = Place(f"/das/calls/{call_id}/applications", call, screens, cursor)
        return _listed(request, actor, tx, place, asked)


def _call(tx: Tx, call_id: UUID) -> tuple[Call, bool]:
    """The call, and whether she screens its dossiers: in one statement, unless she may not read them."""
    may = func.coalesce(RULES["call.screen"].where(tx.actor), False)
    asked: Any = select(Call, may).where(Call.id == call_id).options(defer(Call.definition))
    found = tx.session.execute(tx.visible(asked, "dossiers.read")).one_or_none()
    if found is None:
        tx.get(Call, call_id, "dossiers.read", options=(defer(Call.definition),))
        raise LookupError(call_id)  # it appeared between the two statements
    return found[0], found[1]


def _listed(
    request: Request, actor: Actor, tx: Tx, place: Place, asked: wanted.Wanted, refusal: Any = None
) -> Response:
    lang = language_of(request, actor)
    page = search.listed(tx, asked.filters, (place.cursor or "")[:2000] or None, PAGE, asked.sort)
    counts = search.counts(tx, asked.filters)
    typed = {name: value for name, value in asked.typed.items() if name != "call" or not place.call}

    def address(**more: str | None) -> str:
        said = {name: value for name, value in (typed | more).items() if value}
        return f"{place.path}?{urlencode(said)}" if said else place.path

    calls = None if place.call else _calls(tx, actor, lang)
    return render(
        request,
        actor,
        "applications/das_list.html",
        "list",
        status=refusal.status if refusal else 200,
        call=place.call,
        calls=calls,
        swapped=wants_block(request),
        page=page,
        total=search.total(counts, asked.filters.state),
        counts=counts,
        states=[state for state in STATES if counts.get(state)],
        screens=place.screens,
        views=[(view, views.address(view)) for view in views.mine(tx)],
        next=address(cursor=page.next) if page.next else None,
        here=place.path,
        address=address,
        asked=typed,
        every=asked.typed,
        narrows=asked.narrows,
        faults=messages(lang, asked.faults),
        options=_options(place.call, actor, lang),
        refusal=refusal,
        done=done.told(lang, request.query_params.get("done", "")),
        name=named(lang),
    )


def _calls(tx: Tx, actor: Actor, lang: str) -> list[tuple[str, str]]:
    """All the calls of her provinces to choose from; of the whole country, the latest."""
    asked: Any = select(Call.id, Call.title).where(Call.state != CallState.DRAFT)
    national = None in actor.provinces(Role.OFFICER, *OVERSEERS)
    seen = tx.visible(asked, "dossiers.read").order_by(Call.closes_at.desc(), Call.id)
    rows = tx.session.execute(seen.limit(200 if national else None))
    return [(str(key), localized(lang, title)) for key, title in rows]


def _communes(call: Call | None, actor: Actor, lang: str) -> list[tuple[str, str]]:
    """Communes of the call's province, or of hers; none for those who look at the whole country."""
    places = {call.province_code} if call else actor.provinces(Role.OFFICER, *OVERSEERS)
    names = ((row.code, row.name_fr if lang == "fr" else row.name_ar) for row in communes()
             if row.code[:6] in places)  # fmt: skip
    return [] if None in places else sorted(names, key=lambda one: one[1])


def _options(call: Call | None, actor: Actor, lang: str) -> dict[str, list[tuple[str, Any]]]:
    """The choices of the filters whose words are data; those of codes are in the template."""
    rules = terms(call).rules if call else ()
    return {
        "sector": [(code, row[lang]) for code, row in sector_rows().items()],
        "commune": _communes(call, actor, lang),
        "chain": [(code, row[lang]) for code, row in chain_rows().items()],
        "rule": [(rule.code, localized(lang, dict(rule.title))) for rule in rules if rule.fails == "refuse"],
        "form": [(form.value, f"enum.legal_form.{form}") for form in LegalForm],
        "filing": [(filing.value, f"enum.filing.{filing}") for filing in Filing],
        "judged": [(one.value, f"dossiers.judged.{one}") for one in search.Judged],
        "due": [(one.value, f"dossiers.due.{one}") for one in search.Due],
        "sort": [
            (one.value, f"dossiers.sort.{one.name.lower()}")
            for one in search.Sort
            if one is not search.Sort.NUMBER
        ],
    }


@codes
def list_codes() -> Iterable[str]:
    """Words that the list's templates make of codes."""
    yield from (f"dossiers.judged.{one}" for one in search.Judged)
    yield from (f"dossiers.due.{one}" for one in search.Due)
    yield from (f"dossiers.sort.{one.name.lower()}" for one in search.Sort if one is not search.Sort.NUMBER)
    yield from (f"dossiers.left.{one}" for one in bulk.LEFT)
    yield from (f"column.{one}" for one in (*paper.COLUMNS, *verdicts.COLUMNS))
    yield from (f"field.{one}" for one in noting.FAULTS)


# -- saved views -------------------------------------------------------------------------------------
@router.post("/das/applications/views")
def keep_view(request: Request, actor: EntryActor, form: Form) -> Response:
    """Keep what narrows the list under a name; the list is shown again."""
    asked = wanted.read({key: value for key, value in form.items() if isinstance(value, str)})

    def again(tx: Tx, refusal: Problem) -> Response:
        said = told(refusal, request, actor)
        return _listed(request, actor, tx, Place(wanted.LIST), asked, said)

    name = str(form.get("name") or "")
    return attempt(actor, lambda tx: views.keep(tx, name, asked.typed), asked.address(), again)


@router.post("/das/applications/views/{view_id}/rename")
def rename_view(request: Request, actor: EntryActor, view_id: UUID, form: Form) -> Response:
    """Give one of her views another name."""
    name = str(form.get("name") or "")
    return attempt(
        actor,
        lambda tx: views.rename(tx, view_id, name),
        views.address,
        lambda tx, refusal: _plain(request, actor, tx, refusal),
    )


@router.post("/das/applications/views/{view_id}/remove")
def remove_view(request: Request, actor: EntryActor, view_id: UUID) -> Response:
    """Remove one of her views; no dossier is touched."""
    return attempt(
        actor,
        lambda tx: views.remove(tx, view_id),
        wanted.LIST,
        lambda tx, refusal: _plain(request, actor, tx, refusal),
    )


def _plain(request: Request, actor: Actor, tx: Tx, refusal: Problem) -> Response:
    said = told(refusal, request, actor)
    return _listed(request, actor, tx, Place(wanted.LIST), wanted.read({}), said)
