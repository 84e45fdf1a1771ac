"""The reason of a new version, asked for in both languages."""

from backend.core.errors import INVALID, FieldError, Problem
from backend.web.forms import Typed, read

from ..schemas import WordsIn

FIELDS = {"reason.fr": "reason_fr", "reason.ar": "reason_ar"}


def reason_of(typed: Typed) -> dict[str, str]:
    """Both reasons; raises `invalid` beside the fields that lack one."""
    said = {lang: typed.get(f"reason_{lang}", "") for lang in ("fr", "ar")}
    try:
        return read(WordsIn, said).model_dump()
    except Problem as wrong:
        raise INVALID(
            [FieldError(f"reason.{error.field}", error.code, error.params) for error in wrong.errors]
        ) from None
