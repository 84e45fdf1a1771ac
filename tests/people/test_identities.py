"""Numbers of identity cards: sealed, masked, read one at a time with a reason, plain nowhere."""

import logging
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import undefer

from backend.core import secrets
from backend.core.actor import SYSTEM
from backend.core.config import settings
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people import commands, queries
from backend.people.models import Member
from backend.people.schemas import MemberIn, RevealIn
from tests.people.test_organisations import last_event, refused, woman

CIN = "JZ739517"
HTML = {"accept": "text/html"}


def members(world, *rows):
    with transaction(world.holder) as tx:
        commands.replace_members(tx, world.tifaout, list(rows))
        return [member.id for member in queries.organisation(tx, world.tifaout).members]


def kept(member_id):
    with transaction(SYSTEM) as tx:
        asked = select(Member).where(Member.id == member_id)
        return tx.session.scalars(
            asked.options(undefer(Member.identity_number), undefer(Member.identity_digest))
        ).one()


def test_a_number_is_sealed_for_its_member(world):
    (one, other) = members(world, woman("A", identity=CIN), woman("B"))
    row = kept(one)
    assert CIN.encode() not in row.identity_number
    assert secrets.reveal(row.identity_number, str(one)) == CIN
    assert row.identity_digest == secrets.digest(CIN)
    assert kept(other).identity_number is None
    with pytest.raises(secrets.Unreadable):
        secrets.reveal(row.identity_number, str(other))
    with pytest.raises(secrets.Unreadable):
        secrets.reveal(row.identity_number[:-1] + b"x", str(one))
    assert last_event("member.identity_kept").data == {"members": [str(one)], "doubts": []}


def test_who_stays_keeps_her_number(world):
    (one,) = members(world, woman("A", identity=CIN))
    assert members(world, woman("A")) == [one]
    assert secrets.reveal(kept(one).identity_number, str(one)) == CIN
    with transaction(world.officer) as tx:
        organisation = queries.organisation(tx, world.tifaout)
        assert queries.shown_identities(tx, organisation) == {one: ("JZ•••17", False)}


def test_masks_cost_one_statement(world, statements):
    for count in (1, 3):
        members(world, *(woman(f"M{i}", identity=f"AB12345{i}") for i in range(count)))
        with transaction(world.officer) as tx:
            organisation = queries.organisation(tx, world.tifaout)
            with statements() as sql:
                assert len(queries.shown_identities(tx, organisation)) == count
        assert len(sql) == 1


def test_one_card_is_one_member_s(world):
    error = refused(
        lambda tx: commands.replace_members(
            tx, world.tifaout, [woman("A", identity=CIN), woman("B", identity="jz 739517")]
        ),
        world.holder,
    ).errors[0]
    assert (error.field, error.code) == ("members.1.identity", "identity_twice")
    members(world, woman("A", identity="12345678"))
    assert last_event("member.identity_kept").data["doubts"] == ["cin_shape"]


def test_an_officer_of_the_province_reads_it_with_a_reason(world):
    (one,) = members(world, woman("A", identity=CIN))
    why = RevealIn(reason="Contrôle de l’attestation")
    with transaction(world.officer) as tx:
        assert commands.reveal_identity(tx, world.tifaout, one, why) == CIN
    event = last_event("member.identity_read")
    assert event.data == {"member_id": str(one), "reason": "Contrôle de l’attestation"}
    assert (event.actor_id, event.subject_id) == (world.officer.id, world.tifaout)
    with transaction(world.holder) as tx:
        row = queries.organisation(tx, world.tifaout)
        assert [read.id for read in queries.readings(tx, row)] == [event.id]
    for name, status in (("holder", 403), ("auditor", 403), ("stranger", 404), ("coach", 404)):
        asked = refused(lambda tx: commands.reveal_identity(tx, world.tifaout, one, why), world.people[name])
        assert asked.status == status, name
    for wrong in (uuid4(), members(world, woman("A"), woman("B"))[1]):
        asked = refused(
            lambda tx, key=wrong: commands.reveal_identity(tx, world.tifaout, key, why), world.officer
        )
        assert asked.status == 404


