"""The study of a plan over JSON: codes and numbers, each with its words in the reader's language."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from ..viability import Study, words
from ..viability.figures import Input
from ..viability.tables import cash_line, cash_table, costs, tornado
from .viability import Studied
from .viability_shown import figure, said

if TYPE_CHECKING:  # numpy is loaded when something is drawn
    from ..viability.histogram import Histogram
    from ..viability.montecarlo import Simulation

Field_ = Annotated[str, Field(description="Where it is in the dossier: `plan.products.0.price_centimes`.")]


class FaultOut(BaseModel):
    """What is wrong with a field; a `note` does not prevent the study."""

    code: str
    field: Field_
    note: bool
    text: str


class AssumptionOut(BaseModel):
    """A value that nobody typed, in the unit of its field."""

    code: str
    field: Field_
    value: int
    text: str


class SentenceOut(BaseModel):
    """What to know, the most serious first: `serious`, `attention` or `good`; advice points at fields."""

    code: str
    severity: str
    text: str
    advice: str
    fields: list[str]


class InputOut(BaseModel):
    """A number that a figure was computed from."""

    key: str
    value: float
    unit: str
    year: int | None


class FigureOut(BaseModel):
    """A figure, or why it has no value. Money in centimes; rates of one a year; `bp` hundredths of a percent.

    `values` holds all the rates of return when there are several; month 0 is the start.
    """

    key: str
    year: int | None
    name: str
    value: float | None
    values: list[float]
    unit: str
    written: str
    reason: str | None
    reason_text: str
    formula: str
    inputs: list[InputOut]
    fields: list[str]


class ColumnOut(BaseModel):
    """The start, a month (with its calendar month) or a year."""

    kind: str
    number: int
    month: int | None


class RowOut(BaseModel):
    """A line of the cash table, in centimes by column; what is paid is below zero."""

    code: str
    amounts_centimes: list[int]


class CashOut(BaseModel):
    """Cash at each month's end, 0 being the start, with and without the grant."""

    with_grant_centimes: list[int]
    without_grant_centimes: list[int]
    lowest_centimes: int
    lowest_month: int


class BarOut(BaseModel):
    """A bar in centimes: `change` from the plan in centimes for a shock, share in bp for a cost."""

    code: str
    amount_centimes: int
    change: int


class HistogramOut(BaseModel):
    """`counts[i]` draws from `first_centimes + i × step_centimes` (included) to the next bound."""

    first_centimes: int
    step_centimes: int
    counts: list[int]


class SimulationOut(BaseModel):
    """What the draws gave, with the grant; shares of one, percentiles as [percent, centimes]."""

    draws: int
    seed: int
    solvent: float
    gaining: float
    npv_centimes: list[tuple[int, int]]
    lowest_centimes: list[tuple[int, int]]
    npv_histogram: HistogramOut
    lowest_histogram: HistogramOut


class StudyOut(BaseModel):
    """All that follows from a plan."""

    sentences: list[SentenceOut]
    figures: list[FigureOut]
    columns: list[ColumnOut]
    rows: list[RowOut]
    cash: CashOut
    tornado: list[BarOut]
    costs: list[BarOut]
    simulation: SimulationOut | None


class ViabilityOut(BaseModel):
    """The study of a business plan; `study` is null while something is `missing` or wrong."""

    missing: list[str]
    faults: list[FaultOut]
    assumptions: list[AssumptionOut]
    study: StudyOut | None


def out(found: Studied, lang: str) -> ViabilityOut:
    """The study as JSON, its words in a language."""
    reading = found.reading
    return ViabilityOut(
        missing=list(reading.missing),
        faults=[
            FaultOut(code=one.code, field=one.field, note=one.note, text=words.fault(one, lang))
            for one in reading.faults
        ],
        assumptions=[
            AssumptionOut(code=one.code, field=one.field, value=one.value, text=words.assumption(one, lang))
            for one in reading.assumptions
        ],
        study=_study(found, found.study, lang) if found.study else None,
    )


def _study(found: Studied, study: Study, lang: str) -> StudyOut:
    table, line, drawn = cash_table(study), cash_line(study), study.simulation
    return StudyOut(
        sentences=[
            SentenceOut.model_validate(said(one, found, lang), from_attributes=True)
            for one in found.sentences
        ],
        figures=_figures(study, lang),
        columns=[ColumnOut(kind=one.kind, number=one.number, month=one.month) for one in table.columns],
        rows=[RowOut(code=row.code, amounts_centimes=list(row.amounts)) for row in table.rows],
        cash=CashOut(
            with_grant_centimes=list(line.cash),
            without_grant_centimes=list(line.cash_without),
            lowest_centimes=line.lowest,
            lowest_month=line.lowest_month,
        ),
        tornado=_bars(tornado(study)),
        costs=_bars(costs(study)),
        simulation=_simulation(drawn) if drawn else None,
    )


def _simulation(drawn: "Simulation") -> SimulationOut:
    return SimulationOut(
        draws=drawn.draws,
        seed=drawn.seed,
        solvent=drawn.solvent,
        gaining=drawn.gaining,
        npv_centimes=list(drawn.npv),
        lowest_centimes=list(drawn.lowest),
        npv_histogram=_histogram(drawn.npv_bars),
        lowest_histogram=_histogram(drawn.lowest_bars),
    )


def _histogram(bars: "Histogram") -> HistogramOut:
    return HistogramOut(first_centimes=bars.first, step_centimes=bars.step, counts=list(bars.counts))


def _figures(study: Study, lang: str) -> list[FigureOut]:
    found = []
    for one in study.figures:
        shown = figure(one, study, lang)
        found.append(
            FigureOut(
                key=one.key,
                year=one.year,
                name=shown.name,
                value=one.value,
                values=list(one.values),
                unit=one.unit,
                written=shown.value,
                reason=one.reason,
                reason_text=shown.reason,
                formula=shown.formula,
                inputs=[_input(each) for each in one.inputs],
                fields=list(shown.fields),
            )
        )
    return found


def _input(one: Input) -> InputOut:
    return InputOut(key=one.key, value=one.value, unit=one.unit, year=one.year)


def _bars(bars: Any) -> list[BarOut]:
    return [BarOut(code=one.code, amount_centimes=one.amount, change=one.change) for one in bars]
