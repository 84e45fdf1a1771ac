"""Random problems of a few dossiers, for properties."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from backend.decisions.portfolio.problem import Bound, File, Problem

IDS = [f"d{n:02}" for n in range(12)]


@st.composite
def files(draw: st.DrawFn, most: int = 12, *, ranged: bool = False) -> tuple[File, ...]:
    size = draw(st.integers(0, most))
    biggest, unit = (5, 1) if ranged else (40, draw(st.sampled_from((1, 100, 100_000))))
    scores = sorted((draw(st.integers(60, 70)) for _ in range(size)), reverse=True)
    plain = draw(st.booleans())
    found = []
    for at, score in enumerate(scores):
        asked = draw(st.integers(1, biggest)) * unit
        least = draw(st.integers(1, asked)) if ranged else asked
        benefit = score if plain else draw(st.integers(0, 6))
        held = not draw(st.integers(0, 7))
        found.append(File(IDS[at], at + 1, score, benefit, asked, asked if held else least, held))
    return tuple(found)


@st.composite
def problems(draw: st.DrawFn, most: int = 12, bounds: int = 4, *, ranged: bool = False) -> Problem:
    found = draw(files(most, ranged=ranged))
    every = sum(one.asked for one in found)
    envelope = draw(st.integers(0, every + 1))
    made = []
    for at in range(draw(st.integers(0, bounds))):
        measure: Any = draw(st.sampled_from(("count", "money", "share")))
        limits: st.SearchStrategy[Any] = {
            "count": st.integers(0, len(found)),
            "money": st.integers(0, every),
            "share": st.integers(0, 10).map(lambda n: Fraction(n, 10)),
        }[measure]
        chosen = frozenset(one.id for one in found if draw(st.booleans()))
        side: Any = draw(st.sampled_from(("floor", "ceiling")))
        made.append(Bound(f"b{at}", side, measure, draw(limits), chosen))
    return Problem(found, envelope, tuple(made))
