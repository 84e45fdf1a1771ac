"""How the money of a call is shared out, in plain words, and what may be wrong in how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from backend.calls.callfile.models import CallFile, Constraint, Selection
from backend.calls.callfile.types import Limit
from backend.calls.rules.conditions import Case, Compare, Literal, RuleRef, walk
from backend.calls.rules.parse import Finding
from backend.calls.rules.values import percent_words
from backend.calls.rules.vocabulary import Namer
from backend.calls.rules.words import condition_in_words
from backend.core.i18n import codes, label, localized, ntranslate, translate
from backend.core.money import format_money
from backend.territory.reference import communes

OBJECTIVES = ("score", "jobs", "jobs_women", "jobs_youth", "income")
_BOUNDS = ("at_least", "at_most")
BY_RANK = Selection()


@codes
def selection_codes() -> Iterable[str]:
    """Words of this module."""
    yield from ("selection.by_rank", "selection.portfolio", "selection.full", "selection.range")
    yield from (f"selection.objective.{code}" for code in OBJECTIVES)
    yield from ("selection.among", "selection.all")
    yield from (f"selection.{bound}.{measure}" for bound in _BOUNDS for measure in ("money", "share"))


# -- in words ----------------------------------------------------------------------------------------
def selection_of(file: CallFile) -> Selection:
    """What the call says of it; strictly by rank when it says nothing."""
    return file.selection or BY_RANK


def sentences(file: CallFile, lang: str) -> list[str]:
    """The way in which the money is shared out, a sentence a point, the constraints left out."""
    chosen = selection_of(file)
    if chosen.method == "by_rank":
        return [translate(lang, "selection.by_rank")]
    objective = label(lang, f"selection.objective.{chosen.objective}")
    found = [translate(lang, "selection.portfolio", objective=objective)]
    if chosen.minimum is None:
        return [*found, translate(lang, "selection.full")]
    return [*found, translate(lang, "selection.range", share=percent_words(chosen.minimum, lang))]


def constraint_in_words(one: Constraint, lang: str, namer: Namer | None = None) -> str:
    """« Au moins 30 % de l'argent accordé, pour les projets qui remplissent cette condition : … »."""
    parts = [limit_in_words(bound, getattr(one, bound), lang) for bound in _BOUNDS if getattr(one, bound)]
    said = (" و" if lang == "ar" else " et ").join(parts)
    if one.among is None:
        text = translate(lang, "selection.all", limits=said)
    else:
        condition = condition_in_words(one.among, lang, namer)
        text = translate(lang, "selection.among", limits=said, condition=condition)
    return f"{text[:1].upper()}{text[1:]}"


def limit_in_words(bound: str, limit: Limit, lang: str) -> str:
    """« au moins 3 projets », « au plus 300 000 DH », « au moins 30 % de l'argent accordé »."""
    if limit.measure == "count":
        words = {
            "at_least": ("au moins {n} projet", "au moins {n} projets"),
            "at_most": ("au plus {n} projet", "au plus {n} projets"),
        }[bound]
        return ntranslate(lang, *words, int(limit.value))
    value = (
        format_money(int(limit.value), lang)
        if limit.measure == "money"
        else percent_words(limit.fraction, lang)
    )
    return translate(lang, f"selection.{bound}.{limit.measure}", value=value)


def lines(file: CallFile, lang: str) -> list[str]:
    """Everything, a line a point."""
    chosen = selection_of(file)
    between = ": " if lang == "ar" else "\u00a0: "
    return sentences(file, lang) + [
        f"{localized(lang, one.label)}{between}{constraint_in_words(one, lang, file.namer)}"
        for one in chosen.constraints
    ]


# -- faults ------------------------------------------------------------------------------------------
def selection_findings(call: CallFile) -> Iterator[Finding]:
    """Contradictions of the section, and those with the rest of the call."""
    chosen = call.selection
    if chosen is None:
        return
    if chosen.method == "by_rank":
        for field in ("objective", "minimum", "constraints"):
            if getattr(chosen, field) != getattr(BY_RANK, field):
                yield Finding(("selection", field), "selection_unused")
    if chosen.minimum is not None and not 0 < chosen.minimum <= 1:
        yield Finding(("selection", "minimum"), "selection_share")
    seen: set[str] = set()
    for at, one in enumerate(chosen.constraints):
        path = ("selection", "constraints", at)
        if one.code in seen:
            yield Finding((*path, "code"), "duplicate", {"value": one.code})
        seen.add(one.code)
        yield from (
            Finding((*path, *found.path), found.code, found.params, found.allowed)
            for found in (*_limits(call, one), *_among(call, one))
        )


def _limits(call: CallFile, one: Constraint) -> Iterator[Finding]:
    low, high = one.at_least, one.at_most
    if low is None and high is None:
        yield Finding((), "selection_no_limit")
    if low and high and low.measure != high.measure:
        yield Finding(("at_most",), "selection_measures")
    elif low and high and low.value > high.value:
        yield Finding(("at_most",), "selection_order")
    for name, limit in (("at_least", low), ("at_most", high)):
        if limit is None:
            continue
        if limit.measure == "share" and limit.value > 1:
            yield Finding((name,), "selection_share")
        if limit.measure == "share" and one.among is None:
            yield Finding((name,), "selection_share_of_all")
        if limit.measure == "money" and limit.value > call.envelope:
            yield Finding((name,), "selection_over_envelope")


def _among(call: CallFile, one: Constraint) -> Iterator[Finding]:
    for node in walk(one.among.node) if one.among else ():
        if isinstance(node, RuleRef):
            yield Finding(("among",), "selection_rule")
        if isinstance(node, Compare) and node.fact == "project.commune":
            for code in _codes(node):
                if code not in _communes(call.province):
                    yield Finding(("among",), "value_choice", {"value": code, "fact": "project.commune"})


def _codes(node: Compare) -> Iterator[str]:
    for operand in node.operands:
        if isinstance(operand, Case):
            yield from (str(item) for _, value in operand.values for item in _items(value))
        else:
            yield from (str(item) for item in _items(operand))


def _items(operand: object) -> Iterable[object]:
    return (
        operand.items
        if isinstance(operand, Literal) and operand.items
        else ([operand.value] if isinstance(operand, Literal) else ())
    )


@cache
def _communes(province: str) -> frozenset[str]:
    return frozenset(one.code for one in communes() if one.province_code == province)
