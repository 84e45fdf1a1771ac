"""`./indh verify`, with and without a database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backend.core.actor import ANONYMOUS
from backend.core.tx import transaction
from backend.ops import verify
from backend.ops.paths import ROOT
from backend.seals import queries
from tests import world as cast
from tests.applications import given as applications
from tests.seals.given import asked, made_up, roots, sealed, tamper


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "proof.json"
    made.write_text(json.dumps(made_up()))
    return made


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_proof_from_its_file(file: Path, capsys: Any, lang: str) -> None:
    assert verify.main([str(file), "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert made_up()["seal"]["root"] in said
    assert {"fr": "cette preuve est exacte", "ar": "هذا الدليل صحيح"}[lang] in said
    assert "--root" in said, "it only agrees with itself"
    assert verify.main([str(file), "--lang", lang, "--root", made_up()["seal"]["root"]]) == 0
    assert "--root" not in capsys.readouterr().out


def test_a_proof_that_is_wrong(file: Path, tmp_path: Path, capsys: Any) -> None:
    assert verify.main([str(file), "--root", "00" * 32]) == 1
    assert "n’est pas celle que vous avez donnée" in capsys.readouterr().err
    assert verify.main([str(file), "--root", "00", "--root", "01"]) == 2
    file.write_text("{}")
    assert verify.main([str(file)]) == 2
    assert verify.main([str(tmp_path / "absent.json")]) == 2
    file.write_bytes(b" " * 1_000_001)
    assert verify.main([str(file)]) == 2
    assert "trop gros" in capsys.readouterr().err


def test_offline_it_needs_python_alone(file: Path) -> None:
    """The check itself imports nothing of third parties; the command no database nor web framework."""
    script = "import sys; from backend.seals import proof; assert proof.verify(open(sys.argv[1]).read()).ok"
    check = [sys.executable, "-S", "-c", script, str(file)]
    assert subprocess.run(check, cwd=ROOT, check=False).returncode == 0
    script = (
        "import sys; from backend.ops.verify import main; code = main(sys.argv[1:]);"
        "assert not {'sqlalchemy', 'psycopg', 'pydantic', 'fastapi'} & set(sys.modules);"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_lines_of_the_documentation_check_it_by_hand(file: Path) -> None:
    """The twenty lines of docs/seals.md, as they are printed, say the same as we do."""
    page = (ROOT / "docs" / "seals.md").read_text()
    lines = page.split("```python\n", 1)[1].split("```", 1)[0]
    assert len(lines.strip().splitlines()) <= 25

    def by_hand() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", lines, str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    right = by_hand()
    assert right.returncode == 0, right.stderr
    assert made_up()["seal"]["root"] in right.stdout
    for part, value in (("number", 8), ("events_root", "00" * 32)):
        changed = made_up()
        changed["seal"][part] = value
        file.write_text(json.dumps(changed))
        assert by_hand().returncode != 0


def test_the_database(committed: str, tmp_path: Path, capsys: Any) -> None:
    world = cast.build()
    made = applications.submitted(world)
    sealed()
    assert verify.main([]) == 0
    said = capsys.readouterr().out
    assert "Tout concorde." in said
    assert roots()[-1] in said
    with transaction(ANONYMOUS) as tx:
        listed = tmp_path / "seals.json"
        rows = [one.model_dump() for one in queries.exported(tx)]
        listed.write_text(json.dumps({"format": "indh-seals-1", "seals": rows}))
    assert verify.main(["--seals", str(listed), "--root", roots()[0]]) == 0
    assert verify.main(["--root", "00" * 32]) == 1
    assert "00" * 32 in capsys.readouterr().err
    rows[0]["count"] += 1
    listed.write_text(json.dumps({"format": "indh-seals-1", "seals": rows}))
    assert verify.main(["--seals", str(listed)]) == 2
    listed.write_text("{}")
    assert verify.main(["--seals", str(listed)]) == 2
    assert verify.main(["--seals", str(tmp_path / "absent")]) == 2
    tamper("UPDATE submission SET receipt_code = 'X'")
    tamper("UPDATE event SET at = at - interval '1 day' WHERE name = 'application.submitted'")
    capsys.readouterr()
    assert verify.main([]) == 1
    told = capsys.readouterr().err
    number = asked("SELECT number FROM application WHERE id = %(id)s", id=made.id)
    assert f"{number} / X" in told
    assert "Dossier déposé" in told
    assert verify.main(["--lang", "ar"]) == 1


def test_what_is_found_is_counted_past_two_hundred(committed: str, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(verify, "SHOWN", 2)
    applications.submitted(cast.build())
    sealed()
    tamper("UPDATE event SET request_id = 'x'")
    assert verify.main([]) == 1
    assert "… et " in capsys.readouterr().err
