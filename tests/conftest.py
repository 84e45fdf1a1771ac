"""A real PostgreSQL and a real store for the whole run; a database of its own for each worker process.

The controller starts the stack, migrates one template and loads the reference data; each worker clones it.
A test runs inside one open connection whose outer transaction is rolled back: what it "commits" is a
savepoint. Tests that ask for the cast (`world`) do so on a second clone, where it was committed once.
Tests that need real commits (concurrency, jobs, processes) take `committed`, a clone dropped after them.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any

import coverage
import hypothesis
import psycopg
import pytest
from sqlalchemy import Connection, create_engine

TEMPLATE = "indh"
_stack = ExitStack()
_names = count()


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of a property
    hypothesis.settings.load_profile("untimed")
    if hasattr(config, "workerinput"):
        return
    from backend.ops.stack import embedded_stack

    os.environ["SECRET_KEY"] = "a-secret-for-tests-only"
    os.environ["INDH_DEMO"] = "1"
    if "DATABASE_URL" not in os.environ:
        stack = _stack.enter_context(embedded_stack(mail=False))
        os.environ.update(stack.env())
    os.environ["FILES_URL"] = "memory:"
    os.environ["TEST_OWNER_URL"] = os.environ.get("MIGRATION_DATABASE_URL") or os.environ["DATABASE_URL"]
    os.environ["TEST_APP_URL"] = os.environ["DATABASE_URL"]
    _prepare_template()


def pytest_sessionfinish() -> None:
    """Keep what coverage measured: a worker process that is slow to end is killed by the controller."""
    if running := coverage.Coverage.current():
        running.save()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _stack.close()


def _prepare_template() -> None:
    from backend.ops.migrate import migrate

    migrate(os.environ["TEST_OWNER_URL"])
    from backend.app import load
    from backend.core import db
    from backend.core.actor import SYSTEM
    from backend.core.tx import transaction
    from backend.territory.commands import load_reference

    load("jobs")
    with transaction(SYSTEM) as tx:
        load_reference(tx)
    db.engine().dispose()
    db.engine.cache_clear()


def _with_database(url: str, name: str) -> str:
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(url.replace("+psycopg", ""))
    return urlunsplit(parts._replace(path=f"/{name}"))


def _administer(*statements: str) -> None:
    with psycopg.connect(
        _with_database(os.environ["TEST_OWNER_URL"], "postgres"), autocommit=True
    ) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _clone(name: str) -> str:
    """A copy of the template for the application's role; returns its URL."""
    _administer(
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{_template()}"'
    )
    return _with_database(os.environ["TEST_APP_URL"], name)


def _template() -> str:
    from urllib.parse import urlsplit

    return urlsplit(os.environ["TEST_OWNER_URL"]).path.lstrip("/") or TEMPLATE


def _drop(name: str) -> None:
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def worker_database(worker_id: str) -> Iterator[str]:
    """The URL of this worker process's own database."""
    from backend.app import load
    from backend.core.config import settings

    name = f"test_{worker_id}_{os.getpid()}"
    os.environ["DATABASE_URL"] = _clone(name)
    os.environ["MIGRATION_DATABASE_URL"] = _with_database(os.environ["TEST_OWNER_URL"], name)
    settings.cache_clear()
    load("jobs")
    _collect_seldom()
    yield os.environ["DATABASE_URL"]
    _drop(name)


def _collect_seldom() -> None:
    """The application never goes away, and looking through it for garbage takes a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def session_connection(worker_database: str) -> Iterator[Connection]:
    from backend.core import db

    with db.engine().connect() as connection:
        yield connection
    db.engine().dispose()
    db.engine.cache_clear()


@contextmanager
def beside(name: str) -> Iterator[Connection]:
    """A connection to one more clone of this worker's, for what is made once and stands for many tests."""
    from backend.core import db
    from backend.core.config import settings

    name = f"{name}_{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", _clone(name))
        settings.cache_clear()
        engine = db.engine.__wrapped__()  # one like the house's, beside it
    settings.cache_clear()
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    _drop(name)


@contextmanager
def bound(connection: Connection) -> Iterator[None]:
    """The house works in this connection's next transaction, which is committed at the end."""
    from backend.core import db

    with pytest.MonkeyPatch.context() as patch, connection.begin():
        patch.setattr(db, "bind", lambda: connection)
        yield


@pytest.fixture(scope="session")
def settled(worker_database: str) -> Iterator[tuple[Connection, Any]]:
    """A second database of this worker, where the cast stands already: a connection to it, and the cast."""
    from tests.world import build

    with beside("settled") as connection:
        with bound(connection):
            world = build()
        yield connection, world


@pytest.fixture(scope="module")
def unmeasured() -> Iterator[None]:
    """Coverage stands still, here and in what is started: tests that ask once more what others measure.

    Measuring doubles the time of Python before 3.12, where each line of every library is traced.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        running = coverage.Coverage.current()
        if running:
            running.stop()
        yield
        if running:
            running.start()


@pytest.fixture(autouse=True)
def _near(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found by a process of its own is found in this one, but for tests of that: they take `far`."""
    import json
    from importlib import import_module

    from backend.core import apart

    def near(module: str, asked: Any, _longest: float) -> Any:
        return json.loads(json.dumps(import_module(module).answer(json.loads(json.dumps(asked)))))

    if "far" not in request.fixturenames:
        monkeypatch.setattr(apart, "ask", near)


@pytest.fixture
def far() -> None:
    """What runs apart does (`backend.core.apart`); a second of start each."""


@pytest.fixture
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """Everything in this test happens in one transaction that is rolled back."""
    from backend.core import db

    if "world" in request.fixturenames:
        connection = request.getfixturevalue("settled")[0]
    else:
        connection = request.getfixturevalue("session_connection")
    outer = connection.begin()
    monkeypatch.setattr(db, "bind", lambda: connection)
    yield connection
    outer.rollback()


@pytest.fixture
def committed(worker_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of the test's own, with real commits and a real pool; its URL."""
    from backend.core import db
    from backend.core.config import settings

    name = f"committed_{os.getpid()}_{next(_names)}"
    monkeypatch.setenv("DATABASE_URL", _clone(name))
    monkeypatch.setenv("MIGRATION_DATABASE_URL", _with_database(os.environ["TEST_OWNER_URL"], name))
    settings.cache_clear()
    made = create_engine(settings().database_url, pool_size=20)
    from sqlalchemy import event

    event.listen(made, "connect", db.become_app)
    monkeypatch.setattr(db, "bind", lambda: made)
    yield os.environ["DATABASE_URL"]
    made.dispose()
    monkeypatch.undo()
    settings.cache_clear()
    _drop(name)


@pytest.fixture
def statements(database: Connection) -> Any:
    """`with statements() as seen: …` then `len(seen)`: the SQL sent, savepoints apart."""
    from contextlib import contextmanager

    from sqlalchemy import event

    @contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
                seen.append(statement)

        event.listen(database, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(database, "before_cursor_execute", note)

    return watch


@pytest.fixture
def world(database: Connection, settled: tuple[Connection, Any]) -> Any:
    """The named cast; what this test adds to it is rolled back."""
    return settled[1].again()


@pytest.fixture
def client(world: Any) -> Any:
    """`client("officer")` is a browser signed in as that one of the cast; `client(None)` nobody."""
    from tests.world import browser

    return lambda name=None: browser(world, name)
