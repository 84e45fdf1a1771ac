"""What fresh eyes could not find: what was done, which field is wrong, whose dossier it is."""

from datetime import timedelta
from typing import Any

import pytest

from backend.applications import commands, wanted
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.calendar import local
from backend.core.tx import transaction
from tests.applications import given
from tests.applications.test_desk import plain, two
from tests.applications.test_noting import PAGE, book, hidden, send
from tests.applications.test_pages import get, visible
from tests.decisions import given as decisions

LIST = "/das/applications"


def close(call_id: Any) -> None:
    """The call closed an hour ago."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Call, call_id).closes_at = tx.now - timedelta(hours=1)


@pytest.mark.parametrize(
    ("lang", "judged", "again"),
    [
        ("fr", "2 dossiers jugés", "Cette liste était déjà appliquée"),
        ("ar", "تم البت في ملفين", "سبق تطبيق هذه اللائحة"),
    ],
)
def test_what_a_list_of_verdicts_did_is_said_also_after_a_second_press(
    world: Any, client: Any, lang: str, judged: str, again: str
) -> None:
    _, good, bad = two(world)
    browser = client("officer")
    page = send(browser, book([good.number, "Recevable", "", ""], [bad.number, "Irrecevable", "", ""]))
    sent = hidden(page.text)
    for told in (judged, again):
        answer = browser.post(f"{PAGE}/take", data=sent, follow_redirects=False)
        assert answer.status_code == 303, plain(answer.text)
        shown = browser.get(f"{answer.headers['location']}&lang={lang}")
        assert told in visible(shown.text)


def test_what_an_act_on_many_did_is_said(world: Any, client: Any) -> None:
    _, good, _ = two(world)
    browser = client("officer")
    page = get(browser, f"{LIST}/bulk?verb=admit&pick={good.id}")
    answer = browser.post(
        f"{LIST}/bulk",
        data={"verb": "admit", "pick": str(good.id), "seen": hidden(page)["seen"]},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert "1 dossier jugé" in visible(get(browser, answer.headers["location"]))
    assert "jugé" not in visible(get(browser, f"{LIST}?done=9999999"))


@pytest.mark.parametrize(("lang", "warned"), [("fr", "L’appel est encore ouvert"), ("ar", "ما زال مفتوحا")])
def test_judging_while_the_call_is_open_is_warned_of(world: Any, client: Any, lang: str, warned: str) -> None:
    call, good, bad = two(world)
    browser = client("officer")
    pages = [
        f"{LIST}/{good.id}/admit?lang={lang}",
        f"{LIST}/{bad.id}/refuse?lang={lang}",
        f"{LIST}/bulk?verb=admit&pick={good.id}&lang={lang}",
        f"/das/calls/{call.id}/screening?lang={lang}",
    ]
    for page in pages:
        assert warned in visible(get(browser, page)), page
    assert warned in visible(send(browser, book([good.number, "Recevable", "", ""]), lang).text)
    close(call.id)
    for page in pages:
        assert warned not in visible(get(browser, page)), page


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"least": "5000", "most": "1000"}, "most", "least_over_most"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "until", "since_after_until"),
    ],
)
def test_bounds_the_wrong_way_round_are_said(
    world: Any, client: Any, asked: dict[str, str], field: str, code: str
) -> None:
    _, good, bad = two(world)
    found = wanted.read(asked)
    assert [(error.field, error.code) for error in found.faults] == [(field, code)]
    page = client("officer").get(LIST, params=asked).text
    assert "aucun dossier n’est entre les deux" in visible(page)
    assert good.number in page  # shown without these filters, as with any that cannot be read
    assert bad.number in page
    assert not wanted.read({"least": "1000", "most": "1000"}).faults


def test_a_future_hour_is_named_above_few_organisations(world: Any, client: Any) -> None:
    call = given.open_call(world)
    browser = client("officer")
    with transaction(SYSTEM) as tx:
        later = local(tx.now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    place = f"/das/calls/{call.id}/assist"
    sent = {"organisation_id": str(world.tifaout), "filing": "paper", "handed_in_at": later, "q": ""}
    answer = browser.post(place, data=sent, headers={"accept": "text/html"})
    assert answer.status_code == 422
    summary = answer.text.split('class="error-summary"')[1].split("</div>")[0]
    assert 'href="#handed_in_at"' in summary
    assert "Remis au guichet le" in summary
    assert f'value="{later}"' in answer.text
    assert str(world.tifaout) in answer.text


def test_organisations_are_searched_rather_than_listed(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.applications.pages.assisted.FEW", 0)
    call = given.open_call(world)
    page = get(client("officer"), f"/das/calls/{call.id}/assist")
    assert 'name="organisation_id"' not in page
    assert "Cherchez l’organisation par son nom" in visible(page)


@pytest.mark.parametrize("place", [PAGE, "/das/calls/{call}/paper"])
def test_no_file_and_an_empty_file_are_told_apart(world: Any, client: Any, place: str) -> None:
    call, *_ = two(world)
    browser, place = client("officer"), place.format(call=call.id)
    html = {"accept": "text/html"}
    nothing = browser.post(place, data={"x": "1"}, headers=html)
    empty = browser.post(place, files={"file": ("avis.xlsx", b"")}, headers=html)
    assert (nothing.status_code, empty.status_code) == (422, 422)
    assert "Aucun fichier n’a été choisi." in visible(nothing.text)
    assert "Ce fichier est vide." in visible(empty.text)


@pytest.mark.parametrize("code", ["A" * 300, "A" * 5000, "x" * 41])
def test_a_code_of_any_length_is_answered_on_the_page(client: Any, code: str) -> None:
    answer = client(None).get("/receipts", params={"code": code}, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "Ce code est mal recopié" in visible(answer.text)
    assert f'value="{code[:2000]}"' in answer.text


def test_who_is_not_the_holder_reads_her_own_words(world: Any, client: Any) -> None:
    call = given.open_call(world)
    with transaction(world.officer) as tx:
        made = commands.create(tx, call.id, world.tifaout)
    officers = get(client("officer"), f"/applications/{made.id}")
    assert "Votre dossier" not in visible(officers)
    assert 'href="/my"' not in officers.split("<main")[1]
    assert f'href="/das/calls/{call.id}/applications"' in officers
    assert 'href="/my"' in get(client("holder"), f"/applications/{made.id}")
    section = get(client("officer"), f"/applications/{made.id}/project")
    assert "Le dossier" in visible(section)
    assert "Votre dossier" not in visible(section)


def test_a_dossier_sent_back_is_not_said_to_be_whole(world: Any, client: Any) -> None:
    made = given.submitted(world)
    page = f"{LIST}/{made.id}"
    assert "Toutes les rubriques et pièces demandées sont là" in visible(get(client("officer"), page))
    with transaction(world.officer) as tx:
        commands.ask_completion(tx, made.id, ["budget"], "Le devis")
    assert "Toutes les rubriques et pièces demandées sont là" not in visible(get(client("officer"), page))


def test_saved_views_stand_above_the_list(world: Any, client: Any) -> None:
    two(world)
    page = get(client("officer"), LIST)
    assert page.index("Vues enregistrées") < page.index('id="dossiers"')


def test_the_page_of_beginnings_says_that_a_project_is_funded(world: Any, client: Any) -> None:
    first = decisions.adopted(world)[0]
    page = get(client("holder"), "/my/applications/new")
    if str(first.id) in page:
        assert "Financé" in visible(page)
