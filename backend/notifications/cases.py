"""What each kind of event means for people: whom it concerns, and the facts that a message states.

A function takes the events of one name that wait together and answers one case for each message to write, in
a bounded number of statements. Facts are plain JSON whose suffix says what they are (`_centimes`, `_on`,
`_at`, `_days`, `_files`, `_path`): `wording` writes them in the reader's language, when the message leaves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, func, select

from ..applications.models import (
    Application,
    ApplicationState,
    Assistance,
    CompletionRequest,
    Outcome,
    RuleResult,
)
from ..calls.models import Call, CallQuestion, CallVersion
from ..calls.queries import changes_in_lines, definition
from ..coaching.models import Milestone, Plan
from ..core.calendar import local
from ..core.events import Event
from ..core.i18n import LANGUAGES, label, translate
from ..core.tx import Tx
from ..decisions.models import Decision
from ..durability.models import Wave
from ..funding.models import Convention, Tranche
from ..people.models import Organisation
from ..reviews.models import Assignment


@dataclass(frozen=True)
class Case:
    """A message to write: the event that it tells of, its words, its facts, and to whom."""

    event_id: UUID
    template: str
    params: dict[str, Any]
    province_code: str | None
    organisation_id: UUID | None = None  # to those who act for it
    people: tuple[UUID, ...] = field(default=())  # and to these
    phone: str | None = None  # by SMS to this number instead of by e-mail


Cases = Iterable[Case]


def _rows(tx: Tx, statement: Select[*tuple[Any, ...]], key: Any, events: Sequence[Event]) -> dict[UUID, Any]:
    """What the statement says of each event's subject, by the subject's id."""
    ids = {event.subject_id for event in events}
    found = tx.session.execute(statement.add_columns(key.label("subject")).where(key.in_(ids)))
    return {row.subject: row for row in found}


DEPOSITS = ("application.submitted", "application.resubmitted", "application.completed")


def application(tx: Tx, events: Sequence[Event]) -> Cases:
    """Deposited, admitted, not admitted (with the rules' reasons, or the officer's)."""
    asked = (
        select(
            Application.number, Application.title, Application.receipt_code, Application.submitted_at,
            Application.organisation_id, Organisation.name, Call.title.label("call"),
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
    )  # fmt: skip
    rows = _rows(tx, asked, Application.id, events)
    reasons = _refusals(tx, [e.subject_id for e in events if e.name == "application.refused"])
    for event in events:
        row = rows[event.subject_id]
        params = {
            "number": row.number,
            "title": row.title,
            "organisation": row.name,
            "call": row.call,
            "link_path": f"/applications/{event.subject_id}",
        }
        if event.name in DEPOSITS:
            params |= {
                "receipt": row.receipt_code or "",
                "submitted_at": (row.submitted_at or event.at).isoformat(),
            }
            params["link_path"] += "/receipt"
        if event.name in DEPOSITS:
            params["version"] = event.data.get("number", 1)
        if event.name == "application.refused":
            written = event.data.get("reason")
            params["reasons"] = reasons.get(event.subject_id, []) + (
                [{"fr": written, "ar": written}] if written else []
            )
            if event.data.get("incomplete"):
                params["reasons"].append(
                    {lang: translate(lang, "Le dossier est incomplet") for lang in LANGUAGES}
                )
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def _refusals(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """The sentences of the rules that refused each dossier, as said when it was checked."""
    found: dict[UUID, list[Any]] = {}
    if ids:
        said = (
            select(RuleResult.application_id, RuleResult.reason)
            .where(RuleResult.application_id.in_(ids), RuleResult.outcome == Outcome.FAIL, RuleResult.refuses)
            .order_by(RuleResult.application_id, RuleResult.position)
        )
        for application_id, reason in tx.session.execute(said):
            found.setdefault(application_id, []).append(reason)
    return found


def completion(tx: Tx, events: Sequence[Event]) -> Cases:
    """Sent back to be completed, reminded of it, or refused because nothing came in time."""
    asked = (
        select(
            Application.number, Application.title, Application.organisation_id, Organisation.legal_form,
            Call.title.label("call"), CompletionRequest.items, CompletionRequest.note,
            CompletionRequest.due_on, Call.id.label("call_id"),
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .join(CompletionRequest, CompletionRequest.application_id == Application.id)
    )  # fmt: skip
    rows = _rows(tx, asked, Application.id, events)
    ids = {row.call_id for row in rows.values()}
    calls = {call.id: call for call in tx.session.scalars(select(Call).where(Call.id.in_(ids)))}
    for event in events:
        row = rows[event.subject_id]
        papers = {one.code: one.label for one in definition(calls[row.call_id]).documents}
        params = {
            "number": row.number,
            "title": row.title,
            "call": row.call,
            "reasons": [_item(item, papers) for item in row.items],
            "due_on": row.due_on.isoformat(),
            "note": row.note,
            "link_path": f"/applications/{event.subject_id}",
        }
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def _item(item: str, papers: Mapping[str, Any]) -> dict[str, str]:
    """A section's name or a paper's, in both languages."""
    kind, _, code = item.partition(".")
    if kind == "documents" and code in papers:
        return dict(papers[code])
    return {lang: label(lang, f"section.{kind}") for lang in LANGUAGES}


def undeposited(tx: Tx, events: Sequence[Event]) -> Cases:
    """The call closes: a draft was never deposited, or changes were not deposited again."""
    asked = (
        select(
            Application.number, Application.title, Application.organisation_id, Application.submissions,
            Call.title.label("call"), Call.closes_at, Assistance.agent_id,
        )
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Assistance, Assistance.application_id == Application.id)
    )  # fmt: skip
    rows = _rows(tx, asked, Application.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "number": row.number,
            "title": row.title or row.number,
            "call": row.call,
            "closes_at": row.closes_at.isoformat(),
            "version": row.submissions,
            "link_path": f"/applications/{event.subject_id}",
        }
        template = f"application.reminded.{event.data['what']}"
        people = (row.agent_id,) if row.agent_id else ()
        yield Case(event.id, template, params, event.province_code, row.organisation_id, people)


def confirmation(tx: Tx, events: Sequence[Event]) -> Cases:
    """A code to the telephone of the holder for whom an agent typed; the code itself is made as it leaves."""
    asked = (
        select(Application.number, Call.title.label("call"), Assistance.phone, Assistance.agent_id)
        .join(Call, Call.id == Application.call_id)
        .join(Assistance, Assistance.application_id == Application.id)
    )
    rows = _rows(tx, asked, Application.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {"number": row.number, "call": row.call, "application": str(event.subject_id)}
        holder = UUID(event.data["person"]) if event.data.get("person") else row.agent_id
        yield Case(event.id, event.name, params, event.province_code, people=(holder,), phone=row.phone or "")


def amendment(tx: Tx, events: Sequence[Event]) -> Cases:
    """An erratum or an extension, to every organisation with a draft or a deposit: what changed, and why."""
    ids = {event.subject_id for event in events}
    calls = {call.id: call for call in tx.session.scalars(select(Call).where(Call.id.in_(ids)))}
    kept = tx.session.scalars(select(CallVersion).where(CallVersion.call_id.in_(ids)))
    versions = {(version.call_id, version.number): version for version in kept}
    holding = select(Application.call_id, Application.organisation_id).where(
        Application.call_id.in_(ids), Application.state != ApplicationState.WITHDRAWN
    )
    concerned = tx.session.execute(holding.distinct()).all()
    for event in events:
        call, number = calls[event.subject_id], event.data["number"]
        version = versions[call.id, number]
        params = {
            "call": call.title,
            "reason": version.reason,
            "closes_at": str(call.closes_at.isoformat()),
            "reasons": changes_in_lines(versions[call.id, number - 1], version),
            "link_path": f"/calls/{call.code}/versions",
        }
        template = f"call.amended.{version.kind.value}"
        for call_id, organisation_id in concerned:
            if call_id == call.id:
                yield Case(event.id, template, params, event.province_code, organisation_id)


def question(tx: Tx, events: Sequence[Event]) -> Cases:
    """Answered on the call's page, or set aside with a reason: to the asker alone."""
    asked = select(CallQuestion.asked_by, CallQuestion.question, Call.title.label("call"), Call.code).join(
        Call, Call.id == CallQuestion.call_id
    )
    rows = _rows(tx, asked, CallQuestion.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "call": row.call,
            "question": row.question,
            "link_path": f"/calls/{row.code}#questions",
        }
        if event.name == "question.set_aside":
            params["reason"] = event.data["reason"]
        yield Case(event.id, event.name, params, event.province_code, people=(row.asked_by,))


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
    rows = _rows(tx, asked, Assignment.id, events)
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


