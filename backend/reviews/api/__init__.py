"""JSON edge of reviews."""

from fastapi import APIRouter

from . import assignments, by_hand, knowledge, notes, ranking, seated, ties, viability

router = APIRouter()
for one in (assignments, viability, ranking, by_hand, ties, seated, notes, knowledge):
    router.include_router(one.router)
