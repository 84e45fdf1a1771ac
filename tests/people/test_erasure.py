"""After an erasure nothing in the database names or reaches the person; what happened stays told."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backend.applications import commands as applications
from backend.core import jobs as kernel
from backend.core.actor import SYSTEM, Actor, Grant
from backend.core.tx import transaction
from backend.notifications.models import Message
from backend.people import commands
from backend.people.models import Member, Person
from backend.people.own_data import ERASED_NAME
from backend.people.schemas import EraseIn, MemberIn, PersonPatch
from tests.people import given
from tests.people.given import PASSWORD
from tests.seals.given import found, sealed
from tests.world import HERE

NAME, EMAIL, PHONE, CARD = "Itto Ouhmouch-Zeroual", "itto.ouhmouch@exemple.ma", "+212655443322", "JX778899"


def every_text() -> list[tuple[str, str]]:
    """(table, column) of everything that may hold words."""
    with transaction(SYSTEM) as tx:
        found = tx.session.execute(
            text(
                "SELECT c.table_name, c.column_name FROM information_schema.columns c "
                "JOIN information_schema.tables t USING (table_schema, table_name) "
                "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
                "AND c.data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea', "
                "'ARRAY', 'tsvector')"
            )
        )
        return [(table, column) for table, column in found]


def where_is(*wanted: str) -> set[str]:
    """The columns in which one of the texts still stands, whatever its capitals."""
    found = set()
    with transaction(SYSTEM) as tx:
        for table, column in every_text():
            seen = text(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE ANY (:wanted) LIMIT 1')
            if tx.session.execute(seen, {"wanted": [f"%{one}%" for one in wanted]}).first():
                found.add(f"{table}.{column}")
    return found


@pytest.fixture
def itto(world: Any) -> Actor:
    """A holder, member of a committee, whom an officer helped, and to whom messages were sent."""
    key = given.registered(EMAIL, NAME)
    actor = Actor("person", key, NAME, "fr", frozenset({Grant("holder", None)}))
    with transaction(actor) as tx:
        commands.edit_person(tx, key, PersonPatch(name=NAME, phone=PHONE, language="fr"))
    return actor


def lived(world: Any, itto: Actor) -> UUID:
    """Her organisation with herself among its members, a dossier typed for her, a seat, what she was sent."""
    from backend.applications import assistance
    from backend.committees.models import College, Seat
    from tests.applications import given as dossiers

    made = given.organisation(itto, phone=PHONE, register_number="901/2020", created_on="2020-03-01")
    with transaction(itto) as tx:
        her = MemberIn(name=NAME, sex="woman", birth_year=1985, office="president", identity=CARD)
        other = MemberIn(name="Aïcha", sex="woman", birth_year=1990)
        commands.replace_members(tx, made, [her, other])
        commands.replace_members(tx, made, [other])
        commands.replace_members(tx, made, [her, other])
    with transaction(world.officer) as tx:
        call = dossiers.open_call(world)
        typed = applications.create(tx, call.id, made)
        dossiers.fill(tx, typed, dossiers.content(documents=dossiers.documents(call)))
        assistance.ask_code(tx, typed.id)
    with transaction(SYSTEM) as tx:
        from datetime import date

        tx.allowed = tx.recorded = True
        tx.session.add(
            Seat(
                committee_id=world.committee, person_id=itto.id, name={"fr": NAME, "ar": NAME}, position=9,
                college=College.STATE, body={"fr": "ODCO", "ar": "ODCO"}, from_on=date(2023, 1, 1),
            )
        )  # fmt: skip
    with transaction(world.agent) as tx:
        from backend.people.schemas import AccompanyIn

        typed_number = AccompanyIn(province_code=HERE, register_number="901/2020")
        commands.ask_accompaniment(tx, typed_number)
    kernel.drain()
    return made


def erase(itto: Actor) -> None:
    with transaction(itto) as tx:
        commands.erase_me(tx, EraseIn(password=PASSWORD))


def test_nothing_names_her_any_more(world: Any, itto: Actor) -> None:
    made = lived(world, itto)
    before = where_is(NAME, EMAIL, PHONE)
    assert {"person.name", "member.name", "seat.name", "message.address", "row_change.new"} <= before
    with transaction(SYSTEM) as tx:
        counted = tx.session.scalar(text("SELECT count(*) FROM row_change"))
        events = tx.session.scalar(text("SELECT count(*) FROM event"))
    erase(itto)
    assert where_is(NAME, EMAIL, PHONE, "655443322", CARD) == set()
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(text("SELECT count(*) FROM row_change")) > counted
        assert tx.session.scalar(text("SELECT count(*) FROM event")) == events + 1
        rows = tx.session.execute(
            select(Member.name, Member.sex, Member.birth_year).where(Member.organisation_id == made)
        ).all()
        assert {(str(row.sex), row.birth_year) for row in rows} == {("woman", 1985), ("woman", 1990)}
        assert "Aïcha" in {row.name for row in rows}
        seals = tx.session.execute(text("SELECT count(*) FROM member WHERE identity_digest IS NOT NULL"))
        assert seals.scalar() == 0
        sent = select(Message.state).where(Message.recipient_id == itto.id)
        assert tx.session.scalars(sent).all()


def test_the_trail_forgets_nobody_else(world: Any, itto: Actor) -> None:
    lived(world, itto)
    with pytest.raises(DBAPIError, match="only of a person who was erased"), transaction(SYSTEM) as tx:
        tx.session.execute(text("SELECT forget_person(:who)"), {"who": itto.id})
    erase(itto)
    with transaction(SYSTEM) as tx:
        assert tx.session.get_one(Person, world.holder.id).name == "Holder"
    assert "person.name" in where_is("Holder")
    assert "row_change.new" in where_is("Holder")


def members(actor: Actor, organisation: UUID, *given_: MemberIn) -> dict[str, UUID]:
    with transaction(actor) as tx:
        return {one.name: one.id for one in commands.replace_members(tx, organisation, list(given_)).members}


def test_a_member_without_an_account_is_named_nowhere_any_more(world: Any, itto: Actor) -> None:
    """Her namesake, who is another year's, and everybody else keep their names."""
    made = given.organisation(itto)
    her = MemberIn(
        name="Tuda N’Aït Waryaghel", sex="woman", birth_year=1979, office="treasurer", identity=CARD
    )
    namesake = her.model_copy(update={"birth_year": 2001, "identity": None, "office": None})
    other = MemberIn(name="Aïcha Bent Ali", sex="woman", birth_year=1990)
    members(itto, made, her, other)
    members(itto, made, other)  # she left, and came back: two rows of the trail
    key = members(itto, made, her, other)[her.name]
    kernel.drain()
    assert {"member.name", "row_change.new", "row_change.old"} <= where_is(her.name)
    with pytest.raises(DBAPIError, match="only of a member who was erased"), transaction(itto) as tx:
        tx.session.execute(text("SELECT forget_member(:who)"), {"who": key})
    with transaction(SYSTEM) as tx:
        counted = tx.session.scalar(text("SELECT count(*) FROM row_change"))
    with transaction(itto) as tx:
        commands.erase_member(tx, made, key)
    kernel.drain()
    assert where_is(her.name, CARD) == set()
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(text("SELECT count(*) FROM row_change")) > counted  # nothing was removed
        row = tx.session.get_one(Member, key)
        assert (row.name, row.sex, row.birth_year, row.office) == (ERASED_NAME, "woman", 1979, "treasurer")
        digests = text("SELECT count(*) FROM member WHERE identity_digest IS NOT NULL")
        assert tx.session.scalar(digests) == 0
    assert {"member.name", "row_change.new"} <= where_is(other.name)
    members(itto, made, namesake, other)
    assert "row_change.new" in where_is(namesake.name)


