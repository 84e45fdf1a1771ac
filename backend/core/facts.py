"""Facts: what an event says of a row, and must go on saying as long as the row stands.

A slice registers each kind of fact in its `sealed.py`:

    fact(Fact("decision", ("decision.adopted",), rows=…, says=…, states=…))

`tx.emit` adds what `states` gives to the data of these events, whichever command emits them; `./indh verify`
holds each row against the last event about it. See docs/seals.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select

Says = Callable[[Any], dict[str, Any]]


def _nothing(_subject: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Fact:
    """A kind of fact.

    `rows` selects what is held against the events: `subject_id` (that of the event), `named` (how a person
    knows the row), the columns that `says` and `match` read. `says` gives, of such a row, what the data of
    its event must say, in plain JSON (an instant as such); a key that an older event lacks is not held
    against it. `at` is the column that must be the instant of the event. `match` ties one event among those
    of the subject to the row: key of its data, name of the column. `states` is what is added to the data when
    the event is emitted, of its subject as it then is: say the rest first.
    `record` is the content that `says` gives the SHA-256 of, for those who may read the row.
    Rows are held against the first event about them, or the `last` where each one says the whole anew. Only
    events whose data have the key `having` are about rows of the kind; where it is `complete`, each of them
    has its row.
    `proves` are the keys of the data that a proof shows anybody who may have it, `also` those that it shows
    the readers of the row.
    """

    kind: str
    events: tuple[str, ...]
    rows: Callable[[], Select[Any]]
    says: Says
    at: str = ""
    match: Mapping[str, str] = field(default_factory=dict)
    states: Says = _nothing
    record: Says | None = None
    last: bool = False
    having: str = ""
    complete: bool = True
    proves: Sequence[str] = ()
    also: Sequence[str] = ()


FACTS: dict[str, Fact] = {}
_STATED: dict[str, list[Fact]] = {}


def fact(made: Fact) -> Fact:
    """Register a kind of fact."""
    if made.kind in FACTS:
        raise ValueError(f"fact {made.kind} is declared twice")
    FACTS[made.kind] = made
    for name in made.events:
        _STATED.setdefault(name, []).append(made)
    return made


def stated(name: str, subject: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an event about to be emitted, with what its facts add."""
    found = dict(data)
    for one in _STATED.get(name, ()):
        found |= one.states(subject)
    return found


def provable() -> Iterable[Fact]:
    """The kinds that a proof can be given of."""
    return [one for one in FACTS.values() if one.proves]
