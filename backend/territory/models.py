"""Regions, provinces and prefectures, communes: the High Commission for Planning's codes and names."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Base, HasId, Localized


class Region(Base):
    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[Localized]


class Province(Base):
    """A province or a prefecture."""

    __tablename__ = "province"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[Localized]


class Commune(Base):
    """A commune or an arrondissement; `population` is the 2024 census's."""

    __tablename__ = "commune"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    cercle: Mapped[Localized | None]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[Localized]
    population: Mapped[int | None]


class ReferenceLoad(HasId, Base):
    """A version of a reference data set that was loaded: an unchanged one is not loaded again."""

    __tablename__ = "reference_load"

    kind: Mapped[str] = mapped_column(String(40), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    loaded_at: Mapped[datetime]
