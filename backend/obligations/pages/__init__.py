"""Pages of obligations: the public's, the officers', the clocks'."""

from fastapi import APIRouter

from . import desk, public

router = APIRouter()
router.include_router(public.router)
router.include_router(desk.router)
