"""The officer's list: found by words in both languages, narrowed, ordered, counted, kept, acted on."""

import re
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.applications import indexing, search, views, wanted
from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.jobs import drain, tick
from backend.core.tx import transaction
from backend.people.models import Organisation
from tests.applications import given as made
from tests.applications.test_commands import TOO_MUCH
from tests.applications.test_pages import get, post, visible

LIST = "/das/applications"
REASON = "Le même projet"


def found(actor: Any, **filters: Any) -> list[str]:
    with transaction(actor) as tx:
        return [row.title for row in search.listed(tx, search.Filters(**filters)).items]


def two(world: Any) -> tuple[Any, Application, Application]:
    """A good dossier of the holder's, a faulty one of the rival's."""
    call = made.open_call(world)
    good = made.submitted(world, call)
    other = {**made.CONTENT["project"], "title": "Élevage de chèvres", "summary": "حليب الماعز وجبن الأركان"}
    bad = made.submitted(world, call, "rival", project=other, financing=TOO_MUCH)
    return call, good, bad


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("argan", 2), ("ARGÀN", 2), ("huile argan", 1), ("tifaout", 1), ("تيفاوت", 1), ("التعاونية", 2),
        ("تعاونيه أزرو", 1), ("ازرو", 1), ("chevr", 1), ("CHÈVRES élevage", 1), ("أركان", 2), ("الاركان", 2),
        ("hevres", 0), ("argan zzz", 0), ("' | & ! :* ( <->", 0), ("\\ % _", 0), ("", 2), ("0001", 1),
    ],
)  # fmt: skip
def test_words_are_found_by_their_beginnings_in_both_languages(world: Any, text: str, count: int) -> None:
    two(world)
    assert len(found(world.officer, text=text)) == count


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=400) | st.text("'\"&|!():*<>\\%_ \0أإةى", max_size=60))
def test_no_text_is_an_error(world: Any, text: str) -> None:
    found(world.officer, text=text)


@pytest.mark.parametrize("text", ["x" * 4000, "&|!" * 1333, "ا" * 4000, "a " * 2000, "\\" * 4000])
def test_four_thousand_characters_of_anything(world: Any, client: Any, text: str) -> None:
    browser = client("officer")
    assert browser.get("/api/v1/applications", params={"q": text}).json()["items"] == []
    assert browser.get(LIST, params={"q": text}).status_code == 200


def test_a_saved_section_is_found_at_once_without_another_statement(world: Any, statements: Any) -> None:
    draft = made.draft(world)
    with transaction(world.holder) as tx, statements() as seen:
        made.fill(tx, draft, {"project": made.CONTENT["project"]})
    # read with the dossier, written with it
    assert [one.split()[0] for one in seen if "search_text" in one] == ["SELECT", "UPDATE"]
    assert not any(one.startswith("SELECT application.search_text") for one in seen)
    assert found(world.holder, text="tifaout huile") == [made.CONTENT["project"]["title"]]
    assert found(world.officer, text="tifaout huile") == []  # a draft is its holder's affair


def test_a_holder_is_found_by_her_new_name_and_old_rows_by_all_they_say(world: Any) -> None:
    _, good, _ = two(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Organisation, world.tifaout).name = {
            "fr": "Coopérative Zahra",
            "ar": "تعاونية زهرة",
        }
        indexing.renew(tx, [good.id])
    assert len(found(world.officer, text="zahra huile")) == len(found(world.officer, text="زهره")) == 1
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Application, good.id).search_text = "aga 2023"
    assert found(world.officer, text="zahra") == []
    tick("dossiers.words")
    assert len(found(world.officer, text="zahra presser")) == 1
    drain()


