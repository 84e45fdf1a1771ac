"""Grants given up, or lost because their convention was not signed in the call's delay."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.decisions.models import Decision, DecisionState
from backend.funding import commands, ending
from backend.funding.models import Convention, ConventionState
from tests.funding import given

DAYS = 59
"""How long ago the letters of `given` left."""


def lapsed() -> list[str | None]:
    with transaction(SYSTEM) as tx:
        asked = select(Decision.ended_because).where(Decision.state == DecisionState.LAPSED)
        return list(tx.session.scalars(asked))


def swept() -> int:
    with transaction(SYSTEM) as tx:
        return ending.lapse_late(tx)


@pytest.mark.parametrize(("days", "late"), [(DAYS, 0), (DAYS - 1, 1), (None, 0)])
def test_the_last_day_counts_whole(world: Any, days: int | None, late: int) -> None:
    given.funded(world, 1, {"following": {"convention_days": days}} if days else None)
    assert swept() == late
    assert lapsed() == ["convention_missed"] * late
    assert swept() == 0


def test_a_prepared_convention_goes_with_its_grant_and_a_signed_one_stays(world: Any) -> None:
    first, second = given.funded(world, 2, {"following": {"convention_days": 10}})
    for application_id in (first, second):
        with transaction(world.officer) as tx:
            made = commands.prepare(tx, application_id)
            if application_id == second:
                commands.sign(tx, made.id, tx.now.date() - timedelta(days=1))
    assert swept() == 1
    with transaction(SYSTEM) as tx:
        states = dict(tx.session.execute(select(Convention.application_id, Convention.state)).all())
    assert states == {first: ConventionState.CANCELLED, second: ConventionState.SIGNED}


def test_a_grant_under_a_convention_is_not_given_up(world: Any) -> None:
    (application_id,) = given.funded(world)
    with transaction(world.officer) as tx:
        commands.prepare(tx, application_id)
    with pytest.raises(Problem) as refused, transaction(world.holder) as tx:
        ending.renounce(tx, application_id, "Je renonce")
    assert refused.value.code == "convention_stands"
    assert lapsed() == []
