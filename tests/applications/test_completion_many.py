"""Many dossiers sent back at once: ticked, by the filter, or by a spreadsheet; each asked what it lacks."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from backend.applications import bulk, commands, noting, search
from backend.applications.completion import due_on
from backend.applications.models import Application, ApplicationState, CompletionRequest
from backend.applications.queries import one
from backend.core.actor import SYSTEM
from backend.core.calendar import add_working_days, format_date, local
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from tests.applications import given as made
from tests.applications.test_desk import LIST, kept, plain, two
from tests.applications.test_noting import PAGE, book, hidden, send
from tests.applications.test_pages import get, post
from tests.core.test_machine import copies

EVERY = bulk.Chosen(filters=search.Filters())


def lacking(application: Application, section: str = "project") -> Application:
    """As an erratum that asks more would leave it."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        row = tx.session.get_one(Application, application.id)
        row.content = {**row.content, section: {}}
    return application


def requests() -> dict[Any, CompletionRequest]:
    with transaction(SYSTEM) as tx:
        return {row.application_id: row for row in tx.session.scalars(select(CompletionRequest))}


def test_those_that_lack_something_are_sent_back_with_their_day(world: Any, client: Any) -> None:
    call, good, bad = two(world)
    lacking(bad)
    browser = client("officer")
    page = get(browser, f"{LIST}/bulk?verb=return&who=all&call={call.id}")
    with transaction(world.officer) as tx:
        due = due_on(tx, one(tx, bad.id))
    days = call.definition["incomplete"]["working_days"]
    assert due == add_working_days(local(call.closes_at).date(), days)
    said = plain(page)
    assert "Demander des compléments pour 1 dossier ?" in said
    assert "Projet et filière" in said
    assert format_date(due, "fr", "weekday") in said
    assert "Laissés : rien ne manque · 1" in said
    assert good.number in said
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    asked = {"verb": "return", "who": "all", "call": str(call.id), "reason": "Voyez l’erratum."}
    post(browser, f"{LIST}/bulk", 409, **asked, seen="other")
    post(client("auditor"), f"{LIST}/bulk", 409, **asked, seen=seen)
    post(browser, f"{LIST}/bulk", **asked, seen=seen)
    assert [row.state for row in kept(good, bad)] == [
        ApplicationState.SUBMITTED,
        ApplicationState.RETURNED,
    ]
    (request,) = requests().values()
    assert (request.application_id, request.due_on, request.note) == (bad.id, due, "Voyez l’erratum.")
    assert request.items[0] == "project"
    assert "Voyez l’erratum." in get(client("rival"), f"/applications/{bad.id}")
    with transaction(SYSTEM) as tx:
        event = tx.session.scalars(select(Event).where(Event.name == "application.returned")).one()
    assert event.data["due_on"] == due.isoformat()
    page = plain(get(browser, f"{LIST}/bulk?verb=return&pick={bad.id}"))
    assert "Laissés : aucune décision attendue · 1" in page


def test_all_are_asked_for_what_is_ticked_if_their_call_asks_it(world: Any, client: Any) -> None:
    _, good, bad = two(world)
    browser = client("officer")
    picks = f"verb=return&pick={good.id}&pick={bad.id}"
    page = get(browser, f"{LIST}/bulk?{picks}")
    assert "Aucun dossier ne changera" in plain(page)
    assert 'value="documents.legal-file"' in page
    assert plain(unescape(page)).count("Dossier juridique de l'organisation") == 1  # however many dossiers
    page = get(browser, f"{LIST}/bulk?{picks}&items=documents.legal-file&items=documents.none&items=x")
    assert "Demander des compléments pour 2 dossiers ?" in plain(page)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    picked = [str(good.id), str(bad.id)]
    body = {"verb": "return", "pick": picked, "seen": seen}
    assert browser.post(f"{LIST}/bulk", data=body).status_code == 409  # not what was shown
    said = browser.post(f"{LIST}/bulk", data=body | {"items": ["documents.legal-file"]})
    assert said.status_code == 200
    assert [row.items for row in requests().values()] == [["documents.legal-file"]] * 2


def test_what_is_typed_goes_with_the_press_or_is_shown_again(world: Any, client: Any) -> None:
    _, good, bad = two(world)
    lacking(bad)
    browser = client("officer")
    page = get(browser, f"{LIST}/bulk?verb=return&pick={good.id}&pick={bad.id}")
    assert page.count('action="/das/applications/bulk"') == 1  # one form: nothing typed in it is left behind
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    body = {"verb": "return", "pick": [str(good.id), str(bad.id)], "seen": seen, "reason": "Au guichet."}
    again = browser.post(f"{LIST}/bulk", data=body | {"items": "budget"}, headers={"accept": "text/html"})
    assert again.status_code == 409  # two dossiers by now: shown before it is done
    assert "Demander des compléments pour 2 dossiers ?" in plain(again.text)
    assert "Au guichet.</textarea>" in again.text
    assert requests() == {}
    browser.post(f"{LIST}/bulk", data=body)
    assert [row.note for row in requests().values()] == ["Au guichet."]


def test_what_cannot_be_asked_is_said_with_its_reason(world: Any) -> None:
    refusing = made.open_call(world, code="other-2026", incomplete={"then": "refuse"})
    never = lacking(made.submitted(world, refusing))
    asked = lacking(made.submitted(world, None, "rival"))
    with transaction(world.officer) as tx:
        commands.ask_completion(tx, asked.id, ["project"])
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            Application.__table__.update().where(Application.id == asked.id).values(state="submitted")
        )
    with transaction(world.officer) as tx:
        found = bulk.preview(tx, "return", EVERY)
        assert found.left == {"completion_not_offered": 1, "completion_once": 1}
        assert found.leaving["completion_not_offered"] == [never.id]
    with transaction(world.officer) as tx, pytest.raises(Problem) as refused:
        bulk.act(tx, "return", EVERY, found.print_)
    assert refused.value.code == "bulk_nothing"
    with transaction(world.auditor) as tx:
        assert bulk.preview(tx, "return", EVERY).left == {"not_yours": 2}


