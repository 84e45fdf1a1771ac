"""The flow network behind `assignment`: successive shortest paths over evaluators, in exact integers."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# A path visits an evaluator once at most; with up to 1 000 of them its costs of one aim never reach the next.
HOP = 1  # fewest exchanges among equal paths: it makes every path a path of the whole network
STRANGER = 1 << 11  # a review by somebody who does not know the chain
UNKNOWN = 1 << 23  # a dossier that nobody who knows its chain reads
LOAD = 1 << 35  # times 2·load + 1, below 2¹⁶
LACK = 1 << 52  # times 2·missing − 1, below 2⁹
FAR = 1 << 62
MOST_MEMBERS, MOST_LOAD, MOST_NEEDS = 1_000, 30_000, 200


@dataclass
class Network:
    """Dossiers × members. `given` is who reads what so far; `needs` and `load` change with it.

    `known` dossiers have an expert reader already, or need none. ValueError above the sizes that the weights
    bear.
    """

    allowed: Bools
    expert: Bools
    known: Bools
    needs: Ints
    load: Ints
    capacity: Ints
    given: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        files, people = self.allowed.shape
        highest = max(self.load.max(initial=0), self.needs.size + self.load.max(initial=0))
        if people > MOST_MEMBERS or self.needs.max(initial=0) > MOST_NEEDS or highest > MOST_LOAD:
            raise ValueError("more than 1 000 members, 30 000 dossiers or 200 reviews of one")
        self.given = [[] for _ in range(files)]
        self._free = self.allowed.copy()  # may read, and does not yet
        self._experts = self.known.astype(np.int64)
        self._reads: list[set[int]] = [set() for _ in range(people)]
        self._step = np.full((people, people), FAR, dtype=np.int64)  # least cost of replacing one by another
        self._through = np.zeros((people, people), dtype=np.int64)  # and the dossier where it is done
        self._start = np.full((files, people), FAR, dtype=np.int64)
        for row in range(files):
            self._renew_start(row)

    def fill(self) -> None:
        """Give reviews one by one, each along the cheapest path, until none can be given."""
        if not self.allowed.size:
            return
        while (path := self._cheapest()) is not None:
            self._follow(path)

    def reachable(self, row: int) -> list[int]:
        """Who could read this dossier, directly or by giving up others that somebody else could read."""
        seen = {int(at) for at in np.flatnonzero(self._free[row])}
        waiting = deque(sorted(seen))
        while waiting:
            for at in np.flatnonzero(self._step[waiting.popleft()] < FAR):
                if int(at) not in seen:
                    seen.add(int(at))
                    waiting.append(int(at))
        return sorted(seen)

    def _add_cost(self, row: int) -> Ints:
        """What it costs that each member reads one more of this dossier's reviews."""
        gain = 0 if self._experts[row] else -UNKNOWN
        return np.where(self.expert[row], gain, STRANGER)

    def _renew_start(self, row: int) -> None:
        missing = int(self.needs[row])
        if missing == 0:
            self._start[row] = FAR
            return
        costs = self._add_cost(row) - LACK * (2 * missing - 1)
        self._start[row] = np.where(self._free[row], costs, FAR)

    def _renew_steps(self, member: int) -> None:
        """The least cost at which this member is replaced by each other, over the dossiers that she reads."""
        rows = sorted(self._reads[member])
        if not rows:
            self._step[member] = FAR
            return
        mine = self.expert[rows, member]
        experts = self._experts[rows]
        # Leaving an expert's place to somebody who is none; taking a stranger's place as an expert.
        worse = STRANGER + np.where(experts == 1, UNKNOWN, 0)
        better = -STRANGER - np.where(experts == 0, UNKNOWN, 0)
        theirs = self.expert[rows]
        costs = np.where(
            mine[:, None], np.where(theirs, 0, worse[:, None]), np.where(theirs, better[:, None], 0)
        )
        costs = np.where(self._free[rows], costs + HOP, FAR)
        best = costs.argmin(axis=0)
        self._step[member] = costs[best, np.arange(costs.shape[1])]
        self._through[member] = np.array(rows, dtype=np.int64)[best]

    def _cheapest(self) -> tuple[int, list[int]] | None:
        """The dossier to serve and the members along the cheapest path (Bellman and Ford), or None."""
        first = self._start.argmin(axis=0)
        cost = self._start[first, np.arange(len(self.load))]
        before = np.full(len(cost), -1, dtype=np.int64)
        while True:
            onward = np.where((cost[:, None] < FAR) & (self._step < FAR), cost[:, None] + self._step, FAR)
            source = onward.argmin(axis=0)
            nearer = onward[source, np.arange(len(cost))]
            shorter = nearer < cost
            if not shorter.any():
                break
            cost[shorter], before[shorter] = nearer[shorter], source[shorter]
        ends = np.where((self.load < self.capacity) & (cost < FAR), cost + LOAD * (2 * self.load + 1), FAR)
        last = int(ends.argmin())
        if ends[last] >= FAR:
            return None
        path = [last]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        path.reverse()
        return int(first[path[0]]), path

    def _follow(self, found: tuple[int, list[int]]) -> None:
        """The first member reads the dossier; each next one replaces the one before where it costs least."""
        served, path = found
        changes = [(int(self._through[a, b]), a, b) for a, b in pairwise(path)]
        self._put(served, path[0])
        self.needs[served] -= 1
        for row, leaver, taker in changes:
            self._take(row, leaver)
            self._put(row, taker)
        self.load[path[-1]] += 1
        touched = {served, *(row for row, _, _ in changes)}
        for row in sorted(touched):
            self._renew_start(row)
        for member in sorted({*path, *(at for row in touched for at in self.given[row])}):
            self._renew_steps(member)

    def _put(self, row: int, member: int) -> None:
        self.given[row].append(member)
        self._reads[member].add(row)
        self._free[row, member] = False
        self._experts[row] += int(self.expert[row, member])

    def _take(self, row: int, member: int) -> None:
        self.given[row].remove(member)
        self._reads[member].discard(row)
        self._free[row, member] = True
        self._experts[row] -= int(self.expert[row, member])
