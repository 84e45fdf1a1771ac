"""A session from its convening to its closing: roll, quorum, motions, votes."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from backend.committees import commands, queries
from backend.committees.commands import SeatTerms, Terms
from backend.committees.models import BallotChoice, College, MotionState, Presence, SessionState
from backend.core.errors import Problem
from backend.core.tx import transaction
from tests.committees import given

FOR, AGAINST, ABSTAIN = BallotChoice.FOR, BallotChoice.AGAINST, BallotChoice.ABSTAIN


def refused(actor: Any, work: Any) -> Problem:
    with pytest.raises(Problem) as refusal, transaction(actor) as tx:
        work(tx)
    return refusal.value


def vote(world: Any, motion: Any, **choices: BallotChoice) -> None:
    for name, choice in choices.items():
        with transaction(world.people[name]) as tx:
            commands.cast(tx, motion.id, world.seats[name], choice)


def close(world: Any, motion: Any, excluding: Any = ()) -> MotionState:
    with transaction(world.chair) as tx:
        return commands.close_motion(tx, motion.id, excluding).state


def test_sessions_are_numbered_by_year(world: Any) -> None:
    numbers = [
        given.session(world, datetime(year, 5, 2, 9, tzinfo=UTC)).number for year in (2044, 2044, 2045)
    ]
    assert numbers == ["2044-01", "2044-02", "2045-01"]


def test_no_session_before_the_first_procedure(world: Any) -> None:
    early = datetime(2021, 5, 2, tzinfo=UTC)
    refusal = refused(world.officer, lambda tx: commands.plan_session(tx, world.committee, early, ""))
    assert (refusal.code, refusal.status) == ("no_procedure", 409)


def test_a_planned_session_keeps_its_procedure(world: Any) -> None:
    session = given.session(world)
    with transaction(world.officer) as tx:
        rules = commands.set_procedure(tx, world.committee, given.WHEN.date(), Terms((1, 1)))
    assert given.session(world).procedure_id == rules.id != session.procedure_id


@pytest.mark.parametrize(("present", "opens"), [(0, False), (2, False), (3, True), (5, True)])
def test_a_session_opens_with_its_quorum(world: Any, present: int, opens: bool) -> None:
    session = given.session(world)
    taken = dict.fromkeys(list(world.seats.values())[:present], Presence.PRESENT)
    with transaction(world.officer) as tx:
        commands.take_attendance(tx, session.id, taken, 1)
    if opens:
        with transaction(world.chair) as tx:
            assert commands.open_session(tx, session.id).state is SessionState.OPEN
    else:
        refusal = refused(world.chair, lambda tx: commands.open_session(tx, session.id))
        assert (refusal.code, refusal.status) == ("no_quorum", 409)
        assert refusal.params == {"needed": 3, "present": present, "seats": 5}


def test_remote_counts_excused_does_not_and_a_seat_not_named_is_absent(world: Any) -> None:
    session = given.session(world)
    seats = list(world.seats.values())
    with transaction(world.officer) as tx:
        roll = {seats[0]: Presence.REMOTE, seats[1]: Presence.EXCUSED, seats[2]: Presence.PRESENT}
        commands.take_attendance(tx, session.id, roll, None)
        found = queries.quorum(tx, session)
        assert (found.seats, found.present, found.needed, found.reached) == (5, 2, 3, False)
        assert [one.presence for one in queries.roll(tx, session)] == [
            "remote",
            "excused",
            "present",
            "absent",
            "absent",
        ]


def test_seats_that_do_not_vote_or_have_no_mandate_do_not_count(world: Any) -> None:
    with transaction(world.officer) as tx:
        terms = SeatTerms(College.STATE, given.TEXT, given.WHEN.date(), votes=False)
        observer = commands.add_seat(tx, world.committee, world.coach.id, terms)
        commands.end_seat(tx, world.committee, world.seats["third"], datetime(2023, 1, 1, tzinfo=UTC).date())
    session = given.session(world)
    with transaction(world.officer) as tx:
        commands.take_attendance(tx, session.id, {observer.id: Presence.PRESENT}, None)
        found = queries.quorum(tx, session)
        assert (found.seats, found.present, found.needed) == (4, 0, 2)
    former = {world.seats["third"]: Presence.PRESENT}
    refusal = refused(world.officer, lambda tx: commands.take_attendance(tx, session.id, former, None))
    assert refusal.errors[0].code == "unknown_seat"


def test_the_roll_is_edited_by_one_person_at_a_time(world: Any) -> None:
    session = given.session(world)
    with transaction(world.officer) as tx:
        assert commands.take_attendance(tx, session.id, given.everyone(world), 1).version == 2
    refusal = refused(world.officer, lambda tx: commands.take_attendance(tx, session.id, {}, 1))
    assert (refusal.code, refusal.status) == ("version_conflict", 412)
    with transaction(world.officer) as tx:
        commands.take_attendance(tx, session.id, {}, 2)


def test_recusals_lower_presence_not_the_number_of_seats(world: Any) -> None:
    session = given.open_session(world)
    with transaction(world.chair) as tx:
        two = {world.seats["second"], world.seats["third"]}
        found = queries.quorum(tx, session, excluding=two)
        assert (found.seats, found.present, found.needed, found.reached) == (5, 3, 3, True)
        assert not queries.quorum(tx, session, excluding={*two, world.seats["chair"]}).reached


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("stranger", 404),
        ("holder", 404),
        ("coach", 404),
        ("evaluator", 403),
        ("auditor", 403),
        ("administrator", 403),
    ],
)
def test_who_may_not_run_a_session(world: Any, name: str, status: int) -> None:
    session = given.session(world)
    actor = world.people[name]
    assert refused(actor, lambda tx: commands.take_attendance(tx, session.id, {}, None)).status == status
    assert refused(actor, lambda tx: commands.open_session(tx, session.id)).status == status
    assert refused(actor, lambda tx: commands.close_session(tx, session.id)).status == status
    assert refused(actor, lambda tx: commands.open_motion(tx, session.id, given.TEXT)).status == status
    assert refused(actor, lambda tx: commands.plan_session(tx, world.committee, given.WHEN, "")).status == 403


def test_members_officers_and_overseers_read_sessions(world: Any) -> None:
    given.session(world)
    readers = set()
    for name, actor in world.people.items():
        with transaction(actor) as tx:
            if queries.sessions(tx, world.committee).items:
                readers.add(name)
    seats = {"chair", "evaluator", "second", "third", "conflicted"}
    assert readers == seats | {"officer", "auditor", "administrator", "coordination"}


def test_a_majority_of_expressed_votes_carries(world: Any) -> None:
    motion = given.motion(world, given.open_session(world).id)
    vote(world, motion, chair=AGAINST, evaluator=FOR, second=FOR, third=ABSTAIN, conflicted=ABSTAIN)
    assert close(world, motion) is MotionState.ADOPTED
    with transaction(world.auditor) as tx:
        (counted,) = queries.motions(tx, motion.session_id)
        assert (counted.tally.votes_for, counted.tally.votes_against, counted.tally.abstentions) == (2, 1, 2)
        assert counted.ballots[world.seats["chair"]] == "against"
        assert len(queries.motions(tx, motion.session_id, motion.id)) == 1


@pytest.mark.parametrize(
    ("chair", "casting", "expected"),
    [
        (FOR, True, MotionState.ADOPTED),
        (FOR, False, MotionState.REJECTED),
        (AGAINST, True, MotionState.REJECTED),
    ],
)
def test_a_tie_is_the_chairs_if_the_procedure_says_so(
    world: Any, chair: BallotChoice, casting: bool, expected: MotionState
) -> None:
    with transaction(world.officer) as tx:
        commands.set_procedure(tx, world.committee, given.WHEN.date(), Terms(casting_vote=casting))
    motion = given.motion(world, given.open_session(world).id)
    vote(world, motion, chair=chair, evaluator=AGAINST if chair is FOR else FOR)
    assert close(world, motion) is expected


def test_nothing_is_carried_without_a_vote(world: Any) -> None:
    assert close(world, given.motion(world, given.open_session(world).id)) is MotionState.REJECTED


def test_a_seat_votes_once(world: Any) -> None:
    motion = given.motion(world, given.open_session(world).id)
    vote(world, motion, evaluator=FOR)
    vote(world, motion, evaluator=FOR)
    seat = world.seats["evaluator"]
    again = refused(world.evaluator, lambda tx: commands.cast(tx, motion.id, seat, AGAINST))
    assert (again.code, again.status) == ("already_voted", 409)
    with transaction(world.officer) as tx:
        (counted,) = queries.motions(tx, motion.session_id)
        assert counted.ballots == {seat: "for"}


def test_whose_vote_may_be_cast_by_whom(world: Any) -> None:
    motion = given.motion(world, given.open_session(world).id)
    for_another = refused(
        world.evaluator, lambda tx: commands.cast(tx, motion.id, world.seats["second"], FOR)
    )
    assert for_another.status == 403
    vote(world, motion, second=FOR)
    peeking = refused(world.evaluator, lambda tx: commands.cast(tx, motion.id, world.seats["second"], FOR))
    assert peeking.status == 403
    for name, status in (("stranger", 404), ("holder", 404), ("auditor", 403)):
        actor = world.people[name]
        refusal = refused(actor, lambda tx: commands.cast(tx, motion.id, world.seats["third"], FOR))
        assert refusal.status == status
    with transaction(world.officer) as tx:
        commands.cast(tx, motion.id, world.seats["third"], AGAINST)


def test_who_does_not_vote(world: Any) -> None:
    with transaction(world.officer) as tx:
        terms = SeatTerms(College.STATE, given.TEXT, given.WHEN.date(), votes=False)
        observer = commands.add_seat(tx, world.committee, world.coach.id, terms).id
    roll = {**given.everyone(world), observer: Presence.PRESENT, world.seats["third"]: Presence.EXCUSED}
    motion = given.motion(world, given.open_session(world, roll).id)

    def code(seat: Any, excluding: Any = ()) -> str:
        return refused(world.officer, lambda tx: commands.cast(tx, motion.id, seat, FOR, excluding)).code

    assert code(observer) == "seat_does_not_vote"
    assert code(world.seats["third"]) == "seat_absent"
    assert code(world.seats["second"], {world.seats["second"]}) == "seat_recused"
    assert code(uuid4()) == "invalid"


def test_votes_of_recused_seats_do_not_count(world: Any) -> None:
    motion = given.motion(world, given.open_session(world).id)
    vote(world, motion, evaluator=FOR, second=FOR, third=AGAINST)
    lost = {world.seats[name] for name in ("chair", "conflicted", "second")}
    assert refused(world.chair, lambda tx: commands.close_motion(tx, motion.id, lost)).code == "no_quorum"
    assert close(world, motion, {world.seats["evaluator"]}) is MotionState.REJECTED


def test_after_closing_nobody_votes(world: Any) -> None:
    motion = given.motion(world, given.open_session(world).id)
    close(world, motion)
    late = refused(world.second, lambda tx: commands.cast(tx, motion.id, world.seats["second"], FOR))
    assert (late.code, late.status) == ("motion_closed", 409)
    assert refused(world.chair, lambda tx: commands.close_motion(tx, motion.id)).code == "wrong_state"


def test_a_session_closes_after_its_motions(world: Any) -> None:
    session = given.open_session(world)
    motion = given.motion(world, session.id)
    pending = refused(world.officer, lambda tx: commands.close_session(tx, session.id))
    assert (pending.code, pending.params) == ("motion_pending", {"number": 1})
    close(world, motion)
    with transaction(world.officer) as tx:
        assert commands.close_session(tx, session.id).closed_at == tx.now
    roll = refused(world.officer, lambda tx: commands.take_attendance(tx, session.id, {}, None))
    assert roll.code == "session_closed"
    motion = refused(world.officer, lambda tx: commands.open_motion(tx, session.id, given.TEXT))
    assert motion.code == "session_not_open"
    assert refused(world.officer, lambda tx: commands.open_session(tx, session.id)).code == "wrong_state"


def test_no_motion_once_the_quorum_is_lost(world: Any) -> None:
    session = given.open_session(world)
    with transaction(world.officer) as tx:
        commands.take_attendance(tx, session.id, {world.seats["chair"]: Presence.PRESENT}, None)
    assert (
        refused(world.officer, lambda tx: commands.open_motion(tx, session.id, given.TEXT)).code
        == "no_quorum"
    )


def test_a_committee_without_seats_cannot_meet(world: Any) -> None:
    from backend.committees.models import CommitteeKind

    with transaction(world.officer) as tx:
        empty = commands.create_committee(
            tx, "09.001", CommitteeKind.CLDH, given.TEXT, ("1", given.WHEN.date())
        )
        tx.session.flush()
        chair = world.chair
    with transaction(chair) as tx:
        session = commands.plan_session(tx, empty.id, given.WHEN, "")
        commands.take_attendance(tx, session.id, {}, None)
    assert refused(chair, lambda tx: commands.open_session(tx, session.id)).params["needed"] == 1
