"""What a study of a portfolio tells, as plain data: it is found in one process and read in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Solution:
    """What is granted, centimes by dossier, and what it is worth."""

    granted: Mapping[str, int]
    benefit: int
    score: int

    @property
    def spent(self) -> int:
        """Centimes."""
        return sum(self.granted.values())


@dataclass(frozen=True)
class Yield:
    """A bound of a conflict and the nearest limit with which it would stand; None when none does alone."""

    key: str
    limit: int | None


@dataclass(frozen=True)
class Conflict:
    """Bounds that cannot all hold, whether the envelope is to blame too, and what would make room.

    `envelope` is the smallest one that suffices for every bound of the problem, None when no money does.
    """

    bounds: tuple[Yield, ...]
    by_money: bool
    envelope: int | None


@dataclass(frozen=True)
class Price:
    """Of a bound: benefit and score (hundredths) that would be gained without it, who would come and go."""

    key: str
    benefit: int
    score: int
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class Near:
    """A dossier that is not funded, and what it lacks: units of benefit, or centimes of envelope."""

    id: str
    missing: int


@dataclass(frozen=True)
class Study:
    """A portfolio, or a conflict of bounds; both when some gave way, none when nothing was proven (`hard`).

    `unpriced` are the bounds for which there was no time left.
    """

    inputs: str
    solution: Solution | None = None
    conflict: Conflict | None = None
    prices: tuple[Price, ...] = ()
    unpriced: tuple[str, ...] = ()
    by_benefit: Near | None = None
    by_money: Near | None = None
    hard: bool = False
    lowered: Mapping[str, int | None] = field(default_factory=dict)
    """By bound that had to give way: the limit that was kept to, None when it was left out."""
    displaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By dossier that is not funded: the bounds without which it would be."""
    needed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By dossier that is funded: the bounds without which it would not be."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Study:
        """Read what `dataclasses.asdict` wrote."""
        solution, conflict = data["solution"], data["conflict"]
        return cls(
            data["inputs"],
            Solution(**solution) if solution else None,
            Conflict(
                tuple(Yield(**one) for one in conflict["bounds"]), conflict["by_money"], conflict["envelope"]
            )
            if conflict
            else None,
            tuple(
                Price(one["key"], one["benefit"], one["score"], tuple(one["enters"]), tuple(one["leaves"]))
                for one in data["prices"]
            ),
            tuple(data["unpriced"]),
            Near(**data["by_benefit"]) if data["by_benefit"] else None,
            Near(**data["by_money"]) if data["by_money"] else None,
            data["hard"],
            data["lowered"],
            {id_: tuple(keys) for id_, keys in data["displaced"].items()},
            {id_: tuple(keys) for id_, keys in data["needed"].items()},
        )
