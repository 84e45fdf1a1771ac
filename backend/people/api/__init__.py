"""People for programs: sessions, oneself, tokens, people and their roles, organisations."""

from fastapi import APIRouter

from . import organisations, people, sessions

router = APIRouter()
for part in (sessions, people, organisations):
    router.include_router(part.router)
