"""The house's own promises: words in both languages, directions of imports, the API's description."""

import subprocess
import sys

import pytest

from backend.ops import openapi
from backend.ops.paths import ROOT
from backend.ops.words import missing_words


def test_no_word_is_missing() -> None:
    assert "\n".join(missing_words()) == ""


@pytest.mark.slow
def test_imports_go_one_way() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_the_committed_description_is_the_code_s() -> None:
    if not openapi.FILE.exists():
        pytest.skip("openapi/openapi.json is not committed yet")
    assert openapi.difference(openapi.FILE, openapi.description()) is None
