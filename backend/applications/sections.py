"""The sections of a dossier as they are kept. See `schemas.SECTIONS` for what reaches the edges.

Drafts may be partial: every field may be missing, none may be malformed. What is still missing is told by
`completeness`. Amounts are integer centimes, shares are in hundredths of a percent. What follows from other
fields (a line's amount, the partners' total, the young among the jobs) is computed here, for every reader.
A row of a list that says nothing keeps its place, so that the places of the others never move.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from ..calls.rules import vocabulary
from ..core.i18n import codes
from ..core.shapes import MAX_CENTIMES, Centimes, In

MAX_LINES = 50
MAX_PARTNERS = 20
MAX_PRODUCTS = 20
MONTHS = range(1, 13)
"""January to December, as months are numbered and as `month.<n>` names them."""
DECLARATIONS = ("accurate", "no_double_funding", "personal_data")
"""The sworn statements of every dossier; a call's own papers to sign are documents."""


@codes
def _months() -> list[str]:
    return [f"month.{month}" for month in MONTHS]


_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """Without the marks that reorder what others read; control characters are refused."""
    if _CONTROL.search(text):
        raise PydanticCustomError("control_characters", "control characters are not text")
    return _BIDI.sub("", text.replace("\r\n", "\n")).strip()


def _known(name: str) -> AfterValidator:
    """A code of a closed vocabulary of the calls' facts."""

    def check(code: str) -> str:
        if code not in (vocabulary.known(name) or ()):
            raise PydanticCustomError("unknown_code", "unknown code")
        return code

    return AfterValidator(check)


def _commune(code: str) -> str:
    if vocabulary.name("commune", code, "fr") == code:
        raise PydanticCustomError("unknown_code", "unknown commune")
    return code


def _share(hundredths: int) -> int:
    if hundredths > 10_000:
        raise PydanticCustomError("percent_too_high", "more than the whole")
    return hundredths


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("check_day", "no day") from None
    if not 1900 <= day.year <= 2100:
        raise PydanticCustomError("check_day", "no day of our time")
    return day.isoformat()


Line40 = Annotated[str, Field(max_length=40), AfterValidator(clean)]
Line120 = Annotated[str, Field(max_length=120), AfterValidator(clean)]
Title = Annotated[str, Field(max_length=200), AfterValidator(clean)]
Prose = Annotated[str, Field(max_length=4000), AfterValidator(clean)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]
Months = Annotated[int, Field(strict=True, ge=1, le=360)]
Percent = Annotated[
    int,
    Field(strict=True, ge=0, description="Hundredths of a percent: 525 is 5.25 %."),
    AfterValidator(_share),
]
SeasonShare = Annotated[
    int, Field(strict=True, ge=0, le=1000, description="Percent of a normal month's sales: 100 is normal.")
]
Day = Annotated[str, Field(max_length=10, description="A day, as `2021-03-15`."), AfterValidator(_day)]
YesNo = Literal["yes", "no"]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class ProjectSection(In):
    """What the holder wants to do, and in which chain."""

    title: Title | None = None
    summary: Prose | None = None
    sector: Annotated[str, Field(max_length=40), _known("sector")] | None = None
    chain: Annotated[str, Field(max_length=40), _known("chain")] | None = None


class LocationSection(In):
    """Where: `none` means that there are no premises yet."""

    commune: Annotated[str, Field(max_length=16), AfterValidator(_commune)] | None = None
    premises: Literal["owned", "rented", "lent", "none"] | None = None
    address: Title | None = None


class BudgetLine(In):
    """One thing to be paid for. A unit price makes its amount, times the quantity if there is one.

    `life_years`: how long it serves; `salvage_centimes`: its worth then: for the study of viability.
    """

    label: Line120 | None = None
    kind: Literal["investment", "studies", "running"] | None = None
    quantity: Quantity | None = None
    unit_price_centimes: Centimes | None = None
    amount_centimes: Centimes | None = None
    supplier: Line120 | None = None
    quote: Line120 | None = None
    life_years: Annotated[int, Field(strict=True, ge=1, le=50)] | None = None
    salvage_centimes: Centimes | None = None

    @model_validator(mode="after")
    def _multiplied(self) -> "BudgetLine":
        if self.unit_price_centimes is not None:
            amount = self.unit_price_centimes * (self.quantity or 1)
            if amount > MAX_CENTIMES:
                raise PydanticCustomError("money_too_large", "more than any project costs")
            self.amount_centimes = amount
        return self


class BudgetSection(In):
    """What the project costs, line by line."""

    lines: Annotated[list[BudgetLine], Field(max_length=MAX_LINES, default_factory=list)]


class Partner(In):
    """Somebody who gives money to the project, and how much."""

    name: Line120 | None = None
    amount_centimes: Centimes | None = None


