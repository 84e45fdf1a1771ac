"""The panel of a call studied again: agreement, severity, corrected scores and ranks, kept with the call.

A job does it, owed every minute by the clock where something has changed: once, however many signed. numpy
and scipy are loaded by a process of its own (`panel.apart`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, union_all, update

from ...applications.models import Application
from ...calls.models import Call, CallState
from ...core.errors import problem
from ...core.events import Job, JobState, declare
from ...core.tx import Tx
from ...people.models import Interest, Representative, Role, RoleGrant
from ...people.policy import OVERSEERS
from ..lifecycle import grid_of
from ..models import DERIVED, Assignment, AssignmentState, CallReview, Standing
from ..panel import STUDY, apart
from ..queries.record import current, document
from ..queries.report import view_key

REPORT = "reviews.report"
VIEWS = 12
"""Most reports without some dossiers, for those to whom these are hidden."""
NOTHING_SIGNED = problem("nothing_signed", 409)
declare("call_review.report_asked")


def behind(tx: Tx) -> list[UUID]:
    """The calls whose marks, or ties, are not those of their last report, or whose report was made in an
    earlier way; one statement.

    What was decided upon corrected scores is not studied anew: its order stays the one that was voted.
    """
    signed_since = exists().where(
        Assignment.call_id == CallReview.call_id, Assignment.signed_at >= CallReview.reported_at
    )
    tied_since = (
        select(Standing.call_id)
        .join(Application, Application.id == Standing.application_id)
        .join(Interest, Interest.organisation_id == Application.organisation_id)
        .where(Standing.call_id == CallReview.call_id, Interest.declared_at >= CallReview.reported_at)
        .exists()
    )
    running = Call.state.not_in((CallState.DECIDED, CallState.ARCHIVED))
    counted = func.coalesce(CallReview.reported_reviews, 0) != CallReview.reviews
    earlier = func.coalesce(CallReview.report["study"].as_integer(), 0) != STUDY
    by_mean = CallReview.report["all"]["method"].astext == "raw"
    outdated = and_(CallReview.reported_reviews > 0, earlier, or_(running, by_mean))
    asked = (
        select(CallReview.call_id)
        .join(Call, Call.id == CallReview.call_id)
        .where(or_(counted, outdated, and_(running, or_(signed_since, tied_since))))
    )
    return list(tx.session.scalars(asked.order_by(CallReview.call_id)))


def ask_report(tx: Tx, call_id: UUID) -> CallReview:
    """The officer's wish to have it now."""
    call = tx.get(Call, call_id, "ranking.report")
    kept = tx.session.scalars(
        select(CallReview).where(CallReview.call_id == call.id).with_for_update()
    ).one_or_none()
    if kept is None:
        raise NOTHING_SIGNED()
    owe_report(tx, call.id)
    tx.emit("call_review.report_asked", kept)
    return kept


def owe_report(tx: Tx, call_id: UUID) -> None:
    """Have a worker study the panel; one that waits already is enough."""
    waiting = select(Job.id).where(
        Job.handler == REPORT, Job.state == JobState.READY, Job.args["call_id"].astext == str(call_id)
    )
    if not tx.session.execute(waiting).first():
        tx.enqueue(Job(handler=REPORT, args={"call_id": str(call_id)}, run_at=tx.now))


def report(tx: Tx, call_id: UUID) -> None:
    """Study the panel and keep what is found (the platform's own eyes)."""
    kept = tx.session.scalars(select(CallReview).where(CallReview.call_id == call_id)).one_or_none()
    if kept is None:
        return
    signed = _signed(tx, call_id)
    grid = grid_of(tx, call_id)
    if not signed:
        _keep_corrected(tx, call_id, [], official=False)
        kept.report, kept.reported_at, kept.reported_reviews = {}, tx.now, 0
        return
    hidden = _views(tx, call_id, kept.province_code)
    found = apart.studied(grid, signed, hidden)
    _keep_corrected(tx, call_id, found.files, official=found.whole["method"] == "corrected")
    tx.session.flush()
    told = {
        "study": STUDY,
        "all": found.whole,
        "views": {view_key(one): view for one, view in zip(hidden, found.views, strict=True)},
        "inputs": document(tx, current(tx, call_id, found.whole)).sha256.inputs,
    }
    kept.report, kept.reported_at, kept.reported_reviews = told, tx.now, len(signed)


def _signed(tx: Tx, call_id: UUID) -> list[apart.Signed]:
    rows = tx.session.execute(
        select(Assignment.application_id, Assignment.evaluator_id, Assignment.marks)
        .where(Assignment.call_id == call_id, Assignment.state == AssignmentState.SIGNED)
        .order_by(Assignment.id)
    )
    return [apart.Signed(str(file), str(evaluator), marks) for file, evaluator, marks in rows]


def _keep_corrected(tx: Tx, call_id: UUID, corrected: Sequence[Mapping[str, Any]], *, official: bool) -> None:
    """Raw stays beside corrected; ranked by corrected where the call asks for it and the marks allow it."""
    if not corrected:
        nothing = dict.fromkeys(DERIVED)
        tx.session.execute(
            update(Standing).where(Standing.call_id == call_id).values(**nothing, by_corrected=False)
        )
        return
    raw = select(Standing.application_id).where(Standing.call_id == call_id)
    by_mean = raw.order_by(Standing.score_hundredths.desc(), Standing.ties.desc(), Standing.draw)
    ranks = {file: rank for rank, file in enumerate(tx.session.scalars(by_mean), 1)}
    rows = [
        {
            "application_id": UUID(one["file"]),
            "rank_raw": ranks[UUID(one["file"])],
            "corrected_hundredths": round(100 * one["corrected"]),
            "corrected_error_hundredths": round(100 * one["se"]),
            "rank_expected_hundredths": None if one["rank"] is None else round(100 * one["rank"]),
            "rank_low": one["rank_low"],
            "rank_high": one["rank_high"],
            "by_corrected": official,
        }
        for one in corrected
    ]
    tx.session.execute(update(Standing), rows)


def _views(tx: Tx, call_id: UUID, province_code: str) -> list[frozenset[str]]:
    """The sets of dossiers of the call that are hidden from somebody who reads its report."""
    leaders = select(RoleGrant.person_id).where(
        RoleGrant.role.in_((Role.OFFICER, Role.CHAIR, *OVERSEERS)),
        RoleGrant.revoked_at.is_(None),
        or_(RoleGrant.province_code == province_code, RoleGrant.province_code.is_(None)),
    )
    ranked = (
        select(Standing.application_id, Application.organisation_id)
        .join(Application, Application.id == Standing.application_id)
        .where(Standing.call_id == call_id)
        .subquery()
    )
    hidden = union_all(
        *(
            select(tie.person_id, ranked.c.application_id)
            .join(ranked, ranked.c.organisation_id == tie.organisation_id)
            .where(tie.person_id.in_(leaders))
            for tie in (Interest, Representative)
        ),
        select(Assignment.evaluator_id, Assignment.application_id).where(
            Assignment.call_id == call_id,
            Assignment.application_id.in_(select(ranked.c.application_id)),
            Assignment.state.in_((AssignmentState.ASSIGNED, AssignmentState.OPEN)),
            Assignment.evaluator_id.in_(leaders),
        ),
    )
    by_person: defaultdict[UUID, set[str]] = defaultdict(set)
    for person, dossier in tx.session.execute(hidden):
        by_person[person].add(str(dossier))
    return sorted({frozenset(one) for one in by_person.values()}, key=sorted)[:VIEWS]
