"""Faults of a call file as a page lists them: the line as it was typed, what is wrong, what is allowed."""

from collections.abc import Sequence
from typing import Any

from ..callfile import CallFileInvalid, Issue

SHOWN = 60
"""Faults listed at once."""


def listed_faults(invalid: CallFileInvalid | None, source: str, lang: str) -> list[dict[str, Any]]:
    """The first faults of a text, in its order."""
    lines = source.splitlines()
    return [_fault(issue, lines, lang) for issue in (invalid.issues[:SHOWN] if invalid else ())]


def _fault(issue: Issue, lines: Sequence[str], lang: str) -> dict[str, Any]:
    """A fault with the line as it was typed; what is missing stands on no line."""
    message = issue.message(lang)
    typed = issue.code != "missing_field" and 0 < issue.line <= len(lines)
    return {
        "line": issue.line,
        "path": "" if issue.path in message else issue.path,
        "text": lines[issue.line - 1].strip()[:120] if typed else "",
        "message": message,
        "allowed": issue.allowed_words(lang),
    }
