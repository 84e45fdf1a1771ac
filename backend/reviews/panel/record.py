"""The ranking as a file that holds all that its order depends on, and the check of such a file.

The format is documented in docs/reliability.md. `verify` needs the file alone: no database, no network.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from . import order
from .order import Criterion, Order, Rules

if TYPE_CHECKING:
    from ...calls.callfile.models import Grid

FORMAT = "indh-ranking-1"
Method = Literal["raw", "corrected"]

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,79}$")]
Plain = Annotated[str, StringConstraints(pattern=r"^[ -~]{1,200}$")]
Exact = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,30}(/[1-9][0-9]{0,29})?$")]
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
    total_floor: Annotated[int, Field(ge=0, le=100)] | None = None
    minimum_reviews: Annotated[int, Field(ge=1, le=100)] = 1

    @classmethod
    def of(cls, grid: Grid, *, total_floor: int | None = None, minimum_reviews: int = 1) -> GridRules:
        """From the grid of a call; floors of criteria are taken, that of the total is the caller's."""
        criteria = [GridCriterion(code=one.code, weight=one.weight, floor=one.floor) for one in grid.criteria]
        return cls(
            scale_max=grid.scale_max,
            criteria=criteria,
            tie_break=list(grid.tie_break),
            total_floor=total_floor,
            minimum_reviews=minimum_reviews,
        )

    def rules(self) -> Rules:
        """As `order` reads them."""
        criteria = tuple(Criterion(one.code, one.weight, one.floor) for one in self.criteria)
        return Rules(self.scale_max, criteria, tuple(self.tie_break), self.total_floor, self.minimum_reviews)


class Review(_Strict):
    file: Number
    evaluator: Code
    marks: dict[Code, int]


class Ranked(_Strict):
    rank: Annotated[int, Field(ge=1)]
    file: Number
    score: Exact
    means: dict[Code, Exact]
    after: Code
    draw: Digest | None = None


class Left(_Strict):
    file: Number
    why: order.Why
    value: Exact
    least: int
    criterion: Code | None = None


class Digests(_Strict):
    """SHA-256 of parts in canonical JSON; `reviews` by dossier, `inputs` of all of them together."""

    rules: Digest
    seed: Digest
    files: Digest
    reviews: dict[Number, Digest]
    corrected: Digest
    inputs: Digest


class Document(_Strict):
    """A ranking. `corrected` is in hundredths of a point, by dossier, when the method is so."""

    format: Literal["indh-ranking-1"]
    platform: Plain
    call: Plain
    made_at: Plain
    method: Method
    seed: Plain
    grid: GridRules
    files: Annotated[list[Number], Field(max_length=100_000)]
    reviews: Annotated[list[Review], Field(max_length=1_000_000)]
    corrected: dict[Number, int] | None = None
    order: list[Ranked]
    unranked: list[Left]
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
    rules = {"grid": document["grid"], "method": document["method"], "call": document["call"]}
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
    """(dossier, evaluator, points) as the severity model takes them."""
    rules = document.grid.rules()
    return [(one.file, one.evaluator, float(rules.total(one.marks))) for one in document.reviews]


def corrected_hundredths(ratings: Sequence[tuple[str, str, float]]) -> dict[str, int]:
    """The corrected score of every dossier read. `severity.NotEstimable` when the marks do not allow it."""
    from .severity import correct

    return {one.file: round(100 * one.corrected) for one in correct(ratings, draws=1).files}


def compose(  # noqa: PLR0913 (the parts of a document)
    *,
    call: str,
    platform: str,
    made_at: str,
    method: Method,
    seed: str,
    grid: GridRules,
    files: Iterable[str],
    reviews: Iterable[Review],
) -> Document:
    """The document of a ranking; evaluators are pseudonyms already. ValueError when it does not hold
    together.
    """
    from .coherence import contradictions

    plain: dict[str, Any] = {
        "format": FORMAT, "platform": platform, "call": call, "made_at": made_at, "method": method, "seed":
        seed, "grid": grid.model_dump(mode="json"), "files": sorted(files), "corrected": None,
        "reviews": [
            one.model_dump(mode="json") for one in sorted(reviews, key=lambda one: (one.file, one.evaluator))
        ],
        "order": [], "unranked": [],
    }  # fmt: skip
    draft = Document.model_validate(plain | {"method": "raw", "sha256": digests(plain)})
    for where, said, possible in contradictions(draft):
        raise ValueError(f"{where}: {said} {possible}".rstrip())
    if method == "corrected":
        plain["corrected"] = corrected_hundredths(totals(draft))
    plain |= written(order.rank(grid.rules(), draft.by_file(), seed, plain["corrected"]))
    return Document.model_validate(plain | {"sha256": digests(plain)})


def written(found: Order) -> dict[str, Any]:
    """An order as plain JSON data: fractions as `451/6`."""
    return {
        "order": [
            {
                "rank": one.rank, "file": one.file, "score": exact(one.score),
                "means": {code: exact(mean) for code, mean in one.means.items()},
                "after": one.after, "draw": one.draw,
            }
            for one in found.ranked
        ],
        "unranked": [
            {
                "file": one.file, "why": one.why, "value": exact(one.value), "least": one.least,
                "criterion": one.criterion,
            }
            for one in found.unranked
        ],
    }  # fmt: skip


def exact(value: Fraction) -> str:
    """`75` or `451/6`, in lowest terms."""
    return str(value)
