"""Cursor pages: the last page costs what the first one does."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_
from sqlalchemy.orm import InstrumentedAttribute

from .errors import INVALID, FieldError
from .tx import Tx

Row = TypeVar("Row")
MAX_LIMIT = 200


@dataclass(frozen=True)
class Key:
    """One column of the order; `value` reads it back from a row of the result."""

    column: ColumnElement[Any] | InstrumentedAttribute[Any]
    value: Callable[[Any], Any]
    descending: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of the next ones (None at the end)."""

    items: list[Row]
    next: str | None


def place(cursor: str | None, keys: Sequence[Key]) -> dict[str, Any]:
    """The values at which the cursor stands, as parameters of `beyond`; none at the beginning."""
    return {f"after_{i}": value for i, value in enumerate(_decode(cursor, keys))} if cursor else {}


def beyond(keys: Sequence[Key]) -> ColumnElement[bool]:
    """The rows after a `place`, for a statement that is kept."""
    return _after(keys, [bindparam(f"after_{i}", type_=key.column.type) for i, key in enumerate(keys)])


def in_order(keys: Sequence[Key]) -> list[ColumnElement[Any]]:
    """The order of the keys."""
    return [key.column.desc() if key.descending else key.column.asc() for key in keys]


def page_of(rows: list[Any], keys: Sequence[Key], limit: int) -> Page[Any]:
    """The page of which one row more than `limit` was asked."""
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _encode([key.value(rows[-1]) for key in keys]) if more else None)


def paginate(
    tx: Tx, statement: Select[*tuple[Any, ...]], keys: Sequence[Key], cursor: str | None, limit: int = 50
) -> Page[Any]:
    """The rows after the cursor. The keys together must be unique and not null; the last one is the id."""
    if cursor:
        statement = statement.where(_after(keys, _decode(cursor, keys)))
    result = tx.session.execute(statement.order_by(*in_order(keys)).limit(limit + 1))
    return page_of(list(result.scalars() if len(result.keys()) == 1 else result.all()), keys, limit)


def _after(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """Strictly beyond `values` in the order of the keys, whose directions may differ.

    The bound on the first key alone says nothing more, but lets an index start there: the last page costs
    what the first one does.
    """
    first = keys[0].column <= values[0] if keys[0].descending else keys[0].column >= values[0]
    choices = []
    for i, key in enumerate(keys):
        same = [keys[j].column == values[j] for j in range(i)]
        beyond = key.column < values[i] if key.descending else key.column > values[i]
        choices.append(and_(*same, beyond))
    return and_(first, or_(*choices))


def _encode(values: Sequence[Any]) -> str:
    plain = [_TAGS[type(v)][0] + str(_TAGS[type(v)][1](v)) for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decode(cursor: str, keys: Sequence[Key]) -> list[Any]:
    """The values of another page's last row; refused when they are not of this list's kinds."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list):
            raise TypeError(cursor)  # noqa: TRY301 (told as any other unreadable one)
        values = [_READERS[item[0]](item[1:]) for item in plain]
        if not all(_fits(key, value) for key, value in zip(keys, values, strict=True)):
            raise TypeError(cursor)  # noqa: TRY301
        return values
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise INVALID([FieldError("cursor", "cursor_unreadable")]) from error


def _fits(key: Key, value: Any) -> bool:
    """The database can compare them: a cursor of another list would be an error there."""
    kind = key.column.type.python_type
    return isinstance(value, str if issubclass(kind, Enum) else kind)


_TAGS: dict[type[Any], tuple[str, Callable[[Any], Any]]] = {
    str: ("s", str),
    int: ("i", int),
    UUID: ("u", str),
    datetime: ("t", datetime.isoformat),
    date: ("d", date.isoformat),
    list: ("l", json.dumps),
}
_READERS: dict[str, Callable[[str], Any]] = {
    "s": str,
    "i": int,
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "l": lambda text: [int(item) for item in json.loads(text)],
}
