"""JSON edge of reviews."""

from fastapi import APIRouter

from . import assignments, by_hand, knowledge, notes, ranking, ties

router = APIRouter()
for one in (assignments, ranking, by_hand, ties, notes, knowledge):
    router.include_router(one.router)
