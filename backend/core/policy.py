"""Authorisation, once: a rule is one SQL expression.

A list filters by it and a check asks it about one row, so that they cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, true

from .actor import Actor
from .errors import SCOPE_MISSING

Condition = Callable[[Actor], ColumnElement[bool]]


@dataclass(frozen=True)
class Rule:
    """Who may do `name` to a row of `model`."""

    name: str
    model: type[Any]
    condition: Condition

    def where(self, actor: Actor) -> ColumnElement[bool]:
        """The rows on which the actor may; raises `scope_missing` when her token excludes the rule."""
        if actor.is_system:
            return true()
        if not actor.in_scope(self.name):
            raise SCOPE_MISSING(rule=self.name)
        return self.condition(actor)


RULES: dict[str, Rule] = {}


def rule(name: str, model: type[Any], condition: Condition) -> Rule:
    """Declare a rule; the name reads `thing.verb`."""
    if name in RULES:
        raise ValueError(f"rule {name} is declared twice")
    RULES[name] = Rule(name, model, condition)
    return RULES[name]
