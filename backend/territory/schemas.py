"""What is told of the territory: codes of the High Commission for Planning, names in two languages."""

from ..core.shapes import Out


class RegionOut(Out):
    code: str
    name: dict[str, str]


class ProvinceOut(Out):
    """`kind` is `province` or `prefecture`."""

    code: str
    region_code: str
    kind: str
    name: dict[str, str]


class CommuneOut(Out):
    """`kind` is `urban`, `rural` or `arrondissement`; `population` is the census's of 2024."""

    code: str
    province_code: str
    cercle: dict[str, str] | None
    kind: str
    name: dict[str, str]
    population: int | None


class Regions(Out):
    items: list[RegionOut]


class Provinces(Out):
    items: list[ProvinceOut]


class Communes(Out):
    items: list[CommuneOut]
