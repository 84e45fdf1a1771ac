"""Two windows on one thing, a session that ends, the network that goes: nothing typed is lost."""

from copy import copy
from uuid import UUID

import pytest

from tests.applications import given as applications
from tests.journeys import tale as told
from tests.journeys.inspection import Inspector
from tests.journeys.reader import Reader
from tests.journeys.site import Site
from tests.journeys.tale import FR
from tests.reviews import given as reviews
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]


def test_two_windows_on_one_section(site: Site) -> None:
    """The later save, made from an older version, is not kept over the other: both are shown."""
    dossier = applications.filled(site.world)
    one, two = site.reader("holder", script=False), site.reader("holder", phone=True, script=False)
    for window in (one, two):
        window.goes_to(f"/applications/{dossier.id}/project").sees("Titre du projet")
    one.types("Titre du projet", "Huile d'argan, premier titre").presses("Enregistrer")
    two.types("Titre du projet", "Huile d’argan, second titre").presses("Enregistrer")
    two.sees("Ce dossier a été modifié entre-temps.").sees("Huile d'argan, premier titre")
    two.sees("Huile d’argan, second titre").sees("Votre saisie, pas encore enregistrée")
    one.goes_to(f"/applications/{dossier.id}").reads_title("Huile d'argan, premier titre")
    two.presses("Enregistrer").reads_title("Huile d’argan, second titre")


def test_two_windows_on_one_review(site: Site) -> None:
    made = reviews.opened(site.world)
    one, two = site.reader("evaluator"), site.reader("evaluator", script=False)
    for window in (one, two):
        window.goes_to(f"/reviews/{made.id}").sees("Signer et passer au suivant")
    first = told.CALL.grid.criteria[0]
    for window, level, note in ((one, 3, "La première fenêtre."), (two, 1, "La seconde fenêtre.")):
        with window.within(window.page.locator(f'[id="marks.{first.code}"]')):
            window.chooses(dict(first.levels[level])).types("Pourquoi cette note ?", note)
        window.presses("Enregistrer")
    two.sees("Cette évaluation a changé dans une autre fenêtre").sees("La première fenêtre.")
    with two.within(two.page.locator(f'[id="marks.{first.code}"]')):
        assert two.value_of("Pourquoi cette note ?") == "La seconde fenêtre."
    one.goes_to(f"/reviews/{made.id}").sees("La première fenêtre.")


def _two_windows_refused(site: Site) -> tuple[Reader, Reader, UUID]:
    """One mark saved in the second window, then another refused in the first."""
    made = reviews.opened(site.world)
    first = site.reader("evaluator").goes_to(f"/reviews/{made.id}")
    second = copy(first)  # another window of the same browser
    second.page = first.context.new_page()
    second.inspector = Inspector(second.page, site.found)
    second.goes_to(f"/reviews/{made.id}")
    second.page.keyboard.press("1")
    second.sees_marked(25).sees("Enregistré à {time}", time="")
    first.page.keyboard.press("4")
    first.sees("Cette évaluation a changé dans une autre fenêtre")
    first.inspector.heard.clear()  # the browser told of the refusal
    assert reviews.assignment(made.id).marks == {"impact": 1}
    return first, second, made.id


def _chooses(reader: Reader, words: str) -> None:
    reader.page.get_by_role("button", name=words).click()


def _keeps(reader: Reader, review: UUID, level: int) -> None:
    """It is what the page shows, and still what is stored once another mark was saved from it."""
    assert reader.page.locator('input[name="marks.impact"]:checked').get_attribute("value") == str(level)
    reader.page.evaluate("""() => {
      const next = [...document.querySelectorAll(".criterion input[type=radio][value='2']")].find(
        (one) => one.name !== "marks.impact");
      next.checked = true; next.dispatchEvent(new Event("change", { bubbles: true })); }""")
    reader.sees("Enregistré à {time}", time="").page.wait_for_function(
        "() => !localStorage.getItem('review:' + document.querySelector('[data-review]').dataset.review)"
    )
    assert reviews.assignment(review).marks["impact"] == level


def test_taking_back_what_is_saved_drops_the_refused_mark(site: Site) -> None:
    first, _, review = _two_windows_refused(site)
    first.follows("Reprendre ce qui est enregistré")
    first.does_not_see("Une saisie plus ancienne attend sur cet appareil")
    _keeps(first, review, 1)


def test_a_refused_mark_comes_back_beside_what_is_saved_and_she_chooses(site: Site) -> None:
    """In either window, loading the page again saves nothing by itself."""
    first, second, review = _two_windows_refused(site)
    for window in (first, second):
        window.goes_to(f"/reviews/{review}").sees("Une saisie plus ancienne attend sur cet appareil")
        window.is_well()
        assert window.page.locator('input[name="marks.impact"]:checked').get_attribute("value") == "1"
    _chooses(first, "Reprendre la saisie de cet appareil")
    _keeps(first, review, 4)


