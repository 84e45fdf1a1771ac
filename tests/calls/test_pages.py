"""Pages of the calls, in both languages."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.calls import commands
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import transaction
from tests.calls import given
from tests.value_chains import given as chains
from tests.world import HERE, THERE

NOW = datetime.now(UTC)
LANGUAGES = pytest.mark.parametrize("lang", ["fr", "ar"])


def page(browser: Any, path: str, lang: str = "fr", status: int = 200, **params: str) -> str:
    answer = browser.get(path, params={"lang": lang, **params}, headers={"accept": "text/html"})
    assert answer.status_code == status, answer.text[:2000]
    return str(answer.text)


def title(text: str) -> str:
    found = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    assert found
    return found[1]


@LANGUAGES
def test_home_without_calls(world: Any, client: Any, lang: str) -> None:
    text = page(client(None), "/", lang)
    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in text
    assert 'class="steps"' in text
    assert 'class="empty"' in text


@LANGUAGES
def test_home_shows_every_phase(world: Any, client: Any, lang: str) -> None:
    given.published(world)
    given.published(world, code="later", opens_at=NOW + timedelta(days=5), closes_at=NOW + timedelta(days=20))
    given.published(world, code="over", opens_at=NOW - timedelta(days=20), closes_at=NOW - timedelta(days=5))
    text = page(client(None), "/", lang)
    for code in ("agadir-2023", "later", "over"):
        assert f'href="/calls/{code}"' in text
    assert "300\u00a0000,00" in text
    assert "{" not in re.sub(r"<meta[^>]*>", "", text).split("<main", 1)[1]


def test_home_puts_the_chosen_province_first(world: Any, client: Any) -> None:
    given.published(world)
    visitor = client(None)
    near = page(visitor, "/", province=HERE)
    assert "Ouverts dans votre province" in near
    assert 'class="card"' in near
    same_region = page(visitor, "/", province=THERE)
    assert "Dans les provinces de la même région" in same_region
    assert "Aucun appel n’est ouvert dans cette province" in same_region
    assert "Ailleurs au Maroc" in page(visitor, "/", province="01.051")
    assert "Appels ouverts" in page(visitor, "/", province="99.999")


def test_home_costs_the_same_whatever_the_calls(world: Any, client: Any, statements: Any) -> None:
    visitor = client(None)
    counts = []
    for count in (1, 3, 14):
        for i in range(count):
            given.published(world, code=f"call-{count}-{i}")
        with statements() as seen:
            page(visitor, "/")
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= 5


@LANGUAGES
@pytest.mark.parametrize("name", [None, "holder", "officer"])
def test_an_open_call_in_plain_words(world: Any, client: Any, name: str | None, lang: str) -> None:
    given.published(world)
    text = page(client(name), "/calls/agadir-2023", lang)
    begins = "/my/applications/new?call=agadir-2023" in text
    assert begins == (name != "officer")
    assert ("/das/calls/" in text.split("<main", 1)[1]) == (name == "officer")
    for anchor in ("who", "money", "chains", "documents", "grid", "after", "sources"):
        assert f'id="{anchor}"' in text
    assert text.count("<details") >= len(given.call_file().grid.criteria)


def test_a_call_page_costs_little(world: Any, client: Any, statements: Any) -> None:
    given.published(world)
    with statements() as seen:
        page(client(None), "/calls/agadir-2023")
    assert len(seen) <= 4


def test_a_call_with_every_variant(world: Any, client: Any) -> None:
    chains.chains()
    body = given.body(code="variant", chains=["argan"], incomplete={"then": "refuse"}, sectors="any")
    body["caps"] = {
        "indh_amount": {
            "by": {
                "fact": "organisation.legal_form",
                "values": {"cooperative": "300 000 DH", "gie": "100 000 DH", "tpme": "100 000 DH"},
            }
        }
    }
    body["grid"]["criteria"][0]["floor"] = 1
    body["sources"] = [{"name": "Avis", "url": "https://exemple.ma/avis", "published_on": "2023-08-16"}]
    body.pop("support", None)
    with transaction(world.officer) as tx:
        commands.publish(tx, commands.load(tx, given.from_json(body)).id)
    text = page(client(None), "/calls/variant")
    assert "Plafond, selon le porteur" in text
    assert "Un dossier incomplet est refusé." in text
    assert "https://exemple.ma/avis" in text
    assert "Argan" in text
    assert "Taux d’actualisation par an" not in text
    rates = {"discount_rate": "8 %", "inflation": "2,5 %"}
    body = given.body(code="open-to-all", chains="any", caps={}, finance=rates)
    with transaction(world.officer) as tx:
        commands.publish(tx, commands.load(tx, given.from_json(body)).id)
    text = page(client(None), "/calls/open-to-all")
    assert "Toutes les chaînes de valeur sont admises." in text
    assert 'id="rates"' in text
    assert "2,50" in text
    assert "معدل الخصم السنوي" in page(client(None), "/calls/open-to-all", "ar")


def test_a_call_to_come_and_a_call_that_is_over(world: Any, client: Any) -> None:
    given.published(world, code="later", opens_at=NOW + timedelta(days=5), closes_at=NOW + timedelta(days=20))
    assert "À venir" in title(page(client(None), "/calls/later"))
    over = given.published(
        world, code="over", opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=5)
    )
    closed = page(client(None), "/calls/over")
    assert "L’appel est clos" in closed
    assert "/observatory" not in closed.split("<main", 1)[1]
    with transaction(SYSTEM) as tx:
        from backend.calls.lifecycle import LIFECYCLE
        from backend.calls.models import Call

        LIFECYCLE.fire(tx, tx.get(Call, over.id, "call.decide"), "decide")
    assert page(client(None), "/calls/over") == closed  # nobody learns from it that it was decided
    with transaction(SYSTEM) as tx:
        from backend.decisions.models import Publication

        tx.allowed = tx.recorded = True
        tx.session.add(
            Publication(
                call_id=over.id,
                province_code=over.province_code,
                published_at=tx.now,
                published_by=world.officer.id,
            )
        )
    assert "/calls/over/results" in page(client(None), "/calls/over").split("<main", 1)[1]
    assert "Résultats" in page(client(None), "/")


def test_a_draft_is_shown_to_its_officer_alone(world: Any, client: Any) -> None:
    given.draft(world)
    assert "Brouillon" in page(client("officer"), "/calls/agadir-2023")
    for name in (None, "holder", "stranger"):
        page(client(name), "/calls/agadir-2023", status=404)


@LANGUAGES
def test_from_the_text_to_the_publication(world: Any, client: Any, lang: str) -> None:
    chains.priorities()
    officer = client("officer")
    page(officer, "/das/calls", lang)
    page(officer, "/das/calls/new", lang)
    answer = officer.post("/das/calls/new", data={"source": given.source()}, follow_redirects=False)
    assert answer.status_code == 303
    where = answer.headers["location"]
    text = page(officer, where, lang)
    assert f'href="{where}/publish"' in text
    before = page(officer, f"{where}/publish", lang)
    version = re.search(r'name="version" value="(\d+)"', before)
    assert version
    done = officer.post(f"{where}/publish", data={"version": version[1]}, follow_redirects=False)
    assert done.headers["location"] == where
    text = page(officer, where, lang)
    assert f'href="{where}/publish"' not in text
    assert f'action="{where}/publish"' not in page(officer, f"{where}/publish", lang)
    second_tab = officer.post(f"{where}/publish", data={"version": version[1]}, follow_redirects=False)
    assert (second_tab.status_code, second_tab.headers["location"]) == (303, where)
    for work in ("applications", "assignments", "ranking"):
        assert f'href="{where}/{work}"' in text
    assert 'href="/das/calls/' in page(officer, "/das/calls", lang)
    assert officer.post(f"{where}/archive", follow_redirects=False).status_code == 409  # it runs


@LANGUAGES
def test_a_faulty_text_comes_back_with_its_faults(world: Any, client: Any, lang: str) -> None:
    source = given.AGADIR.read_text(encoding="utf-8").replace(
        "[cooperative, gie, tpme]", "[cooperativ]  # <mine>"
    )
    answer = client("officer").post("/das/calls/new", params={"lang": lang}, data={"source": source})
    assert answer.status_code == 422
    assert "cooperativ]  # &lt;mine&gt;" in answer.text
    assert "legal_forms[0]" in answer.text
    line = source[: source.index("[cooperativ]")].count("\n") + 1
    assert (f"Ligne {line}" if lang == "fr" else f"السطر {line}") in answer.text


def test_many_faults_are_counted(world: Any, client: Any) -> None:
    source = "format: 1\n" + "".join(f"unknown{i}: 1\n" for i in range(80))
    answer = client("officer").post("/das/calls/new", data={"source": source})
    assert answer.status_code == 422
    assert "Et " in answer.text


def test_a_refused_load_keeps_the_text(world: Any, client: Any) -> None:
    source = given.AGADIR.read_text(encoding="utf-8")
    answer = client("stranger").post("/das/calls/new", data={"source": source})
    assert answer.status_code == 403
    given.published(world)
    answer = client("officer").post("/das/calls/new", data={"source": source})
    assert answer.status_code == 409
    assert "code: agadir-2023" in answer.text


def test_what_is_missing_is_said(world: Any, client: Any) -> None:
    with transaction(world.officer) as tx:
        call = commands.load(tx, given.call_file())
    officer = client("officer")
    text = page(officer, f"/das/calls/{call.id}")
    assert "Pas de chaînes prioritaires" in text
    answer = officer.post(f"/das/calls/{call.id}/publish", data={"version": "1"})
    assert answer.status_code == 409
    assert answer.text.count("Pas de chaînes prioritaires") == 2


@LANGUAGES
def test_each_standing_has_its_page(world: Any, client: Any, lang: str) -> None:
    officer = client("officer")
    windows = {"a": (-5, 5), "b": (3, 9), "c": (-9, -3)}
    for code, (opens, closes) in windows.items():
        call = given.published(
            world, code=code, opens_at=NOW + timedelta(days=opens), closes_at=NOW + timedelta(days=closes)
        )
        text = page(officer, f"/das/calls/{call.id}", lang)
        assert (f'action="/das/calls/{call.id}/archive"' in text) == (code == "c")
    with arriving(at=NOW + timedelta(days=1)), transaction(world.officer) as tx:
        commands.archive(tx, call.id)
    page(officer, f"/das/calls/{call.id}", lang)


def test_the_officers_list_turns_pages_at_a_constant_cost(world: Any, client: Any, statements: Any) -> None:
    officer = client("officer")
    counts = []
    for count in (1, 3):
        for i in range(count):
            given.draft(world, code=f"call-{i}")
        with statements() as seen:
            page(officer, "/das/calls")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3
    for i in range(51):
        given.draft(world, code=f"many-{i}")
    assert "cursor=" in page(officer, "/das/calls")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("holder", 403),
        ("evaluator", 403),
        ("coach", 403),
        ("auditor", 200),
        ("administrator", 200),
        ("stranger", 200),
    ],
)
def test_who_reads_the_officers_pages(world: Any, client: Any, name: str, status: int) -> None:
    page(client(name), "/das/calls", status=status)
    page(client(name), "/das/calls/new", status=200 if name == "stranger" else 403)
    call = given.published(world)
    page(client(name), f"/das/calls/{call.id}", status=status)


def test_nobody_is_sent_to_sign_in(world: Any, client: Any) -> None:
    for path in ("/das/calls", "/das/calls/new"):
        answer = client(None).get(path, headers={"accept": "text/html"}, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")
