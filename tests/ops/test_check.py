"""Every invariant is a query that runs, holds on the named cast, and notices what breaks it."""

import json
import os
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from backend.core.config import settings
from backend.core.tx import transaction
from backend.files import commands, intake, store
from backend.ops import check, check_files
from backend.ops.refusal import Refusal
from tests.files import given as files
from tests.world import build


def test_all_hold_on_a_fresh_province(committed: str, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    assert check.main([]) == 0
    every = len(check.INVARIANTS) + sum(len(kept.SAID) for kept in check.KEPT)
    assert capsys.readouterr().out.count("✓") == every


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    settings.cache_clear()
    with pytest.raises(Refusal, match="no database"):
        check.main(["--data", str(tmp_path / "nothing")])
    assert not (tmp_path / "nothing").exists()
    settings.cache_clear()


def test_a_broken_one_is_named(committed: str, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    owner = create_engine(
        os.environ["MIGRATION_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    )
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE organisation DISABLE TRIGGER row_change"))
    owner.dispose()
    assert check.main(["--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [name for name, rows in found.items() if rows] == ["audited"]
    assert found["audited"] == ["organisation"]
    assert settings().database_url.endswith(committed.rpartition("://")[2])


def test_bytes_that_are_gone_changed_or_unknown_are_named(
    committed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = build()
    monkeypatch.setenv("FILES_URL", "")  # as `./indh up --data` has it
    settings.cache_clear()
    store.forget()
    check_files.locate(tmp_path)
    kept = []
    for pages in (1, 2, 3):
        with intake.joined([files.pdf(pages)]) as whole:
            kept.append(intake.keep(whole, "a.pdf"))
        with transaction(world.holder) as tx:
            commands.register(tx, kept[-1])
    assert check.main(["--data", str(tmp_path)]) == 0
    sound, gone, changed = (store.file_path(one.id) for one in kept)
    store.remove([gone])
    store.write(changed, b"something else")
    stray, chunk = store.file_path(uuid4()), store.chunk_path(uuid4(), 0)
    for path in (stray, chunk):
        store.write(path, b"nobody's")
    capsys.readouterr()
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, 0))
    assert check.main(["--data", str(tmp_path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {name: set(rows) for name, rows in found.items() if rows} == {
        "files-kept": {str(one.id) for one in kept[1:]},
        "files-on-record": {stray},
        "chunks-on-record": {chunk},
    }
    assert sound not in str(found)
    settings.cache_clear()
    store.forget()
