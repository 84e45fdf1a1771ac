"""Convocation, agenda, alternates and proxies, secret votes, adjournment, a second session."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from backend.committees import queries, sessions
from backend.committees.attendance import Place, counted, has_voice
from backend.committees.calendar_file import FOLD, calendar_file
from backend.committees.convocation import convocation
from backend.committees.models import (
    AgendaItem,
    Attendance,
    Ballot,
    BallotBox,
    BallotChoice,
    College,
    Committee,
    CommitteeSession,
    ItemKind,
    MotionState,
    Presence,
    Procedure,
    Seat,
    Secrecy,
    SessionState,
)
from backend.committees.sessions.agenda import Point
from backend.committees.sessions.roll import Roll
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from tests.committees import given
from tests.world import build

FOR, AGAINST, ABSTAIN = BallotChoice.FOR, BallotChoice.AGAINST, BallotChoice.ABSTAIN
PRESENT, ABSENT = Presence.PRESENT, Presence.ABSENT
POINT = Point(ItemKind.INFORMATION, {"fr": "Suivi", "ar": "تتبع"})


def refused(code: str) -> Any:
    return pytest.raises(Problem, check=lambda p: p.code == code or code in [e.code for e in p.errors])


def rules(**values: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Procedure).values(**values))


def alternate(world: Any, of: str, name: str) -> UUID:
    """A seat of its own for the alternate of somebody's."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        seat = Seat(
            committee_id=world.committee,
            person_id=world.people[name].id,
            alternate_of_id=world.seats[of],
            position=20,
            college=College.STATE,
            body={"fr": "ODCO", "ar": "مكتب"},
            from_on=date(2022, 3, 1),
        )
        tx.session.add(seat)
        tx.session.flush()
        return seat.id


def planned(world: Any, days: int = 20, points: int = 1) -> UUID:
    session = given.session(world, given.later(days))
    with transaction(world.officer) as tx:
        for _ in range(points):
            sessions.add_item(tx, session.id, POINT)
    return session.id


def read(session_id: UUID) -> CommitteeSession:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(CommitteeSession, session_id)


# -- convocation -----------------------------------------------------------------------------------------


def test_a_convocation_in_time(world: Any) -> None:
    rules(notice_days=10)
    key = planned(world, 20)
    with transaction(world.officer) as tx:
        sessions.convene(tx, key)
    assert read(key).sequence == 0
    with transaction(world.officer) as tx:
        sessions.convene(tx, key)
    assert (read(key).sequence, read(key).late_notice) == (1, "")


def test_a_late_convocation_says_why(world: Any) -> None:
    rules(notice_days=10)
    key = planned(world, 5)
    with refused("notice_too_short"), transaction(world.officer) as tx:
        sessions.convene(tx, key, "  ")
    with transaction(world.officer) as tx:
        sessions.convene(tx, key, "Crédits à engager avant la fin du mois")
    assert read(key).late_notice.startswith("Crédits")


def test_what_cannot_be_convened(world: Any) -> None:
    with refused("agenda_empty"), transaction(world.officer) as tx:
        sessions.convene(tx, planned(world, 20, points=0))
    with refused("session_in_the_past"), transaction(world.officer) as tx:
        sessions.plan_session(tx, world.committee, given.later(-3), "")
    with refused("session_in_the_past"), transaction(world.officer) as tx:
        sessions.move_session(tx, planned(world), given.later(-3), "")


