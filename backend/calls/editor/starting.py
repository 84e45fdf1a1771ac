"""What a new call, a copy and a new item of a list start from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from backend.core.calendar import add_months, is_working_day, local, parse_local
from backend.core.i18n import codes, label
from backend.territory.reference import Province, provinces

from ..callfile import CallFile, from_json
from ..commands import CALLS_FOLDER
from .text import document

SORTS = ("province", "prefecture")
PRESETS: Mapping[str, dict[str, Any]] = {
    "seniority": {
        "check": {
            "fact": "organisation.created_on",
            "on_or_before": {"fact": "call.reference_date", "minus": "12 months"},
        }
    },
    "members": {"check": {"fact": "members.count", "between": [5, 50]}},
    "women_youth": {"check": {"fact": "members.women_or_youth_share", "more_than": "30 %"}},
    "women": {"check": {"fact": "members.women_share", "at_least": "50 %"}},
    "age": {"check": {"fact": "holder.age", "between": [18, 35]}},
    "family": {"check": {"fact": "members.one_family", "is": False}},
    "assembly": {
        "check": {
            "fact": "organisation.last_agm_on",
            "on_or_after": {"fact": "call.reference_date", "minus": "12 months"},
        }
    },
    "company": {
        "when": {"fact": "organisation.legal_form", "is": "tpme"},
        "check": {"fact": "organisation.company_type", "one_of": ["partnership", "sarl", "sarl_au"]},
    },
    "premises": {"check": {"fact": "project.has_premises", "is": True}, "fails": "warn"},
    "first_time": {"check": {"fact": "organisation.financed_before", "is": False}},
}
"""Rules seen in calls, ready to be changed; titles are `edit.preset.<code>`."""


@codes
def preset_codes() -> list[str]:
    """Titles of the ready rules."""
    return [f"edit.preset.{code}" for code in PRESETS]


def _free(code: str, listed: Any) -> str:
    """The code, numbered when the list has it already."""
    taken = {one.get("code") for one in listed or () if isinstance(one, Mapping)}
    n, found = 1, code
    while found in taken:
        n += 1
        found = f"{code}-{n}"
    return found


def new_item(key: str, how: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A new item of the list `key`; `how` names a ready rule."""
    if key == "rules":
        return _new_rule(how, data.get("rules"))
    if key == "grid.criteria":
        grid = data.get("grid")
        listed = grid.get("criteria") if isinstance(grid, Mapping) else None
        scale = grid.get("scale_max") if isinstance(grid, Mapping) else None
        count = scale + 1 if isinstance(scale, int) and 0 < scale <= 20 else 5
        return (
            {"code": _free("criterion", listed)} | _in_section(grid) | {"levels": [{} for _ in range(count)]}
        )
    if key == "grid.sections":
        grid = data.get("grid")
        return {"code": _free("section", grid.get("sections") if isinstance(grid, Mapping) else None)}
    if key == "documents":
        return {"code": _free("document", data.get("documents")), "required": True}
    if key == "selection.constraints":
        chosen = data.get("selection")
        listed = chosen.get("constraints") if isinstance(chosen, Mapping) else None
        return {"code": _free("constraint", listed)}
    return {}


def _in_section(grid: Any) -> dict[str, str]:
    """The last section of the grid: criteria are written section after section."""
    listed = grid.get("sections") if isinstance(grid, Mapping) else None
    last = listed[-1] if isinstance(listed, list) and listed else None
    code = last.get("code") if isinstance(last, Mapping) else None
    return {"section": code} if isinstance(code, str) else {}


def _new_rule(how: str, listed: Any) -> dict[str, Any]:
    preset = deepcopy(PRESETS.get(how, {"check": {"fact": "members.count", "at_least": ""}}))
    rule: dict[str, Any] = {"code": _free(how if how in PRESETS else "rule", listed)}
    if how in PRESETS:
        rule["title"] = {lang: label(lang, f"edit.preset.{how}") for lang in ("fr", "ar")}
    return rule | preset


# -- whole calls -------------------------------------------------------------------------------------
def is_province(code: str) -> bool:
    """Whether a code is that of a province or prefecture."""
    return any(one.code == code for one in provinces())


def place_of(province: str) -> Province:
    """The province of a code."""
    return next(one for one in provinces() if one.code == province)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].rstrip("-") or "appel"


