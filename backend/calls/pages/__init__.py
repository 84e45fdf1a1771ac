"""Pages of the calls: what everybody reads, and what the province's officers do."""

from fastapi import APIRouter

from . import check, drafts, editor, notice, officer, public, questions, versions

router = APIRouter()
router.include_router(public.router)
router.include_router(drafts.router)
router.include_router(editor.router)
router.include_router(officer.router)
for part in (check, notice, questions, versions):
    router.include_router(part.router)