def test_the_calendar_file(world: Any) -> None:
    key = planned(world)
    with transaction(world.officer) as tx:
        sessions.convene(tx, key)
        sessions.move_session(tx, key, given.later(25), "Salle ; étage 1, Agadir\nEntrée B")
    with transaction(world.officer) as tx:
        session = tx.session.get_one(CommitteeSession, key)
        committee = tx.session.get_one(Committee, session.committee_id)
        made = calendar_file(session, committee, "ar", tx.now)
        assert made.endswith(b"END:VCALENDAR\r\n")
        assert all(len(line) <= FOLD for line in made.split(b"\r\n"))
        plain = made.replace(b"\r\n ", b"").decode()
        assert f"DTSTART:{session.scheduled_at:%Y%m%dT%H%M%SZ}\r\n" in plain
        assert "SEQUENCE:1\r\n" in plain
        assert f"UID:{session.id}@" in plain
        assert "LOCATION:Salle \\; étage 1\\, Agadir\\nEntrée B\r\n" in plain
        assert "METHOD:PUBLISH" in plain
    with transaction(world.officer) as tx:
        off = sessions.cancel_session(tx, key, "Grève")
        plain = calendar_file(off, committee, "fr", tx.now).decode()
        assert "METHOD:CANCEL" in plain
        assert "STATUS:CANCELLED" in plain
        assert "SEQUENCE:2" in plain


@for_all(st.text(max_size=300))
def test_no_text_breaks_a_calendar_file(typed: str) -> None:
    session = CommitteeSession(
        id=UUID(int=7), number="2026-01", sequence=0, scheduled_at=given.later(1), place=typed,
    )  # fmt: skip
    made = calendar_file(session, Committee(name={"fr": typed, "ar": typed}), "fr", given.later(0))
    lines = made.decode().split("\r\n")
    assert all(len(line.encode()) <= FOLD for line in lines)
    starts = [line for line in lines if line and not line.startswith(" ")]
    assert all(line.split(":")[0].split(";")[0].replace("-", "").isalpha() for line in starts)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_paper_names_no_holder(world: Any, lang: str) -> None:
    key = planned(world)
    with transaction(world.officer) as tx:
        secret = Point(
            ItemKind.PRESENTATION, {"fr": "Coopérative Tifaout", "ar": "تيفاوت"}, None, given.later(20)
        )
        sessions.add_item(tx, key, secret)
        sessions.convene(tx, key)
    with transaction(SYSTEM) as tx:
        assert convocation(tx, key, lang).startswith(b"%PDF")
        from backend.committees.convocation import _point

        items = queries.agenda(tx, key)
        assert "Tifaout" not in str([_point(item, lang) for item in items])


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_hours_that_no_session_has(world: Any, year: int) -> None:
    never = given.later(20).replace(year=year, month=12, day=31, hour=23)
    key = planned(world)
    opened = given.open_session(world)
    with refused("invalid"), transaction(world.officer) as tx:
        sessions.plan_session(tx, world.committee, never, "")
    with refused("invalid"), transaction(world.officer) as tx:
        sessions.move_session(tx, key, never, "")
    with refused("invalid"), transaction(world.officer) as tx:
        sessions.add_item(tx, key, Point(ItemKind.OTHER, POINT.title, None, never))
    with refused("invalid"), transaction(world.officer) as tx:
        sessions.adjourn_session(tx, opened.id, never)


# -- agenda ----------------------------------------------------------------------------------------------


def titles(session_id: UUID) -> list[str]:
    with transaction(SYSTEM) as tx:
        return [item.title["fr"] for item in queries.agenda(tx, session_id)]


def test_points_move_until_the_session_opens(world: Any) -> None:
    session = given.session(world)
    with transaction(world.officer) as tx:
        items = [
            sessions.add_item(tx, session.id, Point(ItemKind.OTHER, {"fr": name, "ar": name}))
            for name in ("a", "b", "c")
        ]
    with transaction(world.officer) as tx:
        sessions.move_item(tx, session.id, items[2].id, up=True)
    with transaction(world.officer) as tx:
        sessions.move_item(tx, session.id, items[0].id, up=True)
        sessions.drop_item(tx, session.id, items[1].id)
    assert titles(session.id) == ["a", "c"]
    with transaction(world.officer) as tx:
        sessions.take_attendance(tx, session.id, given.everyone(world), None)
        sessions.open_session(tx, session.id)
    with refused("agenda_frozen"), transaction(world.officer) as tx:
        sessions.move_item(tx, session.id, items[2].id, up=True)
    with refused("agenda_frozen"), transaction(world.officer) as tx:
        sessions.drop_item(tx, session.id, items[2].id)
    with transaction(world.officer) as tx:
        assert sessions.add_item(tx, session.id, POINT).added
        sessions.take_item(tx, session.id, items[0].id)
    with transaction(world.officer) as tx:
        sessions.take_item(tx, session.id, items[2].id)
        first = tx.session.get_one(AgendaItem, items[0].id)
        assert first.done_at is not None
    assert read(session.id).current_item_id == items[2].id


