"""A call in plain words, for the operator's terminal and for whoever checks a file before opening it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backend.calls.callfile import following
from backend.calls.callfile.models import CallFile, Coaching, Grid
from backend.calls.callfile.selecting import lines
from backend.calls.rules.values import colon, ratio_text
from backend.calls.rules.words import in_words
from backend.core.calendar import format_datetime
from backend.core.i18n import codes, label, localized, ntranslate, translate
from backend.core.money import format_money

_CODES = (
    "window",
    "envelope",
    "rules",
    "documents",
    "document.optional",
    "grid",
    "tranches",
    "coaching",
    "milestone",
    "milestone.start",
    "follow_up",
    "appeal",
    "assumed",
    "incomplete.refuse",
    "incomplete.one_request",
)


@codes
def summary_codes() -> Iterable[str]:
    """Every code of this module that needs words in both languages."""
    yield from (f"call.summary.{code}" for code in _CODES)


def summary(call: CallFile, lang: str) -> str:
    """The whole call in one language, one fact a line."""
    return "\n".join(_lines(call, lang))


def _lines(call: CallFile, lang: str) -> Iterator[str]:
    def say(code: str, **params: object) -> str:
        return translate(lang, f"call.summary.{code}", **params)

    yield localized(lang, call.title)
    yield localized(lang, call.issuer.name)
    yield localized(lang, call.summary)
    yield say(
        "window", opens=format_datetime(call.opens_at, lang), closes=format_datetime(call.closes_at, lang)
    )
    yield say("envelope", amount=format_money(call.envelope, lang))
    yield say("rules")
    for rule in call.every_rule():
        yield f"  - {localized(lang, rule.title)} [{rule.code}]"
        yield f"    {in_words(rule, lang, call.namer)}"
    yield say("documents")
    for document in call.documents:
        optional = "" if document.required else f" {say('document.optional')}"
        yield f"  - {localized(lang, document.label)}{optional}"
    yield say(f"incomplete.{call.incomplete.then}", days=call.incomplete.working_days or 0)
    yield say("grid", pass_mark=call.grid.pass_mark, evaluators=call.grid.evaluators_per_file)
    yield from _grid(call.grid, lang)
    yield label(lang, "call.part.selection")
    for line in lines(call, lang):
        yield f"  - {line}"
    yield say("tranches")
    for tranche in call.tranches:
        yield f"  - {ratio_text(tranche.share)}{colon(lang)}{localized(lang, tranche.condition)}"
    yield from _coaching(call.coaching, lang)
    yield say("follow_up", months=", ".join(str(month) for month in call.follow_up.months))
    yield say("appeal", days=ntranslate(lang, "{n} jour", "{n} jours", call.appeal_days))
    yield from following.sentences(call, lang)
    if call.assumed:
        yield f"{say('assumed')}{colon(lang)}{', '.join(call.assumed)}"


def _grid(grid: Grid, lang: str) -> Iterator[str]:
    for part in grid.parts:
        if part.section:
            yield f"  {localized(lang, part.section.label)}{colon(lang)}{part.weight} %"
        for criterion in part.criteria:
            yield f"  - {localized(lang, criterion.label)}{colon(lang)}{criterion.weight} %"
    for name in ("ranking", "viability"):
        chosen = label(lang, f"edit.option.{name}.{getattr(grid, name)}")
        yield f"  - {translate(lang, f'call.change.grid.{name}', value=chosen)}"
    told = label(lang, f"call.panel.{grid.panel}")
    yield f"  - {translate(lang, 'call.change.grid.blind', value=told)}"


def _coaching(coaching: Coaching, lang: str) -> Iterator[str]:
    length = ntranslate(lang, "{n} mois", "{n} mois", coaching.months)
    yield translate(lang, "call.summary.coaching", months=length)
    for milestone in coaching.milestones:
        code = "milestone" if milestone.after_months else "milestone.start"
        months = ntranslate(lang, "{n} mois", "{n} mois", milestone.after_months)
        title = localized(lang, milestone.title)
        yield f"  - {translate(lang, f'call.summary.{code}', months=months, title=title)}"
