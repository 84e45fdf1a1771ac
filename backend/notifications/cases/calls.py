"""Calls: what changed in one, and what became of a question."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, func, select

from ...applications.models import (
    Application,
    ApplicationState,
)
from ...calls.lifecycle import amendment_readers
from ...calls.models import Call, CallQuestion, CallVersion
from ...calls.queries import changes_in_lines
from ...core.events import Event
from ...core.tx import Tx
from .case import Case, Cases, rows_of


def amendment(tx: Tx, events: Sequence[Event]) -> Cases:
    """An erratum or an extension, to every organisation with a draft or a deposit: what changed, and why."""
    ids = {event.subject_id for event in events}
    calls = {call.id: call for call in tx.session.scalars(select(Call).where(Call.id.in_(ids)))}
    kept = tx.session.scalars(select(CallVersion).where(CallVersion.call_id.in_(ids)))
    versions = {(version.call_id, version.number): version for version in kept}
    concerned = tx.session.execute(_holding(ids)).all()
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


def _holding(calls: Collection[UUID]) -> Select[UUID, UUID]:
    """(call, organisation) of everybody with a draft or a deposit."""
    holding = select(Application.call_id, Application.organisation_id).where(
        Application.call_id.in_(calls), Application.state != ApplicationState.WITHDRAWN
    )
    return holding.distinct()


@amendment_readers
def holders_told(tx: Tx, call: Call) -> int:
    """How many organisations a new version of the call would be told to: those of `amendment`."""
    return tx.session.scalar(select(func.count()).select_from(_holding([call.id]).subquery())) or 0


def question(tx: Tx, events: Sequence[Event]) -> Cases:
    """Answered on the call's page, or set aside with a reason: to the asker alone."""
    asked = select(
        CallQuestion.asked_by,
        CallQuestion.question,
        CallQuestion.published_question,
        CallQuestion.answer,
        Call.title.label("call"),
        Call.code,
    ).join(Call, Call.id == CallQuestion.call_id)
    rows = rows_of(tx, asked, CallQuestion.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {
            "call": row.call,
            "question": row.question,
            "link_path": f"/calls/{row.code}#questions",
        }
        if event.name == "question.set_aside":
            params["reason"] = event.data["reason"]
            template = event.name
        else:
            params |= {"published": row.published_question, "answer": row.answer}
            template = "question.published"  # messages of before, without the answer, keep their own words
        yield Case(event.id, template, params, event.province_code, people=(row.asked_by,))
