"""What an officer asks of the list of dossiers, as an address says it: read, checked, written again.

The same words stand in the address of a list, in a saved view, in a bulk act and in an export. An empty one
narrows nothing; one that cannot be read is named, so that nothing is done to more dossiers than was meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from ..core.errors import INVALID, FieldError
from ..core.money import MoneyError, parse_money
from ..people.models import LegalForm
from .models import ApplicationState, Filing
from .search import Due, Filters, Judged, Sort

LONGEST = 4_000
LIST = "/das/applications"


def _one_of(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    return kind


def _code(text: str) -> str:
    if len(text) > 60 or "\0" in text:
        raise ValueError(text)
    return text


def _words(text: str) -> str:
    return text.replace("\0", " ")[:LONGEST]


READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    # in the address: (in Filters, how it is read)
    "q": ("text", _words),
    "call": ("call_id", UUID),
    "state": ("state", _one_of(ApplicationState)),
    "filing": ("filing", _one_of(Filing)),
    "sector": ("sector", _code),
    "chain": ("chain", _code),
    "commune": ("commune", _code),
    "form": ("legal_form", _one_of(LegalForm)),
    "rule": ("rule", _code),
    "judged": ("judged", _one_of(Judged)),
    "least": ("least", parse_money),
    "most": ("most", parse_money),
    "since": ("since", date.fromisoformat),
    "until": ("until", date.fromisoformat),
    "due": ("due", _one_of(Due)),
}
NAMES = (*READERS, "sort")


@dataclass(frozen=True)
class Wanted:
    """What was typed, what was understood of it, and what was not."""

    typed: dict[str, str]
    filters: Filters
    sort: Sort
    faults: tuple[FieldError, ...] = ()

    @property
    def sound(self) -> Filters:
        """The filters; refused when one of them could not be read."""
        if self.faults:
            raise INVALID(self.faults)
        return self.filters

    @property
    def narrows(self) -> bool:
        """Whether something beyond the call is asked."""
        return any(name not in {"call", "sort"} for name in self.typed)

    def address(self, **more: str | None) -> str:
        """The list that shows it."""
        said = {name: value for name, value in (self.typed | more).items() if value}
        return f"{LIST}?{urlencode(said)}" if said else LIST


def read(values: Mapping[str, Any]) -> Wanted:
    """Read the words of an address; what is none of the list's is left aside."""
    typed = {name: str(values[name]).strip() for name in NAMES if values.get(name)}
    typed = {name: value[:LONGEST] for name, value in typed.items() if value}
    found: dict[str, Any] = {}
    faults = []
    for name, (field, reader) in READERS.items():
        if name in typed:
            try:
                found[field] = reader(typed[name])
            except MoneyError as unread:
                faults.append(FieldError(name, unread.code))
            except ValueError:
                code = "date_unreadable" if name in {"since", "until"} else "invalid"
                faults.append(FieldError(name, code))
    for low, high, code in (("least", "most", "least_over_most"), ("since", "until", "since_after_until")):
        one, other = found.get(low), found.get(high)
        if one is not None and other is not None and one > other:
            faults.append(FieldError(high, code))
            del found[low], found[high]  # no dossier could be between them
    try:
        sort = Sort(typed.get("sort", Sort.NUMBER))
    except ValueError:
        sort = Sort.NUMBER
        typed.pop("sort")
    return Wanted(typed, Filters(**found), sort, tuple(faults))
