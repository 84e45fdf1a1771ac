"""People and their roles."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from ...core.tx import transaction
from ...web.deps import AnyActor, CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag
from .. import commands, queries
from ..cookies import address_of
from ..models import Role
from ..schemas import (
    Code,
    GrantIn,
    GrantOut,
    InvitationOut,
    PeoplePage,
    PersonIn,
    PersonOut,
    PersonPatch,
    Registered,
    RegisterIn,
)

router = APIRouter(prefix="/people", tags=["people"])
Text = Annotated[str | None, Query(max_length=100)]


@router.post("/register", status_code=202)
def register_person(given: RegisterIn, request: Request, actor: AnyActor) -> Registered:
    """Open a holder's account. The answer is the same when the e-mail has an account already."""
    with transaction(actor) as tx:
        commands.register(tx, given, address_of(request))
    return Registered()


@router.get("")
def list_people(
    actor: CurrentActor,
    q: Text = None,
    role: Role | None = None,
    province: Annotated[Code | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PeoplePage:
    """The people whom one may see, by name."""
    with transaction(actor) as tx:
        return PeoplePage.model_validate(queries.people(tx, q, role, province, cursor, limit))


@router.post("", status_code=201, response_model=PersonOut)
def create_person(given: PersonIn, actor: CurrentActor, once: OncePerKey) -> Any:
    """Enter a person with her roles (administrators)."""
    with transaction(actor) as tx:
        return once(tx, given, lambda: PersonOut.model_validate(commands.create_person(tx, given)))


@router.get("/{person_id}")
def read_person(person_id: UUID, response: Response, actor: CurrentActor) -> PersonOut:
    """A person and her current roles."""
    with transaction(actor) as tx:
        person = queries.person(tx, person_id)
        etag(response, person)
        return PersonOut.model_validate(person)


@router.patch("/{person_id}")
def edit_person(
    person_id: UUID, patch: PersonPatch, version: IfMatch, response: Response, actor: CurrentActor
) -> PersonOut:
    """Correct a person's name, telephone or language."""
    with transaction(actor) as tx:
        person = commands.edit_person(tx, person_id, patch, version)
        etag(response, person)
        return PersonOut.model_validate(person)


@router.post("/{person_id}/disable")
def disable_person(person_id: UUID, actor: CurrentActor) -> PersonOut:
    """Close an account: its sessions and tokens stop at once."""
    with transaction(actor) as tx:
        return PersonOut.model_validate(commands.disable_person(tx, person_id))


@router.post("/{person_id}/enable")
def enable_person(person_id: UUID, actor: CurrentActor) -> PersonOut:
    """Open a closed account again."""
    with transaction(actor) as tx:
        return PersonOut.model_validate(commands.enable_person(tx, person_id))


@router.post("/{person_id}/invite", status_code=201)
def invite_person(person_id: UUID, actor: CurrentActor) -> InvitationOut:
    """Send her a link by which she chooses her password, in place of those that she did not use."""
    with transaction(actor) as tx:
        return InvitationOut.model_validate(commands.invite(tx, person_id))


@router.post("/{person_id}/grants", status_code=201, response_model=GrantOut)
def grant_role(person_id: UUID, given: GrantIn, actor: CurrentActor, once: OncePerKey) -> Any:
    """Give a role; one that is held already is answered as it is."""
    with transaction(actor) as tx:
        return once(tx, given, lambda: GrantOut.model_validate(commands.grant_role(tx, person_id, given)))


@router.post("/{person_id}/grants/{grant_id}/revoke", status_code=204)
def revoke_role(person_id: UUID, grant_id: UUID, actor: CurrentActor) -> None:
    """Take a role back."""
    with transaction(actor) as tx:
        commands.revoke_role(tx, grant_id, person_id)
