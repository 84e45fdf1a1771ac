"""« Double financement »: a holder, or one that may be the same, that was funded already."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from ..applications.models import Application
from ..core.i18n import codes
from ..core.tx import Tx
from ..people.models import Role
from ..people.policy import OVERSEERS
from ..people.queries import alike
from ..web.links import Related, related
from .models import Decision
from .standing import granted

SAME, ALIKE = "double.same", "double.alike"


@dataclass(frozen=True)
class Funded:
    """A dossier that an adopted decision funds. `organisation_id` is its holder, the asked one or like it."""

    application_id: UUID
    organisation_id: UUID
    province_code: str
    amount_centimes: int


def funded(tx: Tx, organisation_ids: Collection[UUID]) -> dict[UUID, list[Funded]]:
    """For each organisation, what was funded of it and of those that it may be; two statements for all.

    It looks across provinces, whoever asks: the caller shows officers that there is something, and where to
    ask, and holders nothing.
    """
    groups = {key: {key, *others} for key, others in alike(tx, organisation_ids).items()}
    asked = (
        select(
            Application.id, Application.organisation_id, Application.province_code, Decision.amount_centimes
        )
        .join(Decision, Decision.application_id == Application.id)
        .where(granted())
        .where(Application.organisation_id.in_({one for group in groups.values() for one in group}))
        .order_by(Application.id)
    )
    found = [Funded(*row) for row in tx.session.execute(asked)]
    return {key: [one for one in found if one.organisation_id in group] for key, group in groups.items()}


@related("application", "link.application.double", order=5)
def double(tx: Tx, application: Application) -> Related | None:
    """For those who examine a dossier: its holder, or one that may be the same, has another grant."""
    if not tx.actor.provinces(Role.OFFICER, *OVERSEERS):
        return None
    holder = application.organisation_id
    others = [one for one in funded(tx, [holder])[holder] if one.application_id != application.id]
    if not others:
        return None
    if any(one.organisation_id == holder for one in others):
        return Related(f"/organisations/{holder}", SAME, kind="waiting")
    return Related("/das/lookalikes", ALIKE, kind="waiting")


@codes
def notes() -> Iterable[str]:
    """How the link says it stands."""
    return (SAME, ALIKE)
