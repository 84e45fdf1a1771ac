"""What changed between two versions of a call, part by part, in plain words of both languages.

Fields that become rules (legal forms, territory, chains, caps) are told as the sentences of those rules, so
that nothing is told twice. Whatever has no words of its own falls back on its text in the file: no change of
a call file goes untold.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from backend.core.calendar import format_date, format_datetime
from backend.core.i18n import LANGUAGES, codes, label, localized, ntranslate, translate
from backend.core.money import format_money

from .callfile import CallFile
from .callfile.models import Criterion, Document, Grid, Milestone, Reminder, Source, Tranche
from .callfile.selecting import constraint_in_words, selection_of, sentences
from .rules.model import Rule
from .rules.values import colon, percent_words
from .rules.words import in_words
from .terms import PARTS, assumed_parts, names

Words = dict[str, str]

OF_RULES = frozenset({"legal_forms", "province", "communes", "sectors", "chains", "caps", "rules"})
"""Fields of the file that are read as rules."""

_SETTINGS = {
    "scale": "scale_max",
    "pass_mark": "pass_mark",
    "evaluators": "evaluators_per_file",
    "tie_break": "tie_break",
    "discordance": "discordance",
    "ranking": "ranking",
    "viability": "viability",
    "blind": "blind",
}
_CODES = (
    "document.optional",
    "document.required",
    "document.asked",
    "criterion",
    "criterion.floor",
    "criterion.feasibility",
    "finance.discount_rate",
    "finance.inflation",
    "reminder",
)


@codes
def difference_codes() -> Iterable[str]:
    """Words of this module."""
    yield from (f"call.change.{code}" for code in _CODES)
    yield from (f"call.change.grid.{name}" for name in _SETTINGS)
    yield from (f"call.panel.{name}" for name in ("blind", "open"))
    yield from (f"call.told.{who}" for who in ("holder", "coach", "das"))


@dataclass(frozen=True)
class Change:
    """One part that changed: before and after in words; None where it did not exist."""

    part: str
    title: Words
    before: Words | None
    after: Words | None


def differences(before: CallFile, after: CallFile) -> list[Change]:
    """Every change from one version to the next, in the order in which the page of a call tells its parts."""
    found = [*_plain(before, after), *_rules(before, after)]
    for part, read in _LISTS.items():
        found += _listed(part, read(before), read(after))
    return found + list(_untold(before, after, {change.part for change in found}))


def _both(write: Callable[..., str], *what: Any) -> Words:
    """What `write(*what, lang)` says in each language."""
    return {lang: write(*what, lang) for lang in LANGUAGES}


def _part(part: str) -> Words:
    return {lang: label(lang, f"call.part.{part}") for lang in LANGUAGES}


_PLAIN: Mapping[str, Callable[[CallFile, str], str]] = {
    "title": lambda file, lang: localized(lang, file.title),
    "summary": lambda file, lang: localized(lang, file.summary),
    "support": lambda file, lang: localized(lang, file.support) if file.support else "",
    "issuer": lambda file, lang: localized(lang, file.issuer.name),
    "opens_at": lambda file, lang: format_datetime(file.opens_at, lang),
    "closes_at": lambda file, lang: format_datetime(file.closes_at, lang),
    "reference_date": lambda file, lang: format_date(file.reference_date, lang),
    "youth_under": lambda file, lang: ntranslate(lang, "{n} an", "{n} ans", file.youth_under),
    "envelope": lambda file, lang: format_money(file.envelope, lang),
    "incomplete": lambda file, lang: translate(
        lang, f"call.summary.incomplete.{file.incomplete.then}", days=file.incomplete.working_days or 0
    ),
    "appeal_days": lambda file, lang: ntranslate(lang, "{n} jour", "{n} jours", file.appeal_days),
    "assumed": lambda file, lang: _joined((label(lang, part) for part in assumed_parts(file)), lang),
    "follow_up": lambda file, lang: _joined((_months(n, lang) for n in file.follow_up.months), lang),
}


def _plain(before: CallFile, after: CallFile) -> Iterator[Change]:
    for part, write in _PLAIN.items():
        was, becomes = _both(write, before), _both(write, after)
        if was != becomes:
            yield Change(part, _part(part), _some(was), _some(becomes))


def _some(words: Words) -> Words | None:
    return words if any(words.values()) else None


def _rules(before: CallFile, after: CallFile) -> Iterator[Change]:
    was, becomes = ({rule.code: rule for rule in file.every_rule()} for file in (before, after))
    for code in dict.fromkeys((*was, *becomes)):
        old, new = was.get(code), becomes.get(code)
        said = (_both(_rule, old, before) if old else None, _both(_rule, new, after) if new else None)
        shown = new or old
        if said[0] != said[1] and shown:
            yield Change("rules", dict(shown.title), *said)
        elif old and new and dict(old.title) != dict(new.title):
            yield Change("rules", _part("rules"), dict(old.title), dict(new.title))


def _rule(rule: Rule, file: CallFile, lang: str) -> str:
    note = f" {localized(lang, rule.note)}" if rule.note else ""
    return in_words(rule, lang, file.namer) + note


Items = dict[str, tuple[Words, Words]]
"""By code: how the item is called, and everything that is said of it."""


def _listed(part: str, was: Items, becomes: Items) -> Iterator[Change]:
    for code in dict.fromkeys((*was, *becomes)):
        old, new = was.get(code), becomes.get(code)
        if old != new:
            title = (new or old or ({}, {}))[0]
            yield Change(part, title, old[1] if old else None, new[1] if new else None)


def _documents(file: CallFile) -> Items:
    return {one.code: (dict(one.label), _both(_document, one)) for one in file.documents}


def _document(one: Document, lang: str) -> str:
    needed = label(lang, "call.change.document.required" if one.required else "call.change.document.optional")
    parts = [localized(lang, one.label), needed]
    if one.only_for:
        forms = _joined(names("legal_form", one.only_for, lang), lang)
        parts.append(translate(lang, "call.change.document.asked", forms=forms))
    if one.help:
        parts.append(localized(lang, one.help))
    return _clauses(parts, lang)


def _grid(file: CallFile) -> Items:
    settings = {f" {name}": (_part("grid"), _both(_setting, file.grid, name)) for name in _SETTINGS}
    return settings | {one.code: (dict(one.label), _both(_criterion, one)) for one in file.grid.criteria}


def _setting(grid: Grid, name: str, lang: str) -> str:
    value: object = getattr(grid, _SETTINGS[name])
    if name == "tie_break":
        labels = {one.code: localized(lang, one.label) for one in grid.criteria}
        value = _joined((labels[code] for code in grid.tie_break), lang)
    elif name in ("ranking", "viability"):
        value = label(lang, f"edit.option.{name}.{value}")
    elif name == "blind":
        value = label(lang, f"call.panel.{grid.panel}")
    return translate(lang, f"call.change.grid.{name}", value=value)


def _criterion(one: Criterion, lang: str) -> str:
    criterion = localized(lang, one.label)
    parts = [translate(lang, "call.change.criterion", criterion=criterion, weight=one.weight)]
    if one.floor is not None:
        parts.append(translate(lang, "call.change.criterion.floor", floor=one.floor))
    if one.feasibility:
        parts.append(label(lang, "call.change.criterion.feasibility"))
    if one.help:
        parts.append(localized(lang, one.help))
    parts += [f"{mark}{colon(lang)}{localized(lang, level)}" for mark, level in enumerate(one.levels)]
    return _clauses(parts, lang)


def _finance(file: CallFile) -> Items:
    rates = {name: getattr(file.finance, name) for name in ("discount_rate", "inflation")}
    return {
        name: (_part("finance"), _both(_rate, name, rate)) for name, rate in rates.items() if rate is not None
    }


def _rate(name: str, rate: Fraction, lang: str) -> str:
    return translate(lang, f"call.change.finance.{name}", value=percent_words(rate, lang))


def _selection(file: CallFile) -> Items:
    title = _part("selection")
    chosen = selection_of(file)
    found: Items = {" method": (title, _both(_method, file))} if file.selection else {}
    return found | {
        one.code: (dict(one.label), _both(constraint_in_words, one)) for one in chosen.constraints
    }


def _method(file: CallFile, lang: str) -> str:
    return " ".join(sentences(file, lang))


def _tranches(file: CallFile) -> Items:
    return {one.code: (_part("tranches"), _both(_tranche, one)) for one in file.tranches}


def _tranche(one: Tranche, lang: str) -> str:
    return f"{percent_words(one.share, lang)}{colon(lang)}{localized(lang, one.condition)}"


def _coaching(file: CallFile) -> Items:
    title, coaching = _part("coaching"), file.coaching
    found: Items = {" months": (title, _both(_length, coaching.months))}
    found |= {one.code: (title, _both(_milestone, one)) for one in coaching.milestones}
    return found | {f" {one.days}": (title, _both(_reminder, one)) for one in coaching.reminders}


def _length(months: int, lang: str) -> str:
    return translate(lang, "call.summary.coaching", months=_months(months, lang))


def _milestone(one: Milestone, lang: str) -> str:
    code = "milestone" if one.after_months else "milestone.start"
    months, title = _months(one.after_months, lang), localized(lang, one.title)
    return translate(lang, f"call.summary.{code}", months=months, title=title)


def _reminder(one: Reminder, lang: str) -> str:
    told = _joined((label(lang, f"call.told.{who}") for who in one.to), lang)
    return translate(lang, "call.change.reminder", days=one.days, told=told)


def _sources(file: CallFile) -> Items:
    return {f"{one.name} {one.url}": (_part("sources"), _both(_source, one)) for one in file.sources}


def _source(one: Source, lang: str) -> str:
    day = format_date(one.published_on, lang) if one.published_on else ""
    return " ".join(filter(None, (one.name, one.url, day)))


def _months(n: int, lang: str) -> str:
    return ntranslate(lang, "{n} mois", "{n} mois", n)


_LISTS: Mapping[str, Callable[[CallFile], Items]] = {
    "documents": _documents,
    "grid": _grid,
    "finance": _finance,
    "selection": _selection,
    "tranches": _tranches,
    "coaching": _coaching,
    "sources": _sources,
}


def _untold(before: CallFile, after: CallFile, told: set[str]) -> Iterator[Change]:
    """Parts that differ in the file and in nothing said above: the order of a list, a spelling."""
    was, becomes = before.as_json(), after.as_json()
    for field in dict.fromkeys((*was, *becomes)):
        old, new = was.get(field), becomes.get(field)
        part = "rules" if field in OF_RULES else field
        if old != new and part not in told:
            told.add(part)
            yield Change(part, _part(field if field in PARTS else part), _as_written(old), _as_written(new))


def _as_written(value: object) -> Words | None:
    if not value:
        return None
    return dict.fromkeys(LANGUAGES, _flat(value))


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_flat(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_flat(one) for one in value)
    return str(value)


def _joined(listed: Iterable[str], lang: str) -> str:
    return ("، " if lang == "ar" else ", ").join(listed)


def _clauses(parts: Iterable[str], lang: str) -> str:
    return ("؛ " if lang == "ar" else "\u00a0; ").join(parts)
