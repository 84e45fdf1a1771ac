"""Letters: written with each decision, read by nobody outside before a person releases them."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.decisions import commands, letters
from backend.decisions.models import Decision, DecisionState, Letter, LetterKind, LetterState
from tests.decisions import given
from tests.decisions.test_following import ended, moved_up, voted

HTML = {"accept": "text/html"}


def written(made: list[Decision]) -> None:
    """What the jobs of the adoptions do."""
    with transaction(SYSTEM) as tx:
        letters.queue(tx, [one.id for one in made])


def every() -> list[Letter]:
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(Letter).order_by(Letter.queued_at, Letter.id)))


def test_each_decision_has_its_letter_once(world: Any) -> None:
    made = voted(world)
    written(made)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        assert letters.queue(tx, [one.id for one in made]) == []
    assert sorted(one.kind for one in every()) == ["funded", "funded", "refused", "waiting", "waiting"]
    assert {one.state for one in every()} == {LetterState.QUEUED}


def test_a_letter_whose_decision_was_replaced_before_its_release_is_withdrawn(world: Any) -> None:
    made = voted(world)
    written(made)
    ended(world, made[0].id)
    promoted = moved_up(made[0].id)
    written([made[0], *promoted])
    found = {(one.decision_id, one.kind): one.state for one in every()}
    assert found[made[0].id, LetterKind.FUNDED] is LetterState.WITHDRAWN
    assert found[made[0].id, LetterKind.LAPSED] is LetterState.QUEUED
    assert found[made[2].id, LetterKind.WAITING] is LetterState.WITHDRAWN
    assert found[promoted[0].id, LetterKind.PROMOTED] is LetterState.QUEUED


def test_one_that_left_meanwhile_stops_all_of_those_ticked(world: Any) -> None:
    written(voted(world))
    first, second, *_ = every()
    with transaction(world.officer) as tx:
        letters.release(tx, world.call, [first.id])
    with pytest.raises(Problem) as refused, transaction(world.officer) as tx:
        letters.release(tx, world.call, [first.id, second.id])
    assert refused.value.code == "nothing_to_release"
    assert sum(one.state is LetterState.RELEASED for one in every()) == 1


@pytest.mark.parametrize("name", ["holder", "rival", "chair", "evaluator", "auditor", "coach"])
def test_only_an_officer_of_the_province_releases(world: Any, name: str) -> None:
    written(voted(world))
    with pytest.raises(Problem) as refused, transaction(world.people[name]) as tx:
        letters.release(tx, world.call)
    assert refused.value.status in (403, 404)


def test_she_reads_and_downloads_after_the_release_and_a_rival_never(world: Any, client: Any) -> None:
    made = voted(world)
    written(made)
    officer, holder, rival = client("officer"), client("holder"), client("rival")
    queue = f"/das/calls/{world.call}/letters"
    assert "lettres à libérer" in officer.get(queue).text
    assert holder.get(queue, headers=HTML).status_code == 403
    codes = {one.application_id: one.code for one in every()}
    assert not [c for c in codes.values() if holder.get(f"/letters/{c}/pdf", headers=HTML).status_code == 200]
    assert client(None).get(f"/letters/{codes[made[0].application_id]}", headers=HTML).status_code == 404
    refused = officer.post(queue, data={}, headers=HTML)
    assert refused.status_code == 409
    assert "Aucune lettre à libérer" in refused.text
    done = officer.post(queue, data={"all": "1"}, headers=HTML)
    assert "Lettres parties" in done.text
    hers = {a for a, c in codes.items() if holder.get(f"/letters/{c}/pdf", headers=HTML).status_code == 200}
    theirs = {a for a, c in codes.items() if rival.get(f"/letters/{c}/pdf", headers=HTML).status_code == 200}
    assert hers
    assert theirs
    assert not hers & theirs
    page = client(None).get(f"/letters/{codes[made[0].application_id]}").text
    assert "Cette lettre est authentique" in page
    assert "financ" not in page.split("<main")[1].split("</main>")[0]


def test_the_list_of_a_call_s_letters_holds_what_was_released_to_the_reader_and_nothing_else(
    world: Any, client: Any
) -> None:
    """A holder is answered 200 as before any letter was written: empty, then her own; a rival hers."""
    made = voted(world)
    api = f"/api/v1/decisions/calls/{world.call}/letters"
    nothing = {"items": []}
    assert client("holder").get(api).json() == nothing
    written(made)
    assert [client(name).get(api).json() for name in ("holder", "rival", "evaluator")] == [nothing] * 3
    given.released(world)
    with transaction(SYSTEM) as tx:
        owners = dict(tx.session.execute(select(Application.id, Application.organisation_id)).all())
    for name, organisation in (("holder", world.tifaout), ("rival", world.rival_cooperative)):
        read = client(name).get(api).json()["items"]
        assert read
        assert {owners[UUID(one["application_id"])] for one in read} == {organisation}
        assert {one["state"] for one in read} == {"released"}
    assert client("evaluator").get(api).json() == nothing


@pytest.mark.parametrize(("lang", "words"), [("fr", "Motifs"), ("ar", "SHA-256")])
def test_the_paper_says_why_criterion_by_criterion(world: Any, lang: str, words: str) -> None:
    from backend.decisions import letters_printed

    made = voted(world)
    written(made)
    refused = next(one for one in every() if one.kind is LetterKind.REFUSED)
    content = letters_printed.pdf(refused, lang)
    assert letters_printed.pdf(refused, lang) == content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert words in text
    assert refused.code in text
    assert "50" in text
    for name in ("Evaluator", "Second"):
        assert name not in text


def test_what_was_decided_and_given_up_is_told(world: Any, client: Any) -> None:
    made = voted(world)
    written(made)
    given.released(world)
    seen = [one for one in made if client("holder").get(path(one), headers=HTML).status_code == 200]
    funded = next(one for one in seen if one.amount_centimes)
    asked = f"/applications/{funded.application_id}/renounce"
    assert client("rival").post(asked, data={}, headers=HTML).status_code == 404
    page = client("holder").post(asked, data={"reason": "Projet abandonné"}, headers=HTML)
    assert page.status_code == 200
    with transaction(SYSTEM) as tx:
        assert tx.session.get_one(Decision, funded.id).state is DecisionState.LAPSED
        assert commands.promote(tx, funded.id)


def path(one: Decision) -> str:
    return f"/applications/{one.application_id}/decision"
