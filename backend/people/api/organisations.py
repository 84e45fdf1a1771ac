"""Organisations, their members, and the ties that keep one from judging them."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from ...core.calendar import local
from ...core.tx import Tx, transaction
from ...web.deps import CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag
from .. import commands, queries
from ..doubts import doubts
from ..identifiers import masked_rib
from ..models import LegalForm, Organisation
from ..schemas import (
    Code,
    CompositionOut,
    InterestIn,
    InterestOut,
    MembersIn,
    OrganisationDetail,
    OrganisationIn,
    OrganisationPatch,
    OrganisationsPage,
)

router = APIRouter(prefix="/organisations", tags=["organisations"])


def _narrowed(
    province: Annotated[Code | None, Query()] = None,
    legal_form: LegalForm | None = None,
    commune: Annotated[Code | None, Query()] = None,
    sector: Annotated[str | None, Query(max_length=40)] = None,
) -> queries.Wanted:
    return queries.Wanted(None, province, legal_form, commune, sector)


Narrowed = Annotated[queries.Wanted, Depends(_narrowed)]


@router.get("")
def list_organisations(
    actor: CurrentActor,
    narrowed: Narrowed,
    q: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> OrganisationsPage:
    """The organisations whom one may see, the newest first.

    `q` is looked for in both names, whatever the accents, the vowels and the forms of Arabic letters.
    """
    wanted = replace(narrowed, text=q)
    with transaction(actor) as tx:
        found = queries.organisations(tx, wanted, cursor, limit)
        return OrganisationsPage.model_validate(found)


@router.post("", status_code=201, response_model=OrganisationDetail)
def create_organisation(given: OrganisationIn, actor: CurrentActor, once: OncePerKey) -> Any:
    """Enter an organisation: a holder her own, an officer that of somebody whom she assists."""
    with transaction(actor) as tx:
        return once(tx, given, lambda: detail_of(tx, commands.create_organisation(tx, given)))


@router.get("/{organisation_id}")
def read_organisation(organisation_id: UUID, response: Response, actor: CurrentActor) -> OrganisationDetail:
    """An organisation with its members and how they are made up today."""
    with transaction(actor) as tx:
        organisation = queries.organisation(tx, organisation_id)
        etag(response, organisation)
        return detail_of(tx, organisation)


@router.patch("/{organisation_id}")
def edit_organisation(
    organisation_id: UUID,
    patch: OrganisationPatch,
    version: IfMatch,
    response: Response,
    actor: CurrentActor,
) -> OrganisationDetail:
    """Change what is sent and nothing else."""
    with transaction(actor) as tx:
        organisation = commands.edit_organisation(tx, organisation_id, patch, version)
        etag(response, organisation)
        return detail_of(tx, organisation)


@router.put("/{organisation_id}/members")
def replace_members(
    organisation_id: UUID, given: MembersIn, version: IfMatch, response: Response, actor: CurrentActor
) -> OrganisationDetail:
    """Set the list of members, in its order."""
    with transaction(actor) as tx:
        organisation = commands.replace_members(tx, organisation_id, given.members, version)
        etag(response, organisation)
        return detail_of(tx, organisation)


@router.post("/{organisation_id}/interests", status_code=201)
def declare_interest(organisation_id: UUID, given: InterestIn, actor: CurrentActor) -> InterestOut:
    """Declare one's own tie with an organisation; the first declaration stands, asking again is harmless."""
    with transaction(actor) as tx:
        return InterestOut.model_validate(commands.declare_interest(tx, organisation_id, given.reason))


def detail_of(tx: Tx, organisation: Organisation) -> OrganisationDetail:
    detail = OrganisationDetail.model_validate(organisation)
    detail.warnings = doubts(organisation)
    if detail.bank_account and not tx.may(["organisation.edit"], organisation)["organisation.edit"]:
        detail.bank_account = masked_rib(detail.bank_account)
    cards = queries.shown_identities(tx, organisation)
    for member in detail.members:
        member.identity = cards[member.id][0] if member.id in cards else None
    if any(doubtful for _, doubtful in cards.values()):
        detail.warnings.append("cin_shape")
    made_up = queries.composition(tx, [organisation.id], local(tx.now).date())[organisation.id]
    detail.composition = CompositionOut.model_validate(made_up)
    return detail
