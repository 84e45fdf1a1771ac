"""Events that people announce."""

from ..core.events import declare

declare(
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
