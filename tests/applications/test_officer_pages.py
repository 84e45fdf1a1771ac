"""The officer's pages: what an act does is said before it is done; who has no business there is kept out."""

import re
from typing import Any

import pytest

from backend.applications.models import ApplicationState
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.people.models import Organisation, Person
from tests.applications import given
from tests.applications.test_commands import TOO_MUCH
from tests.applications.test_pages import get, kept, post, visible


def test_an_officer_decides_one_file(world: Any, client: Any) -> None:
    call = given.open_call(world)
    good, bad = given.submitted(world, call), given.submitted(world, call, "rival", financing=TOO_MUCH)
    browser = client("officer")
    post(browser, f"/das/applications/{bad.id}/admit", 409)
    answer = post(browser, f"/das/applications/{good.id}/refuse", 422, reason=" ")
    assert "raison" in answer.text
    post(browser, f"/das/applications/{good.id}/admit")
    post(browser, f"/das/applications/{good.id}/admit", 409)
    post(browser, f"/das/applications/{bad.id}/refuse", reason="Le montant dépasse le plafond.")
    assert "Le montant dépasse le plafond." in get(client("rival"), f"/applications/{bad.id}")
    post(client("holder"), f"/das/applications/{good.id}/admit", 403)
    assert get(browser, f"/das/applications/{good.id}/admit", 303) == ""  # done: nothing to confirm


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("verb", ["admit", "refuse"])
def test_an_act_on_one_file_is_confirmed_first(world: Any, client: Any, lang: str, verb: str) -> None:
    made = given.submitted(world)
    browser = client("officer")
    path = f"/das/applications/{made.id}"
    file = get(browser, path, lang=lang)
    assert f'action="{path}/{verb}"' not in file  # nothing is done from the file's own page
    assert f'href="{path}/{verb}"' in file
    asked = get(browser, f"{path}/{verb}", lang=lang)
    assert {"fr": "Ce geste ne se défait pas", "ar": "لا يمكن التراجع"}[lang] in asked
    assert f'action="{path}/{verb}"' in asked
    assert kept(made).state is ApplicationState.SUBMITTED
    get(client("auditor"), f"{path}/{verb}", 403)
    get(client("holder"), f"{path}/{verb}", 403)
    get(client("rival"), f"{path}/{verb}", 404)


def test_a_reason_that_was_missing_is_asked_where_it_was(world: Any, client: Any) -> None:
    made = given.submitted(world)
    path = f"/das/applications/{made.id}/refuse"
    answer = post(client("officer"), path, 422, reason=" ")
    assert f'action="{path}"' in answer.text
    assert 'name="reason"' in answer.text


def test_a_refusal_that_comes_too_late_gives_its_reason_back(world: Any, client: Any) -> None:
    """A colleague admitted the dossier in another tab: what was written is not lost."""
    made = given.submitted(world)
    browser, path = client("officer"), f"/das/applications/{made.id}"
    post(browser, f"{path}/admit")
    late = post(browser, f"{path}/refuse", 409, reason="Le siège est hors de la province.")
    assert "Ce que vous aviez écrit" in late.text
    assert "Le siège est hors de la province." in late.text


def test_what_is_too_long_is_refused_and_never_cut(world: Any, client: Any) -> None:
    made = given.submitted(world)
    browser, path = client("officer"), f"/das/applications/{made.id}"
    refused = post(browser, f"{path}/refuse", 422, reason="x" * 2001)
    assert "x" * 2001 in refused.text
    asked = post(browser, f"{path}/return", 422, items="project", note="y" * 2001)
    assert "y" * 2001 in asked.text
    assert kept(made).state is ApplicationState.SUBMITTED


def test_what_was_asked_of_the_holder_is_read_again_without_hidden_marks(world: Any, client: Any) -> None:
    made = given.submitted(world)
    browser, path = client("officer"), f"/das/applications/{made.id}"
    post(browser, f"{path}/return", items="project", note="Le devis \u202esigné.")
    assert "Le devis signé." in get(browser, path)
    assert "Le devis signé." in get(client("holder"), f"/applications/{made.id}")


def test_screening_does_what_was_shown_or_shows_it_again(world: Any, client: Any) -> None:
    call = given.open_call(world)
    made = given.submitted(world, call)
    browser, path = client("officer"), f"/das/calls/{call.id}/screening"
    page = get(browser, path)
    assert "1 dossier ira à l’évaluation." in page
    assert "0 recevables" not in re.sub(r"\s+", " ", visible(page))
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    given.submitted(world, call, "rival", financing=TOO_MUCH)
    again = post(browser, path, 409, seen=seen).text
    assert "Les dossiers à juger ont changé" in again
    assert "1 dossier n’ira pas à l’évaluation." in again
    assert kept(made).state is ApplicationState.SUBMITTED
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', again)
    post(browser, path, seen=seen)
    assert kept(made).state is ApplicationState.ELIGIBLE


def test_the_dossiers_of_a_call_are_for_her_officers_and_overseers(world: Any, client: Any) -> None:
    call = given.open_call(world)
    made = given.submitted(world, call)
    get(client("holder"), f"/das/applications/{made.id}", 403)
    path = f"/das/calls/{call.id}/applications"
    assert "/screening" in get(client("officer"), path)
    assert "/screening" not in get(client("auditor"), path)
    for name in ("officer", "auditor", "coordination", "administrator"):
        get(client(name), path)
    for name in ("holder", "rival", "evaluator", "chair", "coach", "stranger"):
        get(client(name), path, 404)


def test_the_file_says_who_to_call(world: Any, client: Any) -> None:
    made = given.submitted(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Person, world.holder.id).phone = "+212612345678"
        tx.session.get_one(Organisation, world.tifaout).phone = "+212528000000"
    page = get(client("officer"), f"/das/applications/{made.id}")
    assert f'href="/organisations/{world.tifaout}"' in page
    for phone in ("+212612345678", "+212528000000"):
        assert f'href="tel:{phone}"' in page
    assert "Holder" in visible(page)
