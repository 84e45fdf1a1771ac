"""Events that people announce."""

from ..core.events import declare

declare(
    "person.registered",
    "person.created",
    "person.edited",
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
