"""What the queries of people share."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column

from ...core.paging import Key
from ...core.tx import Tx


def how_many(tx: Tx, statement: Select[Any]) -> int:
    return tx.session.scalar(statement.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """The text somewhere in the column, whatever the capitals and accents."""
    plain: ColumnElement[str] = func.lower(func.unaccent(column))
    return plain.contains(func.lower(func.unaccent(literal_of(text))))


def literal_of(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def by_id(model: Any, newest: bool = False) -> Key:
    return Key(model.id.expression, lambda row: row.id, descending=newest)


def bare_column(column: Any) -> ColumnElement[str]:
    """A register number without what people put between its digits, as `bare_number` does.

    Written out, not as parameters: the planner then knows the index of this very expression.
    """
    written: list[ColumnElement[str]] = [literal_column(f"'{text}'") for text in ("[^0-9A-Z]", "", "g")]
    return func.regexp_replace(func.upper(column), *written)
