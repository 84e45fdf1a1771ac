"""The papers of a dossier as a page: send, see, replace, remove; a plain form does all of it."""

from fastapi import APIRouter

router = APIRouter()
