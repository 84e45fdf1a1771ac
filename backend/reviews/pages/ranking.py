"""The ranking of a call with its cut line."""

from typing import Annotated, Any
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
    line = _Line(call.envelope_centimes - spent, grid.pass_mark * 100, ended=ended)
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
        labels={criterion.code: criterion.label for criterion in grid.criteria},
        method=method,
        rows=rows,
        cut=line.cut,
        totals=totals,
        first=cursor is None,
        following=following,
        scale=SCALE,
    )


class _Line:
    """Walks down the ranking: what fits, where the envelope ends and by how much, the pass mark."""

    def __init__(self, left: int, pass_mark: int, *, ended: bool) -> None:
        self.left = left
        self.pass_mark = pass_mark
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
        return {
            "rank": rank,
            "row": row,
            "fits": fits,
            "below": below,
            "first_below": first_below,
            "first_out": first_out,
            "marks": tuple(mark / 100 for mark in marks),
            "discordant": row.discordant,
        }
