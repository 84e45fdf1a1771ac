"""The choices that the editor's fields offer, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from backend.core.i18n import codes, label
from backend.territory.reference import communes

from ..rules import vocabulary
from ..rules.conditions import OPERATORS
from ..rules.facts import CATALOGUE, Fact, Kind
from . import conditions
from .spec import CHOICES

Option = tuple[str, str]


@cache
def facts(lang: str) -> list[tuple[str, list[Option]]]:
    """Every fact by its words, under the section where it is filled in."""
    groups: dict[str, list[Option]] = {}
    for fact in CATALOGUE.values():
        groups.setdefault(fact.section, []).append((fact.code, _plain(fact, lang)))
    return [(label(lang, f"fact.section.{section}"), listed) for section, listed in groups.items()]


def _plain(fact: Fact, lang: str) -> str:
    name = fact.label(lang)
    return name[:1].upper() + name[1:]


@cache
def alike(code: str, lang: str) -> list[Option]:
    """The facts with which a fact may be compared: those of its kind."""
    kind = CATALOGUE[code].kind
    return [(one.code, _plain(one, lang)) for one in CATALOGUE.values() if one.kind is kind]


@cache
def selectors(lang: str) -> list[Option]:
    """The facts by whose value an amount may change."""
    return [(one.code, _plain(one, lang)) for one in CATALOGUE.values() if one.kind is Kind.CHOICE]


def operators(code: str, lang: str) -> list[Option]:
    """The operators that the fact admits, in words that tell > from ≥."""
    return [(op, label(lang, f"edit.op.{op}")) for op in OPERATORS[CATALOGUE[code].kind]]


def modes(code: str, lang: str, *, cases: bool = True) -> list[Option]:
    """The ways in which a value of the fact may be given."""
    kind = CATALOGUE[code].kind
    found = ["value", "fact"]
    found += ["share"] if kind in (Kind.MONEY, Kind.COUNT, Kind.RATIO) else []
    found += ["moved"] if kind is Kind.DATE else []
    found += ["by"] if cases else []
    return [(mode, label(lang, f"edit.mode.{mode}")) for mode in found]


def listed(name: str, lang: str, data: Mapping[str, Any], present: Iterable[str] = ()) -> list[Option]:
    """The codes with their names: words of their own, those of the call (its province's communes, its
    documents, the sections of its grid), or those of a vocabulary.

    What is already chosen is always among them, even a code that nobody knows.
    """
    if name in CHOICES:
        found = [(code, label(lang, f"edit.option.{name}.{code}")) for code in CHOICES[name]]
    elif name == "commune":
        province = str(data.get("province", ""))
        found = [(one.code, one.name_ar if lang == "ar" else one.name_fr) for one in _communes(province)]
    elif name == "document":
        found = [(one, one) for one in _codes(data.get("documents"))]
    elif name == "section":
        found = of_grid("sections", data, lang)
    else:
        known = vocabulary.known(name) or ()
        found = [(code, vocabulary.name(name, code, lang)) for code in known]
    there = {code for code, _ in found}
    return found + [(code, vocabulary.name(name, code, lang)) for code in present if code not in there]


@cache
def _communes(province: str) -> list[Any]:
    return [one for one in communes() if one.province_code == province]


def rules(data: Mapping[str, Any], lang: str) -> list[Option]:
    """The rules of the call, to which another may refer."""
    from ..callfile.standard import STANDARD_CODES, standard_title

    found = data.get("rules")
    own = [
        (str(rule.get("code")), _title(rule, lang))
        for rule in (found if isinstance(found, list) else [])
        if isinstance(rule, Mapping) and isinstance(rule.get("code"), str)
    ]
    return own + [(code, standard_title(code)[lang]) for code in STANDARD_CODES]


def _title(rule: Mapping[str, Any], lang: str) -> str:
    title = rule.get("title")
    said = title.get(lang) if isinstance(title, Mapping) else None
    return said if isinstance(said, str) and said else str(rule.get("code"))


def _codes(documents: Any) -> list[str]:
    listed = documents if isinstance(documents, list) else []
    return [one["code"] for one in listed if isinstance(one, Mapping) and isinstance(one.get("code"), str)]


def of_grid(part: str, data: Mapping[str, Any], lang: str) -> list[Option]:
    """The sections or the criteria of the grid by their names, under their codes."""
    grid = data.get("grid")
    listed = grid.get(part) if isinstance(grid, Mapping) else None
    return [
        (one["code"], _label(one, lang))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, Mapping) and isinstance(one.get("code"), str)
    ]


def _label(item: Mapping[str, Any], lang: str) -> str:
    words = item.get("label")
    said = words.get(lang) if isinstance(words, Mapping) else None
    return said if isinstance(said, str) and said else str(item.get("code"))


def ranks(shown: Mapping[str, str], name: str) -> int:
    """How many ranks of an ordered choice are taken."""
    return sum(key.startswith(f"{name}.") for key in shown)


def ticked(shown: Mapping[str, str], name: str) -> list[str]:
    """The codes whose boxes are ticked in these fields."""
    start = f"{name}."
    return [key[len(start) :] for key in shown if key.startswith(start) and key != f"{name}._"]


def cases(shown: Mapping[str, str], name: str, lang: str, data: Mapping[str, Any]) -> list[Option]:
    """The rows of a value by case: every code of a short vocabulary, and those already written."""
    selector = CATALOGUE.get(shown.get(f"{name}.by", ""))
    start = f"{name}.case."
    there = dict.fromkeys(key[len(start) :].rpartition(".")[0] for key in shown if key.startswith(start))
    vocabulary_name = selector.vocabulary if selector and selector.vocabulary else ""
    if vocabulary_name == "province":
        return [(code, vocabulary.name("province", code, lang)) for code in there]
    return listed(vocabulary_name, lang, data, there)


@codes
def option_codes() -> Iterable[str]:
    """Words of the operators and of the ways to give a value."""
    yield from (f"edit.op.{op}" for op in dict.fromkeys(op for ops in OPERATORS.values() for op in ops))
    yield from (f"edit.mode.{mode}" for mode in conditions.MODES)