def test_a_living_namesake_keeps_her_name_in_the_trail(world: Any, itto: Actor) -> None:
    made = given.organisation(itto)
    her = MemberIn(name="Tuda N’Aït Waryaghel", sex="woman", birth_year=1979)
    twin = her.model_copy(update={"distinct": True, "office": "secretary"})
    members(itto, made, her, twin)
    with transaction(SYSTEM) as tx:
        asked = select(Member.id).where(Member.organisation_id == made).order_by(Member.position)
        first, second = tx.session.scalars(asked)
    with transaction(itto) as tx:
        commands.erase_member(tx, made, first)
    with transaction(SYSTEM) as tx:
        kept = text("SELECT row_id FROM row_change WHERE table_name = 'member' AND new ->> 'name' = :name")
        assert set(tx.session.scalars(kept, {"name": her.name})) == {str(second)}


def test_what_was_sealed_still_verifies_after_a_member_was_erased(world: Any, itto: Actor) -> None:
    made = given.organisation(itto)
    key = members(itto, made, MemberIn(name="Tuda", sex="woman", birth_year=1979))["Tuda"]
    sealed()
    with transaction(world.officer) as tx:
        commands.erase_member(tx, made, key)
        commands.erase_member(tx, made, key)  # asked twice, done once
    sealed()
    assert found() == []
