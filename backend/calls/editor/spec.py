"""The pages of the editor: which fields of a call file stand on which, and how each is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from backend.core.i18n import codes

Kind = Literal[
    "line",  # a short text
    "text",  # a long one
    "words",  # a short text in both languages
    "prose",  # a long one in both languages
    "money",  # « 300 000 DH »
    "share",  # « 60 % »
    "day",
    "hour",
    "number",
    "choice",  # one of a few codes
    "switch",  # yes or no
    "checks",  # several codes
    "open",  # a word (`any`, `priority`) or several codes
    "numbers",  # several numbers on a line
    "ranked",  # several codes in order, each chosen by its name
    "lines",  # several texts, one a line
    "levels",  # words in both languages, one for each mark
    "items",  # a list whose items stand on this page
    "pages",  # a list whose items have a page each
    "amount",  # money that may depend on a choice
    "condition",
    "fixed",  # shown, not asked
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key (dotted inside nested mappings), how it is asked, what its absence means."""

    key: str
    kind: Kind
    required: bool = True
    options: str = ""
    default: object = None
    fields: tuple[Field, ...] = ()
    width: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the editor."""

    code: str
    fields: tuple[Field, ...]

    @property
    def listed(self) -> Field | None:
        """The list of this page whose items have pages of their own."""
        return next((field for field in self.fields if field.kind == "pages"), None)


COMMITTEES = ("cpdh", "cldh", "crdh", "cpde", "cn-indh")
TOLD = ("holder", "coach", "das")
CODE = Field("code", "line", width="m")

RULE = (
    Field("title", "words"),
    CODE,
    Field("check", "condition"),
    Field("when", "condition", required=False),
    Field("fails", "choice", options="fails", default="refuse"),
    Field("note", "words", required=False),
)
DOCUMENT = (
    Field("label", "words"),
    CODE,
    Field("required", "switch", default=True),
    Field("only_for", "checks", required=False, options="legal_form"),
    Field("help", "prose", required=False),
)
CRITERION = (
    Field("label", "words"),
    CODE,
    Field("section", "choice", required=False, options="section"),
    Field("weight", "number", width="s"),
    Field("floor", "number", required=False, width="s"),
    Field("feasibility", "switch", default=False),
    Field("help", "prose", required=False),
    Field("levels", "levels"),
)
GRID_SECTION = (CODE, Field("label", "words"))
SOURCE = (
    Field("name", "line"),
    Field("url", "line", required=False),
    Field("published_on", "day", required=False, width="s"),
)
CONSTRAINT = (
    Field("label", "words"),
    CODE,
    Field("among", "condition", required=False),
    Field("at_least", "line", required=False, width="m"),
    Field("at_most", "line", required=False, width="m"),
)
TRANCHE = (CODE, Field("share", "share", width="s"), Field("condition", "words"))
MILESTONE = (CODE, Field("after_months", "number", width="s"), Field("title", "words"))
REMINDER = (Field("days", "number", width="s"), Field("to", "checks", options="told"))

SECTIONS: tuple[Section, ...] = (
    Section("identity", (Field("title", "words"), Field("summary", "prose"),
                         Field("support", "prose", required=False), CODE)),
    Section("issuer", (
        Field("issuer.committee", "choice", options="committee"), Field("issuer.name", "words"),
        Field("issuer.territory", "words"), Field("province", "fixed"),
        Field("sources", "items", fields=SOURCE), Field("assumed", "lines", required=False),
    )),
    Section("dates", (Field("opens_at", "hour", width="m"), Field("closes_at", "hour", width="m"),
                      Field("reference_date", "day", width="m"))),
    Section("who", (
        Field("legal_forms", "checks", options="legal_form"),
        Field("youth_under", "number", default=35, width="s"),
        Field("communes", "checks", required=False, options="commune"),
    )),
    Section("sectors", (Field("sectors", "open", options="sector"),
                        Field("chains", "open", options="chain"))),
    Section("money", (
        Field("envelope", "money", width="m"), Field("caps.indh_amount", "amount", required=False),
        Field("caps.indh_minimum", "money", required=False, width="m"),
        Field("caps.indh_share", "share", required=False, width="m"),
        Field("caps.indh_share_of", "choice", options="share_of", default="budget.total"),
        Field("caps.own_share", "share", required=False, width="m"),
        Field("caps.own_cash_share", "share", required=False, width="m"),
        Field("caps.in_kind_share_of_own", "share", required=False, width="m"),
        Field("caps.studies_share", "share", required=False, width="m"),
        Field("caps.investment_only", "switch", default=False),
    )),
    Section("rules", (Field("rules", "pages", required=False, fields=RULE),)),
    Section("documents", (Field("documents", "pages", required=False, fields=DOCUMENT),)),
    Section("incomplete", (Field("incomplete.then", "choice", options="then"),
                           Field("incomplete.working_days", "number", required=False, width="s"))),
    Section("grid", (
        Field("grid.scale_max", "number", width="s"), Field("grid.pass_mark", "number", width="s"),
        Field("grid.evaluators_per_file", "number", width="s"),
        Field("grid.discordance", "number", default=20, width="s"),
        Field("grid.ranking", "choice", options="ranking", default="raw"),
        Field("grid.blind", "switch", default=False),
        Field("grid.sections", "items", required=False, fields=GRID_SECTION),
        Field("grid.criteria", "pages", fields=CRITERION), Field("grid.tie_break", "ranked", required=False),
    )),
    Section("viability", (
        Field("grid.viability", "choice", options="viability", default="after"),
        Field("finance.discount_rate", "share", required=False, width="s"),
        Field("finance.inflation", "share", required=False, width="s"),
    )),
    Section("selection", (
        Field("selection.method", "choice", options="selection", default="by_rank"),
        Field("selection.objective", "choice", options="objective", default="score"),
        Field("selection.minimum", "share", required=False, width="s"),
        Field("selection.constraints", "pages", required=False, fields=CONSTRAINT),
    )),
    Section("tranches", (Field("tranches", "items", fields=TRANCHE),)),
    Section("coaching", (Field("coaching.months", "number", width="s"),
                         Field("coaching.milestones", "items", fields=MILESTONE))),
    Section("reminders", (Field("coaching.reminders", "items", required=False, fields=REMINDER),)),
    Section("follow_up", (Field("follow_up.months", "numbers"),)),
    Section("appeal", (
        Field("appeal_days", "number", width="s"),
        Field("following.decision_days", "number", required=False, width="s"),
        Field("following.settlement_days", "number", required=False, width="s"),
        Field("following.convention_days", "number", required=False, width="s"),
        Field("following.promotion", "choice", options="promotion", default="in_order"),
    )),
)  # fmt: skip

BY_CODE = {section.code: section for section in SECTIONS}
_OF_KEY = {field.key: section.code for section in SECTIONS for field in section.fields}


def section_of(path: tuple[str, ...]) -> str:
    """The page that asks for what stands at this path of the file; the text's when none does."""
    for length in range(len(path), 0, -1):
        key = ".".join(path[:length])
        if key in _OF_KEY:
            return _OF_KEY[key]
    return next((code for key, code in _OF_KEY.items() if path and key.split(".")[0] == path[0]), "text")


