"""What somebody may not see changes no byte of what she gets: lists, counts, sums, searches, pages.

All that the scenario holds is written a second time, for other people, in her province or in another one;
then every route that answers her is asked again.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import Connection, String, Table, UniqueConstraint, insert, select, text
from uuid_utils.compat import uuid7

from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.db import Base
from backend.core.tx import transaction
from backend.web import middleware
from tests.contract import cases
from tests.contract.scenario import Scenario
from tests.contract.test_matrix import PUBLIC, none, table
from tests.world import HERE, THERE

NOT_COPIED = {
    "region", "province", "commune", "reference_load", "value_chain", "priority_chain", "demo_clock",
    "role_grant", "sign_in", "access_token", "idempotent_answer", "row_change", "job", "application_counter",
    "seal", "sealed_event",
}  # fmt: skip


def copied(connection: Connection, province: str) -> int:
    """Every row once more, of other people and organisations, in `province`; returns how many."""
    tables = [one for one in Base.metadata.sorted_tables if one.name not in NOT_COPIED]
    rows = {one: [dict(row) for row in connection.execute(select(one)).mappings()] for one in tables}
    ids = {row["id"]: uuid7() for found in rows.values() for row in found if "id" in row}
    for one, found in rows.items():
        if found:
            connection.execute(insert(one), [_other(one, row, ids, province) for row in found])
    return sum(map(len, rows.values()))


def _other(one: Table, row: dict[str, Any], ids: dict[UUID, UUID], province: str) -> dict[str, Any]:
    """The row of somebody else: other ids, other unique words, the province asked for."""
    unique = {c.name for u in one.constraints if isinstance(u, UniqueConstraint) for c in u.columns}
    unique |= {c.name for c in one.columns if c.unique}
    unique |= {c.name for index in one.indexes if index.unique for c in index.columns}
    made = {
        name: value
        for name, value in row.items()
        if one.columns[name].identity is None and one.columns[name].computed is None
    }
    for name, value in made.items():
        kind = one.columns[name].type
        if isinstance(value, UUID):
            made[name] = ids.get(value, value)
        elif name in unique and type(kind) is String and not one.columns[name].foreign_keys:
            made[name] = f"{str(uuid7())[-6:]}{value}"[: kind.length or 60]
    if made.get("province_code"):
        made["province_code"] = province
    if one.name == "call":
        made |= {"state": "draft", "published_at": None}  # a published one is everybody's
    if one.name == "person":
        made["email"] = None
    return made


def asked(persona: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The routes that answer this persona, as she asks them and looking for words."""
    searches = cases.searches()
    for key, row in table().items():
        public = key in PUBLIC or key.startswith("GET /committees") or "openapi" in key
        if not key.startswith("GET ") or row[persona] != "200" or public:
            continue
        yield key, {}
        if key in searches:
            yield key, {"q": "a"}


def unchanged(s: Scenario, persona: str) -> dict[str, bytes]:
    """What she gets of the scenario as it is, asked once."""
    if persona not in s.known:
        s.known[persona] = answers(s, persona)
    return s.known[persona]


NOW = datetime.now(UTC)
"""One instant for every question: pages and printed documents say when they were asked."""


def answers(s: Scenario, persona: str) -> dict[str, bytes]:
    with patch.object(middleware, "arriving", partial(arriving, at=NOW)):
        return _answers(s, persona)


def _answers(s: Scenario, persona: str) -> dict[str, bytes]:
    found = {}
    for key, query in asked(persona):
        how = cases.CASES.get(key, cases.Case())
        answer = cases.ask(s, persona, key, cases.Case(how.path, query=how.query | query))
        found[f"{key} {query or ''}"] = answer.content
    return found


HIDDEN = [
    *[(who, THERE) for who in ("holder", "rival", "evaluator", "conflicted", "chair", "officer", "coach")],
    *[(who, HERE) for who in ("holder", "rival", "evaluator", "conflicted", "stranger")],
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("persona", "province"), HIDDEN)
def test_what_is_hidden_changes_nothing(scenario: Scenario, persona: str, province: str) -> None:
    before = unchanged(scenario, persona)
    with scenario.undone():
        assert copied(scenario.connection, province) > 200
        after = answers(scenario, persona)
    none((key for key in before if before[key] != after[key]), f"told {persona} of what she may not see")


@pytest.mark.parametrize("persona", ["conflicted", "second", "holder", "rival"])
def test_the_marks_of_others_change_nothing(scenario: Scenario, persona: str) -> None:
    """A recused member, and one who has not signed yet, learn nothing when a colleague signs."""
    from backend.reviews import commands

    before = unchanged(scenario, persona)
    with scenario.undone():
        with transaction(scenario.world.evaluator) as tx:
            commands.sign(tx, UUID(scenario["assignment"]), scenario.version["assignment"])
        with transaction(SYSTEM) as tx:
            reviews = text("SELECT reviews FROM standing WHERE application_id = :id")
            assert tx.session.scalar(reviews, {"id": scenario["application_eligible"]}) == 2
        after = answers(scenario, persona)
    none((key for key in before if before[key] != after[key]), f"told {persona} of others' marks")


WITHOUT_PART = ["holder", "rival", "coach", "other_coach", "agent", "stranger"]
"""They take no part in judging: the holder whose dossier it is, a rival of hers, those who help holders."""


@pytest.mark.parametrize("persona", WITHOUT_PART)
def test_who_does_not_judge_learns_nothing_of_judging(scenario: Scenario, persona: str) -> None:
    """A reader more, a mark, a signature, the study opened, a visit written, a tie found: nothing moves."""
    from backend.reviews import commands
    from backend.reviews.models import Assignment, NoteKind
    from backend.reviews.schemas import FieldNoteIn

    before = unchanged(scenario, persona)
    with scenario.undone():
        world, judged = scenario.world, UUID(scenario["application_eligible"])
        note = FieldNoteIn(kind=NoteKind.VISIT, held_on=NOW.date().replace(day=1), words="Local fermé.")
        with transaction(world.evaluator) as tx:
            commands.see_viability(tx, UUID(scenario["assignment"]))
            commands.write_note(tx, judged, note)
            commands.sign(tx, UUID(scenario["assignment"]), scenario.version["assignment"])
        with transaction(world.officer) as tx:
            commands.withdraw(tx, UUID(scenario["assignment_fresh"]), "Réparti autrement.")
        with transaction(SYSTEM) as tx:
            asked = select(Assignment).where(Assignment.id == UUID(scenario["assignment_fresh"]))
            assert tx.session.scalars(asked).one().state == "withdrawn"
        after = answers(scenario, persona)
    none((key for key in before if before[key] != after[key]), f"told {persona} of who judges, and how")


@pytest.mark.parametrize(
    "persona", ["rival", "coach", "other_coach", "second", "third", "conflicted", "stranger"]
)
def test_the_plan_of_a_draft_is_its_holders_alone(scenario: Scenario, persona: str) -> None:
    """A price typed in a draft moves her study, and no answer to anybody else."""
    from sqlalchemy import update

    from backend.applications.models import Application
    from tests.applications.test_viability import PLAN

    before = unchanged(scenario, persona)
    with scenario.undone():
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            drafts = tx.session.scalars(select(Application).where(Application.state == "draft")).all()
            assert drafts
            for draft in drafts:
                content = {**draft.content, "plan": PLAN}
                tx.session.execute(
                    update(Application).where(Application.id == draft.id).values(content=content)
                )
        after = answers(scenario, persona)
    none((key for key in before if before[key] != after[key]), f"told {persona} of a plan being written")
