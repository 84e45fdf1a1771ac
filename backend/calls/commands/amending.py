"""Errata and extensions: what a published call says changes only by a new version, with its reason."""

from datetime import datetime
from uuid import UUID

from backend.core.calendar import local
from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx

from ..callfile import CallFile, CallFileInvalid, from_json
from ..callfile.hidden import forbidden
from ..fairness import unfair
from ..lifecycle import AMENDMENT_EMPTY, AMENDMENT_UNFAIR, LIFECYCLE, PUBLISHABLE, has_deposits
from ..models import Call, VersionKind
from ..queries import definition
from .life import freeze
from .loading import check_references, columns, digest

REASON_LENGTH = 1000
"""Characters of a reason in one language."""


def amend(
    tx: Tx, call_id: UUID, file: CallFile, kind: VersionKind, reason: dict[str, str], version: int | None
) -> Call:
    """Publish `file` as the next version of the call.

    Raises `amendment_unfair` with each field that may not change so, `amendment_empty` when nothing does,
    `call_over` once the window has closed. `version` is the ETag that the editor read, None for an operator.
    """
    call = tx.get(Call, call_id, "call.amend", version=version)
    said = _reason(kind, reason)
    sha256 = digest(file)
    if sha256 == call.definition_sha256:
        raise AMENDMENT_EMPTY()
    wrongs = unfair(definition(call), file, kind, tx.now, has_deposits(tx, call))
    if wrongs:
        raise AMENDMENT_UNFAIR([FieldError(field, f"amendment_{why}") for field, why in wrongs])
    check_references(tx, file)
    number = call.version_number + 1
    LIFECYCLE.fire(tx, call, "amend", number=number, kind=kind, reason=said, definition_sha256=sha256)
    for name, value in columns(file, sha256).items():
        setattr(call, name, value)
    for guard in PUBLISHABLE:
        if refusal := guard(tx, call):
            raise refusal
    freeze(tx, call, kind, said)
    return call


def extend(tx: Tx, call_id: UUID, closes_at: datetime, reason: dict[str, str], version: int | None) -> Call:
    """Close later, and nothing else. An hour that no call file can write is refused."""
    call = tx.get(Call, call_id, "call.amend", version=version)
    written = f"{local(closes_at):%Y-%m-%d %H:%M}"
    try:
        file = from_json(call.definition | {"closes_at": written})
    except CallFileInvalid:
        raise AMENDMENT_UNFAIR([FieldError("closes_at", "amendment_closing_earlier")]) from None
    if file.closes_at != closes_at:
        raise INVALID([FieldError("closes_at", "invalid")])
    return amend(tx, call_id, file, VersionKind.EXTENSION, reason, version)


def _reason(kind: VersionKind, reason: dict[str, str]) -> dict[str, str]:
    """Why, in both languages: it is published beside the difference. A publication is not an amendment."""
    wrong = [] if kind is not VersionKind.PUBLICATION else [FieldError("kind", "invalid")]
    said = {lang: reason.get(lang, "").strip() for lang in ("fr", "ar")}
    wrong += [FieldError(f"reason.{lang}", "missing") for lang, text in said.items() if not text]
    wrong += [
        FieldError(f"reason.{lang}", "string_too_long", {"max_length": REASON_LENGTH})
        for lang, text in said.items()
        if len(text) > REASON_LENGTH
    ]
    wrong += [
        FieldError(f"reason.{lang}", "bad_character", {"character": character})
        for lang, text in said.items()
        if (character := forbidden(text))
    ]
    if wrong:
        raise INVALID(wrong)
    return said
