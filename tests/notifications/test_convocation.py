"""A convocation reaches the seats and their alternates, with its paper and its calendar file."""

from typing import Any

from backend.committees import sessions
from backend.core import jobs
from backend.core.tx import transaction
from tests.committees import given
from tests.committees.test_sittings import POINT, alternate

from .conftest import Box


def files(message: Any) -> dict[str, bytes]:
    return {part.get_content_type(): part.get_payload(decode=True) for part in message.iter_attachments()}


def test_it_is_sent_moved_and_called_off(world: Any, box: Box) -> None:
    alternate(world, "second", "coach")
    session = given.session(world, given.later(20))
    with transaction(world.officer) as tx:
        sessions.add_item(tx, session.id, POINT)
        sessions.convene(tx, session.id)
    jobs.drain()
    to = {str(message["To"]).split("<")[-1].rstrip(">") for message in box.messages}
    names = ("chair", "evaluator", "second", "third", "conflicted", "coach")
    assert to == {f"{name}@exemple.test" for name in names}
    found = files(box.messages[0])
    assert found["application/pdf"].startswith(b"%PDF")
    assert b"SEQUENCE:0\r\n" in found["text/calendar"]
    box.raw.clear()
    with transaction(world.officer) as tx:
        sessions.move_session(tx, session.id, given.later(25), "Agadir")
    jobs.drain()
    assert b"SEQUENCE:1\r\n" in files(box.messages[0])["text/calendar"]
    box.raw.clear()
    with transaction(world.officer) as tx:
        sessions.cancel_session(tx, session.id, "Grève")
    jobs.drain()
    assert len(box.messages) == 6
    last = files(box.messages[0])
    assert set(last) == {"text/calendar"}
    assert b"METHOD:CANCEL" in last["text/calendar"]


def test_who_was_not_convened_is_not_told(world: Any, box: Box) -> None:
    session = given.session(world, given.later(20))
    with transaction(world.officer) as tx:
        sessions.cancel_session(tx, session.id, "Grève")
    jobs.drain()
    assert box.messages == []
