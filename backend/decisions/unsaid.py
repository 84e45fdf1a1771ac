"""What is told of other dossiers does not tell what is hidden from the reader: reasons, what is left over."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ..applications.models import Application
from ..core.policy import RULES
from ..core.tx import Tx
from ..reviews.policy import untied
from .models import Decision

LEFT = "left"
"""The parameter of a reason that says what is left of the envelope, in centimes."""


def partly_hidden(tx: Tx, call_ids: Collection[UUID]) -> set[UUID]:
    """The calls with a decision that the actor, tied to its holder, may not read.

    What is left of the envelope after two decisions that she does read would tell her its amount.
    """
    if tx.actor.is_system or not call_ids:
        return set()
    asked = select(Decision.call_id).where(
        Decision.call_id.in_(list(call_ids)),
        ~untied(tx.actor, Decision.application_id),
        ~RULES["decision.read"].where(tx.actor),
    )
    return set(tx.session.scalars(asked.distinct()))


def open_to(tx: Tx, application_ids: Collection[UUID]) -> set[UUID]:
    """Those of these dossiers to whose holder the actor is not tied."""
    if tx.actor.is_system or not application_ids:
        return set(application_ids)
    asked = select(Application.id).where(
        Application.id.in_(list(application_ids)), untied(tx.actor, Application.id)
    )
    return set(tx.session.scalars(asked))


def unsaid(reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same reasons, without what is left of the envelope in their parameters and in their sentences."""
    return [
        {"code": f"{one['code']}.{LEFT}_unsaid", "params": _without(one["params"])}
        if LEFT in one["params"]
        else dict(one)
        for one in reasons
    ]


def _without(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name != LEFT}
