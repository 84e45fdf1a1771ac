"""The portfolio of a call as a page: constraints as fields, who enters, prices. It saves nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from ..calls.callfile.selecting import OBJECTIVES, limit_in_words
from ..calls.callfile.types import Limit
from ..core.errors import NOT_FOUND
from ..core.i18n import label
from ..core.tx import transaction
from ..web.deps import PageActor
from ..web.render import language_of, render
from . import whatif
from .gathering import codes_of
from .models import DecisionOutcome
from .portfolio.problem import Bound
from .portfolio.told import Study
from .whatif import Look

router = APIRouter()
MOST = 40
"""Fields of the form that are read."""


@router.get("/das/calls/{call_id}/portfolio")
def portfolio_page(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """The best portfolio under the constraints of the call, or under those asked for."""
    form = dict(list(request.query_params.items())[:MOST])
    with transaction(actor) as tx:
        look = whatif.gathered(tx, call_id, form)
        title = dict(look.call.title)
    lang = language_of(request, actor)
    if not look.errors:  # an answer to something else than what was asked would be read as one to it
        whatif.solved(look)
    return render(
        request,
        actor,
        "decisions/portfolio.html",
        block="result",
        look=look,
        study=look.study,
        call_id=call_id,
        call_title=title,
        fields=_fields(look),
        objectives=[(code, label(lang, f"edit.option.objective.{code}")) for code in OBJECTIVES],
        errors=[(name, label(lang, f"field.{code}")) for name, code in look.errors.items()],
        wrong={name: label(lang, f"field.{code}") for name, code in look.errors.items()},
        bounds=_bounds(look, lang),
        conflict=_conflict(look, lang),
        rows=_rows(look),
        totals=_totals(look),
        nearest=_nearest(look),
        query=request.url.query,
    )


@router.get("/das/calls/{call_id}/portfolio.json")
def portfolio_inputs(request: Request, actor: PageActor, call_id: UUID) -> Response:
    """The problem as it is solved, and its answer, to compute it again; not for who sees a part only."""
    form = dict(list(request.query_params.items())[:MOST])
    with transaction(actor) as tx:
        look = whatif.gathered(tx, call_id, form)
        if look.hidden:
            raise NOT_FOUND(thing="portfolio")
        numbers = {key: row.number for key, row in look.rows.items()}
    study = whatif.solved(look).study
    granted = dict(study.solution.granted) if study and study.solution else None
    return JSONResponse(
        {
            "inputs": look.problem.fingerprint if look.problem else None,
            "problem": look.problem.as_json() if look.problem else None,
            "order": look.setting.order,
            "numbers": numbers,
            "granted": granted,
        },
        headers={"Content-Disposition": 'attachment; filename="portfolio.json"'},
    )


def _fields(look: Look) -> list[dict[str, Any]]:
    """A constraint a row: its name, how it is counted, what its fields show."""
    found = []
    for one in look.offered:
        sides = {}
        for side in ("at_least", "at_most"):
            name = f"{one.code}.{side}"
            own = "" if "look" in look.typed else whatif.shown(getattr(one, side))
            sides[side] = {
                "name": name,
                "value": look.typed.get(name, own),
            }
        found.append({"label": dict(one.label), "measure": whatif.measure_of(one), **sides})
    return found


def _bounds(look: Look, lang: str) -> list[dict[str, Any]]:
    """What each bound asks, what is reached and what it costs."""
    study = look.study
    if study is None or study.solution is None or look.problem is None:
        return []
    prices = {one.key: one for one in study.prices}
    names = {one.code: dict(one.label) for one in look.setting.constraints}
    return [
        {
            "label": names[bound.code],
            "asks": _asks(bound, lang),
            "reached": _reached(bound, study),
            "measure": bound.measure,
            "price": prices.get(bound.key),
            "lowered": bound.key in study.lowered,
        }
        for bound in look.problem.bounds
    ]


def _asks(bound: Bound, lang: str) -> str:
    side = "at_least" if bound.side == "floor" else "at_most"
    return limit_in_words(side, Limit(bound.measure, bound.limit, None), lang)


def _reached(bound: Bound, study: Study) -> Any:
    """A number, centimes, or a share of the money granted (None when nothing is)."""
    granted = study.solution.granted if study.solution else {}
    hers = [amount for key, amount in granted.items() if key in bound.files]
    if bound.measure == "share":
        total = sum(granted.values())
        return sum(hers) / total if total else None
    return len(hers) if bound.measure == "count" else sum(hers)


def _conflict(look: Look, lang: str) -> dict[str, Any] | None:
    """The bounds that cannot all hold, each with the limit with which it would."""
    study = look.study
    if study is None or study.conflict is None or look.problem is None:
        return None
    names = {one.code: dict(one.label) for one in look.setting.constraints}
    bounds = {one.key: one for one in look.problem.bounds}
    items = []
    for one in study.conflict.bounds:
        bound = bounds[one.key]
        able = (
            _asks(Bound(bound.code, bound.side, bound.measure, one.limit, bound.files), lang)
            if (one.limit is not None)
            else None
        )
        items.append({"label": names[bound.code], "asks": _asks(bound, lang), "able": able})
    return {"items": items, "by_money": study.conflict.by_money, "envelope": study.conflict.envelope}


def _rows(look: Look) -> dict[str, list[dict[str, Any]]]:
    """The funded and the others with who enters and leaves beside the plain cut, and why."""
    study = look.study
    if study is None or study.solution is None or look.problem is None:
        return {"funded": [], "left": []}
    cut = {str(one.id) for one in look.cut if one.outcome is DecisionOutcome.FUNDED}
    refused = {str(one.id) for one in look.cut if one.outcome is DecisionOutcome.REFUSED}
    names = {one.code: dict(one.label) for one in look.setting.constraints}
    found: dict[str, list[dict[str, Any]]] = {"funded": [], "left": []}
    for one in sorted(look.found, key=lambda one: one.candidate.rank):
        if one.held or one.key in refused:
            continue
        amount = study.solution.granted.get(one.key, 0)
        weighs = codes_of(study.needed if amount else study.displaced, one)
        found["funded" if amount else "left"].append(
            {
                "row": look.rows[one.key],
                "rank": one.candidate.rank,
                "score": one.candidate.score,
                "asked": one.candidate.requested,
                "amount": amount,
                "moved": (one.key in cut) != bool(amount),
                "because": [names[code] for code in weighs],
            }
        )
    return found


def _totals(look: Look) -> dict[str, int]:
    """Numbers, money and points of the portfolio and of the plain cut, those granted before left out."""
    held = {one.key: one.held for one in look.found if one.held}
    granted = look.study.solution.granted if look.study and look.study.solution else {}
    scores = {one.key: one.candidate.score for one in look.found}
    new = {key: amount for key, amount in granted.items() if key not in held}
    plain = [one for one in look.cut if one.outcome is DecisionOutcome.FUNDED]
    spent = sum(new.values())
    return {
        "funded": len(new),
        "spent": spent,
        "left": max(look.setting.envelope - sum(held.values()) - spent, 0),
        "score": _sum(scores[key] for key in new),
        "plain_funded": len(plain),
        "plain_spent": sum(one.amount for one in plain),
        "plain_score": _sum(one.score for one in plain),
        "held": len(held),
        "held_spent": sum(held.values()),
    }


def _sum(numbers: Any) -> int:
    return sum(numbers)


def _nearest(look: Look) -> list[dict[str, Any]]:
    """Who is nearest to enter: by what is maximised, by money."""
    study = look.study
    found: Sequence[tuple[str, Any]] = (
        (("benefit", study.by_benefit), ("money", study.by_money)) if study else ()
    )
    return [
        {"kind": kind, "row": look.rows[near.id], "missing": near.missing}
        for kind, near in found
        if near is not None and near.id in look.rows
    ]
