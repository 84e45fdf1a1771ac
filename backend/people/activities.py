"""Sectors and value chains that an organisation may say it works in; their own stage offers them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

Names = Mapping[str, str]


class Chain(NamedTuple):
    code: str
    sector: str
    name: Names


def _no_sectors() -> Mapping[str, Names]:
    return {}


def _no_chains() -> list[Chain]:
    return []


sectors: Callable[[], Mapping[str, Names]] = _no_sectors
"""Names by code."""
chains: Callable[[], list[Chain]] = _no_chains
