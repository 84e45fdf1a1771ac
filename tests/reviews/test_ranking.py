"""The ranking: its order, its pages, its cost, and who sees what of it."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select, text, update

from backend.applications.models import Application
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.ops import check
from backend.reviews import commands, queries
from backend.reviews.models import Assignment, CallReview, Standing
from backend.reviews.scoring import drawn
from tests.reviews import given


def draw(application_id: Any) -> str:
    return drawn("0" * 64, str(application_id))


def place(world: Any, rows: list[tuple[int, list[int]]]) -> list[Any]:
    """Dossiers with these scores and ties."""
    found = given.eligible(world, len(rows))
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        call = {"call_id": world.call, "province_code": "09.001", "per_file": 2}
        tx.session.add(CallReview(**call, seed="0" * 64, seeded_at=tx.now))
        tx.session.flush()
        for application_id, (score, ties) in zip(found, rows, strict=True):
            tx.session.add(
                Standing(
                    application_id=application_id,
                    call_id=world.call,
                    province_code="09.001",
                    reviews=2,
                    score_hundredths=score,
                    spread_hundredths=100,
                    ties=ties,
                    criteria={},
                    draw=draw(application_id),
                )
            )
    return found


def test_score_then_ties_then_the_draw_and_every_page_agrees(world: Any) -> None:
    rows = [(7000, [1, 2]), (8000, [1, 1]), (7000, [2, 1]), (7000, [1, 2]), (7000, [1, 3]), (6000, [9, 9])]
    found = place(world, rows)
    expected = sorted(
        found, key=lambda f: (-rows[found.index(f)][0], [-t for t in rows[found.index(f)][1]], draw(f))
    )
    for limit in (1, 2, 4, 50):
        seen, ranks, cursor = [], [], None
        while True:
            with transaction(world.officer) as tx:
                page = queries.ranking(tx, world.call, cursor, limit)
            seen += [row.application_id for row in page.rows]
            ranks += range(page.first, page.first + len(page.rows))
            cursor = page.next
            if cursor is None:
                break
        assert seen == expected
        assert ranks == [1, 2, 3, 4, 5, 6]
    with transaction(SYSTEM) as tx:
        assert [row.application_id for row in queries.whole_ranking(tx, world.call)] == expected


@pytest.mark.parametrize("cursor", ["x", "1.", "x.y", "1.eA", "²." + "a", "9999999999.a"])
def test_a_cursor_that_is_not_ours_is_refused(world: Any, cursor: str) -> None:
    given.a_call(world)
    with pytest.raises(Problem, check=lambda p: p.status == 422), transaction(world.officer) as tx:
        queries.ranking(tx, world.call, cursor)


def test_totals_add_up(world: Any) -> None:
    place(world, [(7000, [1]), (8000, [1])])
    with transaction(world.officer) as tx:
        found = queries.totals(tx, world.call)
    assert (found.ranked, found.reviews, found.discordant, found.waiting) == (2, 4, 0, 0)
    assert found.asked_centimes == 2 * given.REQUESTED


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("officer", True), ("chair", True), ("auditor", True), ("coordination", True),
        ("administrator", True),
        ("evaluator", False), ("third", False), ("holder", False), ("stranger", False), ("coach", False),
    ],
)  # fmt: skip
def test_who_reads_the_ranking(world: Any, name: str, sees: bool) -> None:
    dossier = given.scored(world)[0]
    with transaction(world.people[name]) as tx:
        if sees:
            queries.may_rank(tx, world.call)
            assert len(queries.ranking(tx, world.call).rows) == 1
            assert tx.get(Standing, dossier, "standing.read").reviews == 2
            return
        with pytest.raises(Problem, check=lambda p: p.status == 404):
            queries.may_rank(tx, world.call)
        with pytest.raises(Problem, check=lambda p: p.status == 404):
            tx.get(Standing, dossier, "standing.read")
        assert queries.ranking(tx, world.call).rows == []
        with pytest.raises(Problem, check=lambda p: p.status == 404):
            queries.totals(tx, world.call)


def test_a_chair_tied_to_a_holder_learns_nothing_of_it(world: Any) -> None:
    dossier = given.scored(world)[0]
    given.tied(world, "chair", world.tifaout)
    with transaction(world.chair) as tx:
        assert queries.ranking(tx, world.call).rows == []
        assert queries.totals(tx, world.call) == queries.Totals(0, 0, 0, 0, 0, 0)
        assert tx.session.scalars(tx.visible(select(Assignment), "assignment.read")).all() == []
        board = queries.board(tx, world.call)
        assert board.needs == []
        assert not any(load.carried or load.recused for load in board.loads)
    assert given.standing(dossier)


def sums(world: Any) -> tuple[int, ...]:
    """What the platform keeps of the call, beside the same counted anew."""
    with transaction(SYSTEM) as tx:
        kept = tx.session.scalars(select(CallReview).where(CallReview.call_id == world.call)).one()
        rows = tx.session.scalars(select(Standing).where(Standing.call_id == world.call)).all()
        counted = (
            len(rows),
            sum(row.reviews for row in rows),
            sum(row.discordant for row in rows),
            sum(row.reviews < 2 for row in rows),
            len(rows) * given.REQUESTED,
        )
        assert counted == (kept.ranked, kept.reviews, kept.discordant, kept.waiting, kept.asked_centimes)
    return counted


def test_the_sums_follow_each_signature(world: Any) -> None:
    first, second, _ = given.eligible(world, 3)
    one = given.signed(world, "evaluator", first, 4)
    assert sums(world) == (1, 1, 0, 1, given.REQUESTED)
    given.signed(world, "second", first, 0)  # a hundred points apart
    given.signed(world, "second", second)
    assert sums(world) == (2, 3, 1, 1, 2 * given.REQUESTED)
    with transaction(world.officer) as tx:
        commands.reopen(tx, one.id, "Une note sans commentaire.")
    assert sums(world) == (2, 2, 0, 2, 2 * given.REQUESTED)
    with transaction(world.second) as tx:
        commands.recuse_tied(tx, world.second.id, world.tifaout, "Sa sœur préside la coopérative.")
    assert sums(world) == (1, 1, 0, 1, given.REQUESTED)
    with transaction(world.officer) as tx:
        assert queries.totals(tx, world.call) == queries.Totals(1, 1, 0, given.REQUESTED, 1, 2)


def test_the_check_notices_sums_and_draws_that_are_not_true(world: Any) -> None:
    (asked,) = [one.broken for one in check.INVARIANTS if one.name == "review-sums"]
    first = given.eligible(world, 2)[0]
    given.signed(world, "evaluator", first)
    for change in (update(CallReview).values(reviews=2), update(Standing).values(draw="0" * 64)):
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            assert tx.session.scalars(text(asked)).all() == []
            tx.session.execute(change)
            assert tx.session.scalars(text(asked)).all() == ["agadir-2023"]
            tx.session.rollback()


def test_the_draw_is_published_before_anybody_reads(world: Any, client: Any) -> None:
    first, second = given.eligible(world, 2)
    anybody = client(None)
    public = "/calls/agadir-2023"
    assert "Graine du tirage" not in anybody.get(public).text
    given.opened(world, "evaluator", first)
    told = anybody.get(f"/api/v1/calls/{world.call}").json()
    page = anybody.get(public).text.replace("\u00a0", " ")
    assert f"avant la première lecture : {told['draw_seed']}" in page
    with transaction(SYSTEM) as tx:
        (begun,) = tx.session.scalars(select(Event).where(Event.name == "call_review.begun"))
        kept = tx.session.scalars(select(CallReview).where(CallReview.call_id == world.call)).one()
        assert begun.data["seed"] == kept.seed == told["draw_seed"]
        assert len(kept.seed) == 64
    given.signed(world, "second", first)
    given.signed(world, "second", second)
    with transaction(SYSTEM) as tx:
        rows = tx.session.execute(
            select(Standing.draw, Application.number).join(
                Application, Application.id == Standing.application_id
            )
        ).all()
        assert tx.session.scalars(select(CallReview.seed)).all() == [kept.seed]
        seed = queries.method(tx, tx.session.get_one(Call, world.call)).seed
    assert seed == kept.seed
    assert [draw for draw, _ in rows] == [
        hashlib.sha256(f"{kept.seed}{number}".encode()).hexdigest() for _, number in rows
    ]


def test_evaluators_see_their_own_reviews_only(world: Any) -> None:
    given.scored(world)
    with transaction(world.evaluator) as tx:
        seen = tx.session.scalars(tx.visible(select(Assignment), "assignment.read")).all()
        assert [a.evaluator_id for a in seen] == [world.evaluator.id]
        assert len(queries.listed(tx, call_id=world.call).items) == 1
    with transaction(world.third) as tx:
        assert queries.stack(tx) == []
        assert queries.listed(tx).items == []


def test_a_chair_who_reviews_a_dossier_is_blind_until_she_signs(world: Any) -> None:
    from backend.people.models import Role, RoleGrant

    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.add(
            RoleGrant(
                person_id=world.chair.id, role=Role.EVALUATOR, province_code="09.001", granted_at=tx.now
            )
        )
    dossier = given.eligible(world)[0]
    given.signed(world, "second", dossier)
    mine = given.opened(world, "chair", dossier)
    with transaction(world.chair) as tx:
        assert queries.ranking(tx, world.call).rows == []
        assert [a.id for a in queries.listed(tx).items] == [mine.id]


def test_the_board_counts_load_and_what_is_missing(world: Any) -> None:
    dossier = given.eligible(world, 2)[0]
    given.signed(world, "second", dossier)
    given.opened(world, "evaluator", dossier)
    with transaction(world.officer) as tx:
        board = queries.board(tx, world.call)
    assert {(load.name, load.signed, load.open, load.late) for load in board.loads} == {
        ("Second", 1, 0, 0),
        ("Evaluator", 0, 1, 0),
        ("Third", 0, 0, 0),
        ("Conflicted", 0, 0, 0),
    }
    assert board.lacking == 2
    assert [need.active for need in board.needs] == [2, 0]


def test_the_cost_does_not_grow_with_the_rows(world: Any, statements: Any) -> None:
    counts = []
    for number in (1, 3):
        vars(world).pop("call", None)
        given.a_call(world, code=f"agadir-{number}")
        given.scored(world, number)
        with transaction(world.officer) as tx, statements() as ranking:
            queries.may_rank(tx, world.call)
            queries.ranking(tx, world.call)
        with transaction(world.officer) as tx, statements() as board:
            queries.board(tx, world.call)
        with transaction(world.evaluator) as tx, statements() as stack:
            queries.stack(tx)
        with transaction(world.officer) as tx, statements() as listed:
            queries.listed(tx)
        counts.append((len(ranking), len(board), len(stack), len(listed)))
    assert counts[0] == counts[1] == (2, 7, 1, 1)


def test_nobody_reads_nothing(world: Any) -> None:
    from backend.core.actor import ANONYMOUS

    given.scored(world)
    with transaction(ANONYMOUS) as tx:
        assert queries.ranking(tx, world.call).rows == []
        assert queries.listed(tx).items == []


def test_every_code_of_reviews_and_decisions_has_words() -> None:
    from backend.core.i18n import LANGUAGES, has
    from backend.decisions import lifecycle as decisions
    from backend.reviews import lifecycle as reviews

    codes = [*reviews.words(), *decisions.words(), *decisions.reason_codes()]
    assert [code for code in codes for lang in LANGUAGES if not has(lang, code)] == []
