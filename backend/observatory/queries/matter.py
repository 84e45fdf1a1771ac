"""Something that may wait for an officer: which rows, by which rule, and the page where she acts on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...core.tx import Tx


@dataclass(frozen=True)
class Matter:
    """A line to count: the rows of a model on which the officer may act, and the page where she does."""

    code: str
    rule: str
    model: type[Any]
    where: Callable[[Tx], tuple[Any, ...]]
    since: Any
    href: str
    call: Any = None  # with `call_href`: where to go when all are of one call
    call_href: str = ""
    centimes: Any = None
    late: bool = False
