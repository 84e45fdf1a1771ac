"""The observatory's pages: public, the officer's day and the country, the trail, a project's story."""

from fastapi import APIRouter

from ...people.models import Role
from ...people.policy import OVERSEERS
from ...web import nav
from .. import links  # noqa: F401 (declares what pages link to)
from . import audit, desk, dossiers, project, public

router = APIRouter()
for part in (public, desk, audit, project, dossiers):
    router.include_router(part.router)

nav.entry("/das", "nav.das", {Role.OFFICER}, 10)
nav.entry("/coordination", "nav.coordination", OVERSEERS, 10)
nav.entry("/observatory", "nav.observatory", None, 80)
nav.entry("/audit", "nav.audit", OVERSEERS, 90, others={Role.OFFICER})
