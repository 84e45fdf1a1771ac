"""What changed between two versions of a call, part by part, in plain words of both languages.

Fields that become rules (legal forms, territory, chains, caps) are told as the sentences of those rules, so
that nothing is told twice. Whatever has no words of its own falls back on its text in the file: no change of
a call file goes untold.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from backend.core.calendar import format_date, format_datetime
from backend.core.i18n import LANGUAGES, label, localized, ntranslate, translate
from backend.core.money import format_money

from .callfile import CallFile
from .listed import LISTS, Items, Words, both, joined, months_words, part_words
from .rules.model import Rule
from .rules.words import in_words
from .terms import PARTS, assumed_parts

OF_RULES = frozenset({"legal_forms", "province", "communes", "sectors", "chains", "caps", "rules"})
"""Fields of the file that are read as rules."""


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
    for part, read in LISTS.items():
        found += _listed(part, read(before), read(after))
    return found + list(_untold(before, after, {change.part for change in found}))


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
    "assumed": lambda file, lang: joined((label(lang, part) for part in assumed_parts(file)), lang),
    "follow_up": lambda file, lang: joined((months_words(n, lang) for n in file.follow_up.months), lang),
}


def _plain(before: CallFile, after: CallFile) -> Iterator[Change]:
    for part, write in _PLAIN.items():
        was, becomes = both(write, before), both(write, after)
        if was != becomes:
            yield Change(part, part_words(part), _some(was), _some(becomes))


def _some(words: Words) -> Words | None:
    return words if any(words.values()) else None


def _rules(before: CallFile, after: CallFile) -> Iterator[Change]:
    was, becomes = ({rule.code: rule for rule in file.every_rule()} for file in (before, after))
    for code in dict.fromkeys((*was, *becomes)):
        old, new = was.get(code), becomes.get(code)
        said = (both(_rule, old, before) if old else None, both(_rule, new, after) if new else None)
        shown = new or old
        if said[0] != said[1] and shown:
            yield Change("rules", dict(shown.title), *said)
        elif old and new and dict(old.title) != dict(new.title):
            yield Change("rules", part_words("rules"), dict(old.title), dict(new.title))


def _rule(rule: Rule, file: CallFile, lang: str) -> str:
    note = f" {localized(lang, rule.note)}" if rule.note else ""
    return in_words(rule, lang, file.namer) + note


def _listed(part: str, was: Items, becomes: Items) -> Iterator[Change]:
    for code in dict.fromkeys((*was, *becomes)):
        old, new = was.get(code), becomes.get(code)
        if old != new:
            title = (new or old or ({}, {}))[0]
            yield Change(part, title, old[1] if old else None, new[1] if new else None)


def _untold(before: CallFile, after: CallFile, told: set[str]) -> Iterator[Change]:
    """Parts that differ in the file and in nothing said above: the order of a list, a spelling."""
    was, becomes = before.as_json(), after.as_json()
    for field in dict.fromkeys((*was, *becomes)):
        old, new = was.get(field), becomes.get(field)
        part = "rules" if field in OF_RULES else field
        if old != new and part not in told:
            told.add(part)
            yield Change(
                part, part_words(field if field in PARTS else part), _as_written(old), _as_written(new)
            )


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
