"""The pages of reviews: conflict first, typed words never lost, the ranking's line, both languages."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from backend.calls.callfile import read
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.reviews import given


def saved_form(html: str) -> dict[str, str]:
    """The version that the page's form carries."""
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found
    return {"version": found[1]}


def test_the_stack_puts_the_next_dossier_first(world: Any, client: Any) -> None:
    given.assigned(world, "evaluator")
    page = client("evaluator").get("/reviews")
    assert page.status_code == 200
    assert "1 dossier à évaluer" in page.text
    assert "Huile d’argan 1" in page.text


@pytest.mark.parametrize(
    ("name", "status"), [("chair", 200), ("holder", 403), ("officer", 403), ("coach", 403), ("auditor", 403)]
)
def test_whose_work_the_stack_is(world: Any, client: Any, name: str, status: int) -> None:
    assert client(name).get("/reviews", headers={"accept": "text/html"}).status_code == status


@pytest.mark.parametrize("name", ["third", "second"])
def test_a_stack_shows_nothing_of_others(world: Any, client: Any, name: str) -> None:
    (made,) = given.assigned(world, "evaluator")
    page = client(name).get("/reviews")
    assert "Huile" not in page.text
    assert "Votre pile est vide" in page.text
    assert client(name).get(f"/reviews/{made.id}", headers={"accept": "text/html"}).status_code == 404


