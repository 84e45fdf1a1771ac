"""Home and the public page of a call."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.calendar import local
from backend.core.errors import Problem
from backend.core.i18n import localized
from backend.core.tx import Tx, transaction
from backend.people.models import Role
from backend.territory.models import Province
from backend.value_chains.queries import priorities
from backend.web import nav
from backend.web.deps import AnyActor
from backend.web.forms import refused
from backend.web.render import language_of, render

from .. import queries
from ..callfile import CallFile
from ..callfile.models import Document
from ..callfile.selecting import constraint_in_words, selection_of, sentences
from ..lifecycle import phase
from ..models import Call
from ..queries import Shown
from ..standing import drawn, with_results
from ..terms import MONEY_RULES, assumed_parts, ceiling, names

router = APIRouter()
nav.entry("/", "nav.calls", None, 5)
CARDS = 12
"""Open calls shown as cards; the following ones are lines."""


@router.get("/")
def home(
    request: Request, actor: AnyActor, province: Annotated[str | None, Query(max_length=8)] = None
) -> Response:
    """Open calls (those of the chosen province first), how it works, the calls that are over."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        places = queries.provinces(tx)
        here = next((place for place in places if place.code == province), None)
        found = queries.open_calls(tx)
        closed = queries.closed_calls(tx, here.code if here else None)
        near, neighbours, others = _by_distance(found, here)
        return render(
            request,
            actor,
            "calls/home.html",
            here=here,
            provinces=_options(places, lang),
            cards=[(one, *_money(queries.definition(one.call))) for one in near[:CARDS]],
            lines=near[CARDS:],
            neighbours=neighbours,
            others=others,
            upcoming=queries.upcoming_calls(tx),
            closed=closed,
            results=with_results(tx, [one.call for one in closed]),
        )


@router.get("/calls/{code}")
def call_page(request: Request, actor: AnyActor, code: str) -> Response:
    """Everything that a call says, in plain words."""
    with transaction(actor) as tx:
        return call_shown(request, actor, tx, code)


def call_shown(
    request: Request, actor: Actor, tx: Tx, code: str, typed: str = "", refusal: Problem | None = None
) -> Response:
    """The page of a call; with the question that was typed and why it was refused."""
    lang = language_of(request, actor)
    call = queries.by_code(tx, code)
    file = queries.definition(call)
    rules = queries.rules_in_words(file)
    where = phase(call, tx.now)
    listed = queries.questions(tx, call)
    return render(
        request,
        actor,
        "calls/call.html",
        call=call,
        file=file,
        phase=where,
        open=queries.is_open(call, tx.now),
        published=call.id in with_results(tx, [call]),
        draw=drawn(tx, call),
        runs=Role.OFFICER in actor.roles,
        who=[rule for rule in rules if rule.code not in MONEY_RULES],
        money=[rule for rule in rules if rule.code in MONEY_RULES],
        cap=ceiling(file),
        forms=names("legal_form", file.legal_forms, lang),
        sectors=[] if file.sectors == "any" else names("sector", file.sectors, lang),
        chains=chain_names(tx, call, file, lang),
        asked=[(document, _asked_of(file, document, lang)) for document in file.documents],
        criteria={criterion.code: criterion for criterion in file.grid.criteria},
        assumed=assumed_parts(file),
        selection=sentences(file, lang),
        constraints=[
            (one, constraint_in_words(one, lang, file.namer)) for one in selection_of(file).constraints
        ],
        amended=queries.latest_amendment(tx, call),
        answered=queries.answered(listed),
        own=[one for one in listed if one.asked_by == actor.id and one not in queries.answered(listed)],
        asks=Role.HOLDER in actor.roles,
        typed=typed,
        **refused(refusal, request, actor),
    )


def _asked_of(file: CallFile, document: Document, lang: str) -> list[str]:
    """The forms of this call that are asked for the paper; empty when all of them are."""
    asked = [form for form in file.legal_forms if document.asked_of(form)]
    return names("legal_form", asked, lang) if len(asked) < len(file.legal_forms) else []


def _money(file: CallFile) -> tuple[Any, Any]:
    return ceiling(file), file.caps.indh_share


def _by_distance(
    found: Sequence[Shown], here: Province | None
) -> tuple[list[Shown], list[Shown], list[Shown]]:
    """Calls of the province, of its region, of elsewhere; all of them near when no province is chosen."""
    if here is None:
        return list(found), [], []
    near = [one for one in found if one.province.code == here.code]
    region = [one for one in found if one.province.region_code == here.region_code and one not in near]
    return near, region, [one for one in found if one not in near and one not in region]


def _options(places: Sequence[Province], lang: str) -> list[tuple[str, str]]:
    return sorted(
        ((place.code, localized(lang, place.name)) for place in places), key=lambda option: option[1]
    )


def chain_names(tx: Tx, call: Call, file: CallFile, lang: str) -> list[str]:
    """Names of the chains that the call admits; empty when it admits any."""
    if file.chains == "priority":
        listed = priorities(tx, call.province_code, local(call.closes_at).date())
        return [localized(lang, chain.name) for chain in listed]
    return [] if file.chains == "any" else names("chain", file.chains, lang)
