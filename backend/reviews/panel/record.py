"""The ranking as a file that holds all that its order depends on, and the check of such a file.

The format is documented in docs/reliability.md. `verify` needs the file alone: no database, no network.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..scoring import total_hundredths
from . import order
from .order import Criterion, Order, Rules

if TYPE_CHECKING:
    from ...calls.callfile.models import Grid

FORMAT = "indh-ranking-1"
Method = Literal["raw", "corrected"]
Refusal = Literal[
    "few_files", "not_connected", "near_saturated", "no_file_read_twice", "one_evaluator", "no_variation"
]
"""Why scores are not corrected although the call asks for it."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,79}$")]
Plain = Annotated[str, StringConstraints(pattern=r"^[ -~]{1,200}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class GridCriterion(_Strict):
    code: Code
    weight: Annotated[int, Field(ge=1, le=100)]
    floor: Annotated[int, Field(ge=0, le=100)] | None = None


class GridRules(_Strict):
    scale_max: Annotated[int, Field(ge=1, le=100)]
    criteria: Annotated[list[GridCriterion], Field(min_length=1, max_length=100)]
    tie_break: Annotated[list[Code], Field(max_length=100)]
    pass_mark: Annotated[int, Field(ge=0, le=100)]

    @classmethod
    def of(cls, grid: Grid) -> GridRules:
        """What the grid of a call says of its order."""
        criteria = [GridCriterion(code=one.code, weight=one.weight, floor=one.floor) for one in grid.criteria]
        return cls(
            scale_max=grid.scale_max,
            criteria=criteria,
            tie_break=list(grid.tie_break),
            pass_mark=grid.pass_mark,
        )

    def rules(self) -> Rules:
        """As `order` reads them."""
        criteria = tuple(Criterion(one.code, one.weight, one.floor) for one in self.criteria)
        return Rules(self.scale_max, criteria, tuple(self.tie_break), self.pass_mark)


class Review(_Strict):
    file: Number
    evaluator: Code
    marks: dict[Code, int]


class Ranked(_Strict):
    rank: Annotated[int, Field(ge=1)]
    file: Number
    score: int
    means: dict[Code, int]
    below: list[Code]
    after: Code
    draw: Digest | None = None


class Digests(_Strict):
    """SHA-256 of parts in canonical JSON; `reviews` by dossier, `inputs` of all of them together."""

    rules: Digest
    seed: Digest
    files: Digest
    reviews: dict[Number, Digest]
    corrected: Digest
    inputs: Digest


class Document(_Strict):
    """A ranking; scores and means are in hundredths of a point.

    `method` is how it is ranked, `asked` how the call's grid says to; `refused` why it is not so. `corrected`
    are the scores by dossier when the method is that.
    """

    format: Literal["indh-ranking-1"]
    platform: Plain
    call: Plain
    made_at: Plain
    asked: Method
    method: Method
    refused: Refusal | None = None
    seed: Plain
    grid: GridRules
    files: Annotated[list[Number], Field(max_length=100_000)]
    reviews: Annotated[list[Review], Field(max_length=1_000_000)]
    corrected: dict[Number, int] | None = None
    order: list[Ranked]
    unread: list[Number]
    sha256: Digests

    def by_file(self) -> dict[str, list[Mapping[str, int]]]:
        """The marks of each dossier, those without any included."""
        found: dict[str, list[Mapping[str, int]]] = {file: [] for file in self.files}
        for one in self.reviews:
            found[one.file].append(one.marks)
        return found


def canonical(part: Any) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: what is hashed (`jq -cS` without its line end)."""
    return json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(part: Any) -> str:
    return hashlib.sha256(canonical(part)).hexdigest()


def digests(document: Mapping[str, Any]) -> dict[str, Any]:
    """The `sha256` of a document given as plain JSON data."""
    rules = {part: document[part] for part in ("grid", "asked", "method", "refused", "call")}
    by_file: dict[str, list[Any]] = {file: [] for file in document["files"]}
    for one in document["reviews"]:
        by_file.setdefault(one["file"], []).append(one)
    parts = {
        "rules": _digest(rules),
        "seed": _digest(document["seed"]),
        "files": _digest(document["files"]),
        "reviews": {file: _digest(reviews) for file, reviews in by_file.items()},
        "corrected": _digest(document["corrected"]),
    }
    return parts | {"inputs": _digest(parts)}


def pseudonyms(evaluators: Iterable[str], key: bytes) -> dict[str, str]:
    """`e01`, `e02` … in an order that only who holds the key can tie to people."""
    mixed = sorted(set(evaluators), key=lambda one: hmac.digest(key, one.encode(), "sha256"))
    width = max(2, len(str(len(mixed))))
    return {one: f"e{at:0{width}}" for at, one in enumerate(mixed, 1)}


def totals(document: Document) -> list[tuple[str, str, float]]:
    """(dossier, evaluator, points) as the severity model takes them: totals as they are shown."""
    rules = document.grid.rules()
    return [(one.file, one.evaluator, total_hundredths(rules, one.marks) / 100) for one in document.reviews]


def compose(  # noqa: PLR0913 (the parts of a document)
    *,
    call: str,
    platform: str,
    made_at: str,
    asked: Method,
    refused: Refusal | None = None,
    corrected: Mapping[str, int] | None = None,
    seed: str,
    grid: GridRules,
    files: Iterable[str],
    reviews: Iterable[Review],
) -> Document:
    """The document of a ranking; evaluators are pseudonyms already. ValueError when it does not hold
    together.

    Ranked by `corrected` (hundredths of a point, by dossier) when given.
    """
    from .coherence import contradictions

    plain: dict[str, Any] = {
        "format": FORMAT, "platform": platform, "call": call, "made_at": made_at, "asked": asked,
        "method": "raw" if corrected is None else "corrected", "refused": refused, "seed": seed,
        "grid": grid.model_dump(mode="json"), "files": sorted(files),
        "corrected": None if corrected is None else dict(sorted(corrected.items())),
        "reviews": [
            one.model_dump(mode="json") for one in sorted(reviews, key=lambda one: (one.file, one.evaluator))
        ],
        "order": [], "unread": [],
    }  # fmt: skip
    draft = Document.model_validate(plain | {"sha256": digests(plain)})
    for where, said, possible in contradictions(draft):
        raise ValueError(f"{where}: {said} {possible}".rstrip())
    plain |= written(order.rank(grid.rules(), draft.by_file(), seed, plain["corrected"]))
    return Document.model_validate(plain | {"sha256": digests(plain)})


def written(found: Order) -> dict[str, Any]:
    """An order as plain JSON data."""
    return {
        "order": [
            {
                "rank": one.rank, "file": one.file, "score": one.score, "means": dict(one.means),
                "below": list(one.below), "after": one.after, "draw": one.draw,
            }
            for one in found.ranked
        ],
        "unread": list(found.unread),
    }  # fmt: skip
