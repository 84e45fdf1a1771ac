"""What people do about themselves and each other: accounts, sessions, tokens, organisations, interests."""

from .accompaniment import (
    CODE_WRONG,
    accompany,
    ask_accompaniment,
    confirm_accompaniment,
    fresh_accompaniment_code,
    phones,
)
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
from .erasure import erase_me, erase_member, export_me
from .invitations import accept_invitation, fresh_link, invite, invited, owe_invitation
from .lookalikes import announce, compare, compare_all, distinguish, merge
from .members import (
    check_members,
    import_members,
    remove_member,
    replace_members,
    restore_member,
    reveal_identity,
)
from .organisations import create_organisation, declare_interest, edit_organisation
from .sessions import create_token, revoke_token, sign_in, sign_out

__all__ = [
    "CODE_WRONG",
    "accept_invitation",
    "accompany",
    "announce",
    "ask_accompaniment",
    "check_members",
    "choose_language",
    "compare",
    "compare_all",
    "confirm_accompaniment",
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
    "erase_member",
    "export_me",
    "fresh_accompaniment_code",
    "fresh_link",
    "grant_role",
    "import_members",
    "invite",
    "invited",
    "merge",
    "owe_invitation",
    "phones",
    "register",
    "remove_member",
    "replace_members",
    "restore_member",
    "reveal_identity",
    "revoke_role",
    "revoke_token",
    "sign_in",
    "sign_out",
]
