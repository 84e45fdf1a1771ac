"""The conditions of a grant as a motion states them: their words in both languages, and their last day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...committees.models import CommitteeSession
from ...core.calendar import add_months, format_date, local
from ...core.errors import INVALID, FieldError
from ...core.i18n import LANGUAGES, codes, localized, translate
from ...core.shapes import written
from ...core.tx import Tx

MOST = 5
"""Conditions of one grant."""
LONGEST = 400
"""Characters of a condition, in one language."""
MONTHS = 12
"""The last day is at most so many months after the session, and after the first date when it is put off."""


@codes
def term_codes() -> Iterable[str]:
    """Words of this module."""
    yield from ("field.condition_due", "field.condition_none", "field.condition_many", "motion.conditions")


@dataclass(frozen=True)
class Terms:
    """What has to be met, {"fr", "ar"} each, and by when (that day included, in Casablanca)."""

    conditions: tuple[dict[str, str], ...] = ()
    due_on: date | None = None


def checked(tx: Tx, session: CommitteeSession, terms: Terms | None, about: str = "") -> Terms:
    """The terms without hidden marks; raises `invalid` beside `conditions`, `condition.N.LANG` or `due_on`.

    `about` ends the names of fields, where a form is about several dossiers.
    """
    terms = terms or Terms()
    if not 1 <= len(terms.conditions) <= MOST:
        code = "condition_many" if terms.conditions else "condition_none"
        raise INVALID([FieldError(f"conditions{about}", code, {"most": MOST})])
    conditions = tuple(
        {lang: written(one.get(lang, ""), f"condition.{n}.{lang}{about}", LONGEST) for lang in LANGUAGES}
        for n, one in enumerate(terms.conditions, 1)
    )
    held = local(session.scheduled_at).date()
    within(terms.due_on, max(held, local(tx.now).date()), add_months(held, MONTHS), f"due_on{about}")
    return Terms(conditions, terms.due_on)


def within(day: date | None, after: date, until: date, field: str) -> None:
    """Raises `invalid` beside `field` unless the day is after the one and at most the other."""
    if day is None or not after < day <= until:
        bounds = {"after": f"{after:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}"}
        raise INVALID([FieldError(field, "condition_due", bounds)])


def in_motion(terms: Terms, lang: str) -> str:
    """What a motion says of them."""
    return said(terms.conditions, terms.due_on, lang)


def said(conditions: Iterable[Any], due_on: date | None, lang: str) -> str:
    """The conditions in one sentence, with their day; nothing without conditions."""
    listed = [f"{n}) {localized(lang, one)}" for n, one in enumerate(conditions, 1)]
    if not listed or due_on is None:
        return ""
    ended = [one.rstrip(" .") for one in listed[:-1]]  # a sentence's point before a semicolon says nothing
    joined = ("؛ " if lang == "ar" else " ; ").join([*ended, listed[-1]])
    return translate(lang, "motion.conditions", day=format_date(due_on, lang), conditions=joined)


def terms_typed(typed: Mapping[str, str], about: str = "") -> Terms:
    """The terms as a form has them: rows left empty in both languages are none; a half-filled one is refused.

    Fields `condition.N.LANG` and `due_on`, each ended by `about`.
    """
    rows = [
        {lang: typed.get(f"condition.{n}.{lang}{about}", "").strip() for lang in LANGUAGES}
        for n in range(1, MOST + 1)
    ]
    wrong = [
        FieldError(f"condition.{n}.{lang}{about}", "missing")
        for n, row in enumerate(rows, 1)
        for lang in LANGUAGES
        if any(row.values()) and not row[lang]
    ]
    if wrong:
        raise INVALID(wrong)
    try:
        day = date.fromisoformat(typed.get(f"due_on{about}", "").strip())
    except ValueError:
        day = None
    return Terms(tuple(row for row in rows if any(row.values())), day)
