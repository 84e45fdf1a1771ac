"""Deposits over JSON: versions, completion requests, what a holder confirms of what an agent typed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field

from ..core.shapes import In, Out
from ..core.tx import Tx, transaction
from ..web.deps import CurrentActor, etag
from . import assistance, commands, deposits, queries
from .lifecycle import completion_of
from .models import Application, Assistance, Proof
from .schemas import ApplicationOut, CompletionOut
from .sections import clean

router = APIRouter(prefix="/applications", tags=["applications"])


class DepositOut(Out):
    """One deposit of a dossier: its receipt and fingerprint."""

    number: int
    submitted_at: datetime
    receipt_code: str
    content_sha256: str
    call_version: int


class CompletionIn(In):
    """What the holder is asked to complete: sections, or papers as `documents.<code>`."""

    items: Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=100)]
    note: Annotated[str, Field(max_length=2000), AfterValidator(clean)] = ""


class ConfirmationIn(In):
    """The code that the holder read back, or the scan of the sheet that she signed."""

    code: Annotated[str, Field(min_length=6, max_length=20)] | None = None
    file_id: UUID | None = None


class AssistanceOut(Out):
    """Who files for a holder, and whether she confirmed what is typed now."""

    agent_id: UUID
    begun_at: datetime
    deposited_at: datetime | None
    proof: Proof | None
    confirmed_at: datetime | None
    confirmed_sha256: str | None


def completion(tx: Tx, application: Application) -> CompletionOut | None:
    """What was asked of the holder, and whether she answered."""
    found = completion_of(tx, application)
    return CompletionOut.model_validate(found) if found else None


@router.get("/{application_id}/deposits")
def list_deposits(application_id: UUID, actor: CurrentActor) -> list[DepositOut]:
    """The versions of the dossier, first to last: the last one stands."""
    with transaction(actor) as tx:
        found = deposits.versions(tx, queries.one(tx, application_id))
        return [DepositOut.model_validate(one) for one in found]


@router.delete("/{application_id}/changes")
def drop_changes(application_id: UUID, actor: CurrentActor, response: Response) -> ApplicationOut:
    """Give up what was changed since the last deposit, which stands."""
    with transaction(actor) as tx:
        return _tagged(response, commands.drop_changes(tx, application_id))


@router.post("/{application_id}/return")
def return_application(
    application_id: UUID, body: CompletionIn, actor: CurrentActor, response: Response
) -> ApplicationOut:
    """Send the dossier back to be completed, once; the call says in how many working days."""
    with transaction(actor) as tx:
        return _tagged(response, commands.ask_completion(tx, application_id, body.items, body.note))


@router.post("/{application_id}/confirmation/ask")
def ask_confirmation(application_id: UUID, actor: CurrentActor) -> AssistanceOut:
    """Send the holder a code of six digits by SMS, for what is typed now. It lives ten minutes."""
    with transaction(actor) as tx:
        return AssistanceOut.model_validate(assistance.ask_code(tx, application_id))


@router.post("/{application_id}/confirmation")
def confirm(application_id: UUID, body: ConfirmationIn, actor: CurrentActor) -> AssistanceOut:
    """The holder confirms what is typed now: by the code that she read back, or a sheet that she signed."""
    with transaction(actor) as tx:
        if body.file_id:
            found: Assistance | None = assistance.confirm_by_sheet(tx, application_id, body.file_id)
        else:
            found = assistance.confirm_by_code(tx, application_id, body.code or "")
        wrong = assistance.code_wrong(tx, application_id) if found is None else None
    if found is None or wrong:  # counted, and committed
        raise wrong or assistance.CODE_WRONG()
    return AssistanceOut.model_validate(found)


def _tagged(response: Response, application: Application) -> ApplicationOut:
    etag(response, application)
    return ApplicationOut.model_validate(application)
