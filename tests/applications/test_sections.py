"""Sections: what follows from what is typed, rows, bad input, the history of fields and the way back."""

import html
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.applications import autosave
from backend.applications.models import Application, FieldChange
from backend.applications.sections import SECTIONS
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import transaction
from tests.applications import given
from tests.applications.test_autosave import change, history, send
from tests.applications.test_pages import HTML, get, kept, post, visible


def page(browser: Any, made: Any, section: str, lang: str = "fr") -> str:
    return get(browser, f"/applications/{made.id}/{section}", lang=lang)


def live(browser: Any, made: Any, section: str) -> str:
    """What is asked for once a field was kept."""
    answer = browser.get(f"/applications/{made.id}/{section}", headers={**HTML, "hx-request-type": "partial"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    text: str = answer.text
    return text.replace("\u00a0", " ")


def test_a_ceiling_is_said_in_dirhams_beside_its_field(world: Any, client: Any) -> None:
    """60 % of an investment of 400 000 DH: as soon as the budget is known, before anything is asked."""
    made, browser = given.filled(world, financing={}), client("holder")
    said = live(browser, made, "financing")
    assert "soit 240 000,00 DH" in said
    assert 'id="indh_centimes-hint"' in said
    assert "Il manque 400 000,00 DH" in said
    send(browser, made, change("indh_centimes", None, "250 000", "financing"))
    said = live(browser, made, "financing")
    assert "dépasse le plafond de 240 000,00 DH" in said
    assert "Il manque 150 000,00 DH" in said
    send(browser, made, change("loan_centimes", None, "150 000,00", "financing"))
    assert "Le financement égale le budget." in live(browser, made, "financing")
    send(browser, made, change("loan_centimes", "150 000", "150 001", "financing"))
    assert "Il y a 1,00 DH de trop" in live(browser, made, "financing")
    assert "أي" not in visible(page(browser, made, "financing"))


def test_nothing_equals_a_budget_that_is_not_there_yet(world: Any, client: Any) -> None:
    made, browser = given.draft(world), client("holder")
    said = live(browser, made, "financing")
    assert "égale le budget" not in said
    assert "Remplissez d’abord le budget" in said


def test_totals_follow_each_field(world: Any, client: Any) -> None:
    made, browser = given.draft(world), client("holder")
    send(
        browser, made,
        change("lines.0.label", None, "Presse", "budget"),
        change("lines.0.kind", None, "investment", "budget"),
        change("lines.0.quantity", None, "2", "budget"),
        change("lines.0.unit_price_centimes", None, "1 500", "budget"),
        change("products.0.price_centimes", None, "400", "plan"),
        change("products.0.monthly_quantity", None, "60", "plan"),
        change("products.0.variable_cost_centimes", None, "250", "plan"),
        change("wages_centimes", None, "10 000", "plan"),
        change("jobs_women", None, "4", "results"),
    )  # fmt: skip
    said = live(browser, made, "budget")
    assert "3 000,00 DH" in said
    assert "Total de la ligne : 3 000,00 DH" in said
    said = live(browser, made, "plan")
    for amount in ("24 000,00", "15 000,00", "10 000,00", "−1 000,00"):
        assert amount in said
    assert "<b>4</b>" in live(browser, made, "results")
    assert "Choisi" not in live(browser, made, "project")


@pytest.mark.parametrize("section", ["organisation", "members"])
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_what_the_register_says(world: Any, client: Any, section: str, lang: str) -> None:
    made = given.draft(world)
    said = page(client("holder"), made, section, lang)
    assert f"/organisations/{world.tifaout}" in said
    assert ("4112/2019" if section == "organisation" else "Membre 3") in said


def test_a_row_is_taken_away_and_the_others_keep_their_places(world: Any, client: Any) -> None:
    made, browser = given.draft(world), client("holder")
    typed = {"partners.0.name": "Commune", "partners.0.amount_centimes": "100", "partners.1.name": "ONG"}
    path = f"/applications/{made.id}/financing"
    answer = post(browser, path, version="1", remove="0", **typed)
    assert answer.headers["location"].endswith("/financing#rows")
    assert kept(made).content["financing"] == {"partners": [{}, {"name": "ONG"}]}
    answer = post(browser, path, version="2", then="more", **typed)
    assert "room=2" in answer.headers["location"]
    assert kept(made).content["financing"]["partners_centimes"] == 10_000
    assert 'name="partners.3.name"' in get(browser, f"{path}?room=2")


def test_dossiers_of_before_stay_readable(world: Any, client: Any) -> None:
    """Lines with an amount alone, partners as a sum, the young as one number."""
    old = given.CONTENT["financing"] | {"partners_centimes": 500}
    made, browser = given.filled(world, financing=old), client("holder")
    budget = page(browser, made, "budget")
    assert 'name="lines.0.amount_centimes"' in budget
    assert 'name="lines.2.unit_price_centimes"' in budget
    assert 'name="partners_centimes"' in page(browser, made, "financing")
    assert 'name="jobs_youth"' in page(browser, made, "results")
    assert "Unité d" in page(browser, made, "project")


@pytest.mark.parametrize(
    ("section", "field", "typed", "said"),
    [
        ("financing", "loan_rate_bp", "100,5 %", "ne dépasse pas 100"),
        ("financing", "loan_rate_bp", "5,125", "deux chiffres au plus"),
        ("financing", "loan_rate_bp", "cinq", "ne se lit pas"),
        ("financing", "partners.0.amount_centimes", "12,345", "deux chiffres au plus"),
        ("budget", "lines.0.quantity", "0", "1"),
        ("budget", "lines.0.quantity", "deux", "nombre entier"),
        ("plan", "customers_days", "400", "365"),
    ],
)
def test_what_cannot_be_kept_is_given_back(
    world: Any, client: Any, section: str, field: str, typed: str, said: str
) -> None:
    made = given.draft(world)
    answer = post(client("holder"), f"/applications/{made.id}/{section}", 422, version="1", **{field: typed})
    assert typed in answer.text
    assert said in answer.text
    assert kept(made).content == {}


def test_arabic_digits_and_marks_that_reorder_are_read(world: Any, client: Any) -> None:
    made, browser = given.draft(world), client("holder")
    typed = {"loan_rate_bp": "٥٫٢٥٪", "loan_months": "٣٦", "partners.0.name": "جم\u202eاعة\u2069"}
    post(browser, f"/applications/{made.id}/financing", version="1", **typed)
    assert kept(made).content["financing"] == {
        "loan_rate_bp": 525, "loan_months": 36, "partners": [{"name": "جماعة"}],
    }  # fmt: skip
    assert 'value="5,25"' in page(browser, made, "financing")


def test_more_young_women_than_women(world: Any, client: Any) -> None:
    results = {
        "jobs_women": 2,
        "jobs_men": 5,
        "jobs_women_youth": 3,
        "jobs_men_youth": 0,
        "income_centimes": 1,
    }
    made = given.filled(world, results=results)
    said = page(client("holder"), made, "results")
    (link,) = re.findall(r'<li><a href="#(jobs_women_youth)">(.*?)</a>', said, re.DOTALL)
    assert link[0] in re.findall(r'id="([^"]+)"', said)
    assert "combien de jeunes\u00a0? Vous dites 3 jeunes pour 2 emplois" in link[1]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_an_earlier_answer_is_put_back(world: Any, client: Any, lang: str) -> None:
    made, browser = given.filled(world), client("holder")
    first = given.CONTENT["project"]["title"]
    row = given.changed(world, made, "Autre titre")
    path = f"/applications/{made.id}/history"
    said = get(browser, path, lang=lang)
    assert first in said
    assert "Autre titre" in said
    assert said.count(f'action="{path}"') == 1  # one act a change
    assert {"fr": "Première saisie de la rubrique", "ar": "أول تعبئة لهذا الجزء"}[lang] in said
    post(browser, path, change=str(row.id), section="project")
    assert kept(made).title == first
    post(browser, path, change=str(row.id), section="project")  # it says so already
    (back,) = (one for one in changes_of(made) if one.after == first)
    post(browser, path, change=str(back.id), section="project")
    assert kept(made).title == "Autre titre"
    assert len(history(made)) == 3
    assert get(browser, f"{path}?section=project&field=title&lang={lang}")
    post(browser, path, 404, change="nonsense")
    get(client("rival"), path, 404)
    get(client("officer"), path, 404)


def changes_of(made: Any) -> list[FieldChange]:
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(FieldChange).where(FieldChange.application_id == made.id)))


