"""An agent asks to help a holder, whose code lets her."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ...core.shapes import In, Out
from ..text import Line
from .common import Code


class AccompanyIn(In):
    """The register number (or else the ICE) that the holder told, in a province of the agent's."""

    province_code: Code
    register_number: Annotated[Line, Field(min_length=1, max_length=40)]


class CodeIn(In):
    """The six digits that the holder received."""

    code: Annotated[str, Field(max_length=20)]


class AccompanimentOut(Out):
    """`organisation_id` is told once the holder agreed: until then nothing says whose the number is."""

    id: UUID
    province_code: str
    register_number: str | None
    asked_at: datetime
    since: datetime | None
    until: datetime | None
    organisation_id: UUID | None = None


class AccompanimentsPage(Out):
    """Those that the holders agreed to, the latest first."""

    items: list[AccompanimentOut]
