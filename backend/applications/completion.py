"""Completion requests: what an officer may ask of a holder, and what becomes of one that nobody answers.

One dossier is asked from its page; many at once are each asked what they lack, and what is asked of them all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, joinedload, load_only, selectinload

from ..calls.models import Call
from ..core.calendar import add_working_days, local
from ..core.errors import Problem
from ..core.events import Event, declare
from ..core.machine import for_many
from ..core.tx import Tx
from ..people.models import Member
from .completeness import Status, call_form, statuses
from .lifecycle import COMPLETION_NOT_OFFERED, COMPLETION_ONCE, LIFECYCLE, RETURNED, completion_offered
from .models import Application, CompletionRequest
from .schemas import SECTIONS
from .terms import terms

declare("application.completion_reminder")

REMINDED_DAYS = 2
"""Working days left when the holder is reminded: time to fetch a paper, late enough to be needed."""
BATCH = 200


def askable(application: Application) -> list[str]:
    """What may be asked: a whole section, or one paper of the call as `documents.<code>`."""
    form = call_form(application.organisation.legal_form)
    papers = [one.code for one in terms(application.call).file.documents if one.asked_of(form)]
    sections = ["organisation", "members", *(name for name in SECTIONS if name != "documents")]
    return [*sections, *(f"documents.{code}" for code in papers)]


def due_on(tx: Tx, application: Application) -> date:
    """The last day that counts if it were asked now; `call` must be loaded.

    The call gives a number of working days: from today, or from the closing day while the call is open.
    """
    days = terms(application.call).file.incomplete.working_days or 0
    return add_working_days(max(local(tx.now).date(), local(application.call.closes_at).date()), days)


# -- many at once -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Owed:
    """What one dossier would be asked, until which day; what might be asked of it, its call's papers."""

    items: tuple[str, ...]
    due_on: date
    askable: tuple[str, ...]
    documents: Sequence[Any]


def lacking(found: Sequence[Status]) -> list[str]:
    """What a dossier lacks, as it may be asked: whole sections, papers one by one."""
    items = []
    for status in found:
        if status.section == "documents":
            missing = (error.field for error in status.missing if error.code == "document_missing")
            items += [f"documents.{code}" for code in missing]
        elif status.missing:
            items.append(status.section)
    return items


def owed(tx: Tx, keys: Collection[UUID], more: Collection[str] = ()) -> dict[UUID, Owed]:
    """What each of these dossiers would be asked now: what it lacks, and what of `more` its call asks.

    As many statements for any number of dossiers. Those of a call that sends nothing back have no day: they
    are not among these.
    """
    if not keys:
        return {}
    light = (
        joinedload(Application.organisation),
        selectinload(Application.call).defer(Call.definition),
        defer(Application.revision),
    )
    asked = select(Application).where(Application.id.in_(keys)).options(*light)
    rows = tx.session.scalars(tx.visible(asked, "application.read")).all()
    counted = select(Member.organisation_id, func.count()).where(
        Member.organisation_id.in_({row.organisation_id for row in rows})
    )
    rows_of = tx.session.execute(counted.group_by(Member.organisation_id)).all()
    members: dict[UUID, int] = dict(rows_of)
    found: dict[UUID, Owed] = {}
    for row in rows:
        file = terms(row.call).file
        if file.incomplete.then != "one_request":
            continue
        states = statuses(row.content, file, row.organisation, members.get(row.organisation_id, 0))
        known, lacks = askable(row), {*lacking(states), *more}
        wanted = tuple(item for item in known if item in lacks)
        found[row.id] = Owed(wanted, due_on(tx, row), tuple(known), file.documents)
    return found


def ask_many(tx: Tx, asked: Mapping[UUID, Owed], notes: Mapping[UUID, str]) -> None:
    """Send them all back in one commit, each with its items, its day, and a note for its holder."""
    light = load_only(Application.id, Application.province_code, Application.state, Application.version)
    rows = tx.session.scalars(select(Application).where(Application.id.in_(asked)).options(light)).all()
    said = {
        key: {"items": list(one.items), "note": notes.get(key, ""), "due_on": one.due_on.isoformat()}
        for key, one in asked.items()
    }
    LIFECYCLE.fire_many(tx, rows, "return", said, bulk=True)
    assert tx.actor.id
    tx.session.add_all(
        CompletionRequest(
            application_id=key,
            asked_by=tx.actor.id,
            asked_at=tx.now,
            due_on=one.due_on,
            items=list(one.items),
            note=notes.get(key, ""),
        )
        for key, one in sorted(asked.items())
    )
    tx.session.flush()


@for_many(completion_offered)
def completion_offered_any(tx: Tx, keys: Collection[UUID]) -> dict[UUID, Problem]:
    """The dossiers among these that may not be sent back, each with why: two statements."""
    asked = (
        select(Application.id, Application.call_id, CompletionRequest.id.is_not(None))
        .outerjoin(CompletionRequest, CompletionRequest.application_id == Application.id)
        .where(Application.id.in_(keys))
    )
    rows = tx.session.execute(asked).all()
    some = select(Call).where(Call.id.in_({call for _, call, _ in rows})).options(defer(Call.definition))
    offers = {call.id: terms(call).file.incomplete.then == "one_request" for call in tx.session.scalars(some)}
    found: dict[UUID, Problem] = {}
    for key, call, before in rows:
        if not offers[call]:
            found[key] = COMPLETION_NOT_OFFERED()
        elif before:
            found[key] = COMPLETION_ONCE()
    return found


# -- as time passes -----------------------------------------------------------------------------------
def lapse(tx: Tx) -> int:
    """Refuse a batch of dossiers whose completion was due before today; returns how many. Harmless twice."""
    today = local(tx.now).date()
    found = tx.session.scalars(_waiting(CompletionRequest.due_on < today)).all()
    due = _requests(tx, found)
    for application in found:
        LIFECYCLE.fire(tx, application, "lapse", due_on=due[application.id].due_on.isoformat())
    tx.session.flush()
    return len(found)


def remind(tx: Tx) -> int:
    """Remind holders whose completion is due in two working days or less, once each."""
    today = local(tx.now).date()
    near = add_working_days(today, REMINDED_DAYS)
    told = select(Event.id).where(
        Event.subject_id == Application.id, Event.name == "application.completion_reminder"
    )
    asked = _waiting(
        CompletionRequest.due_on <= near,
        CompletionRequest.due_on >= today,
        CompletionRequest.asked_at < tx.now - timedelta(days=1),
        ~told.exists(),
    )
    held = tx.session.scalars(asked).all()
    # read again now that they are locked: another run may have told some in between
    ids = [application.id for application in held]
    again = select(Event.subject_id).where(
        Event.subject_id.in_(ids), Event.name == "application.completion_reminder"
    )
    done, due = set(tx.session.scalars(again)), _requests(tx, held)
    for application in held:
        if application.id not in done:
            tx.emit(
                "application.completion_reminder",
                application,
                due_on=due[application.id].due_on.isoformat(),
            )
    return len(held)


def _waiting(*conditions: Any) -> Select[Any]:
    return (
        select(Application)
        .join(CompletionRequest, CompletionRequest.application_id == Application.id)
        .where(Application.state == RETURNED, *conditions)
        .order_by(Application.id)
        .limit(BATCH)
        .with_for_update(of=Application, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _requests(tx: Tx, applications: Any) -> dict[Any, CompletionRequest]:
    ids = [application.id for application in applications]
    rows = tx.session.scalars(select(CompletionRequest).where(CompletionRequest.application_id.in_(ids)))
    return {row.application_id: row for row in rows}