def decision(tx: Tx, events: Sequence[Event]) -> Cases:
    """Funded, waiting or refused, with the committee's reasons."""
    asked = (
        select(
            Decision.outcome, Decision.amount_centimes, Decision.reasons, Decision.rank,
            Decision.score_hundredths,
            Application.id.label("application_id"), Application.number, Application.title,
            Application.organisation_id, Organisation.name, Call.title.label("call"),
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Decision.call_id)
    )  # fmt: skip
    rows = _rows(tx, asked, Decision.id, events)
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
            "link_path": f"/applications/{row.application_id}",
        }
        yield Case(
            event.id, f"decision.{row.outcome.value}", params, event.province_code, row.organisation_id
        )


def _conventions() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Convention.id.label("convention_id"), Convention.number, Convention.amount_centimes,
            Convention.own_centimes, Convention.signed_on, Convention.organisation_id, Organisation.name,
            Application.title,
        )
        .join(Organisation, Organisation.id == Convention.organisation_id)
        .join(Application, Application.id == Convention.application_id)
    )  # fmt: skip


def _about(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "organisation": row.name,
        "amount_centimes": row.amount_centimes,
        "own_centimes": row.own_centimes,
        "link_path": f"/conventions/{row.convention_id}",
    }


def convention(tx: Tx, events: Sequence[Event]) -> Cases:
    """Prepared, signed, cancelled."""
    rows = _rows(tx, _conventions(), Convention.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = _about(row)
        if event.name == "convention.signed":
            params["signed_on"] = event.data["signed_on"]
        if event.name == "convention.cancelled":
            params["reason"] = event.data["reason"]
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def tranche(tx: Tx, events: Sequence[Event]) -> Cases:
    """A part of the grant was released."""
    asked = _conventions().join(Tranche, Tranche.convention_id == Convention.id)
    asked = asked.add_columns(Tranche.number.label("tranche"), Tranche.amount_centimes.label("part"))
    rows = _rows(tx, asked, Tranche.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = _about(row) | {"tranche": row.tranche, "part_centimes": row.part}
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def _milestones() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Milestone.title, Milestone.due_on, Plan.coach_id, Convention.organisation_id, Organisation.name,
            Application.title.label("project"),
        )
        .join(Plan, Plan.id == Milestone.plan_id)
        .join(Convention, Convention.id == Plan.convention_id)
        .join(Organisation, Organisation.id == Convention.organisation_id)
        .join(Application, Application.id == Convention.application_id)
    )  # fmt: skip


