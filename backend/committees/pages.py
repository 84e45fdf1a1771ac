"""The committees' pages: who sits and by which rules; their officers compose them here.

Sessions have their own pages, with the decisions.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from backend.core.actor import Actor
from backend.core.calendar import local
from backend.core.errors import FORBIDDEN, Problem
from backend.core.i18n import label, localized
from backend.core.tx import Tx, transaction
from backend.people import queries as people
from backend.people.models import Role
from backend.people.policy import OVERSEERS
from backend.territory.models import Province
from backend.web import nav
from backend.web.deps import AnyActor, Cursor, PageActor
from backend.web.forms import Typed, attempt, hour_typed, read, refused, uuid_typed
from backend.web.render import language_of, render

from . import commands, queries
from .models import College, Committee, CommitteeKind
from .procedure import count_quorum
from .schemas import CommitteeIn, ProcedureIn, SeatEndIn, SeatIn

router = APIRouter()
nav.entry("/committees", "nav.committees", {Role.EVALUATOR, Role.CHAIR, Role.OFFICER, *OVERSEERS}, 75)


@router.get("/committees")
def committees_page(request: Request, actor: AnyActor, cursor: Cursor = None) -> Response:
    """Every committee, by province."""
    with transaction(actor) as tx:
        page = queries.committees(tx, cursor=cursor)
        seats = queries.seat_counts(tx, [one.id for one in page.items], local(tx.now).date())
        names = _names(tx, {one.province_code for one in page.items})
        rows = [(one, names[one.province_code], seats[one.id]) for one in page.items]
        return render(
            request,
            actor,
            "committees/list.html",
            rows=rows,
            next=page.next,
            partial=bool(page.next or cursor),
            composes=bool(_composed(actor)),
        )


@router.get("/committees/new")
def new_committee_page(request: Request, actor: PageActor) -> Response:
    """The form that records a committee and its order."""
    with transaction(actor) as tx:
        return _new(request, tx)


@router.post("/committees/new")
def create_committee_form(request: Request, actor: PageActor, typed: Typed) -> Response:
    """Record a committee; its rules of procedure are then those of the usual half."""

    def act(tx: Tx) -> Committee:
        asked = read(CommitteeIn, _nested(typed))
        order = (asked.order_number, asked.ordered_on)
        return commands.create_committee(tx, asked.province_code, asked.kind, asked.name.model_dump(), order)

    return attempt(
        actor,
        act,
        lambda made: f"/committees/{made.id}",
        lambda tx, refusal: _new(request, tx, typed, refusal),
    )


@router.get("/committees/{committee_id}")
def committee_page(request: Request, actor: AnyActor, committee_id: UUID) -> Response:
    """One committee: its order, its seats by college, its rules in words, the sessions she may see."""
    with transaction(actor) as tx:
        return _committee(request, tx, committee_id)


@router.post("/committees/{committee_id}/seats")
def add_seat_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """Give a seat to a person, or to a member entered by name."""

    def act(tx: Tx) -> None:
        asked = read(SeatIn, _nested(typed))
        commands.add_seat(tx, committee_id, commands.holder_of(asked), commands.terms_of(asked))

    return _act(request, actor, committee_id, "seat", typed, act)


@router.post("/committees/{committee_id}/mandates")
def end_seat_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """End a mandate."""

    def act(tx: Tx) -> None:
        until_on = read(SeatEndIn, {"until_on": typed.get("ends_on", "")}).until_on
        commands.end_seat(tx, committee_id, uuid_typed(typed.get("seat", ""), "seat"), until_on)

    return _act(request, actor, committee_id, "end", typed, act)


@router.post("/committees/{committee_id}/procedures")
def set_procedure_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """A new version of the rules of procedure."""

    def act(tx: Tx) -> None:
        asked = read(ProcedureIn, _nested(typed))
        commands.set_procedure(tx, committee_id, asked.effective_on, commands.procedure_terms(asked))

    return _act(request, actor, committee_id, "procedure", typed, act)


@router.post("/committees/{committee_id}/sessions")
def plan_session_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """Convene the committee."""

    def act(tx: Tx) -> None:
        commands.plan_session(
            tx,
            committee_id,
            hour_typed(typed.get("scheduled_at", ""), "scheduled_at"),
            typed.get("place", "").strip()[:200],
        )

    return _act(request, actor, committee_id, "session", typed, act)


def _act(
    request: Request,
    actor: Actor,
    committee_id: UUID,
    form: str,
    typed: dict[str, str],
    act: Callable[[Tx], None],
) -> Response:
    """Do it, then the committee's page; refused, the same page with the form open and what was typed."""
    return attempt(
        actor,
        act,
        f"/committees/{committee_id}?done={form}",
        lambda tx, refusal: _committee(request, tx, committee_id, form, typed, refusal),
    )


