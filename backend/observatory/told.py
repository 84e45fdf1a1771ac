"""What an event says of itself, in the reader's words: the trail keeps codes, a person reads sentences.

What has no words here (identifiers, fingerprints) stays in the raw form that the page folds away.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from ..core.calendar import format_date, format_datetime
from ..core.events import Event
from ..core.i18n import codes, has, label, localized
from ..core.money import format_money

FIELDS = (
    "abstentions", "after", "amount_centimes", "assisted", "audience", "before", "bulk", "choice",
    "college", "count", "criteria", "due_at", "due_on", "effective_on", "ends_on", "error", "evidence",
    "fields", "from_on", "kind", "milestones", "missing", "months", "needed", "now", "number", "offset",
    "outcome", "own_centimes", "present", "reason", "receipt", "role", "rows", "rules", "scheduled_at",
    "scopes", "seats", "section", "signed_on", "source", "starts_on", "status", "template", "title",
    "total_hundredths", "until_on", "votes_against", "votes_for",
)  # fmt: skip
"""Fields of events that have words: `trail.<field>`."""

SUBJECTS = (
    "access_token", "application", "assignment", "call", "coaching_plan", "committee",
    "committee_session", "convention", "decision", "export", "interest", "message", "milestone", "motion",
    "organisation", "person", "priority_chain", "reference_load", "role_grant", "sign_in", "tranche",
    "wave",
)  # fmt: skip
"""Kinds of subjects that have words: `trail.of.<table>`."""

KINDS = (
    "state.{subject}.{value}", "enum.project_status.{value}", "enum.decision_outcome.{value}",
    "enum.ballot_choice.{value}", "enum.college.{value}", "enum.committee_kind.{value}",
    "enum.audience.{value}", "role.{value}", "mail.{value}", "reason.{value}", "trail.value.{value}",
)  # fmt: skip
"""Where the words of a coded value may be, the likeliest first."""

VALUES = (
    "birth_year", "budget", "commune_code", "created_on", "declarations", "documents", "financing", "ice",
    "language", "last_agm_on", "legal_form", "location", "members", "name", "organisation", "phone",
    "project", "register_number", "results",
)  # fmt: skip
"""Names of sections and columns that events tell of: `trail.value.<name>`."""

_CODE = re.compile(r"[a-z][a-z0-9_.]*")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")


def told(event: Event, lang: str) -> list[tuple[str, str]]:
    """The event's fields as (name, value) in words: what was, what became of it, then the rest."""
    kept = [field for field in event.data if field in FIELDS and event.data[field] not in (None, "", [], {})]
    first = {"before": 0, "after": 1}
    return [
        (label(lang, f"trail.{field}"), _said(event.data[field], field, event.subject_type, lang))
        for field in sorted(kept, key=lambda field: first.get(field, 2))
    ]


def subject(event: Event, lang: str) -> str:
    """What kind of thing the event speaks of."""
    return label(lang, f"trail.of.{event.subject_type}") if event.subject_type in SUBJECTS else ""


def _said(value: Any, field: str, of: str, lang: str) -> str:
    if isinstance(value, bool):
        return label(lang, "trail.yes" if value else "trail.no")
    if field.endswith("_centimes") and isinstance(value, int):
        return format_money(value, lang)
    if field == "total_hundredths" and isinstance(value, int):
        return f"{value / 100:.2f}".replace(".", ",")
    if isinstance(value, Mapping):
        return localized(lang, value) if set(value) <= {"fr", "ar"} else f"{len(value)}"
    if isinstance(value, list):
        return ", ".join(_said(one, field, of, lang) for one in value)
    return _word(value, of, lang) if isinstance(value, str) else str(value)


def _word(text: str, of: str, lang: str) -> str:
    """A code by its words, a day or an instant as people write it, the rest as it is."""
    if _CODE.fullmatch(text):
        for kind in KINDS:
            if has(lang, code := kind.format(subject=of, value=text)):
                return label(lang, code)
    if _INSTANT.fullmatch(text):
        with suppress(ValueError):
            if len(text) == len("2026-03-10"):
                return format_date(date.fromisoformat(text), lang)
            return format_datetime(datetime.fromisoformat(text), lang)
    return text


@codes
def trail_codes() -> Iterable[str]:
    """The codes of the trail's words, for the check of translations."""
    yield from (f"trail.{name}" for name in (*FIELDS, "yes", "no"))
    yield from (f"trail.of.{name}" for name in SUBJECTS)
    yield from (f"trail.value.{name}" for name in VALUES)
