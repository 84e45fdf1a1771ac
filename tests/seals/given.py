"""Sealed events, their check, and the hand of somebody who may do anything to the database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from sqlalchemy import Connection, NullPool, create_engine, event, select

from backend.core import commitments, db, merkle, seals
from backend.core.actor import SYSTEM
from backend.core.config import settings
from backend.core.seals import LastSeal, Seal
from backend.core.tx import transaction
from backend.ops.postgres import ADMIN, OWNER
from backend.ops.verify import check
from backend.seals.trail import Counted, Published

_names = count()


def made_up() -> dict[str, Any]:
    """A proof that holds together, of a seal that is nobody's."""
    what = {
        "id": "00000000-0000-7000-8000-000000000001",
        "at": "2026-03-10T16:30:00.000000Z",
        "name": "decision.adopted",
        "subject_type": "decision",
        "subject_id": "00000000-0000-7000-8000-000000000002",
        "province_code": "09.001",
    }
    shown = [["00" * 16, "event", what], ["11" * 16, "data.outcome", "funded"]]
    hidden = ["22" * 32]
    digests = [*(commitments.part_digest(*one) for one in shown), bytes.fromhex(hidden[0])]
    nodes = [merkle.leaf_hash(b"0"), commitments.leaf(digests), merkle.leaf_hash(b"2")]
    seal: dict[str, Any] = {
        "number": 7,
        "at": "2026-03-10T17:00:00.000000Z",
        "count": 3,
        "previous": "33" * 32,
    }
    seal["events_root"] = merkle.root(nodes).hex()
    return {
        "format": "indh-proof-1",
        "event": {"shown": shown, "hidden": hidden},
        "leaf": {"index": 1, "path": [one.hex() for one in merkle.path(nodes, 1)]},
        "seal": seal | {"root": commitments.seal_root(**seal)},
        "record": None,
    }


@contextmanager
def database_of_its_own(template: str | None = None) -> Iterator[str]:
    """Real commits in a copy of the template, or of another database that nobody is in; its name."""
    name = f"seals_{os.getpid()}_{next(_names)}"
    owner, app = os.environ["TEST_OWNER_URL"], os.environ["TEST_APP_URL"]
    kept = {key: os.environ[key] for key in ("DATABASE_URL", "MIGRATION_DATABASE_URL")}
    source = template or urlsplit(owner).path.lstrip("/")
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    os.environ["DATABASE_URL"], os.environ["MIGRATION_DATABASE_URL"] = (
        _at(app, name),
        _at(owner, name),
    )
    settings.cache_clear()
    engine = create_engine(settings().database_url, poolclass=NullPool)
    event.listen(engine, "connect", db.become_app)
    before, db.bind = db.bind, lambda: engine
    try:
        yield name
    finally:
        db.bind = before
        engine.dispose()
        os.environ.update(kept)
        settings.cache_clear()
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _at(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url.replace("+psycopg", ""))._replace(path=f"/{name}"))


def _administer(statement: str) -> None:
    with psycopg.connect(_at(os.environ["TEST_OWNER_URL"], "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def sealed() -> LastSeal | None:
    """Seal all that is new, as the hourly job does."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        return seals.seal_now(tx)


def roots() -> list[str]:
    """The roots of all seals, in their order."""
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(Seal.root).order_by(Seal.number)))


def found(
    published: Published | None = None, counted: Counted | None = None
) -> list[tuple[str, dict[str, Any]]]:
    """What the check of the database finds: (code, parameters)."""
    where, counted = db.bind(), counted or Counted()
    with nullcontext(where) if isinstance(where, Connection) else where.connect() as connection:
        return [(one.code, dict(one.params)) for one in check(connection, counted, published)]


def superuser() -> str:
    """The address of the database for one whom nothing stops."""
    url = os.environ["MIGRATION_DATABASE_URL"].replace("+psycopg", "")
    return url.replace(f"//{OWNER}@", f"//{ADMIN}@")


def tamper(*statements: str, **params: Any) -> None:
    """As a superuser, past every trigger, grant and foreign key."""
    with psycopg.connect(superuser()) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode(), params if "%(" in statement else None)


def asked(statement: str, **params: Any) -> Any:
    """One value, as a superuser reads it."""
    with psycopg.connect(superuser()) as connection:
        row = connection.execute(statement.encode(), params if "%(" in statement else None).fetchone()
        return row[0] if row else None
