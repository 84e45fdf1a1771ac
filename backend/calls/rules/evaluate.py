"""Does an application satisfy a rule? Pass, fail or cannot tell, with what was read on the way.

Three-valued logic (Kleene): a missing fact makes its comparison unknown; `all` fails as soon as one
part fails, `any` passes as soon as one passes, `not` of unknown is unknown. Comparisons are exact:
integers and fractions only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING
from typing import Any as Anything

from backend.calls.rules.conditions import All, Case, Compare, Literal, Node, Not, Operand, Ref, RuleRef
from backend.calls.rules.facts import CATALOGUE, Facts, FactValue
from backend.core.calendar import add_months

if TYPE_CHECKING:
    from backend.calls.rules.model import Rule


class Outcome(StrEnum):
    """What can be said of a condition, or of a rule."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trace:
    """One node evaluated: its outcome, the value read and those expected (comparisons only)."""

    node: Node
    outcome: Outcome
    value: FactValue | None = None
    expected: tuple[FactValue | None, ...] = ()
    operands: tuple[Literal | Ref | None, ...] = ()
    parts: tuple[Trace, ...] = ()
    missing: tuple[str, ...] = ()

    def leaves(self) -> Iterator[Trace]:
        """The comparisons under this node, in the order of the rule."""
        if isinstance(self.node, Compare):
            yield self
        for part in self.parts:
            yield from part.leaves()


_ORDERED: Mapping[str, Callable[[Anything, Anything], object]] = {
    "at_least": ge, "at_most": le, "more_than": gt, "less_than": lt, "equals": eq,
    "before": lt, "on_or_before": le, "after": gt, "on_or_after": ge, "is": eq,
}  # fmt: skip


def negate(outcome: Outcome) -> Outcome:
    """Kleene's not."""
    return {Outcome.PASS: Outcome.FAIL, Outcome.FAIL: Outcome.PASS}.get(outcome, Outcome.UNKNOWN)


def both(outcomes: Sequence[Outcome]) -> Outcome:
    """Kleene's and: the worst of fail < unknown < pass."""
    if Outcome.FAIL in outcomes:
        return Outcome.FAIL
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.PASS


def either(outcomes: Sequence[Outcome]) -> Outcome:
    """Kleene's or: the best of pass > unknown > fail."""
    return negate(both([negate(outcome) for outcome in outcomes]))


def trace(node: Node, facts: Facts, rules: Mapping[str, Rule], within: frozenset[str] = frozenset()) -> Trace:
    """Evaluate a condition. `rules` are those that it may refer to; a cycle is unknown, never endless."""
    if isinstance(node, Compare):
        return _compare(node, facts)
    if isinstance(node, RuleRef):
        return _reference(node, facts, rules, within)
    if isinstance(node, Not):
        part = trace(node.part, facts, rules, within)
        return Trace(node, negate(part.outcome), parts=(part,))
    parts = tuple(trace(part, facts, rules, within) for part in node.parts)
    join = both if isinstance(node, All) else either
    return Trace(node, join([part.outcome for part in parts]), parts=parts)


def _reference(node: RuleRef, facts: Facts, rules: Mapping[str, Rule], within: frozenset[str]) -> Trace:
    other = rules.get(node.rule)
    if other is None or node.rule in within:
        return Trace(node, Outcome.UNKNOWN)
    deeper = within | {node.rule}
    check = trace(other.check.node, facts, rules, deeper)
    outcome = check.outcome
    if other.when:
        outcome = either([negate(trace(other.when.node, facts, rules, deeper).outcome), outcome])
    return Trace(node, outcome, parts=(check,))


def _compare(node: Compare, facts: Facts) -> Trace:
    value = read(node.fact, facts)
    operands = tuple(_choose(operand, facts) for operand in node.operands)
    expected = tuple(_resolve(operand, facts) for operand in operands)
    missing = tuple(code for code in _needed(node, operands) if read(code, facts) is None)
    if value is None or None in expected:
        return Trace(node, Outcome.UNKNOWN, value, expected, operands, missing=missing)
    outcome = Outcome.PASS if holds(node.op, value, expected) else Outcome.FAIL
    return Trace(node, outcome, value, expected, operands)


def _needed(node: Compare, operands: tuple[Literal | Ref | None, ...]) -> Iterator[str]:
    """The facts that this comparison needs at hand: those of the cases that do not apply are left out."""
    yield node.fact
    for operand, chosen in zip(node.operands, operands, strict=True):
        if isinstance(operand, Case):
            yield operand.fact
        if isinstance(chosen, Ref):
            yield chosen.fact


def read(code: str, facts: Facts) -> FactValue | None:
    """The value of a fact, None when unknown. A value of the wrong type is a programming error."""
    value = facts.get(code)
    if value is not None and not CATALOGUE[code].accepts(value):
        raise TypeError(f"fact {code} is a {CATALOGUE[code].kind}, not {type(value).__name__}")
    return value


def _choose(operand: Operand, facts: Facts) -> Literal | Ref | None:
    """The operand itself, or that of the case at hand; None when no case applies or cannot be told."""
    if not isinstance(operand, Case):
        return operand
    chosen = read(operand.fact, facts)
    return None if chosen is None else dict(operand.values).get(str(chosen), operand.otherwise)


def _resolve(operand: Literal | Ref | None, facts: Facts) -> FactValue | None:
    if operand is None:
        return None
    if isinstance(operand, Literal):
        return operand.value
    value = read(operand.fact, facts)
    if isinstance(value, date):
        return _moved(value, operand)
    if isinstance(value, int | Fraction) and not isinstance(value, bool) and operand.share != 1:
        return value * operand.share
    return value


def _moved(day: date, by: Ref) -> date | None:
    """The date moved by months then days; None beyond the calendar (years 1 to 9999)."""
    try:
        return add_months(day, by.months) + timedelta(days=by.days)
    except (ValueError, OverflowError, IndexError):
        return None


def holds(op: str, value: FactValue, expected: tuple[FactValue | None, ...]) -> bool:
    """Whether `value op expected`, both known and of the operator's type."""
    first = expected[0]
    if op in _ORDERED:
        return bool(_ORDERED[op](value, first))
    if op == "between":
        return bool(first <= value <= expected[1])  # type: ignore[operator]
    wanted = first if isinstance(first, frozenset) else frozenset()
    if op in ("one_of", "none_of"):
        return (value in wanted) is (op == "one_of")
    present = value if isinstance(value, frozenset) else frozenset()
    if op == "includes_all":
        return wanted <= present
    return bool(wanted & present) is (op == "includes_any")
