"""The ranking of a call with its cut line."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...calls.queries import definition
from ...core.tx import transaction
from ...web.deps import Cursor, PageActor
from ...web.render import render
from .. import queries

router = APIRouter()
LIMIT = 50
SCALE = (0, 100)


@router.get("/das/calls/{call_id}/ranking")
def ranking_page(
    request: Request,
    actor: PageActor,
    call_id: UUID,
    cursor: Cursor = None,
    spent: Annotated[int, Query(ge=0, le=10**15)] = 0,
    ended: bool = False,
) -> Response:
    """The dossiers by score, where the envelope ends and where the pass mark lies.

    `spent` is what the pages before this one would take of the envelope, and `ended` whether it ended on one
    of them: they only draw the line.
    """
    with transaction(actor) as tx:
        call = queries.ranked_call(tx, call_id)
        grid = definition(call).grid
        method = queries.method(tx, call)
        page = queries.ranking(tx, call_id, cursor, LIMIT)
        totals = queries.totals(tx, call_id)
        marks = queries.ranges(tx, [row.application_id for row in page.rows])
    labels = {criterion.code: _words(dict(criterion.label)) for criterion in grid.criteria}
    line = _Line(call.envelope_centimes - spent, grid.pass_mark * 100, labels, ended=ended)
    rows = [
        line.place(rank, row, marks.get(row.application_id, []))
        for rank, row in enumerate(page.rows, page.first)
    ]
    following = None
    if page.next:
        asked = {"cursor": page.next, "spent": call.envelope_centimes - line.left}
        following = "?" + urlencode(asked | ({"ended": "true"} if line.ended else {}))
    return render(
        request,
        actor,
        "reviews/ranking.html",
        call=call,
        grid=grid,
        method=method,
        rows=rows,
        cut=line.cut,
        totals=totals,
        first=cursor is None,
        following=following,
        like=(grid.evaluators_per_file, grid.pass_mark, SCALE, not method.unsure),
    )


Words = tuple[tuple[str, str], ...]
"""What staff typed in each language, as something that can be a key."""


class _Told(NamedTuple):
    """All that a row says: the page remembers it under this. Amounts in centimes, scores in hundredths."""

    rank: int
    fits: bool
    discordant: bool
    application_id: str
    number: str
    title: str
    organisation: Words
    commune: Words
    requested: int
    score: int
    raw: int
    by_corrected: bool
    corrected: int | None
    rank_raw: int | None
    rank_expected: int | None
    rank_low: int | None
    rank_high: int | None
    reviews: int
    spread: int
    marks: tuple[float, ...]
    floors: tuple[Words, ...]


def _words(said: Mapping[str, str] | None) -> Words:
    return tuple(said.items()) if said else ()


class _Line:
    """Walks down the ranking: what fits, where the envelope ends and by how much, the pass mark."""

    def __init__(self, left: int, pass_mark: int, labels: Mapping[str, Words], *, ended: bool) -> None:
        self.left = left
        self.pass_mark = pass_mark
        self.labels = labels
        self.ended = ended
        self.below = False
        self.barred = 0
        self.cut: dict[str, int] | None = None

    def place(self, rank: int, row: Any, marks: list[int]) -> dict[str, Any]:
        """The row as the page shows it. One below a floor keeps its rank and takes no money."""
        below = row.ranked_hundredths < self.pass_mark
        fundable = not below and not row.floors
        fits = fundable and not self.ended and row.requested_centimes <= self.left
        first_out = fundable and not fits and not self.ended
        if fits:
            self.left -= row.requested_centimes
        if first_out:
            self.ended = True
            self.cut = {"rank": rank, "count": rank - 1 - self.barred, "left": self.left,
                        "asked": row.requested_centimes}  # fmt: skip
        if not below and row.floors:
            self.barred += 1
        first_below = below and not self.below
        self.below |= below
        told = _Told(
            rank,
            fits,
            row.discordant,
            str(row.application_id),
            row.number,
            row.title,
            _words(row.organisation),
            _words(row.commune),
            row.requested_centimes,
            row.ranked_hundredths,
            row.score_hundredths,
            row.by_corrected,
            row.corrected_hundredths,
            row.rank_raw,
            row.rank_expected_hundredths,
            row.rank_low,
            row.rank_high,
            row.reviews,
            row.spread_hundredths,
            tuple([mark / 100 for mark in marks]),
            tuple([self.labels[code] for code in row.floors]),
        )
        return {"told": told, "first_below": first_below, "first_out": first_out}
