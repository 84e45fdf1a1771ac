"""A panel too small to tell: no false certainty, neither in the ranking nor in the agreement."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.calls.models import Call, CallState
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.reviews import commands, queries
from backend.reviews.models import CallReview, Standing
from backend.reviews.panel.official import official
from backend.reviews.panel.severity import correct
from tests.reviews import given

Client = Callable[[str], Any]


def _reported(world: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        commands.report(tx, world.call)


def test_seven_dossiers_read_by_nine_say_that_nothing_is_sure() -> None:
    """As the call of 2023: 14 readings, 16 unknowns."""
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (7, 8)]
    ratings = [(f"f{n}", f"e{at}", 40.0 + 8 * n + at) for n, pair in enumerate(pairs) for at in pair]
    found = correct(ratings, draws=20)
    assert {one.code for one in found.warnings} >= {"few_files", "not_connected", "near_saturated"}
    assert found.unsure


def test_freedom_is_what_readings_leave() -> None:
    """Complete: 11 × 2 leave 10, 10 × 2 leave 9."""
    for files, unsure in ((11, False), (10, True)):
        ratings = [(f"f{n:02}", e, 50.0 + n + (n * (e == "b")) % 3) for n in range(files) for e in "ab"]
        found = correct(ratings, draws=20)
        assert ("near_saturated" in {one.code for one in found.warnings}) is unsure
        assert found.unsure is unsure
        assert found.untold is unsure
        assert official(ratings).refused == ("near_saturated" if unsure else None)


def test_no_rank_interval_and_the_reason_beside(world: Any, client: Client) -> None:
    *found, alone = given.eligible(world, 4)
    for n, dossier in enumerate(found):
        for name in ("evaluator", "second"):
            given.signed(world, name, dossier, n + (name == "second"))
    given.signed(world, "third", alone)  # she shares none, and is named all the same
    _reported(world)
    with transaction(SYSTEM) as tx:
        rows = tx.session.scalars(select(Standing)).all()
        assert [(row.rank_low, row.rank_high, row.rank_expected_hundredths) for row in rows] == [
            (None,) * 3
        ] * 4
        assert all(row.corrected_hundredths is None for row in rows)
    with transaction(world.officer) as tx:
        report = queries.panel(tx, world.call).report
    assert report
    said = [
        (one["files"], one["shared"], one["mean"], one["sd"], one["effect"]) for one in report["evaluators"]
    ]
    assert said == [(3, 3, -12.5, 0.0, None), (3, 3, 12.5, 0.0, None), (1, 0, None, None, None)]
    assert [one["code"] for one in report["warnings"]] == ["few_files", "not_connected", "near_saturated"]
    page = client("officer").get(f"/das/calls/{world.call}/ranking").text
    assert "rang attendu" not in page
    assert "corrigée " not in page
    assert "Ni notes corrigées ni rangs attendus ne sont donnés" in page
    assert "leur sévérité est mal connue" in page
    told = client("officer").get(f"/api/v1/rankings/{world.call}").json()["items"]
    assert {(one["corrected_hundredths"], one["rank_low"]) for one in told} == {(None, None)}
    panel = client("officer").get(f"/das/calls/{world.call}/panel").text
    assert "les notes d’un même" not in panel
    assert "<bdi>Third</bdi>" in panel
    assert "Écart par évaluateur" in panel
    table = client("officer").get(f"/das/calls/{world.call}/panel.csv").text.splitlines()
    assert [line.split(";")[:5] for line in table[1:]] == [
        ["Evaluator", "3", "3", "-12,50", "0,00"],
        ["Second", "3", "3", "12,50", "0,00"],
        ["Third", "1", "0", "", ""],
    ]


@pytest.mark.parametrize(
    ("state", "method", "again"),
    [("published", "raw", True), ("decided", "raw", True), ("decided", "corrected", False)],
)
def test_a_report_made_in_an_earlier_way_is_made_again(
    world: Any, client: Client, state: str, method: str, again: bool
) -> None:
    """Ranks that a decided call kept of a panel too small go; what was voted upon keeps its order."""
    (dossier,) = given.eligible(world)
    given.signed(world, "evaluator", dossier)
    _reported(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        assert commands.behind(tx) == []
        kept = tx.session.scalars(select(CallReview)).one()
        people = [{"id": str(world.evaluator.id), "files": 1, "mean": 0.0, "effect": None}]  # as it was
        kept.report = {"all": kept.report["all"] | {"method": method, "evaluators": people}}
        tx.session.execute(update(Call).where(Call.id == world.call).values(state=CallState(state)))
        tx.session.flush()
        assert commands.behind(tx) == ([world.call] if again else [])
    for page in ("panel", "panel.csv", "ranking"):
        assert client("officer").get(f"/das/calls/{world.call}/{page}").status_code == 200
    if again:
        _reported(world)
        with transaction(SYSTEM) as tx:
            assert commands.behind(tx) == []


def test_one_shared_dossier_compares_nothing(world: Any, client: Client) -> None:
    first, second = given.eligible(world, 2)
    given.signed(world, "evaluator", first, 1)
    given.signed(world, "second", first, 2)
    given.signed(world, "evaluator", second, 3)
    _reported(world)
    with transaction(world.officer) as tx:
        report = queries.panel(tx, world.call).report
    assert report
    assert report["agreement"]["interval"]["value"] is None
    assert report["icc"] is None
    page = client("officer").get(f"/das/calls/{world.call}/panel").text
    assert page.count("rien à comparer") >= 2
    assert "sans intervalle" not in page


def test_an_interval_is_that_of_a_correlation() -> None:
    from backend.reviews.panel.report import _icc

    ratings = [(f"f{n}", e, 50.0 + (n * (1 + (e == "b"))) % 5) for n in range(6) for e in "ab"]
    ratings += [(f"alone{n}", "a", 40.0 + n) for n in range(200)]
    said = _icc(ratings)
    assert said
    for one in said.values():
        assert one["shared"] == 6
        assert -1 <= one["low"] <= one["high"] <= 1


def test_a_decided_call_offers_no_third_reader(world: Any, client: Client) -> None:
    (dossier,) = given.eligible(world)
    given.signed(world, "evaluator", dossier, 0)
    given.signed(world, "second", dossier, 4)
    _reported(world)
    page = f"/das/calls/{world.call}/panel"
    assert "Envoyer à un autre lecteur" in client("officer").get(page).text
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Call).where(Call.id == world.call).values(state=CallState.DECIDED))
    told = client("officer").get(page).text
    assert "Envoyer à un autre lecteur" not in told
    assert "Choisir qui lit" not in told
