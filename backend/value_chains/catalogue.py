"""The vendored list of chains and sectors, read once a process."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

DATA = Path(__file__).resolve().parent / "data" / "chains.yaml"


@cache
def _file() -> dict[str, list[dict[str, str]]]:
    data: dict[str, list[dict[str, str]]] = YAML(typ="safe", pure=True).load(DATA)
    return data


def digest() -> str:
    """The SHA-256 of the file: an unchanged one is not loaded again."""
    return hashlib.sha256(DATA.read_bytes()).hexdigest()


def rows() -> list[dict[str, Any]]:
    """Every chain as the columns of its table."""
    return [{"code": c["code"], "sector": c["sector"], "name": _words(c)} for c in _file()["chains"]]


@cache
def sectors() -> dict[str, dict[str, str]]:
    """Names of the sectors by code."""
    return {row["code"]: _words(row) for row in _file()["sectors"]}


def _words(row: dict[str, str]) -> dict[str, str]:
    return {"fr": row["fr"], "ar": row["ar"]}
