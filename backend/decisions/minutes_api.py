"""Minutes over JSON: their record as the reader may read it, signatures, corrections."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, Field, SecretStr, StringConstraints

from ..committees.models import Capacity, Minutes, MinutesState, SignatureLevel
from ..core.errors import NOT_FOUND
from ..core.shapes import In, Out
from ..core.tx import Tx, transaction
from ..web.deps import CurrentActor
from . import minutes

router = APIRouter(tags=["minutes"])


class SignatureIn(In):
    """One's password again, and the digest that one read."""

    password: SecretStr
    sha256: Annotated[str, StringConstraints(min_length=64, max_length=64)]


class CorrectionIn(In):
    """Why, and what the points of the agenda should say, by their id."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    notes: Annotated[dict[UUID, str], Field(max_length=100)] = Field(default={})


class SignatureOut(Out):
    person: str
    capacity: Capacity
    level: SignatureLevel
    signed_sha256: str
    signed_at: AwareDatetime


class MinutesOut(Out):
    """`record` is canonical; `extract` says that something in it is hidden from a reader who was recused."""

    id: UUID
    session_id: UUID
    number: str
    version: int
    state: MinutesState
    record_sha256: str
    seal_number: int | None
    seal_root: str | None
    reason: str
    issued_at: AwareDatetime
    extract: bool
    record: dict[str, Any]
    signatures: list[SignatureOut]


@router.get("/committee-sessions/{session_id}/minutes")
def get_minutes(session_id: UUID, actor: CurrentActor) -> MinutesOut:
    """The version in force of a session's minutes."""
    with transaction(actor) as tx:
        found = minutes.current(tx, session_id)
        if found is None:
            raise NOT_FOUND(thing="minutes")
        return _out(tx, found)


@router.post("/minutes/{minutes_id}/signatures", status_code=201)
def sign_minutes(minutes_id: UUID, body: SignatureIn, actor: CurrentActor) -> MinutesOut:
    """Sign the digest with one's password given again; twice is once."""
    with transaction(actor) as tx:
        minutes.sign(tx, minutes_id, body.password, body.sha256)
        tx.session.flush()
        return _out(tx, tx.session.get_one(Minutes, minutes_id))


@router.post("/minutes/{minutes_id}/corrections", status_code=201)
def correct_minutes(minutes_id: UUID, body: CorrectionIn, actor: CurrentActor) -> MinutesOut:
    """A new version, to be signed anew; the one before is replaced."""
    with transaction(actor) as tx:
        return _out(tx, minutes.correct(tx, minutes_id, body.reason, body.notes))


def _out(tx: Tx, found: Minutes) -> MinutesOut:
    shown = minutes.shown(tx, found)
    plain = {
        name: getattr(found, name)
        for name in MinutesOut.model_fields
        if name not in ("record", "extract", "signatures")
    }
    signatures = [
        SignatureOut(
            person=one.name,
            **{
                name: getattr(one.signature, name)
                for name in ("capacity", "level", "signed_sha256", "signed_at")
            },
        )
        for one in shown.signatures
    ]
    return MinutesOut(**plain, record=shown.record, extract=shown.extract, signatures=signatures)
