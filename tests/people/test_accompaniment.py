"""An agent of the plateforme helps the holders who let her, and sees nothing else of the register."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from backend.core import jobs as kernel
from backend.core.actor import SYSTEM, Actor, Grant
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.people import commands, queries
from backend.people.models import Accompaniment, Interest, Organisation, Person, Role, RoleGrant
from backend.people.schemas import AccompanyIn, OrganisationIn, OrganisationPatch
from tests.people import given
from tests.world import HERE, THERE

PHONE = "+212600000017"
HOLDER = {"name": "Fadma Oubella", "phone": PHONE, "language": "ar"}


def refused(actor: Actor, act: Any) -> Problem:
    with pytest.raises(Problem) as caught, transaction(actor) as tx:
        act(tx)
    return caught.value


def another(world: Any, name: str = "Second agent", province: str = HERE) -> Actor:
    """Another agent."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        person = Person(name=name, email=f"{len(name)}.{name[:6]}@relais.test", created_at=tx.now)
        tx.session.add(person)
        tx.session.flush()
        grant = RoleGrant(person_id=person.id, role=Role.AGENT, province_code=province, granted_at=tx.now)
        tx.session.add(grant)
    return Actor("person", person.id, name, "fr", frozenset({Grant("agent", province)}))


def registered(world: Any, **changes: Any) -> UUID:
    """An organisation that the agent enters with its holder."""
    return given.organisation(world.agent, holder=HOLDER, **changes)


def ask(actor: Actor, number: str, province: str = HERE) -> UUID:
    with transaction(actor) as tx:
        typed = AccompanyIn(province_code=province, register_number=number)
        return commands.ask_accompaniment(tx, typed).id


def code_of(asked: UUID) -> str:
    """The code as it leaves."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        code = commands.fresh_accompaniment_code(tx, asked)
    assert code
    return code


def confirm(actor: Actor, asked: UUID, code: str) -> Accompaniment | None:
    with transaction(actor) as tx:
        return commands.confirm_accompaniment(tx, asked, code)


def agreed(actor: Actor, number: str) -> UUID:
    asked = ask(actor, number)
    done = confirm(actor, asked, code_of(asked))
    assert done
    assert done.organisation_id
    return done.organisation_id


def numbered(world: Any, number: str = "77/2021") -> UUID:
    """Tifaout with a number of its own and a holder with a telephone."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Organisation, world.tifaout).register_number = number
        tx.session.execute(update(Person).where(Person.id == world.holder.id).values(phone=PHONE))
    return world.tifaout  # type: ignore[no-any-return]


def test_she_registers_a_holder_without_an_account_and_sees_her_alone(world: Any) -> None:
    made = registered(world)
    with transaction(world.agent) as tx:
        assert [row.id for row in queries.accompanied(tx)] == [made]
        assert [row.id for row in queries.organisations(tx).items] == [made]
        assert [person.name for person in queries.representatives(tx, made)] == ["Fadma Oubella"]
        assert queries.people(tx).items[0].id == world.agent.id
        assert len(queries.people(tx).items) == 1
    assert refused(world.agent, lambda tx: queries.organisation(tx, world.tifaout)).status == 404
    with transaction(SYSTEM) as tx:
        tie = select(Interest.person_id).where(Interest.organisation_id == made)
        assert tx.session.scalars(tie).all() == [world.agent.id]


def test_she_binds_no_account_nor_herself(world: Any) -> None:
    def enter(**changes: Any) -> Problem:
        whole = OrganisationIn.model_validate(given.ORGANISATION | changes)
        return refused(world.agent, lambda tx: commands.create_organisation(tx, whole))

    assert (
        enter(holder=HOLDER | {"email": "holder@exemple.test"}).errors[0].code == "holder_email_not_by_agent"
    )
    assert enter(holder_id=str(world.agent.id)).status == 403
    herself = OrganisationIn.model_validate(given.ORGANISATION | {"holder_id": str(world.officer.id)})
    own = refused(world.officer, lambda tx: commands.create_organisation(tx, herself))
    assert own.errors[0].code == "holder_herself"
    assert enter(holder_id=str(world.holder.id)).status == 404
    assert enter().errors[0].code == "missing"
    elsewhere = "09.541.07.05"
    with transaction(SYSTEM) as tx:
        from backend.territory.models import Commune

        elsewhere = (
            tx.session.scalars(select(Commune.code).where(Commune.province_code == THERE)).first() or ""
        )
    assert enter(holder=HOLDER, commune_code=elsewhere).status == 403


def test_the_telephone_and_the_account_stay_the_holders(world: Any) -> None:
    made = registered(world, phone="+212600000018", bank_account=None)

    def edit(**patch: Any) -> None:
        with transaction(world.agent) as tx:
            commands.edit_organisation(tx, made, OrganisationPatch.model_validate(patch))

    edit(register_number="12/2024", phone="+212600000018", bank_account="007780000112345678901234")
    for patch, code in (
        ({"phone": "+212600000099"}, "phone_not_by_agent"),
        ({"bank_account": "011780000112345678901234"}, "account_not_by_agent"),
        ({"commune_code": elsewhere()}, "province_not_yours"),
    ):
        with pytest.raises(Problem) as caught:
            edit(**patch)
        assert [error.code for error in caught.value.errors] == [code]
    with transaction(world.officer) as tx:
        commands.edit_organisation(tx, made, OrganisationPatch.model_validate({"phone": "+212600000099"}))


def elsewhere() -> str:
    from backend.territory.models import Commune

    with transaction(SYSTEM) as tx:
        return tx.session.scalars(select(Commune.code).where(Commune.province_code == THERE)).first() or ""


