"""Reading calls: what a call says, whether it is open, the public lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import defer

from backend.core.calendar import local
from backend.core.errors import NOT_FOUND
from backend.core.i18n import LANGUAGES, NBSP
from backend.core.paging import Key, Page, paginate
from backend.core.tx import Tx
from backend.people.models import Role
from backend.people.policy import OVERSEERS, has_role, in_province
from backend.territory.models import Province
from backend.value_chains.queries import priorities

from .callfile import CallFile, from_json
from .differences import Change, differences
from .lifecycle import Phase, phase
from .models import Call, CallQuestion, CallState, CallVersion, QuestionState, VersionKind
from .rules.model import Rule
from .terms import plain_words

KEPT = 256
_kept: dict[str, CallFile] = {}


def definition(call: Call | CallVersion) -> CallFile:
    """What the call says. Reading it costs milliseconds, so that it is kept by its content's hash."""
    found = _kept.get(call.definition_sha256)
    if found is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[call.definition_sha256] = from_json(call.definition)
    return found


def is_open(call: Call, now: datetime) -> bool:
    """Whether dossiers may be filed at that instant."""
    return call.state is CallState.PUBLISHED and phase(call, now) is Phase.OPEN


def in_phase(wanted: Phase, now: datetime) -> ColumnElement[bool]:
    """The published calls whose window stands so at that instant, as SQL."""
    window = {
        Phase.UPCOMING: Call.opens_at > now,
        Phase.OPEN: and_(Call.opens_at <= now, Call.closes_at >= now),
        Phase.CLOSED: Call.closes_at < now,
    }[wanted]
    return and_(Call.published_at.is_not(None), window)


def by_code(tx: Tx, code: str) -> Call:
    """The call of that code, if the actor may see it; 404 otherwise."""
    found = tx.visible(select(Call).where(Call.code == code), "call.read")
    call: Call | None = tx.session.scalars(found).one_or_none()
    if call is None:
        raise NOT_FOUND(thing="call")
    return call


def by_reference(tx: Tx, reference: str) -> Call:
    """The call of that code or identifier."""
    try:
        return tx.get(Call, UUID(reference), "call.read")
    except ValueError:
        return by_code(tx, reference)


def priority_codes(tx: Tx, call: Call, file: CallFile) -> frozenset[str]:
    """The province's priority chains in force on the closing day; none when the call reads no list."""
    if file.chains != "priority":
        return frozenset()
    day = local(call.closes_at).date()
    return frozenset(chain.code for chain in priorities(tx, call.province_code, day))


def listed(
    tx: Tx,
    *,
    province: str | None = None,
    wanted: Phase | None = None,
    code: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Call]:
    """The calls that the actor may see, the last to close first."""
    statement: Select[Call] = select(Call).options(defer(Call.definition, raiseload=True))
    if province:
        statement = statement.where(Call.province_code == province)
    if wanted:
        statement = statement.where(in_phase(wanted, tx.now))
    if code:
        statement = statement.where(Call.code == code)
    keys = (
        Key(Call.closes_at, lambda call: call.closes_at, descending=True),
        Key(Call.id, lambda call: call.id, descending=True),
    )
    return paginate(tx, tx.visible(statement, "call.read"), keys, cursor, limit)


def of_staff(tx: Tx, cursor: str | None = None, limit: int = 50) -> Page[Call]:
    """The calls of the provinces where the actor is an officer (all of them for overseers), newest first."""
    hers = or_(in_province(tx.actor, Role.OFFICER, Call.province_code), has_role(tx.actor, *OVERSEERS))
    statement = select(Call).options(defer(Call.definition, raiseload=True)).where(hers)
    keys = (Key(Call.id, lambda call: call.id, descending=True),)
    return paginate(tx, tx.visible(statement, "call.read"), keys, cursor, limit)


@dataclass(frozen=True)
class Shown:
    """A call with its province, as the public lists show it."""

    call: Call
    province: Province


def open_calls(tx: Tx, province: str | None = None) -> list[Shown]:
    """The calls open now (of one province if given), the first to close first."""
    return _shown(tx, in_phase(Phase.OPEN, tx.now), province)


def upcoming_calls(tx: Tx) -> list[Shown]:
    """Published calls that have not opened yet, the first to close first."""
    return _shown(tx, in_phase(Phase.UPCOMING, tx.now))


def closed_calls(tx: Tx, province: str | None = None, limit: int = 30) -> list[Shown]:
    """Calls whose window is over, the latest first, without what they said."""
    return _shown(tx, in_phase(Phase.CLOSED, tx.now), province, limit=limit, latest=True)


def _shown(
    tx: Tx,
    condition: ColumnElement[bool],
    province: str | None = None,
    *,
    limit: int = 200,
    latest: bool = False,
) -> list[Shown]:
    statement = select(Call, Province).join(Province, Province.code == Call.province_code).where(condition)
    if province:
        statement = statement.where(Call.province_code == province)
    order = Call.closes_at.desc() if latest else Call.closes_at.asc()
    if latest:
        statement = statement.options(defer(Call.definition, raiseload=True))
    rows = tx.session.execute(tx.visible(statement, "call.read").order_by(order, Call.id).limit(limit))
    return [Shown(call, place) for call, place in rows]


