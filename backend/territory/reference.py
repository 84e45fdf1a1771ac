"""The territory of Morocco as plain rows, read from the vendored files in ``data/``.

Codes are those of the Haut-Commissariat au Plan (census of 2024) and stay strings: the code is the
hierarchy, ``09.001.05.09`` being a commune of province ``09.001``, in region ``09``. Source, licence
and changes: ``data/LICENCES.md``. Pure: no database, no clock; the files are read once a process.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Region:
    """One of the 12 regions; ``iso`` is its ISO 3166-2 code."""

    code: str
    iso: str
    name_fr: str
    name_ar: str
    population_2024: int


@dataclass(frozen=True, slots=True)
class Province:
    """A province or prefecture (75); ``kind`` is ``province`` or ``prefecture``."""

    code: str
    iso: str
    kind: str
    region_code: str
    name_fr: str
    name_ar: str
    population_2024: int


@dataclass(frozen=True, slots=True)
class Cercle:
    """A group of rural communes inside a province."""

    code: str
    province_code: str
    name_fr: str
    name_ar: str
    population_2024: int


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune; ``kind`` is ``urban`` or ``rural``, only rural ones belong to a cercle."""

    code: str
    kind: str
    province_code: str
    cercle_code: str | None
    name_fr: str
    name_ar: str
    population_2024: int


@dataclass(frozen=True, slots=True)
class Arrondissement:
    """A district of one of the six cities that are divided into them."""

    code: str
    commune_code: str
    name_fr: str
    name_ar: str
    population_2024: int


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _names(row: dict[str, str]) -> tuple[str, str, int]:
    return row["name_fr"], row["name_ar"], int(row["population_2024"])


@cache
def regions() -> tuple[Region, ...]:
    """The 12 regions, by code."""
    return tuple(Region(row["code"], row["iso"], *_names(row)) for row in _rows("regions"))


@cache
def provinces() -> tuple[Province, ...]:
    """The 75 provinces and prefectures, by code."""
    return tuple(
        Province(row["code"], row["iso"], row["kind"], row["region_code"], *_names(row))
        for row in _rows("provinces")
    )


@cache
def cercles() -> tuple[Cercle, ...]:
    """The 213 cercles, by code."""
    return tuple(Cercle(row["code"], row["province_code"], *_names(row)) for row in _rows("cercles"))


@cache
def communes() -> tuple[Commune, ...]:
    """The 1 503 communes, by code."""
    return tuple(
        Commune(row["code"], row["kind"], row["province_code"], row["cercle_code"] or None, *_names(row))
        for row in _rows("communes")
    )


@cache
def arrondissements() -> tuple[Arrondissement, ...]:
    """The 41 arrondissements, by code."""
    return tuple(
        Arrondissement(row["code"], row["commune_code"], *_names(row)) for row in _rows("arrondissements")
    )
