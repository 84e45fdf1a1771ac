"""Rows held against what their events say: what agrees, and what a check says in words."""

import json
from typing import Any

import pytest

from backend.committees import commands as committees
from backend.committees.models import Presence
from backend.core.facts import FACTS, fact
from backend.core.tx import transaction
from backend.ops import verify
from backend.seals import proof
from backend.seals.proof import Fault
from backend.seals.words import facts, sentence
from tests import world as cast
from tests.applications import given as applications
from tests.committees import given as meeting
from tests.decisions import given as decisions
from tests.seals.given import asked, found, made_up, sealed, tamper


def test_a_roll_taken_again_while_members_come_and_go(world: Any) -> None:
    session = meeting.open_session(world)
    late = world.seats["third"]
    for presence in (Presence.ABSENT, Presence.PRESENT, Presence.EXCUSED):
        roll = meeting.everyone(world) | {late: presence}
        with transaction(world.officer) as tx:
            committees.take_attendance(tx, session.id, roll, None)
    sealed()
    assert found() == []


def test_everything_that_a_session_does(world: Any) -> None:
    decisions.adopted(world)
    with transaction(world.officer) as tx:
        committees.close_session(tx, world.session)
    sealed()
    assert found() == []


def test_said_a_second_time(committed: str) -> None:
    """A second event about the same deposit, slipped in at the end, does not replace the first."""
    applications.submitted(cast.build())
    tamper(
        "INSERT INTO event (id, at, name, subject_type, subject_id, actor_name, request_id, data)"
        " SELECT gen_random_uuid(), at, name, subject_type, subject_id, '', '', data || '{\"sha256\": \"x\"}'"
        " FROM event WHERE name = 'application.submitted'",
        "UPDATE event SET data = data || '{\"counts_at\": \"late\"}' WHERE name = 'application.submitted'",
    )
    sealed()
    faults = found()
    assert {code for code, _ in faults} == {"row_repeated", "row_differs"}
    assert {one.get("key") for code, one in faults if code == "row_differs"} == {"counts_at"}


def test_what_waits_and_what_was_erased_is_counted(committed: str, capsys: Any) -> None:
    world = cast.build()
    applications.submitted(world)
    sealed()
    seq = asked("SELECT max(seq) FROM event")
    meeting.session(world)
    tamper(
        "UPDATE person SET erased_at = now() WHERE id = (SELECT actor_id FROM event WHERE seq = %(s)s)",
        "UPDATE event SET actor_name = '•' WHERE seq = %(s)s",
        "UPDATE sealed_event SET name_salt = NULL WHERE event_seq = %(s)s",
        "INSERT INTO event (id, at, name, subject_type, subject_id, actor_name, request_id, data)"
        " SELECT gen_random_uuid(), now(), 'person.erased', 'person', actor_id, '•', '', '{}'"
        " FROM event WHERE seq = %(s)s",
        s=seq,
    )
    assert verify.main([]) == 0
    said = capsys.readouterr().out
    assert "1 nom effacé" in said
    assert "événements attendent" in said


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        fact(FACTS["decision"])


def test_odd_values_are_written_as_they_are() -> None:
    params = {"named": "N", "kind": "x", "key": "y", "seq": 1, "said": 2, "found": None}
    assert "« y » est None" in sentence(Fault("row_differs", params), "fr").replace("\u00a0", " ")
    odd: Any = made_up()
    odd["event"]["shown"][0][2] |= {"at": None, "name": 3}
    verdict = proof.verify(json.dumps(odd))
    said = {"amount_centimes": "x", "counts_at": 5}
    shown = dict(facts(proof.Verdict((), verdict.event, said, seal=verdict.seal), "fr"))
    assert (shown["Le"], shown["Montant"], shown["Reçu le"]) == ("None", "x", "5")
