"""A phone in Arabic on a bad network: what is typed waits on it, survives, arrives; two people on a draft."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect

from backend.applications import autosave
from backend.applications.autosave import Change, Fate
from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.calendar import format_date, local
from backend.core.tx import transaction
from backend.people.models import Person, Representative
from tests.applications import given as applications
from tests.journeys import tale as told
from tests.journeys.reader import Reader
from tests.journeys.site import Site
from tests.journeys.tale import AR

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]
SECTIONS = ("project", "location", "budget", "financing", "plan", "results", "declarations")


def content(key: UUID) -> dict[str, Any]:
    with transaction(SYSTEM) as tx:
        return dict(tx.session.get_one(Application, key).content)


def kept(reader: Reader, key: UUID, section: str, name: str, value: Any) -> None:
    """The dossier says so, a moment later at the most."""
    for _ in range(50):
        if (content(key).get(section) or {}).get(name) == value:
            return
        reader.page.wait_for_timeout(100)
    raise AssertionError((content(key).get(section), reader.text()[:1500]))


def opens(reader: Reader, key: UUID, section: str) -> Reader:
    """The section's page, once a copy of it is on the phone."""
    reader.goes_to(f"/applications/{key}/{section}")
    for _ in range(150):
        if reader.page.evaluate("caches.match(location.pathname, {ignoreVary: true}).then(Boolean)"):
            return reader
        reader.page.wait_for_timeout(100)
    raise AssertionError("no copy of the page")


def test_a_phone_loses_the_network_and_nothing_else(site: Site) -> None:
    site.reads("holder", "ar")
    dossier = applications.filled(site.world, project={}, results={})
    holder = site.reader("holder", "ar", phone=True)
    holder.goes_to(f"/applications/{dossier.id}")
    opens(holder, dossier.id, "project").is_well()
    holder.types("Titre du projet", AR.title)
    holder.page.keyboard.press("Tab")
    kept(holder, dossier.id, "project", "title", AR.title)
    holder.sees("Enregistré à {time}", time="").is_well()

    holder.context.set_offline(True)
    holder.types("Ce que vous voulez faire, et pour qui", AR.summary)
    holder.picks("Secteur", told.sector())
    holder.sees("Gardé sur ce téléphone, sera envoyé au retour du réseau.")
    holder.sees("Pas de réseau. Continuez normalement.")
    assert "summary" not in content(dossier.id)["project"]  # asked before the browser makes other pages
    holder.page.reload()
    assert holder.value_of("Ce que vous voulez faire, et pour qui") == AR.summary
    assert holder.value_of("Secteur") == "agriculture"
    assert holder.value_of("Titre du projet") == AR.title  # kept since the page was copied
    holder.types("Titre du projet", AR.title + " 2")
    holder.page.keyboard.press("Tab")
    holder.page.close()  # she puts the phone away
    holder.page = holder.context.new_page()
    holder.page.goto(f"{site.base}/applications/{dossier.id}/project")
    assert holder.value_of("Titre du projet") == AR.title + " 2"

    holder.context.set_offline(False)
    kept(holder, dossier.id, "project", "summary", AR.summary)
    kept(holder, dossier.id, "project", "title", AR.title + " 2")
    kept(holder, dossier.id, "project", "sector", "agriculture")
    holder.picks("Filière", told.chain()).presses("Enregistrer").reads_title(AR.title)
    opens(holder, dossier.id, "results")
    holder.types("Emplois de femmes", "٨").types("Parmi elles, combien de jeunes ?", "٣")
    holder.types("Emplois d’hommes", "2").types("Parmi les hommes, combien de jeunes ?", "0")
    holder.types("Revenu attendu par personne et par mois", "٢٥٠٠").presses("Enregistrer")
    holder.follows("Vérifier le dossier").reads_title("Le dossier est prêt à être déposé")
    holder.presses("Déposer le dossier").reads_title("Votre dossier est déposé")
    assert content(dossier.id)["results"]["jobs_youth"] == 3


