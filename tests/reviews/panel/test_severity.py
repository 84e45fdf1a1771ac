"""Severity-corrected scores against the dense mixed model, against known truth, and at the edges."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.reviews.panel.ratings import Ratings, components
from backend.reviews.panel.reml import Absorbed, estimate
from backend.reviews.panel.severity import NotEstimable, correct

from . import independent
from .study import CASES, PANELS, panel, row


def small(seed, files=12, people=5, readers=2):
    random = np.random.default_rng(seed)
    return [
        (f"f{file:02}", f"e{person}", float(random.normal(50 + 3 * file - 4 * person, 5)))
        for file in range(files)
        for person in random.choice(people, readers + int(file % 3 == 0), replace=False)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_predictions_are_those_of_the_dense_covariance(seed):
    ratings = sorted(small(seed))
    found = correct(ratings, draws=50)
    variances = found.variances
    mean, scores, errors, effects, _ = independent.mixed_model(
        ratings, variances.file, variances.evaluator, variances.error
    )
    assert found.mean == pytest.approx(mean)
    mine = sorted(found.files, key=lambda one: one.file)
    assert [one.corrected for one in mine] == pytest.approx(list(scores))
    assert [one.se for one in mine] == pytest.approx(list(errors))
    assert [one.effect for one in sorted(found.evaluators, key=lambda one: one.evaluator)] == pytest.approx(
        list(effects), abs=1e-9
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_likelihood_is_that_of_the_dense_covariance_and_its_maximum_is_found(seed):
    ratings = sorted(small(seed))
    data = Absorbed(Ratings.of(ratings))

    def dense(file, evaluator):
        """Profiled over the error variance, as ours."""
        error = data.deviance(file, evaluator)[1]
        return independent.mixed_model(ratings, file * error, evaluator * error, error)[-1]

    points = [(0.0, 0.0), (0.5, 0.0), (0.0, 2.0), (1.3, 0.7), (9.0, 4.0)]
    ours = [data.deviance(*point)[0] for point in points]
    theirs = [dense(*point) for point in points]
    assert np.diff(ours) == pytest.approx(np.diff(theirs), abs=1e-8), "up to a constant"
    best = estimate(Ratings.of(ratings))
    least = data.deviance(best.file / best.error, best.evaluator / best.error)[0]
    shares = np.linspace(0, 0.99, 45)
    assert least <= min(data.deviance(f / (1 - f), e / (1 - e))[0] for f in shares for e in shares) + 1e-6


def test_a_severe_evaluator_no_longer_drags_her_dossiers_down():
    """Worth 50, 51 … 69; one evaluator takes off 20 points from whatever she reads."""
    ratings = [
        (f"f{file:02}", f"e{person}", 50 + file - 20 * (person == 0) + (file * person) % 3)
        for file in range(20)
        for person in {file % 5, (file + 1 + file // 5) % 5}
    ]
    found = correct(ratings)
    severest = found.evaluators[0]
    assert severest.evaluator == "e0"
    assert severest.effect < -10
    raw = {one.file: at for at, one in enumerate(sorted(found.files, key=lambda one: -one.raw))}
    truth = {f"f{file:02}": 19 - file for file in range(20)}
    corrected = {one.file: at for at, one in enumerate(found.files)}
    assert sum(abs(corrected[f] - truth[f]) for f in truth) < sum(abs(raw[f] - truth[f]) for f in truth) / 2


def test_ranks_are_seeded_add_up_and_bracket_themselves():
    ratings = small(7)
    found = correct(ratings, seed=3)
    assert found == correct(ratings[::-1], seed=3), "the order of arrival changes nothing"
    assert found.files != correct(ratings, seed=4).files
    n = len(found.files)
    assert sum(one.rank for one in found.files) == pytest.approx(n * (n + 1) / 2)
    for one in found.files:
        assert 1 <= one.rank_low <= one.rank_high <= n
        assert one.rank_low - 1 < one.rank < one.rank_high + 1
        assert one.se > 0
    assert [one.corrected for one in found.files] == sorted(
        (one.corrected for one in found.files), reverse=True
    )


def test_expected_ranks_are_those_of_their_distribution():
    """Sums of P(i before j), which the normal law of the differences gives without drawing."""
    from math import erf, sqrt

    ratings = sorted(small(2, files=8, people=4))
    found = correct(ratings, draws=20_000)
    by_file = sorted(found.files, key=lambda one: one.file)
    v = found.variances
    rows = []
    for one in by_file:
        before = 0.0
        for other in by_file:
            if other.file != one.file:
                spread = _difference(ratings, v, one.file, other.file)
                before += 0.5 * (1 + erf((other.corrected - one.corrected) / spread / sqrt(2)))
        rows.append(1 + before)
    assert [one.rank for one in by_file] == pytest.approx(rows, abs=0.05)


def _difference(ratings, v, one, other):
    """Standard deviation of the difference of two dossiers given the ratings, dense."""
    files = sorted({f for f, _, _ in ratings})
    people = sorted({e for _, e, _ in ratings})
    z = np.array([[f == x for x in files] for f, _, _ in ratings], dtype=float)
    w = np.array([[e == x for x in people] for _, e, _ in ratings], dtype=float)
    cov = v.file * z @ z.T + v.evaluator * w @ w.T + v.error * np.eye(len(ratings))
    inverse = np.linalg.inv(cov)
    ones = np.ones(len(ratings))
    projector = inverse - np.outer(inverse @ ones, ones @ inverse) / (ones @ inverse @ ones)
    given_all = v.file * np.eye(len(files)) - v.file**2 * z.T @ projector @ z
    a, b = files.index(one), files.index(other)
    return np.sqrt(given_all[a, a] + given_all[b, b] - 2 * given_all[a, b])


def test_warnings_name_whom_they_concern():
    linked = [(f"f{i:02}", f"e{e}", 50.0 + i + e) for i in range(10) for e in range(2)]
    apart = [(f"g{i}", f"x{e}", 40.0 + 7 * ((i * e) % 3) + i) for i in range(3) for e in (1, 2)]
    found = correct(linked + apart)
    by_code = {one.code: one for one in found.warnings}
    assert by_code["not_connected"].evaluators == ("x1", "x2")
    assert by_code["not_connected"].files == ("g0", "g1", "g2")
    assert by_code["few_files"].evaluators == ("x1", "x2")
    assert "no_difference_between_files" not in by_code


def test_a_variance_at_the_boundary_is_nil_and_said():
    random = np.random.default_rng(0)
    alike = [(f, e, float(60 + 10 * random.normal())) for f in range(30) for e in range(3)]
    centred = {}
    for e in range(3):  # every evaluator has exactly the same mean: no severity can be found
        mean = sum(v for _, who, v in alike if who == e) / 30
        centred |= {(f, who): v - mean + 60 for f, who, v in alike if who == e}
    found = correct([(f, e, v) for (f, e), v in centred.items()])
    assert found.variances.evaluator == 0
    assert "no_severity_found" in {one.code for one in found.warnings}
    assert all(one.effect == 0 and one.se == 0 for one in found.evaluators)
    if found.variances.file:
        by_mean = sorted(found.files, key=lambda one: -one.raw)
        assert [one.file for one in by_mean] == [one.file for one in found.files]


def test_dossiers_that_do_not_differ_are_all_in_the_middle():
    ratings = [(f, e, 50.0 + 10 * ((f + e) % 2) + 3 * e) for f in range(10) for e in range(2)]
    found = correct(ratings)
    assert found.variances.file == 0
    assert "no_difference_between_files" in {one.code for one in found.warnings}
    assert len({round(one.corrected, 6) for one in found.files}) == 1
    assert all(one.rank == pytest.approx(5.5, abs=0.5) for one in found.files)


@pytest.mark.parametrize(
    ("ratings", "code"),
    [
        ([], "no_file_read_twice"),
        ([("a", 1, 50), ("b", 1, 60)], "one_evaluator"),
        ([("a", 1, 50), ("b", 2, 60)], "no_file_read_twice"),
        ([("a", 1, 50), ("a", 2, 60)], "no_file_read_twice"),
        ([("a", 1, 50), ("a", 2, 50), ("b", 1, 50)], "no_variation"),
    ],
)
def test_what_nothing_can_tell_is_refused(ratings, code):
    with pytest.raises(NotEstimable) as refused:
        correct(ratings)
    assert refused.value.code == code


def test_perfect_agreement_is_no_trouble():
    found = correct([(f, e, 10.0 * f) for f in range(6) for e in range(3)])
    assert [one.file for one in found.files] == [5, 4, 3, 2, 1, 0]
    assert all(one.rank_low == one.rank_high for one in found.files)


pairs = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 6)), unique=True)


@settings(max_examples=60)
@given(pairs)
def test_components_are_what_no_reading_links(found):
    groups = components(found)
    assert sum(len(files) for files, _ in groups) == len({f for f, _ in found})
    assert sum(len(people) for _, people in groups) == len({e for _, e in found})
    for file, person in found:
        assert [file in files for files, _ in groups] == [person in people for _, people in groups]
    # Within a group, everything is reached from any dossier.
    for files, people in groups:
        reached, grown = {next(iter(files))}, True
        while grown:
            who = {e for f, e in found if f in reached}
            wider = reached | {f for f, e in found if e in who}
            grown, reached = wider != reached, wider
        assert reached == files
        assert {e for f, e in found if f in reached} == people


GAINS = [
    name
    for name, case in CASES.items()
    if case.severity >= 8 and case.readers < case.people and case.shape != "apart"
]


@pytest.mark.parametrize("name", GAINS)
def test_where_evaluators_differ_the_corrected_order_is_nearer_to_the_truth(name):
    """A few panels of each case of docs/reliability.md; `study` draws the table there."""
    panels = 2 if CASES[name].files > 200 else 6
    better = [panel(CASES[name], seed).compared(draws=2) for seed in range(panels)]
    assert sum(corrected - raw for raw, corrected in better) > 0


def test_where_everybody_reads_everything_the_two_orders_are_one():
    raw, corrected = panel(CASES["complete: everybody reads all 30 files"], 1).compared(draws=2)
    assert raw == pytest.approx(corrected)


def test_without_severity_little_is_lost():
    lost = [panel(CASES["no severity"], seed).compared(draws=2) for seed in range(6)]
    assert sum(corrected - raw for raw, corrected in lost) / 6 > -0.01


@pytest.mark.slow
def test_the_table_of_the_documentation_is_what_is_computed():
    """One line of it, all its panels; within what another machine's floats may change."""
    name = "small: 30 files, 6 evaluators"
    text = (Path(__file__).resolve().parents[3] / "docs" / "reliability.md").read_text(encoding="utf-8")
    lines = {line.split("|")[1].strip(): line for line in text.splitlines() if line.count("|") == 7}
    assert set(CASES) <= set(lines)

    def figures(line):
        return [float(one.strip("%")) for one in re.findall(r"[-+]?[\d.]+%?", line.partition(name)[2])]

    written, computed = figures(lines[name]), figures(row(name, PANELS))
    assert written[:4] == pytest.approx(computed[:4], abs=0.003)
    assert written[4:] == pytest.approx(computed[4:], abs=1), "per cent"


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 6), st.integers(0, 4)),
        st.sampled_from([0, 25, 50, 50.01, 75, 100]),
        max_size=20,
    )
)
def test_whatever_the_marks_the_answer_is_finite_or_refused(marks):
    ratings = [(f, e, v) for (f, e), v in marks.items()]
    try:
        found = correct(ratings, draws=50)
    except NotEstimable:
        return
    figures = [one.corrected for one in found.files] + [one.se for one in found.files]
    figures += [one.effect for one in found.evaluators] + [one.se for one in found.evaluators]
    assert np.isfinite(figures).all()
    assert min(found.variances.file, found.variances.evaluator) >= 0
    assert found.variances.error > 0
    values = [v for _, _, v in ratings]
    for one in found.files:
        assert 1 <= one.rank_low <= one.rank_high <= len(found.files)
        assert min(values) - 60 <= one.corrected <= max(values) + 60