def _committee(
    request: Request,
    tx: Tx,
    committee_id: UUID,
    form: str = "",
    typed: dict[str, str] | None = None,
    refusal: Problem | None = None,
) -> Response:
    answer = refused(refusal, request, tx.actor)
    actor, lang = tx.actor, language_of(request, tx.actor)
    committee = tx.get(Committee, committee_id, "committee.read")
    today = local(tx.now).date()
    sittings = queries.seats_on(tx, [committee.id], today)
    procedure = queries.procedure_on(tx, committee.id, today)
    voting = sum(1 for one in sittings if one.seat.votes)
    may = {"committee.edit": False, "committee.convene": False}
    if actor.is_authenticated:
        may = tx.may(["committee.edit", "committee.convene"], committee)
    done = request.query_params.get("done", "")
    return render(
        request,
        actor,
        "committees/committee.html",
        **answer,
        committee=committee,
        province=_names(tx, {committee.province_code})[committee.province_code],
        colleges=queries.by_college(sittings),
        total=len(sittings),
        procedure=procedure,
        quorum=count_quorum(voting, 0, procedure.quorum_of, procedure.quorum_over) if procedure else None,
        fraction=_fraction,
        sessions=queries.sessions(tx, committee.id, limit=20).items if actor.is_authenticated else [],
        edits=may["committee.edit"],
        convenes=may["committee.convene"],
        college_options=[(one, label(lang, f"enum.college.{one}")) for one in College],
        person_options=_staff(tx, committee.province_code) if may["committee.edit"] else [],
        seat_options=[(one.seat.id, localized(lang, one.named)) for one in sittings],
        today=today,
        form=form,
        typed=typed or {},
        done=done if done in FORMS else "",
    )


def _new(
    request: Request, tx: Tx, typed: dict[str, str] | None = None, refusal: Problem | None = None
) -> Response:
    answer = refused(refusal, request, tx.actor)
    held = _composed(tx.actor)
    if not held:
        raise FORBIDDEN(rule="committee.create")
    lang = language_of(request, tx.actor)
    named = tx.session.execute(select(Province.code, Province.name)).all()
    places = [(code, localized(lang, name)) for code, name in named if None in held or code in held]
    return render(
        request,
        tx.actor,
        "committees/new.html",
        **answer,
        places=sorted(places, key=lambda place: place[1]),
        kinds=[(one, label(lang, f"enum.committee_kind.{one}")) for one in CommitteeKind],
        typed=typed or {},
    )


FORMS = ("seat", "end", "procedure", "session")


def _composed(actor: Actor) -> Any:
    """The provinces in which she records committees; None among them stands for all."""
    return actor.provinces(Role.OFFICER, Role.ADMINISTRATOR)


def _staff(tx: Tx, province: str) -> list[tuple[UUID, str]]:
    """Who may be given a seat: people with a role in the province, and who sits there already, by name."""
    known = {one.id: one.name for one in people.people(tx, province=province, limit=200).items}
    known |= queries.members_of(tx, province)
    return sorted(known.items(), key=lambda one: (one[1], one[0]))


def _nested(typed: dict[str, str]) -> dict[str, Any]:
    """`name.fr` as `{"name": {"fr": …}}`; what was left empty is not said, a box says yes or nothing."""
    found: dict[str, Any] = {}
    for key, value in typed.items():
        if not value.strip():
            continue
        head, _, tail = key.partition(".")
        if tail:
            found.setdefault(head, {})[tail] = value
        else:
            found[head] = value
    for box in ("chairs", "votes", "casting_vote"):
        if f"{box}_asked" in found:
            del found[f"{box}_asked"]
            found[box] = found.get(box) == "1"
    return found


def _names(tx: Tx, codes: set[str]) -> dict[str, dict[str, str]]:
    found = tx.session.execute(select(Province.code, Province.name).where(Province.code.in_(codes)))
    return {code: name for code, name in found}  # noqa: C416 (a Row is not a pair to the type checker)


def _fraction(of: int, over: int) -> str:
    """`1/2`, as the rules of procedure write it."""
    return f"{of}/{over}"
