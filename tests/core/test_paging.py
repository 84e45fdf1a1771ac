"""Cursors walk every row once, in both directions of each key, and refuse what they did not write."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.paging import Key, paginate
from backend.core.tx import transaction
from backend.territory.models import Commune


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_walk_every_row_once(world: Any, descending: bool, limit: int) -> None:
    keys = [
        Key(Commune.population, lambda c: c.population, descending),
        Key(Commune.code, lambda c: c.code),
    ]
    here = select(Commune).where(Commune.province_code == "09.001", Commune.population.is_not(None))
    with transaction(SYSTEM) as tx:
        walked: list[str] = []
        cursor = None
        while True:
            page = paginate(tx, here, keys, cursor, limit)
            walked += [commune.code for commune in page.items]
            cursor = page.next
            if cursor is None:
                break
        rows = tx.session.scalars(here).all()
    expected = sorted(rows, key=lambda c: (-(c.population or 0) if descending else c.population, c.code))
    assert walked == [commune.code for commune in expected]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(cursor=st.text(min_size=1, max_size=40))
def test_a_cursor_that_is_not_ours_is_refused(world: Any, cursor: str) -> None:
    keys = [Key(Commune.code, lambda c: c.code)]
    with transaction(SYSTEM) as tx, pytest.raises(Problem) as refusal:
        paginate(tx, select(Commune), keys, cursor)
    assert (refusal.value.code, refusal.value.errors[0].field) == ("invalid", "cursor")
