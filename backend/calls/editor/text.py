"""A call's data as YAML in a stable order, and back; the same reader as `./indh call check`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from ..callfile.document import MAX_BYTES, Document, Path, load
from ..callfile.reader import EXTENDS, extended, fields_at
from ..commands import CALLS_FOLDER

WIDTH = 110
_COMMENT = re.compile(r"(^|\s)#", re.MULTILINE)
_FIRST = ("fact", "share", "rule")
"""Keys of a condition that are read before the others."""


@lru_cache(maxsize=64)
def _document(source: str) -> Document:
    return extended(load(source, "<call>"), CALLS_FOLDER)


def document(source: str) -> Document:
    """The data of a text with the place of each value, what it extends filled in; not to be changed.

    Raises CallFileInvalid when the text cannot be read at all.
    """
    return _document(source)


def data_of(source: str) -> dict[str, Any]:
    """A copy of the data of a text, free to be changed. Raises CallFileInvalid."""
    return deepcopy(_document(source).data)


def commented(source: str) -> bool:
    """Whether the text may hold comments, which a change made in the pages would lose."""
    return bool(_COMMENT.search(source))


def storable(source: str) -> bool:
    """Whether the text fits: its size, and characters that the database can keep."""
    if "\0" in source:
        return False
    try:
        return len(source.encode()) <= MAX_BYTES
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def dump(data: Mapping[str, Any]) -> str:
    """The YAML text of a call: the order of the format, then whatever is unknown; reading it gives `data`."""
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = WIDTH
    yaml.sort_base_mapping_type_on_output = False
    out = StringIO()
    yaml.dump(_ordered(data, ()), out)
    return out.getvalue()


def _ordered(value: Any, path: Path) -> Any:
    """The same value, the keys of each mapping in the order of the format (as written where it has none)."""
    if isinstance(value, Mapping):
        order = {name: i for i, name in enumerate(_fields(_generic(path)))}
        keys = sorted(value, key=lambda key: (order.get(key, len(order)), key not in _FIRST))
        return {key: _ordered(value[key], (*path, key)) for key in keys}
    if isinstance(value, list | tuple):
        return [_ordered(item, (*path, 0)) for item in value]
    return value


def _generic(path: Path) -> Path:
    return path[:6]  # deeper there are only conditions, whose order is kept


@lru_cache(maxsize=512)
def _fields(path: Path) -> tuple[str, ...]:
    return tuple(name for name in fields_at(path) if name != EXTENDS)
