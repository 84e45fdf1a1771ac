"""What the draft says in plain words, page by page, even while something of it is still wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from backend.core.calendar import format_date, format_datetime
from backend.core.i18n import codes, label, localized, ntranslate, translate
from backend.core.money import format_money

from ..callfile import CallFile, CallFileInvalid, Issue, following, from_json
from ..callfile.models import Document
from ..callfile.selecting import constraint_in_words, selection_of, sentences
from ..rules.model import Rule
from ..rules.values import percent_words
from ..rules.vocabulary import Namer, name
from ..rules.words import in_words
from ..terms import MONEY_RULES
from .faults import dotted

WHO = ("legal_form", "territory", "commune")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence under its title; `kind` is `warn` for a rule that only warns, `todo` for what is missing."""

    text: str
    title: str = ""
    kind: str = ""


def readable(data: Mapping[str, Any], base: CallFile | None) -> tuple[CallFile | None, tuple[Issue, ...]]:
    """The call as far as it can be read (wrong parts are those of the last valid one), and the faults.

    The reader checks sums and orders once everything has the right form: here they are told of the parts
    that have it, whatever is wrong elsewhere.
    """
    issues: list[Issue] = []
    mended, replaced = dict(data), set[str]()
    good = base.as_json() if base else {}
    for _attempt in range(4):
        try:
            return from_json(mended), tuple(issues)
        except CallFileInvalid as invalid:
            issues += [issue for issue in invalid.issues if not issues or _part(issue) not in replaced]
            if base is None:
                break
            wrong = {_part(issue) for issue in invalid.issues}
            if "rules" in wrong and "rules" not in replaced:
                mended["rules"] = _good_rules(mended.get("rules"), invalid.issues)
                replaced.add("rules")
                wrong.discard("rules")
            for key in wrong:
                mended.pop(key, None)
                mended |= {key: good[key]} if key in good else {}
            replaced |= wrong
    return base, tuple(issues)


def _part(issue: Issue) -> str:
    return dotted(issue.path).split(".")[0]


def _good_rules(rules: Any, issues: Iterable[Issue]) -> list[Any]:
    wrong = {dotted(issue.path).split(".")[1] for issue in issues if "[" in issue.path}
    listed = rules if isinstance(rules, list) else []
    return [rule for i, rule in enumerate(listed) if str(i) not in wrong]


def lines(
    data: Mapping[str, Any], file: CallFile | None, section: str, item: int | None, lang: str
) -> list[Line]:
    """The words of one page in one language."""
    if section == "rules":
        return list(_rules(data.get("rules"), item, file.namer if file else None, lang))
    if file is None:
        return []
    if item is not None:
        return list(_item(file, section, item, lang))
    return list(_SECTIONS[section](file, lang)) if section in _SECTIONS else []


def _rules(rules: Any, item: int | None, namer: Namer | None, lang: str) -> Iterator[Line]:
    for i, raw in enumerate(rules if isinstance(rules, list) else []):
        if item is None or i == item:
            yield rule_line(raw, namer, lang)


def rule_line(raw: Any, namer: Namer | None, lang: str) -> Line:
    """A rule in words; one that cannot be read yet says so."""
    title = raw.get("title") if isinstance(raw, Mapping) else None
    said = (
        localized(lang, title)
        if isinstance(title, Mapping) and all(isinstance(one, str) for one in title.values())
        else ""
    )
    try:
        parts = (
            {key: raw[key] for key in ("when", "check", "fails") if key in raw}
            if isinstance(raw, Mapping)
            else {}
        )
        rule = Rule.model_validate(parts | {"code": "rule", "title": {"fr": "-", "ar": "-"}})
        return Line(in_words(rule, lang, namer), said, "warn" if rule.fails == "warn" else "")
    except ValidationError:
        return Line(label(lang, "edit.preview.todo"), said, "todo")


