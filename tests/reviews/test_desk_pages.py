"""The pages around reviews: ties, notes, what one knows, who reads a dossier; nothing typed is lost."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.reviews import queries
from tests.reviews import given
from tests.reviews.test_hand import apart
from tests.reviews.test_notes import noted
from tests.reviews.test_ties import suspected, ties
from tests.world import COMMUNE

HTML = {"accept": "text/html"}
TODAY = datetime.now(UTC).date().isoformat()


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_page_in_each_language(world: Any, client: Any, lang: str) -> None:
    tie = suspected(world)
    (call_id,) = {a.call_id for a in listed(world)}
    dossier = listed(world)[0].application_id
    note = noted(world, "officer", dossier)
    for path in (
        "/das/ties",
        "/das/ties?state=all",
        f"/das/ties?state=dismissed&call={call_id}",
        f"/das/ties/{tie.id}",
        f"/field-notes/{dossier}",
        f"/field-notes/{dossier}/{note.id}",
        f"/evaluators/{world.evaluator.id}",
        f"/das/assignments/of/{dossier}/readers",
        f"/das/assignments/{listed(world)[0].id}",
        f"/das/calls/{call_id}/assignments",
    ):
        page = client("officer").get(path, params={"lang": lang} if "?" not in path else None, headers=HTML)
        assert page.status_code == 200, path
        assert "tie_ground." not in page.text
    auditor = client("auditor").get(f"/evaluators/{world.evaluator.id}", params={"lang": lang})
    assert 'type="checkbox"' not in auditor.text


def listed(world: Any) -> list[Any]:
    with transaction(SYSTEM) as tx:
        return queries.listed(tx).items


def test_a_tie_is_decided_on_its_page(world: Any, client: Any) -> None:
    tie = suspected(world)
    officer, path = client("officer"), f"/das/ties/{tie.id}"
    board = officer.get(f"/das/calls/{world.call}/assignments").text
    assert "1 lien à confirmer" in board
    assert "n’a encore rien déclaré" in officer.get(path).text
    assert officer.post(f"{path}/confirm", data={"reason": " "}).status_code == 422
    assert officer.post(f"{path}/marry", data={"reason": "x"}, headers=HTML).status_code == 404
    page = officer.post(f"{path}/dismiss", data={"reason": "Deux familles"})
    assert "Deux familles" in page.text
    assert ties()[0].state == "dismissed"
    again = officer.post(f"{path}/confirm", data={"reason": "Mes mots"})
    assert again.status_code == 409
    assert "Aucun lien à confirmer" in officer.get("/das/ties").text
    assert client("evaluator").get("/das/ties", headers=HTML).status_code == 403


def test_a_dossier_is_given_by_hand(world: Any, client: Any) -> None:
    dossier = given.eligible(world)[0]
    given.tied(world, "conflicted", world.tifaout)
    officer, path = client("officer"), f"/das/assignments/of/{dossier}/readers"
    assert "Confier à Evaluator" in officer.get(path).text
    assert "Confier à Conflicted" not in officer.get(path).text
    done = officer.post(path, data={"evaluator_id": str(world.evaluator.id)})
    assert done.status_code == 200
    assert "Confier à Evaluator" not in done.text
    assert officer.post(path, data={"evaluator_id": str(world.conflicted.id)}).status_code == 409
    assert officer.post(path, data={}).status_code == 422


def test_it_is_taken_back_and_given_to_another_on_its_page(world: Any, client: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    officer, path = client("officer"), f"/das/assignments/{made.id}"
    assert "Reprendre le dossier" in officer.get(path).text
    wrong = officer.post(f"{path}/withdraw", data={"reason": " ", "evaluator_id": str(world.second.id)})
    assert wrong.status_code == 422
    assert re.search(rf'value="{world.second.id}" selected', wrong.text)
    done = officer.post(f"{path}/withdraw", data={"reason": "Absente", "evaluator_id": str(world.second.id)})
    assert done.url.path == f"/das/calls/{made.call_id}/assignments"
    assert "Reprise" in done.text
    assert "Absente" in officer.get(path).text
    other = next(a for a in listed(world) if a.evaluator_id == world.second.id)
    bare = officer.post(f"/das/assignments/{other.id}/withdraw", data={"reason": "Erreur"})
    assert bare.status_code == 200
    mine = given.opened(world, "third", made.application_id)
    assert "Reprendre le dossier" not in officer.get(f"/das/assignments/{mine.id}").text


def test_a_third_reader_in_one_press(world: Any, client: Any) -> None:
    dossier = apart(world)
    officer = client("officer")
    board = officer.get(f"/das/calls/{world.call}/assignments").text
    assert "Envoyer à un autre lecteur" in board
    done = officer.post(f"/das/assignments/of/{dossier}/reread")
    assert "1 lecture confiée" in done.text
    assert "Envoyer à un autre lecteur" not in done.text
    again = officer.post(f"/das/assignments/of/{dossier}/reread")
    assert again.status_code == 409
    assert "Pas de relecture à demander" in again.text


def test_a_note_is_written_read_beside_the_grid_and_corrected(world: Any, client: Any) -> None:
    mine = given.opened(world)
    evaluator, path = client("evaluator"), f"/field-notes/{mine.application_id}"
    wrong = evaluator.post(path, data={"kind": "visit", "words": "Mes mots"})
    assert wrong.status_code == 422
    assert "Mes mots" in wrong.text
    sent = {"kind": "visit", "held_on": TODAY, "present": "Le bureau", "words": "Local <b>prêt</b>"}
    assert "Note enregistrée" in evaluator.post(path, data=sent).text
    scoring = evaluator.get(f"/reviews/{mine.id}").text
    assert "Local &lt;b&gt;prêt&lt;/b&gt;" in scoring
    found = re.search(rf'href="({path}/[0-9a-f-]+)"', scoring)
    assert found
    form = {"held_on": TODAY, "present": "", "version": "1"}
    assert evaluator.post(found[1], data=form | {"words": "Autre fenêtre"}).status_code == 200
    late = evaluator.post(found[1], data=form | {"words": "Mes mots à moi"})
    assert late.status_code == 412
    assert "Mes mots à moi" in late.text
    assert "Autre fenêtre" in late.text
    assert "corrigée" in evaluator.get(path).text
    officer = client("officer")
    assert officer.get(found[1], headers=HTML).status_code == 404, "one corrects one's own"
    assert "Autre fenêtre" in officer.get(path).text
    assert path in officer.get(f"/das/applications/{mine.application_id}").text
    assert evaluator.get(f"/field-notes/{uuid4()}", headers=HTML).status_code == 404
    other = given.opened(world, "evaluator", given.eligible(_another(world))[0])
    wrong_place = found[1].replace(str(mine.application_id), str(other.application_id))
    assert evaluator.get(wrong_place, headers=HTML).status_code == 404


def _another(world: Any) -> Any:
    given.a_call(world, "agadir-other")
    return world


def test_what_one_knows_is_ticked(world: Any, client: Any) -> None:
    evaluator, path = client("evaluator"), f"/evaluators/{world.evaluator.id}"
    assert path in evaluator.get("/reviews").text
    done = evaluator.post(path, data={"chain.argan": "1", "commune.0": COMMUNE, "commune.1": ""})
    assert done.status_code == 200
    assert re.search(r'name="chain.argan"[^>]*checked', done.text)
    assert re.search(rf'value="{COMMUNE}" selected', done.text)
    assert evaluator.post(path, data={"chain.licorne": "1"}).status_code == 422
    assert evaluator.get(f"/evaluators/{world.second.id}", headers=HTML).status_code == 404
    assert "Ce que connaît Evaluator" in client("officer").get(path).text


def test_abstaining_on_the_page_keeps_to_its_reason(world: Any, client: Any) -> None:
    mine = given.opened(world)
    browser = client("evaluator")
    page = browser.get(f"/reviews/{mine.id}").text
    assert "M’abstenir sur ce dossier" in page
    assert browser.post(f"/reviews/{mine.id}/abstain", data={"version": "2"}).status_code == 422
    done = browser.post(f"/reviews/{mine.id}/abstain", data={"version": "2", "reason": "Filière"})
    assert done.url.path == "/reviews"
    assert "Abstention enregistrée" in done.text
    board = client("officer").get(f"/das/calls/{world.call}/assignments").text
    assert "0 + 1" in board
