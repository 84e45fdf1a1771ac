"""The lists of a call in words, item by item: what is compared of two versions of them."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from backend.core.calendar import format_date
from backend.core.i18n import LANGUAGES, codes, label, localized, ntranslate, translate

from .callfile import CallFile
from .callfile.models import Criterion, Document, Grid, Milestone, Reminder, Source, Tranche
from .callfile.selecting import constraint_in_words, selection_of, sentences
from .rules.values import colon, percent_words
from .terms import names

Words = dict[str, str]
Items = dict[str, tuple[Words, Words]]
"""By code: how the item is called, and everything that is said of it."""

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
    "criterion.section",
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
    yield from (f"call.change.grid.{name}" for name in (*_SETTINGS, "sections"))
    yield from (f"call.panel.{name}" for name in ("blind", "open"))
    yield from (f"call.told.{who}" for who in ("holder", "coach", "das"))


def both(write: Callable[..., str], *what: Any) -> Words:
    """What `write(*what, lang)` says in each language."""
    return {lang: write(*what, lang) for lang in LANGUAGES}


def part_words(part: str) -> Words:
    return {lang: label(lang, f"call.part.{part}") for lang in LANGUAGES}


def _documents(file: CallFile) -> Items:
    return {one.code: (dict(one.label), both(_document, one)) for one in file.documents}


def _document(one: Document, lang: str) -> str:
    needed = label(lang, "call.change.document.required" if one.required else "call.change.document.optional")
    parts = [localized(lang, one.label), needed]
    if one.only_for:
        forms = joined(names("legal_form", one.only_for, lang), lang)
        parts.append(translate(lang, "call.change.document.asked", forms=forms))
    if one.help:
        parts.append(localized(lang, one.help))
    return _clauses(parts, lang)


def _grid(file: CallFile) -> Items:
    settings = {f" {name}": (part_words("grid"), both(_setting, file.grid, name)) for name in _SETTINGS}
    found = {one.code: (dict(one.label), both(_criterion, one, file.grid)) for one in file.grid.criteria}
    sections = {" sections": (part_words("grid"), both(_sections, file.grid))} if file.grid.sections else {}
    return settings | sections | found


def _sections(grid: Grid, lang: str) -> str:
    named = joined((localized(lang, one.label) for one in grid.sections or ()), lang)
    return translate(lang, "call.change.grid.sections", value=named)


def _setting(grid: Grid, name: str, lang: str) -> str:
    value: object = getattr(grid, _SETTINGS[name])
    if name == "tie_break":
        labels = {one.code: localized(lang, one.label) for one in grid.criteria}
        value = joined((labels[code] for code in grid.tie_break), lang)
    elif name in ("ranking", "viability"):
        value = label(lang, f"edit.option.{name}.{value}")
    elif name == "blind":
        value = label(lang, f"call.panel.{grid.panel}")
    return translate(lang, f"call.change.grid.{name}", value=value)


def _criterion(one: Criterion, grid: Grid, lang: str) -> str:
    criterion = localized(lang, one.label)
    parts = [translate(lang, "call.change.criterion", criterion=criterion, weight=one.weight)]
    section = next((each for each in grid.sections or () if each.code == one.section), None)
    if section:
        named = localized(lang, section.label)
        parts.append(translate(lang, "call.change.criterion.section", section=named))
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
        name: (part_words("finance"), both(_rate, name, rate))
        for name, rate in rates.items()
        if rate is not None
    }


def _rate(name: str, rate: Fraction, lang: str) -> str:
    return translate(lang, f"call.change.finance.{name}", value=percent_words(rate, lang))


def _selection(file: CallFile) -> Items:
    title = part_words("selection")
    chosen = selection_of(file)
    found: Items = {" method": (title, both(_method, file))} if file.selection else {}
    return found | {one.code: (dict(one.label), both(constraint_in_words, one)) for one in chosen.constraints}


def _method(file: CallFile, lang: str) -> str:
    return " ".join(sentences(file, lang))


def _tranches(file: CallFile) -> Items:
    return {one.code: (part_words("tranches"), both(_tranche, one)) for one in file.tranches}


def _tranche(one: Tranche, lang: str) -> str:
    return f"{percent_words(one.share, lang)}{colon(lang)}{localized(lang, one.condition)}"


def _coaching(file: CallFile) -> Items:
    title, coaching = part_words("coaching"), file.coaching
    found: Items = {" months": (title, both(_length, coaching.months))}
    found |= {one.code: (title, both(_milestone, one)) for one in coaching.milestones}
    return found | {f" {one.days}": (title, both(_reminder, one)) for one in coaching.reminders}


def _length(months: int, lang: str) -> str:
    return translate(lang, "call.summary.coaching", months=months_words(months, lang))


def _milestone(one: Milestone, lang: str) -> str:
    code = "milestone" if one.after_months else "milestone.start"
    months, title = months_words(one.after_months, lang), localized(lang, one.title)
    return translate(lang, f"call.summary.{code}", months=months, title=title)


def _reminder(one: Reminder, lang: str) -> str:
    told = joined((label(lang, f"call.told.{who}") for who in one.to), lang)
    return translate(lang, "call.change.reminder", days=one.days, told=told)


def _sources(file: CallFile) -> Items:
    return {f"{one.name} {one.url}": (part_words("sources"), both(_source, one)) for one in file.sources}


def _source(one: Source, lang: str) -> str:
    day = format_date(one.published_on, lang) if one.published_on else ""
    return " ".join(filter(None, (one.name, one.url, day)))


def months_words(n: int, lang: str) -> str:
    return ntranslate(lang, "{n} mois", "{n} mois", n)


LISTS: Mapping[str, Callable[[CallFile], Items]] = {
    "documents": _documents,
    "grid": _grid,
    "finance": _finance,
    "selection": _selection,
    "tranches": _tranches,
    "coaching": _coaching,
    "sources": _sources,
}


def joined(listed: Iterable[str], lang: str) -> str:
    return ("، " if lang == "ar" else ", ").join(listed)


def _clauses(parts: Iterable[str], lang: str) -> str:
    return ("؛ " if lang == "ar" else "\u00a0; ").join(parts)
