"""Pages of the committees: who sits and by which rules, the dialogue that they hold, what was agreed."""

from fastapi import APIRouter

from . import actions, committees, consultations, orders, roster, rules, seats

router = APIRouter()
PARTS = (roster, rules, seats, orders, consultations, actions, committees)
for part in PARTS:  # fixed paths before those with a parameter
    router.include_router(part.router)
