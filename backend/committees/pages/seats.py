"""The officer's page on one seat: what was mistyped, and the mandate that follows."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...core.errors import NOT_FOUND, Problem
from ...core.i18n import label
from ...core.tx import Tx, transaction
from ...people.models import Person, Sex
from ...web.deps import PageActor
from ...web.forms import Typed, attempt, read, refused
from ...web.render import language_of, render
from .. import commands
from ..models import College, Committee, Seat
from ..queries import Sitting
from ..schemas import SeatCorrectIn, SeatRenewIn
from .parts import nested

router = APIRouter(prefix="/committees/{committee_id}/seats/{seat_id}")


@router.get("")
def seat_page(request: Request, actor: PageActor, committee_id: UUID, seat_id: UUID) -> Response:
    """A seat with what only the officer reads of it."""
    with transaction(actor) as tx:
        return _page(request, tx, committee_id, seat_id)


@router.post("/correct")
def correct_seat_form(
    request: Request, actor: PageActor, committee_id: UUID, seat_id: UUID, typed: Typed
) -> Response:
    """Mend what was mistyped."""

    def act(tx: Tx) -> None:
        commands.correct_seat(tx, committee_id, seat_id, read(SeatCorrectIn, nested(typed)))

    return attempt(
        actor,
        act,
        f"/committees/{committee_id}?done=correct",
        lambda tx, refusal: _page(request, tx, committee_id, seat_id, ("correct", typed, refusal)),
    )


@router.post("/renew")
def renew_seat_form(
    request: Request, actor: PageActor, committee_id: UUID, seat_id: UUID, typed: Typed
) -> Response:
    """Another mandate for the same member."""

    def act(tx: Tx) -> None:
        asked = read(SeatRenewIn, nested(typed))
        commands.renew_seat(tx, committee_id, seat_id, asked.from_on, asked.until_on)

    return attempt(
        actor,
        act,
        f"/committees/{committee_id}?done=renew",
        lambda tx, refusal: _page(request, tx, committee_id, seat_id, ("renew", typed, refusal)),
    )


def _page(
    request: Request,
    tx: Tx,
    committee_id: UUID,
    seat_id: UUID,
    again: tuple[str, dict[str, str], Problem] | None = None,
) -> Response:
    """`again`: the form that was refused, what was typed, and why."""
    form, typed, refusal = again or ("", {}, None)
    answer = refused(refusal, request, tx.actor)
    committee = tx.get(Committee, committee_id, "committee.edit")
    tx.recorded = True  # read under the right to edit, nothing written
    seat = tx.session.get(Seat, seat_id)
    if seat is None or seat.committee_id != committee_id:
        raise NOT_FOUND(thing="seat")
    lang = language_of(request, tx.actor)
    return render(
        request,
        tx.actor,
        "committees/seat.html",
        **answer,
        committee=committee,
        one=Sitting(seat, tx.session.get_one(Person, seat.person_id).name),
        typed=_written(seat) | typed,
        form=form,
        colleges=[(one, label(lang, f"enum.college.{one}")) for one in College],
        sexes=[(one, label(lang, f"enum.sex.{one}")) for one in Sex],
    )


def _written(seat: Seat) -> dict[str, Any]:
    name = seat.name or {}
    return {
        "name.fr": name.get("fr", ""),
        "name.ar": name.get("ar", ""),
        "college": seat.college,
        "body.fr": seat.body.get("fr", ""),
        "body.ar": seat.body.get("ar", ""),
        "votes": "1" if seat.votes else "",
        "sex": seat.sex or "",
        "birth_year": seat.birth_year or "",
    }
