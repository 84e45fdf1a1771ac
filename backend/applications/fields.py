"""One field of a section: where it is, how it is typed, how a new value is put there. Pure.

A field's path is its name (`title`) or, in a list, `lines.0.label`; `lines` is the whole list, and
`products.0.season.2` what is said of March. What is typed
is read as people write it: amounts, counts and shares with their spaces, commas and Arabic digits.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ..core.errors import FieldError
from ..core.i18n import codes, has
from ..core.money import MoneyError, format_money, format_number, parse_money
from .sections import MOST_ROWS, ROWS, WRITTEN

Data = dict[str, Any]
_PATH = re.compile(r"([a-z_]{1,40})(?:\.(0|[1-9][0-9]?)\.([a-z_]{1,40})(?:\.(0|[1-9][0-9]?))?)?")
_PERCENT = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]+))?")
COUNTS = frozenset(
    {"quantity", "monthly_quantity", "loan_months", "customers_days", "suppliers_days"}
    | {"season", "ramp_months", "stock_days", "start_month", "life_years", "loan_grace_months"}
    | {"times_financed", "families"}
    | {"jobs_women", "jobs_women_youth", "jobs_men", "jobs_men_youth", "jobs_youth"}
)
DAYS = frozenset({"born_on", "active_since"})
BY_MONTH = frozenset({"season"})
"""Fields of a row that hold a value for each month of the year."""
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
YOUTH = ("jobs_women_youth", "jobs_men_youth")


@codes
def _field_codes() -> list[str]:
    """What may be said of a field that is kept by itself."""
    said = ("percent_unreadable", "percent_decimals", "percent_too_high", "money_too_large", "field_unknown")
    return [f"field.{code}" for code in (*said, "change_of_another")]


class Unreadable(ValueError):
    """What was typed cannot be kept; `errors` say where and why."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True)
class Place:
    """Where a field is: in a list, its row; the field's name; the month, in what is said by month."""

    path: str
    name: str
    rows: str = ""
    row: int = 0
    month: int | None = None


def place(section: str, path: str) -> Place:
    """Where the path leads in the section; Unreadable when it leads nowhere."""
    found = _PATH.fullmatch(path)
    schema = WRITTEN.get(section)
    if found and schema and found[1] in schema.model_fields:
        if found[2] is None:
            return Place(path, found[1])
        row = ROWS.get(found[1])
        if row and found[3] in row.model_fields and int(found[2]) < MOST_ROWS[found[1]]:
            if found[4] is None:
                return Place(path, found[3], found[1], int(found[2]))
            if found[3] in BY_MONTH and int(found[4]) < 12:
                return Place(path, found[3], found[1], int(found[2]), int(found[4]))
    raise Unreadable(FieldError(path[:80], "field_unknown"))


def value_at(data: Mapping[str, Any], where: Place) -> Any:
    """What is kept there; None when nothing is."""
    if not where.rows:
        return data.get(where.name)
    rows = data.get(where.rows) or ()
    value = rows[where.row].get(where.name) if where.row < len(rows) else None
    if where.month is None:
        return value
    return value[where.month] if isinstance(value, list) and where.month < len(value) else None


def put(section: str, data: Mapping[str, Any], where: Place, value: Any) -> Data:
    """The section with the value in its place; Unreadable when the section would not be one any more."""
    changed = {**data}
    row = changed
    if where.rows:
        rows = [dict(one) for one in changed.get(where.rows) or ()]
        rows += [{} for _ in range(len(rows), where.row + 1)]
        row = rows[where.row]
        changed[where.rows] = rows
    _forget_what_follows(changed, row, where)
    row[where.name] = value if where.month is None else _months(row.get(where.name), where.month, value)
    try:
        kept = WRITTEN[section].model_validate(_trimmed(changed))
    except ValidationError as invalid:
        raise Unreadable(*(said(one) for one in invalid.errors(include_url=False))) from None
    return kept.model_dump(mode="json", exclude_none=True)