def test_two_people_on_one_draft(site: Site) -> None:
    """Each field is its own; on the same field the later one sees both, and chooses."""
    dossier = applications.filled(site.world)
    one, two = site.reader("holder"), site.reader("holder", phone=True)
    for window in (one, two):
        opens(window, dossier.id, "project")
    one.types("Ce que vous voulez faire, et pour qui", "Un résumé.")
    one.page.keyboard.press("Tab")
    kept(one, dossier.id, "project", "summary", "Un résumé.")
    two.types("Titre du projet", "Titre de l’autre")
    two.page.keyboard.press("Tab")
    kept(two, dossier.id, "project", "title", "Titre de l’autre")
    assert content(dossier.id)["project"]["summary"] == "Un résumé."  # merged
    one.types("Titre du projet", "Mon titre")
    one.page.keyboard.press("Tab")
    one.sees("Vous avez changé cette réponse sur un autre appareil.").sees("Titre de l’autre").sees(
        "Mon titre"
    )
    one.sees("Titre de l’autre").sees("Mon titre").sees("Une réponse n’est pas encore enregistrée.").is_well()
    one.page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(one.page.get_by_label("Titre du projet")).to_be_focused()
    one.page.reload()
    one.sees("Titre de l’autre")
    one.page.get_by_role("button", name="Garder ma saisie").click()
    kept(one, dossier.id, "project", "title", "Mon titre")
    two.types("Titre du projet", "Encore un autre")
    two.page.keyboard.press("Tab")
    two.sees("Vous avez changé cette réponse sur un autre appareil.")
    two.page.get_by_role("button", name="Prendre celle du dossier").click()
    assert two.value_of("Titre du projet") == "Mon titre"
    two.presses("Enregistrer").reads_title("Mon titre")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_two_different_people_on_one_draft(site: Site, lang: str) -> None:
    """Two who act for one organisation, and bear one name: each is told of the other, by day and hour."""
    site.everybody_reads(lang)
    world = site.world
    dossier = applications.filled(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Person, world.rival.id).name = world.holder.name
        tx.session.add(Representative(organisation_id=world.tifaout, person_id=world.rival.id, since=tx.now))
    one, other = site.reader("holder", lang), site.reader("rival", lang, phone=True)
    for window in (one, other):
        opens(window, dossier.id, "project")
    one.types("Titre du projet", "Titre de l’une")
    one.page.keyboard.press("Tab")
    kept(one, dossier.id, "project", "title", "Titre de l’une")
    other.types("Ce que vous voulez faire, et pour qui", "Un résumé.")  # another field: merged
    other.types("Titre du projet", "Titre de l’autre")
    other.page.keyboard.press("Tab")
    other.sees("Quelqu’un d’autre a changé cette réponse.").sees("Titre de l’une").sees("Titre de l’autre")
    other.sees(format_date(local(datetime.now(UTC)), lang, "weekday")).sees(world.holder.name).is_well()
    assert content(dossier.id)["project"]["summary"] == "Un résumé."
    other.page.get_by_role("button", name=other.words("Garder ma saisie")).click()
    kept(other, dossier.id, "project", "title", "Titre de l’autre")
    one.goes_to(f"/applications/{dossier.id}/history?section=project").is_well()
    latest = one.page.locator(".changes li").filter(has_text="Titre de l’autre").first
    latest.get_by_role("button", name=one.words("Remettre la réponse d’avant")).click()
    kept(one, dossier.id, "project", "title", "Titre de l’une")
    one.goes_to(f"/applications/{dossier.id}").reads_title("Titre de l’une")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_what_was_typed_in_a_row_that_was_removed_is_told_once(site: Site, lang: str) -> None:
    site.reads("holder", lang)
    lines = [{"label": f"Machine {n}", "kind": "investment", "amount_centimes": 100} for n in range(6)]
    dossier = applications.filled(site.world, budget={"lines": lines})
    holder = site.reader("holder", lang, phone=True)
    opens(holder, dossier.id, "budget")
    holder.context.set_offline(True)
    holder.page.locator('[data-row="5"] > fieldset > details > summary').click()  # many lines are folded
    holder.page.locator('[name="lines.5.label"]').fill("Machine à décortiquer")
    holder.page.keyboard.press("Tab")
    holder.sees("Gardé sur ce téléphone, sera envoyé au retour du réseau.")
    gone = [Change(uuid4(), "budget", "lines", lines, lines[:2])]
    with transaction(site.world.holder) as tx:
        assert [one.fate for one in autosave.apply(tx, dossier.id, gone)[1]] == [Fate.KEPT]
    holder.context.set_offline(False)
    holder.page.locator(".differs").wait_for()
    holder.page.reload()
    holder.inspector.heard.clear()  # the browser told of the network that was away
    holder.sees("Machine à décortiquer").sees(
        "Une ligne a été retirée entre-temps. Ce que vous y aviez écrit n’est pas enregistré :"
    ).is_well()
    holder.page.get_by_role("button", name=holder.words("J’ai lu")).click()
    holder.does_not_see("Machine à décortiquer")
    holder.page.reload()
    holder.does_not_see("Machine à décortiquer")
    holder.presses("Enregistrer").reads_title({lang: applications.CONTENT["project"]["title"]})


