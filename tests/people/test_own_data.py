"""One's own data: all of it to take away; erased when nobody depends on one; kept where the law keeps it."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select, text

from backend.core.actor import SYSTEM
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people import commands, own_data
from backend.people.commands.erasure import ERASED_NAME
from backend.people.holdings import blockers
from backend.people.models import AccessToken, Person, Representative, RoleGrant, SignIn
from backend.people.schemas import EraseIn, OrganisationPatch, TokenIn
from tests.people import given
from tests.people.given import PASSWORD
from tests.people.test_organisations import last_event, refused
from tests.world import browser

HTML = {"accept": "text/html"}


@pytest.fixture
def amina(world):
    """A holder with an account of her own, known to the world as `amina`."""
    from backend.core.actor import Actor, Grant

    key = given.registered()
    world.people["amina"] = Actor("person", key, "Amina Aït Lahcen", "fr", frozenset({Grant("holder", None)}))
    return world.people["amina"]


def test_everything_is_given(client, world, amina):
    made = given.organisation(amina)
    with transaction(amina) as tx:
        commands.edit_organisation(tx, made, OrganisationPatch(phone="0612345678"))
        commands.create_token(tx, TokenIn(name="tableur", scopes=["*.read"]))
    answer = browser(world, "amina").post("/api/v1/me/export")
    held = answer.json()
    assert held["account"][0]["email"] == "amina@exemple.ma"
    assert [row["role"] for row in held["roles"]] == ["role.holder"]
    assert held["representations"][0]["organisation"]["fr"] == "Coopérative Tamount"
    assert held["tokens"][0]["name"] == "tableur"
    assert len(held["sign_ins"]) == 1
    assert {"event.organisation.created", "event.organisation.edited"} <= {e["event"] for e in held["events"]}
    assert {"dossiers", "messages", "interests"} <= set(held)
    for secret in ("token_hash", "password", "$argon2"):
        assert secret not in answer.text
    assert last_event("person.exported").subject_id == amina.id


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_page_and_the_two_files(world, amina, lang):
    given.organisation(amina)
    visitor = browser(world, "amina")
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get(Person, amina.id).language = lang
    assert "/me/data" in visitor.get("/me", headers=HTML).text
    assert visitor.get("/me/data", headers=HTML).status_code == 200
    answer = visitor.post("/me/data/export.zip", headers=HTML)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        held = json.loads(archive.read("mes-donnees.json"))
        page = archive.read("mes-donnees.html").decode()
    assert held["account"][0]["name"] == "Amina Aït Lahcen"
    assert {"fr": "Votre compte", "ar": "حسابكم"}[lang] in page
    assert {"fr": "Porteur", "ar": "حامل"}[lang] in page
    assert "role.holder" not in page


def test_an_erased_person_is_nobody_any_more(world, amina):
    made = given.organisation(amina)
    with transaction(amina) as tx:
        commands.create_token(tx, TokenIn(name="tableur", scopes=["*"]))
    visitor = browser(world, "amina")
    wrong = visitor.post("/me/data/erase", data={"password": "autre"}, headers=HTML)
    assert (wrong.status_code, "Ce n’est pas votre mot de passe." in wrong.text) == (422, True)
    done = visitor.post("/me/data/erase", data={"password": PASSWORD}, headers=HTML, follow_redirects=False)
    assert done.status_code == 303
    assert visitor.get("/api/v1/me").status_code == 401
    with transaction(SYSTEM) as tx:
        row = tx.session.execute(
            select(Person.name, Person.email, Person.phone, Person.password_hash, Person.active).where(
                Person.id == amina.id
            )
        ).one()
        assert tuple(row) == (ERASED_NAME, None, None, None, False)
        for model, column in (
            (SignIn, SignIn.ended_at), (AccessToken, AccessToken.revoked_at),
            (RoleGrant, RoleGrant.revoked_at), (Representative, Representative.until),
        ):  # fmt: skip
            theirs = select(column).where(model.person_id == amina.id)
            assert None not in tx.session.scalars(theirs).all()
        event = tx.session.scalars(select(Event).where(Event.name == "person.erased")).one()
        assert (event.actor_name, event.data) == (ERASED_NAME, {})
        assert tx.session.scalar(text("SELECT name FROM organisation WHERE id = :id"), {"id": made})
    assert given.registered("amina@exemple.ma") != amina.id  # the address is free again


def test_it_needs_the_password_and_is_limited(world, amina):
    for _ in range(5):
        asked = refused(lambda tx: commands.erase_me(tx, EraseIn(password="x")), amina)
        assert asked.errors[0].code == "wrong_password"
    assert refused(lambda tx: commands.erase_me(tx, EraseIn(password="x")), amina).status == 429
    nobody = refused(lambda tx: commands.erase_me(tx, EraseIn(password="x")), world.holder)
    assert nobody.errors[0].code == "wrong_password"  # an account without a password is never erased so


def test_the_last_administrator_stays(world):
    with transaction(world.administrator) as tx:
        person = tx.session.get(Person, world.administrator.id)
        assert [one.code for one in blockers(tx, person)] == ["erasure.last_administrator"]
    given.person("autre@exemple.ma", grants=[{"role": "administrator"}])
    with transaction(world.administrator) as tx:
        assert blockers(tx, tx.session.get(Person, world.administrator.id)) == []


def test_somebody_depends_on_her(world, amina):
    from tests.applications import given as dossiers

    dossier = dossiers.submitted(world)
    with transaction(SYSTEM) as tx:
        holder = tx.session.get(Person, world.holder.id)
        (reason,) = blockers(tx, holder)
        assert (reason.code, reason.path) == ("erasure.live_dossier", f"/applications/{dossier.id}")
        tx.allowed = tx.recorded = True
        tx.session.add(Representative(organisation_id=world.tifaout, person_id=amina.id, since=tx.now))
        tx.session.flush()
        assert blockers(tx, holder) == []
        hers = tx.session.scalars(select(Representative).where(Representative.person_id == amina.id)).one()
        hers.until = tx.now
        holder.password_hash = tx.session.scalar(select(Person.password_hash).where(Person.id == amina.id))
    blocked = refused(lambda tx: commands.erase_me(tx, EraseIn(password=PASSWORD)), world.holder)
    assert (blocked.code, blocked.params) == ("erasure_blocked", {"reasons": ["erasure.live_dossier"]})
    page = browser(world, "holder").get("/me/data", headers=HTML).text
    assert reason.of in page
    assert 'name="password"' not in page


def test_only_hers_is_hers_alone(world):
    with transaction(SYSTEM) as tx:
        person = tx.session.get(Person, world.holder.id)
        assert tx.session.scalars(select(own_data.only_hers(person))).all() == [world.tifaout]
