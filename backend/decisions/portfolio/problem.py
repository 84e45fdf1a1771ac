"""What is to be solved, in integers: dossiers, an envelope, bounds; alike in whatever order they came.

Money is centimes; scores are hundredths of a point; a share is an exact fraction of the money granted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

Measure = Literal["count", "money", "share"]
Side = Literal["floor", "ceiling"]
MAX_FILES = 20_000


@dataclass(frozen=True)
class File:
    """A dossier that may be funded: from `least` to `asked` centimes; `benefit` is what is maximised.

    One that is `held` was funded before: its amount is in the envelope and in the bounds already.
    """

    id: str
    rank: int
    score: int
    benefit: int
    asked: int
    least: int
    held: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.least <= self.asked or self.benefit < 0:
            raise ValueError(f"{self.id}: 0 < least <= asked and benefit >= 0 are wanted")


@dataclass(frozen=True)
class Bound:
    """A floor or a ceiling on some dossiers: their number, their money, their share of the money granted."""

    code: str
    side: Side
    measure: Measure
    limit: int | Fraction
    files: frozenset[str]

    def __post_init__(self) -> None:
        whole = isinstance(self.limit, int)
        if self.limit < 0 or whole == (self.measure == "share") or (not whole and self.limit > 1):
            raise ValueError(f"{self.code}: a limit is a whole number, or a share from 0 to 1")

    @property
    def key(self) -> str:
        """What tells it from the other bound of the same constraint."""
        return f"{self.code}.{self.side}"

    def holds(self, granted: Mapping[str, int]) -> bool:
        """Whether amounts granted respect it, in integers."""
        has, wanted = self.weighs(granted)
        return has >= wanted if self.side == "floor" else has <= wanted

    def weighs(self, granted: Mapping[str, int]) -> tuple[int, int]:
        """What its dossiers have and the limit, in the same unit (shares: multiplied out)."""
        hers = [amount for id_, amount in granted.items() if id_ in self.files]
        if self.measure == "count":
            return len(hers), int(self.limit)
        if self.measure == "money":
            return sum(hers), int(self.limit)
        share = Fraction(self.limit)
        return sum(hers) * share.denominator, sum(granted.values()) * share.numerator


@dataclass(frozen=True)
class Problem:
    """Maximise the benefits of the dossiers funded under the envelope and the bounds."""

    files: tuple[File, ...]
    envelope: int
    bounds: tuple[Bound, ...] = ()

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.files, key=lambda one: (one.rank, one.id)))
        object.__setattr__(self, "files", ordered)
        object.__setattr__(self, "bounds", tuple(sorted(self.bounds, key=lambda one: one.key)))
        if len({one.id for one in ordered}) != len(ordered) or len(ordered) > MAX_FILES:
            raise ValueError("each dossier once, and not too many of them")
        if len({one.key for one in self.bounds}) != len(self.bounds):
            raise ValueError("each bound once")
        if self.envelope < 0:
            raise ValueError("an envelope is not negative")

    @cached_property
    def by_id(self) -> dict[str, File]:
        """The dossiers by their ids, best ranked first."""
        return {one.id: one for one in self.files}

    def without(self, *keys: str) -> Problem:
        """The same without these bounds."""
        return Problem(self.files, self.envelope, tuple(one for one in self.bounds if one.key not in keys))

    def breaks(self, granted: Mapping[str, int]) -> list[str]:
        """Keys of the bounds that amounts granted do not respect; `envelope`, `amount` for those limits."""
        found = [one.key for one in self.bounds if not one.holds(granted)]
        if sum(granted.values()) > self.envelope:
            found.append("envelope")
        if any(
            not self.by_id[id_].least <= amount <= self.by_id[id_].asked for id_, amount in granted.items()
        ):
            found.append("amount")
        if any(one.held and one.id not in granted for one in self.files):
            found.append("held")
        return found

    def benefit(self, chosen: Collection[str]) -> int:
        """What is maximised, of these dossiers."""
        return sum(self.by_id[id_].benefit for id_ in chosen)

    def score(self, chosen: Collection[str]) -> int:
        """The sum of their scores, hundredths."""
        return sum(self.by_id[id_].score for id_ in chosen)

    def as_json(self) -> dict[str, Any]:
        """Plain data that `from_json` reads back to an equal problem."""
        return {
            "envelope": self.envelope,
            "files": [[f.id, f.rank, f.score, f.benefit, f.asked, f.least, f.held] for f in self.files],
            "bounds": [[b.code, b.side, b.measure, str(b.limit), sorted(b.files)] for b in self.bounds],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """See `as_json`."""
        return cls(
            tuple(File(*row) for row in data["files"]),
            data["envelope"],
            tuple(
                Bound(
                    code, side, measure, Fraction(limit) if measure == "share" else int(limit), frozenset(ids)
                )
                for code, side, measure, limit, ids in data["bounds"]
            ),
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the inputs, the same in whatever order they came: who has them can compute again."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