def test_the_saved_mark_is_kept_when_she_says_so(site: Site) -> None:
    first, _, review = _two_windows_refused(site)
    first.goes_to(f"/reviews/{review}")
    _chooses(first, "Garder ce qui est enregistré")
    _keeps(first, review, 1)


def test_the_network_that_goes_is_said_before_anything_is_marked(site: Site) -> None:
    made = reviews.opened(site.world)
    evaluator = site.reader("evaluator").goes_to(f"/reviews/{made.id}")
    evaluator.sees("Vos notes s’enregistrent au fur et à mesure.")
    evaluator.context.set_offline(True)
    evaluator.sees("Hors ligne : ce que vous notez sera gardé sur cet appareil")
    evaluator.context.set_offline(False)
    evaluator.sees("Vos notes s’enregistrent au fur et à mesure.")
    evaluator.inspector.heard.clear()


def test_a_review_marked_while_the_network_is_gone(site: Site) -> None:
    """Kept on the device and said so; sent when the network is back."""
    made = reviews.opened(site.world)
    evaluator = site.reader("evaluator").goes_to(f"/reviews/{made.id}")
    evaluator.sees("Signer et passer au suivant")
    evaluator.context.set_offline(True)
    evaluator.page.keyboard.press("4")
    evaluator.sees("Gardé sur cet appareil, part au retour du réseau")
    evaluator.context.set_offline(False)
    evaluator.sees_marked(25)
    evaluator.inspector.heard.clear()  # the browser told of the network that was away
    assert reviews.assignment(made.id).marks == {"impact": 4}


TYPED = "Un résumé long, écrit\nsur deux lignes, avec l'apostrophe et « des guillemets »."


def test_a_session_that_ends_in_the_middle_of_a_section(site: Site) -> None:
    """Without scripts: she signs in again, is told what is kept, finds what she had typed, and saves it."""
    dossier = applications.filled(site.world)
    holder = site.reader("holder", phone=True, script=False)
    holder.goes_to(f"/applications/{dossier.id}/project")
    holder.types("Titre du projet", FR.title).types("Ce que vous voulez faire, et pour qui", TYPED)
    site.expire_sessions("holder")
    holder.presses("Enregistrer")
    holder.sees("Votre session a pris fin").sees("Ce que vous avez saisi est gardé.")
    holder.types("Adresse électronique", "holder@exemple.test").types("Mot de passe", "faux, tout faux")
    holder.presses("Se connecter").sees("Ce que vous avez saisi est gardé.")  # a slip loses nothing either
    holder.types("Mot de passe", PASSWORD).presses("Se connecter")
    holder.reads_title("Vous êtes de nouveau connecté")
    holder.presses("Renvoyer ce que j’avais saisi").reads_title(FR.title)
    holder.goes_to(f"/applications/{dossier.id}/project")
    assert holder.value_of("Ce que vous voulez faire, et pour qui").replace("\r\n", "\n") == TYPED


def test_a_session_that_ends_while_fields_are_kept_one_by_one(site: Site) -> None:
    """What is typed waits in the browser; once she signed in again it is sent by itself."""
    dossier = applications.filled(site.world)
    holder = site.reader("holder", phone=True).goes_to(f"/applications/{dossier.id}/project")
    site.expire_sessions("holder")
    holder.types("Titre du projet", FR.title).types("Ce que vous voulez faire, et pour qui", TYPED)
    holder.page.get_by_role("button", name="Enregistrer", exact=True).click()
    holder.sees("Votre session a pris fin. Ce que vous avez saisi est gardé sur ce téléphone.")
    holder.inspector.heard.clear()  # the browser told of the refusal
    holder.is_well()
    with holder.within(holder.page.locator("#saved-note")):
        holder.follows("Se connecter")
    holder.types("Adresse électronique", "holder@exemple.test").types("Mot de passe", PASSWORD)
    holder.presses("Se connecter").sees("Enregistré à {time}", time="")
    assert holder.value_of("Ce que vous voulez faire, et pour qui") == TYPED
    holder.presses("Enregistrer").reads_title(FR.title)


def test_a_session_that_ends_while_scoring(site: Site) -> None:
    """The mark that could not be saved comes back with the page, after she signed in again."""
    made = reviews.opened(site.world)
    evaluator = site.reader("evaluator").goes_to(f"/reviews/{made.id}")
    evaluator.sees("Signer et passer au suivant")
    site.expire_sessions("evaluator")
    evaluator.page.keyboard.press("4")
    evaluator.page.wait_for_url(lambda url: "/sign-in" in url)
    evaluator.types("Adresse électronique", "evaluator@exemple.test").types("Mot de passe", PASSWORD)
    evaluator.presses("Se connecter").reads_title("Huile d’argan 1").sees_marked(25)
    assert reviews.assignment(made.id).marks == {"impact": 4}