def test_a_point_of_another_session_is_not_found(world: Any) -> None:
    one, other = planned(world), planned(world)
    with transaction(SYSTEM) as tx:
        item = queries.agenda(tx, other)[0].id
    with refused("not_found"), transaction(world.officer) as tx:
        sessions.move_item(tx, one, item, up=True)
    with refused("another_day"), transaction(world.officer) as tx:
        sessions.add_item(tx, one, Point(ItemKind.OTHER, POINT.title, None, given.later(3)))


# -- roll ------------------------------------------------------------------------------------------------


def noted(
    world: Any, session_id: UUID, names: dict[str, Presence], stand: Any = None, left: Any = ()
) -> None:
    with transaction(world.officer) as tx:
        presences = {world.seats[name]: presence for name, presence in names.items()}
        sessions.take_attendance(tx, session_id, Roll(presences, stand or {}, left), None)


def present(session_id: UUID, world: Any) -> int:
    with transaction(world.officer) as tx:
        return queries.quorum(tx, tx.session.get_one(CommitteeSession, session_id)).present


def test_an_alternate_sits_in_her_place(world: Any) -> None:
    deputy = alternate(world, "second", "coach")
    session = given.session(world)
    noted(world, session.id, {"chair": PRESENT, "evaluator": PRESENT, "second": Presence.ALTERNATE})
    assert present(session.id, world) == 3
    with transaction(world.officer) as tx:
        sessions.open_session(tx, session.id)
        assert queries.quorum(tx, session, {deputy}).present == 2
        assert queries.quorum(tx, session).seats == 5
    motion = given.motion(world, session.id)
    with transaction(world.coach) as tx:
        assert sessions.cast(tx, motion.id, world.seats["second"], FOR).by_seat_id == deputy
    with refused("forbidden"), transaction(world.second) as tx:
        sessions.cast(tx, motion.id, world.seats["second"], FOR)
    with refused("no_alternate"):
        noted(world, given.session(world).id, {"third": Presence.ALTERNATE})


@pytest.mark.parametrize(("counts", "expected"), [(False, 2), (True, 3)])
def test_a_proxy_votes_and_counts_as_the_rules_say(world: Any, counts: bool, expected: int) -> None:
    rules(proxies=1, proxies_count=counts, quorum_over=5)
    session = given.session(world)
    stand = {world.seats["third"]: world.seats["second"]}
    noted(world, session.id, {"chair": PRESENT, "second": PRESENT, "third": Presence.PROXY}, stand)
    assert present(session.id, world) == expected
    with transaction(world.officer) as tx:
        sessions.open_session(tx, session.id)
    motion = given.motion(world, session.id)
    with transaction(world.second) as tx:
        sessions.cast(tx, motion.id, world.seats["third"], AGAINST)
    with transaction(world.officer) as tx:
        recused = {world.seats["third"]}
        assert sessions.close_motion(tx, motion.id, recused).result["votes_against"] == 0


@pytest.mark.parametrize(
    ("names", "stand", "code"),
    [
        ({"third": Presence.PROXY}, {"third": "third"}, "proxy_self"),
        (
            {"third": Presence.PROXY, "second": Presence.PROXY},
            {"third": "second", "second": "third"},
            "proxy_circular",
        ),
        ({"third": Presence.PROXY}, {"third": "second"}, "proxy_absent"),
        ({"third": Presence.PROXY}, {}, "proxy_missing"),
        (
            {"chair": PRESENT, "third": Presence.PROXY, "second": Presence.PROXY},
            {"third": "chair", "second": "chair"},
            "proxies_too_many",
        ),
    ],
)
def test_proxies_that_are_refused(world: Any, names: Any, stand: Any, code: str) -> None:
    rules(proxies=1)
    session = given.session(world)
    with refused(code):
        noted(world, session.id, names, {world.seats[a]: world.seats[b] for a, b in stand.items()})
    rules(proxies=0)
    with refused("proxies_not_allowed"):
        noted(world, session.id, {"third": Presence.PROXY}, {world.seats["third"]: world.seats["chair"]})


