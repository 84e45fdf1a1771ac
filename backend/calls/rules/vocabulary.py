"""The codes that choice and set facts may take, and their names.

Legal forms, kinds of company and sectors are closed lists; chains are those of the value-chain
catalogue; provinces and communes are HCP codes, checked by form and named from the territory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from backend.core.i18n import codes, label
from backend.territory.reference import communes, provinces

LEGAL_FORMS = (
    "cooperative",
    "cooperative_union",
    "gie",
    "tpme",
    "auto_entrepreneur",
    "association",
    "individual",
)
COMPANY_TYPES = ("partnership", "sarl", "sarl_au", "other")
PROVINCE = re.compile(r"\d{2}\.\d{3}")
COMMUNE = re.compile(r"\d{2}\.\d{3}\.\d{2}\.\d{1,3}")
CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
CHAINS_FILE = Path(__file__).resolve().parents[2] / "value_chains" / "data" / "chains.yaml"

Namer = Callable[[str, str, str], str | None]
"""(vocabulary, code, lang) → name, or None to fall back on the names known here."""


@cache
def chain_rows() -> Mapping[str, Mapping[str, str]]:
    """Value chains by code: `{"sector": …, "fr": …, "ar": …}`."""
    return {row["code"]: row for row in _chain_file()["chains"]}


@cache
def sector_rows() -> Mapping[str, Mapping[str, str]]:
    """Sectors by code: `{"fr": …, "ar": …}`."""
    return {row["code"]: row for row in _chain_file()["sectors"]}


@cache
def _chain_file() -> dict[str, list[dict[str, str]]]:
    data: dict[str, list[dict[str, str]]] = YAML(typ="safe", pure=True).load(CHAINS_FILE)
    return data


def known(vocabulary: str) -> tuple[str, ...] | None:
    """Every code of a closed vocabulary; None when codes are only checked by their form."""
    if vocabulary == "legal_form":
        return LEGAL_FORMS
    if vocabulary == "company_type":
        return COMPANY_TYPES
    if vocabulary == "sector":
        return tuple(sector_rows())
    if vocabulary == "chain":
        return tuple(chain_rows())
    if vocabulary == "province":
        return tuple(row.code for row in provinces())
    return None


def well_formed(vocabulary: str, code: str) -> bool:
    """Whether `code` may belong to an open vocabulary (communes and documents)."""
    return bool((COMMUNE if vocabulary == "commune" else CODE).fullmatch(code))


def name(vocabulary: str, code: str, lang: str, namer: Namer | None = None) -> str:
    """The name of a code in `lang`; the code itself when nobody knows it."""
    given = namer(vocabulary, code, lang) if namer else None
    if given:
        return given
    if vocabulary in ("legal_form", "company_type"):
        return label(lang, f"choice.{vocabulary}.{code}") if code in (known(vocabulary) or ()) else code
    return _names(vocabulary).get(code, {}).get(lang, code)


@cache
def _names(vocabulary: str) -> Mapping[str, Mapping[str, str]]:
    if vocabulary == "sector":
        return sector_rows()
    if vocabulary == "chain":
        return chain_rows()
    if vocabulary == "province":
        return {row.code: {"fr": row.name_fr, "ar": row.name_ar} for row in provinces()}
    if vocabulary == "commune":
        return {row.code: {"fr": row.name_fr, "ar": row.name_ar} for row in communes()}
    return {}


@codes
def choice_codes() -> Iterable[str]:
    """Names that are kept in the gettext files."""
    yield from (f"choice.legal_form.{code}" for code in LEGAL_FORMS)
    yield from (f"choice.company_type.{code}" for code in COMPANY_TYPES)
