import pytest

from backend.ops.bench.result import Result, Target, table
from backend.ops.bench.statistics import Series, interleaved, percentile, ratio


def test_a_percentile_lies_between_its_neighbours():
    values = [4.0, 1.0, 3.0, 2.0]
    assert percentile(values, 0) == 1
    assert percentile(values, 1) == 4
    assert percentile(values, 0.5) == 2.5
    assert percentile([7.0], 0.95) == 7


def test_a_percentile_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_one_disturbed_round_moves_neither_the_median_nor_the_ratio():
    ours = Series([[2.0, 2.0, 2.0], [2.0, 2.0, 2.0], [90.0, 80.0, 70.0]])
    limit = Series([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])
    assert ours.p50 == 2
    assert ratio(ours, limit) == 2


def test_the_ratio_compares_rounds_of_the_same_minute():
    """A machine that slows down half-way slows both sides: the ratio stays."""
    ours = Series([[3.0], [30.0], [300.0]])
    limit = Series([[1.0], [10.0], [100.0]])
    assert ratio(ours, limit) == 3


def test_sides_take_turns_and_each_is_first_in_turn():
    calls: list[str] = []
    found = interleaved({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=2, each=2)
    assert calls == ["a", "a", "b", "b", "b", "b", "a", "a"]
    assert [len(one) for one in found["a"].rounds] == [2, 2]
    assert len(found["b"].all) == 4


def test_a_target_is_a_ceiling_or_a_floor():
    assert Target("sql", 6, 6).ok
    assert not Target("sql", 7, 6).ok
    assert Target("rate", 200, 200, "/s", at_least=True).ok
    assert not Target("rate", 199, 200, "/s", at_least=True).ok
    assert Target("sql", 7, 6).words() == "sql 7 <= 6  MISSED"
    assert Target("rate", 201.5, 200, "/s", at_least=True).words() == "rate 202 >= 200 /s"


def test_a_result_is_ok_when_every_target_is():
    good = Result("x", ratio=1.2, target_ratio=1.5, sql=5, target_sql=6)
    assert good.ok
    assert [target.name for target in good.targets] == ["ratio", "sql"]
    assert not Result("x", ratio=1.6, target_ratio=1.5).ok
    assert not Result("x", more=[Target("lost", 1, 0)]).ok
    assert Result("x", skipped="not there yet").ok
    assert not Result("x", failed="ValueError: no").ok


def test_the_table_says_what_was_missed_and_what_was_not_measured():
    said = table([
        Result("one", n=3, ratio=1.6, target_ratio=1.5, limit="a bare endpoint"),
        Result("two", more=[Target("kept", 1, 2)], notes=["a note"]),
        Result("three", skipped="no such page"),
        Result("four", failed="Refusal: the API did not start"),
    ])  # fmt: skip
    lines = said.splitlines()
    assert lines[0].split()[0] == "workload"
    assert lines[1].endswith("MISSED")
    assert "    limit: a bare endpoint" in lines
    assert "    kept 1 <= 2" in lines
    assert "    a note" in lines
    assert "    not measured: no such page" in lines
    assert "    ended by Refusal: the API did not start" in lines


def test_a_brief_line_says_the_verdict_and_every_target():
    one = Result("x", p50_ms=2.5, ratio=1.2, target_ratio=1.5, sql=7, target_sql=6)
    assert one.brief() == "MISSED p50 2.50 ms; ratio 1.20 <= 1.50; sql 7 <= 6  MISSED"
    assert Result("x", skipped="no page").brief() == "- no page"
    assert Result("x", failed="Refusal: no").brief() == "FAILED Refusal: no"