def test_the_plain_number_is_nowhere(client, world, caplog):
    caplog.set_level(logging.DEBUG)
    holder, officer = client("holder"), client("officer")
    path = f"/api/v1/organisations/{world.tifaout}"
    sent = {"members": [{"name": "A", "sex": "woman", "birth_year": 1990, "identity": CIN}]}
    said = [
        holder.put(f"{path}/members", json=sent, headers={"if-match": '"1"'}).text,
        holder.put(f"{path}/members", json={"members": [{**sent["members"][0], "x": 1}]}).text,
        holder.put(
            f"{path}/members",
            json={"members": [{**sent["members"][0], "identity": f"{CIN}!!{'9' * 50}"}]},
            headers={"if-match": '"2"'},
        ).text,
        holder.post(
            f"/organisations/{world.tifaout}/members",
            headers=HTML,
            data={"version": "2", "m.name": "", "m.sex": "woman", "m.birth_year": "x", "m.identity": CIN},
        ).text,
        holder.get(path).text, officer.get(path).text, client("auditor").get(path).text,
        officer.get("/api/v1/organisations").text,
        officer.get(f"/organisations/{world.tifaout}", headers=HTML).text,
        client("auditor").get("/audit", headers=HTML).text,
    ]  # fmt: skip
    assert '"identity":"JZ•••17"' in said[0]
    member_id = holder.get(path).json()["members"][0]["id"]
    shown = officer.post(f"{path}/members/{member_id}/identity", json={"reason": "Contrôle"})
    assert shown.json() == {"identity": CIN}
    page = officer.post(
        f"/organisations/{world.tifaout}/members/{member_id}/identity", data={"reason": "x"}, headers=HTML
    )
    assert CIN in page.text
    assert page.headers["cache-control"] == "no-store"
    said.append(holder.get(f"/organisations/{world.tifaout}", headers=HTML).text)
    assert "Qui a lu un numéro" in said[-1]
    empty = officer.post(
        f"/organisations/{world.tifaout}/members/{member_id}/identity", data={"reason": " "}, headers=HTML
    )
    assert empty.status_code == 422
    said.append(empty.text)
    with transaction(SYSTEM) as tx:
        tables = tx.session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'commune'")
        ).all()
        for table in tables:
            said += [str(row) for row in tx.session.scalars(text(f'SELECT t::text FROM "{table}" t'))]
    said.append(caplog.text)
    assert not [line[:200] for line in said if CIN in line]


def test_a_key_that_changes_opens_what_was_kept(world, monkeypatch):
    from dataclasses import replace

    first, second = "k" * 32, "n" * 40

    def use(key):
        made = replace(settings(), data_key=key)
        monkeypatch.setattr(secrets, "settings", lambda: made)

    use(first)
    sealed, digest = secrets.seal(CIN, "a"), secrets.digest(CIN)
    use(f"2:{second},1:{first}")
    assert secrets.reveal(sealed, "a") == CIN
    assert secrets.digest(CIN) == digest
    assert secrets.seal(CIN, "a")[0] == 2
    use(f"2:{second}")
    with pytest.raises(secrets.Unreadable):
        secrets.reveal(sealed, "a")
    with pytest.raises(secrets.Unreadable):
        secrets.reveal(b"", "a")
    for wrong in ("", "short", f"0:{first}", f"x:{first}", f"256:{first}"):
        made = replace(settings(), data_key=wrong, demo=False, secret_key="")
        monkeypatch.setattr(secrets, "settings", lambda made=made: made)
        with pytest.raises(Problem) as missing:
            secrets.seal(CIN, "a")
        assert missing.value.code == "data_key_missing"


def test_a_number_whose_key_is_gone_is_a_dash(world, monkeypatch):
    from dataclasses import replace

    (one,) = members(world, woman("A", identity=CIN))
    made = replace(settings(), data_key="9:" + "z" * 32)
    monkeypatch.setattr(secrets, "settings", lambda: made)
    with transaction(world.officer) as tx:
        organisation = queries.organisation(tx, world.tifaout)
        assert queries.shown_identities(tx, organisation) == {one: ("•••", False)}


def test_a_number_is_never_in_a_dump_of_the_schema():
    given = MemberIn(name="A", sex="woman", birth_year=1990, identity=CIN)
    assert CIN not in str(given) + repr(given) + given.model_dump_json()


def test_events_of_reading_cannot_be_rewritten(world):
    (one,) = members(world, woman("A", identity=CIN))
    with transaction(world.officer) as tx:
        commands.reveal_identity(tx, world.tifaout, one, RevealIn(reason="x"))
        rewrites = text("SELECT has_table_privilege('indh_app', 'event', 'UPDATE, DELETE')")
        assert not tx.session.scalar(rewrites)
        assert tx.session.scalars(select(Event).where(Event.name == "member.identity_read")).all()
