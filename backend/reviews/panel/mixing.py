"""Exchanges between dossiers so that the same evaluators do not always read together; see `assignment`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TRIES = 12
"""Exchanges tried for each review in a round."""
ROUNDS = 8


def mix(
    given: list[list[int]],
    allowed: NDArray[np.bool_],
    expert: NDArray[np.bool_],
    earlier: Sequence[Sequence[int]],
    *,
    seed: int,
) -> None:
    """Exchange readers of two dossiers while it lowers the sum of squares of times that two read together.

    Only readers of the same standing on each of the two dossiers (both know its chain or neither does) are
    exchanged, so that loads and expertise stay what they were. The number of tries is bounded and seeded.
    """
    counts = [[0] * allowed.shape[1] for _ in range(allowed.shape[1])]
    for row, mine in enumerate(given):
        _count(counts, [*mine, *earlier[row]])
    slots = [(row, at) for row, mine in enumerate(given) for at in range(len(mine))]
    if len(slots) < 2:
        return
    random = np.random.default_rng(seed)
    may, knows = allowed.tolist(), expert.tolist()
    for _ in range(ROUNDS):
        changed = False
        tried = random.integers(0, len(slots), size=(len(slots), TRIES)).tolist()
        for slot, others in zip(slots, tried, strict=True):
            for other in others:
                changed |= _exchange((given, earlier, counts), (may, knows), slot, slots[other])
        if not changed:
            return


def _count(counts: list[list[int]], readers: Sequence[int]) -> None:
    for one in readers:
        for other in readers:
            if one != other:
                counts[one][other] += 1


_State = tuple[list[list[int]], Sequence[Sequence[int]], list[list[int]]]
_Tables = tuple[list[list[bool]], list[list[bool]]]


def _exchange(state: _State, tables: _Tables, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Let the readers in these two places change dossiers if they may and it mixes better; did they?"""
    given, earlier, counts = state
    may, knows = tables
    (a, at), (b, bt) = one, other
    i, j = given[a][at], given[b][bt]
    if a == b or i == j or not may[a][j] or not may[b][i] or j in given[a] or i in given[b]:
        return False
    if knows[a][i] != knows[a][j] or knows[b][i] != knows[b][j]:
        return False
    with_a = [*(one for one in given[a] if one != i), *earlier[a]]
    with_b = [*(one for one in given[b] if one != j), *earlier[b]]
    changes: dict[tuple[int, int], int] = {}
    for reader, mates, by in ((i, with_a, -1), (j, with_a, 1), (j, with_b, -1), (i, with_b, 1)):
        for mate in mates:
            key = (reader, mate) if reader < mate else (mate, reader)
            changes[key] = changes.get(key, 0) + by
    if sum(by * (2 * counts[x][y] + by) for (x, y), by in changes.items()) >= 0:
        return False
    for (x, y), by in changes.items():
        counts[x][y] += by
        counts[y][x] += by
    given[a][at], given[b][bt] = j, i
    return True
