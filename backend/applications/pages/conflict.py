"""Two tabs on one section: what each says differs, and for each difference she keeps one.

A difference is what belongs together: a field, a line of the budget, a partner, a product.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from ...core.shapes import In
from ..forms import Values, stored_values
from ..sections import ROWS

SUMS = {"partners_centimes": "partners.", "jobs_youth": "jobs_women_youth"}
"""What is made anew from other fields, once these are there."""
KEEP, SAVED = "keep.", "saved."
"""Fields of the form: `keep.<what>` says `saved` or `mine`, `saved.<field>` carries what is kept."""


@dataclass(frozen=True)
class Difference:
    """What one thing says in the dossier and in her form; `saved` and `mine` by the names of fields."""

    what: str
    saved: Values
    mine: Values


def differences(kept: Mapping[str, Any], typed: In, lang: str) -> list[Difference]:
    """Where what is kept of the section and what she typed differ, in the order of the form."""
    saved, mine = (
        _split(stored_values(data, lang)) for data in (kept, typed.model_dump(mode="json", exclude_none=True))
    )
    return [
        Difference(what, saved.get(what, {}), mine.get(what, {}))
        for what in sorted({**mine, **saved}, key=lambda what: _place(what, list(type(typed).model_fields)))
        if saved.get(what, {}) != mine.get(what, {}) and not _made_anew(what, {**mine, **saved})
    ]


def _made_anew(what: str, known: Iterable[str]) -> bool:
    return what in SUMS and any(one.startswith(SUMS[what]) for one in known)


def settled(form: FormData) -> FormData:
    """The form with what she chose to keep in place of what she typed; without a choice, as it was sent."""
    sent = form.multi_items()
    chosen = {name.removeprefix(KEEP) for name, value in sent if name.startswith(KEEP) and value == "saved"}
    if not chosen:
        return form
    own = [(name, value) for name, value in sent if not name.startswith((KEEP, SAVED))]
    mine = [(name, value) for name, value in own if _what(name, value) not in chosen]
    told = ((name.removeprefix(SAVED), value) for name, value in sent if name.startswith(SAVED))
    return FormData(mine + [(name, value) for name, value in told if _what(name, value) in chosen])


def _split(values: Values) -> dict[str, Values]:
    """The values by what they belong to; each sworn statement stands alone; an empty one says nothing."""
    found: dict[str, Values] = {}
    for name, text in _each(values):
        if text:
            found.setdefault(_what(name, text), {})[name] = text
    return found


def _each(values: Values) -> Iterable[tuple[str, str]]:
    for name, text in values.items():
        for one in text.split() if name == "accepted" else [text]:
            yield name, one


def _what(name: str, value: Any) -> str:
    """To what a field belongs: `lines.0.label` to `lines.0`; each sworn statement is alone."""
    head, _, rest = name.partition(".")
    if head in ROWS:
        return f"{head}.{rest.partition('.')[0]}"
    return f"accepted.{value}" if name == "accepted" else name


def _place(what: str, fields: list[str]) -> tuple[int, str]:
    """Fields as the form has them, rows by their number, the rest by name."""
    head, _, number = what.partition(".")
    return (100 * fields.index(head) + int(number) if number.isdigit() else 100 * fields.index(head), what)
