"""The call file: everything that a call for projects says, as data. See docs/call-file.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from backend.calls.callfile.types import (
    Chains,
    Day,
    Hour,
    LegalForm,
    LimitText,
    Money,
    MoneyAmount,
    ProvinceCode,
    Sectors,
    Share,
    Url,
)
from backend.calls.rules.facts import FactValue
from backend.calls.rules.model import Code, Condition, Localized, Rule, Strict, Text

Committee = Literal["cpdh", "cldh", "crdh", "cpde", "cn-indh"]
Told = Literal["holder", "coach", "das"]


class Source(Strict):
    """Where the call was published: a name, and an address or a date when known."""

    name: Text
    url: Url | None = None
    published_on: Day | None = None


class Issuer(Strict):
    """The committee that opens the call, and the territory in words (« la préfecture d'Agadir … »)."""

    committee: Committee
    name: Localized
    territory: Localized


class Caps(Strict):
    """Limits of money. Each becomes a rule with a reserved code (see `standard.rules_of`)."""

    indh_amount: MoneyAmount | None = None
    indh_share: Share | None = None
    indh_share_of: Literal["budget.investment", "budget.total"] = "budget.total"
    indh_minimum: Money | None = None
    own_share: Share | None = None
    own_cash_share: Share | None = None
    in_kind_share_of_own: Share | None = None
    studies_share: Share | None = None
    investment_only: bool = False


class Document(Strict):
    """A paper of the file; `only_for` limits it to some legal forms."""

    code: Code
    label: Localized
    required: bool = True
    only_for: tuple[LegalForm, ...] = ()
    help: Localized | None = None

    def asked_of(self, legal_form: str) -> bool:
        """Whether an applicant of this legal form is asked for it."""
        return not self.only_for or legal_form in self.only_for


class Incomplete(Strict):
    """What happens to an incomplete file: refused, or one completion request with a deadline."""

    then: Literal["refuse", "one_request"]
    working_days: Annotated[int, Field(ge=1, le=60)] | None = None


class GridSection(Strict):
    """A heading of the grid: what its criteria judge together, and are summed by."""

    code: Code
    label: Localized


class Criterion(Strict):
    """A criterion of the grid; `levels` describe each mark from 0 up, `floor` is a minimum mark.

    It stands under its `section` where the grid has some. One of `feasibility` is about what the financial
    model computes: see `Grid.viability`.
    """

    code: Code
    label: Localized
    section: Code | None = None
    weight: Annotated[int, Field(ge=1, le=100)]
    help: Localized | None = None
    floor: Annotated[int, Field(ge=0, le=20)] | None = None
    feasibility: bool = False
    levels: tuple[Localized, ...]


class Grid(Strict):
    """How files are scored: weights add up to 100, the mark of a file is out of 100.

    Reviews of a file further apart than `discordance` points are flagged. `ranking` is by the mean of the
    marks or by scores corrected for each evaluator's severity. The financial model is shown to an evaluator
    `at_once`, or `after` she has marked the criteria of feasibility herself. Evaluators of a `blind` panel
    are not told whose file they judge; those of an open one are, and see their colleagues' marks once they
    have signed their own.
    """

    scale_max: Annotated[int, Field(ge=1, le=20)]
    pass_mark: Annotated[int, Field(ge=0, le=100)]
    evaluators_per_file: Annotated[int, Field(ge=1, le=10)]
    sections: Annotated[tuple[GridSection, ...], Field(max_length=12)] | None = None
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=30)]
    tie_break: tuple[Code, ...] = ()
    discordance: Annotated[int, Field(ge=1, le=100)] = 20
    ranking: Literal["raw", "corrected"] = "raw"
    viability: Literal["at_once", "after"] = "after"
    blind: bool = False

    @property
    def panel(self) -> Literal["blind", "open"]:
        """What its evaluators know of who files, as `call.panel.<code>` says it."""
        return "blind" if self.blind else "open"

    @property
    def parts(self) -> tuple[GridPart, ...]:
        """The criteria under their sections, in the order of these; all under none where it has none."""
        return tuple(
            GridPart(one, tuple(c for c in self.criteria if c.section == (one.code if one else None)))
            for one in self.sections or (None,)
        )


class GridPart(NamedTuple):
    """A section of the grid (none in a grid without) and its criteria."""

    section: GridSection | None
    criteria: tuple[Criterion, ...]

    @property
    def weight(self) -> int:
        """What its criteria weigh together, of 100."""
        return sum(one.weight for one in self.criteria)


class Finance(Strict):
    """Yearly rates by which business plans are studied; what is left out is assumed, and said."""

    discount_rate: Share | None = None
    inflation: Share | None = None


class Constraint(Strict):
    """A floor or a ceiling on the projects `among` which a condition holds; on all of them without one."""

    code: Code
    label: Localized
    among: Condition | None = None
    at_least: LimitText | None = None
    at_most: LimitText | None = None


