"""Sharing, declaring, saving, signing, sending back: who may, what is refused, what is left behind."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from backend.applications.models import Application
from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people.models import Interest
from backend.reviews import commands, queries
from backend.reviews.models import Assignment, AssignmentState
from tests.reviews import given


def refused(code: str, status: int) -> Any:
    """The block is refused for this reason."""
    return pytest.raises(Problem, check=lambda p: (p.code, p.status) == (code, status))


def events(name: str) -> list[Event]:
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(Event).where(Event.name == name).order_by(Event.seq)))


# -- sharing ---------------------------------------------------------------------------------------------


def test_an_officer_assigns_and_the_deadline_is_two_weeks_away(world: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    assert made.state is AssignmentState.ASSIGNED
    assert made.due_at - made.assigned_at == timedelta(days=14)
    assert [e.subject_id for e in events("assignment.created")] == [made.id]


@pytest.mark.parametrize("name", ["evaluator", "chair", "auditor", "stranger", "holder"])
def test_nobody_else_assigns(world: Any, name: str) -> None:
    (dossier,) = given.eligible(world)
    with pytest.raises(Problem) as refusal, transaction(world.people[name]) as tx:
        commands.assign(tx, dossier, world.second.id)
    assert refusal.value.status in (403, 404)


def test_what_cannot_be_assigned(world: Any) -> None:
    dossier = given.eligible(world)[0]
    given.tied(world, "conflicted", world.tifaout)
    given.acts_for(world, "third", world.tifaout)
    given.assigned(world, "evaluator", application_id=dossier)
    for name, code, status in (
        ("evaluator", "already_assigned", 409),
        ("conflicted", "evaluator_tied", 409),
        ("third", "evaluator_tied", 409),
        ("coach", "invalid", 422),
    ):
        with refused(code, status), transaction(world.officer) as tx:
            commands.assign(tx, dossier, world.people[name].id)
    with refused("invalid", 422), transaction(world.officer) as tx:
        commands.assign(tx, dossier, world.second.id, tx.now - timedelta(hours=1))


def test_only_eligible_dossiers_are_assigned(world: Any) -> None:
    from sqlalchemy import update

    from backend.applications.models import Application

    (dossier,) = given.eligible(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Application).values(state="submitted"))
    with refused("not_assignable", 409), transaction(world.officer) as tx:
        commands.assign(tx, dossier, world.second.id)


def test_a_call_is_shared_evenly_ties_apart_and_again_only_what_is_missing(world: Any) -> None:
    given.eligible(world, 6)
    given.tied(world, "conflicted", world.tifaout)
    with transaction(world.officer) as tx:
        first = commands.assign_call(tx, world.call)
    assert len(first.created) == 12
    assert not first.shortfalls
    loads = [
        sum(a.evaluator_id == world.people[n].id for a in first.created)
        for n in ("evaluator", "second", "third")
    ]
    assert max(loads) - min(loads) <= 1
    with transaction(world.officer) as tx:
        again = commands.assign_call(tx, world.call)
        third = commands.assign_call(tx, world.call, [world.evaluator.id, world.second.id], 1)
    assert (again.created, again.shortfalls, third.created) == ([], [], [])


def test_what_could_not_be_satisfied_is_said(world: Any) -> None:
    given.eligible(world, 2)
    given.tied(world, "evaluator", world.tifaout)
    with transaction(world.officer) as tx:
        done = commands.assign_call(tx, world.call, [world.evaluator.id, world.second.id])
    assert len(done.created) == 3
    assert [s.missing for s in done.shortfalls] == [1]
    with refused("invalid", 422), transaction(world.officer) as tx:
        commands.assign_call(tx, world.call, [world.coach.id])


def test_a_call_without_dossiers(world: Any) -> None:
    given.a_call(world)
    with transaction(world.officer) as tx:
        assert commands.assign_call(tx, world.call).created == []


# -- the conflict ----------------------------------------------------------------------------------------


def test_nothing_is_seen_before_the_declaration(world: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    with refused("not_found", 404), transaction(world.evaluator) as tx:
        queries.dossier(tx, made.id)
    with refused("wrong_state", 409), transaction(world.evaluator) as tx:
        commands.save(tx, made.id, {"impact": 3}, {}, None)
    with transaction(world.evaluator) as tx:
        assert queries.identity(tx, made.id).organisation["fr"] == "Coopérative Tifaout"
        commands.declare(tx, made.id, False, "", made.version)
    with transaction(world.evaluator) as tx:
        assert queries.dossier(tx, made.id).application.content["results"]["jobs_women"] == 8


def test_a_conflict_recuses_wipes_and_finds_a_substitute(world: Any) -> None:
    dossier = given.eligible(world)[0]
    given.signed(world, "second", dossier, 2)
    mine = given.signed(world, "evaluator", dossier, 4)
    standing = given.standing(dossier)
    assert standing
    assert (standing.reviews, standing.score_hundredths, standing.spread_hundredths) == (
        2,
        7500,
        5000,
    )
    with refused("review_reason_required", 422), transaction(world.evaluator) as tx:
        commands.declare(tx, mine.id, True, "  ", None)
    with transaction(world.evaluator) as tx:
        commands.declare(tx, mine.id, True, "Ma sœur en est la trésorière", None)
    now = given.assignment(mine.id)
    assert (now.state, now.marks, now.notes, now.total_hundredths) == (AssignmentState.RECUSED, {}, {}, 0)
    standing = given.standing(dossier)
    assert standing
    assert (standing.reviews, standing.score_hundredths, standing.spread_hundredths) == (
        1,
        5000,
        0,
    )
    (trace,) = events("assignment.recused")
    assert trace.data["reason"] == "Ma sœur en est la trésorière"
    assert trace.actor_id == world.evaluator.id
    jobs.drain()
    with transaction(SYSTEM) as tx:
        ties = tx.session.scalars(
            select(Interest.person_id).where(Interest.organisation_id == world.tifaout)
        ).all()
        readers = tx.session.scalars(
            select(Assignment.evaluator_id).where(Assignment.state == "assigned")
        ).all()
    assert ties == [world.evaluator.id]
    assert len(readers) == 1
    assert readers[0] in {world.third.id, world.conflicted.id}
    jobs.drain()
    assert len(events("assignment.created")) == 3


def test_after_a_recusal_no_door_is_left_open(world: Any) -> None:
    dossier = given.eligible(world)[0]
    mine = given.opened(world, "evaluator", dossier)
    with transaction(world.evaluator) as tx:
        commands.declare(tx, mine.id, True, "Associé", None)
    with transaction(world.evaluator) as tx:
        (line,) = queries.stack(tx)
        assert (line.title, line.organisation, line.requested_centimes) == (None, None, None)
        for read in (queries.dossier, queries.identity):
            with refused("not_found", 404):
                read(tx, mine.id)
    for act in (
        lambda tx: commands.save(tx, mine.id, {"impact": 1}, {}, None),
        lambda tx: commands.sign(tx, mine.id, None),
    ):
        with refused("forbidden", 403), transaction(world.evaluator) as tx:
            act(tx)
    with refused("wrong_state", 409), transaction(world.evaluator) as tx:
        commands.declare(tx, mine.id, False, "", None)


def test_when_nobody_is_free_it_is_said(world: Any) -> None:
    dossier = given.eligible(world)[0]
    for name in ("second", "third", "conflicted"):
        given.tied(world, name, world.tifaout)
    mine = given.opened(world, "evaluator", dossier)
    with transaction(world.evaluator) as tx:
        commands.declare(tx, mine.id, True, "Associé", None)
    jobs.drain()
    assert [e.data["missing"] for e in events("assignment.unfilled")] == [2]


def test_no_substitute_for_a_dossier_that_left(world: Any) -> None:
    from sqlalchemy import update

    from backend.applications.models import Application

    mine = given.opened(world)
    with transaction(world.evaluator) as tx:
        commands.declare(tx, mine.id, True, "Associé", None)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Application).values(state="withdrawn"))
    jobs.drain()
    assert len(events("assignment.created")) == 1


def test_a_tie_declared_elsewhere_closes_the_dossier_at_once_and_recuses(world: Any) -> None:
    mine = given.opened(world)
    with transaction(world.evaluator) as tx:
        tie = Interest(
            person_id=world.evaluator.id, organisation_id=world.tifaout, reason="Voisin", declared_at=tx.now
        )
        tx.add(tie, "interest.declare")
        tx.emit("interest.declared", tie)
    with refused("not_found", 404), transaction(world.evaluator) as tx:
        queries.dossier(tx, mine.id)
    jobs.drain()
    assert given.assignment(mine.id).recusal_reason == "Voisin"


def test_who_is_tied_cannot_declare_that_she_is_not(world: Any) -> None:
    (mine,) = given.assigned(world, "evaluator")
    given.tied(world, "evaluator", world.tifaout)
    with refused("evaluator_tied", 409), transaction(world.evaluator) as tx:
        commands.declare(tx, mine.id, False, "", None)
    with transaction(world.evaluator) as tx:
        commands.declare(tx, mine.id, True, "Oui, je le confirme", None)
    assert given.assignment(mine.id).state is AssignmentState.RECUSED


# -- marks -----------------------------------------------------------------------------------------------


def test_any_part_is_kept_and_the_total_is_computed(world: Any) -> None:
    mine = given.opened(world)
    with transaction(world.evaluator) as tx:
        saved = commands.save(
            tx, mine.id, {"impact": 3}, {"impact": " L’emploi, c’est clair. "}, mine.version
        )
        assert (saved.total_hundredths, saved.notes) == (1875, {"impact": "L’emploi, c’est clair."})
        saved = commands.save(tx, mine.id, {"viability": 4}, {}, saved.version)
        assert (saved.total_hundredths, saved.marks) == (3875, {"impact": 3, "viability": 4})
        saved = commands.save(tx, mine.id, {"impact": None}, {"impact": ""}, saved.version)
        assert (saved.total_hundredths, saved.marks, saved.notes) == (2000, {"viability": 4}, {})
        version = saved.version
        assert commands.save(tx, mine.id, {"viability": 4}, {}, version).version == version


def test_saving_the_same_again_writes_nothing(world: Any) -> None:
    mine = given.opened(world)
    with transaction(world.evaluator) as tx:
        commands.save(tx, mine.id, {}, {}, None)
    assert events("assignment.saved") == []


@pytest.mark.parametrize(
    ("marks", "notes", "field", "code"),
    [
        ({"impact": 5}, {}, "marks.impact", "mark_out_of_scale"),
        ({"impact": -1}, {}, "marks.impact", "mark_out_of_scale"),
        ({"beauty": 1}, {}, "marks.beauty", "unknown_criterion"),
        ({}, {"beauty": "x"}, "notes.beauty", "unknown_criterion"),
        ({}, {"impact": "x" * 2001}, "notes.impact", "note_too_long"),
    ],
)
def test_marks_outside_the_grid_are_refused(
    world: Any, marks: dict[str, int], notes: dict[str, str], field: str, code: str
) -> None:
    mine = given.opened(world)
    with pytest.raises(Problem) as refusal, transaction(world.evaluator) as tx:
        commands.save(tx, mine.id, marks, notes, None)
    assert [(e.field, e.code) for e in refusal.value.errors] == [(field, code)]
    assert given.assignment(mine.id).marks == {}


def test_two_windows_the_later_save_is_refused_and_nothing_is_overwritten(world: Any) -> None:
    mine = given.opened(world)
    with transaction(world.evaluator) as tx:
        commands.save(tx, mine.id, {"impact": 3}, {}, mine.version)
    with refused("version_conflict", 412), transaction(world.evaluator) as tx:
        commands.save(tx, mine.id, {"impact": 1}, {}, mine.version - 1)
    assert given.assignment(mine.id).marks == {"impact": 3}


def test_a_signature_needs_every_mark_and_the_hour(world: Any) -> None:
    mine = given.opened(world)
    with transaction(world.evaluator) as tx:
        commands.save(tx, mine.id, {"impact": 3}, {}, None)
    with pytest.raises(Problem) as refusal, transaction(world.evaluator) as tx:
        commands.sign(tx, mine.id, None)
    assert (refusal.value.code, len(refusal.value.errors)) == ("marks_missing", 5)
    late = mine.due_at + timedelta(seconds=1)
    with arriving(at=late), transaction(world.evaluator) as tx:
        commands.save(tx, mine.id, given.marks(3), {}, None)  # what is typed is kept, late or not
    with refused("review_late", 409), arriving(at=late), transaction(world.evaluator) as tx:
        commands.sign(tx, mine.id, None)
    with arriving(at=late), transaction(world.officer) as tx:
        commands.extend(tx, mine.id, late + timedelta(days=2))
    with arriving(at=late), transaction(world.evaluator) as tx:
        assert commands.sign(tx, mine.id, None).state is AssignmentState.SIGNED
    with refused("wrong_state", 409), transaction(world.evaluator) as tx:
        commands.save(tx, mine.id, {"impact": 1}, {}, None)


def test_a_review_sent_back_stops_counting_until_signed_again(world: Any) -> None:
    dossier = given.eligible(world)[0]
    mine = given.signed(world, "evaluator", dossier, 3)
    assert given.standing(dossier) is not None
    with refused("review_reason_required", 422), transaction(world.officer) as tx:
        commands.reopen(tx, mine.id, "   ")
    with refused("forbidden", 403), transaction(world.evaluator) as tx:
        commands.reopen(tx, mine.id, "Je change d’avis")
    with transaction(world.chair) as tx:
        commands.reopen(tx, mine.id, "Devis reçu depuis")
    assert given.standing(dossier) is None
    assert events("assignment.reopened")[0].data["reason"] == "Devis reçu depuis"
    with transaction(world.evaluator) as tx:
        commands.save(tx, mine.id, {"impact": 4}, {}, None)
        commands.sign(tx, mine.id, None)
    standing = given.standing(dossier)
    assert standing
    assert standing.score_hundredths == 8125
    assert standing.ties[0] == 2500


def test_marks_do_not_move_once_the_call_is_decided(world: Any) -> None:
    from sqlalchemy import update

    from backend.calls.models import Call

    dossier = given.eligible(world)[0]
    mine = given.signed(world, "evaluator", dossier)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Call).values(state="decided"))
    with refused("reviews_closed", 409), transaction(world.officer) as tx:
        commands.reopen(tx, mine.id, "Trop tard")
    with transaction(SYSTEM) as tx:
        assert commands.recuse_tied(tx, world.evaluator.id, world.tifaout, "Trop tard") == []


def test_unknown_ids_are_not_found(world: Any) -> None:
    for act in (
        lambda tx: commands.assign(tx, uuid4(), world.second.id),
        lambda tx: commands.assign_call(tx, uuid4()),
        lambda tx: commands.save(tx, uuid4(), {}, {}, None),
        lambda tx: queries.may_rank(tx, uuid4()),
    ):
        with refused("not_found", 404), transaction(world.officer) as tx:
            act(tx)


def test_two_signatures_at_the_same_moment_both_count(committed: str) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from tests.world import build

    world = build()
    dossier = given.eligible(world)[0]
    names = ("evaluator", "second", "third")
    made = {name: given.opened(world, name, dossier) for name in names}
    for level, name in enumerate(names, 1):
        with transaction(world.people[name]) as tx:
            commands.save(tx, made[name].id, given.marks(level), {}, None)
    start = Barrier(3)

    def act(name: str) -> None:
        start.wait()
        with transaction(world.people[name]) as tx:
            commands.sign(tx, made[name].id, None)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(act, names))
    standing = given.standing(dossier)
    assert standing
    assert (standing.reviews, standing.score_hundredths, standing.spread_hundredths) == (
        3,
        5000,
        5000,
    )


def test_a_reason_is_a_sentence_not_a_letter(world: Any) -> None:
    (made,) = given.assigned(world, "evaluator")
    with transaction(world.evaluator) as tx:
        with pytest.raises(Problem) as refusal:
            commands.declare(tx, made.id, True, "x" * 1001, None)
        tx.session.rollback()
    assert [(e.field, e.code, e.params) for e in refusal.value.errors] == [
        ("reason", "string_too_long", {"max_length": 1000})
    ]
    assert given.assignment(made.id).state is AssignmentState.ASSIGNED


def test_a_limit_is_held_and_what_lacks_says_why(world: Any, client: Any) -> None:
    """Three dossiers, two readers each, two evaluators who carry two at the most; one is tied to a holder."""
    found = given.eligible(world, 3)
    given.tied(world, "second", world.tifaout)
    people = [world.evaluator.id, world.second.id]
    with transaction(world.officer) as tx:
        done = commands.assign_call(tx, world.call, people, most=2)
    assert len(done.created) == 4
    loads = [sum(a.evaluator_id == person for a in done.created) for person in people]
    assert loads == [2, 2]
    whys = {one.application_id: (one.missing, one.why) for one in done.shortfalls}
    assert whys[found[0]][1] == "too_few_free"
    assert sum(missing for missing, _ in whys.values()) == 2
    page = client("officer").get(f"/das/calls/{world.call}/assignments?done=4&strangers=1").text
    assert "sans lecteur de sa filière" in page
    wrong = client("officer").post(f"/das/calls/{world.call}/assignments", data={"most": "beaucoup"})
    assert wrong.status_code == 422
    assert "beaucoup" in wrong.text


def test_who_knows_the_chain_reads_first(world: Any) -> None:
    from backend.reviews.models import Expertise

    found = given.eligible(world, 2)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Application).where(Application.id == found[0]).values(chain_code="argan"))
        tx.session.execute(update(Application).where(Application.id == found[1]).values(chain_code="miel"))
        tx.session.add(Expertise(person_id=world.third.id, chain_code="argan", declared_at=tx.now))
    people = [world.evaluator.id, world.second.id, world.third.id]
    with transaction(world.officer) as tx:
        done = commands.assign_call(tx, world.call, people, 1)
    readers = {a.application_id: a.evaluator_id for a in done.created}
    assert readers[found[0]] == world.third.id
    assert done.without_expert == [found[1]]