def test_who_leaves_takes_her_voice_away(world: Any) -> None:
    session = given.open_session(world, dict.fromkeys(list(world.seats.values())[:3], PRESENT))
    motion = given.motion(world, session.id)
    three = {"chair": PRESENT, "evaluator": PRESENT, "second": PRESENT}
    noted(world, session.id, three, left=[world.seats["second"]])
    assert present(session.id, world) == 2
    with refused("seat_absent"), transaction(world.second) as tx:
        sessions.cast(tx, motion.id, world.seats["second"], FOR)
    with refused("no_quorum"), transaction(world.chair) as tx:
        sessions.cast(tx, motion.id, world.seats["chair"], FOR)
    noted(world, session.id, three | {"third": PRESENT}, left=[world.seats["second"]])
    with transaction(SYSTEM) as tx:
        late = tx.session.scalars(select(Attendance).where(Attendance.seat_id == world.seats["third"])).one()
        assert late.arrived_at is not None
    with transaction(world.chair) as tx:
        sessions.cast(tx, motion.id, world.seats["chair"], FOR)
    noted(world, session.id, {"evaluator": PRESENT, "second": PRESENT, "third": PRESENT})
    with transaction(SYSTEM) as tx:
        chair = tx.session.scalars(select(Attendance).where(Attendance.seat_id == world.seats["chair"])).one()
        assert (chair.presence, chair.left_at is not None) == (PRESENT, True)


def test_a_mandate_that_ended_neither_sits_nor_votes(world: Any) -> None:
    session = given.open_session(world)
    motion = given.motion(world, session.id)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        over = date(2023, 1, 1)
        tx.session.execute(update(Seat).where(Seat.id == world.seats["third"]).values(until_on=over))
    with refused("mandate_over"), transaction(world.third) as tx:
        sessions.cast(tx, motion.id, world.seats["third"], FOR)
    with refused("unknown_seat"):
        noted(world, session.id, {"third": PRESENT})


@for_all(st.lists(st.sampled_from([*Presence, None]), min_size=1, max_size=9), st.data())
def test_a_voice_is_never_there_without_somebody_to_use_it(presences: Any, data: Any) -> None:
    keys = [UUID(int=n + 1) for n in range(len(presences))]
    table = {
        key: Place(key, True, presence, data.draw(st.sampled_from(keys)), data.draw(st.booleans()))
        for key, presence in zip(keys, presences, strict=True)
    }
    out = data.draw(st.sets(st.sampled_from(keys)))
    asked = Procedure(quorum_of=1, quorum_over=2, proxies_count=True)
    found = counted(table, asked, second=False, excluding=out)
    assert 0 <= found.present <= found.seats == len(keys)
    for place in table.values():
        if has_voice(place, table, out):
            assert place.seat_id not in out
            assert place.by_seat not in out
            if place.presence is Presence.PROXY:
                assert table[place.by_seat].presence in (PRESENT, Presence.REMOTE)


# -- second convocation, adjournment ---------------------------------------------------------------------


