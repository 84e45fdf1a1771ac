"""An organisation is found by its numbers through indexes, however they are written."""

from typing import Any

import pytest
from sqlalchemy import text

from backend.core.tx import transaction
from backend.people import queries
from backend.people.queries.organisations import Wanted

PLAN = "EXPLAIN SELECT id FROM organisation WHERE "
BARE = "regexp_replace(upper(register_number), '[^0-9A-Z]', '', 'g') = '41122019'"


@pytest.mark.parametrize(
    ("where", "index"),
    [(BARE, "ix_organisation_bare_register_number"), ("ice = '000000000000001'", "ix_organisation_ice")],
)
def test_each_number_has_its_index(world: Any, where: str, index: str) -> None:
    with transaction(world.auditor) as tx:
        tx.session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(tx.session.scalars(text(PLAN + where)))
    assert index in plan


def test_the_search_asks_what_the_index_holds(world: Any, statements: Any) -> None:
    with transaction(world.officer) as tx, statements() as seen:
        found = queries.organisations(tx, Wanted(text="4112 / 2019")).items
    assert {row.register_number for row in found} == {"4112/2019"}
    assert any(
        "regexp_replace(upper(organisation.register_number), '[^0-9A-Z]', '', 'g')" in one for one in seen
    )
    assert len(seen) <= 6
