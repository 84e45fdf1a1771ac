"""Reading the chains, and a province's priorities on a day."""

from datetime import date

from sqlalchemy import or_, select

from backend.core.tx import Tx

from .models import PriorityChain, ValueChain


def chains(tx: Tx) -> list[ValueChain]:
    """Every chain, by sector then code."""
    statement = tx.visible(select(ValueChain), "value_chain.read")
    return list(tx.session.scalars(statement.order_by(ValueChain.sector, ValueChain.code)))


def priorities(tx: Tx, province_code: str, on: date) -> list[ValueChain]:
    """The chains that the province puts first on that day, in its order; empty when it has no list."""
    statement = (
        select(ValueChain)
        .join(PriorityChain, PriorityChain.chain_id == ValueChain.id)
        .where(
            PriorityChain.province_code == province_code,
            PriorityChain.from_on <= on,
            or_(PriorityChain.until_on.is_(None), PriorityChain.until_on > on),
        )
        .order_by(PriorityChain.rank)
    )
    return list(tx.session.scalars(tx.visible(statement, "value_chain.read")))


def coming(tx: Tx, province_code: str, after: date) -> tuple[date, list[ValueChain]] | None:
    """The next list of the province that is not yet in force, with the day on which it begins."""
    statement = (
        select(PriorityChain.from_on, ValueChain)
        .join(ValueChain, ValueChain.id == PriorityChain.chain_id)
        .where(
            PriorityChain.province_code == province_code,
            PriorityChain.from_on > after,
            PriorityChain.until_on.is_(None),
        )
        .order_by(PriorityChain.rank)
    )
    found = tx.session.execute(tx.visible(statement, "priority_chain.read")).all()
    return (found[0][0], [chain for _, chain in found]) if found else None
