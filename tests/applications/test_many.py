"""One act on many dossiers: named first, then done as shown; refused when it would do otherwise."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from backend.applications import bulk, queries, search, shown
from backend.applications.models import ApplicationState
from backend.applications.pages import desk
from backend.core.errors import Problem
from backend.core.tx import transaction
from tests.applications import given as made
from tests.applications.test_desk import LIST, REASON, kept, plain, two
from tests.applications.test_pages import get, post


def test_many_are_admitted_as_previewed_or_shown_again(world: Any, client: Any) -> None:
    call, good, bad = two(world)
    browser = client("officer")
    page = get(browser, f"{LIST}/bulk?verb=admit&who=all&call={call.id}")
    assert "Déclarer 1 dossier recevable ?" in plain(page)
    assert "1 qu’une règle de l’appel refuse" in plain(page)
    assert "Déclarés recevables · 1" in plain(page)
    assert "Laissés : refusés par une règle · 1" in plain(page)
    for one in (good, bad):  # each by its number, its project, its organisation
        assert one.number in plain(page)
        assert one.title in plain(page)
        assert f'href="/das/applications/{one.id}"' in page
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    said = {"verb": "admit", "who": "all", "call": str(call.id)}
    assert "ont changé" in post(browser, f"{LIST}/bulk", 409, **said, seen="other").text
    post(client("auditor"), f"{LIST}/bulk", 409, **said, seen=seen)
    post(browser, f"{LIST}/bulk", **said, seen=seen)
    assert [one.state for one in kept(good, bad)] == [ApplicationState.ELIGIBLE, ApplicationState.SUBMITTED]
    post(browser, f"{LIST}/bulk", 409, **said, seen=seen)


def test_many_are_refused_with_their_rules_or_one_reason(world: Any, client: Any) -> None:
    _, good, bad = two(world)
    browser = client("officer")
    picks = f"pick={good.id}&pick={bad.id}&pick=x"
    page = get(browser, f"{LIST}/bulk?verb=refuse&{picks}")
    assert "Déclarer 1 dossier irrecevable ?" in plain(page)
    with transaction(world.officer) as tx:
        title, *_ = queries.titles_of_refusals(tx, [good.id, bad.id])[bad.id]
    assert title["fr"] in unescape(page)  # by its title, not by its code
    assert title["ar"] in get(browser, f"{LIST}/bulk?verb=refuse&{picks}&lang=ar")
    page = get(browser, f"{LIST}/bulk?verb=refuse&{picks}&reason=Le+m%C3%AAme+projet")
    assert "Déclarer 2 dossiers irrecevables ?" in plain(page)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    answer = browser.post(
        f"{LIST}/bulk",
        data={
            "verb": "refuse",
            "pick": [str(good.id), str(bad.id)],
            "seen": seen,
            "reason": "Le même projet",
        },
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert {one.state for one in kept(good, bad)} == {ApplicationState.INELIGIBLE}
    assert REASON in get(client("holder"), f"/applications/{good.id}")
    get(client("holder"), f"{LIST}/bulk?verb=refuse&{picks}", 403)


def test_what_an_act_concerns_is_named_up_to_a_few_in_one_statement(
    world: Any, client: Any, statements: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = made.open_call(world)
    browser, costs = client("officer"), []
    paths = (f"{LIST}/bulk?verb=admit&who=all", f"/das/calls/{call.id}/screening")
    get(browser, paths[0])
    for holder in ("holder", "rival"):
        row = made.submitted(world, call, holder)
        with statements() as seen:
            pages = [get(browser, path) for path in paths]
        costs.append(len(seen))
        assert all(f'href="/das/applications/{row.id}"' in page for page in pages)
    assert costs[0] == costs[1]
    monkeypatch.setattr(shown, "FEW", 1)
    for path in paths:
        page = get(browser, path)
        assert "et 1 autre" in plain(page)
        assert f'href="/das/applications/{row.id}"' not in page


def test_many_at_once_over_json(world: Any, client: Any, statements: Any) -> None:
    call = made.open_call(world)
    browser, costs = client("officer"), []
    for holder in ("holder", "rival"):
        made.submitted(world, call, holder)
        body = {"verb": "admit", "filters": {"call_id": str(call.id)}}
        with statements() as seen:
            told = browser.post("/api/v1/applications/bulk/preview", json=body).json()
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert (told["total"], told["changing"], told["left"]) == (2, 2, {})
    none = client("stranger").post("/api/v1/applications/bulk/preview", json=body).json()
    assert none["total"] == 0
    assert client("stranger").post(
        "/api/v1/applications/bulk", json=body | {"seen": none["seen"]}
    ).json()["code"] == "bulk_nothing"  # fmt: skip
    done = browser.post("/api/v1/applications/bulk", json=body | {"seen": told["seen"]}).json()
    assert done["changing"] == 2
    assert browser.get("/api/v1/applications/counts").json()["by_state"] == {"eligible": 2}
    body = {"verb": "refuse", "picked": [str(uuid4())], "reason": "x" * 2001}
    assert browser.post("/api/v1/applications/bulk/preview", json=body).status_code == 422


def test_more_than_an_act_may_touch_is_refused(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    two(world)
    monkeypatch.setattr(bulk, "MOST", 1)
    with transaction(world.officer) as tx, pytest.raises(Problem) as refused:
        bulk.preview(tx, "admit", bulk.Chosen(filters=search.Filters()))
    assert refused.value.code == "bulk_too_many"


def test_a_page_of_the_list_is_acted_on_without_ticking_each(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, good, bad = two(world)
    browser = client("officer")
    page = get(browser, f"{LIST}?call={call.id}")
    assert "Les 2 dossiers de la liste" in plain(page)
    assert "de cette page" not in plain(page)  # the page is the whole list
    assert "Le seul dossier du filtre" in plain(get(browser, f"{LIST}?q=huile"))
    assert 'value="picked"' not in get(client("auditor"), LIST)  # who decides nothing ticks nothing
    monkeypatch.setattr(desk, "PAGE", 1)
    page = get(browser, f"{LIST}?call={call.id}")
    assert "2 dossiers · 1 sur cette page" in plain(page)
    assert "Le dossier de cette page" in plain(page)
    (shown_,) = re.findall(r'name="page" value="([^"]+)"', page)
    assert shown_ == str(good.id)
    asked = get(browser, f"{LIST}/bulk?verb=admit&who=page&page={shown_}&pick={bad.id}")
    assert "Déclarer 1 dossier recevable ?" in plain(asked)
    assert bad.number not in plain(asked)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', asked)
    post(browser, f"{LIST}/bulk", verb="admit", who="picked", pick=shown_, seen=seen)
    assert kept(good)[0].state is ApplicationState.ELIGIBLE


def test_every_dossier_tells_its_call_however_many_there_are(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, *_ = two(world)
    monkeypatch.setattr(desk, "_calls", lambda *_: [])
    said = get(client("officer"), LIST)
    assert plain(said).count("préfecture d&#39;Agadir Ida-Outanane") == 2
    assert call.title["fr"].endswith("Agadir Ida-Outanane")
