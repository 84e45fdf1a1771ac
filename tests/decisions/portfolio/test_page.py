"""The page of a portfolio: a form that moves constraints, saves nothing, and hides what is to be hidden."""

import re
from typing import Any

from sqlalchemy import func, select, update

from backend.applications.models import Application
from backend.core.actor import SYSTEM
from backend.core.events import Event
from backend.core.tx import transaction
from backend.decisions.models import Decision
from backend.reviews.models import Standing
from tests.decisions.portfolio import given
from tests.decisions.portfolio.given import YOUNG
from tests.reviews import given as reviews

HTML = {"accept": "text/html"}
MILLION = 1_000_000


def page(world: Any, client: Any, query: str = "", name: str = "officer", status: int = 200) -> str:
    answer = client(name).get(f"/das/calls/{world.call}/portfolio{query}", headers=HTML)
    assert answer.status_code == status
    return str(answer.text).replace("\u00a0", " ")


def a_look(world: Any, *constraints: dict[str, Any]) -> None:
    given.a_call(world, *constraints)
    given.ranked(world, [amount * MILLION for amount in (30, 30, 20, 25, 10)], 3)


def test_what_is_funded_beside_the_ranking_and_what_each_constraint_costs(world: Any, client: Any) -> None:
    a_look(world, YOUNG)
    text = page(world, client)
    for words in (
        "Coopératives de jeunes",
        "au moins 1 projet",
        "entre",
        "grâce à « Coopératives de jeunes »",
        "à cause de « Coopératives de jeunes »",
        "550 000,00",
        "Le classement seul financerait 2 projets",
        "Optimum prouvé",
    ):
        assert words in text, words
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Decision)) == 0
        assert not tx.session.scalar(select(func.count()).where(Event.name == "decision.proposed"))


def test_a_moved_constraint_answers_with_the_block_alone(world: Any, client: Any) -> None:
    a_look(world)
    query = "?look=1&envelope=550000&youth.at_least=40&objective=score"
    whole = page(world, client, query)
    assert 'value="40"' in whole
    asked = client("officer").get(
        f"/das/calls/{world.call}/portfolio{query}",
        headers=HTML | {"hx-request": "true", "hx-request-type": "partial", "hx-target": "result"},
    )
    assert "<html" not in asked.text
    assert "Projets financés" in asked.text


def test_constraints_that_cannot_hold_are_named_with_what_would_do(world: Any, client: Any) -> None:
    a_look(world, YOUNG | {"at_least": 3})
    text = page(world, client)
    assert "Ces contraintes ne peuvent pas tenir ensemble" in text
    assert "possible avec « au moins 1 projet »" in text
    assert "a cédé" in text


QUESTIONS = (
    ("envelope=300000.505", "Une valeur n’a pas pu être lue"),
    ("youth.at_least=beaucoup", "Une valeur n’a pas pu être lue"),
    ("youth.at_least=140", "Une valeur n’a pas pu être lue"),
    ("youth.at_least=50&youth.at_most=40", "Une valeur n’a pas pu être lue"),
    ("nobody.at_least=5&objective=nothing&minimum=0", "Projets financés"),
    ("envelope=0", "Projets qui attendent"),
    ("objective=jobs", "Projets financés"),
    ("objective=income&minimum=50", "Projets financés"),
)


def test_any_question_has_an_answer(world: Any, client: Any) -> None:
    """A look saves nothing: the same dossiers serve for all of them."""
    a_look(world)
    for query, words in QUESTIONS:
        assert words in page(world, client, f"?look=1&{query}"), query


def test_no_dossier_yet(world: Any, client: Any) -> None:
    given.a_call(world, YOUNG)
    assert "Aucun dossier à financer" in page(world, client)


def test_in_arabic(world: Any, client: Any) -> None:
    a_look(world, YOUNG)
    browser = client("officer")
    browser.get("/language/ar?next=/")
    text = browser.get(f"/das/calls/{world.call}/portfolio", headers=HTML).text
    assert 'dir="rtl"' in text
    assert "تعاونيات الشباب" in text


def test_who_may_look(world: Any, client: Any) -> None:
    a_look(world)
    for name in ("evaluator", "holder", "coach", "neighbour"):
        if name in world.people:
            assert client(name).get(f"/das/calls/{world.call}/portfolio", headers=HTML).status_code in (
                403,
                404,
            )
    page(world, client, name="chair")


def test_what_is_hidden_changes_no_byte_of_what_is_seen(world: Any, client: Any) -> None:
    """The chair, tied to the first dossier's holder: she is told that one is hidden, whatever it asks."""
    a_look(world, YOUNG)
    reviews.tied(world, "chair", world.tifaout)
    before = page(world, client, name="chair")
    assert "1 dossier vous est caché" in before
    assert "Huile d’argan 1" not in before
    change_first(world, 50 * MILLION)
    assert page(world, client, name="chair") == before
    path = f"/das/calls/{world.call}/portfolio.json"
    assert client("chair").get(path).status_code == 404
    whole = client("officer").get(path)
    assert whole.json()["problem"]["envelope"] == 60 * MILLION
    assert re.fullmatch(r"[0-9a-f]{64}", whole.json()["inputs"])


def change_first(world: Any, amount: int) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        mine = update(Application).where(Application.organisation_id == world.tifaout)
        tx.session.execute(mine.values(requested_centimes=amount))
        first = select(Application.id).where(Application.organisation_id == world.tifaout)
        tx.session.execute(
            update(Standing).where(Standing.application_id.in_(first)).values(score_hundredths=9000)
        )


def test_an_envelope_below_what_was_granted_before_has_an_answer_too(world: Any, client: Any) -> None:
    a_look(world, YOUNG)
    given.decisions.an_open_session(world)
    browser = client("officer")
    browser.post(f"/sessions/{world.session}/propose", data={"call": str(world.call)})
    assert "comptent déjà pour 550 000,00" in page(world, client, "?look=1&envelope=100000&young.at_most=0")


# -- deviating -------------------------------------------------------------------------------------------
BECAUSE = "Le douar n’a aucun autre projet depuis cinq ans."


def test_a_motion_to_decide_otherwise_from_its_form(world: Any, client: Any) -> None:
    given.a_call(world)
    given.ranked(world, [amount * MILLION for amount in (30, 25, 20, 10)], 2)
    given.decisions.an_open_session(world)
    browser = client("officer")
    session = f"/sessions/{world.session}"
    page = browser.post(f"{session}/propose", data={"call": str(world.call)})
    here = f"{session}/calls/{world.call}/deviation"
    assert here in page.text
    form = browser.get(here, headers=HTML).text
    first, second, third, last = re.findall(r'name="outcome\.([0-9a-f-]{36})"', form)
    said = {f"outcome.{one}": "funded" for one in (first, third)}
    said |= {f"outcome.{second}": "waiting", f"outcome.{last}": "refused"}
    said |= {f"amount.{first}": "300 000", f"amount.{second}": "", f"amount.{third}": "200 000,005"}
    answer = browser.post(here, data=said | {"because": BECAUSE})
    assert answer.status_code == 422
    assert "200 000,005" in answer.text
    answer = browser.post(here, data=said | {f"amount.{third}": "200 000", "because": "non"})
    assert "20 caractères" in answer.text.replace("\u00a0", " ")
    answer = browser.post(here, data=said | {f"amount.{third}": "200 000", "because": BECAUSE})
    assert answer.url.path == session
    assert "écart" in answer.text
    assert BECAUSE in answer.text
    assert "Aucune proposition à changer" not in browser.get(here, headers=HTML).text
    assert client("evaluator").get(here, headers=HTML).status_code in (403, 404)
