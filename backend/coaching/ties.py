"""Who coached a holder is close to it: told to the reviews, which look for ties before sharing out."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select

from ..core.tx import Tx
from ..funding.models import Convention
from ..reviews.ties import Pair, tie_source
from .models import Plan


@tie_source("coached")
def coached(tx: Tx, people: Collection[UUID], organisations: Collection[UUID]) -> Iterable[Pair]:
    """Plans of these coaches for these holders, ended or not."""
    rows = tx.session.execute(
        select(Plan.coach_id, Convention.organisation_id)
        .join(Convention, Convention.id == Plan.convention_id)
        .where(Plan.coach_id.in_(people), Convention.organisation_id.in_(organisations))
        .distinct()
    )
    return [(person, organisation) for person, organisation in rows]
