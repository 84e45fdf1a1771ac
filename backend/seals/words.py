"""What a check found, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..core.calendar import format_datetime
from ..core.i18n import has, label, translate
from ..core.money import format_money
from .proof import Fault, Verdict

_ORDER = {key: place for place, key in enumerate(("outcome", "amount_centimes", "number", "version"))}
_CODED = {"kind": "fact", "event": "event", "key": "proof"}


def sentence(fault: Fault, lang: str) -> str:
    """One line that names what is wrong."""
    kind = fault.params.get("key")
    params = {name: _written(name, value, kind, lang) for name, value in fault.params.items()}
    return translate(lang, f"seal_fault.{fault.code}", **params)


def _written(name: str, value: Any, key: Any, lang: str) -> str:
    if name in _CODED:
        return _named(_CODED[name], value, lang)
    if isinstance(value, datetime):
        return format_datetime(value, lang)
    return value_of(str(key), value, lang) if name in ("said", "found") else str(value)


def facts(found: Verdict, lang: str) -> list[tuple[str, str]]:
    """What an exact proof shows, line by line: the event, what it says, its seal. Values may be anything."""
    event, seal = found.event, found.seal
    said = sorted(found.said.items(), key=lambda one: (_ORDER.get(one[0], len(_ORDER)), one[0]))
    return [
        (label(lang, "proof.event"), _named("event", event["name"], lang)),
        (label(lang, "proof.at"), _moment(event["at"], lang)),
        *((_key(event, key, lang), value_of(key, value, lang)) for key, value in said),
        (label(lang, "proof.seal"), f"{seal['number']} · {_moment(seal['at'], lang)}"),
        (label(lang, "proof.root"), seal["root"]),
    ]


def value_of(key: str, value: Any, lang: str) -> str:
    """A value of an event's data, as people read it."""
    if key == "amount_centimes" and isinstance(value, int):
        return format_money(value, lang)
    if key == "outcome":
        return _named("enum.decision_outcome", value, lang)
    return _moment(value, lang) if key == "counts_at" else str(value)


def _key(event: Mapping[str, Any], key: str, lang: str) -> str:
    """The words of a key of an event's data: those of its kind of subject when there are some."""
    own = f"{event['subject_type']}.{key}"
    return _named("proof", own if has(lang, f"proof.{own}") else key, lang)


def _named(family: str, word: Any, lang: str) -> str:
    code = f"{family}.{word}"
    return label(lang, code) if has(lang, code) else str(word)


def _moment(written: Any, lang: str) -> str:
    """An instant as people read it; as it is written when it is none."""
    try:
        return format_datetime(datetime.fromisoformat(written), lang)
    except (TypeError, ValueError, OverflowError):
        return str(written)
