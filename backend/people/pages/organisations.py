"""Organisations: entered in two short steps, then one page to read and correct them, members included."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from ...core.actor import Actor
from ...core.calendar import local
from ...core.errors import Problem
from ...core.tx import Tx, transaction
from ...web.deps import EntryActor, PageActor
from ...web.forms import Typed, read
from ...web.language import local_path
from ...web.links import links_of
from ...web.render import render
from .. import commands, queries
from ..doubts import doubts
from ..identifiers import masked_rib
from ..models import OFFICES, LegalForm, Organisation, Role, Sex
from ..schemas import OrganisationIn, OrganisationPatch
from . import parts

router = APIRouter()
FACTS = (
    "legal_form", "commune_code", "register_number", "ice", "commercial_register", "bank_account",
    "created_on", "last_agm_on", "phone",
)  # fmt: skip
_ARABIC = re.compile("[\u0600-\u06ff]")


def _narrowed(province: str = "", form: str = "", commune: str = "", sector: str = "") -> dict[str, str]:
    return {
        "province": province[:16],
        "form": form if form in list(LegalForm) else "",
        "commune": commune[:16],
        "sector": sector[:40],
    }


Narrowed = Annotated[dict[str, str], Depends(_narrowed)]


@router.get("/organisations")
def list_organisations(
    request: Request, actor: EntryActor, narrowed: Narrowed, q: str = "", cursor: str = ""
) -> Response:
    asked = narrowed | {"q": q[:100]}
    lang = parts.words_of(request, actor)
    with transaction(actor) as tx:
        wanted = queries.Wanted(
            asked["q"] or None,
            asked["province"] or None,
            LegalForm(asked["form"]) if asked["form"] else None,
            asked["commune"] or None,
            asked["sector"] or None,
        )
        page = queries.organisations(tx, wanted, cursor or None, 50)
        count = queries.count_organisations(tx, wanted)
        places = parts.provinces(tx, lang)
        communes = parts.communes(tx, asked["province"], lang) if asked["province"] in dict(places) else []
        found = queries.composition(tx, [row.id for row in page.items], local(tx.now).date())
    return render(
        request,
        actor,
        "people/organisations.html",
        page=page,
        count=count,
        reach=parts.reach(actor, any(asked.values())),
        asked=asked,
        provinces=places,
        communes=communes,
        sectors=parts.sectors(lang),
        names=dict(places),
        forms=parts.legal_forms(lang),
        composition=found,
    )


@router.get("/my/organisations/new")
def show_new(
    request: Request,
    actor: PageActor,
    province: str = "",
    next: str = "",  # noqa: A002
) -> Response:
    """First the province, then the rest with the communes of that province."""
    return _new_page(request, actor, province, next=local_path(next, ""))


@router.post("/my/organisations/new")
def create_organisation(request: Request, actor: PageActor, typed: Typed) -> Response:
    province, target = typed.get("province", ""), local_path(typed.get("next", ""), "")
    try:
        given = read(OrganisationIn, parts.organisation_values(typed, "province", "next"))
        with transaction(actor) as tx:
            made = commands.create_organisation(tx, given)
    except Problem as refusal:
        shown = parts.refused(refusal, request, actor)
        return _new_page(request, actor, province, typed=typed, next=target, **shown)
    return parts.see_other(target or f"/organisations/{made.id}#members")


@router.get("/organisations/{organisation_id}")
def show_organisation(organisation_id: UUID, request: Request, actor: PageActor) -> Response:
    return organisation_page(organisation_id, request, actor)


@router.post("/organisations/{organisation_id}")
def edit_organisation(organisation_id: UUID, request: Request, actor: PageActor, typed: Typed) -> Response:
    try:
        patch = read(OrganisationPatch, parts.organisation_values(typed, "version"))
        with transaction(actor) as tx:
            commands.edit_organisation(tx, organisation_id, patch, parts.version_of(typed))
    except Problem as refusal:
        return organisation_page(
            organisation_id, request, actor, typed=typed, **parts.refused(refusal, request, actor)
        )
    return parts.see_other(f"/organisations/{organisation_id}")


def _new_page(request: Request, actor: Actor, province: str, **context: Any) -> Response:
    lang = parts.words_of(request, actor)
    own = sorted(place for place in actor.provinces(Role.OFFICER, Role.AGENT) if place)
    with transaction(actor) as tx:
        places = parts.provinces(tx, lang)
        chosen = province if province in dict(places) else (own[0] if len(own) == 1 else "")
        communes = parts.communes(tx, chosen, lang) if chosen else []
    known: dict[str, Any] = parts.ACCEPTED | {"typed": {}, "next": ""} | context
    return render(
        request,
        actor,
        "people/organisation_new.html",
        province=chosen,
        provinces=places,
        communes=[("", ""), *communes],
        forms=parts.legal_forms(lang),
        activities=parts.activities_of(lang),
        assisted=Role.HOLDER not in actor.roles,
        by_mail=Role.AGENT not in actor.roles or Role.OFFICER in actor.roles,
        languages=parts.LANGUAGE_NAMES,
        **known,
    )


def organisation_page(organisation_id: UUID, request: Request, actor: Actor, **context: Any) -> Response:
    lang = parts.words_of(request, actor)
    with transaction(actor) as tx:
        row = queries.organisation(tx, organisation_id)
        facts = _shown(tx, row, lang)
    typed = context.get("typed", {})
    held = {name: text for name, text in _as_typed(row).items() if not (typed and _is_ticked(name))}
    context["typed"] = held | typed  # a form may lack fields
    known: dict[str, Any] = (
        parts.ACCEPTED | {"member": {}, "adding": False, "twice": False, "revealed": {}} | context
    )
    return render(request, actor, "people/organisation.html", organisation=row, **facts, **known)


def _shown(tx: Tx, row: Organisation, lang: str) -> dict[str, Any]:
    """What the page says beside the row itself."""
    province, commune = parts.place(tx, row.province_code, row.commune_code)
    away = queries.left(tx, row)
    return {
        "province": province,
        "commune": commune,
        "communes": parts.communes(tx, row.province_code, lang),
        "forms": parts.legal_forms(lang),
        "offices": OFFICES,
        "sexes": parts.enum_options(lang, "enum.sex", Sex),
        "composition": queries.composition(tx, [row.id], local(tx.now).date())[row.id],
        "representatives": queries.representatives(tx, row.id),
        "may_edit": tx.may(["organisation.edit"], row)["organisation.edit"],
        "activities": parts.activities_of(lang),
        "sector_names": dict(parts.sectors(lang)),
        "chain_names": dict(parts.chains(lang)),
        "bank_account": row.bank_account and masked_rib(row.bank_account),
        "doubts": doubts(row),
        "cards": queries.shown_identities(tx, row),
        "readings": queries.readings(tx, row),
        "away": away,
        "list_changes": queries.list_changes(tx, row),
        "names_of": {str(one.id): one.name for one in row.members} | {str(one.id): one.name for one in away},
        "may_reveal": tx.may(["organisation.reveal"], row)["organisation.reveal"],
        "merged": queries.merged_with(tx, row),
        "links": links_of(tx, "organisation", row),
    }


def _is_ticked(name: str) -> bool:
    """A box that was not ticked is not sent: its absence says so."""
    return name.startswith(("sectors.", "chains."))


def _as_typed(row: Organisation) -> dict[str, Any]:
    """The row as its form would have been typed."""
    values = {name: getattr(row, name) for name in (*FACTS, "version")}
    values |= {f"sectors.{code}": "1" for code in row.sectors} | {
        f"chains.{code}": "1" for code in row.chains
    }
    return values | {f"name.{lang}": text for lang, text in _names_given(row.name).items()}


def _names_given(name: dict[str, str]) -> dict[str, str]:
    """A name that was given in one language serves in both: its copy is not offered as a translation."""
    fr, ar = name.get("fr", ""), name.get("ar", "")
    if fr != ar:
        return {"fr": fr, "ar": ar}
    return {"fr": "", "ar": ar} if _ARABIC.search(ar) else {"fr": fr, "ar": ""}
