"""`./indh call amend`: the next version of a published call, from its file."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from backend.calls import queries
from backend.calls.cli import main
from backend.core import jobs as kernel
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.applications import given as applications
from tests.calls import given

WHY = ("--reason-fr", "Erreur de saisie.", "--reason-ar", "خطأ في الكتابة.")


def written(folder: Path, **overrides: Any) -> str:
    path = folder / "call.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(given.body(**overrides), file)
    return str(path)


def test_amend_publishes_the_next_version_and_tells_everybody(
    world: Any, capsys: Any, tmp_path: Path
) -> None:
    call = given.published(world)
    applications.draft(world, call)
    assert main(["amend", written(tmp_path, appeal_days=45), "--kind", "erratum", *WHY]) == 0
    out = capsys.readouterr().out
    assert "version 2" in out
    assert "30 jours → 45 jours" in out
    with transaction(SYSTEM) as tx:
        assert queries.definition(queries.by_code(tx, call.code)).appeal_days == 45
    assert kernel.drain() >= 1
    with transaction(SYSTEM) as tx:
        from sqlalchemy import select

        from backend.notifications.models import Message

        told = tx.session.scalars(select(Message.template)).all()
    assert "call.amended.erratum" in told


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_an_unfair_amendment_names_its_fields(world: Any, capsys: Any, tmp_path: Path, lang: str) -> None:
    call = given.published(world)
    path = written(tmp_path, closes_at=call.closes_at.replace(minute=0, hour=0))
    assert main(["amend", path, "--kind", "extension", *WHY, "--lang", lang]) == 1
    error = capsys.readouterr().err
    assert "[closes_at]" in error
    assert "{" not in error


def test_what_the_operator_forgets(world: Any, capsys: Any, tmp_path: Path, monkeypatch: Any) -> None:
    path = written(tmp_path, code="nowhere")
    assert main(["amend", path, "--kind", "erratum", *WHY]) == 1
    for missing in (["amend", path, "--kind", "erratum"], ["amend", path, *WHY]):
        with pytest.raises(SystemExit) as stop:
            main(missing)
        assert stop.value.code == 2
    monkeypatch.delenv("DATABASE_URL")
    assert main(["amend", path, "--kind", "erratum", *WHY]) == 2
    assert "DATABASE_URL" in capsys.readouterr().err
