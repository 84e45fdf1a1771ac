"""What the edges of seals and proofs accept and return."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Digest = str


class SealOut(BaseModel):
    """A seal. `root` is what is printed and published: it stands for everything sealed until then.

    It is SHA-256(0x01 ‖ SHA-256(0x00 ‖ {at, count, number, previous} in canonical JSON) ‖ `events_root`);
    `events_root` is the Merkle tree (RFC 9162) over the leaves of the seal's events.
    """

    model_config = ConfigDict(from_attributes=True)

    number: int
    at: datetime
    count: int
    previous: Digest | None
    events_root: Digest
    root: Digest


class SealPage(BaseModel):
    items: list[SealOut]
    next: str | None


class SealedOut(BaseModel):
    """A seal as it was hashed: `at` is in UTC, with microseconds."""

    number: int
    at: str
    count: int
    previous: Digest | None
    events_root: Digest
    root: Digest


class SealsOut(BaseModel):
    """All seals from one on, to keep outside and to check proofs with (`./indh verify … --seals FILE`)."""

    format: Literal["indh-seals-1"] = "indh-seals-1"
    seals: list[SealedOut]


class ProvenEvent(BaseModel):
    """`shown`: [salt, name, value] of the parts that the proof tells; `hidden`: digests of the others."""

    shown: list[tuple[str, str, Any]]
    hidden: list[Digest]


class LeafOut(BaseModel):
    """Where the event stands in its seal (from 0), and the siblings on the way up, the lowest first."""

    index: int
    path: list[Digest]


class ProofOut(BaseModel):
    """A proof that an event is in the record: docs/seals.md says how to check it without this platform."""

    format: Literal["indh-proof-1"] = "indh-proof-1"
    event: ProvenEvent
    leaf: LeafOut
    seal: SealedOut
    record: dict[str, Any] | None = None


class FaultOut(BaseModel):
    code: str
    params: dict[str, Any]
    words: dict[str, str]


class VerdictOut(BaseModel):
    """`valid`: the proof holds together; `known`: its seal is one of this platform's."""

    valid: bool
    known: bool
    faults: list[FaultOut]
    event: dict[str, Any]
    said: dict[str, Any]
    seal: dict[str, Any]
    hidden: int


class ProofIn(BaseModel):
    """A proof as it was exported; `root`, a root that was printed or published, to hold it against."""

    proof: dict[str, Any]
    root: str | None = Field(default=None, max_length=100)
