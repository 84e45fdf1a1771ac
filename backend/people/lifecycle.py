"""Events that people announce, and the codes of theirs that need words."""

from collections.abc import Iterable

from ..core.events import declare
from ..core.i18n import codes
from .models import OFFICES, LegalForm, Role, Sex

ANNOUNCED = (
    "person.registered",
    "registration.repeated",  # somebody registered an address that has an account: its owner may be told
    "person.created",
    "person.edited",
    "person.disabled",
    "person.enabled",
    "role.granted",
    "role.revoked",
    "sign_in.created",
    "sign_in.ended",
    "token.created",
    "token.revoked",
    "organisation.created",
    "organisation.edited",
    "members.replaced",
    "interest.declared",
)
declare(*ANNOUNCED)
FIELDS = (
    "direction_character",
    "control_character",
    "blank",
    "email",
    "phone",
    "ice",
    "name_in_one_language",
    "password_short",
    "role_without_province",
    "role_needs_province",
    "province_unknown",
)
"""Codes of what the schemas refuse in a field."""


@codes
def words_needed() -> Iterable[str]:
    """Every code that a page, a message or a refusal of people may show."""
    yield from (f"event.{name}" for name in ANNOUNCED)
    yield from (f"field.{code}" for code in FIELDS)
    yield from (f"role.{role}" for role in Role)
    yield from (f"enum.legal_form.{form}" for form in LegalForm)
    yield from (f"enum.sex.{sex}" for sex in Sex)
    yield from (f"enum.office.{office}" for office in OFFICES)
