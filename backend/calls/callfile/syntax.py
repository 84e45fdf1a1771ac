"""Why a text is no YAML, in words of ours: the parser's own are English, and of its inner workings."""

from __future__ import annotations

from collections.abc import Iterable

from backend.core.i18n import LANGUAGES, codes, label

_HEARD = (
    ("\\t", "tab"),
    ("that cannot start any token", "sign"),
    ("unexpected end of stream", "unclosed"),
    ("expected ',' or", "bracket"),
    ("mapping values are not allowed", "colon"),
    ("could not find expected ':'", "colon_missing"),
    ("expected <block end>", "indent"),
    ("expected the node content", "value"),
    ("escape", "escape"),
    ("hexadecimal", "escape"),
    ("quoted scalar", "unclosed"),
)
"""What the parser says, and what is said for it; the first that is heard."""


@codes
def syntax_codes() -> Iterable[str]:
    """Reasons with words in both languages."""
    yield from (f"callfile.syntax.{code}" for code in dict.fromkeys((*(code for _, code in _HEARD), "other")))


def reason(problem: str, line: str) -> dict[str, str]:
    """The reason by language, of what the parser said and the line where it stopped."""
    tabbed = "\t" in line[: len(line) - len(line.lstrip())]
    heard = next((code for words, code in _HEARD if words in problem), "other")
    code = "tab" if tabbed else heard
    return {f"detail_{lang}": label(lang, f"callfile.syntax.{code}") for lang in LANGUAGES}
