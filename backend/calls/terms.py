"""What a call says in a few figures and names, for cards and public pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.core.i18n import codes, label

from .callfile import CallFile
from .rules.conditions import Case, Literal
from .rules.model import Rule
from .rules.vocabulary import name
from .rules.words import in_words

MONEY_RULES = frozenset(
    (
        "balance", "indh_amount", "indh_share", "indh_minimum", "own_share", "own_cash_share",
        "in_kind_share", "studies_share", "investment_only",
    )
)  # fmt: skip
"""Reserved codes of the rules that limit money; the others say who may apply and for what."""

PARTS = (
    "opens_at", "closes_at", "reference_date", "youth_under", "envelope", "legal_forms", "sectors", "chains",
    "communes", "caps", "rules", "documents", "incomplete", "grid", "finance", "selection", "tranches",
    "coaching", "follow_up", "appeal_days", "support", "issuer", "title", "summary", "sources", "assumed",
)  # fmt: skip


@codes
def part_codes() -> Iterable[str]:
    """Names of the parts of a call."""
    yield from (f"call.part.{part}" for part in PARTS)
    yield "call.investment_only"


@dataclass(frozen=True)
class Ceiling:
    """The highest grant that the call allows, in centimes; `varies` when it depends on a choice."""

    centimes: int
    varies: bool


def ceiling(file: CallFile) -> Ceiling | None:
    """The cap of the grant, None when the call sets none in dirhams."""
    if file.caps.indh_amount is None:
        return None
    operand = file.caps.indh_amount.operand
    if isinstance(operand, Case):
        options = [value for _, value in operand.values] + [operand.otherwise]
        amounts = [one.value for one in options if isinstance(one, Literal) and isinstance(one.value, int)]
        return Ceiling(max(amounts), varies=True) if amounts else None
    written = isinstance(operand, Literal) and isinstance(operand.value, int)
    return Ceiling(int(operand.value), varies=False) if written else None  # type: ignore[union-attr,arg-type]


def plain_words(rule: Rule, file: CallFile, lang: str) -> str:
    """A rule as its readers say it; a rule of « 0 DH » by what it means."""
    if rule.code == "investment_only":
        return label(lang, "call.investment_only")
    return in_words(rule, lang, file.namer)


def names(vocabulary: str, listed: Iterable[str], lang: str) -> list[str]:
    """Names of forms, sectors or chains in the reader's language."""
    return [name(vocabulary, code, lang) for code in listed]


def assumed_parts(file: CallFile) -> list[str]:
    """Codes of the parts that the published notice does not state, each once, in the order of the file."""
    found = dict.fromkeys(path.partition(".")[0] for path in file.assumed)
    return [f"call.part.{part}" for part in found if part in PARTS]
