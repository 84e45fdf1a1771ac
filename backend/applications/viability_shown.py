"""The study of a plan as pages and the API say it: words of a language, tables, places of the drawings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.i18n import label
from ..viability import words
from ..viability.figures import Figure
from ..viability.plan import YEARS, Fault
from ..viability.sentences import SEVERITIES, Sentence, Severity
from ..viability.study import Study
from ..viability.tables import BALANCES, CASH_ROWS, Table, cash_table, costs
from .viability import Studied
from .viability_drawn import cash_drawn, draws_drawn, money_words, number_words, tornado_drawn
from .viability_inputs import answers, singles

FEW = 3
"""Sentences of the panel beside a section."""


@dataclass(frozen=True)
class Said:
    """A sentence, where to look if something can be done, and the fields that it is about."""

    code: str
    severity: Severity
    text: str
    advice: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A figure: its name, how it is computed, from what, from which fields; or why it has no value."""

    key: str
    year: int | None
    name: str
    value: str
    reason: str
    formula: str
    inputs: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Yearly:
    """A figure told by year: a value or a reason for each, and its inputs as rows of the five years."""

    key: str
    name: str
    formula: str
    values: tuple[str, ...]
    reasons: tuple[str, ...]
    inputs: tuple[tuple[str, tuple[str, ...]], ...]
    fields: tuple[str, ...]
    worst: tuple[int, str] | None = None
    """The year of the lowest value and that value, where a low one is a danger: shown on the closed line."""


@dataclass(frozen=True)
class Grid:
    """A table in words: heads of its columns, then rows of a name and its cells; `balances` come last."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    balances: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class Page:
    """All that a page of viability shows."""

    verdict: str
    told: Sequence[Said]
    missing: Sequence[str]
    faults: Sequence[tuple[str, str]]
    notes: Sequence[tuple[str, str]]
    assumed: Sequence[tuple[str, str]]
    standing: Sequence[str]
    figures: Sequence[Shown] = ()
    yearly: Sequence[Yearly] = ()
    years: Grid | None = None
    months: Sequence[Grid] = ()
    cash: Mapping[str, Any] = field(default_factory=dict)
    tornado: Mapping[str, Any] = field(default_factory=dict)
    draws: Mapping[str, Any] | None = None
    costs: Sequence[Mapping[str, Any]] = ()
    answer: Callable[[str], str] = str
    singles: Sequence[str] = ()


def page(found: Studied, lang: str) -> Page:
    """The whole page; without figures while something is missing."""
    shown = panel(found, lang)
    one = found.study
    if one is None:
        return shown
    told = [said(sentence, found, lang) for sentence in found.sentences]
    shown.told = sorted(told, key=lambda one: SEVERITIES.index(one.severity))
    shown.answer, shown.singles = answers(found, lang), singles(found.content)
    shown.figures = [figure(each, one, lang) for each in one.figures if each.year is None]
    shown.yearly = yearly(one, lang)
    table = cash_table(one)
    shown.years = _grid(_by_year(table, one), lang)
    shown.months = [_grid(_columns(table, first, last), lang) for first, last in ((0, 13), (13, 25))]
    shown.cash, shown.tornado = cash_drawn(one, lang), tornado_drawn(one, lang)
    shown.draws = draws_drawn(one.simulation, lang) if one.simulation else None
    shown.costs = [
        {
            "label": label(lang, f"viability.row.{bar.code}"),
            "value": bar.amount,
            "text": f"{money_words(bar.amount, lang)} · {words.value(lang, 'share', bar.change / 10_000, 1)}",
        }
        for bar in costs(one)
    ]
    return shown


def panel(found: Studied, lang: str) -> Page:
    """What fits beside a form: the few sentences that matter most, what is missing, what is wrong."""
    reading = found.reading
    return Page(
        verdict=verdict(found.sentences) if found.study else "missing",
        told=[said(sentence, found, lang) for sentence in found.sentences[:FEW]],
        missing=reading.missing,
        faults=_faults((one for one in reading.faults if not one.note), lang),
        notes=_faults((one for one in reading.faults if one.note), lang),
        assumed=[(words.assumption(one, lang), one.field) for one in reading.assumptions],
        standing=[label(lang, f"viability.assumption.{code}") for code in words.STANDING],
    )


def verdict(sentences: Iterable[Sentence]) -> str:
    """The worst that the plan's own numbers say; draws alone, whose spreads are ours, do not condemn it."""
    known = {one.severity for one in sentences if one.code != "draws"}
    if "serious" in known:
        return "serious"
    drawn = {one.severity for one in sentences if one.code == "draws"} - {"good"}
    return "attention" if drawn or "attention" in known else "good"


