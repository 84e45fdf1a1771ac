"""Numbers of identity cards: kept only where given, sealed for their member, compared by a keyed digest."""

from ..core import secrets
from ..core.errors import Problem
from .identifiers import Cin, masked_cin, read_cin
from .models import Member


def keep(member: Member, number: str) -> None:
    """Seal the number with its member; she has her id already."""
    member.identity_number = secrets.seal(number, str(member.id))
    member.identity_digest = secrets.digest(number)


def opened(member: Member) -> str | None:
    """The whole number, for whoever may read it; None when none is kept."""
    sealed = member.identity_number
    return secrets.reveal(sealed, str(member.id)) if sealed else None


def shown(member: Member) -> tuple[str, bool] | None:
    """The number masked, and whether its shape is doubtful; a dash when its key is gone."""
    try:
        number = opened(member)
    except (secrets.Unreadable, Problem):
        return "•••", False
    if number is None:
        return None
    card: Cin = read_cin(number)
    return masked_cin(card.value), card.doubtful
