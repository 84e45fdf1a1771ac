"""`/style`: the living style page, each component with one example, in either direction."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from backend.core.calendar import parse_local
from backend.web.deps import AnyActor
from backend.web.render import render

router = APIRouter(include_in_schema=False)

TOKENS = (
    *("paper #FBFAF7", "surface #FFFFFF", "sunken #F4F2EB", "desk #E8E5DB"),
    *("ink #1C2321", "ink-2 #46514D", "ink-3 #5F6965", "control #79817C"),
    *("green #0B5D3B", "green-d #07432A", "green-m #5B9A7B", "green-t #E8F1EC"),
    *("ochre #B7791F", "ochre-d #7F540C", "ochre-t #FBF2DF", "brick #A63D2F"),
    *("brick-d #8C2F23", "brick-t #F9E9E5", "slate #4A6072", "slate-t #EDF1F3"),
)

RANKING = (
    ("1", "Safran d’Azrour", 26_400_000, 84.3, 85.1, (82.4, 87.6), (83, 85.4, 87), "green", 0.99),
    ("2", "Huile d’argan d’Arazane", 24_720_000, 80.7, 82.4, (79.2, 86.1), (79.5, 82, 85.3), "green", 0.99),
    ("8", "Caroube transformée", 21_200_000, 74.8, 72.4, (62.6, 82.2), (61.5, 72, 82.8), "ochre", 0.71),
    ("11", "Henné d’Irherm", 24_000_000, 70.2, 68.7, (64.9, 72.3), (66, 69.8, 72), "slate", 0.47),
)
"""Fictional: rank, project, centimes asked, raw and corrected mark, interval, reviewers, side, chances."""


@router.get("/style")
def style_page(
    request: Request, actor: AnyActor, lang: Annotated[str | None, Query(pattern="^(fr|ar)$")] = None
) -> HTMLResponse:
    """Every component with fictional data, frozen on 4 March 2026; `?lang=` shows the other direction."""
    del lang  # read by render; declared so that another value is refused
    return render(
        request,
        actor,
        "style/page.html",
        today=date(2026, 3, 4),
        moment=parse_local("2026-03-04 14:32"),
        closes=parse_local("2026-03-10 16:30"),
        later=parse_local("2026-03-28 15:00"),
        missed=parse_local("2026-02-27 12:00"),
        tokens=[token.split() for token in TOKENS],
        ranking=RANKING,
        day=date,
    )
