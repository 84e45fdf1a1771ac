"""The committees' pages: who sits and by which rules, today or on another day; who sat, and when.

Sessions have their own pages, with the decisions.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from ...core.actor import Actor
from ...core.calendar import local
from ...core.errors import FORBIDDEN, Problem
from ...core.i18n import label, localized
from ...core.tx import Tx, transaction
from ...people.models import Role, Sex
from ...people.policy import OVERSEERS
from ...territory.models import Province
from ...web import nav
from ...web.deps import AnyActor, Cursor, PageActor
from ...web.forms import Typed, attempt, hour_typed, read, refused, uuid_typed
from ...web.render import language_of, render
from .. import commands, queries, seated, seating_words
from ..composition import Verdict, report
from ..models import College, Committee, CommitteeKind
from ..procedure import count_quorum
from ..schemas import CommitteeIn, SeatEndIn, SeatIn
from .parts import asked_day, composed, fraction, names, nested, staff

router = APIRouter()
nav.entry("/committees", "nav.committees", {Role.EVALUATOR, Role.CHAIR, Role.OFFICER, *OVERSEERS}, 75)
FORMS = ("seat", "end", "procedure", "session", "order", "renew", "correct", "rules", "import")
OK = {Verdict.PASS: True, Verdict.FAIL: False, Verdict.UNKNOWN: None}


@router.get("/committees")
def committees_page(request: Request, actor: AnyActor, cursor: Cursor = None) -> Response:
    """Every committee, by province."""
    with transaction(actor) as tx:
        page = queries.committees(tx, cursor=cursor)
        seats = queries.seat_counts(tx, [one.id for one in page.items], local(tx.now).date())
        named = names(tx, {one.province_code for one in page.items})
        rows = [(one, named[one.province_code], seats[one.id]) for one in page.items]
        return render(
            request,
            actor,
            "committees/list.html",
            rows=rows,
            next=page.next,
            partial=bool(page.next or cursor),
            composes=bool(composed(actor)),
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
        asked = read(CommitteeIn, nested(typed))
        order = (asked.order_number, asked.ordered_on)
        return commands.create_committee(tx, asked.province_code, asked.kind, asked.name.model_dump(), order)

    return attempt(
        actor,
        act,
        lambda made: f"/committees/{made.id}/order",
        lambda tx, refusal: _new(request, tx, typed, refusal),
    )


@router.get("/committees/{committee_id}")
def committee_page(request: Request, actor: AnyActor, committee_id: UUID) -> Response:
    """One committee: its order, its seats by college, its rules in words, the sessions she may see."""
    with transaction(actor) as tx:
        return _committee(request, tx, committee_id)


@router.get("/committees/{committee_id}/history")
def history_page(request: Request, actor: AnyActor, committee_id: UUID) -> Response:
    """Who sat and when: every mandate, the latest first."""
    with transaction(actor) as tx:
        committee = tx.get(Committee, committee_id, "committee.read")
        every = queries.every_seat(tx, committee_id)
        return render(
            request,
            actor,
            "committees/history.html",
            committee=committee,
            seats=every,
            titular={one.seat.id: one for one in every},
            today=local(tx.now).date(),
        )


@router.post("/committees/{committee_id}/seats")
def add_seat_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """Give a seat to a person, or to a member entered by name."""

    def act(tx: Tx) -> None:
        asked = read(SeatIn, nested(typed))
        commands.add_seat(tx, committee_id, commands.holder_of(asked), commands.terms_of(asked))

    return _act(request, actor, committee_id, "seat", typed, act)


@router.post("/committees/{committee_id}/mandates")
def end_seat_form(request: Request, actor: PageActor, committee_id: UUID, typed: Typed) -> Response:
    """End a mandate."""

    def act(tx: Tx) -> None:
        until_on = read(SeatEndIn, {"until_on": typed.get("ends_on", "")}).until_on
        commands.end_seat(tx, committee_id, uuid_typed(typed.get("seat", ""), "seat"), until_on)

    return _act(request, actor, committee_id, "end", typed, act)


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
    today, day = local(tx.now).date(), asked_day(request, tx)
    sittings = queries.seats_on(tx, [committee.id], day)
    table = [one for one in sittings if one.seat.alternate_of_id is None]
    procedure = queries.procedure_on(tx, committee.id, day)
    version = seated.composition_on(tx, committee.id, day)
    voting = sum(1 for one in table if one.seat.votes)
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
        province=names(tx, {committee.province_code})[committee.province_code],
        colleges=queries.by_college(sittings),
        alternates=queries.alternates(sittings),
        total=len(table),
        procedure=procedure,
        composition=version,
        findings=_findings(lang, version, [one.seat for one in sittings], day.year),
        quorum=count_quorum(voting, 0, procedure.quorum_of, procedure.quorum_over) if procedure else None,
        fraction=fraction,
        sessions=queries.sessions(tx, committee.id, limit=20).items if actor.is_authenticated else [],
        edits=may["committee.edit"],
        convenes=may["committee.convene"],
        day=day,
        today=today,
        form=form,
        typed=typed or {},
        done=done if done in FORMS else "",
        **_choices(tx, committee, table, sittings, lang) if may["committee.edit"] else {},
    )


def _choices(tx: Tx, committee: Committee, table: Any, sittings: Any, lang: str) -> dict[str, Any]:
    """What the officer's forms offer."""
    return {
        "college_options": [(one, label(lang, f"enum.college.{one}")) for one in College],
        "sex_options": [(one, label(lang, f"enum.sex.{one}")) for one in Sex],
        "person_options": staff(tx, committee.province_code),
        "seat_options": [(one.seat.id, localized(lang, one.named)) for one in sittings],
        "titular_options": [(one.seat.id, localized(lang, one.named)) for one in table],
    }


def _findings(lang: str, version: Any, seats: Any, year: int) -> list[dict[str, Any]]:
    """Each rule with its verdict, in words."""
    if version is None:
        return []
    found = report(seated.rules_of(version), seated.table(seats), year)
    return [
        {
            "ok": OK[line.verdict],
            "title": seating_words.rule(lang, line),
            "text": " ".join(
                [f"{seating_words.figures(lang, line)}.", seating_words.mend(lang, line)]
            ).strip(),
        }
        for line in found.lines
    ]


def _new(
    request: Request, tx: Tx, typed: dict[str, str] | None = None, refusal: Problem | None = None
) -> Response:
    answer = refused(refusal, request, tx.actor)
    held = composed(tx.actor)
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
