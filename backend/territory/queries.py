"""Reading the territory: small lists, in the order of their codes or of their names."""

from collections.abc import Sequence

from sqlalchemy import select

from ..core.tx import Tx
from .models import Commune, Province, ReferenceLoad, Region


def edition(tx: Tx) -> str:
    """What names the loaded version of the territory: the same as long as nothing in it changes."""
    last = select(ReferenceLoad.sha256).order_by(ReferenceLoad.id.desc()).limit(1)
    return (tx.session.scalar(last) or "empty")[:16]


def regions(tx: Tx) -> Sequence[Region]:
    """The twelve regions, by code."""
    return tx.session.scalars(tx.visible(select(Region), "region.read").order_by(Region.code)).all()


def provinces(tx: Tx, region: str | None = None) -> Sequence[Province]:
    """The provinces and prefectures, by code; of one region if asked."""
    statement = tx.visible(select(Province), "province.read").order_by(Province.code)
    if region:
        statement = statement.where(Province.region_code == region)
    return tx.session.scalars(statement).all()


def communes(tx: Tx, province: str) -> Sequence[Commune]:
    """The communes and arrondissements of a province, by code."""
    statement = tx.visible(select(Commune), "commune.read").where(Commune.province_code == province)
    return tx.session.scalars(statement.order_by(Commune.code)).all()


def commune(tx: Tx, code: str) -> Commune:
    return tx.get(Commune, code, "commune.read")


def province(tx: Tx, code: str) -> Province:
    return tx.get(Province, code, "province.read")
