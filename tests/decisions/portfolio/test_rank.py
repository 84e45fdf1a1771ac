"""Money by rank: the envelope is never exceeded, the order is strict, every verdict says why."""

from pathlib import Path
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from backend.calls.callfile import read
from backend.decisions.lifecycle import REASONS
from backend.decisions.models import DecisionOutcome
from backend.decisions.portfolio import Candidate, allocate

GRID = read(Path(__file__).resolve().parents[3] / "calls" / "agadir-2023.yaml").grid
FULL = {criterion.code: criterion.weight * 100 for criterion in GRID.criteria}
FUNDED, WAITING, REFUSED = DecisionOutcome.FUNDED, DecisionOutcome.WAITING, DecisionOutcome.REFUSED


def candidate(rank: int, score: int, requested: int, **criteria: int) -> Candidate:
    floors = ("viability",) if criteria.get("viability", 500) < 500 else ()
    return Candidate(uuid4(), rank, score, FULL | criteria, requested, floors)


candidates = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(1, 40_000_000), st.integers(0, 2000)), max_size=30
).map(
    lambda rows: [
        candidate(rank, score, asked, viability=viability)
        for rank, (score, asked, viability) in enumerate(sorted(rows, reverse=True), 1)
    ]
)


@given(candidates, st.integers(0, 200_000_000))
def test_the_envelope_is_never_exceeded_and_the_order_is_strict(found: list[Candidate], left: int) -> None:
    verdicts = allocate(found, left, GRID)
    asked: dict[UUID, int] = {c.id: c.requested for c in found}
    assert [v.id for v in verdicts] == [c.id for c in found]
    assert sum(v.amount for v in verdicts) <= left
    for verdict in verdicts:
        assert (verdict.amount > 0) == (verdict.outcome is FUNDED)
        assert verdict.amount in (0, asked[verdict.id])
        assert verdict.reasons
        assert all(r["code"] in REASONS for r in verdict.reasons)
    order = [v.outcome for v in verdicts if v.outcome is not REFUSED]
    assert order == sorted(order, key=lambda o: o is WAITING)
    for one, verdict in zip(found, verdicts, strict=True):
        fails = one.score < 6000 or one.criteria["viability"] < 500
        assert (verdict.outcome is REFUSED) == fails
    first = next((v for v in verdicts if v.outcome is WAITING), None)
    if first:
        spent = sum(v.amount for v in verdicts)
        assert asked[first.id] > left - spent


def test_reasons_say_what_was_left_and_which_criteria_were_weak() -> None:
    verdicts = allocate(
        [
            candidate(1, 8000, 60),
            candidate(2, 7000, 60),
            candidate(3, 6500, 30),
            candidate(4, 6200, 90),
            candidate(5, 5000, 10, impact=0, innovation=100),
            candidate(6, 6100, 10, viability=400),
        ],
        100,
        GRID,
    )
    assert [v.outcome for v in verdicts] == [FUNDED, WAITING, WAITING, WAITING, REFUSED, REFUSED]
    codes = [[r["code"] for r in v.reasons] for v in verdicts]
    assert codes == [
        ["funded_in_rank"],
        ["envelope_exhausted"],
        ["rank_order"],
        ["envelope_exhausted"],
        ["below_pass_mark", "weakest_criteria"],
        ["below_floor", "weakest_criteria"],
    ]
    assert verdicts[0].reasons[0]["params"]["left"] == 40
    assert verdicts[2].reasons[0]["params"] == {"rank": 2, "left": 40}
    weak = verdicts[4].reasons[1]["params"]["criteria"]
    assert [(c["mean"], c["of"]) for c in weak] == [(0, 2500), (100, 1000)]
    assert verdicts[5].reasons[0]["params"]["floor"] == 500


def test_a_dossier_that_asks_for_nothing_is_never_funded() -> None:
    (verdict,) = allocate([candidate(1, 9000, 0)], 100, GRID)
    assert verdict.outcome is WAITING
