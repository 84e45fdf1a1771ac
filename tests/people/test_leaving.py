"""Who was removed from a list of members is put back within a day, with the history of the list."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.people import commands, queries
from backend.people.models import Member, Person
from backend.people.schemas import MemberIn, OrganisationIn
from tests.people.given import ORGANISATION
from tests.people.test_organisations import last_event


def member(name, **more):
    return MemberIn(name=name, sex="woman", birth_year=1990, **more)


def listed(world):
    with transaction(world.holder) as tx:
        rows = tx.session.scalars(
            select(Member).where(Member.organisation_id == world.tifaout).order_by(Member.position)
        )
        return [(row.name, row.position, row.office) for row in rows]


@pytest.fixture
def trio(world):
    two_days_ago = datetime.now(UTC) - timedelta(days=2)
    with arriving(at=two_days_ago), transaction(world.holder) as tx:
        given = [member("Amina"), member("Fatima", office="treasurer", identity="JB123456"), member("Zahra")]
        return [one.id for one in commands.replace_members(tx, world.tifaout, given).members]


def removed(world, key):
    with transaction(world.holder) as tx:
        commands.remove_member(tx, world.tifaout, key)


def restored(world, key, actor=None):
    with transaction(actor or world.holder) as tx:
        commands.restore_member(tx, world.tifaout, key)


def left(world, actor=None):
    with transaction(actor or world.holder) as tx:
        return [one.name for one in queries.left(tx, queries.organisation(tx, world.tifaout))]


def test_she_comes_back_in_her_place_without_the_number_of_her_card(world, trio):
    before = listed(world)
    removed(world, trio[1])
    assert left(world) == ["Fatima"]
    restored(world, trio[1])
    assert listed(world) == before
    assert last_event("member.restored").data == {"count": 3, "restored": str(trio[1])}
    assert left(world) == []
    restored(world, trio[1])  # pressed twice
    with transaction(SYSTEM) as tx:
        row = tx.session.get_one(Member, trio[1])
        assert row.identity_number is None
        assert row.identity_digest is None


def test_a_list_that_was_replaced_gives_back_those_who_left(world, trio):
    with transaction(world.holder) as tx:
        commands.replace_members(tx, world.tifaout, [member("Amina")])
    assert left(world) == ["Fatima", "Zahra"]
    restored(world, trio[2])
    restored(world, trio[1])
    assert [name for name, *_ in listed(world)] == ["Amina", "Fatima", "Zahra"]


def test_after_a_day_or_entered_anew_it_is_refused_and_for_another_organisation_unknown(world, trio):
    removed(world, trio[1])
    with pytest.raises(Problem) as late, arriving(at=datetime.now(UTC) + timedelta(hours=25)):
        restored(world, trio[1])
    assert late.value.code == "member_undo_over"
    with pytest.raises(Problem) as hidden:
        restored(world, trio[1], world.rival)
    assert hidden.value.status == 404
    with transaction(world.rival) as tx:
        other = commands.create_organisation(tx, OrganisationIn.model_validate(ORGANISATION)).id
    with pytest.raises(Problem) as elsewhere, transaction(world.rival) as tx:
        commands.restore_member(tx, other, trio[1])
    assert elsewhere.value.code == "member_undo_over"
    with transaction(world.holder) as tx:
        commands.replace_members(tx, world.tifaout, [member("Amina"), member("fatima"), member("Zahra")])
    with pytest.raises(Problem) as twice:
        restored(world, trio[1])
    assert twice.value.code == "member_entered_again"


def test_who_was_erased_is_not_shown_again(world, trio):
    name = world.holder.name
    with transaction(world.holder) as tx:
        hers = commands.replace_members(tx, world.tifaout, [member("Amina"), member(name)]).members[1].id
    removed(world, hers)
    assert name in left(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Person, world.holder.id).erased_at = tx.now
        tx.session.flush()
        tx.session.execute(text("SELECT forget_person(:who)"), {"who": world.holder.id})
    assert not [one for one in left(world, world.officer) if one in (name, "•")]


def test_statements_do_not_grow_with_those_who_left(world, trio, statements):
    removed(world, trio[0])
    with transaction(world.holder) as tx:
        row = queries.organisation(tx, world.tifaout)
        with statements() as one:
            assert len(queries.left(tx, row)) == 1
    removed(world, trio[1])
    removed(world, trio[2])
    with transaction(world.holder) as tx:
        row = queries.organisation(tx, world.tifaout)
        with statements() as three:
            assert len(queries.left(tx, row)) == 3
    assert len(one) == len(three) == 2


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_on_the_page_of_the_organisation(world, client, trio, lang):
    holder, home = client("holder"), f"/organisations/{world.tifaout}"
    holder.cookies.set("lang", lang)
    removed(world, trio[1])
    page = holder.get(home).text
    assert f"{home}/members/{trio[1]}/restore" in page
    assert {"fr": "retirée le", "ar": "سحبها"}[lang] in page
    assert {"fr": "Membre retiré de la liste", "ar": "سحب عضو من اللائحة"}[lang] in page
    answer = holder.post(f"{home}/members/{trio[1]}/restore", follow_redirects=False)
    assert answer.status_code == 303
    assert f"{home}/members/{trio[1]}/restore" not in holder.get(home).text
    unknown = holder.post(f"{home}/members/{world.holder.id}/restore")
    assert unknown.status_code == 409
    assert {"fr": "ne peut plus être remis", "ar": "لم يعد بالإمكان"}[lang] in unknown.text


def test_over_the_api(world, client, trio):
    holder, home = client("holder"), f"/api/v1/organisations/{world.tifaout}/members"
    removed(world, trio[1])
    (one,) = holder.get(f"{home}/left").json()
    assert (one["name"], one["birth_year"], one["office"]) == ("Fatima", 1990, "treasurer")
    back = holder.post(f"{home}/{trio[1]}/restore")
    assert [row["name"] for row in back.json()] == ["Amina", "Fatima", "Zahra"]
    assert back.headers["etag"]
