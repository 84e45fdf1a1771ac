"""Composing a committee from its pages: order, seats, mandates, rules, sessions; nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest

from backend.committees import queries
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.committees import given
from tests.world import HERE, THERE

HTML = {"accept": "text/html"}
TODAY = given.WHEN.date()
COMMITTEE = {
    "province_code": HERE,
    "kind": "cldh",
    "name.fr": "Comité local",
    "name.ar": "اللجنة المحلية",
    "order_number": "7/2026",
    "ordered_on": "2026-01-05",
}


def post(browser: Any, path: str, **data: str) -> Any:
    return browser.post(path, data=data, headers=HTML, follow_redirects=False)


def seats(world: Any) -> dict[str, Any]:
    with transaction(SYSTEM) as tx:
        return {one.person: one.seat for one in queries.seats_on(tx, [world.committee], TODAY)}


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_an_officer_finds_the_forms(world: Any, client: Any, lang: str) -> None:
    browser = client("officer")
    assert "/committees/new" in browser.get("/committees", params={"lang": lang}).text
    text = browser.get(f"/committees/{world.committee}", params={"lang": lang}).text
    for form in ("seats", "mandates", "sessions"):
        assert f'action="/committees/{world.committee}/{form}"' in text


def test_others_do_not(world: Any, client: Any) -> None:
    for name in ("evaluator", "stranger", "holder", None):
        text = client(name).get(f"/committees/{world.committee}").text
        assert f"/committees/{world.committee}/seats" not in text
    assert "/committees/new" not in client("holder").get("/committees").text
    assert client("holder").get("/committees/new", headers=HTML).status_code == 403


def test_a_committee_is_recorded(world: Any, client: Any) -> None:
    browser = client("officer")
    assert HERE in browser.get("/committees/new").text
    answer = post(browser, "/committees/new", **COMMITTEE)
    assert answer.status_code == 303
    assert "Comité local" in browser.get(answer.headers["location"]).text


def test_a_refused_committee_keeps_what_was_typed(world: Any, client: Any) -> None:
    answer = post(client("officer"), "/committees/new", **(COMMITTEE | {"name.ar": ""}))
    assert answer.status_code == 422
    assert "Comité local" in answer.text
    assert 'href="#name.ar"' in answer.text


def test_a_committee_of_elsewhere_is_refused(world: Any, client: Any) -> None:
    answer = post(client("officer"), "/committees/new", **(COMMITTEE | {"province_code": THERE}))
    assert answer.status_code == 403


def test_a_seat_is_given_then_ended(world: Any, client: Any) -> None:
    browser = client("officer")
    base = f"/committees/{world.committee}"
    form = {
        "person_id": str(world.coach.id),
        "college": "civil_society",
        "body.fr": "Réseau associatif",
        "body.ar": "شبكة الجمعيات",
        "from_on": TODAY.isoformat(),
        "votes_asked": "1",
        "chairs_asked": "1",
    }
    answer = post(browser, f"{base}/seats", **form)
    assert answer.headers["location"] == f"{base}?done=seat"
    assert "Le siège est attribué" in browser.get(answer.headers["location"]).text
    given_seat = next(seat for seat in seats(world).values() if seat.person_id == world.coach.id)
    assert (given_seat.votes, given_seat.chairs) == (False, False)
    again = post(browser, f"{base}/seats", **form)
    assert again.status_code == 409
    assert "Réseau associatif" in again.text
    ended = post(browser, f"{base}/mandates", seat=str(given_seat.id), ends_on=TODAY.isoformat())
    assert ended.status_code == 303
    assert post(browser, f"{base}/mandates", seat="", ends_on=TODAY.isoformat()).status_code == 422
    assert post(browser, f"{base}/mandates", seat="x", ends_on="").status_code == 422


def test_rules_are_set_and_impossible_ones_refused(world: Any, client: Any) -> None:
    browser, path = client("officer"), f"/committees/{world.committee}/procedures"
    form = {
        "effective_on": (TODAY + timedelta(days=1)).isoformat(),
        "quorum.of": "2",
        "quorum.over": "3",
        "majority.of": "1",
        "majority.over": "2",
        "casting_vote_asked": "1",
        "casting_vote": "1",
    }
    assert post(browser, path, **form).status_code == 303
    assert post(browser, path, **(form | {"quorum.of": "4"})).status_code == 422
    early = post(browser, path, **(form | {"effective_on": "2020-01-01"}))
    assert early.status_code == 409
    assert "2020-01-01" in early.text


def test_a_session_is_convened(world: Any, client: Any) -> None:
    browser, path = client("chair"), f"/committees/{world.committee}/sessions"
    hour = (given.WHEN + timedelta(days=9)).strftime("%Y-%m-%dT10:00")
    assert post(browser, path, scheduled_at=hour, place="Siège").status_code == 303
    for wrong in ("", "demain"):
        assert post(browser, path, scheduled_at=wrong, place="Siège").status_code == 422


@pytest.mark.parametrize(("lang", "shown"), [("fr", "Fadma Oubella"), ("ar", "فاضمة أوبلا")])
def test_a_member_without_an_account_is_named(world: Any, client: Any, lang: str, shown: str) -> None:
    browser, base = client("officer"), f"/committees/{world.committee}"
    form = {
        "person_id": "",
        "member.fr": "Fadma Oubella",
        "college": "civil_society",
        "body.fr": "Fédération des coopératives",
        "body.ar": "فيدرالية التعاونيات",
        "from_on": TODAY.isoformat(),
    }
    half = post(browser, f"{base}/seats", **form)
    assert half.status_code == 422
    assert 'href="#member.ar"' in half.text
    assert 'value="Fadma Oubella"' in half.text
    assert post(browser, f"{base}/seats", **form, **{"member.ar": "فاضمة أوبلا"}).status_code == 303
    assert shown in client(None).get(base, params={"lang": lang}).text
    session = given.session(world)
    assert shown in browser.get(f"/sessions/{session.id}", params={"lang": lang}).text
    nobody = post(browser, f"{base}/seats", **(form | {"member.fr": ""}))
    assert nobody.status_code == 422
    assert 'href="#person_id"' in nobody.text
