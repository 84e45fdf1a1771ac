"""Reviews and decisions: who is to read what, what comes back to her, what was decided."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import String, cast, func, select, true

from ...applications.models import (
    Application,
    ApplicationState,
)
from ...calls.models import Call, CallState
from ...core.events import Event
from ...core.tx import Tx
from ...decisions.models import Decision, Letter, Publication
from ...people.models import Organisation
from ...reviews.models import GONE, Assignment, SuspectedTie, SuspicionState
from .case import Case, Cases, rows_of


def assignments(tx: Tx, events: Sequence[Event]) -> Cases:
    """One message an evaluator a batch, however workers share the events out: it hangs on the first one."""
    batch = (Assignment.call_id, Assignment.evaluator_id, Assignment.assigned_at)
    mine = select(*batch).where(Assignment.id.in_({e.subject_id for e in events})).distinct().subquery()
    counted = (
        select(
            Assignment.evaluator_id,
            func.count().label("files"),
            func.min(Assignment.due_at).label("due_at"),
            func.min(cast(Assignment.id, String)).label("first"),
            Call.title.label("call"),
            Call.province_code,
        )
        .join(
            mine,
            (mine.c.call_id == Assignment.call_id)
            & (mine.c.evaluator_id == Assignment.evaluator_id)
            & (mine.c.assigned_at == Assignment.assigned_at),
        )
        .join(Call, Call.id == Assignment.call_id)
        .group_by(Assignment.evaluator_id, Assignment.assigned_at, Call.id)
    )
    rows = tx.session.execute(counted).all()
    anchors = {
        str(subject): event_id
        for subject, event_id in tx.session.execute(
            select(Event.subject_id, Event.id).where(
                Event.subject_id.in_([UUID(row.first) for row in rows]), Event.name == "assignment.created"
            )
        )
    }
    for row in rows:
        params = {
            "n_files": row.files,
            "call": row.call,
            "due_at": row.due_at.isoformat(),
            "link_path": "/reviews",
        }
        yield Case(
            anchors[row.first], "assignment.created", params, row.province_code, people=(row.evaluator_id,)
        )


def reopened(tx: Tx, events: Sequence[Event]) -> Cases:
    """A signed review came back to its author: why, and until when. The dossier is named by its number."""
    asked = (
        select(Assignment.evaluator_id, Assignment.due_at, Application.number, Call.title.label("call"))
        .join(Application, Application.id == Assignment.application_id)
        .join(Call, Call.id == Assignment.call_id)
    )
    rows = rows_of(tx, asked, Assignment.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "number": row.number,
            "call": row.call,
            "reason": event.data["reason"],
            "due_at": row.due_at.isoformat(),
            "link_path": f"/reviews/{event.subject_id}",
        }
        yield Case(event.id, event.name, params, event.province_code, people=(row.evaluator_id,))


def withdrawn(tx: Tx, events: Sequence[Event]) -> Cases:
    """A dossier was taken back before she opened it: which, and why; she has nothing to do."""
    asked = (
        select(Assignment.evaluator_id, Application.number, Call.title.label("call"))
        .join(Application, Application.id == Assignment.application_id)
        .join(Call, Call.id == Assignment.call_id)
    )
    rows = rows_of(tx, asked, Assignment.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "number": row.number,
            "call": row.call,
            "reason": event.data["reason"],
            "link_path": "/reviews",
        }
        yield Case(event.id, event.name, params, event.province_code, people=(row.evaluator_id,))


def suspicion(tx: Tx, events: Sequence[Event]) -> Cases:
    """A tie to confirm, found after a dossier was given to her: what she is asked to say, and where.

    What is found as it is given waits on the page where she declares. Of a blind panel she is told nothing.
    """
    asked = (
        select(SuspectedTie.id, Assignment.id, Assignment.evaluator_id, Application.number, Call.title)
        .join(Application, Application.organisation_id == SuspectedTie.organisation_id)
        .join(Assignment, Assignment.application_id == Application.id)
        .join(Call, Call.id == Assignment.call_id)
        .join(Event, Event.subject_id == SuspectedTie.id)
        .where(
            Event.id.in_([event.id for event in events]),
            Assignment.evaluator_id == SuspectedTie.person_id,
            Assignment.state.not_in(GONE),
            Assignment.assigned_at < Event.at,
            SuspectedTie.state == SuspicionState.TO_CONFIRM,
            Call.state.not_in((CallState.DECIDED, CallState.ARCHIVED)),
            Call.definition["grid"]["blind"].as_boolean().is_not(true()),
        )
        .order_by(Assignment.due_at.desc(), Assignment.id)
    )
    nearest = {row[0]: row for row in tx.session.execute(asked)}
    for event in events:
        if event.subject_id not in nearest:
            continue
        _, assignment, evaluator, number, call = nearest[event.subject_id]
        params = {
            "number": number,
            "call": call,
            "tie_grounds": event.data["grounds"],
            "link_path": f"/reviews/{assignment}",
        }
        yield Case(event.id, event.name, params, event.province_code, people=(evaluator,))


def results(tx: Tx, events: Sequence[Event]) -> Cases:
    """The results of a call are public: to every organisation whose dossier was deposited, once."""
    asked = select(Publication.call_id, Call.title.label("call"), Call.code).join(
        Call, Call.id == Publication.call_id
    )
    rows = rows_of(tx, asked, Publication.id, events)
    filed = (
        select(Application.call_id, Application.organisation_id)
        .where(
            Application.call_id.in_({row.call_id for row in rows.values()}),
            Application.submitted_at.is_not(None),
            Application.state != ApplicationState.WITHDRAWN,
        )
        .distinct()
        .order_by(Application.call_id, Application.organisation_id)
    )
    concerned = tx.session.execute(filed).all()
    for event in events:
        row = rows[event.subject_id]
        params = {"call": row.call, "link_path": f"/calls/{row.code}/results"}
        for call_id, organisation_id in concerned:
            if call_id == row.call_id:
                yield Case(event.id, event.name, params, event.province_code, organisation_id)


def decision(tx: Tx, events: Sequence[Event]) -> Cases:
    """The letter that a person released: funded, waiting, refused, promoted or lapsed, with the reasons."""
    asked = (
        select(
            Letter.id.label("letter_id"), Letter.kind,
            Decision.amount_centimes, Decision.reasons, Decision.rank, Decision.score_hundredths,
            Application.id.label("application_id"), Application.number, Application.title,
            Application.organisation_id, Organisation.name, Call.title.label("call"),
        )
        .select_from(Letter)
        .join(Decision, Decision.id == Letter.decision_id)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Decision.call_id)
    )  # fmt: skip
    rows = rows_of(tx, asked, Letter.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "number": row.number,
            "title": row.title,
            "organisation": row.name,
            "call": row.call,
            "amount_centimes": row.amount_centimes,
            "rank": row.rank,
            "score_hundredths": row.score_hundredths,
            "reasons": row.reasons,
            "link_path": f"/applications/{row.application_id}/decision",
        }
        yield Case(event.id, f"decision.{row.kind.value}", params, event.province_code, row.organisation_id)