FILTERS: dict[str, tuple[dict[str, str], int]] = {
    "call of another": ({"call": str(uuid4())}, 0), "state": ({"state": "submitted"}, 2),
    "none in it": ({"state": "eligible"}, 0), "sector": ({"sector": "agriculture"}, 2),
    "chain": ({"chain": "argan"}, 2), "commune": ({"commune": "09.001.05.09"}, 2),
    "form": ({"form": "cooperative"}, 2), "another form": ({"form": "gie"}, 0),
    "filing": ({"filing": "paper"}, 0),
    "failing": ({"judged": "failing"}, 1), "clear": ({"judged": "clear"}, 1),
    "unclear": ({"judged": "unclear"}, 0),
    "rule": ({"rule": "no_such_rule"}, 0), "least": ({"least": "250 000,00 DH"}, 1),
    "most": ({"most": "٢٥٠٠٠٠"}, 1), "since": ({"since": "2020-01-01", "until": "2999-12-30"}, 2),
    "until": ({"until": "2020-01-01"}, 0), "words": ({"q": "huile"}, 1),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "count"), FILTERS.values(), ids=FILTERS.keys())
def test_filters_and_their_counts(world: Any, asked: dict[str, str], count: int) -> None:
    two(world)
    wants = wanted.read(asked)
    assert wants.narrows or "call" in asked
    with transaction(world.officer) as tx:
        assert len(search.listed(tx, wants.sound).items) == count
        assert search.total(search.counts(tx, wants.filters), wants.filters.state) == count
    with transaction(world.stranger) as tx:  # another province: neither rows nor numbers
        assert search.listed(tx, wants.filters).items == []
        assert search.counts(tx, wants.filters) == {}