class FinancingSection(In):
    """Who pays. What is left out of partners and loan counts as nothing.

    `loan_grace_months`: of the loan's months, the first ones in which only interest is paid.

    `partners_centimes` is the partners' sum once they are named.
    """

    indh_centimes: Centimes | None = None
    own_cash_centimes: Centimes | None = None
    own_in_kind_centimes: Centimes | None = None
    in_kind_note: Title | None = None
    partners: Annotated[list[Partner], Field(max_length=MAX_PARTNERS)] | None = None
    partners_centimes: Centimes | None = None
    loan_centimes: Centimes | None = None
    loan_rate_bp: Percent | None = None
    loan_months: Months | None = None
    loan_grace_months: Annotated[int, Field(strict=True, ge=0, le=359)] | None = None

    @model_validator(mode="after")
    def _summed(self) -> "FinancingSection":
        if self.partners is not None and any(one.amount_centimes is not None for one in self.partners):
            total = sum(one.amount_centimes or 0 for one in self.partners)
            if total > MAX_CENTIMES:
                raise PydanticCustomError("money_too_large", "more than any project costs")
            self.partners_centimes = total
        return self


class Product(In):
    """What is sold in a month of the first year, at what price, and what one unit costs to make.

    `season`: what is sold in January … December, in percent of a normal month; a month not said yet is null.
    `ramp_months`: months before sales are normal; `growth_bp`: growth a year from the second year.
    """

    name: Line120 | None = None
    unit: Line40 | None = None
    price_centimes: Centimes | None = None
    monthly_quantity: Quantity | None = None
    variable_cost_centimes: Centimes | None = None
    season: Annotated[list[SeasonShare | None], Field(max_length=12)] | None = None
    ramp_months: Annotated[int, Field(strict=True, ge=0, le=24)] | None = None
    growth_bp: Percent | None = None

    @model_validator(mode="after")
    def _all_year(self) -> "Product":
        """Without any month it sells alike all the year; months not reached yet are not said."""
        if self.season is not None:
            said = any(share is not None for share in self.season)
            self.season = [*self.season, *[None] * (12 - len(self.season))] if said else None
        return self


class PlanSection(In):
    """What the business plan starts from: sales, costs of a month, days of payments, its first month."""

    products: Annotated[list[Product], Field(max_length=MAX_PRODUCTS)] | None = None
    fixed_centimes: Centimes | None = None
    wages_centimes: Centimes | None = None
    customers_days: Days | None = None
    suppliers_days: Days | None = None
    stock_days: Days | None = None
    start_month: Annotated[int, Field(strict=True, ge=1, le=12)] | None = None


class ResultsSection(In):
    """What is expected: jobs by sex, how many of each are young, the income of one worker in a month.

    `jobs_youth` is the sum of the young women and men once both are said.
    """

    jobs_women: Count | None = None
    jobs_women_youth: Count | None = None
    jobs_men: Count | None = None
    jobs_men_youth: Count | None = None
    jobs_youth: Count | None = None
    income_centimes: Centimes | None = None

    @model_validator(mode="after")
    def _young(self) -> "ResultsSection":
        if self.jobs_women_youth is not None and self.jobs_men_youth is not None:
            self.jobs_youth = self.jobs_women_youth + self.jobs_men_youth
        return self


class ProvidedDocument(In):
    """A paper of the call: a file that was sent, or `paper` handed in at the counter.

    `handed_on` is when it was handed in anew, to a dossier that was to be completed. A `reference` without
    any is from before files could be sent: the holder says that she has it.
    """

    code: Code
    file: UUID | None = None
    name: Title | None = None
    size: Annotated[int, Field(ge=0)] | None = None
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    media_type: Annotated[str, Field(max_length=100)] | None = None
    paper: Literal[True] | None = None
    handed_on: date | None = None
    reference: Title | None = None


class DocumentsSection(In):
    """Which papers of the call are provided, a line a file. Kept by `documents`, never typed."""

    provided: Annotated[list[ProvidedDocument], Field(max_length=100, default_factory=list)]


class DeclarationsSection(In):
    """The sworn statements that the holder accepts, and what she declares where the call asks (`declared`).

    `families`: how many the members belong to; `times_financed`: by the INDH, before.
    """

    accepted: Annotated[
        list[Literal["accurate", "no_double_funding", "personal_data"]],
        Field(max_length=10, default_factory=list),
    ]
    born_on: Day | None = None
    other_job: YesNo | None = None
    active: YesNo | None = None
    active_since: Day | None = None
    financed_before: YesNo | None = None
    times_financed: Count | None = None
    one_family: YesNo | None = None
    families: Count | None = None


SECTIONS: dict[str, type[In]] = {
    "project": ProjectSection,
    "location": LocationSection,
    "budget": BudgetSection,
    "financing": FinancingSection,
    "plan": PlanSection,
    "results": ResultsSection,
    "documents": DocumentsSection,
    "declarations": DeclarationsSection,
}
WRITTEN = {name: schema for name, schema in SECTIONS.items() if name != "documents"}
"""The sections that are typed and saved whole; papers are attached and removed one by one."""
ROWS: dict[str, type[In]] = {"lines": BudgetLine, "partners": Partner, "products": Product}
"""The lists whose rows are typed field by field, by the name of their field."""
MOST_ROWS = {"lines": MAX_LINES, "partners": MAX_PARTNERS, "products": MAX_PRODUCTS}


def filled(rows: Any) -> list[dict[str, Any]]:
    """The rows of a list that say something."""
    return [row for row in rows or () if any(value not in (None, "") for value in row.values())]