def label_of(owner: Field | None, field: Field) -> str:
    """The code of a field's name; those of a list's items say of which list."""
    return f"edit.{owner.key}.{field.key}" if owner else f"edit.{field.key}"


def _labels() -> Iterator[str]:
    for section in SECTIONS:
        yield from (f"edit.section.{section.code}", f"edit.section.{section.code}.sub")
        for field in section.fields:
            yield label_of(None, field)
            yield from (label_of(field, item) for item in field.fields)
            yield from [f"edit.{field.key}.one"] if field.kind in ("items", "pages") else []


CHOICES: dict[str, tuple[str, ...]] = {
    "committee": COMMITTEES,
    "told": TOLD,
    "fails": ("refuse", "warn"),
    "then": ("refuse", "one_request"),
    "ranking": ("raw", "corrected"),
    "viability": ("at_once", "after"),
    "selection": ("by_rank", "portfolio"),
    "objective": ("score", "jobs", "jobs_women", "jobs_youth", "income"),
    "promotion": ("in_order", "first_that_fits"),
    "share_of": ("budget.total", "budget.investment"),
}
"""Options whose words are `edit.option.<name>.<code>`."""
HINTED = (
    "code", "support", "assumed", "reference_date", "opens_at", "youth_under", "communes", "caps.indh_amount",
    "caps.indh_share", "caps.studies_share", "grid.tie_break", "follow_up.months", "rules.when", "rules.note",
    "documents.only_for", "grid.criteria.floor", "grid.criteria.feasibility", "grid.discordance",
    "grid.sections", "grid.criteria.section", "grid.ranking", "grid.blind", "grid.viability",
    "finance.discount_rate", "finance.inflation",
    "coaching.reminders.days", "coaching.milestones.after_months", "incomplete.working_days",
    "grid.pass_mark", "closes_at", "selection.method", "selection.minimum", "selection.constraints.among",
    "selection.constraints.at_least", "following.convention_days", "following.promotion",
    "following.decision_days", "following.settlement_days",
)  # fmt: skip
"""Fields that need a line under their name: `edit.<key>.hint`."""


@codes
def edit_codes() -> Iterable[str]:
    """Names of the pages, of the fields and of their options."""
    yield from dict.fromkeys(_labels())
    yield from (f"edit.option.{name}.{code}" for name, listed in CHOICES.items() for code in listed)
    yield from (f"edit.option.open.{word}" for word in ("any", "priority", "listed"))
    yield from (f"edit.{key}.hint" for key in HINTED)
