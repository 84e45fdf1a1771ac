"""Pages of the calls: what everybody reads, and what the province's officers do."""

from fastapi import APIRouter

from . import check, drafts, editor, erratum, notice, officer, public, publishing, questions, versions

router = APIRouter()
router.include_router(public.router)
router.include_router(drafts.router)
router.include_router(editor.router)
router.include_router(officer.router)
for part in (check, erratum, notice, publishing, questions, versions):
    router.include_router(part.router)
