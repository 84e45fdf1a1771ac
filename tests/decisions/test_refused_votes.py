"""Votes that are refused, through the API and on the page: the same code, the same words."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from backend.committees import sessions
from backend.committees.models import ItemKind, Presence, Seat
from backend.committees.sessions.agenda import Point
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.decisions import commands
from tests.committees import given as sittings
from tests.decisions import given
from tests.reviews import given as reviews

API = "/api/v1/decisions/vote"
WORDS = {"fr": "Suivi", "ar": "تتبع"}


def few(world: Any) -> None:
    """Two members stay: the quorum is gone."""
    here = {world.seats[name]: Presence.PRESENT for name in ("chair", "second")}
    with transaction(world.officer) as tx:
        sessions.take_attendance(tx, world.session, here, None)


def expired(world: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        hers = update(Seat).where(Seat.id == world.seats["second"])
        tx.session.execute(hers.values(until_on=date(2023, 1, 1)))


def voted(world: Any, motion: UUID) -> None:
    given.voted(world, motion, (), ("second",))


def closed(world: Any, motion: UUID) -> None:
    given.voted(world, motion, ("chair", "evaluator"))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, motion)


@pytest.mark.parametrize(
    ("before", "code"),
    [
        (lambda world, _: few(world), "no_quorum"),
        (voted, "already_voted"),
        (closed, "motion_closed"),
        (lambda world, _: expired(world), "mandate_over"),
    ],
)
def test_a_vote_that_is_refused(world: Any, client: Any, before: Any, code: str) -> None:
    (motion,) = given.put(world)
    before(world, motion)
    seat = str(world.seats["second"])
    member = client("second")
    answer = member.post(API, json={"motion_id": str(motion), "seat_id": seat, "choice": "for"})
    assert (answer.status_code, answer.json()["code"]) == (409, code), answer.text
    form = {"motion": str(motion), f"seat.{seat}": "for"}
    page = member.post(f"/sessions/{world.session}/vote", data=form)
    assert page.status_code == 409
    assert answer.json()["title"] in page.text


def test_a_recused_members_vote_is_refused(world: Any, client: Any) -> None:
    reviews.tied(world, "third", world.tifaout)
    given.put(world)
    hers = next(one for one in given.decisions() if one.recused_seats)
    seat = str(world.seats["third"])
    answer = client("third").post(
        API, json={"motion_id": str(hers.motion_id), "seat_id": seat, "choice": "for"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "seat_recused")
    form = {"motion": str(hers.motion_id), f"seat.{seat}": "for"}
    assert client("third").post(f"/sessions/{world.session}/vote", data=form).status_code == 409
    plain = client("third").post(
        f"/api/v1/motions/{hers.motion_id}/ballots", json={"seat_id": seat, "choice": "for"}
    )
    assert plain.json()["code"] == "seat_recused"
    assert client("third").get(f"/api/v1/motions/{hers.motion_id}").status_code == 404


def test_closing_names_what_is_undecided(world: Any, client: Any) -> None:
    made = given.proposed(world).decisions
    officer = client("officer")
    answer = officer.post(f"/api/v1/committee-sessions/{world.session}/close")
    assert (answer.status_code, answer.json()["code"]) == (409, "files_undecided")
    assert "AGA-2023" in answer.json()["detail"]
    page = officer.post(f"/sessions/{world.session}/close")
    assert page.status_code == 409
    assert "Restent à décider" in page.text
    form = {f"file.{one.id}": "1" for one in made} | {"reason": "Visites à refaire"}
    assert "Renvoi à une autre séance" in officer.post(f"/sessions/{world.session}/postpone", data=form).text
    empty = officer.post(f"/sessions/{world.session}/postpone", data={"reason": "x"})
    assert empty.status_code == 422


def test_the_page_from_the_agenda_to_the_convocation(world: Any, client: Any) -> None:
    officer = client("officer")
    here = f"/sessions/{sittings.session(world, sittings.later(20)).id}"
    assert officer.post(f"{here}/convene").status_code == 409
    point = {"kind": "information", "title.fr": "Suivi", "title.ar": "تتبع"}
    assert "1. Suivi" in officer.post(f"{here}/point", data=point).text
    assert officer.post(f"{here}/point", data=point | {"title.ar": ""}).status_code == 422
    assert officer.post(f"{here}/point", data=point | {"kind": "dance"}).status_code == 422
    sent = officer.post(f"{here}/convene").text
    assert "Envoyée le" in sent
    assert officer.get(f"{here}/convocation.pdf").content.startswith(b"%PDF")
    assert officer.get(f"{here}/session.ics").text.startswith("BEGIN:VCALENDAR")
    assert officer.post(f"{here}/move", data={"moved_to": "2020-01-01T10:00"}).status_code == 409
    assert officer.post(f"{here}/cancel", data={"reason": ""}).status_code == 422
    assert "La séance est annulée" in officer.post(f"{here}/cancel", data={"reason": "Grève"}).text


def test_each_ones_page_shows_the_point_before_the_members(world: Any, client: Any) -> None:
    reviews.tied(world, "third", world.tifaout)
    given.proposed(world)
    hers = next(one for one in given.decisions() if one.recused_seats)
    with transaction(world.officer) as tx:
        title = {"fr": "Tifaout présente", "ar": "تيفاوت"}
        point = Point(ItemKind.PRESENTATION, title, hers.application_id)
        item = sessions.add_item(tx, world.session, point)
        sessions.take_item(tx, world.session, item.id)
    live = f"/sessions/{world.session}/live"
    assert "Tifaout présente" in client("second").get(live).text
    assert ": 4 sur 3." in client("officer").get(live).text.replace("\u00a0", " ")
    hidden = client("third").get(live).text
    assert "masqué pour vous" in hidden
    assert "Tifaout" not in hidden
    part = client("third").get(live, headers={"hx-request-type": "partial"}).text
    assert part.lstrip().startswith('<div id="now"')
    assert "Tifaout" not in part
    listed = client("third").get(f"/api/v1/committee-sessions/{world.session}/agenda").json()
    assert listed["items"][0]["hidden"] is True
    assert "Tifaout" not in str(listed)
    assert "Tifaout" not in client("third").get(f"/sessions/{world.session}").text
    assert client("holder").get(live, headers={"accept": "text/html"}).status_code == 404


@pytest.mark.parametrize("points", [1, 4])
def test_the_live_page_costs_the_same(world: Any, client: Any, statements: Any, points: int) -> None:
    session = sittings.open_session(world)
    with transaction(world.officer) as tx:
        for _ in range(points):
            item = sessions.add_item(tx, session.id, Point(ItemKind.INFORMATION, WORDS))
        sessions.take_item(tx, session.id, item.id)
    member = client("second")
    with statements() as seen:
        assert member.get(f"/sessions/{session.id}/live").status_code == 200
    assert len(seen) <= 13, len(seen)
