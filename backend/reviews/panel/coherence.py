"""What contradicts itself in a ranking: grid, dossiers and reviews that no honest ranking could hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .record import Document, GridRules

Contradiction = tuple[str, str, str]
"""Where, what is written, what could be."""


def contradictions(document: Document) -> Iterator[Contradiction]:
    """All of them; none in a file that the platform wrote."""
    yield from _grid(document.grid)
    yield from _reviews(document)
    read = {one.file for one in document.reviews}
    if (document.refused is not None) != (document.asked == "corrected" and document.method == "raw"):
        yield "refused", document.refused or "", ""
    if document.asked == "raw" and document.method == "corrected":
        yield "method", document.method, document.asked
    if (document.corrected is not None) != (document.method == "corrected"):
        yield "corrected", document.method, ""
    elif document.corrected is not None and set(document.corrected) != read:
        yield "corrected", ", ".join(sorted(set(document.corrected) ^ read)[:5]), ""


def _grid(grid: GridRules) -> Iterator[Contradiction]:
    codes = [one.code for one in grid.criteria]
    if (weights := sum(one.weight for one in grid.criteria)) != 100:
        yield "grid.weights", str(weights), "100"
    for code in _twice(codes):
        yield "grid.criteria", code, ""
    for code in [*_twice(grid.tie_break), *(one for one in grid.tie_break if one not in codes)]:
        yield "grid.tie_break", code, ""
    for one in grid.criteria:
        if one.floor is not None and one.floor > grid.scale_max:
            yield f"grid.criteria.{one.code}", str(one.floor), f"0–{grid.scale_max}"


def _reviews(document: Document) -> Iterator[Contradiction]:
    top = document.grid.scale_max
    codes = {one.code for one in document.grid.criteria}
    known = set(document.files)
    for file in _twice(document.files):
        yield "files", file, ""
    for pair in _twice(f"{one.file} / {one.evaluator}" for one in document.reviews):
        yield "reviews", pair, ""
    for review in document.reviews:
        where = f"{review.file} / {review.evaluator}"
        if review.file not in known:
            yield where, review.file, ""
        if set(review.marks) != codes:
            yield where, ", ".join(sorted(set(review.marks) ^ codes)), ""
        for code, level in review.marks.items():
            if not 0 <= level <= top:
                yield f"{where} / {code}", str(level), f"0–{top}"


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
