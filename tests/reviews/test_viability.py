"""The financial model before an evaluator: after her own marks, its moment kept; nothing to anybody else."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from backend.applications.models import Application
from backend.calls.callfile import read
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.reviews import commands, queries
from backend.reviews.models import Assignment
from tests.applications.given import CONTENT
from tests.applications.test_viability import PLAN, led_somewhere
from tests.reviews import given

HTML = {"accept": "text/html"}


def _with_plan(application_id: UUID) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        content = {**CONTENT, "plan": PLAN}
        tx.session.execute(
            update(Application).where(Application.id == application_id).values(content=content)
        )


@pytest.fixture
def opened(world: Any) -> Assignment:
    made = given.opened(world)
    _with_plan(made.application_id)
    return made


def _mark(world: Any, made: Assignment, **marks: int) -> Assignment:
    with transaction(world.evaluator) as tx:
        return commands.save(tx, made.id, marks, {}, None)


def _see(world: Any, made: Assignment) -> Assignment:
    with transaction(world.evaluator) as tx:
        return commands.see_viability(tx, made.id)


def test_after_her_own_marks(world: Any, opened: Assignment, client: Any) -> None:
    path, evaluator = f"/reviews/{opened.id}/viability", client("evaluator")
    before = evaluator.get(path, headers=HTML)
    assert before.status_code == 200
    assert f"/reviews/{opened.id}#marks.viability" in before.text
    assert "marks.impact" not in before.text  # the call names one criterion of feasibility
    assert 'class="cash"' not in before.text
    assert evaluator.get(f"/api/v1/assignments/{opened.id}/viability").status_code == 409
    assert evaluator.post(path, headers=HTML).status_code == 409
    assert (
        evaluator.post(f"/api/v1/assignments/{opened.id}/viability/see").json()["code"] == "viability_later"
    )
    _mark(world, opened, viability=2)
    assert f'action="{path}"' in evaluator.get(f"/reviews/{opened.id}", headers=HTML).text
    assert evaluator.post(path, headers=HTML, follow_redirects=False).status_code == 303
    for lang in ("fr", "ar"):
        evaluator.cookies.set("lang", lang)
        page = evaluator.get(path, headers=HTML)
        assert 'class="cash"' in page.text
        dossier = evaluator.get(f"/reviews/{opened.id}", headers=HTML)
        led_somewhere(f"/reviews/{opened.id}", page.text, dossier.text)
        assert "/applications/" not in page.text.partition("<main")[2]
    assert evaluator.get(f"/api/v1/assignments/{opened.id}/viability").json()["study"]


def test_the_moment_and_the_marks_are_kept(world: Any, opened: Assignment) -> None:
    version = _mark(world, opened, viability=2, impact=3).version
    seen = _see(world, opened)
    assert seen.viability_seen_at
    assert seen.marks_before == {"viability": 2, "impact": 3}
    assert seen.version == version  # a form of hers that is open elsewhere can still be saved
    moment = seen.viability_seen_at
    with transaction(world.officer) as tx:
        assert queries.moved(tx, world.call) == queries.Moved(1, 0)
    _mark(world, opened, relevance=1)
    with transaction(world.officer) as tx:
        assert queries.moved(tx, world.call) == queries.Moved(1, 0)  # marked since, not moved
    changed = _mark(world, opened, viability=1)
    assert changed.marks_before == {"viability": 2, "impact": 3}
    with transaction(world.officer) as tx:
        assert queries.moved(tx, world.call) == queries.Moved(1, 1)
    again = _see(world, opened)
    assert (again.viability_seen_at, again.marks_before) == (moment, {"viability": 2, "impact": 3})


def test_at_once_where_the_call_says_so(world: Any) -> None:
    grid = read(given.CALLS / "agadir-2023.yaml").as_json()["grid"]
    given.a_call(world, grid={**grid, "viability": "at_once"})
    made = given.opened(world)
    assert _see(world, made).marks_before == {}


def test_every_criterion_first_where_none_is_of_feasibility(world: Any) -> None:
    grid = read(given.CALLS / "agadir-2023.yaml").as_json()["grid"]
    criteria = [{**one, "feasibility": False} for one in grid["criteria"]]
    given.a_call(world, grid={**grid, "criteria": criteria})
    made = given.opened(world)
    _mark(world, made, viability=2)
    with pytest.raises(Problem, match="viability_later"):
        _see(world, made)
    _mark(world, made, **given.marks(2))
    assert _see(world, made).viability_seen_at


@pytest.mark.parametrize("name", ["second", "officer", "chair", "holder", "stranger", "auditor"])
def test_nobody_else(world: Any, opened: Assignment, client: Any, name: str) -> None:
    _mark(world, opened, viability=2)
    _see(world, opened)
    _nothing(client(name), opened.id)


def test_recused_she_learns_nothing(world: Any, opened: Assignment, client: Any) -> None:
    _mark(world, opened, viability=2)
    _see(world, opened)
    with transaction(world.evaluator) as tx:
        gone = commands.declare(tx, opened.id, True, "Ma cousine y travaille.", None)
    assert gone.marks_before is None
    _nothing(client("evaluator"), opened.id)


def test_tied_elsewhere_she_learns_nothing(world: Any, opened: Assignment, client: Any) -> None:
    with transaction(SYSTEM) as tx:
        holder = tx.session.get_one(Application, opened.application_id).organisation_id
    given.tied(world, "evaluator", holder)
    _nothing(client("evaluator"), opened.id)


def _nothing(browser: Any, assignment_id: UUID) -> None:
    """404 everywhere, in the same bytes as for a review that never was."""
    never = UUID(int=7)
    for method, path in (
        ("GET", "/reviews/{}/viability"),
        ("POST", "/reviews/{}/viability"),
        ("GET", "/api/v1/assignments/{}/viability"),
        ("POST", "/api/v1/assignments/{}/viability/see"),
    ):
        told, other = (
            browser.request(method, path.format(one), headers=HTML) for one in (assignment_id, never)
        )
        assert told.status_code == other.status_code == 404, (method, path)
        assert _plain(told.text, assignment_id) == _plain(other.text, never)


def _plain(text: str, key: UUID) -> str:
    """Without the address that was asked, nor what differs from one answer to the next."""
    lines = text.replace(str(key), "KEY").splitlines()
    return "\n".join(line for line in lines if "request" not in line.lower())


def test_the_same_statements_whatever_the_plan(
    world: Any, opened: Assignment, client: Any, statements: Any
) -> None:
    _mark(world, opened, viability=2)
    _see(world, opened)
    evaluator, path = client("evaluator"), f"/reviews/{opened.id}/viability"
    evaluator.get(path, headers=HTML)
    with statements() as seen:
        evaluator.get(path, headers=HTML)
    assert len(seen) <= 12
