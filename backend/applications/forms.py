"""Forms of the sections: from what was typed to a section's data and back. Names of fields are paths of data.

What cannot be read is given back with its error; what was typed is never changed on its way.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from ..calls.callfile import CallFile
from ..core.errors import FieldError
from ..core.i18n import has
from ..core.money import MoneyError, format_money, parse_money
from ..core.shapes import In
from .schemas import MAX_LINES, SECTIONS
from .totals import SOURCES

Values = dict[str, str]
ROWS = 5
"""Budget lines offered at first; each save adds room for as many more."""


class Typed(Protocol):
    """A form as it was sent."""

    def getlist(self, key: Any) -> list[Any]: ...
    def keys(self) -> Iterable[Any]: ...


def read(section: str, typed: Typed) -> tuple[In | None, list[FieldError]]:
    """The section's data, or what keeps the form from being read."""
    errors: list[FieldError] = []
    data = _READERS[section](typed, errors)
    if errors:
        return None, errors
    try:
        return SECTIONS[section].model_validate(data), []
    except ValidationError as invalid:
        return None, [_error(one) for one in invalid.errors(include_url=False)]


def typed_values(typed: Typed) -> Values:
    """What was typed, to be shown again as it was. Ticked boxes are joined."""
    return {str(key): " ".join(str(value) for value in typed.getlist(key)) for key in typed.keys()}  # noqa: SIM118


def stored_values(data: Mapping[str, Any], lang: str) -> Values:
    """What is kept, as the form writes it."""
    values: Values = {}
    for name, value in data.items():
        if name == "lines":
            for i, line in enumerate(value):
                values |= {f"lines.{i}.{key}": _written(key, item, lang) for key, item in line.items()}
        elif name == "provided":
            for item in value:
                values[f"has.{item['code']}"] = "1"
                values[f"ref.{item['code']}"] = item.get("reference") or ""
        elif name == "accepted":
            values["accepted"] = " ".join(value)
        else:
            values[name] = _written(name, value, lang)
    return values


def rows(values: Values) -> int:
    """How many budget lines to show: those filled and some more, at most those allowed."""
    filled = [
        _small(name.split(".")[1]) for name, value in values.items() if name.startswith("lines.") and value
    ]
    return min(MAX_LINES, max(ROWS, max(filled, default=-1) + 1 + _small(values.get("room", ""))))


def _small(digits: str) -> int:
    """A number that our own form wrote; anything else is nothing."""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0


def documents_asked(file: CallFile, form: str) -> list[Any]:
    """The papers that the call asks of this legal form."""
    return [one for one in file.documents if one.asked_of(form)]


def _written(name: str, value: Any, lang: str) -> str:
    return format_money(value, lang, unit=False) if name.endswith("_centimes") else str(value)


def _text(typed: Typed, name: str) -> str | None:
    value = next(iter(typed.getlist(name)), None)
    return value if isinstance(value, str) and value.strip() else None


def _money(typed: Typed, name: str, errors: list[FieldError]) -> int | None:
    text = _text(typed, name)
    if text is None:
        return None
    try:
        return parse_money(text)
    except MoneyError as error:
        errors.append(FieldError(name, error.code))
        return None


def _count(typed: Typed, name: str, errors: list[FieldError]) -> int | None:
    text = _text(typed, name)
    if text is None:
        return None
    try:
        return int(text.strip()[:12])  # Arabic-Indic digits are digits too
    except ValueError:
        errors.append(FieldError(name, "int_parsing"))
        return None


def _texts(*names: str) -> Callable[[Typed, list[FieldError]], dict[str, Any]]:
    return lambda typed, _errors: {name: _text(typed, name) for name in names}


def _budget(typed: Typed, errors: list[FieldError]) -> dict[str, Any]:
    lines = []
    for i in range(MAX_LINES):
        label, amount = _text(typed, f"lines.{i}.label"), _money(typed, f"lines.{i}.amount_centimes", errors)
        if label or amount is not None:
            lines.append({"label": label, "kind": _text(typed, f"lines.{i}.kind"), "amount_centimes": amount})
    return {"lines": lines}


def _financing(typed: Typed, errors: list[FieldError]) -> dict[str, Any]:
    return {f"{name}_centimes": _money(typed, f"{name}_centimes", errors) for name in SOURCES}


def _results(typed: Typed, errors: list[FieldError]) -> dict[str, Any]:
    counts = {name: _count(typed, name, errors) for name in ("jobs_women", "jobs_men", "jobs_youth")}
    return counts | {"income_centimes": _money(typed, "income_centimes", errors)}


def _documents(typed: Typed, _errors: list[FieldError]) -> dict[str, Any]:
    codes = [key.removeprefix("has.") for key in typed.keys() if key.startswith("has.")]  # noqa: SIM118
    return {"provided": [{"code": code, "reference": _text(typed, f"ref.{code}")} for code in codes]}


def _declarations(typed: Typed, _errors: list[FieldError]) -> dict[str, Any]:
    return {"accepted": typed.getlist("accepted")}


_READERS: dict[str, Callable[[Typed, list[FieldError]], dict[str, Any]]] = {
    "project": _texts("title", "summary", "sector", "chain"),
    "location": _texts("commune", "premises", "address"),
    "budget": _budget,
    "financing": _financing,
    "results": _results,
    "documents": _documents,
    "declarations": _declarations,
}


def _error(error: Any) -> FieldError:
    """Pydantic's error in the words that we have."""
    path = ".".join(str(part) for part in error["loc"])
    code = error["type"] if has("fr", f"field.{error['type']}") else "invalid"
    params = {key: value for key, value in error.get("ctx", {}).items() if isinstance(value, str | int)}
    return FieldError(path, code, params)