NAMED = {
    "call": "Appel :", "state": "État :", "form": "Forme juridique :", "judged": "Règles de l’appel :",
    "least": "Demandé, au moins :", "since": "Déposé depuis le :", "filing": "Dépôt :", "sector": "Secteur :",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("name", ["call", "state", "form", "judged", "least", "since", "filing", "sector"])
def test_a_filter_that_cannot_be_read_is_named_and_nothing_is_done(
    world: Any, client: Any, lang: str, name: str
) -> None:
    value = "x" * 70
    page = get(client("officer"), f"{LIST}?lang={lang}&{name}={value}")
    assert {"fr": "sans ces filtres", "ar": "دون هذه المصافي"}[lang] in page
    answer = client("officer").get(
        f"{LIST}/bulk", params={name: value, "who": "all", "verb": "admit", "lang": "fr"}
    )
    assert answer.status_code == 422
    assert NAMED[name] in plain(answer.text)
    with transaction(world.officer) as tx, pytest.raises(Problem):
        views.keep(tx, "Une vue", {name: value})


@pytest.mark.parametrize("sort", list(search.Sort))
def test_pages_follow_one_another_in_every_order(world: Any, sort: search.Sort) -> None:
    two(world)
    with transaction(world.officer) as tx:
        first = search.listed(tx, search.Filters(), None, 1, sort)
        second = search.listed(tx, search.Filters(), first.next, 1, sort)
    assert first.next
    assert second.next is None
    assert {first.items[0].id} != {second.items[0].id}


@pytest.mark.parametrize("path", [LIST, "/das/calls/{call}/applications"])
def test_the_list_costs_as_many_statements_whatever_its_rows(
    world: Any, client: Any, statements: Any, path: str
) -> None:
    call = made.open_call(world)
    browser, costs = client("officer"), []
    get(browser, path.format(call=call.id))
    for holder in ("holder", "rival"):
        made.submitted(world, call, holder)
        with statements() as seen:
            get(browser, path.format(call=call.id) + "?q=argan&judged=clear")
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 6, seen


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_page_counts_and_narrows(world: Any, client: Any, lang: str) -> None:
    call, good, bad = two(world)
    browser = client("officer")
    page = get(browser, f"{LIST}?q=tifaout&sort=-deposited&lang={lang}")
    assert good.number in page
    assert bad.number not in page
    assert f'<span class="sr">{good.number}</span>' in page
    assert f'data-label="{ {"fr": "Appel", "ar": "طلب المشاريع"}[lang] }"' in page
    part = browser.get(
        f"{LIST}?q=azrou&lang={lang}", headers={"hx-request": "true", "hx-request-type": "partial"}
    ).text
    assert bad.number in part
    assert "<html" not in part
    heading = {"fr": "1 dossier trouvé", "ar": "عُثر على ملف واحد"}[lang]
    assert heading in page  # not how many wait in all
    assert heading in part  # renewed with the list
    assert 'hx-swap-oob="true"' in part
    assert "hx-swap-oob" not in page
    none = get(browser, f"{LIST}?state=eligible&lang={lang}")
    assert {"fr": "Aucun dossier trouvé", "ar": "لم يُعثر على أي ملف"}[lang] in none
    assert good.number in get(browser, f"/das/calls/{call.id}/applications?lang={lang}&call={uuid4()}")
    for name in ("auditor", "coordination"):
        assert good.number in get(client(name), LIST, lang=lang)
    for name in ("holder", "evaluator", "coach"):
        get(client(name), LIST, 403)
    assert good.number not in get(client("stranger"), LIST)


def test_views_are_kept_shared_by_address_renamed_and_removed(world: Any, client: Any) -> None:
    _, good, _ = two(world)
    browser = client("officer")
    post(browser, f"{LIST}/views", name="Mes huiles", q="huile", state="submitted", other="x")
    page = get(browser, LIST)
    assert f'href="{LIST}?q=huile&amp;state=submitted">Mes huiles' in page
    assert "Mes huiles" not in get(client("auditor"), LIST)
    assert good.number in get(client("auditor"), f"{LIST}?q=huile&state=submitted")
    again = post(browser, f"{LIST}/views", 409, name="Mes huiles", q="huile").text
    assert "Une de vos vues porte déjà ce nom" in again
    post(browser, f"{LIST}/views", 422, name=" ", q="huile")
    ((view, _),) = re.findall(r"views/([0-9a-f-]{36})/(rename)", page)
    post(browser, f"{LIST}/views/{view}/rename", name="Huiles d’ici")
    post(browser, f"{LIST}/views/{view}/rename", name="Huiles d’ici")
    post(browser, f"{LIST}/views/{view}/rename", 422, name="")
    post(client("auditor"), f"{LIST}/views/{view}/rename", 404, name="Autre")
    post(client("auditor"), f"{LIST}/views/{view}/remove", 404)
    assert "Huiles d’ici" in get(browser, LIST)
    post(browser, f"{LIST}/views/{view}/remove")
    assert "Huiles d’ici" not in get(browser, LIST)


def test_views_over_json(world: Any, client: Any) -> None:
    browser = client("officer")
    kept = browser.post("/api/v1/saved-views", json={"name": "Argan", "query": {"q": "argan"}})
    assert kept.status_code == 201
    key = kept.json()["id"]
    assert kept.json()["path"] == f"{LIST}?q=argan"
    assert browser.post(f"/api/v1/saved-views/{key}/rename", json={"name": "Huile"}).json()["name"] == "Huile"
    assert [one["name"] for one in browser.get("/api/v1/saved-views").json()] == ["Huile"]
    assert client("auditor").get("/api/v1/saved-views").json() == []
    assert client("auditor").delete(f"/api/v1/saved-views/{key}").status_code == 404
    assert client("holder").post(
        "/api/v1/saved-views", json={"name": "Argan", "query": {"q": "argan"}}
    ).status_code == 403  # fmt: skip
    assert browser.delete(f"/api/v1/saved-views/{key}").status_code == 204
    for n in range(views.MOST):
        browser.post("/api/v1/saved-views", json={"name": f"Vue {n}", "query": {"q": "argan"}})
    refused = browser.post("/api/v1/saved-views", json={"name": "Une de trop", "query": {}})
    assert refused.json()["code"] == "views_too_many"


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", visible(page))


def kept(*rows: Application) -> list[Application]:
    with transaction(SYSTEM) as tx:
        return [tx.session.get_one(Application, row.id) for row in rows]
