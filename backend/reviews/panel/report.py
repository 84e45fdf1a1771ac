"""What is found of a call's panel, as plain data: kept with the call, shown by a page that computes nothing.

Marks are levels, totals and effects points of 100, spreads hundredths of a point. Everything is seeded: the
same marks give the same report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...calls.callfile.models import Grid
from ..scoring import total_hundredths
from . import UNSURE, spread
from .agreement import FEWEST, Alpha, Metric, alpha
from .apart import Signed
from .icc import Icc, icc
from .official import Official, official
from .ratings import Rating, Ratings
from .severity import Corrected
from .words import bands

DRAWS = 1000
NORMAL_90 = 1.645
"""Standard errors on each side of an effect that hold it nine times in ten."""


def study(grid: Grid, reviews: Sequence[Signed]) -> tuple[dict[str, Any], Official]:
    """The report as plain JSON data, and the correction that it tells of (none where it tells nothing)."""
    totals = [(one.file, one.evaluator, total_hundredths(grid, one.marks)) for one in reviews]
    points: list[Rating] = [(file, evaluator, total / 100) for file, evaluator, total in totals]
    marks = {
        c.code: [(one.file, one.evaluator, float(one.marks[c.code])) for one in reviews]
        for c in grid.criteria
    }
    fitted = official(points, draws=2000)
    untold = fitted.corrected is not None and fitted.corrected.untold
    found = Official(None, fitted.refused) if untold else fitted
    refused = found.refused if grid.ranking == "corrected" else None
    apart = spread.discordant(
        totals,
        threshold=grid.discordance * 100,
        pass_mark=grid.pass_mark * 100,
        most=max(3, grid.evaluators_per_file + 1),
    )
    plain = {
        "reviews": len(reviews),
        "files": len({one.file for one in reviews}),
        "agreement": {"interval": _alpha(points, "interval"), "ordinal": _alpha(points, "ordinal")},
        "icc": _icc(points),
        "criteria": _criteria(marks),
        "evaluators": _evaluators(points, found.corrected),
        "discordant": [
            {"file": one.file, "totals": list(one.totals), "spread": one.spread, "send_to": one.send_to,
             "reasons": list(one.reasons)}
            for one in apart
        ],
        "asked": grid.ranking,
        "method": "corrected" if grid.ranking == "corrected" and not refused else "raw",
        "refused": refused,
        "unable": fitted.refused if fitted.corrected is None else None,
        "warnings": _warnings(fitted.corrected),
        "moved": _moved(found.corrected),
    }  # fmt: skip
    return plain, found


def _alpha(ratings: Sequence[Rating], metric: Metric) -> dict[str, Any]:
    return _said(alpha(ratings, metric, draws=DRAWS))


def _said(found: Alpha) -> dict[str, Any]:
    """One dossier alone compares nothing: there is no value."""
    if found.units < 2:
        found = replace(found, value=None, lower=None, upper=None)
    return {
        "value": _short(found.value), "low": _short(found.lower), "high": _short(found.upper),
        "files": found.units, "bands": bands(found),
    }  # fmt: skip


def _icc(ratings: Sequence[Rating]) -> dict[str, Any] | None:
    """Of one reading, and of the mean of the readings: absolute agreement where everybody read everything."""
    panel = Ratings.of(ratings).shared()
    if len(panel.files) < 2:
        return None
    found = icc(ratings)
    one, mean = (found.get("A,1") or found.get("1"), found.get("A,k") or found.get("k"))
    return (
        {"one": _coefficient(one, len(panel.files)), "mean": _coefficient(mean, len(panel.files))}
        if one and mean
        else None
    )


def _coefficient(found: Icc, shared: int) -> dict[str, Any]:
    """Its ends are those of a correlation: few dossiers read twice would put them far below −1.

    No interval on fewer shared dossiers than α asks; `files` are all, `shared` those read twice.
    """
    few = shared < FEWEST
    found = replace(
        found, lower=_within(None if few else found.lower), upper=_within(None if few else found.upper)
    )
    return {
        "form": found.form, "value": _short(found.value), "low": _short(found.lower),
        "high": _short(found.upper), "files": found.files, "shared": shared, "bands": bands(found),
    }  # fmt: skip


def _within(end: float | None) -> float | None:
    return None if end is None else max(-1.0, min(1.0, end))


def _criteria(marks: Mapping[str, Sequence[Rating]]) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code, "mean": _short(one.mean), "within": _short(one.within),
            "ordinal": _said(one.alpha), "interval": _alpha(marks[one.code], "interval"),
        }
        for one in spread.by_criterion(marks, draws=DRAWS)
    ]  # fmt: skip


def _evaluators(points: Sequence[Rating], found: Corrected | None) -> list[dict[str, Any]]:
    """All who signed, the most severe first. `mean` and `sd` are of her distance to the means of the dossiers
    that she shares; `effect`, from `low` to `high`, is the model's, None when it cannot be told.
    """
    seen = {one.evaluator: one for one in spread.by_evaluator(points)}
    read = Counter(evaluator for _, evaluator, _ in points)
    effects = {one.evaluator: one for one in found.evaluators} if found else {}
    order = [
        *effects,
        *(one for one in seen if one not in effects),
        *sorted(read.keys() - seen.keys(), key=str),
    ]
    told = []
    for evaluator in dict.fromkeys(order):
        apart, effect = seen.get(evaluator), effects.get(evaluator)
        row = {
            "id": evaluator, "files": read[evaluator], "shared": apart.files if apart else 0,
            "mean": _short(apart.mean) if apart else None, "sd": _short(apart.sd) if apart else None,
            "effect": _short(effect.effect) if effect else None,
        }  # fmt: skip
        if effect:
            row["low"] = _short(effect.effect - NORMAL_90 * effect.se)
            row["high"] = _short(effect.effect + NORMAL_90 * effect.se)
        told.append(row)
    return told


def _warnings(found: Corrected | None) -> list[dict[str, Any]]:
    """Those that rest on the variances are left out where these are hardly known."""
    warned = [one for one in found.warnings if one.code in UNSURE or not found.untold] if found else []
    return [{"code": one.code, "evaluators": list(one.evaluators), "files": len(one.files)} for one in warned]


def _moved(found: Corrected | None) -> int:
    """Dossiers whose raw rank lies outside the 90 % interval of their expected one, where there is one."""
    files = found.files if found and not found.unsure else ()
    by_raw = sorted(files, key=lambda one: (-one.raw, str(one.file)))
    return sum(not one.rank_low <= at <= one.rank_high for at, one in enumerate(by_raw, 1))


def _short(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
