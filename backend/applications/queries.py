"""What is read of dossiers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from ..calls.models import Call, CallState
from ..core.events import Event
from ..core.paging import Key, Page, paginate
from ..core.tx import Tx
from ..people.models import Organisation, Role
from ..people.policy import represents
from .commands import whole
from .deposits import as_written
from .facts import eligibility
from .models import Application, ApplicationState, Outcome, RuleResult
from .terms import terms


@dataclass(frozen=True)
class Judged:
    """How a rule judges a dossier, live or as stored at submission."""

    rule_code: str
    title: dict[str, str]
    outcome: Outcome
    refuses: bool
    reason: dict[str, str]
    missing: tuple[str, ...] = ()


def one(tx: Tx, application_id: UUID) -> Application:
    """A dossier with its call and its holder."""
    return tx.get(Application, application_id, "application.read", options=whole())


def mine(tx: Tx) -> Sequence[Application]:
    """The dossiers of the organisations for which the reader acts, latest first, with call and holder."""
    hers = select(Organisation.id)
    return tx.session.scalars(
        tx.visible(select(Application), "application.edit")
        .where(Application.organisation_id.in_(tx.visible(hers, "organisation.read")))
        .options(
            joinedload(Application.call).options(defer(Call.definition)),
            joinedload(Application.organisation).options(selectinload(Organisation.members)),
        )
        .order_by(Application.created_at.desc())
        .limit(100)
    ).all()


def open_calls(tx: Tx) -> Sequence[Call]:
    """Calls whose window is open now, the first to close first."""
    asked = select(Call).where(
        Call.state == CallState.PUBLISHED, Call.opens_at <= tx.now, Call.closes_at > tx.now
    )
    return tx.session.scalars(
        tx.visible(asked, "call.read").options(defer(Call.definition)).order_by(Call.closes_at, Call.code)
    ).all()


def assistable(tx: Tx) -> Sequence[Call]:
    """The open calls for which the actor may type a dossier in a holder's name."""
    asked = select(Call).where(
        Call.state == CallState.PUBLISHED, Call.opens_at <= tx.now, Call.closes_at > tx.now
    )
    return tx.session.scalars(
        tx.visible(asked, "call.screen").options(defer(Call.definition)).order_by(Call.closes_at, Call.code)
    ).all()


def judged(tx: Tx, application: Application, live: bool = False) -> tuple[bool, list[Judged]]:
    """Every rule on the dossier: as stored at submission (True), or of this instant (False).

    `live` asks for this instant's also of a deposited one, with what was changed since.
    """
    if application.submitted_at and not live:
        rows = tx.session.scalars(
            select(RuleResult)
            .where(RuleResult.application_id == application.id)
            .order_by(RuleResult.position)
        )
        return True, [
            Judged(
                row.rule_code,
                row.facts["title"],
                row.outcome,
                row.refuses,
                row.reason,
                tuple(row.facts["missing"]),
            )
            for row in rows
        ]
    namer = terms(application.call).file.namer
    (results,) = eligibility(tx, [as_written(application)]).values()
    return False, [
        Judged(
            result.rule.code,
            dict(result.rule.title),
            Outcome(result.outcome.value),
            result.rule.fails == "refuse",
            {lang: result.reason(lang, namer) for lang in ("fr", "ar")},
            result.missing,
        )
        for result in results
    ]


def refused_by_rule(tx: Tx, call_id: UUID) -> list[tuple[str, dict[str, str], int]]:
    """For each rule that refused dossiers of the call: its code, its title, how many the reader sees."""
    asked = (
        select(RuleResult.rule_code, func.min(RuleResult.facts["title"]["fr"].as_string()),
               func.min(RuleResult.facts["title"]["ar"].as_string()), func.count())
        .join(Application, Application.id == RuleResult.application_id)
        .where(Application.call_id == call_id, RuleResult.outcome == Outcome.FAIL, RuleResult.refuses)
        .group_by(RuleResult.rule_code)
        .order_by(func.count().desc(), RuleResult.rule_code)
    )  # fmt: skip
    rows = tx.session.execute(tx.visible(asked, "application.read"))
    return [(code, {"fr": fr, "ar": ar}, n) for code, fr, ar, n in rows]


def holds(tx: Tx, application: Application) -> bool:
    """Whether she reads the dossier as its holder; who has another role besides is asked of this very one."""
    if Role.HOLDER not in tx.actor.roles:
        return False
    if tx.actor.roles == {Role.HOLDER}:
        return True
    hers = represents(tx.actor, Organisation.id)
    return bool(tx.session.scalar(select(hers).where(Organisation.id == application.organisation_id)))


def titles_of_refusals(tx: Tx, keys: Collection[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """By dossier, the titles of the rules that refused it at its deposit, in the call's order."""
    asked = (
        select(RuleResult.application_id, RuleResult.facts["title"])
        .where(RuleResult.application_id.in_(keys), RuleResult.refuses, RuleResult.outcome == Outcome.FAIL)
        .order_by(RuleResult.application_id, RuleResult.position)
    )
    found: dict[UUID, list[dict[str, str]]] = {}
    for key, title in tx.session.execute(asked):
        found.setdefault(key, []).append(title)
    return found


def history(tx: Tx, application: Application, cursor: str | None = None, limit: int = 100) -> Page[Event]:
    """What happened to the dossier, the latest first."""
    asked = select(Event).where(Event.subject_id == application.id)
    return paginate(tx, asked, [Key(Event.seq, lambda row: row.seq, descending=True)], cursor, limit)


def last_change(tx: Tx, application: Application) -> Event | None:
    """The latest thing that happened to the dossier, by whom and when: what officers note is theirs."""
    asked = select(Event).where(Event.subject_id == application.id, Event.name != "application.noted")
    return tx.session.scalars(asked.order_by(Event.seq.desc()).limit(1)).first()


@dataclass(frozen=True)
class Refusal:
    """Why a dossier was refused otherwise than by a rule: what an officer wrote, or what was lacking."""

    reason: str | None = None
    incomplete: tuple[str, ...] = ()
    late_on: date | None = None  # the completion asked was due on this day


def refusal(tx: Tx, application: Application) -> Refusal | None:
    """What refused the dossier beside the rules; None when nothing did."""
    if application.state is not ApplicationState.INELIGIBLE:
        return None
    asked = select(Event.data).where(
        Event.subject_id == application.id,
        Event.name.in_(("application.refused", "application.lapsed")),
    )
    data = tx.session.scalars(asked.order_by(Event.seq.desc()).limit(1)).first() or {}
    due = data.get("due_on")
    found = Refusal(
        data.get("reason"), tuple(data.get("incomplete") or ()), date.fromisoformat(due) if due else None
    )
    return None if found == Refusal() else found