def test_a_second_session_after_one_that_lapsed(world: Any) -> None:
    session = given.session(world)
    with refused("second_convocation_refused"), transaction(world.officer) as tx:
        sessions.plan_second(tx, session.id, given.later(5), "")
    with transaction(world.officer) as tx:
        sessions.add_item(tx, session.id, POINT)
    rules(second_after_days=4)
    with transaction(world.officer) as tx:
        sessions.lapse_session(tx, session.id)
    with refused("second_convocation_refused"), transaction(world.officer) as tx:
        sessions.plan_second(tx, session.id, given.later(2), "")
    with transaction(world.officer) as tx:
        second = sessions.plan_second(tx, session.id, given.later(5), "Siège")
    assert (second.second_of_id, titles(second.id)) == (session.id, ["Suivi"])
    with refused("second_convocation_refused"), transaction(world.officer) as tx:
        sessions.plan_second(tx, session.id, given.later(6), "")
    noted(world, second.id, {"chair": PRESENT})
    with transaction(world.officer) as tx:
        assert queries.quorum(tx, second).needed == 1
        assert sessions.open_session(tx, second.id).state is SessionState.OPEN


def test_a_session_with_its_quorum_does_not_lapse(world: Any) -> None:
    session = given.session(world)
    noted(world, session.id, dict.fromkeys(world.seats, PRESENT))
    with refused("quorum_reached"), transaction(world.officer) as tx:
        sessions.lapse_session(tx, session.id)
    with refused("session_not_yet"), transaction(world.officer) as tx:
        sessions.lapse_session(tx, planned(world))


def test_it_goes_on_another_day_with_a_roll_of_its_own(world: Any) -> None:
    session = given.open_session(world)
    with refused("session_in_the_past"), transaction(world.officer) as tx:
        sessions.adjourn_session(tx, session.id, given.later(-1))
    motion = given.motion(world, session.id)
    with refused("motion_pending"), transaction(world.officer) as tx:
        sessions.adjourn_session(tx, session.id, given.later(2))
    with transaction(world.officer) as tx:
        sessions.withdraw_motion(tx, motion.id)
        sessions.adjourn_session(tx, session.id, given.later(2))
    with refused("no_quorum"), transaction(world.officer) as tx:
        sessions.resume_session(tx, session.id)
    noted(world, session.id, dict.fromkeys(("chair", "second", "third"), PRESENT))
    with transaction(world.officer) as tx:
        assert sessions.resume_session(tx, session.id).state is SessionState.OPEN
    assert len(read(session.id).earlier[0]["roll"]) == 5


# -- secret votes ----------------------------------------------------------------------------------------


def secret(world: Any) -> Any:
    rules(secrecy=Secrecy.ALWAYS)
    return given.motion(world, given.open_session(world).id)


def test_nothing_says_what_a_secret_vote_was(world: Any) -> None:
    motion = secret(world)
    for name, choice in (("chair", FOR), ("second", AGAINST), ("third", FOR)):
        with transaction(world.people[name]) as tx:
            assert sessions.cast(tx, motion.id, world.seats[name], choice).choice is None
        with transaction(world.auditor) as tx:
            (seen,) = queries.motions(tx, motion.session_id)
            assert (seen.tally.votes_for, seen.tally.votes_against) == (0, 0)
    with transaction(SYSTEM) as tx:
        assert {ballot.choice for ballot in tx.session.scalars(select(Ballot))} == {None}
        said = tx.session.scalars(select(Event.data).where(Event.name == "ballot.cast")).all()
        assert all(set(one) == {"seat"} for one in said)
        trail = tx.session.execute(
            text("SELECT table_name, new FROM row_change WHERE table_name IN ('ballot', 'ballot_box')")
        ).all()
        assert {row.table_name for row in trail} == {"ballot"}
        assert all(row.new["choice"] is None for row in trail)
        box = tx.session.get_one(BallotBox, motion.id)
        assert (box.votes_for, box.votes_against, box.abstentions) == (2, 1, 0)
    with transaction(world.officer) as tx:
        assert sessions.close_motion(tx, motion.id).state is MotionState.ADOPTED


def test_a_secret_vote_is_cast_once_by_ones_own_hand(world: Any) -> None:
    motion = secret(world)
    seat = world.seats["second"]
    with refused("secret_ballot_own_hand"), transaction(world.officer) as tx:
        sessions.cast(tx, motion.id, seat, FOR)
    with refused("secrecy_refused"), transaction(world.second) as tx:
        sessions.cast(tx, motion.id, seat, FOR, dissent="Je suis contre")
    with transaction(world.second) as tx:
        sessions.cast(tx, motion.id, seat, FOR)
    with refused("already_voted"), transaction(world.second) as tx:
        sessions.cast(tx, motion.id, seat, FOR)


