"""Events that people announce, and the codes of theirs that need words."""

from collections.abc import Iterable

from ..core.errors import Problem, problem
from ..core.events import declare
from ..core.i18n import codes
from ..core.machine import Machine, T
from ..core.tx import Tx
from .models import OFFICES, LegalForm, Lookalike, LookalikeState, Organisation, Reach, Role, Sex

ORGANISATION_MERGED = problem("organisation_merged", 409)
MEMBER_UNDO_OVER = problem("member_undo_over", 409)
MEMBER_ENTERED_AGAIN = problem("member_entered_again", 409)
GROUNDS = ("register_number", "ice", "bank_account", "members", "name")
"""Why two organisations may be one."""
DOUBTS = ("ice_check", "rib_check", "register_shape", "cin_shape")
"""What is kept and shown to be looked at again; it blocks nothing."""
COLUMNS = ("name", "sex", "birth_year", "office", "identity")
"""Of a sheet of members."""

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
    "organisation.merged",
    "members.replaced",
    "members.imported",
    "member.removed",
    "member.restored",
    "member.identity_kept",
    "member.identity_read",
    "member.erased",
    "person.exported",
    "person.erased",
    "person.invited",
    "person.joined",
    "lookalike.found",
    "lookalike.announced",
    "interest.declared",
    "accompaniment.code_asked",
    "accompaniment.code_refused",
    "accompaniment.begun",
)
declare(*ANNOUNCED)
FIELDS = (
    "member_twice",
    "control_character",
    "blank",
    "email",
    "phone",
    "ice",
    "rib",
    "cin",
    "identity_twice",
    "activity_unknown",
    "wrong_password",
    "formula",
    "cell_error",
    "sex_unreadable",
    "year_unreadable",
    "line_twice",
    "name_in_one_language",
    "password_short",
    "role_without_province",
    "role_needs_province",
    "province_unknown",
    "province_not_yours",
    "holder_herself",
    "holder_email_not_by_agent",
    "phone_not_by_agent",
    "account_not_by_agent",
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
    yield from (f"enum.reach.{way}" for way in Reach)
    yield from (f"enum.office.{office}" for office in OFFICES)
    yield from (f"state.lookalike.{state}" for state in LookalikeState)
    yield from (f"verb.lookalike.{verb}" for verb in LOOKALIKE.transitions)
    yield from (f"event.{one.event}" for one in LOOKALIKE.transitions.values())
    yield from (f"ground.{one}" for one in GROUNDS)
    for doubt in DOUBTS:
        yield from (f"doubt.{doubt}", f"doubt.{doubt}.text")
    yield from (f"column.{one}" for one in COLUMNS)


def _both_stand(tx: Tx, pair: Lookalike) -> Problem | None:
    """Neither was merged into another one already."""
    for key in (pair.first_id, pair.second_id):
        if (row := tx.session.get(Organisation, key)) and row.merged_into_id:
            return ORGANISATION_MERGED(into=str(row.merged_into_id))
    return None


FLAGGED, DISTINCT, MERGED = LookalikeState.FLAGGED, LookalikeState.DISTINCT, LookalikeState.MERGED
LOOKALIKE = Machine(
    Lookalike.state,
    T("distinguish", {FLAGGED}, DISTINCT, "lookalike.distinguished", "lookalike.settle"),
    T("merge", {FLAGGED}, MERGED, "lookalike.merged", "lookalike.merge", (_both_stand,)),
    T("flag", {DISTINCT}, FLAGGED, "lookalike.flagged", "lookalike.flag"),
)
