"""Pages of the calls: what everybody reads, and what the province's officers do."""

from fastapi import APIRouter

from . import officer, public

router = APIRouter()
router.include_router(public.router)
router.include_router(officer.router)