def test_history_pages_through_with_the_first_saves_in_their_place(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, browser, now = given.draft(world), client("holder"), datetime.now(UTC)
    steps = [("project", {"title": "T0"}), ("project", {"title": "T1"}), ("results", {"jobs_women": 1})]
    steps += [("project", {"title": f"T{n}"}) for n in (2, 3)] + [("results", {"jobs_women": 2})]
    version = made.version
    for n, (section, data) in enumerate(steps):
        with arriving(at=now + timedelta(minutes=20 * n)), transaction(world.holder) as tx:
            given.fill(tx, made, {section: data}, version)
        version += 1
    monkeypatch.setattr("backend.applications.pages.history.AT_ONCE", 2)
    path, seen = f"/applications/{made.id}/history", list[str]()
    for _ in range(2):
        text = browser.get(path, headers=HTML).text
        items = re.findall(r"<li><p class=.strong.>(.*?)</li>", text, re.DOTALL)
        assert items
        afters = [re.findall(r"<dd>(.*?)</dd>", one, re.DOTALL) for one in items]
        seen += [re.sub(r"<[^>]*>|Actuel|\s", "", after[1]) if after else "first" for after in afters]
        more = re.search(r'class="button secondary" href="([^"]+cursor[^"]+)"', text)
        path = html.unescape(more[1]) if more else ""
    assert not path
    assert seen == ["2", "T3", "T2", "first", "T1", "first"]
    answer = browser.get(f"/applications/{made.id}/history?before=yesterday", headers=HTML)
    assert answer.status_code == 422


def test_an_earlier_answer_of_a_judged_dossier_stays_where_it_is(world: Any, client: Any) -> None:
    made = given.filled(world)
    row = given.changed(world, made)
    from backend.applications import commands
    from backend.core.tx import transaction

    with transaction(world.holder) as tx:
        commands.withdraw(tx, made.id)
    post(client("holder"), f"/applications/{made.id}/history", 409, change=str(row.id))


def test_the_worker_is_served_at_the_root(client: Any) -> None:
    answer = client(None).get("/sw.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert "javascript" in answer.headers["content-type"]


def test_a_queue_of_another_account_is_not_taken(world: Any, client: Any) -> None:
    made = given.draft(world)
    body = {"account": str(world.rival.id), "changes": [change("title", None, "x")]}
    holder = client("holder")
    assert holder.patch(f"/api/v1/applications/{made.id}/fields", json=body).status_code == 401
    body["account"] = str(world.holder.id)
    assert holder.patch(f"/api/v1/applications/{made.id}/fields", json=body).status_code == 200


def test_every_schema_takes_an_empty_section() -> None:
    assert all(schema.model_validate({}) for schema in SECTIONS.values())


def test_what_is_typed_in_one_stretch_is_one_change_of_the_history(world: Any, client: Any) -> None:
    """Half a title kept on the way is read as the title; each version can still be put back."""
    made, browser = given.filled(world), client("holder")
    began = datetime.now(UTC)
    said = [given.CONTENT["project"]["title"], "Huil", "Huilerie", "Huilerie d’Aourir"]
    for n, (was, value) in enumerate(pairwise(said)):
        with arriving(at=began + timedelta(seconds=n * 20)), transaction(world.holder) as tx:
            autosave.apply(tx, made.id, [autosave.Change(uuid4(), "project", "title", was, value)])
    with arriving(at=began + timedelta(hours=1)), transaction(world.holder) as tx:
        autosave.apply(tx, made.id, [autosave.Change(uuid4(), "project", "title", said[-1], "Autre")])
    path = f"/applications/{made.id}/history"
    shown = browser.get(f"{path}?section=project", headers=HTML).text.replace("\u00a0", " ")
    assert shown.count('<li><p class="strong">') == 3  # an hour later, the stretch, the first save
    assert "3 saisies de suite" in shown
    with transaction(world.holder) as tx:
        stretch = list(tx.session.scalars(select(FieldChange).order_by(FieldChange.kept_at)))
    assert all(f'value="{row.id}"' in shown for row in stretch)  # each is reachable
    post(browser, path, change=str(stretch[1].id), section="project")  # what it said before « Huilerie »
    with transaction(world.holder) as tx:
        assert tx.session.get_one(Application, made.id).content["project"]["title"] == "Huil"


def test_more_young_than_jobs_is_said_beside_the_field_as_she_types(world: Any, client: Any) -> None:
    said = {"jobs_women": 8, "jobs_women_youth": 2, "jobs_men": 2, "jobs_men_youth": 0, "income_centimes": 1}
    made, browser = given.filled(world, results=said), client("holder")
    shown = page(browser, made, "results")
    assert 'id="jobs_women_youth-hint"' in shown  # the place where it will be said
    with transaction(world.holder) as tx:
        for name, was, value in (("jobs_women", 8, 4), ("jobs_women_youth", 2, 9)):
            autosave.apply(tx, made.id, [autosave.Change(uuid4(), "results", name, was, value)])
    for text in (live(browser, made, "results"), page(browser, made, "results").replace("\u00a0", " ")):
        beside = text.split('id="jobs_women_youth-hint"')[1].split("</p>")[0]
        assert "Vous dites 9 jeunes pour 4 emplois" in beside
