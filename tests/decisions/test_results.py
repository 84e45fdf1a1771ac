"""Results of a call: published by a person, once all is decided and told; then everybody's."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select, update

from backend.applications.models import Application
from backend.calls.models import Call
from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.calendar import CASABLANCA, local
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.decisions import commands, letters
from backend.decisions.models import Decision, DecisionState, Letter, LetterKind, LetterState, Publication
from backend.decisions.results import printed, publishing, reading
from backend.decisions.told import appeal_ends
from backend.funding import commands as funding
from backend.notifications import cases
from backend.people.models import LegalForm, Organisation
from tests.decisions import given
from tests.decisions.test_following import moved_up, voted
from tests.decisions.test_letters import written

HTML = {"accept": "text/html", "accept-language": "fr"}


def call_code() -> str:
    with transaction(SYSTEM) as tx:
        return str(tx.session.scalars(select(Call.code)).one())


def told(world: Any, **kept: Any) -> list[Decision]:
    """Two funded, two who wait, one refused; every letter has left."""
    made = voted(world, **kept)
    given.released(world)
    return made


def refusal(world: Any, name: str = "officer") -> str:
    with pytest.raises(Problem) as refused, transaction(world.people[name]) as tx:
        publishing.publish(tx, world.call)
    return refused.value.code


def results() -> reading.Results:
    code = call_code()
    with transaction(ANONYMOUS) as tx:
        return reading.public(tx, code)


def test_nothing_is_published_before_all_is_decided_and_told(world: Any, client: Any) -> None:
    given.proposed(world)
    assert refusal(world) == "results_nothing_decided"
    page = client("officer").get(f"/das/calls/{world.call}/results", headers=HTML)
    assert page.status_code == 200
    assert "Rien à publier" in page.text
    assert "Ce qui se passera" in page.text
    refused = client("officer").post(f"/das/calls/{world.call}/results", headers=HTML)
    assert refused.status_code == 409


def test_letters_leave_before_the_results(world: Any, client: Any) -> None:
    written(voted(world))
    assert refusal(world) == "results_letters_wait"
    page = client("officer").get(f"/das/calls/{world.call}/results", headers=HTML).text.replace("\u00a0", " ")
    assert f'href="/das/calls/{world.call}/letters"' in page
    assert "Lettres de cet appel à libérer : 5" in page
    given.released(world)
    done = client("officer").post(f"/das/calls/{world.call}/results", headers=HTML)
    assert "Publiés le" in done.text
    assert refusal(world) == "results_published"


def test_letters_that_no_job_has_written_yet_wait_too(world: Any) -> None:
    voted(world)
    assert refusal(world) == "results_letters_wait"


def test_a_dossier_left_undecided_stops_it(world: Any) -> None:
    made = told(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            update(Decision).where(Decision.id == made[0].id).values(state=DecisionState.SET_ASIDE)
            .execution_options(dml_strategy="core_only")
        )  # fmt: skip
    assert refusal(world) == "results_undecided"


@pytest.mark.parametrize("name", ["holder", "rival", "chair", "evaluator", "auditor", "coach", "stranger"])
def test_only_an_officer_of_the_province_publishes(world: Any, client: Any, name: str) -> None:
    told(world)
    path = f"/das/calls/{world.call}/results"
    assert client(name).get(path, headers=HTML).status_code in (403, 404)
    assert client(name).post(f"/api/v1/calls/{world.call}/results/publish").status_code in (403, 404)


def test_everybody_reads_them_and_the_refused_are_not_named(world: Any, client: Any) -> None:
    made = told(world)
    given.published(world)
    found = client(None).get(f"/api/v1/calls/{world.call}/results").json()
    assert [one["decision_id"] for one in found["funded"]] == [str(one.id) for one in made[:2]]
    assert [one["place"] for one in found["waiting"]] == [1, 2]
    assert found["funded_centimes"] == sum(one.amount_centimes for one in made[:2])
    assert (found["refused"], found["ended"], found["changes"]) == (1, 0, [])
    assert str(made[-1].id) not in str(found)
    page = client(None).get(f"/calls/{call_code()}/results", headers=HTML).text
    assert f"/proofs/decisions/{made[0].id}" in page
    assert f"/proofs/decisions/{made[-1].id}" not in page
    assert client(None).get(f"/api/v1/proofs/decisions/{made[-1].id}").status_code in (401, 404)
    assert "Voir les résultats" in client(None).get(f"/calls/{call_code()}", headers=HTML).text
    assert client(None).get(f"/api/v1/calls/{world.call}").json()["state"] == "decided"
    assert f"/calls/{call_code()}/results" in client(None).get("/observatory", headers=HTML).text


def test_a_sole_trader_is_not_named_and_a_deviation_gives_its_reason(world: Any, client: Any) -> None:
    made = told(world)
    because = "Seul projet de la commune, que le comité veut servir."
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            update(Decision).where(Decision.id == made[0].id)
            .values(deviates=True, reasons=[{"code": "by_deviation", "params": {"because": because}}])
            .execution_options(dml_strategy="core_only")
        )  # fmt: skip
        tx.session.execute(update(Organisation).values(legal_form=LegalForm.SOLE_TRADER))
    given.published(world)
    page = client(None).get(f"/calls/{call_code()}/results", headers=HTML).text.replace("\u00a0", " ")
    assert f"Écart décidé par motion : {because}" in page
    assert "Tifaout" not in page.split("<main")[1].split("</main>")[0]


def test_what_follows_shows_once_its_letter_left(world: Any, client: Any) -> None:
    made = told(world)
    given.published(world)
    before = (results(), client(None).get("/api/v1/observatory/funded").content)
    with transaction(world.officer) as tx:
        commands.end(tx, made[0].id, "convention_missed")
    promoted = moved_up(made[0].id)
    written([made[0], *promoted])
    after = (results(), client(None).get("/api/v1/observatory/funded").content)
    assert before[1] == after[1]
    assert [one.decision_id for one in after[0].funded] == [made[0].id, made[1].id]
    assert [one.place for one in after[0].waiting] == [1, 2]
    assert (after[0].ended, after[0].changes) == (0, [])
    given.released(world)
    found = results()
    assert [one.decision_id for one in found.funded] == [made[1].id, *(one.id for one in promoted)]
    assert sorted(one.kind for one in found.changes) == ["lapsed", "promotion", "promotion"]
    assert found.waiting == []
    assert found.ended == 1
    items = client(None).get("/api/v1/observatory/funded").json()["items"]
    assert len(items) == 1 + len(promoted) == 3


def test_a_lapse_is_told_to_its_holder_by_her_letter_first(world: Any, client: Any) -> None:
    made = told(world)
    holder = client("holder")
    path = next(
        path
        for one in made[:2]
        if holder.get(path := f"/applications/{one.application_id}/decision", headers=HTML).status_code == 200
    )
    lost = next(one for one in made if str(one.application_id) in path)
    dossier = path.removesuffix("/decision")
    before = holder.get(dossier, headers=HTML).text
    with transaction(world.officer) as tx:
        commands.end(tx, lost.id, "convention_missed")
    written([lost])
    assert holder.get(dossier, headers=HTML).text == before
    assert "Caduque" not in holder.get(path, headers=HTML).text
    assert "Caduque" in client("officer").get(path, headers=HTML).text
    given.released(world)
    assert "Caduque" in holder.get(path, headers=HTML).text


def test_a_convention_waits_for_the_letter(world: Any, client: Any) -> None:
    made = voted(world)
    written(made)
    asked = {"application_id": str(made[0].application_id)}
    refused = client("officer").post("/api/v1/conventions", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "letter_waits")
    page = client("officer").post("/conventions/prepare", data={"call_id": str(world.call)}, headers=HTML)
    assert page.status_code == 409
    assert f'href="/das/calls/{world.call}/letters"' in page.text
    given.released(world)
    with transaction(world.officer) as tx:
        assert len(funding.prepare_call(tx, UUID(str(world.call)))) == 2


def test_all_who_filed_are_told_once(world: Any) -> None:
    told(world)
    given.published(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        event = tx.session.scalars(select(Event).where(Event.name == "results.published")).one()
        found = list(cases.results(tx, [event]))
        filed = set(tx.session.scalars(select(Application.organisation_id)))
    assert sorted(str(one.organisation_id) for one in found) == sorted(map(str, filed))
    assert {one.params["link_path"] for one in found} == {f"/calls/{call_code()}/results"}


@pytest.mark.parametrize(("lang", "words"), [("fr", "Liste d’attente"), ("ar", "000,00")])
def test_they_are_printed_in_both_languages(world: Any, lang: str, words: str) -> None:
    told(world)
    given.published(world)
    with transaction(ANONYMOUS) as tx:
        content = printed.pdf(reading.public_by_id(tx, world.call), lang, tx.now)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert words in text
    assert f"/calls/{call_code()}/results" in "".join(text.split())


INSTANTS = st.datetimes(  # naive bounds, as Hypothesis asks
    datetime(2024, 1, 1),  # noqa: DTZ001
    datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(CASABLANCA),
    allow_imaginary=False,
)


@forall(INSTANTS, st.integers(1, 90))
def test_the_last_day_to_contest_is_counted_in_days_of_the_calendar(at: datetime, days: int) -> None:
    """Whatever Ramadan does to the clock meanwhile."""
    assert appeal_ends(at, days) - local(at).date() == timedelta(days=days)


def test_the_letter_and_the_decision_say_the_same_last_day(world: Any) -> None:
    from backend.decisions import letters_printed
    from backend.decisions.appeals.lifecycle import last_day

    made = told(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        ramadan = datetime(2026, 2, 14, 23, 30, tzinfo=CASABLANCA)  # the clock goes back an hour that night
        tx.session.execute(update(Letter).values(released_at=ramadan))
    with transaction(SYSTEM) as tx:
        day = last_day(tx, tx.session.get_one(Decision, made[-1].id))
        letter = tx.session.scalars(select(Letter).where(Letter.decision_id == made[-1].id)).one()
        days = letter.content["appeal_days"]
        words = letters_printed._appeal(letter, "fr")
    assert day == (ramadan + timedelta(days=days)).date()
    assert f"{day:%Y}" in words
    assert f"{day.day} " in words


def test_letters_are_for_the_staff_of_the_call(world: Any, client: Any) -> None:
    told(world)
    for name, status in (("holder", 403), ("rival", 403), ("coach", 403), ("officer", 200), ("chair", 200)):
        path = f"/das/calls/{world.call}/letters"
        assert client(name).get(path, headers=HTML).status_code == status, name


def test_published_once_by_two_officers(world: Any) -> None:
    told(world)
    given.published(world)
    with transaction(SYSTEM) as tx:
        assert len(tx.session.scalars(select(Publication)).all()) == 1
        left = select(Letter).where(Letter.state == LetterState.QUEUED, Letter.kind != LetterKind.LAPSED)
        assert tx.session.scalars(left).all() == []
    with pytest.raises(Problem), transaction(world.officer) as tx:
        letters.release(tx, world.call)
