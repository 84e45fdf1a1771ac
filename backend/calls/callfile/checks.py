"""What a well-formed call may still get wrong: sums, orders, contradictions, references between parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from backend.calls.callfile.contradictions import cap_findings, rule_findings
from backend.calls.callfile.models import CallFile, Grid
from backend.calls.callfile.selecting import selection_findings
from backend.calls.callfile.standard import STANDARD_CODES
from backend.calls.rules.conditions import RuleRef, walk
from backend.calls.rules.parse import Finding, nearest_first
from backend.calls.rules.values import ratio_text
from backend.calls.rules.vocabulary import known, well_formed
from backend.core.calendar import format_datetime


def findings(call: CallFile) -> Iterator[Finding]:
    """Every fault between parts of a call; contradictions of rules only when nothing else is wrong."""
    yield from [one for check in CHECKS for one in check(call)] or rule_findings(call)


def _window(call: CallFile) -> Iterator[Finding]:
    if call.opens_at >= call.closes_at:
        hours = {"opens": call.opens_at, "closes": call.closes_at}
        said = {
            f"{name}_{lang}": format_datetime(hour, lang)
            for name, hour in hours.items()
            for lang in ("fr", "ar")
        }
        yield Finding(("closes_at",), "window_order", said)


def _twice(values: Iterable[object], *path: str | int, leaf: str = "") -> Iterator[Finding]:
    seen: set[object] = set()
    for i, value in enumerate(values):
        if value in seen:
            yield Finding((*path, i, leaf) if leaf else (*path, i), "duplicate", {"value": str(value)})
        seen.add(value)


def _duplicates(call: CallFile) -> Iterator[Finding]:
    yield from _twice(call.legal_forms, "legal_forms")
    yield from _twice(call.communes, "communes")
    for name in ("sectors", "chains"):
        listed = getattr(call, name)
        if not isinstance(listed, str):
            yield from _twice(listed, name)
    yield from _twice((one.code for one in call.rules), "rules", leaf="code")
    yield from _twice((one.code for one in call.documents), "documents", leaf="code")
    yield from _twice((one.code for one in call.grid.sections or ()), "grid", "sections", leaf="code")
    yield from _twice((one.code for one in call.grid.criteria), "grid", "criteria", leaf="code")
    yield from _twice((one.code for one in call.tranches), "tranches", leaf="code")
    yield from _twice((one.code for one in call.coaching.milestones), "coaching", "milestones", leaf="code")
    yield from _twice((one.days for one in call.coaching.reminders), "coaching", "reminders", leaf="days")
    yield from _twice(call.grid.tie_break, "grid", "tie_break")


def _rules(call: CallFile) -> Iterator[Finding]:
    """Reserved codes, references to rules that do not exist, cycles of references."""
    links: dict[str, set[str]] = {}
    everyone = (*(rule.code for rule in call.rules), *STANDARD_CODES)
    for i, rule in enumerate(call.rules):
        if rule.code in STANDARD_CODES:
            yield Finding(("rules", i, "code"), "reserved_code", {"value": rule.code})
        links.setdefault(rule.code, set())
        for part, condition in (("when", rule.when), ("check", rule.check)):
            for node in walk(condition.node) if condition else ():
                if not isinstance(node, RuleRef):
                    continue
                links[rule.code].add(node.rule)
                if node.rule not in everyone:
                    allowed = nearest_first(node.rule, everyone)
                    yield Finding(("rules", i, part), "unknown_rule", {"value": node.rule}, allowed)
    told: set[frozenset[str]] = set()
    for i, rule in enumerate(call.rules):
        loop = _cycle(rule.code, links)
        if loop and frozenset(loop) not in told:  # once, whichever of its rules it is read from
            told.add(frozenset(loop))
            yield Finding(("rules", i), "rule_cycle", {"value": " → ".join(loop)})


def _cycle(start: str, links: dict[str, set[str]]) -> list[str]:
    """The shortest way from a rule back to itself; empty when there is none."""
    paths = [[start, following] for following in sorted(links.get(start, ()))]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        if path[-1] == start:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            paths += [[*path, following] for following in sorted(links.get(path[-1], ()))]
    return []


def _documents(call: CallFile) -> Iterator[Finding]:
    for i, document in enumerate(call.documents):
        # A shared list may name forms that this call does not admit; a paper asked of nobody is a fault.
        if document.only_for and not set(document.only_for) & set(call.legal_forms):
            value = ", ".join(document.only_for)
            yield Finding(("documents", i, "only_for"), "document_form", {"value": value}, call.legal_forms)
    for i, commune in enumerate(call.communes):
        if not well_formed("commune", commune) or not commune.startswith(f"{call.province}."):
            yield Finding(("communes", i), "value_choice", {"value": commune, "fact": "project.commune"})
    if call.incomplete.then == "one_request" and call.incomplete.working_days is None:
        yield Finding(("incomplete",), "working_days")
    if call.incomplete.then == "refuse" and call.incomplete.working_days is not None:
        yield Finding(("incomplete", "working_days"), "working_days_unused")


def _grid(call: CallFile) -> Iterator[Finding]:
    grid = call.grid
    total = sum(one.weight for one in grid.criteria)
    if total != 100:
        yield Finding(("grid", "criteria"), "sum_weights", {"total": str(total)})
    for i, criterion in enumerate(grid.criteria):
        path = ("grid", "criteria", i)
        if len(criterion.levels) != grid.scale_max + 1:
            params = {
                "found": str(len(criterion.levels)),
                "wanted": str(grid.scale_max + 1),
                "max": str(grid.scale_max),
            }
            yield Finding((*path, "levels"), "levels_count", params)
        if criterion.floor is not None and criterion.floor > grid.scale_max:
            yield Finding(
                (*path, "floor"),
                "floor_too_high",
                {"value": str(criterion.floor), "max": str(grid.scale_max)},
            )
    codes = tuple(one.code for one in grid.criteria)
    for i, code in enumerate(grid.tie_break):
        if code not in codes:
            yield Finding(
                ("grid", "tie_break", i), "tie_break_unknown", {"value": code}, nearest_first(code, codes)
            )
    yield from _grid_sections(grid)


def _grid_sections(grid: Grid) -> Iterator[Finding]:
    """Every criterion stands under a section once there are some; a section without one would say nothing."""
    codes = tuple(one.code for one in grid.sections or ())
    for i, criterion in enumerate(grid.criteria):
        path = ("grid", "criteria", i, "section")
        if criterion.section is None and codes:
            yield Finding(path[:-1], "section_missing", {"value": criterion.code}, codes)
        elif criterion.section is not None and criterion.section not in codes:
            allowed = nearest_first(criterion.section, codes)
            yield Finding(path, "section_unknown", {"value": criterion.section}, allowed)
    used = {criterion.section for criterion in grid.criteria}
    for i, code in enumerate(codes):
        if code not in used:
            yield Finding(("grid", "sections", i), "section_empty", {"value": code})


def _money_and_time(call: CallFile) -> Iterator[Finding]:
    total = sum((one.share for one in call.tranches), Fraction(0))
    if total != 1:
        yield Finding(("tranches",), "sum_tranches", {"total": ratio_text(total)})
    for i, tranche in enumerate(call.tranches):
        if not tranche.share:
            yield Finding(
                ("tranches", i, "share"), "too_small", {"value": ratio_text(tranche.share), "limit": "> 0 %"}
            )
    for i, milestone in enumerate(call.coaching.milestones):
        if milestone.after_months > call.coaching.months:
            params = {"value": str(milestone.after_months), "limit": str(call.coaching.months)}
            yield Finding(("coaching", "milestones", i, "after_months"), "milestone_late", params)
    yield from _increasing(call.follow_up.months, "follow_up", "months")
    for i, reminder in enumerate(call.coaching.reminders):
        for who, times in Counter(reminder.to).items():
            if times > 1:
                yield Finding(("coaching", "reminders", i, "to"), "duplicate", {"value": who})
    chains, sectors = call.chains, call.sectors
    if not isinstance(chains, str) and not isinstance(sectors, str):
        yield from _chain_sectors(chains, sectors)


def _increasing(months: tuple[int, ...], *path: str) -> Iterator[Finding]:
    for i in range(1, len(months)):
        if months[i] <= months[i - 1]:
            yield Finding(
                (*path, i), "not_increasing", {"value": str(months[i]), "before": str(months[i - 1])}
            )


def _chain_sectors(chains: tuple[str, ...], sectors: tuple[str, ...]) -> Iterator[Finding]:
    from backend.calls.rules.vocabulary import chain_rows

    for i, chain in enumerate(chains):
        sector = chain_rows()[chain]["sector"] if chain in (known("chain") or ()) else ""
        if sector and sector not in sectors:
            yield Finding(("chains", i), "sector_of_chain", {"value": chain, "sector": sector}, sectors)


CHECKS = (
    _window, _duplicates, _rules, cap_findings, _documents, _grid, _money_and_time, selection_findings,
)  # fmt: skip
"""Each looks at a few parts of a call, in the order in which faults are told."""
