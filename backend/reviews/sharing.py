"""Sharing dossiers among evaluators: a pure, deterministic function, without the database.

Hardest dossiers first (fewest evaluators free for them); each goes to the least loaded evaluators; equal
loads are told apart by a hash of the pair, so that the same two evaluators do not read everything together.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Dossier:
    """A dossier to be shared: how many more reviews it needs, and who has read it or may not."""

    id: UUID
    needs: int
    barred: Collection[UUID] = ()


@dataclass
class Shared:
    """Who gets what, and how many reviews each dossier still lacks because nobody else was free."""

    pairs: list[tuple[UUID, UUID]] = field(default_factory=list)
    missing: dict[UUID, int] = field(default_factory=dict)


def share(dossiers: Sequence[Dossier], evaluators: Sequence[UUID], load: Mapping[UUID, int]) -> Shared:
    """Give each dossier the evaluators that it needs; `load` is what each one carries already."""
    carried = {evaluator: load.get(evaluator, 0) for evaluator in evaluators}
    free = {dossier.id: [e for e in evaluators if e not in dossier.barred] for dossier in dossiers}
    result = Shared()
    place = {id: position for position, id in enumerate(sorted(dossier.id for dossier in dossiers))}
    seat = {evaluator: position for position, evaluator in enumerate(sorted(evaluators))}
    for dossier in sorted(dossiers, key=lambda d: (len(free[d.id]), d.id)):
        at = place[dossier.id]
        ordered = sorted(free[dossier.id], key=lambda e: (carried[e], _mix(at, seat[e])))
        for evaluator in ordered[: dossier.needs]:
            carried[evaluator] += 1
            result.pairs.append((dossier.id, evaluator))
        if len(ordered) < dossier.needs:
            result.missing[dossier.id] = dossier.needs - len(ordered)
    return result


def _mix(dossier: int, evaluator: int) -> bytes:
    """By place in the order of creation: the same dossiers and evaluators are shared the same way again."""
    return hashlib.sha256(f"{dossier} {evaluator}".encode()).digest()