def _months(said: Any, month: int, value: Any) -> list[Any]:
    """What is said month by month, with one of them said anew."""
    months = [*(said or ()), *[None] * 12][:12]
    months[month] = value
    return months


def _forget_what_follows(section: Data, row: Data, where: Place) -> None:
    """What was computed from the field is computed anew, or is nothing any more."""
    if where.rows == "lines" and row.get("unit_price_centimes") is not None:
        row.pop("amount_centimes", None)
    if "partners" in (where.rows, where.name):
        section.pop("partners_centimes", None)
    if where.name in YOUTH and all(section.get(name) is not None for name in YOUTH):
        section.pop("jobs_youth", None)


def _trimmed(data: Data) -> Data:
    """Without the empty rows at the end of its lists."""
    for name in ROWS.keys() & data.keys():
        rows = data[name]
        while isinstance(rows, list) and rows and rows[-1] in ({}, None):
            rows = rows[:-1]
        data[name] = rows
    return data


def read(where: Place, value: Any) -> Any:
    """What was typed, or JSON as the API writes it, as it is kept; Unreadable when it is no such thing."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").strip()
    if not text:
        return None
    try:
        return _typed(where.name, text)
    except MoneyError as error:
        raise Unreadable(FieldError(where.path, error.code)) from None


def _typed(name: str, text: str) -> Any:
    if name.endswith("_centimes"):
        return parse_money(text)
    if name.endswith("_bp"):
        return parse_percent(text)
    if name in COUNTS:
        return parse_count(text)
    return parse_day(text) if name in DAYS else text


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same: nothing is nothing in any writing, lists of codes have no order."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").strip()) or None
    if isinstance(value, Mapping):
        return {name: plain for name, one in value.items() if (plain := _plain(one)) is not None} or None
    if isinstance(value, Sequence):
        listed = [_plain(one) for one in value]
        while listed and listed[-1] is None:
            listed.pop()
        texts = all(isinstance(one, str) for one in listed)
        return (sorted(listed) if texts else listed) or None
    return value


def parse_count(text: str) -> int:
    """A whole number, with spaces between its thousands, in any digits."""
    digits = re.sub(r"[\s\u200e\u200f\u2066-\u2069]", "", text)[:12]
    if not re.fullmatch(r"[+-]?\d+", digits):
        raise MoneyError("int_parsing")
    return int(digits)


def parse_percent(text: str) -> int:
    """`5,25 %` in hundredths of a percent; two decimals at the most."""
    plain = "".join(str(unicodedata.digit(one, one)) for one in text)
    plain = re.sub(r"[\s%٪\u200e\u200f\u2066-\u2069]", "", plain).replace("٫", ",")
    found = _PERCENT.fullmatch(plain)
    if not found:
        raise MoneyError("percent_unreadable")
    if len(found[2] or "") > 2:
        raise MoneyError("percent_decimals")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def parse_day(text: str) -> str:
    """`15/03/2021`, as people write a day, as `2021-03-15`; what is neither is left to be refused."""
    plain = "".join(str(unicodedata.digit(one, one)) for one in text)
    found = _DAY.fullmatch(re.sub(r"[\s\u200e\u200f\u2066-\u2069]", "", plain))
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else plain


def written(name: str, value: Any, lang: str) -> str:
    """What is kept, as the form writes it."""
    if value is None:
        return ""
    if name.endswith("_centimes"):
        return format_money(value, lang, unit=False)
    if name.endswith("_bp"):
        return format_number(value / 100, lang)
    if isinstance(value, list):
        return " ".join("–" if one is None else str(one) for one in value)
    return str(value)


def said(error: Any) -> FieldError:
    """Pydantic's error in the words that we have."""
    path = ".".join(str(part) for part in error["loc"])
    code = error["type"] if has("fr", f"field.{error['type']}") else "invalid"
    params = {key: value for key, value in error.get("ctx", {}).items() if isinstance(value, str | int)}
    return FieldError(path, code, params)