def _standard(file: CallFile, lang: str, wanted: Callable[[str], bool]) -> Iterator[Line]:
    for rule in file.every_rule()[: len(file.every_rule()) - len(file.rules)]:
        if wanted(rule.code):
            yield Line(in_words(rule, lang, file.namer), localized(lang, rule.title))


def _identity(file: CallFile, lang: str) -> Iterator[Line]:
    yield Line(localized(lang, file.summary), localized(lang, file.title))
    if file.support:
        yield Line(localized(lang, file.support), label(lang, "edit.support"))


def _issuer(file: CallFile, lang: str) -> Iterator[Line]:
    yield Line(localized(lang, file.issuer.territory), localized(lang, file.issuer.name))
    for source in file.sources:
        yield Line(source.name, label(lang, "edit.preview.source"))
    if file.assumed:
        yield Line(", ".join(file.assumed), label(lang, "edit.assumed"))


def _dates(file: CallFile, lang: str) -> Iterator[Line]:
    opens, closes = format_datetime(file.opens_at, lang), format_datetime(file.closes_at, lang)
    yield Line(translate(lang, "call.summary.window", opens=opens, closes=closes))
    yield Line(format_date(file.reference_date, lang), label(lang, "edit.reference_date"))
    days = (file.closes_at - file.opens_at).days
    yield Line(ntranslate(lang, "{n} jour", "{n} jours", days), label(lang, "edit.preview.length"))


def _who(file: CallFile, lang: str) -> Iterator[Line]:
    yield from _standard(file, lang, lambda code: code in WHO)
    age = ntranslate(lang, "{n} an", "{n} ans", file.youth_under)
    yield Line(translate(lang, "edit.preview.youth", age=age))


def _sectors(file: CallFile, lang: str) -> Iterator[Line]:
    found = list(_standard(file, lang, lambda code: code in ("sector", "chain")))
    yield from found or [Line(label(lang, "edit.preview.any_sector"))]


def _money(file: CallFile, lang: str) -> Iterator[Line]:
    yield Line(translate(lang, "call.summary.envelope", amount=format_money(file.envelope, lang)))
    yield from _standard(file, lang, lambda code: code in MONEY_RULES)


def _documents(file: CallFile, lang: str) -> Iterator[Line]:
    for document in file.documents:
        yield _document(document, lang)


def _document(document: Document, lang: str) -> Line:
    parts = [] if document.required else [label(lang, "call.summary.document.optional")]
    separator = "، " if lang == "ar" else ", "
    parts += (
        [separator.join(name("legal_form", form, lang) for form in document.only_for)]
        if document.only_for
        else []
    )
    parts += [localized(lang, document.help)] if document.help else []
    return Line(" · ".join(parts), localized(lang, document.label))


def _incomplete(file: CallFile, lang: str) -> Iterator[Line]:
    days = file.incomplete.working_days or 0
    yield Line(translate(lang, f"call.summary.incomplete.{file.incomplete.then}", days=days))


def _grid(file: CallFile, lang: str) -> Iterator[Line]:
    grid = file.grid
    yield Line(
        translate(lang, "call.summary.grid", pass_mark=grid.pass_mark, evaluators=grid.evaluators_per_file)
    )
    for part in grid.parts:
        if part.section:
            yield Line(f"{part.weight} %", localized(lang, part.section.label), "head")
        for criterion in part.criteria:
            yield Line(f"{criterion.weight} %", localized(lang, criterion.label))
    yield Line(translate(lang, "call.change.grid.discordance", value=grid.discordance))
    yield Line(_chosen("ranking", grid.ranking, lang))
    yield Line(translate(lang, "call.change.grid.blind", value=label(lang, f"call.panel.{grid.panel}")))


def _chosen(name: str, code: str, lang: str) -> str:
    return translate(lang, f"call.change.grid.{name}", value=label(lang, f"edit.option.{name}.{code}"))


