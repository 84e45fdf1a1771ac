"""Forms of the sections: from what was typed to a section's data and back. Names of fields are paths of data.

What cannot be read is given back with its error; what was typed is never changed on its way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from pydantic import ValidationError

from ..calls.callfile import CallFile
from ..core.errors import FieldError
from ..core.shapes import In
from . import fields
from .fields import Place, Unreadable
from .sections import MOST_ROWS, ROWS, SECTIONS

Values = dict[str, str]
OFFERED = {"lines": 3, "partners": 2, "products": 2}
"""Rows of each list offered at first; each save adds room for as many more."""
LISTS = {"budget": "lines", "financing": "partners", "plan": "products"}
"""The list of a section, where it has one."""


class Typed(Protocol):
    """A form as it was sent."""

    def getlist(self, key: Any) -> list[Any]: ...
    def keys(self) -> Iterable[Any]: ...


def read(section: str, typed: Typed) -> tuple[In | None, list[FieldError]]:
    """The section's data, or what keeps the form from being read."""
    errors: list[FieldError] = []
    data: dict[str, Any] = {}
    for name in SECTIONS[section].model_fields:
        if name in ROWS:
            data[name] = _rows(typed, name, errors)
        elif name == "accepted":
            data[name] = typed.getlist(name)
        elif name != "provided":
            data[name] = _value(typed, Place(name, name), errors)
    if errors:
        return None, errors
    if data.get("partners"):  # their sum is made anew
        data.pop("partners_centimes")
    elif "partners" in data:
        data.pop("partners")
    try:
        return SECTIONS[section].model_validate({k: v for k, v in data.items() if v is not None}), []
    except ValidationError as invalid:
        return None, [fields.said(one) for one in invalid.errors(include_url=False)]


def _rows(typed: Typed, name: str, errors: list[FieldError]) -> list[dict[str, Any]] | None:
    """The rows of a list in their places; one of which only the kind was chosen says nothing yet."""
    rows = [_row(typed, name, i, errors) for i in range(MOST_ROWS[name])]
    while rows and not rows[-1]:
        rows.pop()
    return rows or ([] if name == "lines" else None)


def _row(typed: Typed, rows: str, i: int, errors: list[FieldError]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ROWS[rows].model_fields:
        if name in fields.BY_MONTH:
            found |= _by_month(typed, f"{rows}.{i}.{name}", Place("", name, rows, i), errors)
            continue
        value = _value(typed, Place(f"{rows}.{i}.{name}", name, rows, i), errors)
        if value is not None:
            found[name] = value
    if found.get("unit_price_centimes") is not None:
        found.pop("amount_centimes", None)
    return {} if found.keys() <= {"kind"} else found


def _by_month(typed: Typed, path: str, where: Place, errors: list[FieldError]) -> dict[str, list[Any]]:
    """Twelve values under the name of their field; nothing when no month is said."""
    places = [replace(where, path=f"{path}.{month}", month=month) for month in range(12)]
    said = [_value(typed, place, errors) for place in places]
    return {where.name: said} if any(value is not None for value in said) else {}


def typed_values(typed: Typed) -> Values:
    """What was typed, to be shown again as it was. Ticked boxes are joined."""
    return {str(key): " ".join(str(value) for value in typed.getlist(key)) for key in typed.keys()}  # noqa: SIM118


def stored_values(data: Mapping[str, Any], lang: str) -> Values:
    """What is kept, as the form writes it."""
    values: Values = {}
    for name, value in data.items():
        if name in ROWS:
            for i, row in enumerate(value):
                values |= {path: fields.written(key, one, lang) for path, key, one in _each(name, i, row)}
        elif name != "provided":
            values[name] = fields.written(name, value, lang)
    return values


def _each(name: str, i: int, row: Mapping[str, Any]) -> Iterable[tuple[str, str, Any]]:
    """(path, field, value) of a row; what is said month by month by its months."""
    for key, value in row.items():
        if key in fields.BY_MONTH:
            yield from ((f"{name}.{i}.{key}.{month}", key, one) for month, one in enumerate(value))
        else:
            yield f"{name}.{i}.{key}", key, value


def rows(values: Values, name: str = "lines") -> int:
    """How many rows of a list to show: those filled and some more, at most those allowed."""
    filled = [
        _small(key.split(".")[1]) for key, value in values.items() if key.startswith(f"{name}.") and value
    ]
    wanted = max(filled, default=-1) + 1 + max(1, _small(values.get("room", "")))
    return min(MOST_ROWS[name], max(OFFERED[name], wanted))


def _small(digits: str) -> int:
    """A number that our own form wrote; anything else is nothing."""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0


def documents_asked(file: CallFile, form: str) -> list[Any]:
    """The papers that the call asks of this legal form."""
    return [one for one in file.documents if one.asked_of(form)]


def _value(typed: Typed, where: Place, errors: list[FieldError]) -> Any:
    value = next(iter(typed.getlist(where.path)), None)
    try:
        return fields.read(where, value) if isinstance(value, str) else None
    except Unreadable as unreadable:
        errors.extend(unreadable.errors)
        return None
