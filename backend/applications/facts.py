"""The facts that a call's rules read, drawn from dossiers: three statements for any number of them.

What is not known is left out: a rule that needs it answers "cannot tell", never a guess.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ..calls.models import Call
from ..calls.rules import FactValue, Member, Result, complete, evaluate_all, member_facts
from ..core.calendar import local
from ..core.tx import Tx
from ..people import models as people
from ..people.models import Organisation, Sex
from ..value_chains.models import PriorityChain, ValueChain
from . import declared
from .completeness import call_form, company_type, handed_in
from .models import Application
from .sections import filled
from .terms import Terms, terms

Facts = dict[str, FactValue | None]


def facts(tx: Tx, applications: Sequence[Application]) -> dict[UUID, Facts]:
    """Every fact of the catalogue that is known of each dossier. `call` and `organisation` must be loaded."""
    members = counted_members(tx, {one.organisation_id: one.organisation for one in applications})
    firsts = priorities(tx, {one.call.id: one.call for one in applications}.values())
    return {
        one.id: of(one, terms(one.call), members[one.organisation_id], firsts.get(one.call_id, frozenset()))
        for one in applications
    }


def eligibility(tx: Tx, applications: Sequence[Application]) -> dict[UUID, tuple[Result, ...]]:
    """What every rule of the call says of each dossier at this instant."""
    known = facts(tx, applications)
    return {one.id: evaluate_all(terms(one.call).rules, known[one.id]) for one in applications}


def of(
    application: Application,
    terms: Terms,
    members: Sequence[Member],
    priorities: frozenset[str],
    written: Mapping[str, Any] | None = None,
) -> Facts:
    """The facts of one dossier as it stands, or as it is being `written`. Pure."""
    file, content = terms.file, application.content if written is None else written
    known: Facts = dict(file.facts())
    known |= _organisation(application.organisation)
    if members:
        known |= member_facts(members, file.reference_date, file.youth_under)
    known |= _project(content, priorities)
    known |= _budget(content.get("budget") or {})
    known |= _financing(content.get("financing") or {})
    known |= _results(content.get("results") or {})
    if terms.asked:
        known |= declared.facts(content.get("declarations") or {}, file.reference_date)
    known["documents.present"] = handed_in(content.get("documents") or {})
    return complete(known)


def _organisation(row: Organisation) -> Facts:
    return {
        "organisation.legal_form": call_form(row.legal_form),
        "organisation.company_type": company_type(row.legal_form),
        "organisation.province": row.province_code,
        "organisation.commune": row.commune_code,
        "organisation.created_on": row.created_on,
        "organisation.registered": True if row.register_number else None,
        "organisation.last_agm_on": row.last_agm_on,
    }


def _project(content: Mapping[str, Any], priorities: frozenset[str]) -> Facts:
    project, location = content.get("project") or {}, content.get("location") or {}
    commune, chain, premises = location.get("commune"), project.get("chain"), location.get("premises")
    return {
        "project.commune": commune,
        "project.province": commune[:6] if commune else None,
        "project.sector": project.get("sector"),
        "project.chain": chain,
        # a project that cites no chain is in none of the priority ones
        "project.chain_is_priority": (chain in priorities) if project.get("sector") else None,
        "project.has_premises": premises != "none" if premises else None,
    }


def _budget(data: dict[str, Any]) -> Facts:
    lines = filled(data.get("lines"))
    if not lines or any(line.get("amount_centimes") is None or not line.get("kind") for line in lines):
        return {}
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line["kind"]] += line["amount_centimes"]
    return {
        "budget.total": sum(sums.values()),
        "budget.investment": sums["investment"],
        "budget.studies": sums["studies"],
    }


def _financing(data: dict[str, Any]) -> Facts:
    """What is left out of partners and loan is nothing, once the holder has said what she asks for."""
    if data.get("indh_centimes") is None:
        return {}
    return {
        "financing.indh": data["indh_centimes"],
        "financing.own_cash": data.get("own_cash_centimes"),
        "financing.own_in_kind": data.get("own_in_kind_centimes"),
        "financing.partners": data.get("partners_centimes") or 0,
        "financing.loan": data.get("loan_centimes") or 0,
    }


def _results(data: dict[str, Any]) -> Facts:
    women, men = data.get("jobs_women"), data.get("jobs_men")
    return {
        "results.jobs": women + men if women is not None and men is not None else None,
        "results.jobs_women": women,
        "results.jobs_youth": data.get("jobs_youth"),
    }


def counted_members(tx: Tx, organisations: Mapping[UUID, Organisation]) -> dict[UUID, list[Member]]:
    """Sex and birth year of each member: all that rules need of a person. Read unless they are loaded."""
    found: dict[UUID, list[Member]] = defaultdict(list)
    unread = []
    for key, organisation in organisations.items():
        if "members" in organisation.__dict__:
            found[key] = [_counted(one.sex, one.birth_year) for one in organisation.members]
        else:
            unread.append(key)
    if unread:
        row = people.Member
        asked = select(row.organisation_id, row.sex, row.birth_year).where(row.organisation_id.in_(unread))
        for key, sex, year in tx.session.execute(asked):
            found[key].append(_counted(sex, year))
    return found


def _counted(sex: Sex, year: int) -> Member:
    return Member(woman=sex is Sex.WOMAN, birth_year=year)


def priorities(tx: Tx, calls: Iterable[Call]) -> dict[UUID, frozenset[str]]:
    """The chains that the province of each call puts first on the day it closes."""
    days = {call.id: (call.province_code, local(call.closes_at).date()) for call in calls}
    rows = tx.session.execute(
        select(PriorityChain.province_code, ValueChain.code, PriorityChain.from_on, PriorityChain.until_on)
        .join(ValueChain, ValueChain.id == PriorityChain.chain_id)
        .where(PriorityChain.province_code.in_({province for province, _ in days.values()}))
    ).all()
    return {
        call: frozenset(
            code for place, code, start, end in rows if place == province and _within(day, start, end)
        )
        for call, (province, day) in days.items()
    }


def _within(day: date, start: date, end: date | None) -> bool:
    return start <= day and (end is None or day < end)
