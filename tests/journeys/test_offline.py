"""A phone in Arabic on a bad network: what is typed waits on it, survives, arrives; two people on a draft."""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
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