@dataclass(frozen=True)
class RuleWords:
    """A rule of a call as anybody reads it."""

    code: str
    title: dict[str, str]
    words: dict[str, str]
    refuses: bool
    note: dict[str, str] | None


def rules_in_words(file: CallFile) -> list[RuleWords]:
    """Every rule of the call in plain French and Arabic."""
    return [_in_words(rule, file) for rule in file.every_rule()]


def _in_words(rule: Rule, file: CallFile) -> RuleWords:
    return RuleWords(
        code=rule.code,
        title=dict(rule.title),
        words={lang: plain_words(rule, file, lang) for lang in ("fr", "ar")},
        refuses=rule.fails == "refuse",
        note=dict(rule.note) if rule.note else None,
    )


def provinces(tx: Tx) -> Sequence[Province]:
    """Every province, for the choice of one."""
    return tx.session.scalars(tx.visible(select(Province), "province.read").order_by(Province.code)).all()


@dataclass(frozen=True)
class Edition:
    """A version of a call as anybody reads it: when, why, and what it changed."""

    number: int
    kind: VersionKind
    reason: dict[str, str] | None
    published_at: datetime
    definition_sha256: str
    changes: list[Change]


def editions(tx: Tx, call: Call) -> list[Edition]:
    """Every version of a call, the latest first, each with its difference from the one before."""
    listed = select(CallVersion).where(CallVersion.call_id == call.id).order_by(CallVersion.number)
    rows = tx.session.scalars(tx.visible(listed, "version.read")).all()
    found = [_edition(row, earlier) for earlier, row in zip((None, *rows), rows, strict=False)]
    return found[::-1]


def latest_amendment(tx: Tx, call: Call) -> Edition | None:
    """The version in force with its difference, when it is not the first one."""
    if call.version_number < 2:
        return None
    listed = select(CallVersion).where(CallVersion.call_id == call.id).order_by(CallVersion.number.desc())
    row, earlier = tx.session.scalars(tx.visible(listed, "version.read").limit(2)).all()
    return _edition(row, earlier)


def latest_version(tx: Tx, call: Call) -> CallVersion | None:
    """The version in force; None for a draft."""
    listed = select(CallVersion).where(
        CallVersion.call_id == call.id, CallVersion.number == call.version_number
    )
    return tx.session.scalars(tx.visible(listed, "version.read")).one_or_none()


LINES, LINE = 12, 300
"""How much of a difference a message tells: lines, and characters of each."""


def changes_in_lines(before: CallVersion, after: CallVersion) -> list[dict[str, str]]:
    """The difference of two versions, a line a change, for messages; the page tells all of it."""
    changes = differences(definition(before), definition(after))[:LINES]
    return [{lang: _line(change, lang) for lang in LANGUAGES} for change in changes]


def _line(change: Change, lang: str) -> str:
    arrow = " ← " if lang == "ar" else " → "
    said = [words[lang] for words in (change.before, change.after) if words]
    text = f"{change.title[lang]}{': ' if lang == 'ar' else NBSP + ': '}{arrow.join(said)}"
    return text if len(text) <= LINE else f"{text[: LINE - 1]}…"


def _edition(row: CallVersion, earlier: CallVersion | None) -> Edition:
    changes = differences(definition(earlier), definition(row)) if earlier else []
    return Edition(row.number, row.kind, row.reason, row.published_at, row.definition_sha256, changes)


QUESTIONS_SHOWN = 200


def questions(tx: Tx, call: Call) -> list[CallQuestion]:
    """The questions on a call that the actor may read, those that wait first, then the last settled."""
    listed = select(CallQuestion).where(CallQuestion.call_id == call.id)
    order = (CallQuestion.settled_at.desc().nulls_first(), CallQuestion.asked_at, CallQuestion.id)
    return list(
        tx.session.scalars(tx.visible(listed, "question.read").order_by(*order).limit(QUESTIONS_SHOWN))
    )


def waiting_questions(tx: Tx, call: Call) -> int:
    """How many questions on a call wait for an answer, of those that the actor may read."""
    counted = select(func.count()).select_from(CallQuestion)
    asked = counted.where(CallQuestion.call_id == call.id, CallQuestion.state == QuestionState.ASKED)
    return tx.session.scalar(tx.visible(asked, "question.read")) or 0


def reads_privately(tx: Tx, question: CallQuestion) -> tuple[bool, bool]:
    """Whether the actor asked it; whether what was asked, word for word, is hers to read."""
    mine = tx.actor.id is not None and question.asked_by == tx.actor.id
    places = tx.actor.provinces(Role.OFFICER)
    return mine, mine or None in places or question.province_code in places


def answered(listed: Sequence[CallQuestion]) -> list[CallQuestion]:
    """Those of them that everybody reads."""
    return [one for one in listed if one.state is QuestionState.ANSWERED]
