"""A place of the call file as its page names it: « Critère 2, sens de chaque note, note 3, arabe »."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backend.core.i18n import codes, label

from ..rules import vocabulary
from .spec import SECTIONS, Field, label_of

_FIELDS = {field.key: field for section in SECTIONS for field in section.fields}
LANGUAGES = ("fr", "ar")


@codes
def naming_codes() -> Iterable[str]:
    """Words of places inside a field."""
    yield from ("edit.place.fr", "edit.place.ar", "edit.place.level", "edit.place.rank")


def place_words(path: str, lang: str) -> str:
    """The dotted path in the words of the labels; empty when no page asks for it."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        field = _FIELDS.get(".".join(parts[:length]))
        if field is not None:
            return _joined(_words(None, field, parts[length:], lang), lang)
    owner = next((field for key, field in _FIELDS.items() if path and key.startswith(f"{path}.")), None)
    return _joined(_words(None, owner, [], lang), lang) if owner else ""


def _words(owner: Field | None, field: Field, rest: list[str], lang: str) -> Iterator[str]:
    if field.kind in ("items", "pages") and rest and rest[0].isdigit():
        yield f"{label(lang, f'edit.{field.key}.one')} {int(rest[0]) + 1}"
        part = next((one for one in field.fields if rest[1:] and one.key == rest[1]), None)
        if part is not None:
            yield from _words(field, part, rest[2:], lang)
        return
    yield label(lang, label_of(owner, field))
    if field.kind == "levels" and rest and rest[0].isdigit():
        yield label(lang, "edit.place.level", n=int(rest[0]))
        rest = rest[1:]
    if field.kind == "ranked" and rest and rest[0].isdigit():
        yield label(lang, "edit.place.rank", n=int(rest[0]) + 1)
    if field.kind == "amount" and rest and vocabulary.well_formed("legal_form", rest[-1]):
        yield vocabulary.name("legal_form", rest[-1], lang)
    if rest and rest[0] in LANGUAGES:
        yield label(lang, f"edit.place.{rest[0]}")


def _joined(words: Iterable[str], lang: str) -> str:
    """The first word as it is written, the others inside the sentence."""
    first, *others = words
    inside = [f"{one[:1].lower()}{one[1:]}" for one in others]
    return ("، " if lang == "ar" else ", ").join((first, *inside))
