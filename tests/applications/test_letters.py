"""Letters of screening on paper: each state's, its reasons, many in one document, and who may print them."""

from io import BytesIO
from typing import Any

import pypdf
import pytest

from backend.applications import commands, letters, search
from backend.applications.models import Application
from backend.core.errors import Problem
from backend.core.i18n import has
from backend.core.tx import transaction
from tests.applications import given
from tests.applications.test_pages import HTML, get

REASON = "Le local n’est pas celui de la coopérative."


def text_of(body: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(body)).pages).split())


def letter(client: Any, who: str, made: Application, status: int = 200) -> Any:
    answer = client(who).get(f"/applications/{made.id}/letter.pdf", headers=HTML, follow_redirects=False)
    assert answer.status_code == status
    return answer


def test_each_state_says_what_it_is_and_a_deposit_not_screened_says_nothing(world: Any, client: Any) -> None:
    call = given.open_call(world)
    made = given.submitted(world, call)
    assert letter(client, "holder", made, 303).headers["location"] == f"/applications/{made.id}"
    assert "letter.pdf" not in get(client("holder"), f"/applications/{made.id}")
    with transaction(world.officer) as tx:
        commands.refuse(tx, made.id, REASON)
    for who in ("holder", "officer", "auditor"):
        said = text_of(letter(client, who, made).content)
        assert "Dossier non recevable" in said
        assert made.number in said
        assert REASON in said
        assert "contester ce refus" in said
    for who in ("rival", "stranger", "evaluator"):
        letter(client, who, made, 404)
    assert "letter.pdf" in get(client("holder"), f"/applications/{made.id}")
    assert "letter.pdf" in get(client("officer"), f"/das/applications/{made.id}")
    assert "letters.pdf?" in get(client("officer"), f"/das/applications?state=ineligible&call={call.id}")


def test_what_is_asked_is_named_in_both_languages(world: Any, client: Any) -> None:
    made = given.submitted(world)
    with transaction(world.officer) as tx:
        commands.ask_completion(tx, made.id, ["budget", "documents.quotes"], "Joindre un second devis.")
    for lang, title in (("fr", "Demande de compléments"), ("ar", None)):
        path = f"/applications/{made.id}/letter.pdf"
        found = client("holder").get(path, headers=HTML, params={"lang": lang})
        reader = pypdf.PdfReader(BytesIO(found.content))
        assert len(reader.pages) == 1
        assert reader.metadata.title == (title or "طلب استكمال الملف")
        if lang == "fr":
            said = text_of(found.content)
            assert "Budget" in said
            assert "second devis" in said
            assert "À compléter jusqu’au" in said


def test_letters_of_a_list_follow_one_another_and_cost_the_same(
    world: Any, client: Any, statements: Any
) -> None:
    call = given.open_call(world)
    with pytest.raises(Problem, match="bulk_nothing"), transaction(world.officer) as tx:
        letters.of_filters(tx, search.Filters(call_id=call.id))
    given.eligible(world, call)

    def printed() -> tuple[bytes, int]:
        with transaction(world.officer) as tx, statements() as asked:
            return letters.printed(tx, letters.of_filters(tx, search.Filters(call_id=call.id)), "fr"), len(
                asked
            )

    one, first = printed()
    given.ineligible(world, call, "rival")
    two, second = printed()
    assert first == second
    assert "Dossier recevable" in text_of(one)
    assert [len(pypdf.PdfReader(BytesIO(body)).pages) for body in (one, two)] == [1, 2]
    answer = client("officer").get(
        f"/das/applications/letters.pdf?call={call.id}&state=ineligible", headers=HTML
    )
    assert "Dossier non recevable" in text_of(answer.content)
    assert client("rival").get("/das/applications/letters.pdf", headers=HTML).status_code == 403


def test_every_word_of_a_letter_is_in_arabic() -> None:
    for said in (*letters.TITLES.values(), *letters.OPENINGS.values(), *letters.NEXT.values()):
        assert has("ar", said), said


def test_a_dossier_that_was_taken_over_has_its_letter_too(world: Any) -> None:
    """Nothing of what made its state was recorded here."""
    made = given.eligible(world)
    with transaction(world.officer) as tx:
        row = letters.of_filters(tx, search.Filters(call_id=made.call_id))[0]
        said = letters._letter(row, letters.Known(), "fr")
    assert said["title"] == "Dossier recevable"
    assert said["items"] == []
