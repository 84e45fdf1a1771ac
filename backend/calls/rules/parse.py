"""From the plain data of a call file to a condition, with every fault found and what is allowed instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from fractions import Fraction

from backend.calls.rules.conditions import (
    COMBINATORS,
    HABITS,
    LIST_OPERATORS,
    OPERATORS,
    All,
    Any,
    Case,
    Compare,
    Literal,
    Node,
    Not,
    Operand,
    Ref,
    RuleRef,
)
from backend.calls.rules.facts import CATALOGUE, Fact, Kind
from backend.calls.rules.values import ValueIssue, read_code, read_offset, read_ratio, read_value

Path = tuple[str | int, ...]
MAX_DEPTH = 12
_NOWHERE = Literal(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where, which (`callfile.<code>` has its words), its parameters, what is allowed."""

    path: Path
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()


def nearest_first(word: object, allowed: Iterable[str]) -> tuple[str, ...]:
    """The allowed words, the most similar to what was typed first; the order kept among equals."""
    text = str(word)
    habit = HABITS.get(text)

    def likeness(candidate: str) -> float:
        if candidate == habit:
            return 2.0
        ratio = SequenceMatcher(None, text[:80], candidate).ratio()
        return ratio if ratio >= 0.5 else 0.0

    return tuple(sorted(allowed, key=likeness, reverse=True))


def shown(value: object) -> str:
    """A value of the file as an error shows it, cut when long."""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    text = (
        {True: "true", False: "false", None: "null"}.get(value)
        if value is None or value is True or value is False
        else None
    )
    text = text or str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def parse_condition(raw: object) -> tuple[Node, list[Finding]]:
    """The condition written in `raw`; when there are findings, the condition must not be used."""
    parser = _Parser()
    return parser.node(raw, (), 0), parser.findings


def parse_amount(raw: object, fact: Fact) -> tuple[Operand, list[Finding]]:
    """A value, another fact times a share, or a value by case, as the operand of a rule on `fact`."""
    parser = _Parser()
    return parser.operand(raw, fact, "at_most", ()), parser.findings


