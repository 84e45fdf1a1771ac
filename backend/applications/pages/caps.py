"""What a call asks of each field, said beside it with its amount for this very dossier, as she types.

« La subvention demandée à l'INDH ne doit pas dépasser 60 % de l'investissement, soit 180 000,00 DH. »
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...calls.rules import Outcome, Result, evaluate_all, in_words
from ...calls.rules.conditions import Compare, Ref, walk
from ...calls.rules.facts import CATALOGUE
from ...calls.rules.values import words
from ...core.i18n import translate
from ...core.tx import Tx
from .. import declared
from ..facts import counted_members, of, priorities
from ..lifecycle import working
from ..models import Application
from ..sections import filled
from ..terms import terms
from ..totals import sums
from .parts import section_of

FIELDS = {
    "financing.indh": "indh_centimes",
    "financing.indh_share": "indh_centimes",
    "financing.indh_share_of_investment": "indh_centimes",
    "financing.own": "own_cash_centimes",
    "financing.own_share": "own_cash_centimes",
    "financing.own_cash": "own_cash_centimes",
    "financing.own_cash_share": "own_cash_centimes",
    "financing.own_in_kind": "own_in_kind_centimes",
    "financing.in_kind_share_of_own": "own_in_kind_centimes",
    "financing.loan": "loan_centimes",
    "financing.loan_share": "loan_centimes",
    "results.jobs": "jobs_women",
    "results.jobs_women": "jobs_women",
    "results.jobs_youth": "jobs_women_youth",
    "project.sector": "sector",
    "project.chain": "chain",
    "project.chain_is_priority": "chain",
    "project.commune": "commune",
    "project.province": "commune",
    **declared.FIELDS,
}
"""Beside which field a rule is said, by the first fact that it judges; the others head their section."""


@dataclass(frozen=True)
class Cap:
    """A rule in words, and whether what is typed keeps it: None while that cannot be told."""

    text: str
    kept: bool | None


Caps = dict[str, list[Cap]]
"""By field; under the empty name, what is asked of the section as a whole."""


def caps(tx: Tx, application: Application, section: str, lang: str) -> Caps:
    """What the call asks in this section: two statements at the most."""
    found: Caps = defaultdict(list)
    ours = [rule for rule in terms(application.call).rules if section_of(rule) == section]
    if not ours:
        return found
    namer = terms(application.call).file.namer
    for result in _judged(tx, application):
        if result.rule in ours and result.applies is not False and result.rule.code != "balance":
            field = next(
                (
                    FIELDS.get(node.fact, "")
                    for node in walk(result.rule.check.node)
                    if isinstance(node, Compare)
                ),
                "",
            )
            found[field].append(Cap(_said(result, lang, namer), _kept(result)))
    return found


def _judged(tx: Tx, application: Application) -> Iterable[Result]:
    """The call's rules on what is being written, at this instant."""
    held, call = terms(application.call), application.call
    members = counted_members(tx, {application.organisation_id: application.organisation})
    firsts = priorities(tx, [call]) if held.file.chains == "priority" else {}
    facts = of(
        application,
        held,
        members[application.organisation_id],
        firsts.get(call.id, frozenset()),
        working(application),
    )
    return evaluate_all(held.rules, facts)


def _kept(result: Result) -> bool | None:
    return {Outcome.PASS: True, Outcome.FAIL: False}.get(result.outcome)


def _said(result: Result, lang: str, namer: Any) -> str:
    """The rule; when it is broken, what breaks it; the amount of a share as soon as it is known."""
    if result.outcome is Outcome.FAIL:
        return result.reason(lang, namer)
    sentence = in_words(result.rule, lang, namer)
    for leaf in result.check.leaves():
        shares = [one for one in leaf.operands if isinstance(one, Ref) and one.share != 1]
        if len(leaf.operands) == 1 and shares and leaf.expected[0] is not None:
            amount = words(CATALOGUE[getattr(leaf.node, "fact", "")], leaf.expected[0], lang, namer)
            return translate(lang, "{rule}, soit {amount}.", rule=sentence.rstrip("."), amount=amount)
    return sentence


def month(content: Mapping[str, Any]) -> dict[str, int]:
    """A month of the first year by the plan, in centimes: sales, their costs, charges, what is left."""
    plan = content.get("plan") or {}
    sales = costs = 0
    for one in filled(plan.get("products")):
        quantity = one.get("monthly_quantity") or 0
        sales += quantity * (one.get("price_centimes") or 0)
        costs += quantity * (one.get("variable_cost_centimes") or 0)
    charges = (plan.get("fixed_centimes") or 0) + (plan.get("wages_centimes") or 0)
    return {"sales": sales, "costs": costs, "charges": charges, "left": sales - costs - charges}


def totals(application: Application) -> dict[str, Any]:
    """What the section adds up to, said as she types."""
    content = working(application)
    results = content.get("results") or {}
    return {
        "sums": sums(content),
        "month": month(content),
        "jobs": (results.get("jobs_women") or 0) + (results.get("jobs_men") or 0),
        "young": results.get("jobs_youth") or 0,
    }
