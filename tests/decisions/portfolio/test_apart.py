"""A study found in another process is that of this one; the platform itself never loads scipy for it."""

import subprocess
import sys
from fractions import Fraction

import pytest

from backend.decisions.portfolio import apart
from backend.decisions.portfolio.problem import Bound, File, Problem
from backend.decisions.portfolio.study import study

FILES = tuple(File(f"d{n}", n + 1, 9000 - n * 100, 9000 - n * 100, 100, 100) for n in range(6))
LOW = frozenset({"d4", "d5"})
PROBLEM = Problem(FILES, 300, (Bound("low", "floor", "share", Fraction(1, 3), LOW),))


def test_the_same_in_another_process(far: None) -> None:
    told = apart.studied(PROBLEM)
    assert told == study(PROBLEM)
    assert told.solution
    assert list(told.solution.granted) == ["d0", "d1", "d4"]
    assert told.displaced == {"d2": ("low.floor",)}
    assert told.needed == {"d4": ("low.floor",)}
    assert told.by_benefit
    assert (told.by_benefit.id, told.by_benefit.missing) == ("d2", 101)


def test_a_conflict_crosses_too() -> None:
    problem = Problem(FILES, 100, (Bound("low", "floor", "count", 2, LOW),))
    told = apart.studied(problem)
    assert told.conflict
    assert (told.conflict.by_money, told.conflict.envelope) == (True, 200)
    assert [(one.key, one.limit) for one in told.conflict.bounds] == [("low.floor", 1)]


def test_no_time_left_says_which_prices_are_missing() -> None:
    told = apart.studied(PROBLEM, seconds=-1)
    assert (told.unpriced, told.prices, told.by_benefit) == (("low.floor",), (), None)


def test_a_search_that_does_not_end_says_so(far: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST", 0.001)
    assert apart.studied(PROBLEM).hard


def test_the_platform_does_not_load_scipy() -> None:
    code = "import sys, backend.decisions.portfolio.apart; sys.exit('scipy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
