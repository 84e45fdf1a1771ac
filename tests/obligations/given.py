"""Information requests as tests begin from them."""

from typing import Any

from backend.core.actor import ANONYMOUS
from backend.core.tx import transaction
from backend.obligations import asking
from backend.obligations.models import InformationRequest
from backend.obligations.schemas import InformationIn
from tests.world import HERE

KEY = "0123456789abcdef0123"
TYPED: dict[str, str] = {
    "province_code": HERE,
    "name": "Fatima Amrani",
    "address": "fatima@exemple.test",
    "language": "fr",
    "text": "Combien de coopératives financées en 2025 ?",
    "key": KEY,
}


def asked(actor: Any = ANONYMOUS, **changed: Any) -> tuple[InformationRequest, str]:
    """A request received now, and its code."""
    with transaction(actor) as tx:
        return asking.ask(tx, InformationIn(**(TYPED | changed)))