def test_a_number_opens_nothing_without_the_holders_code(world: Any) -> None:
    tifaout = numbered(world)
    asked = ask(world.agent, "77 / 2021")
    assert refused(world.agent, lambda tx: queries.organisation(tx, tifaout)).status == 404
    code = code_of(asked)
    assert confirm(world.agent, asked, f"{(int(code) + 1) % 10**6:06d}") is None
    done = confirm(world.agent, asked, code)
    assert done
    with transaction(world.agent) as tx:
        assert queries.organisation(tx, tifaout).id == tifaout
    assert refused(world.agent, lambda tx: commands.confirm_accompaniment(tx, asked, code)).code == (
        "accompaniment_settled"
    )


def test_a_number_that_is_nobodys_answers_alike(world: Any) -> None:
    numbered(world)
    told = [ask(world.agent, number) for number in ("77/2021", "78/2021")]
    with transaction(world.agent) as tx:
        real, none = (queries.accompaniment(tx, one) for one in told)
    assert (real.since, real.until) == (none.since, none.until) == (None, None)
    kernel.drain()
    for one in told:
        assert confirm(world.agent, one, "000000x") is None


def test_codes_live_ten_minutes_and_five_attempts_and_are_hers(world: Any) -> None:
    numbered(world)
    asked = ask(world.agent, "77/2021")
    code = code_of(asked)
    assert refused(another(world), lambda tx: commands.confirm_accompaniment(tx, asked, code)).status == 404
    with transaction(SYSTEM) as tx:
        now = tx.now
    with arriving(at=now + timedelta(minutes=11)):
        late = refused(world.agent, lambda tx: commands.confirm_accompaniment(tx, asked, code))
    assert late.code == "accompaniment_code_expired"
    for _ in range(5):
        assert confirm(world.agent, asked, "1") is None
    dead = refused(world.agent, lambda tx: commands.confirm_accompaniment(tx, asked, code))
    assert dead.code == "accompaniment_code_expired"


def test_a_register_is_not_gone_through(world: Any) -> None:
    for number in range(10):
        ask(world.agent, f"{number}/1999")
    assert refused(world.agent, lambda _tx: ask(world.agent, "11/1999")).code == "accompaniment_asked_enough"
    assert (
        refused(world.agent, lambda _tx: ask(world.agent, "1/1", THERE)).errors[0].code
        == "province_not_yours"
    )
    assert refused(world.holder, lambda _tx: ask(world.holder, "1/1")).status == 403


def test_the_holders_telephone_is_left_in_peace(world: Any) -> None:
    numbered(world)
    agents = [another(world, f"Agent{i} A") for i in range(4)]
    asked = [ask(agent, "77/2021") for agent in agents]
    with transaction(SYSTEM) as tx:
        known = [tx.session.get_one(Accompaniment, one).organisation_id for one in asked]
    assert [one is None for one in known] == [False, False, False, True]


def test_another_takes_over_by_the_same_agreement(world: Any) -> None:
    made = registered(world, register_number="55/2020")
    second = another(world)
    assert agreed(second, "55/2020") == made
    assert refused(world.agent, lambda tx: queries.organisation(tx, made)).status == 404
    with transaction(second) as tx:
        assert queries.organisation(tx, made).id == made


def test_a_revoked_agent_sees_nothing(world: Any) -> None:
    made = registered(world)
    gone = Actor("person", world.agent.id, "Agent", "fr", frozenset())
    elsewhere_now = Actor("person", world.agent.id, "Agent", "fr", frozenset({Grant("agent", THERE)}))
    for actor in (gone, elsewhere_now):
        assert refused(actor, lambda tx: queries.organisation(tx, made)).status == 404


def test_pages(world: Any, client: Any) -> None:
    numbered(world)
    browser = client("agent")
    assert browser.get("/organisations").status_code == 403
    assert "Numéro au registre" in browser.get("/accompanied/add").text
    empty = browser.post("/accompanied/add", data={"province_code": HERE, "register_number": ""})
    assert empty.status_code == 422
    answer = browser.post(
        "/accompanied/add",
        data={"province_code": HERE, "register_number": "77/2021"},
        follow_redirects=False,
    )
    place = answer.headers["location"]
    assert "Le porteur vous lit son code" in browser.get(place).text
    assert browser.post(place, data={"code": "12"}).status_code == 409
    code = code_of(UUID(place.rsplit("/", 1)[1]))
    done = browser.post(place, data={"code": code})
    assert "Le porteur a donné son accord" in done.text
    assert "Tifaout" in done.text
    assert browser.get(place, follow_redirects=False).headers["location"] == "/accompanied"
    assert client("holder").get("/accompanied/add").status_code == 403


def test_api(world: Any, client: Any) -> None:
    numbered(world)
    browser = client("agent")
    asked = browser.post(
        "/api/v1/accompaniments", json={"province_code": HERE, "register_number": "77/2021"}
    ).json()
    assert asked["organisation_id"] is None
    path = f"/api/v1/accompaniments/{asked['id']}/confirm"
    assert browser.post(path, json={"code": "1"}).json()["code"] == "accompaniment_code_wrong"
    done = browser.post(path, json={"code": code_of(UUID(asked["id"]))}).json()
    assert done["organisation_id"] == str(world.tifaout)
    assert len(browser.get("/api/v1/accompaniments").json()["items"]) == 1


def test_an_organisation_without_register_number_is_found_by_its_ice(world: Any) -> None:
    numbered(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        organisation = tx.session.get_one(Organisation, world.tifaout)
        organisation.register_number, organisation.ice = None, "001525713000017"
    assert agreed(world.agent, "001 525 713 000 017") == world.tifaout
