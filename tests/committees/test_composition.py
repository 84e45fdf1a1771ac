"""Creating committees, giving and ending seats, versions of the rules of procedure."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from backend.committees import commands, queries
from backend.committees.commands import SeatTerms, Terms
from backend.committees.models import College, CommitteeKind
from backend.committees.schemas import MemberIn, SeatIn
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.people.models import Person, RoleGrant
from tests.world import HERE, THERE

NAME = {"fr": "Comité provincial", "ar": "اللجنة الإقليمية"}
BODY = {"fr": "Conseil provincial", "ar": "المجلس الإقليمي"}
DAY = date(2024, 1, 1)


def terms(**more: Any) -> SeatTerms:
    return SeatTerms(**{"college": College.ELECTED, "body": BODY, "from_on": DAY, **more})


def refused(actor: Any, work: Any) -> Problem:
    with pytest.raises(Problem) as refusal, transaction(actor) as tx:
        work(tx)
    return refusal.value


def test_a_committee_has_rules_from_its_order_on(world: Any) -> None:
    with transaction(world.officer) as tx:
        made = commands.create_committee(tx, HERE, CommitteeKind.CPDH, NAME, ("7/2023", date(2023, 5, 2)))
        assert queries.procedure_on(tx, made.id, date(2023, 5, 1)) is None
        rules = queries.procedure_on(tx, made.id, date(2023, 5, 2))
        assert rules
        assert (rules.number, rules.quorum_of, rules.quorum_over, rules.casting_vote) == (1, 1, 2, True)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("officer", True),
        ("administrator", True),
        ("stranger", False),
        ("chair", False),
        ("auditor", False),
        ("holder", False),
    ],
)
def test_who_composes(world: Any, name: str, allowed: bool) -> None:
    def create(tx: Any) -> None:
        commands.create_committee(tx, HERE, CommitteeKind.CPDH, NAME, ("7/2023", DAY))

    def seat(tx: Any) -> None:
        commands.add_seat(tx, world.committee, world.coach.id, terms())

    for work in (create, seat):
        if allowed:
            with transaction(world.people[name]) as tx:
                work(tx)
        else:
            assert refused(world.people[name], work).status == 403


def test_seats_follow_each_other(world: Any) -> None:
    with transaction(world.officer) as tx:
        seat = commands.add_seat(tx, world.committee, world.coach.id, terms(votes=False))
    assert (seat.position, seat.votes) == (5, False)
    with transaction(world.holder) as tx:
        sittings = queries.seats_on(tx, [world.committee], DAY)
        assert [one.person for one in sittings][-1] == "Coach"
        assert {college: len(them) for college, them in queries.by_college(sittings)} == {
            "elected": 1,
            "state": 5,
        }
        assert queries.seat_counts(tx, [world.committee], date(2020, 1, 1)) == {}


def test_one_chair_and_one_seat_a_person_at_a_time(world: Any) -> None:
    add = commands.add_seat
    taken = refused(world.officer, lambda tx: add(tx, world.committee, world.coach.id, terms(chairs=True)))
    assert taken.code == "chair_taken"
    assert (
        refused(world.officer, lambda tx: add(tx, world.committee, world.second.id, terms())).code
        == "seat_taken"
    )
    before = terms(chairs=True, from_on=date(2021, 1, 1), until_on=date(2021, 12, 31))
    with transaction(world.officer) as tx:
        commands.end_seat(tx, world.committee, world.seats["chair"], date(2023, 12, 31))
        assert add(tx, world.committee, world.coach.id, terms(chairs=True)).chairs
        assert add(tx, world.committee, world.second.id, before).chairs


@pytest.mark.parametrize(
    ("person", "more", "field"),
    [(None, {}, "person_id"), ("coach", {"until_on": date(2023, 1, 1)}, "until_on")],
)
def test_a_seat_that_makes_no_sense(world: Any, person: str | None, more: dict[str, Any], field: str) -> None:
    who = world.people[person].id if person else uuid4()
    refusal = refused(world.officer, lambda tx: commands.add_seat(tx, world.committee, who, terms(**more)))
    assert (refusal.code, refusal.errors[0].field) == ("invalid", field)


def test_ending_a_seat(world: Any) -> None:
    seat = world.seats["third"]
    early = refused(world.officer, lambda tx: commands.end_seat(tx, world.committee, seat, date(2020, 1, 1)))
    assert early.errors[0].code == "ends_before_start"
    with transaction(world.officer) as tx:
        other = commands.create_committee(tx, HERE, CommitteeKind.CPDH, NAME, ("7/2023", DAY))
    wrong = refused(world.officer, lambda tx: commands.end_seat(tx, other.id, seat, DAY))
    assert wrong.errors[0].code == "unknown_seat"
    assert refused(world.stranger, lambda tx: commands.end_seat(tx, world.committee, seat, DAY)).status == 403
    with transaction(world.officer) as tx:
        assert commands.end_seat(tx, world.committee, seat, DAY).until_on == DAY
        assert queries.seat_counts(tx, [world.committee], DAY)[world.committee] == 5
        assert queries.seat_counts(tx, [world.committee], date(2024, 1, 2))[world.committee] == 4


def test_a_new_procedure_is_a_new_version(world: Any) -> None:
    with transaction(world.officer) as tx:
        rules = commands.set_procedure(tx, world.committee, DAY, Terms((2, 3), (2, 3), casting_vote=False))
        assert rules.number == 2
        assert [one.number for one in queries.procedures(tx, world.committee)] == [2, 1]
        in_force = queries.procedure_on(tx, world.committee, date(2023, 12, 31))
        assert in_force
        assert in_force.number == 1
    backdated = refused(
        world.officer, lambda tx: commands.set_procedure(tx, world.committee, date(2023, 1, 1), Terms())
    )
    assert (backdated.code, backdated.status) == ("procedure_backdated", 409)


@pytest.mark.parametrize(
    ("rules", "fields"),
    [
        (Terms((3, 2), (1, 2)), ["quorum"]),
        (Terms((0, 0), (1, 2)), ["quorum"]),
        (Terms((-1, 2), (2, 2)), ["quorum", "majority"]),
        (Terms((1, 2), (1, 0)), ["majority"]),
    ],
)
def test_impossible_fractions(world: Any, rules: Terms, fields: list[str]) -> None:
    refusal = refused(world.officer, lambda tx: commands.set_procedure(tx, world.committee, DAY, rules))
    assert [error.field for error in refusal.errors] == fields


def test_an_unknown_province(world: Any) -> None:
    refusal = refused(
        world.administrator,
        lambda tx: commands.create_committee(tx, "99.999", CommitteeKind.CPDE, NAME, ("1", DAY)),
    )
    assert refusal.errors[0].code == "unknown_province"


def test_committees_of_a_province(world: Any) -> None:
    with transaction(world.holder) as tx:
        assert [one.id for one in queries.committees(tx, HERE).items] == [world.committee]
        assert queries.committees(tx, THERE).items == []


WOMAN = MemberIn(fr="Fadma Oubella", ar="فاضمة أوبلا", email="f.oubella@exemple.test")


def test_a_member_is_entered_by_name_and_may_be_invited_later(world: Any) -> None:
    with transaction(world.officer) as tx:
        seat = commands.add_seat(tx, world.committee, WOMAN, terms())
    with transaction(SYSTEM) as tx:
        person = tx.session.get_one(Person, seat.person_id, options=(undefer(Person.password_hash),))
        assert (person.name, person.email, person.password_hash) == (WOMAN.fr, WOMAN.email, None)
        grants = select(func.count()).select_from(RoleGrant).where(RoleGrant.person_id == person.id)
        assert tx.session.scalar(grants) == 0
        sitting = queries.seats_on(tx, [world.committee], DAY)[-1]
        assert sitting.named == {"fr": WOMAN.fr, "ar": WOMAN.ar}
        assert person.id in queries.members_of(tx, HERE)
    again = refused(world.officer, lambda tx: commands.add_seat(tx, world.committee, WOMAN, terms()))
    assert again.code == "seat_taken"


def test_a_member_whose_address_is_known_is_that_person(world: Any) -> None:
    known = MemberIn(fr="Coach", ar="مواكب", email="coach@exemple.test")
    with transaction(world.officer) as tx:
        assert commands.add_seat(tx, world.committee, known, terms()).person_id == world.coach.id
    named = MemberIn(fr="Autre nom", ar="اسم آخر", email="second@exemple.test")
    taken = refused(world.officer, lambda tx: commands.add_seat(tx, world.committee, named, terms()))
    assert taken.code == "seat_taken"


def test_two_members_without_an_address(world: Any) -> None:
    with transaction(world.officer) as tx:
        seats = [
            commands.add_seat(tx, world.committee, MemberIn(fr=fr, ar="عضو"), terms()) for fr in ("A", "B")
        ]
    assert len({seat.person_id for seat in seats}) == 2


@pytest.mark.parametrize("name", ["stranger", "chair", "evaluator", "auditor", "holder"])
def test_who_may_not_enter_a_member(world: Any, name: str) -> None:
    refusal = refused(world.people[name], lambda tx: commands.add_seat(tx, world.committee, WOMAN, terms()))
    assert refusal.status == 403


def test_a_seat_is_a_persons_or_a_names(world: Any) -> None:
    seat = {"college": "state", "body": BODY, "from_on": DAY}
    for more, code in (
        ({}, "missing"),
        ({"person_id": world.coach.id, "member": WOMAN}, "person_and_name"),
    ):
        with pytest.raises(Problem) as refusal:
            commands.holder_of(SeatIn(**seat, **more))
        assert refusal.value.errors[0].code == code
    assert commands.holder_of(SeatIn(**seat, member=WOMAN)) == WOMAN
