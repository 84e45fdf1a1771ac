"""Conditions under any sequence of acts, form or date, drawn by Hypothesis, against a plain model of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlalchemy import Connection

from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.calendar import add_months, local
from backend.core.clock import arriving
from backend.core.errors import FieldError, Problem
from backend.core.tx import Tx, transaction
from backend.decisions.conditions import following
from backend.decisions.conditions.ladder import RUNGS, rungs
from backend.decisions.conditions.terms import LONGEST, MOST, Terms, in_motion, terms_typed, within
from backend.decisions.lifecycle import committed_centimes
from backend.decisions.models import ConditionState, Decision, DecisionState
from tests.decisions import conditions_given as given
from tests.decisions.test_conditions import broken

AWAITED, ANSWERED = ConditionState.AWAITED, ConditionState.ANSWERED
LACKING, MET = ConditionState.LACKING, ConditionState.MET
ACTS = st.one_of(
    st.tuples(st.sampled_from(["answer", "return", "confirm"]), st.sampled_from([0, 1])),
    st.tuples(st.just("extend"), st.integers(-2, 30)),
    st.tuples(st.just("pass"), st.integers(1, 8)),
    st.tuples(st.just("sweep"), st.just(0)),
)


@dataclass
class Model:
    """What should become of a grant under two conditions, in words of one syllable."""

    today: date
    first: date
    until: date
    states: list[ConditionState] = field(default_factory=lambda: [AWAITED, AWAITED])
    extended: bool = False
    ended: bool = False

    @property
    def met(self) -> bool:
        return all(state is MET for state in self.states)

    def does(self, act: str, n: int) -> bool:
        """Whether it is accepted; for the sweep, whether the grant ends."""
        if act == "pass":
            self.today += timedelta(days=n)
            return True
        if self.ended or self.met:
            return False
        if act == "sweep":
            owed = any(state in (AWAITED, LACKING) for state in self.states)
            self.ended = owed and self.until < self.today
            return self.ended
        if act == "extend":
            later = self.first + timedelta(days=n)
            accepted = not self.extended and later > max(self.first, self.today)
            if accepted:
                self.until, self.extended = later, True
            return accepted
        before = self.states[n]
        accepted = {
            "answer": before is not MET and self.today <= self.until,
            "return": before is ANSWERED,
            "confirm": before is not MET,
        }[act]
        if accepted:
            self.states[n] = {"answer": ANSWERED, "return": LACKING, "confirm": MET}[act]
        return accepted


def done(world: Any, decision: Decision, act: str, n: int, model: Model) -> bool:
    """The same of the platform."""
    keys = [row.id for row in given.rows(decision)]
    who = {"answer": world.holder, "sweep": SYSTEM}.get(act, world.officer)
    acts: dict[str, Callable[[Tx], object]] = {
        "sweep": following.lapse_missed,
        "answer": lambda tx: following.answer(tx, keys[n], "Le bail est signé."),
        "return": lambda tx: following.send_back(tx, keys[n], given.LACKS),
        "confirm": lambda tx: following.confirm(tx, keys[n], "Vu au guichet."),
        "extend": lambda tx: following.extend(tx, decision.id, model.first + timedelta(days=n), given.LACKS),
    }
    try:
        with transaction(who) as tx:
            return bool(acts[act](tx))
    except Problem:
        return False


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(st.lists(ACTS, max_size=9))
def test_any_sequence_of_acts_ends_as_a_plain_model_says(
    granted: Any, database: Connection, acts: list[tuple[str, int]]
) -> None:
    world, decision = granted
    start, first = given.today(), decision.conditions_due_on
    model = Model(start, first, first)
    back = database.begin_nested()
    try:
        for act, n in [*acts, ("sweep", 0)]:
            with arriving(at=datetime.now(UTC) + (model.today - start)):
                real = act == "pass" or done(world, decision, act, n, model)
                assert real == model.does(act, n), (act, n)
        now = given.again(decision.id)
        assert [row.state for row in given.rows(decision)] == model.states
        assert (now.state is DecisionState.LAPSED, bool(now.conditions_met_at)) == (model.ended, model.met)
        assert (now.conditions_due_on, now.conditions_until or first) == (first, model.until)
        with transaction(SYSTEM) as tx:
            call = tx.session.get_one(Call, world.call)
            held = committed_centimes(tx, call, DecisionState.ADOPTED)
        assert held == (0 if model.ended else now.amount_centimes)
        assert broken() == []
    finally:
        back.rollback()


@pytest.fixture
def granted(world: Any) -> tuple[Any, Decision]:
    """A grant under two conditions, told, due in ten days."""
    return world, given.told(world, days=10)


def faults(act: Callable[[], Any]) -> Sequence[FieldError]:
    """The fields that it refuses; none when it is done."""
    try:
        act()
    except Problem as refusal:
        return refusal.errors
    return ()


# -- what a form and a ladder make of any day ------------------------------------------------------------
WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), max_size=LONGEST)


@drawn(st.lists(st.tuples(WORDS, WORDS), max_size=MOST), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_a_form_gives_the_terms_that_were_typed_or_says_which_half_lacks(
    rows: list[tuple[str, str]], day: date
) -> None:
    typed = {
        f"condition.{n}.{lang}": said
        for n, row in enumerate(rows, 1)
        for lang, said in zip(("fr", "ar"), row, strict=True)
    }
    half = {
        f"condition.{n}.{lang}"
        for n, row in enumerate(rows, 1)
        if bool(row[0]) != bool(row[1])
        for lang, said in zip(("fr", "ar"), row, strict=True)
        if not said
    }
    sent = typed | {"due_on": day.isoformat()}
    assert {one.field for one in faults(lambda: terms_typed(sent))} == half
    if not half:
        assert terms_typed(sent) == Terms(tuple({"fr": f, "ar": a} for f, a in rows if f), day)


def test_conditions_make_one_sentence_whatever_ends_each() -> None:
    words = ({"fr": "Le bail est signé. ", "ar": "-"}, {"fr": "L’eau arrive", "ar": "-"}, given.ONE)
    said = in_motion(Terms(words, date(2027, 1, 2)), "fr")
    assert said.endswith("1) Le bail est signé ; 2) L’eau arrive ; 3) Le bail du local est signé.")


@drawn(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(-40, 400))
def test_a_day_is_after_the_session_and_within_a_year_of_it(held: date, days: int) -> None:
    day, most = held + timedelta(days=days), add_months(held, 12)
    wrong = faults(lambda: within(day, held, most, "due_on"))
    assert [one.code for one in wrong] == ([] if held < day <= most else ["condition_due"])


@drawn(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(-20, 60))
def test_a_ladder_has_each_rung_that_is_still_to_come_once_its_holder_before_the_officers(
    last: date, ahead: int
) -> None:
    today = last - timedelta(days=ahead)
    found = list(rungs(Decision(province_code="09.001", conditions_due_on=last), today))
    assert [(one.offset_days, one.audience) for one in found] == [
        (days, audience) for days, audience in RUNGS if last + timedelta(days=days) >= today
    ]
    assert [local(one.due_at).date() for one in found] == [
        last + timedelta(days=one.offset_days) for one in found
    ]
