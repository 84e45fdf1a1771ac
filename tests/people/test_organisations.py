"""Organisations: who enters, corrects and reads them; members, their shares, and ties of interest."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people import commands, queries
from backend.people.models import LegalForm, Member, Person, Representative, Role
from backend.people.queries import Composition, Wanted
from backend.people.schemas import MemberIn, OrganisationIn, OrganisationPatch
from tests.people import given
from tests.world import CAST, COMMUNE, HERE, THERE


@pytest.fixture
def there(world):
    """A commune of the other province."""
    from backend.territory import queries as territory

    with transaction(SYSTEM) as tx:
        return territory.communes(tx, THERE)[0].code


def refused(call, actor):
    with pytest.raises(Problem) as refusal, transaction(actor) as tx:
        call(tx)
    return refusal.value


def last_event(name):
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Event).where(Event.name == name).order_by(Event.seq.desc())).first()


def new(**changes):
    return OrganisationIn.model_validate(given.ORGANISATION | changes)


def test_a_holder_enters_her_organisation_and_represents_it(world):
    made = given.organisation(
        world.holder, phone="0528 00 11 22", ice="001 561 191 000 066", register_number=" "
    )
    with transaction(world.holder) as tx:
        row = queries.organisation(tx, made)
        assert (row.province_code, row.phone, row.ice) == (HERE, "+212528001122", "001561191000066")
        assert row.register_number is None
        assert [o.id for o in queries.my_organisations(tx)] == [world.tifaout, made]
        assert [p.id for p in queries.representatives(tx, made)] == [world.holder.id]
    event = last_event("organisation.created")
    assert event.data == {"holder_id": str(world.holder.id), "assisted": False}
    assert event.province_code == HERE


def test_an_officer_assists_somebody_without_an_account(world):
    made = given.organisation(
        world.officer, holder={"name": "Fadma", "phone": "0612345678", "language": "ar"}
    )
    event = last_event("organisation.created")
    assert (event.actor_id, event.data["assisted"]) == (world.officer.id, True)
    with transaction(world.officer) as tx:
        (holder,) = queries.representatives(tx, made)
        assert (holder.name, holder.phone, str(holder.id)) == (
            "Fadma",
            "+212612345678",
            event.data["holder_id"],
        )
        assert queries.person(tx, holder.id).grants[0].role is Role.HOLDER


def test_an_officer_assists_somebody_who_has_an_account(world):
    coach_too = given.person("karim@exemple.ma")
    made = given.organisation(world.officer, holder={"name": "Autre nom", "email": "KARIM@exemple.ma"})
    again = given.organisation(world.officer, holder_id=str(coach_too))
    with transaction(SYSTEM) as tx:
        theirs = select(Representative.organisation_id).where(Representative.person_id == coach_too)
        assert set(tx.session.scalars(theirs)) == {made, again}
        assert [g.role for g in queries.person(tx, coach_too).grants] == [Role.HOLDER]
        assert tx.session.get(Person, coach_too).name == "Karim Naciri"


@pytest.mark.parametrize("name", sorted(set(CAST) - {"holder", "rival", "officer", "agent"}))
def test_nobody_else_enters_an_organisation_there(world, name):
    actor = world.people[name]
    own = refused(lambda tx: commands.create_organisation(tx, new()), actor)
    assert (own.code, own.errors[0].field) == ("invalid", "holder")
    assisted = refused(lambda tx: commands.create_organisation(tx, new(holder={"name": "F"})), actor)
    assert assisted.status == 403
    for_herself = refused(lambda tx: commands.create_organisation(tx, new(holder_id=actor.id)), actor)
    assert for_herself.status == 403


def test_a_holder_enters_nothing_for_others(world):
    other = refused(lambda tx: commands.create_organisation(tx, new(holder_id=world.rival.id)), world.holder)
    assert other.status == 404
    assisted = refused(lambda tx: commands.create_organisation(tx, new(holder={"name": "F"})), world.holder)
    assert assisted.status == 403
    unseen = refused(
        lambda tx: commands.create_organisation(tx, new(holder_id=world.stranger.id)), world.officer
    )
    assert unseen.status == 404


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"commune_code": "09.001.99"}, "commune_code", "commune_unknown"),
        ({"created_on": "2999-01-01"}, "created_on", "date_in_future"),
        ({"last_agm_on": "2999-01-01"}, "last_agm_on", "date_in_future"),
        ({"created_on": "2020-01-02", "last_agm_on": "2020-01-01"}, "last_agm_on", "before_creation"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(world, changes, field, code):
    error = refused(lambda tx: commands.create_organisation(tx, new(**changes)), world.holder).errors[0]
    assert (error.field, error.code) == (field, code)


def test_one_name_serves_both_languages(world):
    made = given.organisation(world.holder, name={"ar": "تعاونية الأمل", "fr": " "})
    with transaction(world.holder) as tx:
        assert queries.organisation(tx, made).name == {"fr": "تعاونية الأمل", "ar": "تعاونية الأمل"}
    with pytest.raises(ValidationError, match="name in one language"):
        new(name={})


def test_correcting_changes_what_is_sent_and_moves_the_version(world):
    patch = OrganisationPatch(name={"fr": "Tifaout 2"}, phone="", legal_form="gie")
    with transaction(world.holder) as tx:
        row = commands.edit_organisation(tx, world.tifaout, patch, 1)
        assert (row.version, row.name["ar"], row.legal_form) == (2, "Tifaout 2", LegalForm.GIE)
        assert row.register_number == "4112/2019"
    assert sorted(last_event("organisation.edited").data["fields"]) == ["legal_form", "name"]
    stale = refused(lambda tx: commands.edit_organisation(tx, world.tifaout, patch, 1), world.holder)
    assert (stale.status, stale.params) == (412, {"version": 1, "current": 2})
    with transaction(world.officer) as tx:
        assert commands.edit_organisation(tx, world.tifaout, patch, 2).version == 2


@pytest.mark.parametrize(
    ("name", "status"),
    [("rival", 404), ("stranger", 404), ("coach", 404), ("auditor", 403), ("administrator", 403)],
)
def test_others_correct_nothing(world, name, status):
    actor = world.people[name]
    patch = OrganisationPatch(phone="0612345678")
    assert refused(lambda tx: commands.edit_organisation(tx, world.tifaout, patch), actor).status == status
    assert refused(lambda tx: commands.replace_members(tx, world.tifaout, []), actor).status == status


def test_a_move_to_another_province_is_the_holders_not_the_officers(world, there):
    patch = OrganisationPatch(commune_code=there)
    assert (
        refused(lambda tx: commands.edit_organisation(tx, world.tifaout, patch), world.officer).status == 403
    )
    with transaction(world.holder) as tx:
        assert commands.edit_organisation(tx, world.tifaout, patch).province_code == THERE
    with transaction(world.stranger) as tx:
        assert queries.organisation(tx, world.tifaout)


def woman(name, year=1990, **more):
    return MemberIn(name=name, sex="woman", birth_year=year, **more)


def test_the_list_of_members_is_replaced_and_who_stays_keeps_her_row(world):
    with transaction(world.holder) as tx:
        first = commands.replace_members(tx, world.tifaout, [woman("A"), woman("B", office="présidente")], 1)
        assert first.version == 2
        rows = {member.name: member.id for member in first.members}
    with transaction(world.holder) as tx:
        second = commands.replace_members(tx, world.tifaout, [woman("B"), woman("C"), woman("A")], 2)
        assert [(m.name, m.position, m.office) for m in second.members] == [
            ("B", 0, None),
            ("C", 1, None),
            ("A", 2, None),
        ]
        assert second.members[0].id == rows["B"]
        assert second.members[2].id == rows["A"]
    with transaction(SYSTEM) as tx:
        kept = tx.session.scalars(select(Member.name).where(Member.organisation_id == world.tifaout)).all()
        assert sorted(kept) == ["A", "B", "C"]
    assert last_event("members.replaced").data == {"count": 3}
    assert refused(lambda tx: commands.replace_members(tx, world.tifaout, [], 1), world.holder).status == 412


def test_nobody_is_entered_twice_unless_they_are_said_to_be_two(world):
    with transaction(world.holder) as tx:
        commands.replace_members(tx, world.tifaout, [woman("Aït Ali Fadma")])
    twice = [woman("Aït Ali Fadma"), woman("fadma ait ali")]
    (error,) = refused(lambda tx: commands.replace_members(tx, world.tifaout, twice), world.holder).errors
    assert (error.field, error.code) == ("members.1.name", "member_twice")
    assert error.params["name"] == "Aït Ali Fadma"
    said = twice[1].model_copy(update={"distinct": True})
    with transaction(world.holder) as tx:
        rows = commands.replace_members(tx, world.tifaout, [twice[0], said]).members
        kept = [row.id for row in rows]
    with transaction(world.holder) as tx:  # said once
        assert [row.id for row in commands.replace_members(tx, world.tifaout, twice).members] == kept
    carded = [woman("B", identity="AB123456"), woman("B", identity="AB123457")]
    with transaction(world.holder) as tx:
        assert len(commands.replace_members(tx, world.tifaout, carded).members) == 2


def test_of_two_namesakes_the_one_is_removed(world):
    pair = [woman("A"), woman("A").model_copy(update={"distinct": True})]
    with transaction(world.holder) as tx:
        one, other = (m.id for m in commands.replace_members(tx, world.tifaout, pair).members)
    with transaction(world.holder) as tx:
        commands.remove_member(tx, world.tifaout, one)
    with transaction(SYSTEM) as tx:
        kept = tx.session.execute(
            select(Member.id, Member.position).where(Member.organisation_id == world.tifaout)
        )
        assert list(kept) == [(other, 0)]
    assert refused(lambda tx: commands.remove_member(tx, world.tifaout, one), world.holder).status == 404


def test_years_of_birth_are_plausible(world):
    year = datetime.now(UTC).year
    members = [woman("A", year - 15), woman("B", year - 14), woman("C", year - 110), woman("D", year - 111)]
    errors = refused(lambda tx: commands.replace_members(tx, world.tifaout, members), world.holder).errors
    assert [(e.field, e.code) for e in errors] == [
        ("members.1.birth_year", "birth_year_implausible"),
        ("members.3.birth_year", "birth_year_implausible"),
    ]
    assert errors[0].params == {"low": year - 110, "high": year - 15}
    assert woman("A", "١٩٩٥").birth_year == 1995


def test_shares_are_exact_and_agree_with_the_rules_of_calls(world):
    from backend.calls.rules.derive import Member as Counted
    from backend.calls.rules.derive import member_facts

    for on in (date(2020, 12, 30), date(2020, 12, 31), date(2023, 6, 1)):
        with transaction(SYSTEM) as tx:
            (found,) = queries.composition(tx, [world.tifaout], on).values()
            rows = tx.session.scalars(select(Member).where(Member.organisation_id == world.tifaout)).all()
        facts = member_facts([Counted(woman=r.sex == "woman", birth_year=r.birth_year) for r in rows], on, 35)
        assert (found.total, found.women) == (facts["members.count"], facts["members.women"])
        assert (found.youth, found.women_or_youth) == (
            facts["members.youth"],
            facts["members.women_or_youth"],
        )
    assert found.women_share == Fraction(4, 5)
    assert found.women_or_youth_share == 1
    assert found.youth_share == Fraction(found.youth, 10)


def test_compositions_cost_one_statement_for_any_number(world, statements):
    empty = given.organisation(world.holder)
    for ids in ([world.tifaout], [world.tifaout, world.rival_cooperative, empty]):
        with transaction(SYSTEM) as tx, statements() as sql:
            found = queries.composition(tx, ids, date(2023, 1, 1), 30)
        assert len(sql) == 1
        assert set(found) == set(ids)
    assert found[empty] == Composition(date(2023, 1, 1), 30)
    assert found[empty].women_share is None


def listed(actor, **filters):
    with transaction(actor) as tx:
        return {o.id for o in queries.organisations(tx, Wanted(**filters)).items}


def test_who_sees_which_organisations(world):
    both = {world.tifaout, world.rival_cooperative}
    for name in ("officer", "auditor", "administrator", "coordination"):
        assert listed(world.people[name]) == both
    assert listed(world.holder) == {world.tifaout}
    for name in ("stranger", "evaluator", "chair", "coach"):
        assert listed(world.people[name]) == set()
    assert listed(ANONYMOUS) == set()


def test_organisations_are_found_by_their_numbers(world):
    made = given.organisation(world.holder, register_number="4571 / 2020", ice="001561191000066")
    for text in ("4571/2020", "4571-2020", "٤٥٧١/٢٠٢٠", "001 561 191 000 066", "001561191000066"):
        assert listed(world.officer, text=text) == {made}, text
        assert listed(world.stranger, text=text) == set()
    for text in ("4571", "00156119100006", "0015611910000661"):
        assert listed(world.officer, text=text) == set(), text


def test_organisations_are_found(world):
    assert listed(world.officer, text="TIFAOUT") == {world.tifaout}
    assert listed(world.officer, text="تيفاوت") == {world.tifaout}
    assert listed(world.officer, text="_") == set()
    assert listed(world.officer, text="\\") == set()
    assert listed(world.officer, province=THERE) == set()
    assert listed(world.officer, province=HERE, legal_form=LegalForm.COOPERATIVE) == {
        world.tifaout,
        world.rival_cooperative,
    }
    assert listed(world.officer, legal_form=LegalForm.SARL) == set()


def test_lists_of_organisations_cost_the_same_for_any_number(world, statements):
    for limit in (1, 3):
        with transaction(world.officer) as tx, statements() as sql:
            page = queries.organisations(tx, limit=limit)
        assert len(sql) == 1
    assert page.next is None
    with transaction(world.officer) as tx:
        first = queries.organisations(tx, limit=1)
        second = queries.organisations(tx, limit=1, cursor=first.next)
        assert [o.id for o in (*first.items, *second.items)] == [world.rival_cooperative, world.tifaout]


def test_an_interest_is_declared_once_for_oneself(world):
    with transaction(world.evaluator) as tx:
        first = commands.declare_interest(tx, world.tifaout, "  Ma sœur y travaille. ")
        assert first.reason == "Ma sœur y travaille."
    with transaction(world.evaluator) as tx:
        assert commands.declare_interest(tx, world.tifaout, "autre").id == first.id
    assert last_event("interest.declared").data == {"organisation_id": str(world.tifaout)}
    with transaction(SYSTEM) as tx:
        assert len(tx.session.scalars(select(Event).where(Event.name == "interest.declared")).all()) == 1


def test_an_interest_needs_somebody_and_something(world):
    assert (
        refused(lambda tx: commands.declare_interest(tx, world.evaluator.id, "x"), world.evaluator).status
        == 404
    )
    assert refused(lambda tx: commands.declare_interest(tx, world.tifaout, "x"), ANONYMOUS).status == 403


def test_a_commune_of_the_world_exists(world):
    with transaction(world.holder) as tx:
        assert (
            commands.edit_organisation(tx, world.tifaout, OrganisationPatch(commune_code=COMMUNE)).version
            == 1
        )


def test_dates_are_read_on_the_casablanca_clock(world):
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    error = refused(
        lambda tx: commands.edit_organisation(tx, world.tifaout, OrganisationPatch(last_agm_on=tomorrow)),
        world.holder,
    )
    assert error.errors[0].code == "date_in_future"
