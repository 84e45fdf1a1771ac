"""Versions of a committee's rules: of procedure (règlement intérieur) and of composition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.core.calendar import local
from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx

from .composition import Rules
from .lifecycle import COMPOSITION_BACKDATED, PROCEDURE_BACKDATED
from .models import Breach, Committee, Composition, Procedure, Secrecy
from .schemas import ProcedureIn

Fraction = tuple[int, int]


@dataclass(frozen=True)
class Terms:
    """Rules of procedure as exact fractions: quorum of the seats, majority of the expressed votes.

    `notice_days` and `second_after_days` are calendar days; `proxies` is how many one member may hold.
    """

    quorum: Fraction = (1, 2)
    majority: Fraction = (1, 2)
    casting_vote: bool = True
    notice_days: int = 0
    second_after_days: int | None = None
    second_quorum: Fraction | None = None
    proxies: int = 0
    proxies_count: bool = False
    secrecy: Secrecy = Secrecy.NEVER


def procedure_terms(asked: ProcedureIn) -> Terms:
    """As the API and the pages send them."""
    second = asked.second_quorum
    return Terms(
        (asked.quorum.of, asked.quorum.over),
        (asked.majority.of, asked.majority.over),
        asked.casting_vote,
        asked.notice_days,
        asked.second_after_days,
        (second.of, second.over) if second else None,
        asked.proxies,
        asked.proxies_count,
        asked.secrecy,
    )


def set_procedure(tx: Tx, committee_id: UUID, effective_on: date, terms: Terms) -> Procedure:
    """A new version, in force from that day; sessions already planned keep theirs."""
    committee = tx.get(Committee, committee_id, "committee.edit")
    _check_fractions(terms)
    number, latest = _last(tx, Procedure, committee_id)
    if latest is not None and effective_on < latest:
        raise PROCEDURE_BACKDATED(latest=latest.isoformat())
    second = terms.second_quorum or (None, None)
    procedure = Procedure(
        committee_id=committee_id,
        number=number + 1,
        effective_on=effective_on,
        quorum_of=terms.quorum[0],
        quorum_over=terms.quorum[1],
        majority_of=terms.majority[0],
        majority_over=terms.majority[1],
        casting_vote=terms.casting_vote,
        notice_days=terms.notice_days,
        second_after_days=terms.second_after_days,
        second_quorum_of=second[0],
        second_quorum_over=second[1],
        proxies=terms.proxies,
        proxies_count=terms.proxies_count and terms.proxies > 0,
        secrecy=terms.secrecy,
    )
    tx.add(procedure, "procedure.create")
    tx.emit("procedure.set", committee, number=procedure.number, effective_on=effective_on.isoformat())
    return procedure


def cautions(procedure: Procedure) -> list[str]:
    """What is allowed and yet to be read twice, by code (`caution.<code>`)."""
    found = []
    if procedure.second_quorum_of is not None and procedure.second_quorum_over:
        above = procedure.second_quorum_of * procedure.quorum_over
        if above > procedure.quorum_of * procedure.second_quorum_over:
            found.append("second_quorum_above")
    if procedure.second_after_days is not None and procedure.second_after_days < procedure.notice_days:
        found.append("second_before_notice")
    if procedure.majority_of * 2 < procedure.majority_over:
        found.append("majority_below_half")
    return found


def set_composition(
    tx: Tx, committee_id: UUID, effective_on: date, rules: Rules, breach: Breach
) -> Composition:
    """A new version, in force from that day. It judges seats from then on; those given before stay."""
    committee = tx.get(Committee, committee_id, "committee.edit")
    number, latest = _last(tx, Composition, committee_id)
    if latest is not None and effective_on < latest:
        raise COMPOSITION_BACKDATED(latest=latest.isoformat())
    made = Composition(
        committee_id=committee_id,
        number=number + 1,
        effective_on=effective_on,
        rules=rules.kept(),
        breach=breach,
    )
    tx.add(made, "composition.create")
    backdated = {"backdated": True} if effective_on < local(tx.now).date() else {}
    tx.emit(
        "composition.set", committee, number=made.number, effective_on=effective_on.isoformat(), **backdated
    )
    return made


def _last(tx: Tx, model: Any, committee_id: UUID) -> tuple[int, date | None]:
    asked = select(func.max(model.number), func.max(model.effective_on))
    row: Sequence[Any] = tx.session.execute(asked.where(model.committee_id == committee_id)).one()
    return row[0] or 0, row[1]


def _check_fractions(terms: Terms) -> None:
    """A quorum is at most all seats; a majority, to be passed strictly, is less than all votes."""
    wrong = []
    for field, share in (("quorum", terms.quorum), ("second_quorum", terms.second_quorum)):
        if share and (not 0 <= share[0] <= share[1] or share[1] < 1):
            wrong.append(FieldError(field, "fraction"))
    if terms.second_quorum and terms.second_after_days is None:
        wrong.append(FieldError("second_after_days", "second_without_days"))
    of, over = terms.majority
    if not 0 <= of < over:
        wrong.append(FieldError("majority", "fraction"))
    if wrong:
        raise INVALID(wrong)
