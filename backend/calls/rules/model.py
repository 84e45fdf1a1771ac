"""A rule of a call, and the result of applying it to the facts of an application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypedDict

from backend.calls.rules.conditions import Node
from backend.calls.rules.evaluate import Outcome, Trace, either, negate, trace
from backend.calls.rules.facts import Facts, FactValue
from backend.calls.rules.parse import parse_condition
from backend.calls.rules.vocabulary import Namer

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


if TYPE_CHECKING:
    Localized = dict[str, str]
else:

    class Localized(TypedDict):
        """Words in both languages: both are required, a page is never half translated."""

        __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

        fr: Text
        ar: Text


class Strict(BaseModel):
    """Base of everything in a call file: unknown fields refused, no silent conversion, frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with the data that it was read from, which is how it is stored and exported."""

    node: Node
    raw: object

    @classmethod
    def read(cls, raw: object) -> Condition:
        """Parse, or raise the pydantic error that carries every finding."""
        node, findings = parse_condition(raw)
        if findings:
            raise PydanticCustomError("findings", "invalid condition", {"findings": findings})
        return cls(node, raw)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        def validate(value: object) -> Condition:
            return value if isinstance(value, cls) else cls.read(value)

        return core_schema.no_info_plain_validator_function(
            validate, serialization=core_schema.plain_serializer_function_ser_schema(lambda found: found.raw)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"x-ref": "Condition"}  # replaced by callfile.jsonschema


class Rule(Strict):
    """One rule: `check` must hold whenever `when` does; failing refuses the file or only warns."""

    code: Code
    title: Localized
    when: Condition | None = None
    check: Condition
    fails: Literal["refuse", "warn"] = "refuse"
    note: Localized | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule says of one application.

    `applies` is None when the `when` condition cannot be told. A rule that does not apply passes.
    """

    rule: Rule
    outcome: Outcome
    applies: bool | None
    when: Trace | None
    check: Trace
    rules: Mapping[str, Rule]

    @property
    def refuses(self) -> bool:
        """Whether the application must be refused for this rule."""
        return self.outcome is Outcome.FAIL and self.rule.fails == "refuse"

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would settle an unknown outcome, in the order of the rule."""
        if self.outcome is not Outcome.UNKNOWN:
            return ()
        traces = [found for found in (self.when, self.check) if found and found.outcome is Outcome.UNKNOWN]
        return tuple(
            dict.fromkeys(code for found in traces for leaf in found.leaves() for code in leaf.missing)
        )

    @property
    def code(self) -> str:
        """The reason's code: `rule.<op>.<outcome>` of the comparison that decided, or of the whole."""
        from backend.calls.rules.words import reason_code

        return reason_code(self)

    def reason(self, lang: str, namer: Namer | None = None) -> str:
        """Why, in plain words, with the value read and the value expected."""
        from backend.calls.rules.words import reason

        return reason(self, lang, namer)

    def as_json(self, namer: Namer | None = None) -> dict[str, object]:
        """What is stored with an application: everything needed to explain the result years later."""
        return {
            "rule": self.rule.code,
            "title": dict(self.rule.title),
            "fails": self.rule.fails,
            "outcome": self.outcome.value,
            "applies": self.applies,
            "code": self.code,
            "missing": list(self.missing),
            "facts": [_leaf_json(leaf) for leaf in self.check.leaves()],
            "reason": {lang: self.reason(lang, namer) for lang in ("fr", "ar")},
        }


def _leaf_json(leaf: Trace) -> dict[str, object]:
    return {
        "fact": getattr(leaf.node, "fact", ""),
        "operator": getattr(leaf.node, "op", ""),
        "outcome": leaf.outcome.value,
        "value": value_json(leaf.value),
        "expected": [value_json(value) for value in leaf.expected],
    }


def value_json(value: FactValue | None) -> object:
    """A fact's value as JSON: centimes and counts as integers, fractions `3/7`, dates ISO, sets sorted."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def evaluate(rule: Rule, facts: Facts, rules: Iterable[Rule] = ()) -> Result:
    """Apply one rule. `rules` are those that it may refer to by code (the call's). Pure."""
    known = {other.code: other for other in rules}
    within = frozenset({rule.code})
    check = trace(rule.check.node, facts, known, within)
    if rule.when is None:
        return Result(rule, check.outcome, True, None, check, known)
    when = trace(rule.when.node, facts, known, within)
    outcome = either([negate(when.outcome), check.outcome])
    applies = {Outcome.PASS: True, Outcome.FAIL: False}.get(when.outcome)
    return Result(rule, outcome, applies, when, check, known)


def evaluate_all(rules: Iterable[Rule], facts: Facts) -> tuple[Result, ...]:
    """Every rule in order. Facts computed from others are added first (`derive.complete`)."""
    from backend.calls.rules.derive import complete

    listed, known = tuple(rules), complete(facts)
    return tuple(evaluate(rule, known, listed) for rule in listed)
