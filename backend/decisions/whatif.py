"""Looking at a call's portfolio under other constraints: what was asked, read from a form; nothing is saved.

Whoever is tied to a dossier looks at the call without it: it is taken out before anything is computed, so
that no figure of hers depends on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from ..calls.callfile.models import Constraint
from ..calls.callfile.selecting import OBJECTIVES
from ..calls.callfile.types import Limit, read_limit
from ..calls.models import Call
from ..calls.queries import definition
from ..calls.rules.model import Condition
from ..calls.rules.values import ValueIssue
from ..core.i18n import LANGUAGES, codes, label
from ..core.tx import Tx
from ..reviews.queries.ranking import hidden_ranked
from .commands.propose import candidates
from .gathering import Dossier, Setting, by_rank, dossiers, problem
from .portfolio import Verdict
from .portfolio.apart import studied
from .portfolio.problem import Problem
from .portfolio.told import Study

SECONDS = 8.0
"""What a look may take before prices are left out."""
_TURN = BoundedSemaphore(2)
"""Two looks at a time: each is a process of some 60 MB."""
Form = Mapping[str, str]
PRESETS: dict[str, dict[str, Any]] = {
    "women": {"fact": "members.women_share", "at_least": "50 %"},
    "youth": {"fact": "members.youth_share", "at_least": "50 %"},
    "new": {"fact": "organisation.age_months", "less_than": "24 months"},
}
"""Constraints that anybody may try on a call that says nothing of them."""


@codes
def whatif_codes() -> Iterable[str]:
    """Words of this module."""
    yield from (f"portfolio.preset.{code}" for code in PRESETS)
    yield from ("field.limit", "field.limit_order", "field.limit_share")


@dataclass
class Look:
    """A call's dossiers as its reader may see them, what she asks, and what she gets."""

    call: Call
    found: list[Dossier]
    rows: dict[str, Any]
    hidden: int
    waiting: int
    setting: Setting
    offered: tuple[Constraint, ...]
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    problem: Problem | None = None
    study: Study | None = None
    cut: list[Verdict] = field(default_factory=list)


def gathered(tx: Tx, call_id: UUID, form: Form) -> Look:
    """What the reader may see of the call, and what she asks; 404 to who may not read its ranking."""
    call = tx.get(Call, call_id, "ranking.read")
    file = definition(call)
    ranked, left_out = candidates(tx, call, file.grid)
    hidden = set(tx.session.scalars(hidden_ranked(tx.actor, call.id)))
    seen = [(rank, row) for rank, row in ranked if row.application_id not in hidden]
    found = dossiers(tx, call, seen, hidden)
    rows = {str(row.application_id): row for _, row in seen}
    if hidden:
        found = _without_the_others(found, rows)
    own = Setting.of(file, call.envelope_centimes)
    offered = (*own.constraints, *_presets({one.code for one in own.constraints}))
    look = Look(call, found, rows, len(hidden), len(left_out), own, offered, dict(form))
    _read(look, form, own)
    look.problem = problem(found, look.setting, file.grid)
    look.cut = by_rank(sorted(found, key=lambda one: one.candidate.rank), look.setting, file.grid)
    return look


def solved(look: Look) -> Look:
    """The same with its answer, found in another process: no connection to the database is held meanwhile."""
    if look.problem is not None:
        with _TURN:
            look.study = studied(look.problem, SECONDS, look.setting.order)
    return look


def _without_the_others(found: list[Dossier], rows: dict[str, Any]) -> list[Dossier]:
    """Ranks and scores that rest on what is hidden are made anew from what is seen."""
    undecided = [one for one in found if not one.held]
    undecided.sort(key=lambda one: _plain(rows[one.key]))
    made = [
        replace(one, candidate=replace(one.candidate, rank=rank, score=rows[one.key].score_hundredths))
        for rank, one in enumerate(undecided, 1)
    ]
    held = [one for one in found if one.held]
    return made + [
        replace(one, candidate=replace(one.candidate, rank=len(made) + n)) for n, one in enumerate(held, 1)
    ]


def _plain(row: Any) -> tuple[Any, ...]:
    return -row.score_hundredths, [-one for one in row.ties], row.number


def _presets(taken: set[str]) -> Iterable[Constraint]:
    for code, among in PRESETS.items():
        if code not in taken:
            words = {lang: label(lang, f"portfolio.preset.{code}") for lang in LANGUAGES}
            yield Constraint(code=code, label=words, among=Condition.read(among))


# -- what was asked -----------------------------------------------------------------------------------
def _read(look: Look, form: Form, own: Setting) -> None:
    """The setting of the form; what cannot be read is told and the call's own is kept."""
    asked = "look" in form
    objective = form.get("objective", own.objective)
    kept = []
    for one in look.offered:
        low, high = (_bound(look, form, f"{one.code}.{side}", getattr(one, side)) for side in _SIDES)
        if asked and low and high and low.value > high.value:
            look.errors[f"{one.code}.at_most"] = "limit_order"
            low, high = one.at_least, one.at_most
        if low or high:
            kept.append(one.model_copy(update={"at_least": low, "at_most": high}))
    look.setting = Setting(
        _envelope(look, form, own),
        True,
        objective if objective in OBJECTIVES else own.objective,
        _minimum(look, form, own),
        tuple(kept),
    )


_SIDES = ("at_least", "at_most")


def measure_of(one: Constraint) -> str:
    """How a constraint is counted; a share when it says nothing."""
    limit = one.at_least or one.at_most
    return limit.measure if limit else "share"


def shown(limit: Limit | None) -> str:
    """A limit as its field shows it, its unit standing beside."""
    if limit is None:
        return ""
    if limit.measure == "money":
        whole, rest = divmod(int(limit.value), 100)
        return f"{whole}.{rest:02}" if rest else str(whole)
    value = limit.fraction * 100 if limit.measure == "share" else limit.fraction
    return str(int(value)) if value.denominator == 1 else f"{float(value):.2f}"


def _bound(look: Look, form: Form, name: str, own: Limit | None) -> Limit | None:
    if name not in form:
        return own if "look" not in form else None
    text = form[name].strip()
    one = next(each for each in look.offered if name.startswith(f"{each.code}."))
    if text == shown(own):
        return own
    return _limit(look, name, text, measure_of(one)) if text else None


def _limit(look: Look, name: str, text: str, measure: str) -> Limit | None:
    unit = {"money": " DH", "share": " %"}.get(measure, "")
    try:
        found = read_limit(f"{text[:30]}{unit}")
    except ValueIssue:
        look.errors[name] = "limit"
        return None
    if found.measure != measure:
        look.errors[name] = "limit"
        return None
    if measure == "share" and found.value > 1:
        look.errors[name] = "limit_share"
        return None
    return found


def _envelope(look: Look, form: Form, own: Setting) -> int:
    text = form.get("envelope", "").strip()
    found = _limit(look, "envelope", text, "money") if text else None
    return int(found.value) if found else own.envelope


def _minimum(look: Look, form: Form, own: Setting) -> Fraction | None:
    if "minimum" not in form:
        return own.minimum
    text = form["minimum"].strip()
    found = _limit(look, "minimum", text, "share") if text else None
    return found.fraction if found and found.value > 0 else None
