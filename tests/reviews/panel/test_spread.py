"""Where evaluators differ, and which dossiers are sent on, with hand-computed figures."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.i18n import translate
from backend.reviews.panel.agreement import Alpha, alpha
from backend.reviews.panel.icc import Icc, icc
from backend.reviews.panel.spread import by_criterion, by_evaluator, discordant
from backend.reviews.panel.words import alpha_said, icc_said


def test_an_evaluator_is_compared_with_the_mean_of_what_she_shares():
    """a: 60, 70 (mean 65); b: 40, 50, 60 (mean 50); c read by one only."""
    ratings = [("a", "x", 60), ("a", "y", 70), ("b", "x", 40), ("b", "y", 50), ("b", "z", 60), ("c", "x", 99)]
    found = {one.evaluator: one for one in by_evaluator(ratings)}
    assert [one.evaluator for one in by_evaluator(ratings)] == ["x", "y", "z"], "the most severe first"
    assert (found["x"].files, found["x"].mean) == (2, -7.5)
    assert found["x"].sd == pytest.approx(sqrt(2 * 2.5**2))
    assert (found["y"].mean, found["z"].mean) == (2.5, 10)
    assert (found["z"].files, found["z"].sd) == (1, None)
    assert by_evaluator([]) == []


def test_each_criterion_has_its_spread_and_its_agreement():
    marks = {
        "impact": [(f, e, (f + (e == 1 and f == 0)) % 5) for f in range(8) for e in range(2)],
        "cost": [(f, 0, f % 5) for f in range(3)],
        "care": [],
    }
    impact, cost, care = by_criterion(marks, draws=50)
    assert (impact.code, impact.marks) == ("impact", 16)
    assert impact.within == pytest.approx(sqrt(0.5 / 8)), "one dossier of eight, 0 and 1"
    assert impact.alpha.value == pytest.approx(alpha(marks["impact"], "ordinal").value)
    assert impact.icc == icc(marks["impact"])
    assert (cost.mean, cost.within, cost.alpha.value, cost.icc) == (1.0, None, None, {})
    assert (care.marks, care.mean, care.within) == (0, 0.0, None)


def test_a_discordant_dossier_says_why_and_where_to_send_it():
    calm = [(f"q{n}", e, 6000 + 100 * e) for n in range(10) for e in range(2)]
    totals = [
        *calm,
        ("wide", 1, 4000), ("wide", 2, 6500),
        ("odd", 1, 7000), ("odd", 2, 7600),
        ("three", 1, 2000), ("three", 2, 5000), ("three", 3, 8000),
        ("alone", 1, 100),
    ]  # fmt: skip
    three, wide = discordant(totals, threshold=2000, pass_mark=6000)
    assert (three.file, three.spread, three.totals, three.send_to) == (
        "three", 6000, (2000, 5000, 8000), "discussion",
    )  # fmt: skip
    assert three.sd == pytest.approx(3000)
    assert "across_the_pass_mark" in three.reasons
    # Its own sum of squares left out: 10 × 5 000 + 2 500²/2 + 600²/2 over 12 degrees of freedom.
    assert three.pooled == pytest.approx(sqrt((10 * 5000 + 2500**2 / 2 + 600**2 / 2) / 12))
    assert (wide.file, wide.reasons, wide.send_to) == (
        "wide", ("over_threshold", "across_the_pass_mark"), "another_reader",
    )  # fmt: skip
    assert [one.file for one in discordant(calm, threshold=99)] == [f"q{n}" for n in range(10)]
    assert discordant(calm, threshold=100) == [], "at the threshold is not over it"


def test_what_is_far_from_the_others_is_discordant_above_the_threshold_only():
    """One definition: the third reader is refused to what the standing doesn't call discordant."""
    calm = [(f"q{n}", e, 6000 + 100 * e) for n in range(10) for e in range(2)]
    totals = [*calm, ("odd", 1, 7000), ("odd", 2, 7600)]
    assert discordant(totals, threshold=2000, pass_mark=6000) == []
    (odd,) = discordant(totals, threshold=500, pass_mark=6000)
    assert (odd.file, odd.reasons) == ("odd", ("over_threshold", "unusual_for_the_call"))
    assert odd.pooled == pytest.approx(sqrt(5000))


def test_alone_nothing_is_unusual():
    assert discordant([("f", 1, 10), ("f", 2, 900)], threshold=1000) == []
    (found,) = discordant([("f", 1, 10), ("f", 2, 2000)], threshold=1000)
    assert found.pooled is None
    assert discordant([], threshold=0) == []


@given(
    st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 10_000), min_size=1, max_size=4)),
    st.integers(0, 5000),
)
def test_every_dossier_over_the_threshold_is_sent_on_once(totals, threshold):
    given_ = [(file, at, total) for file, mine in totals.items() for at, total in enumerate(mine)]
    found = discordant(given_, threshold=threshold)
    assert len({one.file for one in found}) == len(found)
    over = {file for file, mine in totals.items() if max(mine) - min(mine) > threshold}
    assert over == {one.file for one in found}
    assert [one.spread for one in found] == sorted((one.spread for one in found), reverse=True)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u2066", "").replace("\u2069", "")


def test_agreement_is_said_with_its_interval_and_what_it_rests_on():
    found = Alpha("interval", 0.756, 0.61, 0.85, 120, 240)
    assert plain(alpha_said("fr", found)) == (
        "α (par intervalles) = 0,76, intervalle à 95 % de 0,61 à 0,85 (dossiers : 120, évaluations : 240) :"
        " de « accord insuffisant pour conclure » à « accord fiable »."
    )
    assert "120" in alpha_said("ar", found)
    sure = Icc("k", 0.95, 0.91, 0.97, 30, 90, 3, "exact")
    assert plain(icc_said("fr", sure)).endswith(": fidélité excellente.")
    low = Icc("1", -0.05, -0.2, 0.1, 30, 90, 3, "exact")
    assert "−0,20" in plain(icc_said("fr", low))
    assert plain(icc_said("fr", low)).endswith(": fidélité faible.")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_without_an_interval_there_is_no_verdict(lang):
    few = Alpha("ordinal", 0.99, None, None, 4, 8)
    none = Alpha("ordinal", None, None, None, 0, 0)
    half = Icc("1", 0.99, None, 0.999, 4, 8, 2, "exact")
    for said in (alpha_said(lang, few), alpha_said(lang, none), icc_said(lang, half)):
        assert not any(
            translate(lang, band) in said for band in ("band.alpha.reliable", "band.icc.excellent")
        )
        assert any(figure in said for figure in ("4", "0"))
