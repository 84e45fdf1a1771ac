"""Every invariant is a query that runs, holds on the named cast, and notices what breaks it."""

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from backend.core.config import settings
from backend.ops import check
from backend.ops.refusal import Refusal
from tests.world import build


def test_all_hold_on_a_fresh_province(committed: str, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    assert check.main([]) == 0
    assert capsys.readouterr().out.count("✓") == len(check.INVARIANTS)


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
