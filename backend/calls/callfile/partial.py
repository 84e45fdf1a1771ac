"""What can be told of the sound parts of a call whose other parts cannot be read: all its faults at once.

A part that is faulty is left out, so that nothing is said of what is not known: a check that needs it stops.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from backend.calls.callfile.checks import CHECKS
from backend.calls.callfile.models import CallFile
from backend.calls.rules.parse import Finding

Path = tuple[str | int, ...]
LISTED = "rules"
"""The list whose sound items are looked at without the others: what rules say of one another."""


def besides(data: Mapping[str, Any], faulty: Sequence[Path]) -> Iterator[Finding]:
    """Faults between the parts of `data` that none of the `faulty` places is in."""
    wrong = {str(path[0]) for path in faulty if path}
    pruned, kept = _pruned(data, faulty)
    sound = {name: value for name, value in pruned.items() if name not in wrong or name in kept}
    read = {name: one for name, value in sound.items() if (one := _read(name, value)) is not None}
    call = CallFile.model_construct(None, **read)
    for name in (wrong | set(data)) - set(read):
        call.__dict__.pop(name, None)  # a default is not what was meant
    lost = _lost(data, kept)
    for check in CHECKS:
        for found in _until_unknown(check, call):
            if found.code == "unknown_rule" and found.params.get("value") in lost:
                continue  # it is there, only faulty itself
            yield replace(found, path=_back(found.path, kept))


def _pruned(data: Mapping[str, Any], faulty: Sequence[Path]) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The data without its faulty rules and caps; by list, which of its items are kept."""
    made, kept = dict(data), dict[str, list[int]]()
    caps = made.get("caps")
    if isinstance(caps, Mapping):
        bad = {path[1] for path in faulty if path[0] == "caps" and len(path) > 1}
        made["caps"] = {name: value for name, value in caps.items() if name not in bad}
        kept |= {"caps": []} if bad else {}
    listed = made.get(LISTED)
    if isinstance(listed, list):
        bad = {path[1] for path in faulty if path[0] == LISTED and len(path) > 1}
        kept[LISTED] = [i for i in range(len(listed)) if i not in bad]
        made[LISTED] = [listed[i] for i in kept[LISTED]]
    return made, kept


def _read(name: str, value: Any) -> Any:
    field = CallFile.model_fields.get(name)
    if field is None:
        return None
    try:
        return TypeAdapter(field.rebuild_annotation()).validate_json(json.dumps(value))
    except (ValidationError, TypeError):
        return None


def _until_unknown(check: Callable[[CallFile], Iterator[Finding]], call: CallFile) -> Iterator[Finding]:
    try:
        yield from check(call)
    except AttributeError:  # it needs a part that is not known
        return


def _lost(data: Mapping[str, Any], kept: Mapping[str, list[int]]) -> set[object]:
    """Codes of the rules that were left out."""
    listed = data.get(LISTED)
    if not isinstance(listed, list):
        return set()
    out = [one for i, one in enumerate(listed) if i not in kept.get(LISTED, [])]
    return {one["code"] for one in out if isinstance(one, Mapping) and isinstance(one.get("code"), str)}


def _back(path: Path, kept: Mapping[str, list[int]]) -> Path:
    """The place as the file has it."""
    if len(path) > 1 and path[0] == LISTED and isinstance(path[1], int):
        return (LISTED, kept[LISTED][path[1]], *path[2:])
    return path
