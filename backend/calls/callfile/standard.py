"""The rules that the fields of a call stand for, with reserved codes and words of the platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backend.calls.callfile.models import CallFile, Caps
from backend.calls.rules.model import Condition, Localized, Rule
from backend.calls.rules.values import money_text, ratio_text
from backend.core.i18n import codes, label

STANDARD_CODES = (
    "balance",
    "legal_form",
    "territory",
    "commune",
    "sector",
    "chain",
    "indh_amount",
    "indh_share",
    "indh_minimum",
    "own_share",
    "own_cash_share",
    "in_kind_share",
    "studies_share",
    "investment_only",
)


@codes
def standard_codes() -> Iterable[str]:
    """Titles of the standard rules."""
    yield from (f"rule.standard.{code}" for code in STANDARD_CODES)


def standard_title(code: str) -> Localized:
    """The title of a standard rule in both languages."""
    return {"fr": label("fr", f"rule.standard.{code}"), "ar": label("ar", f"rule.standard.{code}")}


def _rule(code: str, check: dict[str, object]) -> Rule:
    return Rule(code=code, title=standard_title(code), check=Condition.read(check))


def rules_of(call: CallFile) -> tuple[Rule, ...]:
    """Every standard rule of a call, in the order in which a reader expects them."""
    return (*_who(call), *_money(call.caps))


def _who(call: CallFile) -> Iterator[Rule]:
    yield _rule("legal_form", {"fact": "organisation.legal_form", "one_of": list(call.legal_forms)})
    yield _rule("territory", {"fact": "organisation.province", "is": call.province})
    if call.communes:
        yield _rule("commune", {"fact": "project.commune", "one_of": list(call.communes)})
    if call.sectors != "any":
        yield _rule("sector", {"fact": "project.sector", "one_of": list(call.sectors)})
    if call.chains == "priority":
        yield _rule("chain", {"fact": "project.chain_is_priority", "is": True})
    elif call.chains != "any":
        yield _rule("chain", {"fact": "project.chain", "one_of": list(call.chains)})


def _money(caps: Caps) -> Iterator[Rule]:
    yield _rule("balance", {"fact": "financing.total", "equals": {"fact": "budget.total"}})
    if caps.investment_only:
        yield _rule("investment_only", {"fact": "budget.non_investment", "equals": "0 DH"})
    if caps.indh_amount:
        yield _rule("indh_amount", {"fact": "financing.indh", "at_most": caps.indh_amount.raw})
    if caps.indh_minimum:
        yield _rule("indh_minimum", {"fact": "financing.indh", "at_least": money_text(caps.indh_minimum)})
    if caps.indh_share is not None:
        yield _share(
            "indh_share", "financing.indh", "at_most", ratio_text(caps.indh_share), caps.indh_share_of
        )
    if caps.own_share is not None:
        yield _share("own_share", "financing.own", "at_least", ratio_text(caps.own_share), "budget.total")
    if caps.own_cash_share is not None:
        yield _share(
            "own_cash_share",
            "financing.own_cash",
            "at_least",
            ratio_text(caps.own_cash_share),
            "budget.total",
        )
    if caps.in_kind_share_of_own is not None:
        share = ratio_text(caps.in_kind_share_of_own)
        yield _share("in_kind_share", "financing.own_in_kind", "at_most", share, "financing.own")
    if caps.studies_share is not None:
        yield _share(
            "studies_share", "budget.studies", "at_most", ratio_text(caps.studies_share), "budget.total"
        )


def _share(code: str, fact: str, op: str, share: str, of: str) -> Rule:
    return _rule(code, {"fact": fact, op: {"share": share, "of": of}})
