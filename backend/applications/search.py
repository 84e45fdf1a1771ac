"""The list of dossiers: what narrows it, its order, its counts. Everything obeys `application.read`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, literal_column, select
from sqlalchemy.orm import contains_eager, defer

from ..calls.models import Call
from ..core.calendar import CASABLANCA
from ..core.folding import words
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..people.models import LegalForm, Organisation
from .models import Application, ApplicationState, Filing, Outcome, RuleResult

SIMPLE: ColumnElement[str] = literal_column("'simple'::regconfig")
MOST_WORDS, LONGEST_WORD = 12, 60


class Judged(StrEnum):
    """How the call's refusing rules found a deposited dossier."""

    CLEAR = "clear"  # each is respected
    FAILING = "failing"  # one at least is not
    UNCLEAR = "unclear"  # none fails, one cannot tell: an officer looks


class Due(StrEnum):
    """How far the legal delay to decide on a dossier has run."""

    NEAR = "near"  # it ends soon
    LATE = "late"  # it is over, and nothing was answered


Clocked = Callable[[Due], ColumnElement[bool]]
_clocked: list[Clocked] = []


def clocked(call: Clocked) -> Clocked:
    """Declare: the dossiers on which a legal delay stands so. Who keeps these clocks comes later."""
    _clocked[:] = [call]
    return call


class Sort(StrEnum):
    """The order of the list; a sign before the word turns it round."""

    NUMBER = "number"
    LATEST = "-deposited"
    EARLIEST = "deposited"
    MOST = "-requested"
    LEAST = "requested"
    TITLE = "title"


@dataclass(frozen=True)
class Filters:
    """What a list of dossiers is narrowed by; `rule` is one that refused them, amounts are centimes."""

    call_id: UUID | None = None
    state: ApplicationState | None = None
    sector: str | None = None
    chain: str | None = None
    text: str | None = None
    rule: str | None = None
    filing: Filing | None = None
    commune: str | None = None
    legal_form: LegalForm | None = None
    judged: Judged | None = None
    least: int | None = None
    most: int | None = None
    since: date | None = None
    until: date | None = None
    due: Due | None = None


def listed(
    tx: Tx, filters: Filters, cursor: str | None = None, limit: int = 50, sort: Sort = Sort.NUMBER
) -> Page[Application]:
    """The dossiers that the reader sees, each with its organisation."""
    light = (
        contains_eager(Application.organisation),
        contains_eager(Application.call).load_only(Call.title),
        defer(Application.content),
        defer(Application.revision),
    )
    asked = select(Application).join(Application.organisation).join(Application.call).options(*light)
    narrowed_ = tx.visible(narrowed(asked, filters), "application.read")
    return paginate(tx, narrowed_, SORTS[sort], cursor, limit)


def counts(tx: Tx, filters: Filters) -> dict[str, int]:
    """How many dossiers the filters leave in each state, that on the state left aside. One statement."""
    asked: Any = select(Application.state, func.count())
    asked = (
        narrowed(asked, replace(filters, state=None)).group_by(Application.state).order_by(Application.state)
    )
    return {str(state): n for state, n in tx.session.execute(tx.visible(asked, "application.read"))}


def total(found: dict[str, int], state: ApplicationState | None) -> int:
    """How many of the counted dossiers the list shows."""
    return found.get(str(state), 0) if state else sum(found.values())


def narrowed(asked: Select[Any], f: Filters) -> Select[Any]:
    """A statement over `Application`, with only the rows that the filters leave."""
    equal = {
        Application.call_id: f.call_id,
        Application.state: f.state,
        Application.sector: f.sector,
        Application.chain_code: f.chain,
        Application.filing: f.filing,
        Application.commune_code: f.commune,
    }
    asked = asked.where(*(column == value for column, value in equal.items() if value))
    if f.legal_form:
        forms = select(Organisation.id).where(Organisation.legal_form == f.legal_form)
        asked = asked.where(Application.organisation_id.in_(forms))
    if f.rule:
        asked = asked.where(_found(RuleResult.rule_code == f.rule, RuleResult.outcome == Outcome.FAIL))
    if f.judged:
        asked = asked.where(Application.submitted_at.is_not(None), _JUDGED[f.judged]())
    if f.due:
        asked = asked.where(*(call(f.due) for call in _clocked))
    if f.text:
        asked = asked.where(said(f.text))
    return asked.where(*_between(f))


def said(text: str) -> ColumnElement[bool]:
    """Every word of the text begins a word of the dossier; a text without any word finds nothing."""
    found = [word[:LONGEST_WORD] for word in words(text[: MOST_WORDS * 40])[:MOST_WORDS]]
    if not found:
        return false()
    query = " & ".join(f"{word}:*" for word in found)
    matched: ColumnElement[bool] = Application.search.op("@@")(func.to_tsquery(SIMPLE, query))
    return matched


def _between(f: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if f.least is not None:
        found.append(Application.requested_centimes >= f.least)
    if f.most is not None:
        found.append(Application.requested_centimes <= f.most)
    if f.since:
        found.append(Application.first_submitted_at >= _midnight(f.since))
    if f.until:
        found.append(Application.first_submitted_at < _midnight(f.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CASABLANCA)


def _found(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    results = select(RuleResult.application_id).where(RuleResult.refuses, *conditions)
    return Application.id.in_(results)


_JUDGED: dict[Judged, Callable[[], ColumnElement[bool]]] = {
    Judged.CLEAR: lambda: ~_found(RuleResult.outcome != Outcome.PASS),
    Judged.FAILING: lambda: _found(RuleResult.outcome == Outcome.FAIL),
    Judged.UNCLEAR: lambda: (
        _found(RuleResult.outcome == Outcome.UNKNOWN) & ~_found(RuleResult.outcome == Outcome.FAIL)
    ),
}

_NUMBER = Key(Application.number.expression, lambda row: row.number)
_DEPOSITED = func.coalesce(Application.first_submitted_at, Application.created_at)


def _deposited(row: Application) -> datetime:
    return row.first_submitted_at or row.created_at


SORTS: dict[Sort, list[Key]] = {
    Sort.NUMBER: [_NUMBER],
    Sort.LATEST: [Key(_DEPOSITED, _deposited, True), _NUMBER],
    Sort.EARLIEST: [Key(_DEPOSITED, _deposited), _NUMBER],
    Sort.MOST: [Key(Application.requested_centimes, lambda row: row.requested_centimes, True), _NUMBER],
    Sort.LEAST: [Key(Application.requested_centimes, lambda row: row.requested_centimes), _NUMBER],
    Sort.TITLE: [Key(Application.title, lambda row: row.title), _NUMBER],
}
"""The number is unique: it settles what is equal."""
