"""Reviews as pages: the evaluator's stack and scoring, the officer's board and ranking."""

from fastapi import APIRouter

from ...people.models import Role
from ...web import nav
from .. import links  # noqa: F401 (declares what pages link to)
from . import by_hand, evaluator, knowledge, notes, officer, panel, ranking, seated, ties, viability

nav.entry("/reviews", "nav.reviews", {Role.EVALUATOR}, 20, others={Role.CHAIR})

router = APIRouter()
for one in (evaluator, viability, officer, ranking, panel, by_hand, ties, seated, notes, knowledge):
    router.include_router(one.router)