class Selection(Strict):
    """How the money is shared out: strictly by rank, or to the best set of projects under constraints.

    Amounts are granted in full, or from `minimum` (a share of what is asked) up.
    """

    method: Literal["by_rank", "portfolio"] = "by_rank"
    objective: Literal["score", "jobs", "jobs_women", "jobs_youth", "income"] = "score"
    minimum: Share | None = None
    constraints: Annotated[tuple[Constraint, ...], Field(max_length=30)] = ()


class Tranche(Strict):
    """A part of the grant, and what must be shown for it to be paid."""

    code: Code
    share: Share
    condition: Localized


class Milestone(Strict):
    """A dated step of coaching, in whole months after the signature of the convention."""

    code: Code
    title: Localized
    after_months: Annotated[int, Field(ge=0, le=120)]


class Reminder(Strict):
    """Days before (negative) or after a due date, and who is told."""

    days: Annotated[int, Field(ge=-365, le=365)]
    to: Annotated[tuple[Told, ...], Field(min_length=1)]


class Coaching(Strict):
    """Accompaniment after funding."""

    months: Annotated[int, Field(ge=1, le=120)]
    milestones: Annotated[tuple[Milestone, ...], Field(min_length=1, max_length=60)]
    reminders: Annotated[tuple[Reminder, ...], Field(max_length=30)] = ()


class FollowUp(Strict):
    """Durability waves, in months after the signature of the convention."""

    months: Annotated[tuple[Annotated[int, Field(ge=1, le=240)], ...], Field(min_length=1, max_length=20)]


class Following(Strict):
    """After the decisions: a convention is signed within `convention_days`, else the grant lapses.

    Freed money goes to the waiting list: `in_order` strictly, or to the `first_that_fits` what is left.
    A complete dossier is answered within `decision_days` (the law's sixty when it says nothing, never more),
    an appeal is settled within `settlement_days` (thirty when it says nothing). All are calendar days.
    """

    convention_days: Annotated[int, Field(ge=1, le=365)] | None = None
    promotion: Literal["in_order", "first_that_fits"] = "in_order"
    decision_days: Annotated[int, Field(ge=1, le=60)] | None = None
    settlement_days: Annotated[int, Field(ge=1, le=60)] | None = None


class CallFile(Strict):
    """A call for projects. Amounts are centimes, hours aware UTC datetimes, shares exact fractions."""

    format: Literal[1]
    code: Code
    province: ProvinceCode
    issuer: Issuer
    title: Localized
    summary: Localized
    support: Localized | None = None
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=50)]
    assumed: tuple[Text, ...] = ()
    opens_at: Hour
    closes_at: Hour
    reference_date: Day
    youth_under: Annotated[int, Field(ge=16, le=100)] = 35
    envelope: Money
    legal_forms: Annotated[tuple[LegalForm, ...], Field(min_length=1)]
    sectors: Sectors
    chains: Chains
    communes: tuple[Text, ...] = ()
    caps: Caps
    rules: Annotated[tuple[Rule, ...], Field(max_length=100)] = ()
    documents: Annotated[tuple[Document, ...], Field(max_length=60)] = ()
    incomplete: Incomplete
    grid: Grid
    finance: Finance = Finance()
    selection: Selection | None = None
    following: Following | None = None
    tranches: Annotated[tuple[Tranche, ...], Field(min_length=1, max_length=12)]
    coaching: Coaching
    follow_up: FollowUp
    appeal_days: Annotated[int, Field(ge=1, le=180)]

    def every_rule(self) -> tuple[Rule, ...]:
        """The rules that fields of the call stand for (forms, territory, caps …), then those written."""
        from backend.calls.callfile.standard import rules_of

        return (*rules_of(self), *self.rules)

    def facts(self) -> dict[str, FactValue | None]:
        """The call.* facts, to be merged with those of an application."""
        from backend.core.calendar import local

        opens: date = local(self.opens_at).date()
        return {
            "call.province": self.province,
            "call.opens_on": opens,
            "call.closes_on": local(self.closes_at).date(),
            "call.reference_date": self.reference_date,
            "call.envelope": self.envelope,
        }

    def required_documents(self, legal_form: str) -> frozenset[str]:
        """Codes of the papers without which the file of this legal form is incomplete."""
        return frozenset(one.code for one in self.documents if one.required and one.asked_of(legal_form))

    def namer(self, vocabulary: str, code: str, lang: str) -> str | None:
        """Names that this call gives to codes: its documents, and its rules where one asks for another."""
        if vocabulary == "document":
            return next((one.label[lang] for one in self.documents if one.code == code), None)
        if vocabulary == "rule":
            return next((one.title[lang] for one in self.every_rule() if one.code == code), None)
        return None

    def as_json(self) -> dict[str, object]:
        """Plain data that `from_json` reads back to an equal call: what a frozen version stores."""
        return self.model_dump(mode="json", exclude_none=True)
