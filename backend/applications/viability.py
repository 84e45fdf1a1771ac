"""What becomes of a dossier's plan: its content studied under its call's rates. Without a statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..calls.callfile import CallFile
from ..viability import BP, Reading, Study, half_up, read, study
from ..viability.sentences import Sentence, sentences
from .models import Application
from .terms import terms

DRAWS = 1000
"""Futures drawn for a page; none while she types, so that numpy is not needed to answer at once."""


@dataclass(frozen=True)
class Studied:
    """What could be read of a plan, and what follows from it: None while something is missing or wrong."""

    reading: Reading
    study: Study | None
    content: Mapping[str, Any]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What to know of it, the most serious first."""
        return sentences(self.study) if self.study else ()

    @property
    def start_month(self) -> int:
        """January is 1."""
        return self.study.plan.terms.start_month if self.study else 1


def studied(
    application: Application, content: Mapping[str, Any], members: int | None, *, draws: int = DRAWS
) -> Studied:
    """The study of what is written, or of what was deposited; `application.call` must be loaded.

    `members` of the organisation, None when not known. The same content gives the same answer.
    """
    rates = _rates(terms(application.call).file)
    reading = read(content, members=members or None, discount=rates["discount"], inflation=rates["inflation"])
    found = study(reading.plan, draws=draws) if reading.plan else None
    return Studied(reading, found, content)


def deposited(application: Application, members: int | None, *, draws: int = DRAWS) -> Studied:
    """The study of the version that stands deposited, with the members counted at that moment."""
    counted = (application.snapshot or {}).get("members")
    return studied(
        application, application.content, members if counted is None else len(counted), draws=draws
    )


def _rates(file: CallFile) -> dict[str, int | None]:
    """The call's yearly rates in hundredths of a percent; None where it says nothing."""
    said = {"discount": file.finance.discount_rate, "inflation": file.finance.inflation}
    return {
        name: None if rate is None else half_up(rate.numerator * BP, rate.denominator)
        for name, rate in said.items()
    }
