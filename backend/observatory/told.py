"""What an event says of itself, in the reader's words: the trail keeps codes, a person reads sentences.

What has no words here (identifiers, fingerprints) stays in the raw form that the page folds away.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from ..calls.rules.vocabulary import name
from ..core.calendar import format_date, format_datetime
from ..core.events import Event
from ..core.i18n import codes, has, label, localized
from ..core.money import format_money

FIELDS = (
    "abstentions", "added", "after", "amount_centimes", "assisted", "attempts", "audience",
    "before", "bulk", "capacity", "chains", "changed", "choice", "closes_at", "college", "count",
    "counts_at", "criteria", "doubts", "due_at", "due_on", "effective_on", "ends_on", "error",
    "evidence", "faults", "fields", "filing", "from_on", "grounds", "handed_in_at", "items", "kind",
    "left_out", "level", "media_type", "milestones", "missing", "months", "needed", "note", "now",
    "number", "offset", "outcome", "own_centimes", "present", "proof", "reason", "receipt",
    "resumes_at", "role", "rows", "rules", "scheduled_at", "scopes",
    "seats", "secret", "section", "signed_on", "size", "source", "standing", "starts_on", "status",
    "template", "title", "told", "total_hundredths", "until_on", "version", "votes_against",
    "votes_for", "what", "why",
)  # fmt: skip
"""Fields of events that have words: `trail.<field>`."""

SUBJECTS = (
    "access_token", "accompaniment", "agenda_item", "agreed_action", "appeal", "appeal_file",
    "application", "application_counter", "assignment", "assistance", "attendance", "ballot",
    "ballot_box", "call", "call_draft", "call_question", "call_review", "call_version",
    "clock_alert", "coaching_plan", "committee", "committee_session", "commune", "completion_request",
    "composition", "condition_file", "condition_reminder", "consultation", "consultation_file",
    "contribution", "convention", "decision", "decision_condition",
    "demo_clock", "dossier_document", "expertise", "export", "field_change", "field_note",
    "home_commune", "information_file", "information_request", "interest", "invitation", "letter",
    "lookalike", "member", "message", "milestone", "minutes", "motion", "organisation", "person",
    "priority_chain", "procedure", "province", "publication", "reference_load", "region",
    "reminder", "representative", "role_grant", "rule_result", "saved_view", "screening_note",
    "seal", "seat", "sign_in", "signature", "standing", "stored_file", "submission",
    "suspected_tie", "tranche", "value_chain", "wave",
)  # fmt: skip
"""Kinds of subjects that have words: `trail.of.<table>`."""

KINDS = (
    "state.{subject}.{value}", "enum.project_status.{value}", "enum.decision_outcome.{value}",
    "enum.ballot_choice.{value}", "enum.college.{value}", "enum.committee_kind.{value}",
    "enum.audience.{value}", "enum.filing.{value}", "enum.proof.{value}", "enum.legal_form.{value}",
    "enum.sex.{value}", "role.{value}", "mail.{value}", "reason.{value}", "enum.motion_kind.{value}",
    "enum.item_kind.{value}", "enum.note_kind.{value}", "enum.capacity.{value}",
    "enum.signature_level.{value}", "trail.value.{value}", "tie_ground.{value}", "doubt.{value}",
)  # fmt: skip
"""Where the words of a coded value may be, the likeliest first."""

COLUMNS = (
    "abstention_reason", "active", "address", "agent_id", "answer", "answered_at", "asked", "asked_at",
    "asked_by", "asked_centimes", "assigned_at", "attached_at", "attached_by", "attempts", "author_id",
    "begun_at", "body", "call_version", "cast_at", "casting_vote", "causes", "chain_code", "chains",
    "chairs", "channel", "checked_at", "closed_at", "closeness", "closes_at", "coach_id", "code",
    "columns", "commercial_register", "condition", "confirmed_at", "created_at", "created_by",
    "decided_at", "decided_by", "declared_at", "deposited_at", "discordant", "email", "ended_at",
    "envelope_centimes", "erased_at", "evaluator_id", "expires_at", "field", "filing", "first_id",
    "first_submitted_at", "found_at", "granted_at", "grounds", "held_on", "items", "jobs_men",
    "jobs_women", "kept_at", "loaded_at", "made_at", "majority_of", "majority_over", "marks",
    "marks_before", "media_type", "name", "note", "noted_at", "notes", "office", "offset_days",
    "opened_at", "opens_at", "order_number", "ordered_on", "own_evidence", "own_proven_at", "pages",
    "per_file", "person_id", "place", "population", "position", "prepared_at", "presence", "proof",
    "province_code", "published_at", "published_by", "published_question", "question", "queued_at",
    "quorum_of", "quorum_over", "rank", "ranked", "reach", "reasons", "receipt_code", "recipient_id",
    "recusal_reason", "refuses", "released_at", "removed_at", "report", "reported_at",
    "requested_centimes", "reviews", "revoked_at", "rule_code", "saved_at", "saved_by", "scan",
    "score_hundredths", "second_id", "sector", "sectors", "sent_at", "settled_at", "settled_by", "sex",
    "signed_at", "since", "size", "spread_hundredths", "state", "submissions", "submitted_at",
    "submitted_by", "surveyed_at", "surveyed_by", "text", "ties", "told_at", "total_centimes",
    "turnover_centimes", "until", "used_at", "validated_at", "version", "version_number",
    "viability_seen_at", "votes", "withdrawal_reason", "written_at", "written_by",
)  # fmt: skip
"""Columns of rows that have words of their own: `trail.column.<name>`; others may have those of a field."""

VALUES = (
    "bank_account", "birth_year", "budget", "chains", "changes", "commercial_register",
    "commune_code", "communes", "created_on", "declarations", "documents", "draft", "erratum",
    "extension", "financing", "ice", "language", "last_agm_on", "legal_form", "location", "members",
    "name", "organisation", "owner", "phone", "project", "register_number", "results", "sheet",
    "territory",
)  # fmt: skip
"""Names of sections and columns that events tell of: `trail.value.<name>`."""

_CODE = re.compile(r"[a-z][a-z0-9_.]*")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")


Names = Mapping[str, Mapping[str, str]]
"""What a call calls its rules and criteria, by their codes, in both languages."""


def told(event: Event, lang: str, names: Names | None = None) -> list[tuple[str, str]]:
    """The event's fields as (name, value) in words: what was, what became of it, then the rest.

    `names` are those of the call that the event is about (`queries.trail.names_in`).
    """
    kept = [field for field in event.data if field in FIELDS and event.data[field] not in (None, "", [], {})]
    first = {"before": 0, "after": 1}
    return [
        (label(lang, f"trail.{field}"), _named(event, field, lang, names or {}))
        for field in sorted(kept, key=lambda field: first.get(field, 2))
    ]


def _named(event: Event, field: str, lang: str, names: Names) -> str:
    """A field's value; lists of codes by the names that the call, or the country, gives to them."""
    said = event.data[field]
    if field not in ("rules", "criteria", "chains") or not isinstance(said, list):
        return _said(said, field, event.subject_type, lang)
    known = [
        localized(lang, names[code]) if code in names else name("chain", code, lang)
        for code in map(str, said)
    ]
    return _comma(lang).join(known)


