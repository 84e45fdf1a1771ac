"""Value chains, and the dated list of those that a province puts first."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Base, HasId, Localized


class ValueChain(HasId, Base):
    """A chain (filière), such as argan; `sector` is a code of the call files."""

    __tablename__ = "value_chain"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    sector: Mapped[str] = mapped_column(String(40))
    name: Mapped[Localized]


class PriorityChain(HasId, Base):
    """A province's priority, in force from one date until another, which is no longer in it."""

    __tablename__ = "priority_chain"
    __table_args__ = (Index("ix_priority_chain_province", "province_code", "from_on"),)

    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"))
    chain_id: Mapped[UUID] = mapped_column(ForeignKey("value_chain.id"))
    rank: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
