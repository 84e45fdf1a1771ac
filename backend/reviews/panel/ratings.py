"""Who gave what to which dossier: the one input of agreement, spread and severity."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Rating = tuple[Hashable, Hashable, float]
"""Dossier, evaluator, value (a mark on its scale, or a total in points)."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """Ratings as three columns; `file` and `evaluator` index into `files` and `evaluators`.

    An evaluator rates a dossier once at most; ratings may be missing in any pattern.
    """

    files: tuple[Any, ...]
    evaluators: tuple[Any, ...]
    file: Ints
    evaluator: Ints
    values: Floats

    @classmethod
    def of(cls, ratings: Iterable[Rating]) -> Ratings:
        """From (dossier, evaluator, value), in any order. ValueError for a repeated pair or an infinity."""
        kept = sorted(ratings, key=lambda one: (str(one[0]), str(one[1])))
        if len({(file, evaluator) for file, evaluator, _ in kept}) < len(kept):
            raise ValueError("an evaluator rates a dossier once")
        values = np.array([value for _, _, value in kept], dtype=np.float64)
        if not np.isfinite(values).all():
            raise ValueError("a rating is a finite number")
        files = tuple(dict.fromkeys(file for file, _, _ in kept))
        evaluators = tuple(sorted({evaluator for _, evaluator, _ in kept}, key=str))
        file_at = {file: at for at, file in enumerate(files)}
        evaluator_at = {evaluator: at for at, evaluator in enumerate(evaluators)}
        return cls(
            files,
            evaluators,
            np.array([file_at[file] for file, _, _ in kept], dtype=np.intp),
            np.array([evaluator_at[evaluator] for _, evaluator, _ in kept], dtype=np.intp),
            values,
        )

    @property
    def size(self) -> int:
        return len(self.values)

    @cached_property
    def per_file(self) -> Ints:
        """How many ratings each dossier has."""
        return np.bincount(self.file, minlength=len(self.files))

    @cached_property
    def file_means(self) -> Floats:
        """The mean rating of each dossier."""
        sums = np.bincount(self.file, weights=self.values, minlength=len(self.files))
        return np.asarray(sums / self.per_file, dtype=np.float64)

    def shared(self) -> Ratings:
        """Only the dossiers that at least two evaluators rated: the others say nothing of agreement."""
        keep = self.per_file[self.file] >= 2
        rows = zip(self.file[keep], self.evaluator[keep], self.values[keep], strict=True)
        return Ratings.of((self.files[f], self.evaluators[e], float(v)) for f, e, v in rows)

    def grid(self) -> Floats | None:
        """Dossiers × evaluators when every evaluator rated every dossier, else None."""
        if self.size == 0 or self.size != len(self.files) * len(self.evaluators):
            return None
        table = np.empty((len(self.files), len(self.evaluators)))
        table[self.file, self.evaluator] = self.values
        return table


def components(pairs: Iterable[tuple[Hashable, Hashable]]) -> list[tuple[frozenset[Any], frozenset[Any]]]:
    """The groups of (dossiers, evaluators) that no shared reading links, the largest first."""
    parent: dict[tuple[str, Any], tuple[str, Any]] = {}

    def root(node: tuple[str, Any]) -> tuple[str, Any]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for file, evaluator in pairs:
        parent[root(("file", file))] = root(("evaluator", evaluator))
    groups: dict[tuple[str, Any], tuple[set[Any], set[Any]]] = {}
    for node in list(parent):
        kind, id = node
        groups.setdefault(root(node), (set(), set()))[kind == "evaluator"].add(id)
    found = [(frozenset(files), frozenset(evaluators)) for files, evaluators in groups.values()]
    return sorted(found, key=lambda group: (-len(group[0]), min(map(str, group[0]))))
