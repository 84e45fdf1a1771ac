"""What the pages of people share: names of codes and places, refusals shown beside the fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request

from ...core.actor import Actor
from ...core.errors import Problem
from ...core.i18n import label, localized
from ...core.tx import Tx
from ...territory import queries as territory
from ...territory.models import Commune, Province
from ...web import forms
from ...web.forms import see_other, told
from ...web.language import language_of
from .. import activities
from ..models import LegalForm, Role
from ..policy import OVERSEERS

__all__ = ["see_other"]
Options = list[tuple[str, str]]
LANGUAGE_NAMES: Options = [("fr", "Français"), ("ar", "العربية")]
SHOWN_AT = {"name": "name.fr", "holder": "holder.name", "scopes": "scopes", "": "name"}
"""Where the error of a whole is shown: beside the first of its fields."""


def nested(values: Mapping[str, str], *without: str) -> dict[str, Any]:
    """`{"name.fr": …}` as `{"name": {"fr": …}}`, but for the fields that are the page's own."""
    made: dict[str, Any] = {}
    for path, value in values.items():
        if path in without:
            continue
        *groups, last = path.split(".")[:4]
        place = made
        for group in groups:
            inner = place.setdefault(group, {})
            place = inner if isinstance(inner, dict) else {}
        place[last] = value
    return made


def refused(refusal: Problem, request: Request, actor: Actor, **shown_at: str) -> dict[str, Any]:
    """For the template: the refusal in words, its errors as (field, words), and the same by field."""
    said = told(refusal, request, actor)
    places = SHOWN_AT | shown_at
    errors: dict[str, str] = {}
    for error in said.errors:
        group = error.field.split(".")[0]
        errors.setdefault(
            places.get(error.field) or (group if group == "scopes" else error.field), error.message
        )
    return {"refusal": said, "errors": list(errors.items()), "wrong": errors, "status": said.status}


ACCEPTED: dict[str, Any] = {"refusal": None, "errors": [], "wrong": {}}
"""The same for a page that nothing was refused on."""


def version_of(typed: Mapping[str, str]) -> int:
    """The version that the form was made from."""
    return forms.version_of(typed.get("version", ""))


def reach(actor: Actor, narrowed: bool) -> str:
    """How far a list of hers goes: `found` by a search, `country`, `province` or her `own`."""
    if narrowed:
        return "found"
    if actor.roles & set(OVERSEERS):
        return "country"
    return "province" if Role.OFFICER in actor.roles else "own"


def words_of(request: Request, actor: Actor) -> str:
    return language_of(request, actor)


def provinces(tx: Tx, lang: str) -> Options:
    """Every province and prefecture by its name in the language."""
    return _by_name((row.code, localized(lang, row.name)) for row in territory.provinces(tx))


def communes(tx: Tx, province: str, lang: str) -> Options:
    """The communes of a province by their names."""
    return _by_name((row.code, localized(lang, row.name)) for row in territory.communes(tx, province))


def place(tx: Tx, province: str, commune: str) -> tuple[Province, Commune]:
    return territory.province(tx, province), territory.commune(tx, commune)


def enum_options(lang: str, kind: str, values: Iterable[str]) -> Options:
    return [(str(value), label(lang, f"{kind}.{value}")) for value in values]


def legal_forms(lang: str) -> Options:
    return enum_options(lang, "enum.legal_form", LegalForm)


def sectors(lang: str) -> Options:
    return _by_name((code, localized(lang, name)) for code, name in activities.sectors().items())


def chains(lang: str) -> Options:
    return _by_name((chain.code, localized(lang, chain.name)) for chain in activities.chains())


def activities_of(lang: str) -> list[tuple[str, str, Options]]:
    """Each sector with its chains: code, name, [(code, name)]."""
    of: dict[str, list[tuple[str, str]]] = {}
    for chain in activities.chains():
        of.setdefault(chain.sector, []).append((chain.code, localized(lang, chain.name)))
    return [(code, name, _by_name(of.get(code, ()))) for code, name in sectors(lang)]


def organisation_values(typed: Mapping[str, str], *without: str) -> dict[str, Any]:
    """A form's fields as the schemas read them; ticked sectors and chains as lists of their codes."""
    boxes = ("sectors", "chains")
    plain = {
        name: text for name, text in typed.items() if name.partition(".")[0] not in (*boxes, "activities")
    }
    values = nested(plain, *without)
    if "activities" in typed:  # the boxes were on the page
        values |= {
            box: [name.partition(".")[2] for name in typed if name.startswith(f"{box}.")] for box in boxes
        }
    return values


def roles(lang: str) -> Options:
    return enum_options(lang, "role", Role)


def _by_name(options: Iterable[tuple[str, str]]) -> Options:
    return sorted(options, key=lambda option: option[1])
