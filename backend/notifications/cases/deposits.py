"""Dossiers: deposited, to complete, judged by the rules, not deposited yet, confirmed by their holder."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from ...applications.models import (
    Application,
    Assistance,
    CompletionRequest,
    Outcome,
    RuleResult,
)
from ...calls.models import Call
from ...calls.queries import definition
from ...core.events import Event
from ...core.i18n import LANGUAGES, label, translate
from ...core.tx import Tx
from ...people.models import Organisation
from .case import Case, Cases, rows_of

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
    rows = rows_of(tx, asked, Application.id, events)
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
    rows = rows_of(tx, asked, Application.id, events)
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
    rows = rows_of(tx, asked, Application.id, events)
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
    """A code to the telephone of the holder for whom an agent typed; the code itself is made as it leaves.

    She hears what she confirms: the project and what is asked of the INDH.
    """
    written = func.coalesce(Application.revision, Application.content)
    asked = (
        select(
            Application.number,
            Call.title.label("call"),
            Assistance.phone,
            Assistance.agent_id,
            written["project"]["title"].astext.label("title"),
            written["financing"]["indh_centimes"].astext.label("amount"),
        )
        .join(Call, Call.id == Application.call_id)
        .join(Assistance, Assistance.application_id == Application.id)
    )
    rows = rows_of(tx, asked, Application.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {"number": row.number, "call": row.call, "application": str(event.subject_id)}
        params |= {"title": row.title or row.number, "amount_centimes": int(row.amount or 0)}
        holder = UUID(event.data["person"]) if event.data.get("person") else row.agent_id
        yield Case(event.id, event.name, params, event.province_code, people=(holder,), phone=row.phone or "")
