"""Reading information requests: lists, one with its documents, the year's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date, Integer, Select, and_, cast, extract, func, select

from ..core.calendar import local
from ..core.errors import NOT_FOUND
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..files.lifecycle import FILE_INFECTED
from ..files.models import Scan, StoredFile
from ..territory.models import Province
from .models import InformationFile, InformationRequest, InformationState

YEARS = 5
"""Years whose figures are published."""
Asked = InformationRequest
RECEIVED = InformationState.RECEIVED


@dataclass(frozen=True)
class Year:
    """What a year's requests became. No names: published as they are (law 31-13, proactive publication)."""

    year: int
    received: int
    in_time: int  # answered or refused by their date
    late: int  # after their date, or still waiting past it
    refused: int
    waiting: int  # within their time


def listed(
    tx: Tx, state: InformationState | None = None, cursor: str | None = None, limit: int = 50
) -> Page[InformationRequest]:
    """Requests that the actor may see, the first due first."""
    asked = select(Asked)
    if state is not None:
        asked = asked.where(Asked.state == state)
    keys = (Key(Asked.due_on, lambda one: one.due_on), Key(Asked.id, lambda one: one.id))
    return paginate(tx, tx.visible(asked, "information_request.read"), keys, cursor, limit)


def mine(tx: Tx) -> Sequence[InformationRequest]:
    """Those that the actor asked while signed in, the latest first."""
    if not tx.actor.is_authenticated:
        return ()
    asked = select(Asked).where(Asked.person_id == tx.actor.id).order_by(Asked.received_at.desc(), Asked.id)
    return tx.session.scalars(tx.visible(asked.limit(20), "information_request.read")).all()


def files_of(tx: Tx, asked: InformationRequest) -> Sequence[StoredFile]:
    return tx.session.scalars(_files(asked.id)).all()


def document(tx: Tx, asked: InformationRequest, file_id: UUID, drafts: bool) -> StoredFile:
    """A document of the answer; before it is given, only for who prepares it (`drafts`)."""
    file = tx.session.scalars(_files(asked.id).where(StoredFile.id == file_id)).one_or_none()
    if file is None or (asked.state is RECEIVED and not drafts):
        raise NOT_FOUND(thing="file")
    if file.scan is Scan.INFECTED:
        raise FILE_INFECTED(name=file.name)
    return file


def province_of(tx: Tx, asked: InformationRequest) -> Province:
    return tx.session.get_one(Province, asked.province_code)


def yearly(tx: Tx) -> list[Year]:
    """The last years' figures for the whole country, the latest first: one statement, no name, no text."""
    today = local(tx.now).date()
    here = func.timezone("Africa/Casablanca", Asked.received_at)
    year = cast(extract("year", here), Integer)
    closed = cast(func.timezone("Africa/Casablanca", Asked.answered_at), Date)
    waiting = Asked.state == RECEIVED
    counted = (
        select(
            year,
            func.count(),
            func.count().filter(closed <= Asked.due_on),
            func.count().filter((closed > Asked.due_on) | and_(waiting, Asked.due_on < today)),
            func.count().filter(Asked.state == InformationState.REFUSED),
            func.count().filter(and_(waiting, Asked.due_on >= today)),
        )
        .where(Asked.received_at >= _first_of(today.year - YEARS))
        .group_by(year)
        .order_by(year.desc())
    )
    return [Year(*row) for row in tx.session.execute(counted)]


def _first_of(year: int) -> date:
    return date(year, 1, 1)


def _files(request_id: UUID) -> Select[StoredFile]:
    return (
        select(StoredFile)
        .join(InformationFile, InformationFile.file_id == StoredFile.id)
        .where(InformationFile.request_id == request_id)
        .order_by(InformationFile.id)
    )