def test_as_many_statements_for_one_as_for_many(world: Any, statements: Any) -> None:
    good = lacking(made.submitted(world))
    costs, lists_ = [], []
    for n in (1, 3, 120):
        keys = tuple(copies(good, n))
        chosen = bulk.Chosen(keys)
        with transaction(world.officer) as tx, statements() as sent:
            seen = bulk.preview(tx, "return", chosen)
            assert len(seen.doing) == n
            bulk.act(tx, "return", chosen, seen.print_, "Le titre manque.")
        costs.append(len(sent))
        assert requests().keys() >= set(keys)
        keys = tuple(copies(good, n))
        with transaction(SYSTEM) as tx:
            numbers = tx.session.scalars(select(Application.number).where(Application.id.in_(keys))).all()
        rows: list[list[Any]] = [["Numéro", "Avis"], *([number, "À compléter"] for number in numbers)]
        with transaction(world.officer) as tx:
            print_ = noting.plan(tx, rows).print_
        with transaction(world.officer) as tx, statements() as sent:
            noting.take(tx, rows, print_)
        lists_.append(len(sent))
    assert costs[0] == costs[1] == costs[2]
    assert lists_[0] == lists_[1] == lists_[2]


def test_over_json_what_is_asked_of_each_is_said(world: Any, client: Any) -> None:
    made_ = lacking(made.submitted(world))
    body = {"verb": "return", "picked": [str(made_.id)], "items": ["budget"]}
    browser = client("officer")
    told = browser.post("/api/v1/applications/bulk/preview", json=body).json()
    ((one_),) = told["asked"]
    assert one_["items"] == ["project", "budget"]
    assert (told["changing"], told["left"]) == (1, {})
    done = browser.post("/api/v1/applications/bulk", json=body | {"seen": told["seen"]})
    assert done.json()["asked"][0]["due_on"] == requests()[made_.id].due_on.isoformat()


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_spreadsheet_asks_for_what_is_missing_and_for_what_it_names(
    world: Any, client: Any, lang: str
) -> None:
    call, good, bad = two(world)
    lacking(bad)
    browser = client("officer")
    paper = next(one for one in call.definition["documents"] if one["code"] == "legal-file")["label"][lang]
    word = {"fr": "À compléter", "ar": "للاستكمال"}[lang]
    named = {"fr": f"Financement ; {paper.upper()}", "ar": f"التمويل؛ {paper}"}[lang]
    heads = {
        "fr": ["Numéro du dossier", "Avis", "Raison", "Pièces à compléter"],
        "ar": ["رقم الملف", "الرأي", "السبب", "ما ينبغي استكماله"],
    }[lang]
    rows = [[good.number, word, "Pièce illisible", named], [bad.number, word, "", ""]]
    page = send(browser, book(*rows, lang=lang, heads=heads), lang)
    assert page.status_code == 200, page.text
    assert paper in unescape(page.text)
    assert {"fr": "Appliquer 2 lignes", "ar": "تطبيق سطرين"}[lang] in page.text
    answer = browser.post(f"{PAGE}/take", data=hidden(page.text), follow_redirects=False)
    assert answer.status_code == 303, answer.text
    asked = requests()
    assert asked[good.id].items == ["financing", "documents.legal-file"]
    assert asked[good.id].note == "Pièce illisible"
    assert asked[bad.id].items == ["project"]
    again = plain(send(browser, book(*rows, lang=lang, heads=heads), lang).text)
    assert {"fr": "Cette liste ne change rien", "ar": "لا تغير"}[lang] in again


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("note_nothing_lacking", ["À compléter", "", ""]),
        ("note_item_unknown", ["À compléter", "", "Le permis de chasse"]),
        ("cell_too_long", ["À compléter", "", "x" * 2001]),
    ],
)
def test_a_line_that_asks_nothing_is_told(world: Any, code: str, cells: list[str]) -> None:
    good = made.submitted(world)
    with transaction(world.officer) as tx:
        heads = ["Numéro", "Avis", "Raison", "Compléments"]
        found = noting.plan(tx, [heads, [good.number, *cells]])
    assert [one_.code for one_ in found.faults] == [code]


@pytest.mark.parametrize(("then", "code"), [("refuse", "note_not_offered"), ("one_request", "note_once")])
def test_a_line_that_the_call_or_the_law_forbids_is_told(world: Any, then: str, code: str) -> None:
    days = {} if then == "refuse" else {"working_days": 5}
    good = made.submitted(world, made.open_call(world, incomplete={"then": then} | days))
    if then == "one_request":
        with transaction(world.officer) as tx:
            commands.ask_completion(tx, good.id, ["project"])
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            tx.session.execute(Application.__table__.update().values(state="submitted"))
    with transaction(world.officer) as tx:
        found = noting.plan(tx, [["Numéro", "Avis"], [good.number, "À compléter"]])
    assert [one_.code for one_ in found.faults] == [code]


def test_what_one_dossier_lacks_is_ticked_to_begin_with_papers_too(world: Any, client: Any) -> None:
    good = lacking(lacking(made.submitted(world)), "documents")
    page = get(client("officer"), f"/das/applications/{good.id}/return")
    ticked = re.findall(r'name="items" value="([^"]+)" checked', page)
    assert ticked[0] == "project"
    assert "documents.legal-file" in ticked
    assert "budget" not in ticked
