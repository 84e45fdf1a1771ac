"""The pages of people: signing in, one's account, organisations, and the administrator's people and roles."""

from fastapi import APIRouter

from ...web.nav import PERSON, entry
from ..models import Role
from . import accompaniments, account, admin, data, invitations, lookalikes, members, organisations, visitors

router = APIRouter()
for part in (visitors, account, data, organisations, members, lookalikes, admin, accompaniments, invitations):
    router.include_router(part.router)

entry(
    "/organisations",
    "nav.organisations",
    {Role.OFFICER, Role.AUDITOR, Role.COORDINATION},
    78,
    others={Role.ADMINISTRATOR, Role.HOLDER},
)
entry(
    "/admin/people",
    "nav.people",
    {Role.ADMINISTRATOR, Role.AUDITOR, Role.COORDINATION},
    80,
    others={Role.OFFICER},
)
entry("/me", "nav.me", {PERSON}, 950)
entry(
    "/das/lookalikes",
    "nav.lookalikes",
    {Role.OFFICER, Role.AUDITOR, Role.COORDINATION},
    79,
    others={Role.ADMINISTRATOR},
)
