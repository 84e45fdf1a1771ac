"""Characters that a call file, and what is typed about a call, may not hold: unseen, or turning the text."""

import re

from backend.calls.callfile.issues import Issue

# Controls and characters that reorder or hide text; line breaks and tabs stay.
BAD = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f"
    "\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def hidden_in(source: str, file: str, found: re.Match[str]) -> Issue:
    """A character that a file may not hold; the text is read on without it."""
    line = source.count("\n", 0, found.start()) + 1
    column = found.start() - source.rfind("\n", 0, found.start())
    code = "binary" if found[0] == "\0" else "bad_character"
    return Issue(file, line, column, "", code, {"character": f"U+{ord(found[0]):04X}"})


def forbidden(text: str) -> str:
    """The first character that a file may not hold, as `U+202E`; empty when there is none."""
    found = BAD.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""
