"""Accounts and roles: who opens, enters, corrects, closes; who gives and takes roles."""

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people import commands, queries
from backend.people.models import Person, Role, RoleGrant
from backend.people.schemas import GrantIn, PersonIn, PersonPatch, RegisterIn
from tests.people import given
from tests.world import CAST, HERE, THERE

NOT_ADMINISTRATORS = sorted(set(CAST) - {"administrator"})


def refused(call):
    with pytest.raises(Problem) as refusal:
        call()
    return refusal.value


def events(name):
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Event).where(Event.name == name)).all()


def test_a_holder_registers_herself(world):
    made = given.registered("Amina@Exemple.ma")
    with transaction(SYSTEM) as tx:
        person = queries.person(tx, made)
        assert (person.email, [g.role for g in person.grants]) == ("amina@exemple.ma", [Role.HOLDER])
    assert len(events("person.registered")) == 1


def test_registering_a_known_address_changes_nothing_and_tells_only_its_owner(world):
    made = given.registered()
    with transaction(ANONYMOUS) as tx:
        again = RegisterIn(name="Autre", email="amina@exemple.ma", password="tout autre chose ici")
        assert commands.register(tx, again) is None
    with transaction(SYSTEM) as tx:
        person = queries.person(tx, made)
        assert person.name == "Amina Aït Lahcen"
    assert [event.subject_id for event in events("registration.repeated")] == [made]
    with transaction(ANONYMOUS) as tx:
        assert commands.sign_in(tx, "amina@exemple.ma", given.PASSWORD, "here")


def test_a_weak_password_is_refused(world):
    given_weak = RegisterIn(name="Amina Tazi", email="a@b.ma", password="aminaaminaamina")
    with transaction(ANONYMOUS) as tx:
        assert refused(lambda: commands.register(tx, given_weak)).errors[0].code == "weak_password"
    with pytest.raises(ValidationError, match="password short"):
        RegisterIn(name="A", email="a@b.ma", password="court")


def test_an_administrator_enters_people_with_roles(world):
    roles = [{"role": "coach", "province_code": HERE}] * 2 + [{"role": "auditor"}]
    with transaction(world.administrator) as tx:
        new = PersonIn(name="Nadia", email="nadia@exemple.ma", password=given.PASSWORD, grants=roles)
        person = commands.create_person(tx, new)
        assert {(g.role, g.province_code) for g in person.grants} == {
            (Role.COACH, HERE),
            (Role.AUDITOR, None),
        }
    assert len(events("role.granted")) == 2
    with transaction(world.administrator) as tx:
        error = refused(
            lambda: commands.create_person(tx, PersonIn(name="N", email="nadia@exemple.ma"))
        ).errors[0]
        assert (error.field, error.code) == ("email", "email_known")
    with transaction(world.administrator) as tx:
        no_address = PersonIn(name="N", password=given.PASSWORD)
        assert refused(lambda: commands.create_person(tx, no_address)).errors[0].field == "email"


@pytest.mark.parametrize("name", NOT_ADMINISTRATORS)
def test_nobody_else_enters_people_or_gives_roles(world, name):
    actor = world.people[name]
    for call in (
        lambda tx: commands.create_person(tx, PersonIn(name="N")),
        lambda tx: commands.grant_role(tx, actor.id, GrantIn(role="administrator")),
        lambda tx: commands.disable_person(tx, actor.id),
    ):
        with pytest.raises(Problem) as refusal, transaction(actor) as tx:
            call(tx)
        assert refusal.value.status == 403
    with transaction(SYSTEM) as tx:
        theirs = tx.session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == actor.id)).first()
    with transaction(actor) as tx:
        assert refused(lambda: commands.revoke_role(tx, theirs)).status == 403


@pytest.mark.parametrize(
    ("role", "place", "code"),
    [
        ("auditor", HERE, "role_without_province"),
        ("holder", HERE, "role_without_province"),
        ("officer", None, "role_needs_province"),
        ("coach", "99.999", "province_unknown"),
    ],
)
def test_roles_have_their_place(world, role, place, code):
    with transaction(world.administrator) as tx:
        error = refused(
            lambda: commands.grant_role(tx, world.coach.id, GrantIn(role=role, province_code=place))
        ).errors[0]
    assert (error.field, error.code) == ("province_code", code)
    with transaction(world.administrator) as tx:
        new = PersonIn(name="N", grants=[{"role": role, "province_code": place}])
        assert refused(lambda: commands.create_person(tx, new)).errors[0].field == "grants.0.province_code"


def test_a_role_is_given_once_taken_back_and_given_again(world):
    wanted = GrantIn(role="coach", province_code=THERE)
    with transaction(world.administrator) as tx:
        first = commands.grant_role(tx, world.coach.id, wanted)
    with transaction(world.administrator) as tx:
        assert commands.grant_role(tx, world.coach.id, wanted).id == first.id
    assert len(events("role.granted")) == 1
    for _ in range(2):
        with transaction(world.administrator) as tx:
            assert commands.revoke_role(tx, first.id, world.coach.id).revoked_at
    assert len(events("role.revoked")) == 1
    with transaction(world.administrator) as tx:
        assert commands.grant_role(tx, world.coach.id, wanted).id != first.id
    with transaction(world.administrator) as tx:
        assert refused(lambda: commands.revoke_role(tx, first.id, world.officer.id)).status == 404