def test_who_is_not_signed_in_signs_in_first(world: Any, client: Any) -> None:
    answer = client(None).get("/reviews", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_the_conflict_comes_alone_and_first(world: Any, client: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    browser = client("evaluator")
    page = browser.get(f"/reviews/{made.id}")
    assert "Avez-vous un lien" in page.text
    assert "Coopérative Tifaout" in page.text
    assert "Presse" not in page.text
    assert 'name="marks' not in page.text
    refused = browser.post(f"/reviews/{made.id}/declare", data={"reason": "Mes mots"})
    assert refused.status_code == 422
    assert "Mes mots" in refused.text
    refused = browser.post(f"/reviews/{made.id}/declare", data={"conflict": "yes", "version": "1"})
    assert refused.status_code == 422
    page = browser.post(f"/reviews/{made.id}/declare", data={"conflict": "no"} | saved_form(page.text))
    assert "Presse" in page.text
    assert 'name="marks.impact"' in page.text


def test_a_conflict_closes_the_dossier(world: Any, client: Any) -> None:
    made = given.opened(world)
    browser = client("evaluator")
    page = browser.post(
        f"/reviews/{made.id}/declare", data={"conflict": "yes", "reason": "Ma sœur", "version": "2"}
    )
    assert page.status_code == 200
    assert page.url.path == "/reviews"
    assert "Huile" not in page.text
    assert "récus" in page.text
    page = browser.get(f"/reviews/{made.id}")
    assert "fermé" in page.text
    assert "Presse" not in page.text


def test_a_tie_discovered_late_is_taken_at_the_first_press(world: Any, client: Any) -> None:
    made = given.opened(world)
    browser = client("evaluator")
    page = browser.get(f"/reviews/{made.id}").text
    form = re.search(r'<form[^>]*action="/reviews/[^"]*/declare".*?</form>', page, re.DOTALL)
    assert form
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w*)"', form[0]))
    assert hidden["conflict"] == "yes"
    browser.post(f"/reviews/{made.id}", data=saved_form(page) | {"marks.impact": "3"})
    answer = browser.post(
        f"/reviews/{made.id}/declare", data=hidden | {"reason": "Ma sœur"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/reviews?after=recused")


def test_scoring_saves_then_signs_and_goes_on(world: Any, client: Any) -> None:
    first, second = given.eligible(world, 2)
    mine = given.opened(world, "evaluator", first)
    other = given.opened(world, "evaluator", second)
    browser = client("evaluator")
    version = saved_form(browser.get(f"/reviews/{mine.id}").text)
    page = browser.post(
        f"/reviews/{mine.id}", data=version | {"marks.impact": "3", "notes.impact": "L’emploi <b>"}
    )
    assert "18,75" in page.text
    assert "L’emploi &lt;b&gt;" in page.text
    assert "Enregistré à" in page.text
    incomplete = browser.post(f"/reviews/{mine.id}", data=saved_form(page.text) | {"act": "sign"})
    assert incomplete.status_code == 409
    assert "18,75" in incomplete.text
    marks = {f"marks.{code}": str(level) for code, level in given.marks(3).items()}
    done = browser.post(f"/reviews/{mine.id}", data=saved_form(incomplete.text) | marks | {"act": "sign"})
    assert done.url.path == f"/reviews/{other.id}"
    signed = browser.get(f"/reviews/{mine.id}")
    assert "Évaluation signée" in signed.text
    assert "disabled" in signed.text
    done = browser.post(f"/reviews/{other.id}", data=saved_form(done.text) | marks | {"act": "sign"})
    assert done.url.path == "/reviews"
    assert "Tous vos dossiers sont évalués" in done.text


def test_two_windows_keep_the_words_of_both(world: Any, client: Any) -> None:
    mine = given.opened(world)
    browser = client("evaluator")
    version = saved_form(browser.get(f"/reviews/{mine.id}").text)
    browser.post(
        f"/reviews/{mine.id}", data=version | {"marks.impact": "4", "notes.impact": "Première fenêtre"}
    )
    later = browser.post(
        f"/reviews/{mine.id}", data=version | {"marks.impact": "1", "notes.impact": "Deuxième fenêtre"}
    )
    assert later.status_code == 412
    assert "Deuxième fenêtre" in later.text
    assert "4 · Première fenêtre" in later.text
    assert given.assignment(mine.id).notes == {"impact": "Première fenêtre"}
    again = browser.post(
        f"/reviews/{mine.id}",
        data=saved_form(later.text) | {"marks.impact": "1", "notes.impact": "Deuxième fenêtre"},
    )
    assert again.status_code == 200
    assert given.assignment(mine.id).notes == {"impact": "Deuxième fenêtre"}


def test_a_save_as_one_goes_answers_with_its_parts_only(world: Any, client: Any) -> None:
    mine = given.opened(world)
    answer = client("evaluator").post(
        f"/reviews/{mine.id}",
        data={"version": str(mine.version), "marks.impact": "2"},
        headers={"hx-request-type": "partial"},
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="review-state"' in answer.text
    assert 'id="points-impact"' in answer.text
    assert "12,50" in answer.text
    assert '<span class="points" id="points-part.results"><b>12,50</b> / 45</span>' in answer.text
    assert '<span class="points" id="points-part.project">à noter / 35</span>' in answer.text


def test_criteria_stand_under_their_sections(world: Any, client: Any) -> None:
    """In the order of the sections, numbered so, whatever the order of the criteria."""
    grid = read(given.CALLS / "agadir-2023.yaml").as_json()["grid"]
    given.a_call(world, "another", grid=grid | {"sections": grid["sections"][::-1]})
    page = client("evaluator").get(f"/reviews/{given.opened(world).id}").text
    places = [
        page.index(f'id="points-{one}"') for one in ("part.future", "durability", "part.results", "impact")
    ]
    assert places == sorted(places)
    assert "5. Impact sur le revenu" in page


def test_a_grid_without_sections_has_no_heading(world: Any, client: Any) -> None:
    grid = dict(read(given.CALLS / "agadir-2023.yaml").as_json()["grid"])
    del grid["sections"]
    plain = [{key: one[key] for key in one if key != "section"} for one in grid["criteria"]]
    given.a_call(world, "another", grid=grid | {"criteria": plain})
    page = client("evaluator").get(f"/reviews/{given.opened(world).id}").text
    assert "grid-part" not in page
    assert "1. Impact sur le revenu" in page


@pytest.mark.parametrize("value", ["x", "9", "-1", "²"])
def test_marks_that_are_not_levels_are_refused_with_the_words_kept(
    world: Any, client: Any, value: str
) -> None:
    mine = given.opened(world)
    answer = client("evaluator").post(
        f"/reviews/{mine.id}",
        data={"version": str(mine.version), "marks.impact": value, "notes.impact": "Mes mots"},
    )
    assert answer.status_code == 422
    assert "Mes mots" in answer.text


def test_an_unreadable_version_is_an_old_one(world: Any, client: Any) -> None:
    mine = given.opened(world)
    answer = client("evaluator").post(f"/reviews/{mine.id}", data={"version": "x", "marks.impact": "1"})
    assert answer.status_code == 412


def test_the_board_shares_out_and_says_what_is_missing(world: Any, client: Any) -> None:
    given.eligible(world, 2)
    browser = client("officer")
    page = browser.get(f"/das/calls/{world.call}/assignments")
    assert "4 lectures à confier" in page.text
    assert "Répartir automatiquement" in page.text
    done = browser.post(f"/das/calls/{world.call}/assignments")
    assert "4 lectures confiées" in done.text
    assert "Chaque dossier a ses évaluateurs" in done.text
    assert client("chair").get(f"/das/calls/{world.call}/assignments").status_code == 200
    html = {"accept": "text/html"}
    assert client("chair").post(f"/das/calls/{world.call}/assignments", headers=html).status_code == 403
    assert client("evaluator").get(f"/das/calls/{world.call}/assignments", headers=html).status_code == 404


def test_sending_back_from_the_page(world: Any, client: Any) -> None:
    mine = given.signed(world, "evaluator", given.eligible(world)[0])
    browser = client("officer")
    assert browser.post(f"/das/assignments/{mine.id}/reopen", data={"reason": " "}).status_code == 422
    assert browser.post(f"/das/assignments/{mine.id}/reopen", data={"reason": "Devis"}).status_code == 200
    told = client("evaluator").get(f"/reviews/{mine.id}").text
    assert "Votre évaluation vous est renvoyée" in told
    assert "Devis" in told
    assert given.assignment(mine.id).state == "open"


def test_the_ranking_draws_the_line_with_its_arithmetic(world: Any, client: Any) -> None:
    given.scored(world, 6, [30_000_000, 30_000_000, 30_000_000, 20_000_000, 20_000_000, 20_000_000])
    page = client("officer").get(f"/das/calls/{world.call}/ranking")
    assert "3 projets tiennent dans l’enveloppe" in page.text
    assert "Enveloppe 1\u00a0000\u00a0000,00" in page.text
    assert "trop peu pour le rang 4" in page.text
    assert "Sous le seuil de 60" in page.text
    html = {"accept": "text/html"}
    for name in ("evaluator", "holder", "stranger"):
        assert client(name).get(f"/das/calls/{world.call}/ranking", headers=html).status_code == 404


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_ranking_says_how_it_stands(world: Any, client: Any, lang: str) -> None:
    first, second = given.eligible(world, 2)

    def page() -> str:
        return str(client("officer").get(f"/das/calls/{world.call}/ranking", params={"lang": lang}).text)

    words = {
        "one": ("provisoire, 1 dossier attend ses évaluations", "ملف واحد ينتظر"),
        "whole": ("classement complet, le comité n’a pas encore décidé", "ترتيب كامل"),
        "done": ("Classement définitif", "ترتيب نهائي"),
    }
    which = ("fr", "ar").index(lang)
    for name in ("evaluator", "second"):
        given.signed(world, name, first)
    assert words["one"][which] in page()
    for name in ("evaluator", "second"):
        given.signed(world, name, second)
    assert words["whole"][which] in page()
    assert words["done"][which] not in page()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Call).values(state="decided"))
    assert words["done"][which] in page()
    assert ("provisoire" if lang == "fr" else "مؤقت") not in page()


def test_the_line_is_drawn_once_over_the_pages(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.reviews.pages import ranking

    monkeypatch.setattr(ranking, "LIMIT", 2)
    given.scored(world, 4, [60_000_000, 60_000_000, 20_000_000, 20_000_000])
    browser = client("officer")
    page = browser.get(f"/das/calls/{world.call}/ranking")
    assert page.text.count("Enveloppe 1") == 1
    following = re.search(r'href="(\?cursor[^"]+)"', page.text)
    assert following
    after = browser.get(f"/das/calls/{world.call}/ranking{following[1].replace('&amp;', '&')}")
    assert "à partir du rang 3" in after.text
    assert "Enveloppe 1" not in after.text


def test_every_page_in_arabic(world: Any, client: Any) -> None:
    from backend.core.i18n import catalogue

    catalogue.cache_clear()
    first, second = given.eligible(world, 2)
    given.signed(world, "evaluator", first)
    (asked,) = given.assigned(world, "evaluator", application_id=second)
    opened = given.opened(world, "second", second)
    for name, path, words in (
        ("evaluator", "/reviews", "ملف واحد للتقييم"),
        ("evaluator", f"/reviews/{asked.id}", "هل تربطكم"),
        ("second", f"/reviews/{opened.id}", "توقيع"),
        ("officer", f"/das/calls/{world.call}/assignments", "المقيّمون"),
        ("officer", f"/das/calls/{world.call}/ranking", "ترتيب"),
    ):
        browser = client(name)
        browser.cookies.set("indh_lang", "ar")
        page = browser.get(path + "?lang=ar")
        assert page.status_code == 200, path
        assert 'dir="rtl"' in page.text, path
        assert words in page.text, path


@pytest.mark.parametrize("count", [1, 3])
def test_what_pages_cost(world: Any, client: Any, statements: Any, count: int) -> None:
    mine = given.opened(world, "third", given.scored(world, count)[0])
    browser, officer = client("third"), client("officer")
    with statements() as opening:
        browser.get(f"/reviews/{mine.id}")
    with statements() as posting:
        browser.post(
            f"/reviews/{mine.id}",
            data={"version": str(mine.version), "marks.impact": "2"},
            headers={"hx-request-type": "partial"},
        )
    with statements() as ranking:
        officer.get(f"/das/calls/{world.call}/ranking")
    with statements() as stack:
        browser.get("/reviews")
    sent = {"version": str(given.version(mine.id)), "act": "sign"}
    sent |= {f"marks.{code}": "2" for code in given.CRITERIA}
    with statements() as signing:
        browser.post(f"/reviews/{mine.id}", data=sent, follow_redirects=False)
    assert given.assignment(mine.id).state == "signed"
    assert len(signing) <= 15, "\n".join(signing)
    assert len(opening) <= 12, len(opening)
    assert len(ranking) <= 10, len(ranking)
    assert len(stack) <= 4, len(stack)
    assert len(posting) <= 20, len(posting)


def test_more_time_from_the_page(world: Any, client: Any) -> None:
    mine = given.opened(world)
    browser = client("officer")
    assert f"/das/assignments/{mine.id}" in browser.get(f"/das/calls/{mine.call_id}/assignments").text
    page = browser.get(f"/das/assignments/{mine.id}")
    assert "Donner plus de temps" in page.text
    until = (datetime.now(UTC) + timedelta(days=40)).strftime("%Y-%m-%dT10:00")
    base = f"/das/assignments/{mine.id}/extend"
    assert browser.post(base, data={"due_at": until}, follow_redirects=False).status_code == 303
    assert given.assignment(mine.id).due_at > mine.due_at
    for wrong in ("", "demain", "2020-01-01T10:00"):
        assert browser.post(base, data={"due_at": wrong}).status_code == 422


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_one_review_for_the_officer(world: Any, client: Any, lang: str) -> None:
    mine = given.signed(world, "evaluator", given.eligible(world)[0])
    html = {"accept": "text/html"}
    path = f"/das/assignments/{mine.id}"
    assert f'action="{path}/reopen"' in client("officer").get(path, params={"lang": lang}).text
    assert client("auditor").get(path, headers=html).status_code == 403
    assert client("stranger").get(path, headers=html).status_code == 404
