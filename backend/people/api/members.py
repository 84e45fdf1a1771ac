"""Members of an organisation from a spreadsheet, and the number of a card when it has to be read."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ...core.tx import transaction
from ...web.deps import CurrentActor, IfMatch, etag
from ...web.language import language_of
from ...web.sheets import SHEET, SentSheet
from .. import commands, queries
from ..roster import reader, template, told
from ..schemas import IdentityOut, ImportOut, Language, LeftOut, MemberOut, RevealIn

router = APIRouter(prefix="/organisations/{organisation_id}/members", tags=["organisations"])
WORKBOOK: dict[str, Any] = {"content": {template.MEDIA_TYPE: {}}}


@router.get("/template", response_class=Response, responses={200: WORKBOOK})
def members_template(organisation_id: UUID, actor: CurrentActor, lang: Language = "fr") -> Response:
    """A workbook to fill: the headers in French or in Arabic, and what to choose from."""
    with transaction(actor) as tx:
        queries.organisation(tx, organisation_id)
    return Response(template.template(lang), media_type=template.MEDIA_TYPE)


@router.post("/check", openapi_extra=SHEET)
def check_members(organisation_id: UUID, actor: CurrentActor, sent: SentSheet) -> ImportOut:
    """What the list would add and change, and what is wrong in it by line and cell. Nothing is saved."""
    rows = reader.cells(sent.content)
    with transaction(actor) as tx:
        plan = commands.check_members(tx, organisation_id, rows)
        return told.told(language_of(sent.request, actor), plan, saved=False)


@router.post("/import", openapi_extra=SHEET)
def import_members(
    organisation_id: UUID,
    response: Response,
    actor: CurrentActor,
    version: IfMatch,
    sent: SentSheet,
    keep_right: Annotated[bool, Query(description="Save the right lines though others are wrong.")] = False,
) -> ImportOut:
    """Add and correct the members of the list; whoever is not in it stays.

    While a line is wrong nothing is saved (`saved` is false, `faults` says why), unless `keep_right`.
    """
    rows = reader.cells(sent.content)
    with transaction(actor) as tx:
        organisation, plan = commands.import_members(tx, organisation_id, rows, version, keep_right)
        etag(response, organisation)
        saved = bool(plan.added or plan.changed) and (keep_right or not plan.faults)
        return told.told(language_of(sent.request, actor), plan, saved)


@router.get("/left")
def members_left(organisation_id: UUID, actor: CurrentActor) -> list[LeftOut]:
    """Who was removed within a day and may still be put back, the latest first."""
    with transaction(actor) as tx:
        return [
            LeftOut.model_validate(one) for one in queries.left(tx, queries.organisation(tx, organisation_id))
        ]


@router.post("/{member_id}/restore")
def restore_member(
    organisation_id: UUID, member_id: UUID, response: Response, actor: CurrentActor
) -> list[MemberOut]:
    """Put back a member who was removed within a day; the members as they stand then."""
    with transaction(actor) as tx:
        organisation = commands.restore_member(tx, organisation_id, member_id)
        etag(response, organisation)
        return [MemberOut.model_validate(one) for one in organisation.members]


@router.post("/{member_id}/erase")
def erase_member(
    organisation_id: UUID, member_id: UUID, response: Response, actor: CurrentActor, version: IfMatch
) -> list[MemberOut]:
    """Remove a member's name and card for good, at her request (law 09-08); the members as they stand then.

    Sex, year of birth and office stay without the name. Who has an account erases herself (`POST /me/erase`).
    """
    with transaction(actor) as tx:
        organisation = commands.erase_member(tx, organisation_id, member_id, version)
        etag(response, organisation)
        return [MemberOut.model_validate(one) for one in organisation.members]


@router.post("/{member_id}/identity")
def reveal_identity(
    organisation_id: UUID, member_id: UUID, given: RevealIn, actor: CurrentActor
) -> IdentityOut:
    """The whole number of one member's card, for an officer of the province who says why.

    Each reading is recorded; the organisation and the auditors see who read, when and why.
    """
    with transaction(actor) as tx:
        return IdentityOut(identity=commands.reveal_identity(tx, organisation_id, member_id, given))