def test_a_secret_vote_keeps_no_copy_under_a_key(world: Any, client: Any) -> None:
    motion = secret(world)
    body = {"seat_id": str(world.seats["second"]), "choice": "against"}
    path = f"/api/v1/motions/{motion.id}/ballots"
    answer = client("second").post(path, json=body, headers={"Idempotency-Key": "ballot-one"})
    assert (answer.status_code, answer.json()["choice"]) == (201, None)
    with transaction(SYSTEM) as tx:
        kept = text("SELECT count(*) FROM idempotent_answer WHERE actor_id = :hers")  # of this world's alone
        assert tx.session.scalar(kept, {"hers": world.second.id}) == 0


def test_papers_from_an_urn(world: Any) -> None:
    motion = secret(world)
    seats = [world.seats[name] for name in ("chair", "second", "third")]
    for chosen, counts, code in (
        (seats, {FOR: 1, AGAINST: 1, ABSTAIN: 0}, "papers_disagree"),
        (seats[:1], {FOR: 1, AGAINST: 0, ABSTAIN: 0}, "papers_too_few"),
    ):
        with refused(code), transaction(world.officer) as tx:
            sessions.record_papers(tx, motion.id, chosen, counts)
    with transaction(world.officer) as tx:
        sessions.record_papers(tx, motion.id, seats, {FOR: 1, AGAINST: 1, ABSTAIN: 1})
    with refused("already_voted"), transaction(world.officer) as tx:
        sessions.record_papers(tx, motion.id, seats, {FOR: 3, AGAINST: 0, ABSTAIN: 0})
    with transaction(world.officer) as tx:
        closed = sessions.close_motion(tx, motion.id)
        assert (closed.state, closed.result["casting"]) == (MotionState.REJECTED, "secret")


def test_secrecy_is_the_procedures_to_allow(world: Any) -> None:
    session = given.open_session(world)
    with refused("secrecy_refused"), transaction(world.officer) as tx:
        sessions.open_motion(tx, session.id, given.TEXT, secret=True)
    rules(secrecy=Secrecy.ON_REQUEST)
    with transaction(world.officer) as tx:
        assert sessions.open_motion(tx, session.id, given.TEXT, secret=True).secret
        assert not sessions.open_motion(tx, session.id, given.TEXT).secret


# -- at once ---------------------------------------------------------------------------------------------


def test_secret_votes_at_once_are_all_counted(committed: str) -> None:
    world = build()
    motion = secret(world)

    def vote(name: str) -> str:
        try:
            with transaction(world.people[name]) as tx:
                sessions.cast(tx, motion.id, world.seats[name], FOR)
        except Problem as refusal:
            return refusal.code
        return "cast"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(vote, [*world.seats, *world.seats]))
    assert (answers.count("cast"), answers.count("already_voted")) == (5, 5)
    with transaction(SYSTEM) as tx:
        assert tx.session.get_one(BallotBox, motion.id).votes_for == 5


def test_nobody_votes_while_the_vote_is_being_closed(committed: str) -> None:
    world = build()
    motion = given.motion(world, given.open_session(world).id)

    def act(name: str) -> str:
        try:
            with transaction(world.people[name]) as tx:
                if name == "officer":
                    sessions.close_motion(tx, motion.id)
                else:
                    sessions.cast(tx, motion.id, world.seats[name], FOR)
        except Problem as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(act, [*world.seats, "officer"]))
    assert answers[-1] == "done"
    with transaction(SYSTEM) as tx:
        cast = tx.session.scalars(select(Ballot)).all()
        closed = tx.session.get_one(type(motion), motion.id)
        assert closed.result
        assert closed.result["votes_for"] == len(cast) == answers[:-1].count("done")
    assert set(answers) <= {"done", "motion_closed"}
