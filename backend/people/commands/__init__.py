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
from .erasure import erase_me, export_me
from .lookalikes import compare, compare_all, distinguish, merge
from .members import check_members, import_members, replace_members, reveal_identity
from .organisations import create_organisation, declare_interest, edit_organisation
from .sessions import create_token, revoke_token, sign_in, sign_out

__all__ = [
    "check_members",
    "choose_language",
    "compare",
    "compare_all",
    "create_organisation",
    "create_person",
    "create_token",
    "declare_interest",
    "disable_person",
    "distinguish",
    "edit_organisation",
    "edit_person",
    "enable_person",
    "erase_me",
    "export_me",
    "grant_role",
    "import_members",
    "merge",
    "register",
    "replace_members",
    "reveal_identity",
    "revoke_role",
    "revoke_token",
    "sign_in",
    "sign_out",
]
