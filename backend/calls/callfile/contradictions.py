"""Limits that no application could ever meet together, found before a call is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from backend.calls.callfile.models import CallFile
from backend.calls.rules.conditions import All, Case, Compare, Literal, Node, Operand
from backend.calls.rules.facts import CATALOGUE, Kind
from backend.calls.rules.parse import Finding
from backend.calls.rules.values import money_text, ratio_text
from backend.core.i18n import LANGUAGES, label
from backend.core.money import format_money

Bound = int | Fraction | date


def cap_findings(call: CallFile) -> Iterator[Finding]:
    """Caps against each other, against the envelope, and against the legal forms of the call."""
    caps = call.caps
    for name in ("indh_share", "own_share", "own_cash_share", "in_kind_share_of_own", "studies_share"):
        share = getattr(caps, name)
        if share is not None and share > 1:
            yield Finding(("caps", name), "too_big", {"value": ratio_text(share), "limit": "100 %"})
    if caps.indh_share == 0:
        yield Finding(("caps", "indh_share"), "too_small", {"value": "0 %", "limit": "> 0 %"})
    for name in ("own_share", "own_cash_share"):
        if getattr(caps, name) == 1:  # the financing balances: nothing would be left for the grant
            yield _contradict(name, "100 %", "indh_share", ratio_text(caps.indh_share or Fraction(1)))
    if caps.investment_only and caps.studies_share:
        yield _contradict("studies_share", ratio_text(caps.studies_share), "investment_only", "true")
    if caps.indh_amount is None:
        return
    yield from _amount_findings(call, caps.indh_amount.operand)


def _amount_findings(call: CallFile, operand: Operand) -> Iterator[Finding]:
    minimum = call.caps.indh_minimum
    for amount in _amounts(operand):
        if amount > call.envelope:
            params = _said("value", amount) | _said("limit", call.envelope)
            yield Finding(("caps", "indh_amount"), "cap_over_envelope", params)
        if minimum is not None and minimum > amount:
            yield _contradict("indh_minimum", minimum, "indh_amount", amount)
    if isinstance(operand, Case) and operand.otherwise is None and operand.fact == "organisation.legal_form":
        covered = [code for code, _ in operand.values]
        for form in call.legal_forms:
            if form not in covered:
                yield Finding(("caps", "indh_amount", "by", "values"), "cap_case_missing", {"value": form})


def _contradict(field: str, value: str | int, other: str, limit: str | int) -> Finding:
    """Two caps that exclude each other: amounts are centimes. Fields also as the pages name them."""
    params = {"field": f"caps.{field}", "other": f"caps.{other}"}
    for key, cap in (("field", field), ("other", other)):
        params |= {f"{key}_{lang}": label(lang, f"edit.caps.{cap}") for lang in LANGUAGES}
    params |= _said("value", value) | _said("limit", limit)
    return Finding(("caps", field), "caps_contradict", params)


def _said(key: str, value: str | int) -> dict[str, str]:
    """A value as the file writes it; an amount also as people read it, in each language."""
    if isinstance(value, str):
        return {key: value}
    return {key: money_text(value)} | {f"{key}_{lang}": format_money(value, lang) for lang in LANGUAGES}


def _amounts(operand: Operand) -> Iterator[int]:
    options = (
        [value for _, value in operand.values] + [operand.otherwise]
        if isinstance(operand, Case)
        else [operand]
    )
    for option in options:
        if isinstance(option, Literal) and isinstance(option.value, int):
            yield option.value


@dataclass(slots=True)
class _Range:
    """What is still possible for one fact: bounds with whether they are excluded, or codes."""

    low: tuple[Bound, bool] | None = None
    high: tuple[Bound, bool] | None = None
    codes: frozenset[str] | None = None
    none_of: frozenset[str] = frozenset()
    yes: bool | None = None
    impossible: bool = False

    def add(self, op: str, operand: Operand, second: Operand | None) -> None:
        """Narrow by one comparison with a written value; others say nothing here."""
        if not isinstance(operand, Literal):
            return
        value = operand.value
        if op == "between" and isinstance(second, Literal):
            self._above(value, False)  # type: ignore[arg-type]
            self._below(second.value, False)  # type: ignore[arg-type]
        elif op in ("at_least", "on_or_after", "more_than", "after"):
            self._above(value, op in ("more_than", "after"))  # type: ignore[arg-type]
        elif op in ("at_most", "on_or_before", "less_than", "before"):
            self._below(value, op in ("less_than", "before"))  # type: ignore[arg-type]
        elif op == "equals":
            self._above(value, False)  # type: ignore[arg-type]
            self._below(value, False)  # type: ignore[arg-type]
        elif isinstance(value, bool):
            self.impossible |= self.yes not in (None, value)
            self.yes = value
        elif op == "none_of" and isinstance(value, frozenset):
            self.none_of |= value
        elif op in ("is", "one_of"):
            found = value if isinstance(value, frozenset) else frozenset({str(value)})
            self.codes = found if self.codes is None else self.codes & found

    def _above(self, bound: Bound, excluded: bool) -> None:
        if self.low is None or (bound, excluded) > self.low:
            self.low = (bound, excluded)

    def _below(self, bound: Bound, excluded: bool) -> None:
        if self.high is None or (bound, not excluded) < (self.high[0], not self.high[1]):
            self.high = (bound, excluded)

    def empty(self, kind: Kind) -> bool:
        """Whether nothing is left; whole-number kinds have nothing between n and n + 1."""
        if self.impossible or (self.codes is not None and not self.codes - self.none_of):
            return True
        if self.low is None or self.high is None:
            return False
        (low, low_out), (high, high_out) = self.low, self.high
        if low > high or (low == high and (low_out or high_out)):  # type: ignore[operator]
            return True
        whole = kind not in (Kind.RATIO, Kind.DATE)
        return whole and low_out and high_out and high - low == 1  # type: ignore[operator]


def rule_findings(call: CallFile) -> Iterator[Finding]:
    """Refusing rules without a condition whose written limits exclude each other."""
    ranges: dict[str, _Range] = {}
    everyone = call.every_rule()
    standard = len(everyone) - len(call.rules)
    told: set[str] = set()
    for i, rule in enumerate(everyone):
        if rule.when or rule.fails != "refuse":
            continue
        for node in _demands(rule.check.node):
            found = ranges.setdefault(node.fact, _Range())
            found.add(node.op, node.operands[0], node.operands[1] if len(node.operands) > 1 else None)
            if found.empty(CATALOGUE[node.fact].kind) and node.fact not in told:
                told.add(node.fact)
                path = ("rules", i - standard, "check") if i >= standard else ("caps",)
                yield Finding(path, "rules_contradict", {"fact": node.fact, "value": rule.code})


def _demands(node: Node) -> Iterator[Compare]:
    """Comparisons that must all hold."""
    if isinstance(node, Compare):
        yield node
    elif isinstance(node, All):
        for part in node.parts:
            yield from _demands(part)