def _comma(lang: str) -> str:
    return "، " if lang == "ar" else ", "


def subject(event: Event, lang: str) -> str:
    """What kind of thing the event speaks of."""
    return table(event.subject_type, lang)


def table(name: str, lang: str) -> str:
    """What a row of the table is; nothing when it has no words."""
    return label(lang, f"trail.of.{name}") if name in SUBJECTS else ""


def column(name: str, lang: str) -> str:
    """A column's name in words; nothing for what only the platform reads (fingerprints, keys, indexes)."""
    if name in COLUMNS:
        return label(lang, f"trail.column.{name}")
    if name in FIELDS:
        return label(lang, f"trail.{name}")
    return label(lang, f"trail.value.{name}") if name in VALUES else ""


def value(said: Any, name: str, of: str, lang: str) -> str:
    """What stands in a column of a row, in words."""
    return "" if said in (None, "", [], {}) else _said(said, name, of, lang)


def _said(value: Any, field: str, of: str, lang: str) -> str:
    if isinstance(value, bool):
        return label(lang, "trail.yes" if value else "trail.no")
    if field.endswith("_centimes") and isinstance(value, int):
        return format_money(value, lang)
    if field.endswith("_hundredths") and isinstance(value, int):
        return f"{value / 100:.2f}".replace(".", ",")
    if isinstance(value, Mapping):
        return localized(lang, value) if set(value) <= {"fr", "ar"} else f"{len(value)}"
    if isinstance(value, list):
        return _comma(lang).join(_said(one, field, of, lang) for one in value)
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
    yield from (f"trail.column.{name}" for name in COLUMNS)
