"""What the generator must know of a call, and what an application may deliberately get wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

DIRHAM = 100
"""Centimes."""
COMPANY_TYPES = ("partnership", "sarl")
"""What the register knows of what calls name TPME: société de personnes, SARL."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """The rules of a call in plain values, built by the caller from its call file.

    ``sectors`` maps each sector open to the call to its chains (empty: the call names none, applications cite
    none). ``other_sectors`` and ``other_chains`` are known but not accepted; ``other_priorities`` are
    the chains that the province puts first in a sector which this call does not take. Amounts are centimes;
    percentages are whole. A limit of ``None`` or 0 is not a rule of the call, and no file is made to break
    it. ``youth`` counts members of at most 35.
    """

    province_code: str
    reference_date: date
    legal_forms: tuple[str, ...]
    sectors: Mapping[str, tuple[str, ...]]
    criteria: tuple[str, ...] = ()
    other_sectors: tuple[str, ...] = ()
    other_priorities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    other_chains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    max_share_percent: int | None = 60
    cap_centimes: int | None = 300_000 * DIRHAM
    caps_by_form: Mapping[str, int] = field(default_factory=dict)
    in_kind_percent: int | None = 50
    investment_only: bool = True
    studies_percent: int = 0
    min_own_percent: int = 0
    min_months: int = 0
    min_members: int = 0
    women_youth_percent: int = 0
    company_types: tuple[str, ...] = COMPANY_TYPES

    def cap(self, legal_form: str) -> int | None:
        """Most that INDH gives to a holder of this form, in centimes."""
        return self.caps_by_form.get(legal_form, self.cap_centimes)


FORM_WEIGHTS = {
    "cooperative": 70,
    "tpme": 13,
    "gie": 8,
    "auto_entrepreneur": 6,
    "cooperative_union": 4,
    "association": 6,
}


def refused_forms(call: CallFacts) -> tuple[str, ...]:
    """Forms that the call does not accept, associations first: the most plausible mistake."""
    return tuple(form for form in ("association", *FORM_WEIGHTS) if form not in call.legal_forms)


def refused_companies(call: CallFacts) -> tuple[str, ...]:
    """Kinds of company that the call does not accept."""
    return tuple(kind for kind in COMPANY_TYPES if kind not in call.company_types)


def intents(call: CallFacts) -> tuple[str, ...]:
    """What files of this call may be, in order: ``eligible``, one name for each rule that can be broken,
    ``late``, ``abandoned``.
    """
    possible = {
        "wrong_legal_form": bool(refused_forms(call)),
        "wrong_company_type": "tpme" in call.legal_forms and bool(refused_companies(call)),
        "outside_province": True,
        "sector_not_listed": bool(call.other_sectors),
        "chain_not_priority": any(call.other_chains.get(sector) for sector in call.sectors),
        "share_above": call.max_share_percent is not None and call.max_share_percent < 95,
        "amount_above": call.cap_centimes is not None,
        "running_costs": call.investment_only,
        "studies_above": 0 < call.studies_percent < 50,
        "in_kind_above": call.in_kind_percent is not None and call.in_kind_percent < 90,
        "unbalanced": True,
        "own_below": 5 < call.min_own_percent < 100,
        "too_young": call.min_months > 1,
        "too_few_members": call.min_members > 1 and "cooperative" in call.legal_forms,
        "women_youth_below": call.women_youth_percent > 0 and "cooperative" in call.legal_forms,
    }
    return ("eligible", *(name for name, can in possible.items() if can), "late", "abandoned")
