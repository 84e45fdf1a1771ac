"""An officer makes a whole new call from the template in the editor; in Arabic, and without a script."""

import pytest
from playwright.sync_api import Route

from tests.applications import given as applications
from tests.calls import given as calls
from tests.calls.editor.browsing import RULES
from tests.journeys.reader import Reader
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

POWERED = "[data-htmx-powered]"
"""What htmx has taken charge of: it begins a moment after the page is loaded, sooner than anybody chooses."""


def at(reader: Reader, name: str) -> str:
    return f'[id="{name}"]'


def types(reader: Reader, name: str, text: str) -> None:
    """Into the field of this name."""
    reader.page.locator(at(reader, name)).fill(text)


def picks(reader: Reader, name: str, code: str) -> None:
    """An option by its code; the fields that follow from it are drawn anew."""
    reader.page.locator(f"{at(reader, name)}{POWERED}").wait_for()
    with reader.page.expect_response(lambda answer: answer.url.endswith("/redraw")):
        reader.page.locator(at(reader, name)).select_option(code)
    reader.page.locator(f"{at(reader, name)}:not(.htmx-request)").wait_for()


def presses_act(reader: Reader, act: str) -> None:
    with reader.page.expect_navigation():
        reader.page.locator(f'button[value="{act}"]:visible').first.click()


def test_a_whole_call_from_the_template(site: Site) -> None:
    old = applications.submitted(site.world)
    officer = site.reader("officer")
    officer.goes_to("/das/calls/start").is_well()
    officer.types("Code de l’appel", "agadir-2099").presses("Commencer l’appel")
    officer.reads_title("économie sociale et solidaire").sees("L’appel est en ordre").is_well()
    start = officer.path
    officer.follows("Titre et présentation")
    types(officer, "title.fr", "Appel à projets : femmes et jeunes")
    officer.presses("Enregistrer et continuer").reads_title("Comité et sources")
    officer.presses("Enregistrer et continuer").reads_title("Dates")
    types(officer, "opens_at", "2098-12-01T08:30")
    types(officer, "closes_at", "2098-11-01T16:30")
    officer.sees("1 point à corriger sur cette page")  # before anything is sent
    types(officer, "closes_at", "2099-01-30T16:30")
    officer.sees("60 jours").presses("Enregistrer et continuer").reads_title("Qui peut candidater")
    officer.chooses("association").presses("Enregistrer et continuer").reads_title("Secteurs et filières")
    officer.presses("Enregistrer et continuer").reads_title("Argent")
    picks(officer, "caps.indh_amount.mode", "by")
    types(officer, "caps.indh_amount.case.cooperative.text", "1 000")
    types(officer, "caps.indh_amount.otherwise.text", "100 000")
    officer.sees("100 000,00 DH").presses("Enregistrer et continuer").reads_title("Règles")
    a_rule(officer)
    weights(officer, start)
    officer.goes_to(start).sees("L’appel est en ordre")
    officer.goes_to(f"{start}/dry-run?against={old.call_id}").reads_title("1 dossier serait jugé autrement")
    officer.is_well().sees("1 000,00 DH")
    officer.goes_to(start).follows("Relire avant de publier").reads_title("Publier cet appel ?").is_well()
    officer.sees("Aucun message n’est envoyé").presses("Publier l’appel")
    officer.goes_to("/calls/agadir-2099").reads_title("femmes et jeunes").sees("100 000,00 DH")
    officer.goes_to(start)
    officer.sees("Un appel publié se corrige par un rectificatif")


def begins_with_a_preset(officer: Reader) -> None:
    if not officer.page.locator("details.more[open]").count():
        officer.opens("Partir d’une règle courante")
    presses_act(officer, "add:rules:women_youth")


def a_rule(officer: Reader) -> None:
    """A ready rule, then another condition beside it: more than 90 %, or a firm of less than two years."""
    begins_with_a_preset(officer)
    officer.reads_title("Femmes et jeunes parmi les membres").is_well()
    types(officer, "rules.0.check.v.text", "90")
    officer.sees("doit dépasser strictement 90 %")
    presses_act(officer, "wrap:rules.0.check:any")
    officer.sees("une valeur reste à écrire")
    picks(officer, "rules.0.check.1.fact", "organisation.age_months")
    picks(officer, "rules.0.check.1.op", "less_than")
    types(officer, "rules.0.check.1.v.text", "24")
    officer.sees("24 mois").sees("Cette page est en ordre").is_well()
    officer.presses("Enregistrer et continuer").reads_title("Règles").sees("24 mois")


def weights(officer: Reader, start: str) -> None:
    """A weight changed, the total told as it is typed, then mended."""
    officer.goes_to(f"{start}/grid/0")
    types(officer, "grid.criteria.0.weight", "15")
    officer.sees("Total : 90 sur 100")
    officer.presses("Enregistrer et continuer").reads_title("Grille d’évaluation").sees("Il manque 10.")
    officer.goes_to(start).sees("1 point à corriger").follows("Corriger")
    officer.goes_to(f"{start}/grid/0")
    types(officer, "grid.criteria.0.weight", "25")
    officer.sees("Le compte y est.").presses("Enregistrer")


