"""What the study reads in a dossier: each field's answer in words, and where a reader finds it."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..calls.models import Call
from ..core.i18n import label, translate
from ..core.money import format_percent
from ..viability import BP, words
from ..viability.plan import Terms
from .terms import terms
from .viability import Studied

SINGLE = (
    "plan.start_month", "plan.fixed_centimes", "plan.wages_centimes", "plan.customers_days",
    "plan.suppliers_days", "plan.stock_days", "financing.indh_centimes", "financing.own_cash_centimes",
    "financing.own_in_kind_centimes", "financing.partners_centimes", "financing.loan_centimes",
)  # fmt: skip
"""Fields outside the lists, in the order of the forms; a loan's terms, jobs, members and rates follow."""
LOAN = ("financing.loan_rate_bp", "financing.loan_months", "financing.loan_grace_months")
OTHERS = ("results.jobs_women", "results.jobs_men", "members", "call.discount_bp", "call.inflation_bp")


def singles(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that stand alone in this dossier."""
    loan = (content.get("financing") or {}).get("loan_centimes")
    return (*SINGLE, *(LOAN if loan else ()), *OTHERS)


def answers(found: Studied, lang: str) -> Callable[[str], str]:
    """What is answered to a field, in words; `non indiqué` where nothing is."""
    none = translate(lang, "non indiqué")
    plan = found.study.plan if found.study else None

    def answer(field: str) -> str:
        value: Any
        if field == "members":
            value = plan.members if plan else None
        elif field.startswith("call."):
            value = _rate(plan.terms if plan else None, field)
        else:
            value = _at(found.content, field)
        return none if value is None or value in ("", []) else _written(field, value, lang)

    return answer


def _rate(terms: Terms | None, field: str) -> int | None:
    if terms is None:
        return None
    return terms.discount if field == "call.discount_bp" else terms.inflation


def _at(content: Any, field: str) -> Any:
    """What stands at a path, None where it leads nowhere."""
    for step in field.split("."):
        if step.isdigit():
            rows = content if isinstance(content, list) else []
            content = rows[int(step)] if int(step) < len(rows) else None
        else:
            content = content.get(step) if isinstance(content, Mapping) else None
    return content


def _written(field: str, value: Any, lang: str) -> str:
    name = field.rpartition(".")[2]
    if name == "season":
        return _season(value, lang)
    if not isinstance(value, int):
        return str(value)
    if name == "start_month":
        return label(lang, f"month.{value}")
    if name.endswith("_bp"):
        decimals = 0 if value % 100 == 0 else 2
        text = format_percent(Fraction(value, BP), lang, decimals)
        return f"{words.LRI}{text}{words.PDI}" if lang == "ar" else text
    return words.written(value, "centimes" if name.endswith("_centimes") else "count", lang, 1)


def _season(shares: Sequence[Any], lang: str) -> str:
    """`janvier 60 %, février 70 %`."""
    said = [(month, share) for month, share in enumerate(shares, 1) if share is not None]
    comma = "، " if lang == "ar" else ", "
    return comma.join(
        f"{label(lang, f'month.{month}')} {words.value(lang, 'share', share / 100, 1)}"
        for month, share in said
    )


def rate_at(call: Call, field: str) -> str:
    """Where the call's page says a rate; nowhere when the call leaves it to the study, which assumes one."""
    finance = terms(call).file.finance
    said = {"call.discount_bp": finance.discount_rate, "call.inflation_bp": finance.inflation}[field]
    return "" if said is None else f"/calls/{call.code}#rates"


def read_at(home: str, call: Call) -> Callable[[str], str]:
    """The way to a field where the dossier is read at `home`; to the rates, on the page of its call."""

    def way(field: str) -> str:
        if field.startswith("call."):
            return rate_at(call, field)
        section, _, rest = field.partition(".")
        if rest in ("products", "lines", "jobs"):
            return f"{home}#{section}"
        return f"{home}#{field}"

    return way
