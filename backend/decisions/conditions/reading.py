"""Reading conditions: those of a dossier with what was sent, and those that wait for an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from ...applications.models import Application
from ...core.calendar import local
from ...core.errors import NOT_FOUND
from ...core.paging import Key, Page, paginate
from ...core.tx import Tx
from ...files.lifecycle import FILE_INFECTED
from ...files.models import Scan, StoredFile
from ..models import ConditionFile, ConditionState, Decision, DecisionCondition, DecisionState
from .lifecycle import end_known, is_pending, until


@dataclass(frozen=True)
class One:
    """A condition, its words, and the documents that answer it."""

    row: DecisionCondition
    words: dict[str, str]
    files: Sequence[StoredFile]


@dataclass(frozen=True)
class Followed:
    """The conditions of a dossier's grant: until when, and what the reader may do now."""

    decision: Decision
    application: Application
    items: list[One]
    until: date
    pending: bool
    open: bool  # the last day is not over
    ended: bool  # it stands no more, and the reader may know
    may: dict[str, bool]

    @property
    def met(self) -> int:
        return sum(one.row.state is ConditionState.MET for one in self.items)


def followed(tx: Tx, application_id: UUID) -> Followed:
    """The latest conditions on a dossier; 404 for whoever may not know of them, and before the letter."""
    latest = (
        select(DecisionCondition.decision_id)
        .where(DecisionCondition.application_id == application_id)
        .order_by(DecisionCondition.decision_id.desc())
        .limit(1)
    )
    key = tx.session.scalars(tx.visible(latest, "condition.read")).one_or_none()
    if key is None:
        raise NOT_FOUND(thing="decision_condition")
    load = joinedload(Decision.application).joinedload(Application.organisation)
    decision = tx.session.get_one(Decision, key, options=[load])
    rows = of_decision(tx, key)
    files = _files_of(tx, [row.id for row in rows])
    items = [One(row, decision.conditions[row.position - 1], files.get(row.id, [])) for row in rows]
    last = until(decision)
    may = tx.may(["condition.answer", "condition.settle"], rows[0]) | tx.may(["decision.extend"], decision)
    lapsed = decision.state is DecisionState.LAPSED
    return Followed(
        decision=decision,
        application=decision.application,
        items=items,
        until=last,
        pending=is_pending(decision),
        open=local(tx.now).date() <= last,
        ended=lapsed and (not may["condition.answer"] or end_known(tx, decision)),
        may=may,
    )


def of_grant(tx: Tx, decision: Decision) -> Followed | None:
    """What the page of a decision says of its conditions; None where it has none, or before its letter."""
    if not decision.conditions or not of_decision(tx, decision.id):
        return None
    return followed(tx, decision.application_id)


def of_decision(tx: Tx, decision_id: UUID) -> Sequence[DecisionCondition]:
    """The conditions of a decision that the actor may see, in order.

    They follow the one that replaces its amount; whoever does not know of that one yet reads them here.
    """
    after = select(Decision.id).where(Decision.follows_id == decision_id)
    asked = (
        select(DecisionCondition)
        .where(or_(DecisionCondition.decision_id == decision_id, DecisionCondition.decision_id.in_(after)))
        .order_by(DecisionCondition.position)
    )
    return tx.session.scalars(tx.visible(asked, "condition.read")).all()


def documents(tx: Tx, condition_id: UUID) -> Sequence[StoredFile]:
    """The documents that answer the condition, for whoever reads it."""
    tx.get(DecisionCondition, condition_id, "condition.read")
    return _files_of(tx, [condition_id]).get(condition_id, [])


def listed(
    tx: Tx, state: ConditionState | None = None, cursor: str | None = None, limit: int = 50
) -> Page[DecisionCondition]:
    """Conditions that the actor may see, the latest grants first."""
    asked: Select[Any] = select(DecisionCondition)
    if state is not None:
        asked = asked.where(DecisionCondition.state == state)
    keys = (
        Key(DecisionCondition.decision_id, lambda one: one.decision_id, descending=True),
        Key(DecisionCondition.position, lambda one: one.position),
    )
    return paginate(tx, tx.visible(asked, "condition.read"), keys, cursor, limit)


def grants_of(tx: Tx, rows: Sequence[DecisionCondition]) -> dict[UUID, Decision]:
    """The grants of these conditions, with their dossiers and holders, by id."""
    load = joinedload(Decision.application).joinedload(Application.organisation)
    asked = select(Decision).where(Decision.id.in_({one.decision_id for one in rows})).options(load)
    return {one.id: one for one in tx.session.scalars(asked)}


def document(tx: Tx, condition_id: UUID, file_id: UUID) -> StoredFile:
    """A document that answers the condition, for whoever reads the condition."""
    found = [one for one in documents(tx, condition_id) if one.id == file_id]
    if not found:
        raise NOT_FOUND(thing="file")
    if found[0].scan is Scan.INFECTED:
        raise FILE_INFECTED(name=found[0].name)
    return found[0]


def _files_of(tx: Tx, keys: Sequence[UUID]) -> dict[UUID, list[StoredFile]]:
    asked = (
        select(ConditionFile.condition_id, StoredFile)
        .join(StoredFile, StoredFile.id == ConditionFile.file_id)
        .where(ConditionFile.condition_id.in_(keys))
        .order_by(ConditionFile.id)
    )
    found: dict[UUID, list[StoredFile]] = {}
    for key, file in tx.session.execute(asked):
        found.setdefault(key, []).append(file)
    return found
