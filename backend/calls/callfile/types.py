"""Scalar types of a call file: money, shares, hours of Casablanca, codes. Read exactly, dumped as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from backend.calls.rules import vocabulary
from backend.calls.rules.conditions import Operand
from backend.calls.rules.facts import CATALOGUE
from backend.calls.rules.parse import nearest_first, parse_amount, shown
from backend.calls.rules.values import (
    ValueIssue,
    money_text,
    ratio_text,
    read_code,
    read_date,
    read_money,
    read_ratio,
)
from backend.core.calendar import CASABLANCA, local, parse_local

MOST_PROJECTS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """Annotation of a type read from text: `read` raises ValueIssue, `write` gives the text back."""

    read: Callable[[object], Any]
    write: Callable[[Any], Any]
    schema: dict[str, object]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        def validate(value: object) -> Any:
            try:
                return self.read(value)
            except ValueIssue as issue:
                raise PydanticCustomError(
                    "value",
                    "invalid value",
                    {
                        "code": issue.code,
                        "value": shown(issue.value),
                        "allowed": nearest_first(value, issue.allowed),
                    },
                ) from None

        return core_schema.no_info_plain_validator_function(
            validate, serialization=core_schema.plain_serializer_function_ser_schema(self.write)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(self.schema)


def read_hour(raw: object) -> datetime:
    """`2023-09-01 16:30` on Casablanca's clock, as an aware UTC datetime; the hour is required.

    Around Ramadan the clock goes back and forth: an hour that never strikes, or strikes twice, is refused
    rather than guessed, with the hours before and after it.
    """
    if isinstance(raw, str) and len(raw) == 16:
        try:
            moment, naive = parse_local(raw), datetime.fromisoformat(raw)
            first, second = (naive.replace(tzinfo=CASABLANCA, fold=fold).utcoffset() for fold in (0, 1))
        except (ValueError, OverflowError):
            raise ValueIssue("local_time", raw, ("2023-09-01 16:30",)) from None
        if first == second:
            return moment
        strikes = local(moment).replace(tzinfo=None) == naive
        near = tuple(f"{naive + timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in (-1, 1))
        raise ValueIssue("hour_twice" if strikes else "hour_missing", raw, near)
    raise ValueIssue("local_time", raw, ("2023-09-01 16:30",))


def _write_hour(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def _read_province(raw: object) -> str:
    try:
        return read_code(raw, "province")
    except ValueIssue as issue:
        raise ValueIssue("province", raw, issue.allowed) from None


def _coder(name: str) -> Callable[[object], str]:
    return lambda raw: read_code(raw, name)


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money that may depend on a choice (`by`), with the data it was read from."""

    operand: Operand
    raw: object


def _read_amount(raw: object) -> Amount:
    operand, findings = parse_amount(raw, CATALOGUE["financing.indh"])
    if findings:
        raise PydanticCustomError("findings", "invalid amount", {"findings": findings})
    return Amount(operand, raw)


def _read_chains(raw: object) -> str | tuple[str, ...]:
    """`priority` (the province's list in force), `any`, or explicit codes."""
    if raw in ("priority", "any"):
        return str(raw)
    if not isinstance(raw, list) or not raw:
        raise ValueIssue("choice", raw, ("priority", "any", *(vocabulary.known("chain") or ())))
    return tuple(read_code(code, "chain") for code in raw)


def _read_sectors(raw: object) -> str | tuple[str, ...]:
    """`any`, or explicit codes."""
    if raw == "any":
        return "any"
    if not isinstance(raw, list) or not raw:
        raise ValueIssue("choice", raw, ("any", *(vocabulary.known("sector") or ())))
    return tuple(read_code(code, "sector") for code in raw)


@dataclass(frozen=True, slots=True)
class Limit:
    """A floor or a ceiling: a number of projects, centimes, or a share of the money granted."""

    measure: Literal["count", "money", "share"]
    value: int | Fraction
    raw: object

    @property
    def fraction(self) -> Fraction:
        """The value as a share."""
        return Fraction(self.value)


def read_limit(raw: object) -> Limit:
    """What is measured shows in how it is written: `3`, `300 000 DH`, `30 %`."""
    text = raw.strip() if isinstance(raw, str) else raw
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 6:
        text = int(text)
    if isinstance(text, int) and not isinstance(text, bool) and 0 <= text <= MOST_PROJECTS:
        return Limit("count", text, raw)
    for measure, read in (("money", read_money), ("share", read_ratio)):
        try:
            return Limit(measure, read(text), raw)  # type: ignore[arg-type]
        except ValueIssue:
            continue
    raise ValueIssue("limit", raw, ("3", "300 000 DH", "30 %"))


def _listed(value: str | tuple[str, ...]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _list_schema(name: str, *words: str) -> dict[str, object]:
    codes = {
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {"enum": list(vocabulary.known(name) or ())},
    }
    return {"oneOf": [{"enum": list(words)}, codes]}


MONEY_SCHEMA: dict[str, object] = {
    "type": "string",
    "pattern": "(DH|MAD|درهم)",
    "description": "Amount with its currency",
    "examples": ["300 000 DH"],
}
RATIO_SCHEMA: dict[str, object] = {
    "type": "string",
    "pattern": r"^\d+([.,]\d+)?\s*%$|^\d+\s*/\s*\d+$",
    "examples": ["60 %", "1/3"],
}
HOUR_SCHEMA: dict[str, object] = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}$",
    "description": "Africa/Casablanca",
}

LIMIT_SCHEMA: dict[str, object] = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": 100_000},
        {"type": "string", "pattern": r"^\d{1,6}$"},
        MONEY_SCHEMA,
        RATIO_SCHEMA,
    ]
}

Money = Annotated[int, Scalar(read_money, money_text, MONEY_SCHEMA)]
Share = Annotated[Fraction, Scalar(read_ratio, ratio_text, RATIO_SCHEMA)]
Hour = Annotated[datetime, Scalar(read_hour, _write_hour, HOUR_SCHEMA)]
Day = Annotated[date, Scalar(read_date, lambda day: day.isoformat(), {"type": "string", "format": "date"})]
ProvinceCode = Annotated[
    str,
    Scalar(_read_province, _same, {"type": "string", "pattern": r"^\d{2}\.\d{3}$", "examples": ["09.001"]}),
]
LegalForm = Annotated[str, Scalar(_coder("legal_form"), _same, {"enum": list(vocabulary.LEGAL_FORMS)})]
Chains = Annotated[
    str | tuple[str, ...], Scalar(_read_chains, _listed, _list_schema("chain", "priority", "any"))
]
Sectors = Annotated[str | tuple[str, ...], Scalar(_read_sectors, _listed, _list_schema("sector", "any"))]
MoneyAmount = Annotated[Amount, Scalar(_read_amount, lambda found: found.raw, {"x-ref": "MoneyOperand"})]
LimitText = Annotated[Limit, Scalar(read_limit, lambda found: found.raw, LIMIT_SCHEMA)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]{3,500}$")]
