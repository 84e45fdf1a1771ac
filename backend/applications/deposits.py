"""What is read of deposits: the versions of a dossier, whether a receipt is genuine, who filed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from ..calls.models import Call
from ..core.calendar import local
from ..core.errors import FieldError
from ..core.tx import Tx
from ..people.models import Person
from . import receipts
from .lifecycle import RECEIPT_MISTYPED, RECEIPT_UNKNOWN, assistance_of, completion_of, working
from .models import Application, ApplicationState, Assistance, CompletionRequest, Submission


@dataclass(frozen=True)
class Receipt:
    """What anybody who has the code may know of a deposit: nothing of what it says."""

    application_id: UUID
    number: str
    call: dict[str, str]
    version: int
    versions: int
    first_submitted_at: datetime
    submitted_at: datetime
    receipt_code: str
    content_sha256: str
    withdrawn: bool

    @property
    def replaced_by(self) -> int | None:
        """The version that stands now, when it is not this one."""
        return self.versions if self.version < self.versions else None


@dataclass(frozen=True)
class Filed:
    """An agent and the dossier that she typed for its holder."""

    agent: str
    row: Assistance

    @property
    def deposited_at(self) -> datetime | None:
        return self.row.deposited_at


@dataclass(frozen=True)
class Clock:
    """The facts of law 55-19 that an officer must see: when it came, what was asked, until when.

    `days` since it first came: to complete or to change a dossier does not begin them again.
    """

    first_submitted_at: datetime
    submitted_at: datetime
    days: int
    request: CompletionRequest | None
    left: int | None

    @property
    def due_on(self) -> date | None:
        return self.request.due_on if self.request else None

    @property
    def completed(self) -> bool:
        """Whether the latest deposit answered what was asked."""
        return self.request is not None and self.request.answered_at is not None


def receipt(tx: Tx, typed: str) -> Receipt:
    """The deposit that a receipt code names; every version's code stays good, and says if it was replaced."""
    code = receipts.read_code(typed)
    if code is None:
        raise RECEIPT_MISTYPED([FieldError("code", "invalid")])
    asked = (
        select(
            Application.id, Application.number, Application.submissions, Application.state,
            Application.first_submitted_at, Call.title,
            Submission.number, Submission.submitted_at, Submission.content_sha256,
        )
        .join(Submission, Submission.application_id == Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(Submission.receipt_code == code)
    )  # fmt: skip
    found = tx.session.execute(tx.visible(asked, "receipt.read")).one_or_none()
    if found is None:
        raise RECEIPT_UNKNOWN(receipt=code)
    key, number, versions, state, first, title, version, at, print_ = found
    gone = state is ApplicationState.WITHDRAWN
    return Receipt(key, number, title, version, versions, first or at, at, code, print_, gone)


def versions(tx: Tx, application: Application) -> Sequence[Submission]:
    """The deposits of the dossier, first to last, without what they say."""
    asked = select(Submission).where(Submission.application_id == application.id)
    light = asked.options(defer(Submission.content), defer(Submission.snapshot))
    return tx.session.scalars(light.order_by(Submission.number)).all()


def filed_by(tx: Tx, application: Application) -> Filed | None:
    """Who files for the holder, when somebody does."""
    row = assistance_of(tx, application)
    return Filed(tx.session.get_one(Person, row.agent_id).name, row) if row else None


def clock(tx: Tx, application: Application) -> Clock | None:
    """Days since the first deposit, as people count them; days left to complete, below 0 when late."""
    first, latest = application.first_submitted_at, application.submitted_at
    if first is None or latest is None:
        return None
    today, request = local(tx.now).date(), completion_of(tx, application)
    waiting = request is not None and request.answered_at is None
    return Clock(
        first,
        latest,
        (today - local(first).date()).days,
        request,
        (request.due_on - today).days if request and waiting else None,
    )


def written(tx: Tx, application: Application) -> dict[str, Any]:
    """The content for this reader: what is being written for who edits it, what stands for others."""
    if application.revision is None or not tx.may(["application.edit"], application)["application.edit"]:
        return application.content
    return working(application)


def as_written(application: Application) -> Application:
    """The dossier as its facts will be once what is written is deposited. For reading only."""
    if application.revision is None:
        return application
    names = ("id", "call", "call_id", "organisation", "organisation_id", "province_code", "submitted_at")
    kept = {name: getattr(application, name) for name in names}
    return cast(Application, SimpleNamespace(content=application.revision, **kept))
