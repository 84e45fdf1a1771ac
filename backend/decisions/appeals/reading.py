"""Reading appeals: lists, one with its steps, what may be done to it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import joinedload

from ...applications.models import Application
from ...committees.models import CommitteeSession, Motion
from ...core.calendar import local
from ...core.errors import NOT_FOUND
from ...core.events import Event
from ...core.paging import Key, Page, paginate
from ...core.tx import Tx
from ...files.lifecycle import FILE_INFECTED
from ...files.models import Scan, StoredFile
from ...people.models import Person
from .. import hooks
from ..models import Appeal, AppealFile, AppealState, Decision, DecisionState
from .lifecycle import contestable, last_day, requested
from .settling import COMING
from .studying import handlers

OVER = (AppealState.UPHELD, AppealState.DISMISSED, AppealState.WITHDRAWN)
STEPS = ("filed", "assigned", "reported", "scheduled", "put_off", "upheld", "dismissed", "withdrawn")


@dataclass(frozen=True)
class Right:
    """What the page of a decision says of contesting it: until when, or the appeal that stands."""

    until: date | None
    open: bool
    standing: Appeal | None
    contestable: bool  # refused, deferred, or given less than asked
    agreed: bool  # the convention is signed


@dataclass(frozen=True)
class Seen:
    """An appeal with what its page shows; `study` is what the administration alone reads."""

    appeal: Appeal
    decision: Decision
    application: Application
    steps: list[tuple[str, datetime]]
    files: Sequence[StoredFile]
    session: CommitteeSession | None
    motion: Motion | None
    study: bool
    handler: str
    may: dict[str, bool]


def right(tx: Tx, decision: Decision) -> Right:
    """Whether and until when the decision may be contested, and the reader's standing appeal on it."""
    until = last_day(tx, decision)
    asked = select(Appeal).where(Appeal.decision_id == decision.id, Appeal.state != AppealState.WITHDRAWN)
    standing = tx.session.scalars(tx.visible(asked, "appeal.read")).one_or_none()
    in_time = until is not None and local(tx.now).date() <= until
    about = contestable(decision, requested(tx, decision))
    agreed = about and hooks.agreed(tx, decision)
    may = in_time and standing is None and about and not agreed
    allowed = may and tx.may(["decision.appeal"], decision)["decision.appeal"]
    return Right(until, allowed, standing, about, agreed)


def contested(tx: Tx, application_id: UUID) -> Decision:
    """The adopted decision on a dossier that the actor may contest; 404 when there is none."""
    asked = (
        select(Decision)
        .where(Decision.application_id == application_id, Decision.state == DecisionState.ADOPTED)
        .options(joinedload(Decision.application))
    )
    found = tx.session.scalars(tx.visible(asked, "decision.appeal")).one_or_none()
    if found is None:
        raise NOT_FOUND(thing="decision")
    return found


def listed(
    tx: Tx, state: AppealState | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Appeal]:
    """Appeals that the actor may see, the latest first."""
    asked = select(Appeal)
    if state is not None:
        asked = asked.where(Appeal.state == state)
    keys = (
        Key(Appeal.filed_at, lambda one: one.filed_at, descending=True),
        Key(Appeal.id, lambda one: one.id),
    )
    return paginate(tx, tx.visible(asked, "appeal.read"), keys, cursor, limit)


def dossiers_of(tx: Tx, appeals: Sequence[Appeal]) -> dict[UUID, Application]:
    """The dossiers of these appeals with their holders, by id."""
    asked = (
        select(Application)
        .where(Application.id.in_({one.application_id for one in appeals}))
        .options(joinedload(Application.organisation))
    )
    return {one.id: one for one in tx.session.scalars(asked)}


def seen(tx: Tx, appeal_id: UUID) -> Seen:
    """One appeal; 404 for whoever may not know of it."""
    appeal = tx.get(Appeal, appeal_id, "appeal.read")
    decision = tx.session.get_one(Decision, appeal.decision_id, options=[joinedload(Decision.application)])
    may = tx.may(
        ["appeal.study", "appeal.assign", "appeal.report", "appeal.run", "appeal.withdraw", "appeal.file"],
        appeal,
    )
    names = [f"appeal.{step}" for step in STEPS]
    trail = (
        select(Event.name, Event.at)
        .where(Event.subject_id == appeal.id, Event.name.in_(names))
        .order_by(Event.seq)
    )
    study = may["appeal.study"]
    handler = tx.session.get(Person, appeal.handler_id) if study and appeal.handler_id else None
    return Seen(
        appeal,
        decision,
        dossiers_of(tx, [appeal])[appeal.application_id],
        [(f"event.{name}", at) for name, at in tx.session.execute(trail)],
        tx.session.scalars(_files(appeal.id)).all(),
        tx.session.get(CommitteeSession, appeal.session_id) if appeal.session_id else None,
        tx.session.get(Motion, appeal.motion_id) if appeal.motion_id else None,
        study,
        handler.name if handler else "",
        may,
    )


def candidates(tx: Tx, appeal: Appeal) -> Sequence[Row[UUID, str]]:
    """Those to whom the officer may give it."""
    return tx.session.execute(handlers(appeal)).all()


def coming_sessions(tx: Tx, appeal: Appeal) -> Sequence[CommitteeSession]:
    """The later sessions of the committee that may take it."""
    first = (
        select(CommitteeSession.committee_id, CommitteeSession.id, CommitteeSession.scheduled_at)
        .join(Decision, Decision.session_id == CommitteeSession.id)
        .where(Decision.id == appeal.decision_id)
        .subquery()
    )
    asked = (
        select(CommitteeSession)
        .join(first, first.c.committee_id == CommitteeSession.committee_id)
        .where(
            CommitteeSession.id != first.c.id,
            CommitteeSession.scheduled_at >= first.c.scheduled_at,
            CommitteeSession.state.in_(COMING),
        )
        .order_by(CommitteeSession.scheduled_at)
        .limit(30)
    )
    return tx.session.scalars(tx.visible(asked, "session.run")).all()


def documents(tx: Tx, appeal_id: UUID) -> Sequence[StoredFile]:
    """The documents of the appeal, for whoever reads the appeal."""
    tx.get(Appeal, appeal_id, "appeal.read")
    return tx.session.scalars(_files(appeal_id)).all()


def document(tx: Tx, appeal_id: UUID, file_id: UUID) -> StoredFile:
    """A document of the appeal, for whoever reads the appeal."""
    file = next((one for one in documents(tx, appeal_id) if one.id == file_id), None)
    if file is None:
        raise NOT_FOUND(thing="file")
    if file.scan is Scan.INFECTED:
        raise FILE_INFECTED(name=file.name)
    return file


def _files(appeal_id: UUID) -> Select[StoredFile]:
    return (
        select(StoredFile)
        .join(AppealFile, AppealFile.file_id == StoredFile.id)
        .where(AppealFile.appeal_id == appeal_id)
        .order_by(AppealFile.id)
    )
