"""Whom an agent of the plateforme helps, and what she asked for."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from ...core.tx import Tx
from ..models import Accompaniment, Organisation
from ..policy import accompanies


def accompaniment(tx: Tx, accompaniment_id: UUID) -> Accompaniment:
    return tx.get(Accompaniment, accompaniment_id, "accompaniment.read")


def accompaniments(tx: Tx, most: int = 200) -> Sequence[Accompaniment]:
    """Those of hers that holders agreed to, ended ones too, the latest first."""
    asked = tx.visible(select(Accompaniment), "accompaniment.read").where(Accompaniment.since.is_not(None))
    return tx.session.scalars(asked.order_by(Accompaniment.since.desc(), Accompaniment.id).limit(most)).all()


def accompanied(tx: Tx, most: int = 200) -> Sequence[Organisation]:
    """The organisations that she helps today, by name."""
    asked = tx.visible(select(Organisation), "organisation.read").where(
        accompanies(tx.actor, Organisation.id), Organisation.merged_into_id.is_(None)
    )
    return tx.session.scalars(asked.order_by(Organisation.folded_name, Organisation.id).limit(most)).all()
