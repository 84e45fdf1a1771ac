"""Sessions run from their pages, minutes made of records, the holder's decision."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.calendar import local
from backend.core.tx import transaction
from backend.people.models import Interest
from tests.committees import given as sittings
from tests.decisions import given
from tests.reviews import given as reviews

HTML = {"accept": "text/html"}


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, name
    return found[1]


def test_a_session_from_its_convening_to_its_minutes(world: Any, client: Any) -> None:
    reviews.scored(world, 3)
    browser = client("officer")
    assert "Aucune séance" in browser.get("/sessions").text
    when = f"{local(datetime.now(UTC)):%Y-%m-%dT%H:%M}"
    form = {"committee": str(world.committee), "scheduled_at": when, "place": "Agadir"}
    page = browser.post("/sessions", data=form)
    here = page.url.path
    assert page.status_code == 200
    assert "Quorum non atteint" in page.text
    roll = {f"seat.{seat}": "present" for seat in world.seats.values()}
    page = browser.post(f"{here}/attendance", data=roll | {"version": hidden(page.text, "version")})
    assert "Quorum atteint" in page.text
    page = browser.post(f"{here}/open")
    assert "3 dossiers classés attendent une décision" in page.text
    page = browser.post(f"{here}/propose", data={"call": str(world.call)})
    assert "Mettre aux voix" in page.text
    assert "2</b> projets financés" in page.text
    page = browser.post(f"{here}/put", data={"call": str(world.call)})
    motion = hidden(page.text, "motion")
    votes = {f"seat.{seat}": "for" for name, seat in world.seats.items() if name != "third"}
    page = browser.post(f"{here}/vote", data={"motion": motion, "act": "close"} | votes)
    assert "Adoptée par 4 voix sur 4 exprimées" in page.text
    page = browser.post(f"{here}/close")
    assert "Levée" in page.text
    minutes = browser.get(f"{here}/minutes").text
    for words in (
        "Procès-verbal n°",
        "480\u00a0000,00",
        "Pour\u00a0: 4\u00a0; contre\u00a0: 0",
        "Huile d’argan 3",
        "Voix représentées à la fin",
    ):
        assert words in minutes, words


def test_proposing_is_offered_only_when_something_can_be_proposed(world: Any, client: Any) -> None:
    first, second = reviews.eligible(world, 2)
    reviews.signed(world, "third", second)
    here = f"/sessions/{given.an_open_session(world)}"
    text = client("officer").get(here, headers=HTML).text
    assert f"{here}/propose" not in text
    assert "2 dossiers attendent leurs évaluations signées" in text
    assert "3 évaluations signées manquent encore" in text
    for name in ("evaluator", "second"):
        reviews.signed(world, name, first)
    text = client("officer").get(here, headers=HTML).text
    assert f"{here}/propose" in text
    assert "1 dossier classé attend une décision" in text
    assert "1 dossier attend ses évaluations signées" in text


def test_a_member_votes_for_her_own_seat_alone(world: Any, client: Any) -> None:
    (motion,) = given.put(world)
    browser = client("second")
    page = browser.get(f"/sessions/{world.session}")
    assert f"seat.{world.seats['second']}" in page.text
    assert f"seat.{world.seats['third']}" not in page.text
    assert "Noter les présences" not in page.text
    assert "Mettre aux voix" not in page.text
    data = {"motion": str(motion), f"seat.{world.seats['second']}": "for"}
    assert browser.post(f"/sessions/{world.session}/vote", data=data).status_code == 200
    data = {"motion": str(motion), f"seat.{world.seats['third']}": "for"}
    assert browser.post(f"/sessions/{world.session}/vote", data=data, headers=HTML).status_code == 403
    for name in ("holder", "stranger", "coach"):
        assert client(name).get(f"/sessions/{world.session}", headers=HTML).status_code == 404


def test_a_recused_member_sees_neither_the_row_nor_its_motion(world: Any, client: Any) -> None:
    reviews.tied(world, "third", world.tifaout)
    given.put(world)
    seen = client("third").get(f"/sessions/{world.session}").text
    assert "Tifaout" not in seen
    assert "Azrou" in seen
    assert seen.count('id="motion-') == 1
    minutes = client("third").get(f"/sessions/{world.session}/minutes").text
    assert "Tifaout" not in minutes
    officer = client("officer").get(f"/sessions/{world.session}").text
    assert "Tifaout" in officer
    assert officer.count('id="motion-') == 2
    assert "Récusation\u00a0: Third" in officer


def test_a_member_who_sits_declares_a_tie_and_sees_the_dossier_no_more(world: Any, client: Any) -> None:
    given.put(world)
    here, browser = f"/sessions/{world.session}", client("third")
    hers = next(d for d in given.decisions() if d.rank == 1)
    assert "J’ai un lien avec un de ces porteurs" in browser.get(here).text
    assert "J’ai un lien avec un de ces porteurs" not in client("officer").get(here).text
    for wrong in ({"decision": str(hers.id), "tie": " "}, {"decision": "", "tie": "Ma sœur"}):
        assert browser.post(f"{here}/tie", data=wrong).status_code == 422
    seen = browser.post(f"{here}/tie", data={"decision": str(hers.id), "tie": "Ma sœur"}).text
    assert str(hers.id) not in seen
    with transaction(SYSTEM) as tx:
        assert tx.session.scalars(select(Interest.reason)).all() == ["Ma sœur"]
    again = browser.post(f"{here}/tie", data={"decision": str(hers.id), "tie": "Ma sœur"})
    assert again.status_code == 422, "what is hidden is not there"
    closed = client("officer").post(f"{here}/vote", data={"motion": str(hers.motion_id), "act": "close"})
    assert closed.status_code == 409
    assert "un membre se trouve lié" in closed.text


def test_notes_of_visits_are_read_in_session_by_who_is_not_recused(world: Any, client: Any) -> None:
    from backend.reviews import commands as reviewing
    from backend.reviews.models import NoteKind
    from backend.reviews.schemas import FieldNoteIn

    reviews.tied(world, "third", world.tifaout)
    given.put(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        asked = select(Application.id).where(Application.organisation_id == world.tifaout)
        dossier = tx.session.scalars(asked).one()
    note = FieldNoteIn(kind=NoteKind.VISIT, held_on=date(2024, 1, 2), present="Fatima", words="Presse vue.")
    with transaction(world.officer) as tx:
        reviewing.write_note(tx, dossier, note)
    path = f"/sessions/{world.session}"
    for name in ("officer", "second", "chair"):
        page = client(name).get(path).text
        assert "1 note de visite ou de présentation" in page
        assert "Presse vue." in page
    recused = client("third").get(path).text
    assert "note de visite" not in recused
    assert "Presse vue." not in recused


@pytest.mark.parametrize(
    ("verb", "data", "status"),
    [
        ("propose", {"call": "x"}, 422),
        ("propose", {}, 422),
        ("vote", {"motion": "x"}, 422),
        ("dance", {}, 422),
        ("open", {}, 409),
        ("put", {"call": "00000000-0000-0000-0000-000000000000"}, 409),
    ],
)
def test_wrong_steps_are_said_on_the_page(
    world: Any, client: Any, verb: str, data: dict[str, str], status: int
) -> None:
    session_id = given.an_open_session(world)
    answer = client("officer").post(f"/sessions/{session_id}/{verb}", data=data)
    assert answer.status_code == status
    assert "Quorum" in answer.text


def test_wrong_values_of_the_roll_and_the_vote(world: Any, client: Any) -> None:
    (motion,) = given.put(world)
    browser, seat = client("officer"), world.seats["chair"]
    path = f"/sessions/{world.session}"
    assert browser.post(f"{path}/attendance", data={f"seat.{seat}": "asleep"}).status_code == 422
    assert (
        browser.post(f"{path}/attendance", data={f"seat.{seat}": "present", "version": "x"}).status_code
        == 412
    )
    assert (
        browser.post(f"{path}/vote", data={"motion": str(motion), f"seat.{seat}": "maybe"}).status_code == 422
    )
    assert browser.post("/sessions", data={"committee": "", "scheduled_at": ""}).status_code == 422
    form = {"committee": str(world.committee), "scheduled_at": "demain", "place": "Mon lieu"}
    refused = browser.post("/sessions", data=form)
    assert refused.status_code == 422
    assert "Mon lieu" in refused.text


def test_the_holder_reads_her_decision_with_reasons_and_means(world: Any, client: Any) -> None:
    made = given.proposed(world).decisions
    path = f"/applications/{made[0].application_id}/decision"
    assert client("holder").get(path, headers=HTML).status_code == 404
    with_session = str(world.session)
    del with_session
    for decision in made:
        assert decision.motion_id is None
    from backend.core.tx import transaction
    from backend.decisions import commands

    with transaction(world.officer) as tx:
        (motion,) = (m.id for m in commands.put_to_vote(tx, world.session, world.call))
    given.voted(world, motion, ("chair", "evaluator", "second"))
    with transaction(world.officer) as tx:
        commands.close_vote(tx, motion)
    assert client("holder").get(path, headers=HTML).status_code == 404, "no letter was released yet"
    given.released(world)
    by_holder = {d.application_id: d for d in given.decisions()}
    hers = next(
        d
        for d in by_holder.values()
        if client("holder").get(f"/applications/{d.application_id}/decision", headers=HTML).status_code == 200
    )
    page = client("holder").get(f"/applications/{hers.application_id}/decision").text
    assert "Projet financé à hauteur de" in page
    assert "75,00" in page
    assert "Former un recours" not in page  # she was granted all that she asked for
    for name in ("Evaluator", "Second", "Emplois chiffrés"):
        assert name not in page
    others = [i for i in by_holder if i != hers.application_id]
    for application_id in others:
        assert (
            client("holder").get(f"/applications/{application_id}/decision", headers=HTML).status_code == 404
        )
    refused = next(d for d in by_holder.values() if d.outcome == "refused")
    page = client("officer").get(f"/applications/{refused.application_id}/decision").text
    assert "non retenu" in page
    assert "seuil" in page


def test_every_page_in_arabic(world: Any, client: Any) -> None:
    made = given.adopted(world)
    browser = client("officer")
    for path, words in (
        ("/sessions", "جلس"),
        (f"/sessions/{world.session}", "النصاب"),
        (f"/sessions/{world.session}/minutes", "محضر"),
        (f"/applications/{made[0].application_id}/decision", "تمويل"),
        (f"/applications/{made[2].application_id}/decision", "العتبة"),
    ):
        page = browser.get(path + "?lang=ar")
        assert page.status_code == 200, path
        assert 'dir="rtl"' in page.text, path
        assert words in page.text, path


@pytest.mark.parametrize("count", [1, 3])
def test_what_pages_cost(world: Any, client: Any, statements: Any, count: int) -> None:
    given.proposed(world, count)
    browser = client("officer")
    with statements() as seen:
        assert browser.get(f"/sessions/{world.session}").status_code == 200
    assert len(seen) <= 24, len(seen)
    sittings.session(world, datetime.now(UTC) + timedelta(days=3))
    with statements() as listed:
        browser.get("/sessions")
    assert len(listed) <= 5, len(listed)