def milestone(tx: Tx, events: Sequence[Event]) -> Cases:
    """Reported: the coach must look. Sent back: the holder must take it up again."""
    rows = _rows(tx, _milestones(), Milestone.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "milestone": row.title,
            "organisation": row.name,
            "project": row.project,
            "due_on": row.due_on.isoformat(),
            "link_path": f"/milestones/{event.subject_id}",
        }
        if event.name == "milestone.reported":
            yield Case(event.id, event.name, params, event.province_code, people=(row.coach_id,))
        else:
            params["reason"] = event.data["reason"]
            yield Case(event.id, event.name, params, event.province_code, row.organisation_id)


def reminder(tx: Tx, events: Sequence[Event]) -> Cases:
    """Before, on or after the day; the holder is told to act, the others to see that she does."""
    rows = _rows(tx, _milestones(), Milestone.id, events)
    for event in events:
        row, said = rows[event.subject_id], event.data
        days = (date.fromisoformat(said["due_on"]) - local(event.at).date()).days
        when = "before" if days > 0 else "after" if days < 0 else "on"  # true even when sent late
        reader = "holder" if said["audience"] == "holder" else "staff"
        params = {
            "milestone": said["title"],
            "organisation": row.name,
            "project": row.project,
            "due_on": said["due_on"],
            "n_days": abs(days),
            "link_path": f"/milestones/{event.subject_id}",
        }
        people = tuple(UUID(person) for person in said["recipients"])
        yield Case(
            event.id, f"milestone.reminder.{reader}.{when}", params, event.province_code, people=people
        )


def wave(tx: Tx, events: Sequence[Event]) -> Cases:
    """A follow-up is due: the holder and her coach are asked how the project fares."""
    asked = (
        _conventions()
        .join(Wave, Wave.convention_id == Convention.id)
        .outerjoin(Plan, Plan.convention_id == Convention.id)
        .add_columns(Wave.months, Wave.due_on, Plan.coach_id)
    )
    rows = _rows(tx, asked, Wave.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "organisation": row.name,
            "title": row.title,
            "n_months": row.months,
            "due_on": row.due_on.isoformat(),
            "link_path": f"/waves/{event.subject_id}",
        }
        people = (row.coach_id,) if row.coach_id else ()
        yield Case(event.id, event.name, params, event.province_code, row.organisation_id, people)
