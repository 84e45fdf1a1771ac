"""The embedded servers: made once, refused when they cannot be used, reached by the right roles."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from backend.ops import paths, postgres, processes
from backend.ops.paths import private_directory, socket_directory
from backend.ops.postgres import Postgres, major_version
from backend.ops.refusal import Refusal
from backend.ops.stack import embedded_stack
from backend.ops.store import Store, client_url
from backend.ops.supervisor import Supervisor


@pytest.fixture(scope="module")
def stack():
    with embedded_stack(mail=True) as running:
        yield running


def connect(url):
    return psycopg.connect(url.replace("+psycopg", ""))


def test_roles_are_the_application_s_and_the_owner_s(stack):
    with connect(stack.migration_database_url) as owner:
        owner.execute("CREATE TABLE kept (i int)")
        owner.execute("GRANT SELECT ON kept TO indh_app")
        owner.execute("GRANT indh_app TO CURRENT_USER")  # as migrations do
        owner.execute("SET ROLE indh_app")
    with connect(stack.database_url) as app:
        assert app.execute("SELECT current_user").fetchone() == ("indh_app",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM kept")


def test_owner_clones_databases_and_installs_extensions(stack):
    with connect(stack.migration_database_url.replace("/indh?", "/postgres?")) as owner:
        owner.autocommit = True
        owner.execute("CREATE DATABASE clone TEMPLATE indh")
    with connect(stack.migration_database_url.replace("/indh?", "/clone?")) as clone:
        for extension in ("pg_trgm", "unaccent", "btree_gist", "citext"):
            clone.execute(f"CREATE EXTENSION {extension}")


def test_collation_is_the_same_on_every_machine(stack):
    with connect(stack.admin_url) as admin:
        row = admin.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'indh'"
        ).fetchone()
        assert row == ("b", "C.UTF-8")
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)
        assert admin.execute("SELECT lower('ÉTÉ')").fetchone() == ("été",)


def test_sockets_are_for_their_owner_alone(stack):
    assert (stack.directory / "run").stat().st_mode & 0o077 == 0


def test_environment_names_every_server(stack):
    assert set(stack.env()) == {
        "DATABASE_URL",
        "MIGRATION_DATABASE_URL",
        "REDIS_URL",
        "FILES_URL",
        "SMTP_URL",
        "INDH_MAIL_DIR",
    }


def test_celery_and_redis_py_reach_the_store(stack):
    import redis
    from kombu import Connection

    with Connection(stack.redis_url) as connection:
        connection.ensure_connection(max_retries=1)
    with redis.from_url(client_url(stack.redis_url)) as client:
        assert client.ping()
    assert client_url("redis://store:6379/0") == "redis://store:6379/0"


def test_store_that_is_away_is_not_ready(tmp_path):
    assert not Store(tmp_path, tmp_path).ready()


def test_data_survives_a_restart_and_nothing_is_left(tmp_path):
    with embedded_stack(tmp_path, durable=True) as first, connect(first.migration_database_url) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS i")
        pid = first.supervisor.pid("PostgreSQL")
    assert not Path(f"/proc/{pid}").exists()
    database = Postgres(tmp_path / "postgres", tmp_path / "run")
    assert not database.running()
    assert not database.ready()
    with embedded_stack(tmp_path) as second, connect(second.migration_database_url) as owner:
        assert owner.execute("SELECT i FROM kept").fetchone() == (1,)
        assert Postgres(tmp_path / "postgres", tmp_path / "run").running()
    assert second.env().keys() == {"DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "FILES_URL"}


def test_stale_pid_file_of_a_power_cut_does_not_count_as_running(tmp_path):
    other = subprocess.Popen(["sleep", "60"])  # whatever got the number since, even if it speaks of postgres
    editor = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "postgres.conf"])
    database = Postgres(tmp_path, tmp_path)
    for process in (other, editor):
        (tmp_path / "postmaster.pid").write_text(f"{process.pid}\n{tmp_path}\n0\n0\n\n\n\nready\n")
        running = database.running()
        process.kill()
        process.wait()
        assert not running
    gone = subprocess.Popen(["true"])
    gone.wait()
    (tmp_path / "postmaster.pid").write_text(f"{gone.pid}\n")
    assert not database.running()


def test_pid_file_of_somebody_else_s_process_counts_without_proc(tmp_path, monkeypatch):
    def forbidden(_pid, _signal):
        raise PermissionError

    monkeypatch.setattr(postgres.os, "kill", forbidden)
    (tmp_path / "postmaster.pid").write_text("999999999\n")
    assert Postgres(tmp_path, tmp_path).running()


def test_directory_of_another_version_is_refused(tmp_path):
    (tmp_path / "PG_VERSION").write_text("15\n")
    with pytest.raises(Refusal, match=f"made by PostgreSQL 15 and this is {major_version()}"):
        Postgres(tmp_path, tmp_path).initialise(tmp_path / "log")


def test_directory_of_something_else_is_refused(tmp_path):
    (tmp_path / "letters").write_text("dear")
    with pytest.raises(Refusal, match="not a PostgreSQL data directory"):
        Postgres(tmp_path, tmp_path).initialise(tmp_path / "log")


def test_failing_initialisation_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "_ROLES", "CREATE NONSENSE;\n\n")
    (tmp_path / "postgres").mkdir()
    database = Postgres(tmp_path / "postgres", tmp_path / "run", durable=False)
    monkeypatch.setattr(postgres, "_binary", lambda _name: "false")
    monkeypatch.setattr(processes, "_unshare", tuple)
    with pytest.raises(Refusal, match="could not be made"):
        database.initialise(tmp_path / "log")
    assert [*(tmp_path / "postgres").iterdir()] == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root changes account")
def test_root_without_namespaces_uses_a_system_account(monkeypatch):
    home = Path(f"/tmp/indh-test-{os.getpid()}")
    monkeypatch.setattr(processes, "_can_unshare", lambda: False)
    home.mkdir(mode=0o755)
    supervisor = Supervisor()
    try:
        run = private_directory(home / "run")
        database = Postgres(home / "postgres", run, durable=False)
        assert database.initialise(home / "log")
        assert database.directory.stat().st_uid != 0
        supervisor.start(database.child(home / "log"))
        supervisor.wait_ready("PostgreSQL")
        with connect(database.url()) as app:
            assert app.execute("SELECT 1").fetchone() == (1,)
    finally:
        supervisor.stop()
        shutil.rmtree(home)


def test_temporary_stack_with_a_long_path_removes_its_sockets_too(monkeypatch, tmp_path):
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    monkeypatch.setattr("tempfile.mkdtemp", lambda **_how: str(deep))
    with embedded_stack() as running:
        run = Path(client_url(running.redis_url).removeprefix("unix://")).parent
        assert run.exists()
    assert not run.exists()
    assert not deep.exists()


def test_machine_without_a_build_is_told_of_the_variables(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(Refusal, match="DATABASE_URL"):
        postgres._binary("postgres")
    with pytest.raises(Refusal, match="REDIS_URL"):
        Store(tmp_path, tmp_path).child(tmp_path / "log")


def test_long_path_gets_short_sockets(tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    near = socket_directory(deep)
    assert len(str(near)) < 80
    assert near == socket_directory(deep)
    near.rmdir()
    monkeypatch.setattr(paths, "_LONGEST_SOCKET_PATH", 5)
    with pytest.raises(Refusal, match="too long a path"):
        socket_directory(deep)


def test_directory_of_another_user_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    with pytest.raises(Refusal, match="belongs to another user"):
        private_directory(tmp_path)


def test_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match="cannot be used"):
        private_directory(tmp_path / "file")