def test_an_erratum_is_prepared_in_french_and_read_in_arabic(site: Site) -> None:
    call = calls.published(site.world)
    applications.submitted(site.world, call)
    officer = site.reader("officer")
    officer.goes_to(f"/das/calls/{call.id}").follows("Préparer un rectificatif").is_well()
    officer.presses("Préparer un rectificatif").sees("Rectificatif en préparation").is_well()
    start = officer.path
    officer.goes_to(f"{start}/grid/0").sees("ce point ne change plus")
    types(officer, "grid.criteria.0.floor", "1")
    officer.sees("Critère 1, note minimale")  # said while it is typed, before anything is sent
    types(officer, "grid.criteria.0.floor", "")
    officer.sees("Cette page est en ordre")
    officer.goes_to(f"{start}/appeal")
    types(officer, "appeal_days", "45")
    officer.presses("Enregistrer et continuer").goes_to(start).follows("Voir ce qui change")
    officer.reads_title("1 point change").sees("45 jours").sees("1 porteur sera prévenu").is_well()
    reader = site.reader("officer", "ar", phone=True)
    site.everybody_reads("ar")
    reader.goes_to(f"/das/calls/{call.id}/erratum").sees("Un dossier est déjà déposé").is_well()
    reader.sees("Abandonner ce rectificatif")
    site.everybody_reads("fr")
    officer.goes_to(f"/das/calls/{call.id}/erratum")
    officer.types("Raison, en français", "Le délai de recours était trop court.")
    officer.types("Raison, en arabe", "كان أجل التظلم قصيرا.").presses("Publier le rectificatif")
    officer.goes_to(f"/calls/{call.code}").sees("45 jours").sees("Le délai de recours était trop court.")


def test_every_page_is_well_in_arabic_on_a_phone(site: Site) -> None:
    call = calls.draft(site.world, rules=RULES)
    site.everybody_reads("ar")
    officer = site.reader("officer", "ar", phone=True)
    start = f"/das/calls/{call.id}/edit"
    ends = ("", "/issuer", "/who", "/money", "/rules", "/rules/0", "/rules/1", "/grid", "/grid/0")
    for end in (*ends, "/text", "/dry-run"):
        officer.goes_to(start + end).is_well()
    officer.goes_to(f"/das/calls/{call.id}/publish").is_well()


def test_without_a_script(site: Site) -> None:
    """A rule is composed by buttons alone: another fact, another way to give the value, each a page."""
    call = calls.draft(site.world)
    officer = site.reader("officer", script=False)
    start = f"/das/calls/{call.id}/edit"
    officer.goes_to(f"{start}/rules")
    presses_act(officer, "add:rules:members")
    fact = officer.page.locator(at(officer, "rules.0.check.fact"))
    fact.select_option("financing.indh")
    officer.presses("Mettre à jour les champs")
    officer.page.locator(at(officer, "rules.0.check.op")).select_option("at_most")
    officer.presses("Mettre à jour les champs")
    officer.page.locator(at(officer, "rules.0.check.v.mode")).select_option("share")
    officer.presses("Mettre à jour les champs")
    types(officer, "rules.0.check.v.share", "40")
    officer.presses("Enregistrer et continuer").sees("40 %").is_well()
    officer.goes_to(start).sees("L’appel est en ordre")


def test_what_is_typed_while_fields_are_drawn_anew_stays(site: Site) -> None:
    """Another comparison redraws the rule; a slow answer must not put the old threshold and title back."""
    officer = site.reader("officer").goes_to("/das/calls/start")
    officer.types("Code de l’appel", "agadir-2098").presses("Commencer l’appel")
    rule = f"{officer.path}/rules/0"
    officer.follows("Règles")
    begins_with_a_preset(officer)
    page = officer.page
    held: list[Route] = []
    page.route("**/redraw", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks a function)
    op, threshold, title = (
        '[name="rules.0.check.op"]',
        '[name="rules.0.check.v.text"]',
        '[name="rules.0.title.fr"]',
    )
    page.locator(f"{op}{POWERED}").wait_for()
    with page.expect_request("**/redraw"):
        page.select_option(op, "at_least")
    page.fill(threshold, "44")
    page.fill(title, "Typed meanwhile")
    with page.expect_response("**/preview"), page.expect_response("**/redraw"):
        held[0].continue_()
    assert (page.input_value(threshold), page.input_value(title)) == ("44", "Typed meanwhile")
    assert page.input_value(op) == "at_least"
    assert page.evaluate("document.activeElement.name") == "rules.0.title.fr"
    officer.presses("Enregistrer").goes_to(rule)
    assert (page.input_value(threshold), page.input_value(title)) == ("44", "Typed meanwhile")
