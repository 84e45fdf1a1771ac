"""May a call's dossiers be ranked by corrected scores? The correction, or why it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .ratings import Rating
from .record import Refusal
from .severity import Corrected, NotEstimable, correct


@dataclass(frozen=True)
class Official:
    """The correction when the marks allow one; `refused` when no ranking may rest on it all the same."""

    corrected: Corrected | None
    refused: Refusal | None

    def hundredths(self) -> dict[str, int]:
        """Corrected scores by dossier, in hundredths of a point."""
        files = self.corrected.files if self.corrected else ()
        return {one.file: round(100 * one.corrected) for one in files}


def official(ratings: Sequence[Rating], *, draws: int = 1) -> Official:
    """Refused when evaluators are not connected, one has too few dossiers, or nothing can be estimated:
    not at all, or by so few readings that the likelihood hardly tells one correction from another.
    """
    try:
        found = correct(ratings, draws=draws)
    except NotEstimable as unable:
        return Official(None, unable.code)
    warned = {one.code for one in found.warnings}
    refusals: tuple[Refusal, ...] = ("not_connected", "few_files", "near_saturated")
    return Official(found, next((code for code in refusals if code in warned), None))