class _Parser:
    """Walks one condition; collects findings instead of stopping at the first."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def fault(self, path: Path, code: str, allowed: tuple[str, ...] = (), **params: object) -> None:
        """Record a fault; parameters are shown as text."""
        self.findings.append(
            Finding(path, code, {key: shown(value) for key, value in params.items()}, allowed)
        )

    def node(self, raw: object, path: Path, depth: int) -> Node:
        """A combinator, a reference to a rule, or a comparison."""
        if depth > MAX_DEPTH:
            self.fault(path, "too_deep", limit=MAX_DEPTH)
            return RuleRef("")
        if not isinstance(raw, Mapping):
            self.fault(path, "condition_shape", ("fact", *COMBINATORS), value=raw)
            return RuleRef("")
        heads = [key for key in ("fact", *COMBINATORS) if key in raw]
        if len(heads) != 1:
            self._no_head(raw, path, heads)
            return RuleRef("")
        head = heads[0]
        if head == "fact":
            return self.compare(raw, path)
        for key in raw:
            if key != head:
                self.fault((*path, str(key)), "unknown_field", (head,), field=key)
        return self._combinator(head, raw[head], (*path, head), depth)

    def _no_head(self, raw: Mapping[object, object], path: Path, heads: list[str]) -> None:
        if heads:
            self.fault(path, "condition_two_heads", found=", ".join(heads))
            return
        for key in raw:
            self.fault(
                (*path, str(key)), "unknown_condition", nearest_first(key, ("fact", *COMBINATORS)), field=key
            )
        if not raw:
            self.fault(path, "condition_shape", ("fact", *COMBINATORS), value="{}")

    def _combinator(self, head: str, raw: object, path: Path, depth: int) -> Node:
        if head == "rule":
            if not isinstance(raw, str):
                self.fault(path, "text", value=raw)
                return RuleRef("")
            return RuleRef(raw)
        if head == "not":
            return Not(self.node(raw, path, depth + 1))
        if not isinstance(raw, list) or not raw:
            self.fault(path, "list_expected", value=raw)
            return RuleRef("")
        parts = tuple(self.node(part, (*path, i), depth + 1) for i, part in enumerate(raw))
        return All(parts) if head == "all" else Any(parts)

    def compare(self, raw: Mapping[str, object], path: Path) -> Node:
        """`{fact: …, <operator>: …}`, the operator being one of those of the fact's type."""
        fact = self.fact(raw["fact"], (*path, "fact"))
        rest = [key for key in raw if key != "fact"]
        if fact is None:
            return RuleRef("")
        allowed = OPERATORS[fact.kind]
        good = [key for key in rest if key in allowed]
        for key in rest:
            if key not in allowed:
                # `at_most` on a date is of another type, not unknown.
                code = (
                    "operator_type" if any(key in ops for ops in OPERATORS.values()) else "unknown_operator"
                )
                self.fault((*path, str(key)), code, nearest_first(key, allowed), operator=key, fact=fact.code)
        if len(good) != 1:
            if len(good) > 1:
                self.fault((*path, good[1]), "two_operators", found=", ".join(good))
            elif not rest:
                self.fault(path, "no_operator", allowed, fact=fact.code)
            return RuleRef("")
        op = good[0]
        return Compare(fact.code, op, self.operands(raw[op], fact, op, (*path, op)))

    def fact(self, raw: object, path: Path, kind: Kind | None = None) -> Fact | None:
        """A fact of the catalogue, of a given type when it is compared with another."""
        found = CATALOGUE.get(raw) if isinstance(raw, str) else None
        allowed = tuple(code for code, each in CATALOGUE.items() if kind in (None, each.kind))
        if found is None:
            self.fault(path, "unknown_fact", nearest_first(raw, allowed), fact=raw)
        elif kind not in (None, found.kind):
            self.fault(path, "fact_type", nearest_first(raw, allowed), fact=found.code)
            return None
        return found

    def operands(self, raw: object, fact: Fact, op: str, path: Path) -> tuple[Operand, ...]:
        """One operand, or the two ends of `between`."""
        if op != "between":
            return (self.operand(raw, fact, op, path),)
        if not isinstance(raw, list) or len(raw) != 2:
            self.fault(path, "between_two", value=raw)
            return (_NOWHERE, _NOWHERE)
        low, high = (self.operand(end, fact, op, (*path, i)) for i, end in enumerate(raw))
        if isinstance(low, Literal) and isinstance(high, Literal) and low.value > high.value:  # type: ignore[operator]
            self.fault(path, "between_order", low=raw[0], high=raw[1])
        return (low, high)

    def operand(self, raw: object, fact: Fact, op: str, path: Path) -> Operand:
        """A written value, a reference `{fact|of: …}`, or a value `{by: …}`."""
        if isinstance(raw, Mapping) and "by" in raw:
            return self._case(raw, fact, op, path)
        return self._simple(raw, fact, op, path)

    def _simple(self, raw: object, fact: Fact, op: str, path: Path) -> Literal | Ref:
        if isinstance(raw, Mapping):
            return self._ref(raw, fact, path)
        try:
            if op not in LIST_OPERATORS:
                return Literal(read_value(raw, fact))
            if not isinstance(raw, list) or not raw:
                self.fault(path, "list_expected", value=raw)
                return _NOWHERE
        except ValueIssue as issue:
            self.fault(
                path, f"value_{issue.code}", nearest_first(raw, issue.allowed), value=raw, fact=fact.code
            )
            return _NOWHERE
        return self._codes(raw, fact, path)

    def _codes(self, raw: list[object], fact: Fact, path: Path) -> Literal:
        items: list[str] = []
        for i, item in enumerate(raw):
            try:
                code = read_code(item, fact.vocabulary or "")
            except ValueIssue as issue:
                self.fault(
                    (*path, i), "value_choice", nearest_first(item, issue.allowed), value=item, fact=fact.code
                )
                continue
            if code in items:
                self.fault((*path, i), "duplicate", value=code)
            items.append(code)
        return Literal(frozenset(items), tuple(items))

    def _ref(self, raw: Mapping[str, object], fact: Fact, path: Path) -> Literal | Ref:
        """`{share: 50 %, of: fact}`, `{fact: other}`, or for dates `{fact: other, minus|plus: 12 months}`."""
        key = "of" if "of" in raw else "fact"
        dated = fact.kind is Kind.DATE
        allowed = ("share", "of") if key == "of" else (("fact", "minus", "plus") if dated else ("fact",))
        for name in raw:
            if name not in allowed:
                choices = allowed if key in raw else ("share", "of", "fact", "by", "minus", "plus")
                self.fault((*path, str(name)), "unknown_field", nearest_first(name, choices), field=name)
        if key not in raw or (key == "of" and "share" not in raw):
            self.fault(path, "missing_field", field="share" if key in raw else "of")
            return _NOWHERE
        other = self.fact(raw[key], (*path, key), fact.kind)
        share, months, days = Fraction(1), 0, 0
        try:
            if key == "of":
                path, share = (*path, "share"), self._share(raw["share"], fact, path)
            for name, sign in (("minus", -1), ("plus", 1)):
                if dated and name in raw:
                    path = (*path, name)
                    more_months, more_days = read_offset(raw[name])
                    months, days = months + sign * more_months, days + sign * more_days
        except ValueIssue as issue:
            self.fault(path, f"value_{issue.code}", issue.allowed, value=issue.value, fact=fact.code)
        return Ref(other.code, share, months, days) if other else _NOWHERE

    def _share(self, raw: object, fact: Fact, path: Path) -> Fraction:
        if fact.kind not in (Kind.MONEY, Kind.COUNT, Kind.RATIO):
            self.fault((*path, "share"), "share_type", fact=fact.code)
            return Fraction(1)
        return read_ratio(raw)

    def _case(self, raw: Mapping[str, object], fact: Fact, op: str, path: Path) -> Operand:
        """`{by: {fact: choice, values: {code: value}, otherwise: value}}`."""
        path = (*path, "by")
        body = raw["by"]
        for key in raw:
            if key != "by":
                self.fault((*path[:-1], str(key)), "unknown_field", ("by",), field=key)
        if not isinstance(body, Mapping):
            self.fault(path, "mapping_expected", ("fact", "values", "otherwise"), value=body)
            return _NOWHERE
        for key in body:
            if key not in ("fact", "values", "otherwise"):
                allowed = nearest_first(key, ("fact", "values", "otherwise"))
                self.fault((*path, str(key)), "unknown_field", allowed, field=key)
        values = body.get("values")
        for key in ("fact", "values"):
            if key not in body:
                self.fault(path, "missing_field", field=key)
        selector = self.fact(body["fact"], (*path, "fact"), Kind.CHOICE) if "fact" in body else None
        if "values" in body and (not isinstance(values, Mapping) or not values):
            self.fault((*path, "values"), "mapping_expected", value=values)
        if selector is None or not isinstance(values, Mapping):
            return _NOWHERE
        cases = self._cases(values, selector, fact, op, (*path, "values"))
        rest = (
            self._simple(body["otherwise"], fact, op, (*path, "otherwise")) if "otherwise" in body else None
        )
        return Case(selector.code, cases, rest)

    def _cases(
        self, values: Mapping[str, object], selector: Fact, fact: Fact, op: str, path: Path
    ) -> tuple[tuple[str, Literal | Ref], ...]:
        cases: list[tuple[str, Literal | Ref]] = []
        for code, raw in values.items():
            try:
                read_code(code, selector.vocabulary or "")
            except ValueIssue as issue:
                allowed = nearest_first(code, issue.allowed)
                self.fault((*path, str(code)), "value_choice", allowed, value=code, fact=selector.code)
            cases.append((code, self._simple(raw, fact, op, (*path, code))))
        return tuple(cases)
