"""The chains that a province puts first: what is in force, what comes next, and the form that sets a list."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from backend.core.calendar import local
from backend.core.errors import FORBIDDEN, Problem
from backend.core.i18n import localized
from backend.core.tx import Tx, transaction
from backend.people.models import Role
from backend.people.policy import OVERSEERS
from backend.territory.models import Province
from backend.territory.queries import provinces
from backend.web import nav
from backend.web.deps import PageActor
from backend.web.forms import Typed, attempt, read, refused
from backend.web.render import language_of, render

from . import commands, queries
from .catalogue import sectors
from .models import ValueChain
from .schemas import PrioritiesIn

router = APIRouter()
nav.entry("/das/chains", "nav.chains", {Role.OFFICER, *OVERSEERS}, 85)
SLOTS = 8
"""Ranks that the form offers at the least."""


@router.get("/das/chains")
def chains_page(
    request: Request, actor: PageActor, province: Annotated[str, Query(max_length=8)] = ""
) -> Response:
    """The list of a province; the officer's own unless she holds several."""
    with transaction(actor) as tx:
        return _page(request, tx, province)


@router.post("/das/chains/{province}")
def set_chains(request: Request, actor: PageActor, province: str, typed: Typed) -> Response:
    """Set the list from a day on; the one before it ends that day."""

    def act(tx: Tx) -> None:
        asked = read(PrioritiesIn, {"from_on": typed.get("from_on", ""), "chains": _ranked(typed)})
        commands.set_priorities(tx, province, asked.chains, asked.from_on)

    return attempt(
        actor,
        act,
        f"/das/chains?province={province}&saved=1",
        lambda tx, refusal: _page(request, tx, province, typed, refusal),
    )


def _ranked(typed: dict[str, str]) -> list[str]:
    """The chains chosen, by rank; a rank left empty is passed over."""
    ranks = (key for key in typed if key[:5] == "rank." and key[5:].isdecimal() and len(key) < 9)
    chosen = {int(key[5:]): typed[key] for key in ranks}
    return [chosen[rank] for rank in sorted(chosen) if chosen[rank]]


def _page(
    request: Request,
    tx: Tx,
    asked: str,
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    answer["errors"] = [(_field(name), words) for name, words in answer["errors"]]
    lang = language_of(request, tx.actor)
    places = _places(tx)
    here = next((place for place in places if place.code == asked), places[0])
    today = local(tx.now).date()
    standing = queries.priorities(tx, here.code, today)
    coming = queries.coming(tx, here.code, today)
    chosen = _ranked(typed) if typed else [chain.code for chain in (coming[1] if coming else standing)]
    return render(
        request,
        tx.actor,
        "value_chains/priorities.html",
        **answer,
        here=here,
        places=sorted(((one.code, localized(lang, one.name)) for one in places), key=lambda one: one[1]),
        standing=standing,
        coming=coming,
        sectors=sectors(),
        chosen=chosen,
        slots=max(SLOTS, len(chosen) + 2),
        options=_options(queries.chains(tx), lang),
        from_on=(typed or {}).get("from_on") or max(today, coming[0] if coming else today).isoformat(),
        sets=tx.may(["province.prioritise"], here)["province.prioritise"],
        saved="saved" in request.query_params,
    )


def _field(name: str) -> str:
    """The form's first rank stands for the whole list."""
    return name if name == "from_on" else "rank.1"


def _places(tx: Tx) -> list[Province]:
    """The provinces whose list she may look at here: her own as an officer, all of them for overseers."""
    held = tx.actor.provinces(Role.OFFICER, *OVERSEERS)
    found = [one for one in provinces(tx) if None in held or one.code in held] if held else []
    if not found:
        raise FORBIDDEN(rule="province.prioritise")
    return found


def _options(chains: list[ValueChain], lang: str) -> list[tuple[str, str]]:
    """Every chain by name; its sector only tells apart those of one name (a phone's line is short)."""
    names = [localized(lang, chain.name) for chain in chains]
    named: list[tuple[Any, str]] = [
        (
            chain.code,
            name if names.count(name) == 1 else f"{name} ({localized(lang, sectors()[chain.sector])})",
        )
        for chain, name in zip(chains, names, strict=True)
    ]
    return [("", "–"), *sorted(named, key=lambda option: option[1])]
