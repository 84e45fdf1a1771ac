"""Pages of dossiers: the holder's, the officer's, and the public check of a receipt."""

from fastapi import APIRouter

from .. import links  # noqa: F401 (declares what pages link to)
from . import (
    accompanied,
    assisted,
    beginning,
    deposits,
    desk,
    documents,
    history,
    holder,
    letters,
    many,
    noting,
    officer,
    paper,
    returning,
    sections,
    viability,
)

router = APIRouter()
router.include_router(holder.router)
router.include_router(beginning.router)
router.include_router(deposits.router)
router.include_router(assisted.router)
router.include_router(accompanied.router)
router.include_router(documents.router)
router.include_router(viability.router)
router.include_router(sections.router)
router.include_router(history.router)
router.include_router(letters.router)
router.include_router(desk.router)
router.include_router(many.router)
router.include_router(paper.router)
router.include_router(noting.router)
router.include_router(officer.router)
router.include_router(returning.router)
