"""Reading the results of a call: what is public of it, or what an officer is about to make public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from ...applications.models import Application, ApplicationState
from ...calls.models import Call
from ...calls.queries import by_code
from ...core.calendar import local
from ...core.db import Localized
from ...core.errors import FORBIDDEN, NOT_FOUND
from ...core.tx import Tx
from ...people.models import LegalForm, Organisation
from ...territory.models import Commune
from ...value_chains.models import ValueChain
from ..models import (
    Decision,
    DecisionOrigin,
    DecisionOutcome,
    Letter,
    LetterKind,
    LetterState,
    Publication,
)
from ..told import told
from .publishing import of_call

GIVING = (DecisionOutcome.FUNDED, DecisionOutcome.CONDITIONAL)


@dataclass(frozen=True)
class Line:
    """A project of the results: what was decided of it. No person is named; a sole trader's name is hers.

    Amounts in centimes. `reasons` of the deviation alone; `told_on` is the day of its letter.
    """

    decision_id: UUID
    application_id: UUID
    outcome: DecisionOutcome
    origin: DecisionOrigin
    place: int | None
    title: str
    organisation: Localized | None
    legal_form: LegalForm
    commune: Localized | None
    chain: Localized | None
    amount_centimes: int
    conditions_due_on: date | None
    conditions_met: bool
    deviates: bool
    deviation: str
    decided_on: date
    told_at: datetime
    lapsed_at: datetime | None


@dataclass(frozen=True)
class Change:
    """What happened since the publication: promoted, changed on appeal, lapsed; dated by its letter."""

    kind: str
    at: datetime
    line: Line


@dataclass(frozen=True)
class Results:
    """The results of a call as they stand: refused projects are counted, never named (decision 0017)."""

    call: Call
    published_at: datetime | None
    deposited: int
    eligible: int
    funded: Sequence[Line]
    waiting: Sequence[Line]
    refused: int
    refused_by_deviation: int
    ended: int
    changes: Sequence[Change]

    @property
    def total_centimes(self) -> int:
        return sum(line.amount_centimes for line in self.funded)


def public(tx: Tx, code: str) -> Results:
    """The results of the call of that code; 404 until they are published, whatever was decided."""
    return _public(tx, by_code(tx, code))


def public_by_id(tx: Tx, call_id: UUID) -> Results:
    """The same by the call's id."""
    return _public(tx, tx.get(Call, call_id, "call.read"))


def _public(tx: Tx, call: Call) -> Results:
    made = of_call(tx, call.id)
    if made is None:
        raise NOT_FOUND(thing="results")
    return _results(tx, call, tx.visible(_rows(call.id), "result.read"), made)


def preview(tx: Tx, call: Call) -> Results:
    """What would be public if the results were published now; for who may publish them (403)."""
    if not tx.may(["call.publish_results"], call)["call.publish_results"]:
        raise FORBIDDEN(rule="call.publish_results")
    return _results(tx, call, _rows(call.id), of_call(tx, call.id))


def _results(tx: Tx, call: Call, rows: Select[Any], made: Publication | None) -> Results:
    found = [_line(row) for row in tx.session.execute(rows)]
    last = {line.application_id: line.decision_id for line in sorted(found, key=lambda one: one.decision_id)}
    standing = [line for line in found if last[line.application_id] == line.decision_id]
    current = [line for line in standing if not line.lapsed_at]
    since = made.published_at if made else None
    refused = [line for line in current if line.outcome is DecisionOutcome.REFUSED]
    deposited, eligible = _counts(tx, call.id)
    return Results(
        call=call,
        published_at=since,
        deposited=deposited,
        eligible=eligible,
        funded=[line for line in current if line.outcome in GIVING],
        waiting=sorted(
            (line for line in current if line.outcome is DecisionOutcome.WAITING),
            key=lambda line: (line.place is None, line.place or 0),
        ),
        refused=len(refused),
        refused_by_deviation=sum(line.deviates for line in refused),
        ended=len(standing) - len(current),
        changes=_changes(found, since) if since else [],
    )


