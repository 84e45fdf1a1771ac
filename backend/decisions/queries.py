"""Reading decisions: lists, one with its dossier's scores, a session's agenda, and reasons in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select, type_coerce
from sqlalchemy.orm import joinedload

from ..applications.models import Application, ApplicationState
from ..calls.lifecycle import UNDECIDED
from ..calls.models import Call
from ..core.errors import NOT_FOUND
from ..core.i18n import localized, translate
from ..core.money import format_money, format_number
from ..core.paging import Key, Page, paginate
from ..core.policy import RULES
from ..core.tx import Tx
from ..reviews.lifecycle import grid_of
from ..reviews.models import Standing
from .commands.propose import candidates
from .lifecycle import LIFECYCLE
from .models import Decision, DecisionOutcome, DecisionState, Letter
from .standing import ADOPTED, DECIDED, FINAL, PROPOSED
from .unsaid import unsaid

_AMOUNTS = {"left", "asked", "granted"}
_POINTS = {"score", "pass_mark", "floor", "mean", "of"}


def listed(  # noqa: PLR0913 (one parameter a filter)
    tx: Tx,
    *,
    call_id: UUID | None = None,
    session_id: UUID | None = None,
    application_id: UUID | None = None,
    state: DecisionState | None = None,
    outcome: DecisionOutcome | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Decision]:
    """Decisions that the actor may see, by rank."""
    statement: Select[Any] = select(Decision)
    for column, value in (
        (Decision.call_id, call_id),
        (Decision.session_id, session_id),
        (Decision.application_id, application_id),
        (Decision.outcome, outcome),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if state is not None:
        statement = statement.where(_state_as_told(tx) == state)
    keys = (Key(Decision.rank, lambda d: d.rank), Key(Decision.id, lambda d: d.id))
    return paginate(tx, tx.visible(statement, "decision.read"), keys, cursor, limit)


def of_session(tx: Tx, session_id: UUID) -> Sequence[Decision]:
    """What a session has before it, by rank, with dossiers and holders, for the actor's eyes."""
    statement = (
        select(Decision)
        .where(Decision.session_id == session_id)
        .options(joinedload(Decision.application).joinedload(Application.organisation))
        .order_by(Decision.call_id, Decision.rank, Decision.id)
    )
    return tx.session.scalars(tx.visible(statement, "decision.read")).all()


def _state_as_told(tx: Tx) -> ColumnElement[DecisionState]:
    """The state in which the actor knows it: adopted until the letter that says otherwise is released."""
    known = and_(Decision.state != PROPOSED, RULES["decision.known"].where(tx.actor))
    return case((known, type_coerce(ADOPTED, Decision.state.type)), else_=Decision.state)


def states_as_told(tx: Tx, decisions: Sequence[Decision]) -> dict[UUID, DecisionState]:
    """The state of each as the actor knows it; nothing is asked when all of them stand."""
    over = [one.id for one in decisions if one.state in (DecisionState.LAPSED, DecisionState.REPLACED)]
    told = {one.id: one.state for one in decisions}
    if over:
        asked = select(Decision.id, _state_as_told(tx)).where(Decision.id.in_(over))
        told |= {key: DecisionState(state) for key, state in tx.session.execute(asked)}
    return told


def hidden_motions(tx: Tx, session_id: UUID) -> set[UUID]:
    """Motions of a session that are only about dossiers which the actor may not see."""
    about = select(Decision.motion_id).where(
        Decision.session_id == session_id, Decision.motion_id.is_not(None)
    )
    seen = set(tx.session.scalars(tx.visible(about, "decision.read")))
    return {motion for motion in tx.session.scalars(about.distinct()) if motion and motion not in seen}


@dataclass(frozen=True)
class Heard:
    """A decision as its holder reads it: the dossier, and the mean of each criterion of the grid."""

    decision: Decision
    application: Application
    criteria: list[tuple[dict[str, str], int, int]]
    appeal_days: int
    letter: Letter | None = None
    may_end: bool = False
    state: DecisionState = DecisionState.ADOPTED  # as far as the reader was told


