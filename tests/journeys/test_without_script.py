"""The paths that nobody may lose, once more without JavaScript: applying, judging."""

from datetime import timedelta

import pytest

from tests.calls import given as calls
from tests.journeys import story
from tests.journeys import tale as told
from tests.journeys.site import Site
from tests.journeys.tale import FR, PASSWORD
from tests.reviews import given as reviews

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]


def test_a_holder_applies(site: Site) -> None:
    calls.published(site.world, closes_at=calls.NOW + timedelta(days=10))
    holder = site.reader(None, phone=True, script=False)
    holder.goes_to("/").follows("Voir les conditions").reads_title(told.TITLE)
    holder.follows("Commencer ma candidature")
    assert holder.path.startswith("/sign-in?next=")  # and after her account, back to what she wanted
    holder.goes_to("/register").types("Nom et prénom", FR.name).types("Adresse électronique", FR.email)
    holder.types("Mot de passe", PASSWORD).presses("Ouvrir mon compte")
    holder.sign_in(FR.email, PASSWORD)
    story.enters_her_organisation(holder, FR, members=5)
    story.begins_her_dossier(holder)
    story.fills_every_section(holder, FR)
    code = story.submits(holder, FR)
    holder.page.get_by_label("Menu", exact=True).locator("visible=true").first.click()  # a fold, not a script
    holder.presses("Se déconnecter")
    story.verifies(holder, code)


def test_an_evaluator_judges(site: Site) -> None:
    reviews.assigned(site.world, "evaluator", "second")
    evaluator = site.reader("evaluator", script=False)
    title = "Huile d’argan 1"
    evaluator.goes_to("/reviews").follows("Ouvrir le dossier").chooses("Je n’ai aucun lien")
    evaluator.presses("Enregistrer ma déclaration").reads_title(title)
    evaluator.presses("Signer et passer au suivant").does_not_see("Évaluation signée.")  # nothing marked yet
    for n, criterion in enumerate(told.CALL.grid.criteria):
        place = evaluator.page.locator(f'[id="marks.{criterion.code}"]')
        if not place.is_visible():
            evaluator.opens(dict(criterion.label))
        with evaluator.within(place):
            evaluator.chooses(dict(criterion.levels[3]))
            if n == 0:
                evaluator.types("Pourquoi cette note ?", FR.note)
        if n == 2:
            evaluator.presses("Enregistrer").sees_marked(65)
    evaluator.presses("Signer et passer au suivant").sees("Évaluation signée.")
    conflicted = site.reader("second", script=False)
    conflicted.goes_to("/reviews").follows("Ouvrir le dossier").chooses("J’ai un lien : je me récuse")
    conflicted.types("Quel lien ?", FR.tie).presses("Enregistrer ma déclaration")
    conflicted.sees("Vous êtes récusée ou récusé de ce dossier.").does_not_see(title)
