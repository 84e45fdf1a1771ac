"""Questions put to the actors: written, published, closed by the clock, concluded; what an actor answers."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from backend.core.calendar import local
from backend.core.errors import INVALID, NOT_FOUND, VERSION_CONFLICT, FieldError
from backend.core.tx import Tx
from backend.files import commands as files
from backend.files.intake import Kept
from backend.files.lifecycle import FILE_INFECTED
from backend.files.models import Scan, StoredFile
from backend.people.models import Organisation, Representative

from ..models import (
    Committee,
    Consultation,
    ConsultationFile,
    ConsultationState,
    Contribution,
    Seat,
    Standing,
)
from ..seated import running
from .lifecycle import (
    CONSULTATION,
    CONSULTATION_NOT_OPEN,
    CONSULTATION_OVER,
    CONSULTATION_PUBLISHED,
)
from .schemas import ConsultationIn, ContributionIn


def create_consultation(tx: Tx, committee_id: UUID, asked: ConsultationIn) -> Consultation:
    """Write a question down; nobody reads it before it is published."""
    committee = tx.get(Committee, committee_id, "committee.read")
    made = Consultation(committee_id=committee_id, province_code=committee.province_code)
    _write(made, asked)
    tx.add(made, "consultation.run")
    tx.emit("consultation.created", made)
    return made


def edit_consultation(
    tx: Tx, consultation_id: UUID, asked: ConsultationIn, version: int | None = None
) -> Consultation:
    """Change a draft; of a published question only the end moves, and only to a later hour."""
    one = tx.get(Consultation, consultation_id, "consultation.run", version=version)
    if one.state is ConsultationState.DRAFT:
        _write(one, asked)
        tx.emit("consultation.edited", one)
        return one
    same = (one.question, one.context, one.opens_at) == (
        asked.question.model_dump(),
        asked.context.model_dump(),
        asked.opens_at,
    )
    if not same or one.state is not ConsultationState.OPEN or asked.closes_at < one.closes_at:
        raise CONSULTATION_PUBLISHED(state=f"state.consultation.{one.state}")
    before, one.closes_at = one.closes_at, asked.closes_at
    tx.emit("consultation.extended", one, before=before.isoformat(), after=asked.closes_at.isoformat())
    return one


def publish_consultation(tx: Tx, consultation_id: UUID, version: int | None = None) -> Consultation:
    """Put the question to everybody; it is answered between its hours."""
    one = tx.get(Consultation, consultation_id, "consultation.run", version=version)
    CONSULTATION.fire(tx, one, "publish", closes_at=one.closes_at.isoformat())
    return one


def conclude_consultation(
    tx: Tx, consultation_id: UUID, synthesis: Mapping[str, str], version: int | None = None
) -> Consultation:
    """Publish what comes out of the answers; its hours must be over."""
    one = tx.get(Consultation, consultation_id, "consultation.run", version=version)
    if one.state is ConsultationState.OPEN:  # its hours may be over since the last turn of the clock
        CONSULTATION.fire(tx, one, "close")
    CONSULTATION.fire(tx, one, "conclude")
    one.synthesis, one.concluded_at = dict(synthesis), tx.now
    return one


def close_those_over(tx: Tx, limit: int = 200) -> int:
    """Close the questions whose hours are over; returns how many there were."""
    over = (
        select(Consultation)
        .where(Consultation.state == ConsultationState.OPEN, Consultation.closes_at <= tx.now)
        .order_by(Consultation.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = tx.session.scalars(over).all()
    for one in found:
        CONSULTATION.fire(tx, one, "close")
    return len(found)


def add_document(tx: Tx, consultation_id: UUID, kept: Kept, title: Mapping[str, str]) -> ConsultationFile:
    """A document to read before answering."""
    one = tx.get(Consultation, consultation_id, "consultation.run")
    if one.state in (ConsultationState.CLOSED, ConsultationState.CONCLUDED):
        raise CONSULTATION_PUBLISHED(state=f"state.consultation.{one.state}")
    file = files.register(tx, kept)
    held = select(func.count()).where(ConsultationFile.consultation_id == consultation_id)
    made = ConsultationFile(
        consultation_id=consultation_id,
        file_id=file.id,
        title=dict(title),
        position=tx.session.execute(held).scalar_one(),
    )
    tx.add(made, "consultation_file.create")
    tx.emit("consultation.document_added", one, file=str(file.id), sha256=file.sha256)
    return made


def document(tx: Tx, consultation_id: UUID, file_id: UUID) -> StoredFile:
    """A document of the question, for whoever reads the question."""
    tx.get(Consultation, consultation_id, "consultation.read")
    named = select(ConsultationFile.id).where(
        ConsultationFile.consultation_id == consultation_id, ConsultationFile.file_id == file_id
    )
    file = tx.session.get(StoredFile, file_id) if tx.session.execute(named).first() else None
    if file is None:
        raise NOT_FOUND(thing="file")
    if file.scan is Scan.INFECTED:
        raise FILE_INFECTED(name=file.name)
    return file


def answerable(one: Consultation, now: datetime) -> bool:
    """Its hours run: a fact of the clock, whatever the job that closes it has done."""
    return one.state is ConsultationState.OPEN and one.opens_at <= now < one.closes_at


def contribute(
    tx: Tx, consultation_id: UUID, asked: ContributionIn, version: int | None = None
) -> Contribution:
    """Answer, or change one's answer: one a person, until the hour of the close."""
    one = tx.get(Consultation, consultation_id, "consultation.answer")
    if not answerable(one, tx.now):
        early = one.state is ConsultationState.OPEN and tx.now < one.opens_at
        refusal = CONSULTATION_NOT_OPEN if early else CONSULTATION_OVER
        raise refusal(closes_at=one.closes_at.date().isoformat(), opens_at=one.opens_at.date().isoformat())
    assert tx.actor.id
    mine = select(Contribution).where(
        Contribution.consultation_id == consultation_id, Contribution.person_id == tx.actor.id
    )
    found = tx.session.scalars(mine).one_or_none()
    if found is None:
        seat_id, standing = _standing(tx, one)
        found = Contribution(
            consultation_id=consultation_id,
            province_code=one.province_code,
            person_id=tx.actor.id,
            seat_id=seat_id,
            standing=standing,
            given_at=tx.now,
            **asked.model_dump(),
        )
        tx.add(found, "contribution.give")
        tx.emit("contribution.given", found, standing=standing)
        return found
    if version is not None and version != found.version:
        raise VERSION_CONFLICT(version=version, current=found.version)
    for name, value in asked.model_dump().items():
        setattr(found, name, value)
    found.given_at = tx.now
    tx.session.flush()
    tx.allow("contribution.give", found)
    tx.emit("contribution.changed", found)
    return found


def _standing(tx: Tx, one: Consultation) -> tuple[UUID | None, Standing]:
    """As what she answers: by her seat of today, by what she represents in the province, else as public."""
    today = local(tx.now).date()
    hers = (Seat.committee_id == one.committee_id, Seat.person_id == tx.actor.id, running(today))
    seat_id = tx.session.scalar(select(Seat.id).where(*hers).limit(1))
    if seat_id:
        return seat_id, Standing.MEMBER
    holds = (
        select(Representative.id)
        .join(Organisation, Organisation.id == Representative.organisation_id)
        .where(
            Representative.person_id == tx.actor.id,
            Organisation.province_code == one.province_code,
            or_(Representative.until.is_(None), Representative.until > tx.now),
        )
    )
    return None, Standing.HOLDER if tx.session.execute(holds.limit(1)).first() else Standing.PUBLIC


def _write(one: Consultation, asked: ConsultationIn) -> None:
    if not asked.question.fr or not asked.question.ar:
        raise INVALID([FieldError("question", "missing")])
    one.question, one.context = asked.question.model_dump(), asked.context.model_dump()
    one.opens_at, one.closes_at = asked.opens_at, asked.closes_at
