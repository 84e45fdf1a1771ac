"""Ties of committee members seated by name: the secretary writes them down, and they count like any other."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend.committees import commands as committees
from backend.committees.models import College
from backend.committees.schemas import MemberIn
from backend.core.calendar import local
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.decisions import commands as decisions
from backend.reviews import seated
from tests.committees.given import WHEN
from tests.decisions import given
from tests.reviews import given as reviews

HTML = {"accept": "text/html"}


def by_name(world: Any, fr: str = "Hassan Naciri", ar: str = "حسن الناصري") -> tuple[UUID, UUID]:
    """A member entered by name, who has no account: her seat, herself."""
    terms = committees.SeatTerms(College.STATE, {"fr": "ORMVA", "ar": "المكتب الجهوي"}, local(WHEN).date())
    with transaction(world.officer) as tx:
        seat = committees.add_seat(tx, world.committee, MemberIn(fr=fr, ar=ar), terms)
        return seat.id, seat.person_id


def test_a_tie_written_down_counts_in_session_like_any_other(world: Any) -> None:
    reviews.scored(world, 3)
    seat, person = by_name(world)
    with transaction(world.officer) as tx:
        standing = sorted(str(one) for one in world.seats.values())
        tied = reviews_of(world)[0]
        made = seated.record(tx, tied, person, "Le président est son frère, il l’a dit.")
        assert seated.record(tx, tied, person, "Encore").id == made.id  # the first one stands
    session = given.an_open_session(world)
    with transaction(world.officer) as tx:
        decisions.propose(tx, session, world.call)
    found = {one.application_id: one.recused_seats for one in given.decisions()}
    assert str(seat) in found[tied]
    assert all(str(seat) not in seats for key, seats in found.items() if key != tied)
    assert str(seat) not in standing


def reviews_of(world: Any) -> list[UUID]:
    from sqlalchemy import select

    from backend.applications.models import Application

    with transaction(world.officer) as tx:
        asked = select(Application.id).where(Application.call_id == world.call).order_by(Application.number)
        return list(tx.session.scalars(asked))


def test_only_who_sits_without_an_account_may_be_tied_by_the_secretary(world: Any) -> None:
    dossier = reviews.eligible(world, 1)[0]
    _, person = by_name(world)
    for who in (world.people["third"].id, uuid4(), None):
        with transaction(world.officer) as tx, pytest.raises(Problem) as refused:
            seated.record(tx, dossier, who, "Un lien")
        assert refused.value.errors[0].field == "person_id"
    with transaction(world.officer) as tx, pytest.raises(Problem) as refused:
        seated.record(tx, dossier, person, " \0 ")
    assert refused.value.errors[0].field == "reason"
    for name, status in {"auditor": 403, "holder": 403, "stranger": 404, "chair": 404}.items():
        with transaction(world.people[name]) as tx, pytest.raises(Problem) as refused:
            seated.record(tx, dossier, person, "Un lien")
        assert refused.value.status == status, name


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", ("Liens des membres sans compte", "Hassan Naciri")), ("ar", ("روابط الأعضاء", "حسن الناصري"))],
)
def test_it_is_written_down_from_the_page_of_the_dossier(
    world: Any, client: Any, lang: str, words: tuple[str, str]
) -> None:
    dossier = reviews.eligible(world, 1)[0]
    browser = client("officer")
    home, path = f"/das/applications/{dossier}", f"/das/applications/{dossier}/seats"
    assert path not in browser.get(home, headers=HTML).text  # nobody sits by name
    _, person = by_name(world)
    page = browser.get(home, headers=HTML, params={"lang": lang}).text
    assert f'href="{path}"' in page
    page = browser.get(path, headers=HTML, params={"lang": lang}).text
    assert all(word in page for word in words)
    assert re.search(rf'<option value="{person}"', page)
    wrong = browser.post(path, headers=HTML, data={"person_id": "", "reason": "x"})
    assert wrong.status_code == 422
    assert "x</textarea>" in wrong.text
    done = browser.post(path, headers=HTML, data={"person_id": str(person), "reason": "Son cousin"})
    assert "Son cousin" in done.text
    assert f'value="{person}"' not in done.text
    ((told),) = browser.get(f"/api/v1/applications/{dossier}/seat-ties").json()
    assert told["tie"]["reason"] == "Son cousin"
    body = {"person_id": str(person), "reason": "Autre"}
    again = browser.post(f"/api/v1/applications/{dossier}/seat-ties", json=body)
    assert (again.status_code, again.json()["reason"]) == (201, "Son cousin")
