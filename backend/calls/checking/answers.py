"""Reading answers: as they are typed into the page, as a program sends them. Each fault has its fact."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from backend.core.errors import INVALID, FieldError
from backend.core.i18n import codes
from backend.core.money import MAX_CENTIMES, MoneyError, parse_money

from ..rules.facts import FactValue, Kind
from ..rules.vocabulary import chain_rows
from .questions import Question

MOST = 1_000_000
"""The highest count, and years or months, that anybody would answer."""
YEARS = range(1900, 2101)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")

PARTS: dict[str, str] = {
    "members.women": "members.count",
    "members.youth": "members.count",
    "members.women_or_youth": "members.count",
    "members.families": "members.count",
    "budget.investment": "budget.total",
    "budget.studies": "budget.total",
    "results.jobs_women": "results.jobs",
    "results.jobs_youth": "results.jobs",
}
"""What cannot be more than what contains it."""

Answers = dict[str, FactValue | None]


class Unread(ValueError):
    """An answer that cannot be read; `code` has its words under `field.<code>`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@codes
def answer_codes() -> Iterable[str]:
    """What may be wrong with an answer."""
    names = ("whole", "day", "choice", "above_whole", "below_part", "unknown", "computed")
    yield from (f"field.check_{name}" for name in names)


def read_typed(asked: Iterable[Question], typed: Mapping[str, str]) -> Answers:
    """The answers of the page; empty ones are not given. Raises `invalid` with every fault."""
    given = {one.code: typed[one.code].strip()[:200] for one in asked if typed.get(one.code, "").strip()}
    return _read(asked, given, _typed)


def read_json(asked: Iterable[Question], sent: Mapping[str, Any]) -> Answers:
    """The answers of a program: centimes and counts as integers, days ISO, codes, true or false.

    Facts of the catalogue that no rule of this call reads are let by; one that is not in the catalogue, or is
    computed from others, is a fault.
    """
    from ..rules.facts import CATALOGUE

    questions = {one.code: one for one in asked}
    strange = [code for code in sent if code not in questions]
    wrong = [
        FieldError(f"facts.{code}", "check_computed" if code in CATALOGUE else "check_unknown")
        for code in strange
        if code not in CATALOGUE or CATALOGUE[code].derived or CATALOGUE[code].section == "call"
    ]
    if wrong:
        raise INVALID(wrong)
    given = {code: value for code, value in sent.items() if code in questions and value is not None}
    return _read(questions.values(), given, _sent, "facts.")


def _read(
    asked: Iterable[Question],
    given: Mapping[str, Any],
    read: Callable[[Question, Any], FactValue],
    prefix: str = "",
) -> Answers:
    answers: Answers = {}
    wrong: dict[str, str] = {}
    for one in asked:
        if one.code in given:
            try:
                answers[one.code] = read(one, given[one.code])
            except Unread as unread:
                wrong[one.code] = unread.code
    wrong |= _contradictions(answers)
    if wrong:
        raise INVALID([FieldError(f"{prefix}{code}", why) for code, why in wrong.items()])
    return answers


def _typed(question: Question, text: str) -> FactValue:
    kind = question.fact.kind
    if kind is Kind.MONEY:
        try:
            return _bounded(parse_money(text), MAX_CENTIMES)
        except MoneyError as unreadable:
            raise Unread(unreadable.code) from None
    if kind is Kind.DATE:
        return _day(text)
    if kind is Kind.BOOL:
        if text not in ("yes", "no"):
            raise Unread("check_choice")
        return text == "yes"
    if kind is Kind.CHOICE:
        return _option(question, text)
    digits = "".join(text.split())
    if not digits.isdecimal() or len(digits) > 9:
        raise Unread("check_whole")
    return _bounded(int(digits), MOST)


def _sent(question: Question, value: Any) -> FactValue:
    kind = question.fact.kind
    if kind is Kind.DATE:
        return _day(value) if isinstance(value, str) else _unread("check_day")
    if kind is Kind.CHOICE:
        return _option(question, value) if isinstance(value, str) else _unread("check_choice")
    if kind is Kind.BOOL:
        return value if isinstance(value, bool) else _unread("check_choice")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Unread("check_whole")
    return _bounded(value, MAX_CENTIMES if kind is Kind.MONEY else MOST)


def _unread(code: str) -> FactValue:
    raise Unread(code)


def _bounded(value: int, most: int) -> int:
    if value > most:
        raise Unread("money_too_large" if most == MAX_CENTIMES else "check_whole")
    return value


def _day(text: str) -> date:
    """`2021-03-15`, as browsers send it, or `15/03/2021`, as people write it."""
    written = _DAY.fullmatch(text)
    try:
        day = date(int(written[3]), int(written[2]), int(written[1])) if written else date.fromisoformat(text)
    except ValueError:
        raise Unread("check_day") from None
    if day.year not in YEARS:
        raise Unread("check_day")
    return day


def _option(question: Question, code: str) -> str:
    if code not in question.options:
        raise Unread("check_choice")
    return code


def _contradictions(answers: Answers) -> dict[str, str]:
    """A part above its whole, « women or young » fewer than either of them, a chain of another sector."""
    wrong = {}
    for part, whole in PARTS.items():
        some, everything = answers.get(part), answers.get(whole)
        if isinstance(some, int) and isinstance(everything, int) and some > everything:
            wrong[part] = "check_above_whole"
    either = answers.get("members.women_or_youth")
    for part in ("members.women", "members.youth"):
        some = answers.get(part)
        if isinstance(either, int) and isinstance(some, int) and either < some:
            wrong["members.women_or_youth"] = "check_below_part"
    chain = chain_rows().get(str(answers.get("project.chain")))
    if chain and answers.get("project.sector") not in (None, chain["sector"]):
        wrong["project.chain"] = "chain_of_another_sector"
    return wrong
