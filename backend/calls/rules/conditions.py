"""A rule's condition as a tree of frozen nodes, and the operators that each type of fact takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from backend.calls.rules.facts import NUMERIC, FactValue, Kind

_ORDER = ("at_least", "at_most", "more_than", "less_than", "equals", "between")

OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(NUMERIC, _ORDER),
    Kind.DATE: ("before", "on_or_before", "after", "on_or_after", "between"),
    Kind.CHOICE: ("is", "one_of", "none_of"),
    Kind.SET: ("includes_all", "includes_any", "includes_none"),
    Kind.BOOL: ("is",),
}
"""Every comparison is exact: `at_least` is ≥ and `more_than` is >; `between` includes both ends."""

ALL_OPERATORS: tuple[str, ...] = tuple(dict.fromkeys(op for ops in OPERATORS.values() for op in ops))
LIST_OPERATORS = frozenset({"one_of", "none_of", "includes_all", "includes_any", "includes_none"})
COMBINATORS = ("all", "any", "not", "rule")

# What people type by habit, for the suggestion of an error message only.
HABITS = {
    "<=": "at_most", ">=": "at_least", "<": "less_than", ">": "more_than", "==": "equals", "=": "equals",
    "max": "at_most", "min": "at_least", "in": "one_of", "not_in": "none_of", "equal": "equals",
    "lte": "at_most", "gte": "at_least", "lt": "less_than", "gt": "more_than", "and": "all", "or": "any",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the call; a frozenset for list operators (order kept in `items`)."""

    value: FactValue
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """Another fact, times a share, or (for a date) moved by whole months and days."""

    fact: str
    share: Fraction = Fraction(1)
    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A value that depends on a choice fact: by legal form, by sector or by any other."""

    fact: str
    values: tuple[tuple[str, Literal | Ref], ...]
    otherwise: Literal | Ref | None = None


Operand = Literal | Ref | Case


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison of a fact; `between` has two operands, every other operator one."""

    fact: str
    op: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when at least one part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: Node


@dataclass(frozen=True, slots=True)
class RuleRef:
    """True when another rule of the same call passes."""

    rule: str


Node = Compare | All | Any | Not | RuleRef


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it."""
    yield node
    if isinstance(node, All | Any):
        for part in node.parts:
            yield from walk(part)
    elif isinstance(node, Not):
        yield from walk(node.part)


def facts_of(node: Node) -> Iterator[str]:
    """Every fact that a condition reads, operands included, in order, possibly more than once."""
    for found in walk(node):
        if isinstance(found, Compare):
            yield found.fact
            for operand in found.operands:
                yield from _operand_facts(operand)


def _operand_facts(operand: Operand) -> Iterator[str]:
    if isinstance(operand, Ref):
        yield operand.fact
    elif isinstance(operand, Case):
        yield operand.fact
        for option in (*(value for _, value in operand.values), operand.otherwise):
            if isinstance(option, Ref):
                yield option.fact
