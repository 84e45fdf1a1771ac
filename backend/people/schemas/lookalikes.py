"""Two organisations that may be one."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from ...core.shapes import In, Out
from ..models import LegalForm, LookalikeState
from ..text import Prose


class LookalikeSide(Out):
    """What an officer of the other province sees of an organisation: no more than is needed to compare."""

    id: UUID
    name: dict[str, str]
    legal_form: LegalForm
    province_code: str
    commune_code: str
    readable: bool


class LookalikeOut(Out):
    """Two organisations that may be one. `verbs` are what the reader may do about it."""

    id: UUID
    first: LookalikeSide
    second: LookalikeSide
    grounds: list[str]
    closeness: int
    state: LookalikeState
    found_at: datetime
    settled_at: datetime | None
    reason: str | None
    version: int
    verbs: list[str] = Field(default_factory=list)


class LookalikesPage(Out):
    items: list[LookalikeOut]
    next: str | None


class SettleIn(In):
    """Why they are one, or two."""

    reason: Prose
