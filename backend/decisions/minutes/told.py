"""A record in words, in one language: blocks that the page and the PDF both draw, neither adding anything.

A block is a heading, a paragraph, rows of facts, a table, or a list; a cell is text, or `{"ltr": …}` for a
number, a date in figures or a code, which read left to right in both languages.
"""

from collections.abc import Iterator
from datetime import date

from ...core.calendar import format_date
from .deliberated import Deliberated
from .opening import Opening
from .teller import Block, Json, translate

__all__ = ["Json", "Told", "translate"]


class Told(Opening, Deliberated):
    """Minutes whole."""

    def title(self) -> str:
        return (
            translate(self.lang, "Procès-verbal de carence")
            if self.record["kind"] == "lapse"
            else translate(self.lang, "Procès-verbal")
        )

    def blocks(self) -> list[Block]:
        return [
            *self._head(),
            *self._roll(),
            *self._agenda(),
            *(self._motions() if self.record["kind"] == "minutes" else ()),
            *(self._decisions() if self.record["kind"] == "minutes" else ()),
            *self._actions(),
            *self._correction(),
        ]

    def _actions(self) -> Iterator[Block]:
        if not self.record["actions"]:
            return
        yield self._h(translate(self.lang, "Actions convenues"))
        yield {
            "kind": "table",
            "caption": translate(self.lang, "Actions convenues"),
            "columns": [
                [translate(self.lang, "Action"), "text", 7],
                [translate(self.lang, "Responsable"), "text", 3],
                [translate(self.lang, "Au plus tard"), "text", 3],
            ],
            "rows": [
                [
                    self.loc(one["text"]),
                    one["owner"],
                    format_date(date.fromisoformat(one["due_on"]), self.lang),
                ]
                for one in self.record["actions"]
            ],
        }

    def _correction(self) -> Iterator[Block]:
        replaces = self.record["replaces"]
        if replaces:
            yield self._h(translate(self.lang, "Correction"))
            yield self._p(
                translate(
                    self.lang,
                    "Cette version remplace la version {version}. Motif : {reason}",
                    version=replaces["version"],
                    reason=replaces["reason"],
                )
            )