def _changes(lines: Sequence[Line], since: datetime) -> list[Change]:
    """Told after the publication, the latest first. A refused project is named by no change either."""
    made = [
        Change(line.origin.value, line.told_at, line)
        for line in lines
        if line.origin is not DecisionOrigin.SESSION
        and line.told_at > since
        and line.outcome is not DecisionOutcome.REFUSED
    ]
    made += [
        Change("lapsed", line.lapsed_at, line) for line in lines if line.lapsed_at and line.lapsed_at > since
    ]
    return sorted(made, key=lambda one: (one.at, one.line.decision_id), reverse=True)


def _counts(tx: Tx, call_id: UUID) -> tuple[int, int]:
    """Dossiers deposited, and those found eligible."""
    asked = select(func.count(), func.count(case((Application.state == ApplicationState.ELIGIBLE, 1)))).where(
        Application.call_id == call_id,
        Application.submitted_at.is_not(None),
        Application.state != ApplicationState.WITHDRAWN,
    )
    deposited, eligible = tx.session.execute(asked).one()
    return deposited, eligible


def _rows(call_id: UUID) -> Any:
    """Every decision of the call that was told, by rank, with the days of its letters: one statement."""
    where, home = aliased(Commune), aliased(Commune)
    lapse = Letter.kind == LetterKind.LAPSED
    sent = (
        select(
            Letter.decision_id,
            func.min(case((~lapse, Letter.released_at))).label("told_at"),
            func.min(case((lapse, Letter.released_at))).label("lapsed_at"),
        )
        .where(Letter.call_id == call_id, Letter.state == LetterState.RELEASED)
        .group_by(Letter.decision_id)
        .subquery("sent")
    )
    return (
        select(
            Decision,
            Application.title,
            Organisation.name,
            Organisation.legal_form,
            func.coalesce(where.name, home.name).label("commune"),
            ValueChain.name.label("chain"),
            sent.c.told_at,
            sent.c.lapsed_at,
        )
        .select_from(Decision)
        .join(sent, sent.c.decision_id == Decision.id)
        .join(Application, Application.id == Decision.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(where, where.code == Application.commune_code)
        .outerjoin(home, home.code == Organisation.commune_code)
        .outerjoin(ValueChain, ValueChain.code == Application.chain_code)
        .where(Decision.call_id == call_id, told())
        .order_by(Decision.rank, Decision.id)
    )


def _line(row: Any) -> Line:
    one: Decision = row[0]
    words = next((r["params"]["because"] for r in one.reasons if r["code"] == "by_deviation"), "")
    return Line(
        decision_id=one.id,
        application_id=one.application_id,
        outcome=one.outcome,
        origin=one.origin,
        place=one.waiting_order,
        title=row.title,
        organisation=None if row.legal_form is LegalForm.SOLE_TRADER else row.name,
        legal_form=row.legal_form,
        commune=row.commune,
        chain=row.chain,
        amount_centimes=one.amount_centimes,
        conditions_due_on=one.conditions_due_on,
        conditions_met=one.conditions_met_at is not None,
        deviates=one.deviates,
        deviation=words,
        decided_on=local(one.decided_at or row.told_at).date(),
        told_at=row.told_at,
        lapsed_at=row.lapsed_at,
    )


@dataclass(frozen=True)
class Published:
    """A call whose results are public, as lists show it."""

    code: str
    title: Localized
    province_code: str
    published_at: datetime


def latest(tx: Tx, province: str | None = None, limit: int = 20) -> list[Published]:
    """The calls whose results are public, the last published first."""
    asked: Any = select(Call.code, Call.title, Call.province_code, Publication.published_at).join(
        Publication, Publication.call_id == Call.id
    )
    if province:
        asked = asked.where(Call.province_code == province)
    asked = tx.visible(asked, "call.read").order_by(Publication.published_at.desc(), Call.id)
    return [Published(*row) for row in tx.session.execute(asked.limit(limit))]