def test_what_is_refused_is_not_said_to_be_kept(site: Site) -> None:
    dossier = applications.filled(site.world, financing={})
    holder = site.reader("holder", phone=True)
    opens(holder, dossier.id, "financing")
    holder.types("Apport en argent", "beaucoup").types("Demandé à l’INDH", "100 000,50")
    holder.page.keyboard.press("Tab")
    kept(holder, dossier.id, "financing", "indh_centimes", 10_000_050)
    holder.sees("Une réponse n’est pas encore enregistrée.").is_well()
    holder.does_not_see("Enregistré à {time}", time="")
    holder.page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(holder.page.locator(".error-summary")).to_be_focused()  # it leads to the field
    holder.page.keyboard.press("Tab")
    holder.page.keyboard.press("Enter")
    expect(holder.page.locator("#own_cash_centimes")).to_be_focused()
    holder.sees("Une réponse n’est pas encore enregistrée.").is_well()
    holder.types("Apport en argent", "5 000")
    holder.page.keyboard.press("Tab")
    kept(holder, dossier.id, "financing", "own_cash_centimes", 500_000)
    holder.sees("Enregistré à {time}", time="").is_well()


def test_amounts_are_whole_on_a_phone(site: Site) -> None:
    """Beside another field there is no room for « 100 000,50 » and its unit."""
    dossier = applications.filled(site.world)
    holder = site.reader("holder", phone=True)
    for section in ("budget", "financing", "plan"):
        opens(holder, dossier.id, section)
        cut = holder.page.evaluate(
            """[...document.querySelectorAll('input[inputmode=decimal]')].filter((one) => {
              one.value = '100 000,50';
              return one.scrollWidth > one.clientWidth;
            }).map((one) => one.name)"""
        )
        assert not cut


def test_two_tabs_share_one_queue_and_another_account_none_of_it(site: Site) -> None:
    dossier = applications.filled(site.world)
    holder = site.reader("holder")
    opens(holder, dossier.id, "project")
    second = holder.context.new_page()
    second.goto(f"{site.base}/applications/{dossier.id}/project")
    holder.context.set_offline(True)
    holder.types("Titre du projet", "Hors ligne")
    holder.page.keyboard.press("Tab")
    expect(second.get_by_label("Titre du projet")).to_have_value("Hors ligne")
    holder.context.clear_cookies()
    holder.context.add_cookies([site.cookie("rival")])
    holder.context.set_offline(False)
    other = holder.context.new_page()
    other.goto(f"{site.base}/my")
    holder.sees("Votre session a pris fin.")
    assert content(dossier.id)["project"]["title"] != "Hors ligne"
    other.goto(f"{site.base}/applications/{dossier.id}/project")
    assert "Hors ligne" not in other.content()
    assert not [name for name in other.evaluate("caches.keys()") if str(site.world.holder.id) in name]
    holder.context.clear_cookies()
    holder.context.add_cookies([site.cookie("holder")])
    holder.goes_to("/my")  # any page of hers sends what waits
    kept(holder, dossier.id, "project", "title", "Hors ligne")
    holder.inspector.heard.clear()  # the browser told of the refusals


