"""What the pages of dossiers share: names of codes, words of errors, the way back from a refusal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import FormData

from ...calls.rules import CATALOGUE, Rule
from ...calls.rules.conditions import Compare, walk
from ...calls.rules.vocabulary import name
from ...core.actor import Actor
from ...core.calendar import format_date, local
from ...core.errors import FieldError, Problem
from ...core.i18n import label, localized, ntranslate, translate
from ...web.forms import UNTOLD
from ...web.language import language_of
from ...web.problems import ProblemOut, describe
from .. import declared
from ..completeness import Status
from ..models import Application, Outcome
from ..queries import Judged
from ..terms import terms

TYPED = frozenset({"project", "location", "budget", "financing", "results", "declarations"})
"""Sections whose answers a holder may change to meet a rule."""
HOURS = frozenset({"opens_at", "closes_at", "now"})


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=800, max_files=0)


Form = Annotated[FormData, Depends(_form)]


def named(lang: str) -> Callable[[str, str | None], str]:
    """Names of sectors, chains, communes in the reader's language."""
    return lambda vocabulary, code: name(vocabulary, code, lang) if code else ""


def messages(lang: str, errors: Iterable[FieldError]) -> list[tuple[str, str]]:
    """(field, words) for each error, the first of each field."""
    first: dict[str, str] = {}
    for error in errors:
        first.setdefault(error.field, label(lang, f"field.{error.code}", **error.params))
    return list(first.items())


def told(problem: Problem, request: Request, actor: Actor) -> ProblemOut:
    """A refusal in words, for the page it was asked from; those that hide things go their own way."""
    if problem.status in UNTOLD:
        raise problem
    lang = language_of(request, actor)
    hours = {name: _instant(text, lang) for name, text in problem.params.items() if name in HOURS}
    return describe(Problem(problem.code, problem.status, problem.errors, **(problem.params | hours)), lang)


def _instant(text: str, lang: str) -> str:
    """To the second, as a second decides: mardi 10 mars 2026, 16:30:01."""
    moment = local(datetime.fromisoformat(text))
    return f"{format_date(moment, lang, 'weekday')}, {moment:%H:%M:%S}"


def refused_in(application: Application, results: Iterable[Judged], lang: str) -> dict[str, str]:
    """By section of the dossier, why the first rule that refuses what is typed there does."""
    homes = {rule.code: section_of(rule) for rule in terms(application.call).rules}
    found: dict[str, str] = {}
    for one in results:
        if one.refuses and one.outcome is Outcome.FAIL and homes.get(one.rule_code) in TYPED:
            found.setdefault(homes[one.rule_code], localized(lang, one.reason))
    return found


def judged_too(found: Iterable[Status], refused: Mapping[str, str]) -> list[Status]:
    """The sections' states, those being to correct in which a rule refuses what is typed."""
    return [replace(one, state="fix") if one.section in refused else one for one in found]


def section_of(rule: Rule) -> str:
    """Where the value that a rule judges is typed. Premises and communes have a page of their own."""
    first = next((node.fact for node in walk(rule.check.node) if isinstance(node, Compare)), "call.province")
    if first in ("project.province", "project.commune", "project.has_premises"):
        return "location"
    if first in declared.FIELDS:
        return "declarations"
    return CATALOGUE[first].section


def home_of(application_id: UUID) -> str:
    return f"/applications/{application_id}"


def time_left(lang: str) -> Callable[[datetime, datetime], str]:
    """`Il reste 12 jours pour déposer`: minutes or hours under a day, else calendar days in Casablanca."""

    def said(closes: datetime, now: datetime) -> str:
        left = int((closes - now).total_seconds())
        if left < 60:
            return translate(lang, "Il reste moins d’une minute pour déposer")
        if left < 3600:
            return ntranslate(
                lang, "Il reste {n} minute pour déposer", "Il reste {n} minutes pour déposer", left // 60
            )
        if left < 86400:
            return ntranslate(
                lang, "Il reste {n} heure pour déposer", "Il reste {n} heures pour déposer", left // 3600
            )
        days = (local(closes).date() - local(now).date()).days
        return ntranslate(lang, "Il reste {n} jour pour déposer", "Il reste {n} jours pour déposer", days)

    return said
