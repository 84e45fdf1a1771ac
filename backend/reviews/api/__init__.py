"""JSON edge of reviews."""

from fastapi import APIRouter

from . import assignments, by_hand, knowledge, notes, ranking, ties, viability

router = APIRouter()
for one in (assignments, viability, ranking, by_hand, ties, notes, knowledge):
    router.include_router(one.router)
