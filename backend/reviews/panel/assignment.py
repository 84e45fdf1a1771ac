"""Sharing dossiers out exactly: a minimum-cost flow from dossiers to evaluators, in integers.

In this order, each before all that follow:
1. as many of the reviews needed as can be given, never across a conflict nor above a capacity;
2. what lacks is spread (the sum of squares of what each dossier lacks);
3. loads are even, what is carried already included (the sum of their squares, which is least for the most
   even loads: those of Frank and Murota's "decreasingly minimal" solutions);
4. as many dossiers as can be are read by somebody who knows their chain;
5. as many reviews as can be are by somebody who knows the chain.
Those five are exact. Then 6., that the same people do not read everything together, is improved by exchanges
that change none of the five (`mixing`): it is a quadratic assignment, for which no exact method is fast
enough.

The flow is found by successive shortest paths. Dossiers are left out of the search: a path goes from
evaluator to evaluator, through the dossier where the first is replaced by the second at the least cost, so
that each search has as many nodes as there are evaluators. The five aims are one integer, weighted so that no
path sums up across.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .mixing import mix
from .network import Network

Why = Literal["too_few_free", "capacity_exhausted"]


@dataclass(frozen=True)
class File:
    """A dossier: how many more reviews it needs, its chain, who must not read it, who reads it already."""

    id: Any
    needs: int
    chain: str | None = None
    barred: Collection[Hashable] = ()
    readers: Collection[Hashable] = ()


@dataclass(frozen=True)
class Member:
    """An evaluator: how many dossiers she may carry in all and carries already, the chains she knows."""

    id: Any
    capacity: int
    chains: Collection[str] = ()
    load: int = 0


@dataclass(frozen=True)
class Unmet:
    """A dossier that lacks reviews, and why.

    `too_few_free`: fewer members may read it than it needs (`free` of them). `capacity_exhausted`: there are
    enough, but they, and all to whom their other dossiers could go, are full (`full` names them).
    """

    file: Any
    missing: int
    why: Why
    free: int
    full: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Shared:
    """Who reads what.

    `loads` includes what was carried; `without_expert` are dossiers that somebody new reads and nobody who
    knows their chain does; `by_expert` counts new reviews by those who know the chain; `together` the
    dossiers that each two members read both.
    """

    pairs: tuple[tuple[Any, Any], ...]
    unmet: tuple[Unmet, ...]
    loads: Mapping[Any, int]
    without_expert: tuple[Any, ...]
    by_expert: int
    together: Mapping[tuple[Any, Any], int] = field(default_factory=dict)


def share(files: Sequence[File], members: Sequence[Member], *, seed: int = 0) -> Shared:
    """Give each dossier the reviews that it needs. The order of the arguments changes nothing.

    ValueError for a repeated id or a negative number. A dossier without a chain is served by anybody.
    """
    files = sorted(files, key=lambda one: str(one.id))
    members = sorted(members, key=lambda one: str(one.id))
    _refuse(files, members)
    allowed, expert, knows = _tables(files, members)
    network = Network(
        allowed,
        expert,
        known=knows,
        needs=np.array([one.needs for one in files], dtype=np.int64),
        load=np.array([one.load for one in members], dtype=np.int64),
        capacity=np.array([one.capacity for one in members], dtype=np.int64),
    )
    network.fill()
    earlier = _earlier(files, members)
    mix(network.given, allowed, expert, earlier, seed=seed)
    return _told(files, members, network, earlier)


def _refuse(files: Sequence[File], members: Sequence[Member]) -> None:
    if len({one.id for one in files}) < len(files) or len({one.id for one in members}) < len(members):
        raise ValueError("an id is given twice")
    if any(one.needs < 0 for one in files) or any(one.load < 0 or one.capacity < 0 for one in members):
        raise ValueError("needs, loads and capacities are not negative")


def _tables(
    files: Sequence[File], members: Sequence[Member]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Dossiers × members: who may read, who knows the chain; and which dossiers an expert reads already."""
    place = {one.id: at for at, one in enumerate(members)}
    allowed = np.ones((len(files), len(members)), dtype=np.bool_)
    chains: dict[str, list[int]] = {}
    for at, member in enumerate(members):
        for chain in member.chains:
            chains.setdefault(chain, []).append(at)
    expert = np.zeros_like(allowed)
    known = np.zeros(len(files), dtype=np.bool_)
    for row, file in enumerate(files):
        allowed[row, [place[one] for one in {*file.barred, *file.readers} if one in place]] = False
        if file.chain is None:
            known[row] = True
            expert[row] = True
            continue
        expert[row, chains.get(file.chain, [])] = True
        known[row] = any(one in place and expert[row, place[one]] for one in file.readers)
    return allowed, expert, known


def _earlier(files: Sequence[File], members: Sequence[Member]) -> list[list[int]]:
    """By dossier, the places of those who read it already."""
    place = {one.id: at for at, one in enumerate(members)}
    return [sorted(place[one] for one in set(file.readers) if one in place) for file in files]


def _told(
    files: Sequence[File], members: Sequence[Member], network: Network, earlier: Sequence[Sequence[int]]
) -> Shared:
    pairs, by_expert, without = [], 0, []
    together: dict[tuple[Any, Any], int] = {}
    for row, file in enumerate(files):
        given = network.given[row]
        pairs += [(file.id, members[at].id) for at in sorted(given)]
        experts = 0 if file.chain is None else int(network.expert[row, given].sum())
        by_expert += experts
        if given and not network.known[row] and not experts:
            without.append(file.id)
        readers = sorted([*given, *earlier[row]])
        for first, one in enumerate(readers):
            for other in readers[first + 1 :]:
                key = (members[one].id, members[other].id)
                together[key] = together.get(key, 0) + 1
    loads = {member.id: int(network.load[at]) for at, member in enumerate(members)}
    unmet = tuple(_unmet(row, file, members, network) for row, file in enumerate(files) if network.needs[row])
    return Shared(tuple(pairs), unmet, loads, tuple(without), by_expert, together)


def _unmet(row: int, file: File, members: Sequence[Member], network: Network) -> Unmet:
    free = int(network.allowed[row].sum())
    missing = int(network.needs[row])
    if free < file.needs:
        # Capacity may lack besides; that nobody else may read it comes first.
        return Unmet(file.id, missing, "too_few_free", free)
    full = tuple(members[at].id for at in network.reachable(row))
    return Unmet(file.id, missing, "capacity_exhausted", free, full)
