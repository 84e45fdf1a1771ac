"""People and roles: the administrator enters people, gives and takes roles, closes accounts."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from ...core.actor import Actor
from ...core.errors import FORBIDDEN, Problem
from ...core.tx import transaction
from ...web.deps import EntryActor, PageActor
from ...web.forms import Typed, read
from ...web.render import render
from .. import commands, queries
from ..models import Role
from ..schemas import GrantIn, PersonIn
from . import parts

router = APIRouter(prefix="/admin/people")


@router.get("")
def list_people(
    request: Request, actor: EntryActor, q: str = "", role: str = "", province: str = "", cursor: str = ""
) -> Response:
    asked = {"q": q[:100], "role": role if role in list(Role) else "", "province": province[:16]}
    lang = parts.words_of(request, actor)
    with transaction(actor) as tx:
        wanted = Role(asked["role"]) if asked["role"] else None
        narrowed = (asked["q"] or None, wanted, asked["province"] or None)
        page = queries.people(tx, *narrowed, cursor or None, 50)
        count = queries.count_people(tx, *narrowed)
        places = parts.provinces(tx, lang)
    return render(
        request,
        actor,
        "people/people.html",
        page=page,
        count=count,
        reach=parts.reach(actor, any(narrowed)),
        asked=asked,
        provinces=places,
        roles=parts.roles(lang),
    )


@router.get("/new")
def show_new(request: Request, actor: PageActor) -> Response:
    if Role.ADMINISTRATOR not in actor.roles:
        raise FORBIDDEN(rule="person.create")
    return _new_page(request, actor)


@router.post("")
def create_person(request: Request, actor: PageActor, typed: Typed) -> Response:
    values = parts.nested(typed, "role", "province_code")
    if typed.get("role"):
        values["grants"] = [{"role": typed["role"], "province_code": typed.get("province_code", "")}]
    try:
        given = read(PersonIn, values)
        with transaction(actor) as tx:
            person = commands.create_person(tx, given)
    except Problem as refusal:
        places = {"name": "name", "grants.0.province_code": "province_code", "grants.0.role": "role"}
        kept = {name: value for name, value in typed.items() if name != "password"}
        return _new_page(request, actor, typed=kept, **parts.refused(refusal, request, actor, **places))
    return parts.see_other(f"/admin/people/{person.id}")


@router.get("/{person_id}")
def show_person(person_id: UUID, request: Request, actor: PageActor) -> Response:
    return _person_page(person_id, request, actor)


@router.post("/{person_id}/grants")
def grant_role(person_id: UUID, request: Request, actor: PageActor, typed: Typed) -> Response:
    try:
        given = read(GrantIn, typed)
        with transaction(actor) as tx:
            commands.grant_role(tx, person_id, given)
    except Problem as refusal:
        return _person_page(person_id, request, actor, typed=typed, **parts.refused(refusal, request, actor))
    return parts.see_other(f"/admin/people/{person_id}")


@router.post("/{person_id}/grants/{grant_id}/revoke")
def revoke_role(person_id: UUID, grant_id: UUID, request: Request, actor: PageActor) -> Response:
    try:
        with transaction(actor) as tx:
            commands.revoke_role(tx, grant_id, person_id)
    except Problem as refusal:
        return _person_page(person_id, request, actor, **parts.refused(refusal, request, actor))
    return parts.see_other(f"/admin/people/{person_id}")


@router.post("/{person_id}/invite")
def invite_person(person_id: UUID, request: Request, actor: PageActor) -> Response:
    try:
        with transaction(actor) as tx:
            commands.invite(tx, person_id)
    except Problem as refusal:
        return _person_page(person_id, request, actor, **parts.refused(refusal, request, actor))
    return parts.see_other(f"/admin/people/{person_id}?invited=1")


@router.post("/{person_id}/disable")
def disable_person(person_id: UUID, request: Request, actor: PageActor) -> Response:
    try:
        with transaction(actor) as tx:
            commands.disable_person(tx, person_id)
    except Problem as refusal:
        return _person_page(person_id, request, actor, **parts.refused(refusal, request, actor))
    return parts.see_other(f"/admin/people/{person_id}")


@router.post("/{person_id}/enable")
def enable_person(person_id: UUID, actor: PageActor) -> Response:
    with transaction(actor) as tx:
        commands.enable_person(tx, person_id)
    return parts.see_other(f"/admin/people/{person_id}")


def _new_page(request: Request, actor: Actor, **context: Any) -> Response:
    lang = parts.words_of(request, actor)
    with transaction(actor) as tx:
        places = parts.provinces(tx, lang)
    known: dict[str, Any] = parts.ACCEPTED | {"typed": {"language": "fr"}} | context
    known |= {"provinces": places, "roles": parts.roles(lang), "languages": parts.LANGUAGE_NAMES}
    return render(request, actor, "people/person_new.html", **known)


def _person_page(person_id: UUID, request: Request, actor: Actor, **context: Any) -> Response:
    lang = parts.words_of(request, actor)
    with transaction(actor) as tx:
        person = queries.person(tx, person_id)
        places = parts.provinces(tx, lang)
        may = tx.may(["person.disable"], person)["person.disable"]
        invitation, waits = queries.invitation_of(tx, person) if may else (None, False)
    known: dict[str, Any] = parts.ACCEPTED | {"typed": {}} | context
    known |= {"invitation": invitation, "waits": waits, "invited": "invited" in request.query_params}
    known |= {"provinces": places, "names": dict(places), "roles": parts.roles(lang), "may": may}
    return render(request, actor, "people/person.html", person=person, **known)