def of_application(tx: Tx, application_id: UUID) -> Heard:
    """The last decision on a dossier that the reader may see; 404 for its holder until its letter left."""
    statement = (
        select(Decision)
        .where(Decision.application_id == application_id, Decision.state.in_((PROPOSED, *FINAL)))
        .options(joinedload(Decision.application).joinedload(Application.organisation))
        .order_by(Decision.id.desc())
        .limit(1)
    )
    decision = tx.session.scalars(tx.visible(statement, "decision.read")).one_or_none()
    if decision is None:
        raise NOT_FOUND(thing="decision")
    means = tx.session.execute(
        select(Standing.criteria).where(Standing.application_id == application_id)
    ).scalar_one_or_none()
    criteria = [
        (dict(c.label), (means or {}).get(c.code, 0), c.weight * 100)
        for c in grid_of(tx, decision.call_id).criteria
    ]
    days = tx.session.execute(
        select(Call.definition["appeal_days"]).where(Call.id == decision.call_id)
    ).scalar_one()
    letters = select(Letter).where(Letter.decision_id == decision.id).order_by(Letter.queued_at.desc())
    letter = tx.session.scalars(tx.visible(letters, "letter.read").limit(1)).one_or_none()
    ends = "lapse" in LIFECYCLE.available(tx, decision) if decision.state is DecisionState.ADOPTED else False
    known = tx.may(["decision.known"], decision)["decision.known"] and decision.state is not PROPOSED
    state = DecisionState.ADOPTED if known else decision.state
    return Heard(decision, decision.application, criteria if means else [], int(days), letter, ends, state)


@dataclass(frozen=True)
class Ready:
    """A call before a session: dossiers to propose, dossiers that wait, and for how many signed reviews."""

    call: Call
    ranked: int
    waiting: int
    missing: int


def ready_calls(tx: Tx, province_code: str, committee_id: UUID) -> list[Ready]:
    """The province's calls whose window is over and which hold dossiers to decide, or reviews to wait for."""
    undecided = exists().where(
        Application.call_id == Call.id,
        Application.state == ApplicationState.ELIGIBLE,
        ~exists().where(Decision.application_id == Application.id, Decision.state.in_(DECIDED)),
    )
    statement = (
        select(Call)
        .where(
            undecided,
            Call.province_code == province_code,
            Call.state.in_(UNDECIDED),
            Call.closes_at < tx.now,
            func.coalesce(Call.committee_id, committee_id) == committee_id,
        )
        .order_by(Call.closes_at)
    )
    calls = tx.session.scalars(tx.visible(statement, "call.propose")).all()
    return [one for one in (_ready(tx, call) for call in calls) if one.ranked or one.waiting]


def _ready(tx: Tx, call: Call) -> Ready:
    """What proposing on this call would find, as the command itself counts it."""
    ranked, left_out = candidates(tx, call, grid_of(tx, call.id))
    reviews = [item.reason["params"] for item in left_out if item.reason["code"] == "too_few_reviews"]
    return Ready(call, len(ranked), len(reviews), sum(one["needed"] - one["reviews"] for one in reviews))


def reasons_in_words(decision: Decision, lang: str, partial: Collection[UUID] = ()) -> list[str]:
    """A sentence for each reason of the decision; `partial` are the calls that are `partly_hidden`."""
    reasons = unsaid(decision.reasons) if decision.call_id in partial else decision.reasons
    return [in_words(reason, lang) for reason in reasons]


def in_words(reason: dict[str, Any], lang: str) -> str:
    """A reason's sentence: `reason.<code>` with its parameters written for people."""
    params = {name: _written(name, value, lang) for name, value in reason["params"].items()}
    return translate(lang, f"reason.{reason['code']}", **params)


def _written(name: str, value: Any, lang: str) -> str:
    if name in _AMOUNTS:
        return format_money(value, lang)
    if name in _POINTS:
        return points_text(value, lang)
    if name in ("criterion", "constraint"):
        return localized(lang, value)
    if name == "criteria":
        parts = [
            translate(
                lang,
                "reason.criterion",
                criterion=localized(lang, one["criterion"]),
                mean=points_text(one["mean"], lang),
                of=points_text(one["of"], lang),
            )
            for one in value
        ]
        return ("، " if lang == "ar" else ", ").join(parts)
    return str(value)


def points_text(hundredths: int, lang: str) -> str:
    """`7500` as `75`, `5625` as `56,25`."""
    whole, rest = divmod(hundredths, 100)
    return format_number(hundredths / 100, lang, 2) if rest else format_number(whole, lang)
