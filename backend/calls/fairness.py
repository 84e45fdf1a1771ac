"""What an erratum or an extension may change, so that nobody who relied on the call is wronged.

See docs/decisions/0009: before the first deposit only the hours are bound; after it, what a depositor was
measured by stands, and the rest may only be lightened.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from backend.core.i18n import codes

from .callfile import CallFile
from .models import VersionKind
from .rules.model import Rule

_REASONS = (
    "closing_earlier",
    "closing_past",
    "closing_far",
    "closing_extension",
    "opening_moved",
    "opening_past",
    "identity",
    "extension_only",
    "frozen",
    "widen_only",
    "lighten_only",
    "lengthen_only",
)

FURTHEST = timedelta(days=366)
"""How far one extension may push the closing: beyond, it is a slip of the year rather than a delay."""

FROZEN = (
    "caps",
    "reference_date",
    "youth_under",
    "finance",
    "selection",
    "following",
    "tranches",
    "coaching",
    "follow_up",
)
"""Fields that stand once a dossier is deposited: it was built on them."""
_DIVIDED = ("caps", "finance", "selection", "following", "coaching", "follow_up")
"""Those of them whose parts are named one by one."""
_MEASURES = (
    "scale_max", "pass_mark", "evaluators_per_file", "tie_break", "discordance", "ranking", "viability",
    "blind",
)  # fmt: skip
_OF_CRITERIA = ("section", "weight", "floor", "feasibility")
_BOUND = {
    "widen_only": ("legal_forms", "sectors", "communes", "chains"),
    "lengthen_only": ("envelope", "appeal_days", "incomplete.then", "incomplete.working_days"),
    "lighten_only": ("rules", "rules.check", "rules.when", "rules.fails", "documents", "documents.required",
                     "documents.only_for"),
    "frozen": ("reference_date", "youth_under", "tranches", "coaching.months", "coaching.milestones",
               "coaching.reminders", "follow_up.months", "finance.discount_rate", "finance.inflation",
               "selection.method", "selection.objective", "selection.minimum", "selection.constraints",
               "following.decision_days", "following.settlement_days",
               "following.convention_days", "following.promotion", "caps.indh_amount", "caps.indh_minimum",
               "caps.indh_share", "caps.indh_share_of", "caps.own_share", "caps.own_cash_share",
               "caps.in_kind_share_of_own", "caps.studies_share", "caps.investment_only",
               *(f"grid.{name}" for name in _MEASURES), "grid.sections", "grid.criteria",
               *(f"grid.criteria.{name}" for name in _OF_CRITERIA)),
}  # fmt: skip


@codes
def fairness_codes() -> Iterable[str]:
    """Why a change is refused: words of errors beside their field."""
    yield from (f"field.amendment_{reason}" for reason in _REASONS)


def bounds(before: CallFile, now: datetime, deposited: bool) -> dict[str, str]:
    """By field, why an erratum may not change it, or only one way: what is said beside it beforehand."""
    found = dict.fromkeys(("code", "province", "issuer.committee"), "identity")
    found |= {"closes_at": "closing_extension"}
    found |= {"opens_at": "opening_moved"} if before.opens_at <= now else {}
    if deposited:
        found |= {field: reason for reason, fields in _BOUND.items() for field in fields}
    return found


def unfair(
    before: CallFile, after: CallFile, kind: VersionKind, now: datetime, deposited: bool
) -> list[tuple[str, str]]:
    """(field of the call file, reason) for each change that would wrong somebody; empty when fair."""
    found = [*_identity(before, after), *_opening(before, after, now)]
    if kind is VersionKind.EXTENSION:
        found += [*_closing(before, after, now), *_only_closing(before, after)]
        return list(dict.fromkeys(found))
    if after.closes_at != before.closes_at:
        found.append(("closes_at", "closing_extension"))
    if deposited:
        found += _after_deposits(before, after)
    return list(dict.fromkeys(found))


def _identity(before: CallFile, after: CallFile) -> Iterator[tuple[str, str]]:
    """Another code, province or committee is another call."""
    for field in ("code", "province"):
        if getattr(before, field) != getattr(after, field):
            yield field, "identity"
    if before.issuer.committee != after.issuer.committee:
        yield "issuer.committee", "identity"


def _closing(before: CallFile, after: CallFile, now: datetime) -> Iterator[tuple[str, str]]:
    if after.closes_at < before.closes_at:
        yield "closes_at", "closing_earlier"
    elif after.closes_at <= now:
        yield "closes_at", "closing_past"
    elif after.closes_at > before.closes_at + FURTHEST:
        yield "closes_at", "closing_far"


def _opening(before: CallFile, after: CallFile, now: datetime) -> Iterator[tuple[str, str]]:
    if after.opens_at != before.opens_at:
        if before.opens_at <= now:
            yield "opens_at", "opening_moved"
        elif after.opens_at <= now:
            yield "opens_at", "opening_past"


def _only_closing(before: CallFile, after: CallFile) -> Iterator[tuple[str, str]]:
    was, becomes = before.as_json(), after.as_json()
    for field in dict.fromkeys((*was, *becomes)):
        if field != "closes_at" and was.get(field) != becomes.get(field):
            yield field, "extension_only"


def _after_deposits(before: CallFile, after: CallFile) -> Iterator[tuple[str, str]]:
    was, becomes = before.as_json(), after.as_json()
    for field in FROZEN:
        old, new = was.get(field), becomes.get(field)
        if old != new:
            yield from ((place, "frozen") for place in _parts(field, old, new))
    yield from ((place, "frozen") for place in _measures(before, after))
    yield from _narrowed(before, after)
    yield from _rules(before, after)
    yield from _documents(before, after)
    if after.envelope < before.envelope:
        yield "envelope", "lengthen_only"
    if after.appeal_days < before.appeal_days:
        yield "appeal_days", "lengthen_only"
    if _patience(after) < _patience(before):
        yield "incomplete.working_days", "lengthen_only"


def _parts(field: str, old: object, new: object) -> Iterator[str]:
    """The parts of the field that differ, for those whose parts are fields by themselves."""
    if field not in _DIVIDED or not isinstance(old, Mapping) or not isinstance(new, Mapping):
        yield field
        return
    yield from (f"{field}.{part}" for part in {**old, **new} if old.get(part) != new.get(part))


def _measures(before: CallFile, after: CallFile) -> Iterator[str]:
    """What differs in how marks are made; the words of sections, criteria and help may be corrected."""
    was, becomes = before.grid, after.grid
    for name in _MEASURES:
        if getattr(was, name) != getattr(becomes, name):
            yield f"grid.{name}"
    if [one.code for one in was.sections or ()] != [one.code for one in becomes.sections or ()]:
        yield "grid.sections"
    if [one.code for one in was.criteria] != [one.code for one in becomes.criteria]:
        yield "grid.criteria"
        return
    for i, (old, new) in enumerate(zip(was.criteria, becomes.criteria, strict=True)):
        for name in _OF_CRITERIA:
            if getattr(old, name) != getattr(new, name):
                yield f"grid.criteria[{i}].{name}"


def _narrowed(before: CallFile, after: CallFile) -> Iterator[tuple[str, str]]:
    """Who and what is admitted may only become more: an empty or « any » list admits everything."""
    admitted: dict[str, Callable[[CallFile], set[str] | None]] = {
        "legal_forms": lambda file: set(file.legal_forms),
        "sectors": lambda file: None if file.sectors == "any" else set(file.sectors),
        "communes": lambda file: set(file.communes) or None,
        "chains": lambda file: None if file.chains == "any" else _chains(file),
    }
    for field, read in admitted.items():
        was, becomes = read(before), read(after)
        if becomes is not None and (was is None or not was <= becomes):
            yield field, "widen_only"


def _chains(file: CallFile) -> set[str]:
    """The province's own list (« priority ») is one thing, which no written list can be known to contain."""
    return {file.chains} if isinstance(file.chains, str) else set(file.chains)


def _rules(before: CallFile, after: CallFile) -> Iterator[tuple[str, str]]:
    """A rule may be taken away, or only warn instead of refusing; its title and note may be corrected."""
    was = {rule.code: rule for rule in before.rules}
    for i, rule in enumerate(after.rules):
        old = was.get(rule.code)
        if old is None:
            if rule.fails == "refuse":
                yield f"rules[{i}]", "lighten_only"
        elif _demand(old) != _demand(rule) or (old.fails == "warn" and rule.fails == "refuse"):
            yield f"rules[{i}]", "lighten_only"


def _demand(rule: Rule) -> object:
    return rule.when.raw if rule.when else None, rule.check.raw


def _documents(before: CallFile, after: CallFile) -> Iterator[tuple[str, str]]:
    """No paper more may be required of anybody."""
    for form in after.legal_forms:
        more = after.required_documents(form) - before.required_documents(form)
        if form in before.legal_forms:
            for i, document in enumerate(after.documents):
                if document.code in more:
                    yield f"documents[{i}].required", "lighten_only"


def _patience(file: CallFile) -> int:
    """Working days that an incomplete dossier is given; 0 when it is refused."""
    return file.incomplete.working_days or 0
