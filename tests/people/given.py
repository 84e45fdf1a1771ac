"""Ready people and organisations for the tests of later stages."""

from typing import Any
from uuid import UUID

from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.tx import transaction
from backend.people import commands
from backend.people.schemas import OrganisationIn, PersonIn, RegisterIn
from tests.world import COMMUNE

PASSWORD = "sept chèvres bien gardées"
ORGANISATION: dict[str, Any] = {
    "name": {"fr": "Coopérative Tamount", "ar": "تعاونية تامونت"},
    "legal_form": "cooperative",
    "commune_code": COMMUNE,
}


def registered(email: str = "amina@exemple.ma", name: str = "Amina Aït Lahcen") -> UUID:
    """A holder who opened her account herself, with PASSWORD."""
    with transaction(ANONYMOUS) as tx:
        made = commands.register(tx, RegisterIn(name=name, email=email, password=PASSWORD))
        assert made is not None
        return made.id


def person(email: str | None = "karim@exemple.ma", **more: Any) -> UUID:
    """Somebody entered by the platform."""
    with transaction(SYSTEM) as tx:
        return commands.create_person(tx, PersonIn(name="Karim Naciri", email=email, **more)).id


def organisation(actor: Any, **changes: Any) -> UUID:
    """An organisation that this actor creates."""
    with transaction(actor) as tx:
        return commands.create_organisation(tx, OrganisationIn.model_validate(ORGANISATION | changes)).id
