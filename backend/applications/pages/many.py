"""One act on many dossiers: shown in full before anything is done."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, QueryParams
from starlette.responses import Response

from ...core.actor import Actor
from ...core.errors import Problem
from ...core.tx import Tx, transaction
from ...web.deps import EntryActor
from ...web.forms import attempt, see_other, uuid_of
from ...web.language import language_of
from ...web.render import render
from .. import bulk, queries, still_open, wanted
from . import done
from .parts import Form, messages, told

router = APIRouter()
BULK = f"{wanted.LIST}/bulk"
EXPORTS = "/das/exports"
SAID = {"admit": "admit", "refuse": "refuse", "return": "sent_back"}


@dataclass(frozen=True)
class Act:
    """What an officer is about to do: to the ticked dossiers, or to all that the list shows."""

    verb: str
    all: bool
    picked: tuple[UUID, ...]
    asked: wanted.Wanted
    reason: str = ""
    items: tuple[str, ...] = ()

    def chosen(self) -> bulk.Chosen:
        """Refused when a filter cannot be read: nothing is done to more dossiers than was meant."""
        return bulk.Chosen(filters=self.asked.sound) if self.all else bulk.Chosen(self.picked)


def _act(values: FormData | QueryParams) -> Act:
    verb, said = str(values.get("verb") or ""), {k: v for k, v in values.items() if isinstance(v, str)}
    ticked = values.getlist("page" if values.get("who") == "page" else "pick")
    keys = (uuid_of(key) for key in ticked if isinstance(key, str))
    return Act(
        verb if verb in bulk.VERBS else "admit",
        values.get("who") == "all",
        tuple(key for key in keys if key)[: bulk.MOST],
        wanted.read(said),
        str(values.get("reason") or ""),
        tuple(str(item)[:100] for item in values.getlist("items"))[:100],
    )


@router.get(BULK)
def ask_bulk(request: Request, actor: EntryActor) -> Response:
    """What an act on the ticked dossiers, or on all that the list shows, would do: to be confirmed."""
    values = request.query_params
    act = _act(values)
    if values.get("verb") == "export":
        picks = [("pick", str(key)) for key in act.picked]
        return see_other(f"{EXPORTS}?{urlencode([*act.asked.typed.items()] if act.all else picks)}")
    try:
        with transaction(actor) as tx:
            return _preview(request, actor, tx, act)
    except Problem as refusal:
        return _refused(request, actor, act, told(refusal, request, actor))


@router.post(BULK)
def do_bulk(request: Request, actor: EntryActor, form: Form) -> Response:
    """Do it, if it still is what she was shown."""
    act = _act(form)

    def act_on(tx: Tx) -> bulk.Preview:
        reason, seen = bulk.reason_of(act.reason), str(form.get("seen") or "")
        return bulk.act(tx, act.verb, act.chosen(), seen, reason, act.items)

    def again(tx: Tx, refusal: Problem) -> Response:
        said = told(refusal, request, actor)
        try:
            return _preview(request, actor, tx, act, said)
        except Problem:  # what cannot be previewed is told alone
            return _refused(request, actor, act, said)

    def after(made: bulk.Preview) -> str:
        counts = {SAID[made.verb]: len(made.doing)}
        return act.asked.address(done=done.said(**counts))

    return attempt(actor, act_on, after, again)


def _preview(request: Request, actor: Actor, tx: Tx, act: Act, refusal: Any = None) -> Response:
    try:
        reason = bulk.reason_of(act.reason)
    except Problem:
        reason = None
    found = bulk.preview(tx, act.verb, act.chosen(), reason, act.items)
    closing = still_open.latest_closing(tx, found.doing) if act.verb != "return" else None
    groups = bulk.concerned(tx, found)
    told = queries.titles_of_refusals(tx, [row.id for one in groups for row in one.rows]) if groups else {}
    return _page(request, actor, act, found, refusal, groups=groups, closing=closing, refusals=told)


def _refused(request: Request, actor: Actor, act: Act, refusal: Any) -> Response:
    return _page(request, actor, act, bulk.Preview(act.verb), refusal)


def _page(
    request: Request,
    actor: Actor,
    act: Act,
    found: bulk.Preview,
    refusal: Any,
    **known: Any,
) -> Response:
    fields = [("verb", act.verb), ("who", "all" if act.all else "picked"), ("seen", found.print_)]
    fields += [*act.asked.typed.items()]
    fields += [] if act.all else [("pick", str(key)) for key in act.picked]
    fields += [("items", item) for item in act.items]
    return render(
        request,
        actor,
        "applications/das_bulk.html",
        status=refusal.status if refusal else 200,
        act=act,
        found=found,
        fields=fields,
        groups=known.get("groups", ()),
        refusals=known.get("refusals", {}),
        closing=known.get("closing"),
        offered=bulk.offered(found),
        papers=list({paper.code: paper for one in found.owed.values() for paper in one.documents}.values()),
        refusal=refusal,
        faults=messages(language_of(request, actor), act.asked.faults) if act.all else [],
        back=act.asked.address(),
    )
