"""Taking proposals back."""

from collections.abc import Iterable
from typing import Any

from ...core.tx import Tx
from ..lifecycle import LIFECYCLE
from ..models import Decision


def set_aside(tx: Tx, decisions: Iterable[Decision], why: dict[str, Any]) -> None:
    """Take proposals back: their dossiers may be proposed to another session."""
    for decision in decisions:
        decision.reasons = [*decision.reasons, why]
        LIFECYCLE.fire(tx, decision, "set_aside", reason=why["code"])