def _viability(file: CallFile, lang: str) -> Iterator[Line]:
    yield Line(_chosen("viability", file.grid.viability, lang))
    for rated in ("discount_rate", "inflation"):
        rate = getattr(file.finance, rated)
        value = label(lang, "call.summary.finance.assumed") if rate is None else percent_words(rate, lang)
        yield Line(translate(lang, f"call.change.finance.{rated}", value=value))


def _selection(file: CallFile, lang: str) -> Iterator[Line]:
    for sentence in sentences(file, lang):
        yield Line(sentence)
    for one in selection_of(file).constraints:
        yield Line(constraint_in_words(one, lang, file.namer), localized(lang, one.label))


def _tranches(file: CallFile, lang: str) -> Iterator[Line]:
    for tranche in file.tranches:
        yield Line(localized(lang, tranche.condition), percent_words(tranche.share, lang))


def _coaching(file: CallFile, lang: str) -> Iterator[Line]:
    length = ntranslate(lang, "{n} mois", "{n} mois", file.coaching.months)
    yield Line(translate(lang, "call.summary.coaching", months=length))
    for milestone in file.coaching.milestones:
        code = "milestone" if milestone.after_months else "milestone.start"
        months = ntranslate(lang, "{n} mois", "{n} mois", milestone.after_months)
        yield Line(
            translate(lang, f"call.summary.{code}", months=months, title=localized(lang, milestone.title))
        )


def _reminders(file: CallFile, lang: str) -> Iterator[Line]:
    separator = "، " if lang == "ar" else ", "
    for reminder in file.coaching.reminders:
        days = ntranslate(lang, "{n} jour", "{n} jours", abs(reminder.days))
        when = "on" if not reminder.days else "before" if reminder.days < 0 else "after"
        told = separator.join(label(lang, f"edit.option.told.{who}") for who in reminder.to)
        yield Line(told, translate(lang, f"edit.preview.reminder.{when}", days=days))


def _follow_up(file: CallFile, lang: str) -> Iterator[Line]:
    yield Line(translate(lang, "call.summary.follow_up", months=", ".join(map(str, file.follow_up.months))))


def _appeal(file: CallFile, lang: str) -> Iterator[Line]:
    yield Line(
        translate(
            lang, "call.summary.appeal", days=ntranslate(lang, "{n} jour", "{n} jours", file.appeal_days)
        )
    )
    for sentence in following.sentences(file, lang):
        yield Line(sentence)


def _item(file: CallFile, section: str, item: int, lang: str) -> Iterator[Line]:
    if section == "selection" and item < len(selection_of(file).constraints):
        one = selection_of(file).constraints[item]
        yield Line(constraint_in_words(one, lang, file.namer), localized(lang, one.label))
    if section == "documents" and item < len(file.documents):
        yield _document(file.documents[item], lang)
    if section == "grid" and item < len(file.grid.criteria):
        criterion = file.grid.criteria[item]
        yield Line(f"{criterion.weight} %", localized(lang, criterion.label))
        for mark, level in enumerate(criterion.levels):
            yield Line(localized(lang, level), str(mark))


_SECTIONS: dict[str, Callable[[CallFile, str], Iterator[Line]]] = {
    "identity": _identity, "issuer": _issuer, "dates": _dates, "who": _who, "sectors": _sectors,
    "money": _money, "documents": _documents, "incomplete": _incomplete, "grid": _grid,
    "viability": _viability, "selection": _selection,
    "tranches": _tranches, "coaching": _coaching, "reminders": _reminders, "follow_up": _follow_up,
    "appeal": _appeal,
}  # fmt: skip


@codes
def preview_codes() -> list[str]:
    """Words of the preview that the call's own summary does not have."""
    names = ("todo", "source", "length", "youth", "any_sector")
    return [f"edit.preview.{name}" for name in names] + [
        f"edit.preview.reminder.{when}" for when in ("on", "before", "after")
    ]
