"""People for programs: sessions, oneself, tokens, people and their roles, organisations."""

from fastapi import APIRouter

from . import accompaniments, data, lookalikes, members, organisations, people, sessions

router = APIRouter()
for part in (sessions, data, people, organisations, members, lookalikes, accompaniments):
    router.include_router(part.router)
