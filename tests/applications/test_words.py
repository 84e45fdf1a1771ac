"""Every code of the slice and every sentence of its pages has words in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.applications.completeness import FIX
from backend.applications.lifecycle import LIFECYCLE
from backend.applications.models import ApplicationState, Outcome
from backend.core.errors import PROBLEMS
from backend.core.events import EVENTS
from backend.core.i18n import LANGUAGES, has

TEMPLATES = Path(__file__).resolve().parents[2] / "backend" / "web" / "templates" / "applications"
OURS = (
    "window_closed",
    "incomplete",
    "rule_refuses",
    "reason_required",
    "receipt_unknown",
    "receipt_mistyped",
)
FIELDS = {"document_missing", "declaration_missing", "control_characters", "unknown_code", *FIX}


def codes() -> Iterator[str]:
    yield from (f"state.application.{state}" for state in ApplicationState)
    yield from (f"verb.application.{verb}" for verb in LIFECYCLE.transitions)
    yield from (f"event.{name}" for name in EVENTS if name.startswith("application."))
    yield from (f"enum.outcome.{outcome}" for outcome in Outcome)
    for code in OURS:
        assert code in PROBLEMS
        yield from (f"problem.{code}{part}" for part in ("", ".detail", ".action"))
    yield from (f"field.{code}" for code in FIELDS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_codes_have_words(lang: str) -> None:
    assert [code for code in codes() if not has(lang, code)] == []


def test_sentences_are_translated() -> None:
    text = "".join(path.read_text() for path in TEMPLATES.glob("*.html"))
    sentences = {*re.findall(r'(?<![a-z])_\("([^"]+)"', text), *re.findall(r'ngettext\("([^"]+)"', text)}
    assert len(sentences) > 100
    assert sorted(sentence for sentence in sentences if not has("ar", sentence)) == []
