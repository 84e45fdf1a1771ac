"""The arithmetic of marks: exact, total, stable, whatever the numbers."""

import hashlib
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from backend.calls.callfile import read
from backend.calls.callfile.models import Criterion, Grid
from backend.reviews.scoring import drawn, half_up, points, standing, total_hundredths, unmarked

CALL = read(Path(__file__).resolve().parents[2] / "calls" / "agadir-2023.yaml")
GRID = CALL.grid


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Any grid whose weights add up to 100."""
    scale = draw(st.integers(1, 20))
    count = draw(st.integers(1, 8))
    cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=count - 1, max_size=count - 1)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    words = {"fr": "x", "ar": "x"}
    criteria = tuple(
        Criterion(code=f"c{i}", label=words, weight=w, levels=tuple(words for _ in range(scale + 1)))
        for i, w in enumerate(weights)
    )
    return Grid(
        scale_max=scale,
        pass_mark=60,
        evaluators_per_file=2,
        criteria=criteria,
        tie_break=tuple(c.code for c in reversed(criteria)),
    )


@st.composite
def reviews(draw: st.DrawFn) -> tuple[Grid, list[dict[str, int]]]:
    grid = draw(grids())
    one = st.fixed_dictionaries({c.code: st.integers(0, grid.scale_max) for c in grid.criteria})
    return grid, draw(st.lists(one, min_size=1, max_size=6))


def test_a_half_goes_up() -> None:
    assert [half_up(Fraction(n, 4)) for n in (1, 2, 3, 6)] == [0, 1, 1, 2]


def test_the_example_of_the_grid() -> None:
    assert total_hundredths(GRID, dict.fromkeys((c.code for c in GRID.criteria), 3)) == 7500
    assert total_hundredths(GRID, {"impact": 3, "viability": 3}) == 1875 + 1500
    assert unmarked(GRID, {"impact": 3, "viability": 0})[0] == "relevance"


@given(reviews())
def test_totals_are_exact_and_within_the_scale(case: tuple[Grid, list[dict[str, int]]]) -> None:
    grid, marks = case
    for one in marks:
        exact = sum(Fraction(c.weight * 100 * one[c.code], grid.scale_max) for c in grid.criteria)
        assert abs(Fraction(total_hundredths(grid, one)) - exact) <= Fraction(1, 2)
        assert 0 <= total_hundredths(grid, one) <= 10_000
    top = {c.code: grid.scale_max for c in grid.criteria}
    assert total_hundredths(grid, top) == 10_000
    assert total_hundredths(grid, {}) == 0


@given(reviews())
def test_a_standing_lies_between_its_reviews_and_does_not_know_their_order(
    case: tuple[Grid, list[dict[str, int]]],
) -> None:
    grid, marks = case
    figures = standing(grid, marks)
    totals = [total_hundredths(grid, one) for one in marks]
    assert min(totals) <= figures.score <= max(totals)
    assert figures.spread == max(totals) - min(totals)
    assert figures == standing(grid, marks[::-1])
    assert figures.ties == [figures.criteria[code] for code in grid.tie_break]
    assert abs(sum(figures.criteria.values()) - figures.score) <= len(grid.criteria)
    for criterion in grid.criteria:
        assert 0 <= figures.criteria[criterion.code] <= points(criterion, grid.scale_max, grid.scale_max)


def test_a_mean_that_is_its_floor_is_not_below_it() -> None:
    """A third of 25 points is no whole number of hundredths: the marks are compared, not their rounding."""
    criteria = [
        c.model_copy(update={"floor": 1 if c.weight == 25 else None, "levels": c.levels[:4]})
        for c in GRID.criteria
    ]
    grid = GRID.model_copy(update={"scale_max": 3, "criteria": tuple(criteria)})
    (floored,) = [c.code for c in grid.criteria if c.floor]
    level = {c.code: 1 for c in grid.criteria}
    assert standing(grid, [level, level, level]).floors == []
    assert standing(grid, [level, level, level | {floored: 0}]).floors == [floored]
    assert standing(grid, [level, level | {floored: 2}, level | {floored: 0}]).floors == []


def test_the_draw_can_be_redone_by_anybody() -> None:
    assert drawn("00ff", "AGA-2023-0147") == hashlib.sha256(b"00ffAGA-2023-0147").hexdigest()
