"""Stepping aside without a conflict, and who reads what by the officer's hand."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.core import jobs
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.reviews import commands, queries
from backend.reviews.models import AssignmentState
from tests.reviews import given
from tests.reviews.test_commands import events, refused

API = "/api/v1"
HTML = {"accept": "text/html"}


# -- abstention ------------------------------------------------------------------------------------------


def test_who_abstains_is_out_of_averages_and_somebody_else_is_found(world: Any) -> None:
    dossier = given.eligible(world)[0]
    mine = given.opened(world, "evaluator", dossier)
    given.signed(world, "second", dossier, 3)
    with transaction(world.evaluator) as tx:
        saved = commands.save(tx, mine.id, given.marks(1), {"impact": "Faible."}, None)
    with transaction(world.evaluator) as tx:
        commands.abstain(tx, mine.id, "Je ne connais pas la filière.", saved.version)
    left = given.assignment(mine.id)
    assert (left.state, left.marks, left.notes, left.total_hundredths) == ("abstained", {}, {}, 0)
    assert left.abstention_reason == "Je ne connais pas la filière."
    assert left.recusal_reason is None
    kept = given.standing(dossier)
    assert kept
    assert (kept.reviews, kept.score_hundredths) == (1, 7500)
    jobs.drain()
    with transaction(world.officer) as tx:
        (need,) = queries.board(tx, world.call).needs
        assert need.active == 2
        assert len(need.reviewers) == 3
    assert len(events("assignment.abstained")) == 1


def test_an_abstention_needs_its_reason_an_open_dossier_and_the_current_version(world: Any) -> None:
    mine = given.opened(world)
    with transaction(world.evaluator) as tx, refused("review_reason_required", 422):
        commands.abstain(tx, mine.id, "  ", mine.version)
    with transaction(world.evaluator) as tx, refused("version_conflict", 412):
        commands.abstain(tx, mine.id, "Filière", 1)
    (fresh,) = given.assigned(world, "second", application_id=mine.application_id)
    with transaction(world.second) as tx, refused("wrong_state", 409):
        commands.abstain(tx, fresh.id, "Filière", fresh.version)


@pytest.mark.parametrize("name", ["second", "officer", "chair", "auditor", "stranger", "holder"])
def test_nobody_abstains_for_another(world: Any, name: str) -> None:
    mine = given.opened(world)
    with pytest.raises(Problem) as refusal, transaction(world.people[name]) as tx:
        commands.abstain(tx, mine.id, "Filière", mine.version)
    assert refusal.value.status in (403, 404)


def test_after_an_abstention_the_dossier_is_closed_to_her(world: Any, client: Any) -> None:
    mine = given.opened(world)
    browser = client("evaluator")
    answer = browser.post(
        f"{API}/assignments/{mine.id}/abstain", json={"reason": "Filière"}, headers={"if-match": '"2"'}
    )
    assert answer.json()["state"] == "abstained"
    assert browser.get(f"{API}/assignments/{mine.id}/dossier").status_code == 404
    assert browser.get(f"{API}/applications/{mine.application_id}/field-notes").status_code == 404
    page = browser.get(f"/reviews/{mine.id}", headers=HTML)
    assert page.status_code == 200
    assert "Presse" not in page.text
    assert "Abstention" in browser.get("/reviews").text
    told = client("officer").get(f"/das/assignments/{mine.id}").text
    assert "Filière" in told


# -- taken back, given to another, reread ----------------------------------------------------------------


def test_what_is_taken_back_tells_her_nothing_any_more(world: Any, client: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    with transaction(world.officer) as tx:
        commands.withdraw(tx, made.id, "Confié par erreur")
    assert given.assignment(made.id).withdrawal_reason == "Confié par erreur"
    browser = client("evaluator")
    assert browser.get(f"{API}/assignments/{made.id}").status_code == 404
    assert browser.get(f"{API}/assignments?mine=true").json()["items"] == []
    assert browser.get(f"/reviews/{made.id}", headers=HTML).status_code == 404
    assert "Votre pile est vide" in browser.get("/reviews").text
    assert events("assignment.withdrawn")[0].data["reason"] == "Confié par erreur"


def test_only_what_is_not_opened_is_taken_back(world: Any) -> None:
    mine = given.opened(world)
    with transaction(world.officer) as tx, refused("wrong_state", 409):
        commands.withdraw(tx, mine.id, "Trop tard")
    (fresh,) = given.assigned(world, "second", application_id=mine.application_id)
    with transaction(world.officer) as tx, refused("invalid", 422):
        commands.withdraw(tx, fresh.id, " ")
    for name in ("second", "chair", "auditor", "stranger", "holder"):
        with pytest.raises(Problem) as refusal, transaction(world.people[name]) as tx:
            commands.withdraw(tx, fresh.id, "Non")
        assert refusal.value.status in (403, 404)


def test_it_may_be_given_again_as_new(world: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    with transaction(world.officer) as tx:
        commands.withdraw(tx, made.id, "Erreur")
    with transaction(world.officer) as tx:
        again = commands.assign(tx, made.application_id, world.evaluator.id)
        assert (again.id, again.state, again.withdrawal_reason) == (made.id, "assigned", None)
        assert again.assigned_at > made.assigned_at
    assert len(events("assignment.created")) == 2


def test_sharing_out_does_not_give_it_back_to_her(world: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    with transaction(world.officer) as tx:
        commands.withdraw(tx, made.id, "Erreur")
    with transaction(world.officer) as tx:
        done = commands.assign_call(tx, world.call)
        assert world.evaluator.id not in {one.evaluator_id for one in done.created}


def test_somebody_else_reads_it_or_nothing_changes(world: Any, client: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    given.tied(world, "conflicted", world.tifaout)
    path, officer = f"{API}/assignments/{made.id}/withdraw", client("officer")
    body = {"reason": "Absente ce mois", "evaluator_id": str(world.conflicted.id)}
    assert officer.post(path, json=body).json()["code"] == "evaluator_tied"
    assert given.assignment(made.id).state is AssignmentState.ASSIGNED
    done = officer.post(path, json=body | {"evaluator_id": str(world.second.id)})
    assert done.json()["evaluator_id"] == str(world.second.id)
    assert datetime.fromisoformat(done.json()["due_at"]) >= made.due_at > datetime.now(UTC)
    assert given.assignment(made.id).state is AssignmentState.WITHDRAWN
    (other,) = given.assigned(world, "third", application_id=made.application_id)
    bare = officer.post(f"{API}/assignments/{other.id}/withdraw", json={"reason": "Trop chargée"})
    assert bare.json()["state"] == "withdrawn"


def apart(world: Any) -> Any:
    """A dossier on which two readers disagree."""
    dossier = given.eligible(world)[0]
    given.signed(world, "evaluator", dossier, 4)
    given.signed(world, "second", dossier, 1)
    return dossier


def test_a_discordant_dossier_goes_to_a_third_reader_once(world: Any, client: Any) -> None:
    dossier = apart(world)
    given.tied(world, "conflicted", world.tifaout)
    officer = client("officer")
    made = officer.post(f"{API}/standings/{dossier}/reread")
    assert (made.status_code, made.json()["evaluator_id"]) == (201, str(world.third.id))
    again = officer.post(f"{API}/standings/{dossier}/reread")
    assert (again.status_code, again.json()["code"]) == (409, "not_discordant")


def test_a_third_reader_is_refused_where_there_is_no_need_or_nobody(world: Any) -> None:
    dossier = apart(world)
    for name in ("conflicted", "third"):
        given.tied(world, name, world.tifaout)
    with transaction(world.officer) as tx, refused("nobody_free", 409):
        commands.reread(tx, dossier)
    given.tied(world, "officer", world.tifaout)
    with transaction(world.officer) as tx, refused("forbidden", 403):
        commands.reread(tx, dossier)
    for name in ("evaluator", "chair", "stranger", "auditor", "holder"):
        with pytest.raises(Problem) as refusal, transaction(world.people[name]) as tx:
            commands.reread(tx, dossier)
        assert refusal.value.status in (403, 404)


def test_whom_a_dossier_may_be_given_to(world: Any) -> None:
    dossier = given.eligible(world)[0]
    given.assigned(world, "evaluator", application_id=dossier)
    given.tied(world, "conflicted", world.tifaout)
    with transaction(world.second) as tx:
        commands.know(tx, world.second.id, ["argan"], None)
    with transaction(world.officer) as tx:
        found = {one.person_id: one for one in queries.giving(tx, dossier).candidates}
    assert not found[world.evaluator.id].free
    assert found[world.evaluator.id].carried == 1
    assert found[world.conflicted.id].tied
    assert found[world.second.id].free
    for name in ("chair", "evaluator", "stranger", "holder", "auditor"):
        with transaction(world.people[name]) as tx, refused("not_found", 404):
            queries.giving(tx, dossier)
