"""What people do about themselves and each other: accounts, sessions, tokens, organisations, interests."""

from .accounts import (
    choose_language,
    create_person,
    disable_person,
    edit_person,
    enable_person,
    grant_role,
    register,
    revoke_role,
)
from .organisations import create_organisation, declare_interest, edit_organisation, replace_members
from .sessions import create_token, revoke_token, sign_in, sign_out

__all__ = [
    "choose_language",
    "create_organisation",
    "create_person",
    "create_token",
    "declare_interest",
    "disable_person",
    "edit_organisation",
    "edit_person",
    "enable_person",
    "grant_role",
    "register",
    "replace_members",
    "revoke_role",
    "revoke_token",
    "sign_in",
    "sign_out",
]
