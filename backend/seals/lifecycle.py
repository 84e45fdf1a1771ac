"""Refusals about seals and proofs, and the words that checks speak in."""

from collections.abc import Iterable

from ..core.errors import problem
from ..core.facts import FACTS
from ..core.i18n import codes
from . import agreement, proof, trail

NOT_SEALED = problem("not_sealed_yet", 409)
NOT_STATED = problem("not_in_the_trail", 409)
SAID = (
    "outcome", "amount_centimes", "application", "receipt", "sha256", "number", "application.number",
    "counts_at", "version", "fr", "ar", "event", "at", "seal", "root", "roll", "choice", "votes_for",
    "votes_against", "abstentions",
)  # fmt: skip
"""Keys of an event's data that a page names, and what stands beside them."""


@codes
def words() -> Iterable[str]:
    yield from (f"seal_fault.{code}" for code in (*proof.CODES, *trail.CODES, *agreement.CODES))
    yield from (f"fact.{kind}" for kind in FACTS)
    yield from (f"proof.{key}" for key in SAID)