def code_for(province: str, year: int) -> str:
    """`agadir-ida-ou-tanane-2027`: what a new call is called unless the officer says otherwise."""
    return f"{_slug(place_of(province).name_fr)}-{year}"


def _words(province: str) -> dict[str, dict[str, str]]:
    """The place in sentences: `place` by itself, `of` after « de » (d'Agadir, de Tiznit)."""
    place = place_of(province)
    elided = unicodedata.normalize("NFKD", place.name_fr)[:1].lower() in "aeiouyh"
    of = f"d’{place.name_fr}" if elided else f"de {place.name_fr}"
    return {"fr": {"place": place.name_fr, "of": of}, "ar": {"place": place.name_ar, "of": place.name_ar}}


def _said(code: str, province: str, **more: str) -> dict[str, str]:
    """Words that a new call starts with, in both languages, about its province or prefecture."""
    return {
        lang: label(lang, f"edit.start.{code}", **(said | more)) for lang, said in _words(province).items()
    }


def issuer_of(province: str, committee: tuple[str, Mapping[str, str]] | None) -> dict[str, Any]:
    """The committee of the province (its kind and name), or the one that every province has."""
    sort = place_of(province).kind
    kind, name = committee or ("cpdh", _said(f"committee.{sort}", province))
    return {"committee": kind, "name": dict(name), "territory": _said(f"territory.{sort}", province)}


@codes
def start_codes() -> list[str]:
    """Words that a new call starts with."""
    names = [f"{name}.{sort}" for name in ("committee", "territory", "title") for sort in SORTS]
    return [f"edit.start.{name}" for name in (*names, "summary", "source")]


def _worked(day: date) -> date:
    """That day, or the next one on which offices are open."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def new_call(code: str, province: str, issuer: Mapping[str, Any], today: date) -> dict[str, Any]:
    """A whole valid call to start from: those of the common file, and what most notices say."""
    opens = _worked(today + timedelta(days=14))
    closes = _worked(opens + timedelta(days=30))
    year = str(opens.year)
    title = _said(f"title.{place_of(province).kind}", province, year=year)
    common = deepcopy(document((CALLS_FOLDER / "common" / "demo.yaml").read_text(encoding="utf-8")).data)
    common.pop("assumed", None)
    return {
        "format": 1, "code": code, "province": province, "issuer": dict(issuer),
        "title": title, "summary": _said("summary", province), "sources": [source(opens.year)],
        "opens_at": f"{opens} 08:30", "closes_at": f"{closes} 16:30", "reference_date": f"{opens}",
        "legal_forms": ["cooperative", "cooperative_union", "gie", "tpme"], "sectors": "any", "chains": "any",
        "caps": {"indh_amount": "300 000 DH", "indh_share": "60 %", "indh_share_of": "budget.total"},
        **common,
    }  # fmt: skip


def source(year: int) -> dict[str, str]:
    """The notice of the committee, as where the call is published."""
    return {"name": label("fr", "edit.start.source", year=str(year))}


@cache
def neutral() -> CallFile:
    """A valid call of nowhere in particular: stands in for what cannot be read of another."""
    return from_json(new_call("appel", "09.001", issuer_of("09.001", None), date(2026, 1, 1)))


def copy_of(
    file: CallFile, code: str, province: str, issuer: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The same call for a next time: hours moved by whole years until the whole window is ahead."""
    data: dict[str, Any] = deepcopy(dict(file.as_json()))
    years = 0
    while _moved(file.opens_at, years) <= now:
        years += 1
    data |= {
        "code": code,
        "province": province,
        "opens_at": f"{local(_moved(file.opens_at, years)):%Y-%m-%d %H:%M}",
        "closes_at": f"{local(_moved(file.closes_at, years)):%Y-%m-%d %H:%M}",
        "reference_date": add_months(file.reference_date, 12 * years).isoformat(),
        "sources": [source(local(_moved(file.opens_at, years)).year)],
        "assumed": [],
    }
    if province != file.province:
        data |= {"issuer": dict(issuer), "communes": []}
    return data


def _moved(moment: datetime, years: int) -> datetime:
    """The same hour on Casablanca's clock, whole years later (its offset may differ: Ramadan moves)."""
    there = local(moment)
    day = add_months(there.date(), 12 * years)
    return parse_local(f"{day} {there:%H:%M}")