def test_one_administrator_always_remains(world):
    with transaction(world.administrator) as tx:
        own = queries.me(tx).grants[0].id
        assert refused(lambda: commands.revoke_role(tx, own)).code == "own_account"
    with transaction(world.administrator) as tx:
        assert refused(lambda: commands.disable_person(tx, world.administrator.id)).code == "own_account"


def test_people_correct_themselves_and_an_administrator_anybody(world):
    with transaction(world.holder) as tx:
        person = commands.edit_person(tx, world.holder.id, PersonPatch(phone="0612345678", language="ar"), 1)
        assert (person.phone, person.language, person.version) == ("+212612345678", "ar", 2)
        assert person.name == "Holder"
    with transaction(world.holder) as tx:
        stale = refused(lambda: commands.edit_person(tx, world.holder.id, PersonPatch(name="X"), 1))
        assert stale.status == 412
    with transaction(world.holder) as tx:
        assert refused(lambda: commands.edit_person(tx, world.rival.id, PersonPatch(name="X"))).status == 404
    with transaction(world.officer) as tx:
        assert refused(lambda: commands.edit_person(tx, world.coach.id, PersonPatch(name="X"))).status == 403
    with transaction(world.administrator) as tx:
        assert commands.edit_person(tx, world.coach.id, PersonPatch(name="Nouveau")).name == "Nouveau"
    with transaction(world.administrator) as tx:
        commands.edit_person(tx, world.coach.id, PersonPatch(name="Nouveau"))
    assert len(events("person.edited")) == 2


def test_the_language_is_kept_with_the_person(world):
    for _ in range(2):
        with transaction(world.holder) as tx:
            commands.choose_language(tx, "ar")
    assert [event.data for event in events("person.edited")] == [{"fields": ["language"]}]


def test_an_account_is_closed_and_opened_again(world):
    for _ in range(2):
        with transaction(world.administrator) as tx:
            assert not commands.disable_person(tx, world.coach.id).active
    with transaction(world.administrator) as tx:
        assert commands.enable_person(tx, world.coach.id).active
    assert len(events("person.disabled")) == len(events("person.enabled")) == 1


def seen(actor, **filters):
    with transaction(actor) as tx:
        return {person.name for person in queries.people(tx, **filters).items}


def test_who_sees_whom(world):
    everybody = {name.title() for name in CAST}
    here = {name.title() for name, (_, place) in CAST.items() if place == HERE}
    for overseer in (world.administrator, world.auditor, world.coordination):
        assert seen(overseer) == everybody
    assert seen(world.officer) == here | {"Holder", "Rival"}
    assert seen(world.stranger) == {"Stranger"}
    for name in ("holder", "evaluator", "chair", "coach"):
        assert seen(world.people[name]) == {name.title()}
    with transaction(world.administrator) as tx:
        commands.revoke_role(tx, next(iter(queries.person(tx, world.coach.id).grants)).id)
    assert "Coach" not in seen(world.officer)


def test_people_are_found_by_name_role_and_place(world):
    assert seen(world.auditor, text="ÉVALUATÔR") == {"Evaluator"}
    assert seen(world.auditor, text="coach@exemple") == {"Coach", "Other_Coach"}
    assert seen(world.auditor, text="%") == set()
    assert seen(world.auditor, text="r_c") == {"Other_Coach"}
    assert seen(world.auditor, role=Role.OFFICER) == {"Officer", "Stranger"}
    assert seen(world.auditor, role=Role.OFFICER, province=THERE) == {"Stranger"}
    assert seen(world.auditor, province=THERE) == {"Stranger"}


def test_lists_of_people_go_on_page_after_page(world, statements):
    names, cursor, counts = [], None, set()
    while True:
        with transaction(world.auditor) as tx, statements() as sql:
            page = queries.people(tx, cursor=cursor, limit=5)
        counts.add(len(sql))
        names += [person.name for person in page.items]
        if not (cursor := page.next):
            break
    assert names == sorted(name.title() for name in CAST)
    assert counts == {2}
    with transaction(world.auditor) as tx, statements() as sql:
        queries.people(tx, limit=1)
    assert len(sql) == 2


def test_no_account_is_only_a_name(world):
    made = given.person(email=None)
    with transaction(SYSTEM) as tx:
        person = tx.session.get(Person, made)
        assert person is not None
        assert person.email is None


def test_only_a_known_key_is_taken_for_a_known_row(world):
    from sqlalchemy.exc import IntegrityError

    from backend.people.commands.accounts import insert_unless_there

    with pytest.raises(IntegrityError), transaction(SYSTEM) as tx:
        insert_unless_there(tx, RoleGrant(person_id=world.coach.id, role=Role.HOLDER))


def test_every_code_of_people_has_words(world):
    from backend.core.i18n import LANGUAGES, has
    from backend.people.lifecycle import words_needed

    assert not [(lang, code) for lang in LANGUAGES for code in words_needed() if not has(lang, code)]