def test_signing_out_asks_before_it_takes_what_waits_away(site: Site) -> None:
    dossier = applications.filled(site.world)
    holder = site.reader("holder", phone=True)
    opens(holder, dossier.id, "project")
    holder.page.route("**/fields", lambda route: route.abort())
    holder.types("Titre du projet", "Jamais envoyé")
    holder.page.keyboard.press("Tab")
    holder.sees("Gardé sur ce téléphone, sera envoyé au retour du réseau.")
    asked: list[str] = []
    answers = [False, True]

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        (dialog.accept if answers.pop(0) else dialog.dismiss)()

    holder.page.on("dialog", answer)
    menu = holder.page.get_by_label("Menu", exact=True).locator("visible=true").first
    menu.click()
    leave = holder.page.get_by_role("button", name="Se déconnecter").locator("visible=true").first
    leave.click()
    assert asked
    assert "/project" in holder.path
    with holder.page.expect_navigation():
        leave.click()
    assert not holder.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('indh:'))")
    assert not holder.page.evaluate(
        "caches.keys().then(all => all.filter(name => name.startsWith('indh-pages')))"
    )
    holder.inspector.heard.clear()


@pytest.mark.parametrize(
    ("lang", "away", "unsure"),
    [
        ("fr", "Pas de réseau", "Vérifiez avant de recommencer"),
        ("ar", "لا توجد شبكة", "تحققوا قبل إعادة المحاولة"),
    ],
)
def test_without_network_the_page_is_ours(site: Site, lang: str, away: str, unsure: str) -> None:
    """A page never opened, a form's button: her language says what is kept and what to do."""
    site.reads("holder", lang)
    dossier = applications.filled(site.world)
    holder = site.reader("holder", lang, phone=True)
    opens(holder, dossier.id, "project")
    holder.context.set_offline(True)
    holder.page.goto(f"{site.base}/applications/{dossier.id}/plan")
    expect(holder.page.locator("h1")).to_have_text(away)
    expect(holder.page.locator("html")).to_have_attribute("lang", lang)
    holder.page.goto(f"{site.base}/my")  # any page of the platform
    expect(holder.page.locator("h1")).to_have_text(away)
    holder.page.goto(f"{site.base}/applications/{dossier.id}/project")  # the copy
    holder.page.evaluate("document.querySelector('main form[method=post]').submit()")
    expect(holder.page.locator("h1")).to_have_text(unsure)
    holder.context.set_offline(False)
    holder.page.locator("a.button").click()
    expect(holder.page.locator("main form[method=post]").first).to_be_visible()
    assert holder.path.endswith("/project")
    holder.inspector.heard.clear()  # the browser told of the network that was away


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_section_is_well(site: Site, lang: str) -> None:
    site.reads("holder", lang)
    rich = {
        "budget": {
            "lines": [{"label": "Presse", "kind": "investment", "quantity": 2, "unit_price_centimes": 100}]
        },
        "financing": {"indh_centimes": 10**9, "partners": [{"name": "Commune", "amount_centimes": 5}]},
        "plan": {"products": [{"name": "Huile", "price_centimes": 5}]},
    }
    dossier = applications.filled(site.world, **rich)
    holder = site.reader("holder", lang, phone=True)
    for section in ("organisation", "members", *SECTIONS, "history", "check"):
        holder.goes_to(f"/applications/{dossier.id}/{section}").is_well()


def test_the_deposit_is_held_while_an_answer_waits_on_the_telephone(site: Site) -> None:
    """Held with its reason; the other choice asks; a network that comes back frees it."""
    dossier = applications.filled(site.world)
    holder = site.reader("holder", phone=True)
    opens(holder, dossier.id, "project")
    account = holder.page.evaluate("indh.account")
    entry = {"id": "x", "app": str(dossier.id), "section": "project", "field": "title", "state": "conflict"}
    holder.page.evaluate(
        "([k, e]) => localStorage.setItem(k, e)", [f"indh:q:{account}:1:x", json.dumps(entry)]
    )
    holder.page.goto(f"{holder.page.url.rsplit('/', 1)[0]}/check")
    deposit = holder.page.locator("[data-deposit] button")
    expect(deposit).to_be_disabled()
    expect(holder.page.locator("#unsent-why")).to_be_visible()
    holder.page.get_by_role("button", name="Déposer sans ces réponses").click()
    holder.sees("Le dossier sera déposé sans elles.")
    holder.page.go_back()
    holder.page.evaluate("k => localStorage.removeItem(k)", f"indh:q:{account}:1:x")
    holder.page.reload()
    expect(deposit).to_be_enabled()
    expect(holder.page.locator("[data-without]")).to_be_hidden()
