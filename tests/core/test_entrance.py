"""She who is found goes on in the transaction in which she was found; nobody else does."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from backend.core import db
from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.audit import RowChange
from backend.core.entrance import entering, entrance
from backend.core.tx import transaction
from backend.people.authentication import COOKIE, identify, new_secret
from backend.people.models import Person, SignIn

WHO = "SELECT current_setting('indh.actor', true), txid_current()"


class Request:
    """What `identify` reads of a request."""

    def __init__(self, secret: str) -> None:
        self.cookies = {COOKIE: secret}
        self.headers: dict[str, str] = {}


@pytest.fixture
def secret(committed: str) -> str:
    """Of somebody who is signed in, for good."""
    secret, kept = new_secret()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        now = datetime.now(UTC)
        person = Person(name="Aïcha", language="ar", email=f"{uuid4()}@example.org", created_at=now)
        tx.session.add(person)
        tx.session.flush()
        tx.session.add(
            SignIn(person_id=person.id, token_hash=kept, created_at=now, expires_at=now + timedelta(hours=1))
        )
    return secret


def _taken() -> int:
    pool: Any = db.bind()
    return int(pool.pool.checkedout())


def test_the_first_transaction_of_hers_goes_on_and_the_second_is_its_own(secret: str) -> None:
    with entering():
        actor = identify(Request(secret))
        assert _taken() == 1
        with transaction(actor) as tx:
            first = tx.session.execute(text(WHO)).one()
            assert _taken() == 1
        with transaction(actor) as tx:
            second = tx.session.execute(text(WHO)).one()
    assert (actor.name, actor.language) == ("Aïcha", "ar")
    assert first[0] == second[0] == str(actor.id)
    assert first[1] != second[1]
    assert _taken() == 0


def test_another_actor_gets_one_of_her_own_and_the_waiting_one_is_given_back(secret: str) -> None:
    with entering():
        actor = identify(Request(secret))
        with transaction(SYSTEM) as tx:
            assert tx.session.execute(text(WHO)).one()[0] == "system"
            assert _taken() == 1
        with transaction(actor) as tx:
            assert tx.session.execute(text(WHO)).one()[0] == str(actor.id)
    assert _taken() == 0


@pytest.mark.parametrize("how", ["unused", "raised", "unknown", "twice"])
def test_what_nobody_takes_is_given_back(secret: str, how: str) -> None:
    with suppress(LookupError), entering():
        found = identify(Request("x" * 43 if how == "unknown" else secret))
        assert (found is ANONYMOUS) == (how == "unknown")
        assert _taken() == (0 if how == "unknown" else 1)
        if how == "twice":
            identify(Request(secret))
            assert _taken() == 1
        if how == "raised":
            raise LookupError(how)
    assert _taken() == 0
    assert entrance() is None


def test_what_she_writes_bears_her_name_and_a_failure_leaves_nothing(secret: str) -> None:
    def renamed(name: str) -> None:
        with entering():
            actor = identify(Request(secret))
            with transaction(actor) as tx:
                tx.allowed = tx.recorded = True
                tx.session.get_one(Person, actor.id).name = name
                tx.session.flush()
                if name == "failed":
                    raise LookupError(name)

    renamed("Aïcha B.")
    with pytest.raises(LookupError):
        renamed("failed")
    with transaction(SYSTEM) as tx:
        rows = (
            tx.session.query(RowChange).filter(RowChange.table_name == "person").order_by(RowChange.id).all()
        )
    assert [(row.new or {}).get("name") for row in rows] == ["Aïcha", "Aïcha B."]
    assert rows[-1].actor == rows[-1].row_id


def test_a_session_that_ended_is_nobody_s_at_once(secret: str) -> None:
    with entering():
        assert identify(Request(secret)).is_authenticated
    with transaction(SYSTEM) as tx:
        tx.session.execute(text("UPDATE sign_in SET ended_at = now()"))
        tx.allowed = tx.recorded = True
    with entering():
        assert identify(Request(secret)) is ANONYMOUS


def test_threads_have_nothing_of_each_other(secret: str) -> None:
    seen: list[Any] = []
    with entering():
        identify(Request(secret))
        other = threading.Thread(target=lambda: seen.append(entrance()))
        other.start()
        other.join()
    assert seen == [None]