def said(one: Sentence, found: Studied, lang: str) -> Said:
    """A sentence in words; of the fields that repeat, the first product's or line's stands for all."""
    assert found.study
    first: dict[str, str] = {}
    for path in found.study.fields(one):
        head = ".".join(part for part in path.split(".") if not part.isdigit())
        first.setdefault(head, path)
    drawn = one.code == "draws" and one.severity == "serious"  # see `verdict`
    return Said(
        one.code,
        "attention" if drawn else one.severity,
        words.say(one, lang, found.start_month),
        words.advise(one, lang),
        tuple(first.values()),
    )


def _faults(faults: Iterable[Fault], lang: str) -> list[tuple[str, str]]:
    return [(words.fault(one, lang), one.field) for one in faults]


def figure(one: Figure, study: Study, lang: str) -> Shown:
    """A figure in words, with its inputs."""
    name, formula, reason = words.figure(one, lang)
    start = study.plan.terms.start_month
    inputs = tuple(
        (_input(each.key, each.year, lang), words.written(each.value, each.unit, lang, start))
        for each in one.inputs
    )
    return Shown(
        one.key, one.year, name, _value(one, study, lang), reason, formula, inputs, study.fields(one)
    )


def _value(one: Figure, study: Study, lang: str) -> str:
    """The value in its unit; all of them when there are several; nothing when there is none."""
    if one.value is not None:
        return words.written(one.value, one.unit, lang, study.plan.terms.start_month)
    return words.value(lang, "rates", one.values, 1) if one.values else ""


def _input(key: str, year: int | None, lang: str) -> str:
    """`Flux, 2e année`; year 0 is the start."""
    name = label(lang, f"viability.input.{key}")
    if year is None:
        return name
    when = label(lang, "viability.column.start")
    if year:
        when = label(lang, "viability.column.year", year=label(lang, f"viability.year.{year}"))
    return f"{name}{'، ' if lang == 'ar' else ', '}{when}"


def yearly(study: Study, lang: str) -> list[Yearly]:
    """The figures told by year, each once."""
    keys = dict.fromkeys(one.key for one in study.figures if one.year)
    start = study.plan.terms.start_month
    found = []
    for key in keys:
        ones = [study.figure(key, number) for number in range(1, YEARS + 1)]
        name, formula, _ = words.figure(ones[0], lang)
        inputs = tuple(
            (
                label(lang, f"viability.input.{each.key}"),
                tuple(words.written(one.inputs[place].value, each.unit, lang, start) for one in ones),
            )
            for place, each in enumerate(ones[0].inputs)
        )
        found.append(
            Yearly(
                key,
                name,
                formula,
                tuple(_value(one, study, lang) for one in ones),
                tuple(words.figure(one, lang)[2] for one in ones),
                inputs,
                study.fields(ones[0]),
                _worst(ones, study, lang) if key == "dscr" else None,
            )
        )
    return found


def _worst(ones: Sequence[Figure], study: Study, lang: str) -> tuple[int, str] | None:
    known = [(one.value, number) for number, one in enumerate(ones, 1) if one.value is not None]
    if not known:
        return None
    number = min(known)[1]
    return number, _value(ones[number - 1], study, lang)


def _by_year(table: Table, study: Study) -> Table:
    """The cash table with its months summed by year; what stands at a month's end, at the year's end."""
    base = study.base
    columns = (table.columns[0], *(type(table.columns[0])("year", year) for year in range(1, YEARS + 1)))
    rows = []
    for row in table.rows:
        by_year: tuple[int, ...]
        if row.code in BALANCES:
            amounts = getattr(base, row.code)
            by_year = tuple(amounts[12 * year] for year in range(YEARS + 1))
        else:
            first, second = sum(row.amounts[1:13]), sum(row.amounts[13:25])
            by_year = (row.amounts[0], first, second, *row.amounts[25:])
        rows.append(type(row)(row.code, by_year))
    return Table(columns, tuple(rows))


def _columns(table: Table, first: int, last: int) -> Table:
    """Some of its columns: a year of months is what a sheet of paper holds."""
    rows = (type(row)(row.code, row.amounts[first:last]) for row in table.rows)
    return Table(table.columns[first:last], tuple(rows))


def _grid(table: Table, lang: str) -> Grid:
    """Whole dirhams; a line that is nil in every column says nothing and is left out."""
    rows = {row.code: tuple(_whole(amount, lang) for amount in row.amounts) for row in table.rows}
    nil = {row.code for row in table.rows if not any(row.amounts)}
    named = {code: (label(lang, f"viability.row.{code}"), cells) for code, cells in rows.items()}
    return Grid(
        tuple(words.column(one, lang) for one in table.columns),
        tuple(named[code] for code in CASH_ROWS if code not in nil),
        tuple(named[code] for code in BALANCES),
    )


def _whole(centimes: int, lang: str) -> str:
    return number_words(centimes / 100, lang, 0) if centimes else "0"
