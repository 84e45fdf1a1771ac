"""What the buttons of a page do to the call's data: add, remove, move, group. `verb:place[:how]`.

A place is a dotted path (`rules.2.check.all.0`). An act that does not fit what stands there does nothing:
two officers may have pressed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from . import conditions
from .form import MOST_ITEMS
from .spec import SECTIONS, Field

DEEPEST = 6
"""Groups in groups that the pages make; the text allows a few more."""
Data = dict[str, Any]
Place = tuple[str | int, ...]


def place_of(text: str) -> Place:
    """`rules.2.check` as keys and positions."""
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 5 else part
                 for part in text.split("."))  # fmt: skip


def find(data: Any, place: Place) -> Any:
    """What stands there, None when nothing does."""
    for part in place:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else None
        else:
            data = data.get(part) if isinstance(data, Mapping) else None
    return data


def act(data: Data, said: str) -> str | None:
    """Do what the button says; the path of what was added, for the page that shows it."""
    verb, _, rest = said.partition(":")
    where, _, how = rest.partition(":")
    if not where or verb not in _ACTS:
        return None
    return _ACTS[verb](data, place_of(where), how)


# -- lists -------------------------------------------------------------------------------------------
def _field(place: Place) -> Field | None:
    key = ".".join(str(part) for part in place)
    return next((one for section in SECTIONS for one in section.fields if one.key == key), None)


def _add(data: Data, place: Place, how: str) -> str | None:
    field = _field(place)
    if field is None or field.kind not in ("items", "pages"):
        return None
    listed = _list(data, place)
    most = 100 if field.kind == "pages" else MOST_ITEMS
    if listed is None or len(listed) >= most:
        return None
    from .starting import new_item

    listed.append(new_item(field.key, how, data))
    return f"{field.key}.{len(listed) - 1}"


def _list(data: Data, place: Place) -> list[Any] | None:
    """The list at a place, made when nothing stands there."""
    parent: Any = data
    for part in place[:-1]:
        parent = parent.setdefault(part, {}) if isinstance(parent, dict) else None
    if not isinstance(parent, dict):
        return None
    found = parent.setdefault(place[-1], [])
    return found if isinstance(found, list) else None


def _drop(data: Data, place: Place, _how: str) -> None:
    parent, last = find(data, place[:-1]), place[-1]
    if isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        del parent[last]
    elif isinstance(parent, dict) and last in ("when", "among"):
        parent.pop(last, None)


def _move(step: int) -> Callable[[Data, Place, str], None]:
    def move(data: Data, place: Place, _how: str) -> None:
        listed, i = find(data, place[:-1]), place[-1]
        if (
            isinstance(listed, list)
            and isinstance(i, int)
            and 0 <= i + step < len(listed)
            and i < len(listed)
        ):
            listed[i], listed[i + step] = listed[i + step], listed[i]

    return move


# -- conditions --------------------------------------------------------------------------------------
def _is_condition(place: Place) -> bool:
    """Inside a rule (`rules.<n>.check…` or `.when…`), or whom a constraint is about."""
    of_rule = len(place) > 2 and place[0] == "rules" and isinstance(place[1], int)
    among = len(place) > 3 and place[:2] == ("selection", "constraints") and isinstance(place[2], int)
    return (of_rule and place[2] in ("check", "when")) or (among and place[3] == "among")


def _set(data: Data, place: Place, value: Any) -> None:
    parent, last = find(data, place[:-1]), place[-1]
    inside = isinstance(parent, list) and isinstance(last, int) and last < len(parent)
    if inside or (isinstance(parent, dict) and isinstance(last, str)):
        parent[last] = value


def _begin(data: Data, place: Place, how: str) -> None:
    """Write a new comparison (or a reference to a rule) there, or at the end of the group there."""
    if not _is_condition(place):
        return
    new: Any = {"rule": ""} if how == "rule" else deepcopy(conditions.BLANK)
    found = find(data, place)
    if isinstance(found, list):
        if len(found) < conditions.MOST_PARTS:
            found.append(new)
    elif place[-1] in ("check", "when", "among") or how == "rule":
        _set(data, place, new)


def _wrap(data: Data, place: Place, how: str) -> None:
    """Put the condition in a group (`all`, `any`, with a second one to write) or under `not`."""
    found = find(data, place)
    nested = sum(1 for part in place if part in (*conditions.GROUPS, "not"))
    if not _is_condition(place) or not isinstance(found, dict) or nested >= DEEPEST:
        return
    if how in conditions.GROUPS:
        _set(data, place, {how: [found, deepcopy(conditions.BLANK)]})
    elif how == "not":
        _set(data, place, {"not": found})


def _unwrap(data: Data, place: Place, _how: str) -> None:
    """Take the condition out of its `not`, or out of a group of which it is the only one."""
    found = find(data, place)
    if not _is_condition(place) or not isinstance(found, dict):
        return
    inside = found.get("not")
    for head in conditions.GROUPS:
        if isinstance(found.get(head), list) and len(found[head]) == 1:
            inside = found[head][0]
    if isinstance(inside, dict):
        _set(data, place, inside)


def _turn(data: Data, place: Place, _how: str) -> None:
    """`all` becomes `any`, and back."""
    found = find(data, place)
    if not _is_condition(place) or not isinstance(found, dict):
        return
    for one, other in (conditions.GROUPS, conditions.GROUPS[::-1]):
        if one in found:
            _set(data, place, {other: found[one]})
            return


_ACTS: Mapping[str, Callable[[Data, Place, str], str | None]] = {
    "add": _add,
    "drop": _drop,
    "up": _move(-1),
    "down": _move(1),
    "begin": _begin,
    "wrap": _wrap,
    "unwrap": _unwrap,
    "turn": _turn,
}
