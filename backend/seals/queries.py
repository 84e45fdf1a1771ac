"""Reading seals; making a proof of one event that shows nothing of another."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ..applications.models import Application, Submission
from ..applications.receipts import read_code
from ..committees.models import Minutes
from ..core import commitments, merkle
from ..core.commitments import DATA, NAME, WHAT
from ..core.errors import NOT_FOUND
from ..core.events import Event
from ..core.facts import FACTS, Fact
from ..core.paging import Key, Page, paginate
from ..core.seals import COLUMNS, Seal, SealedEvent, told
from ..core.tx import Tx
from ..decisions.models import Decision
from .lifecycle import NOT_SEALED, NOT_STATED
from .schemas import LeafOut, ProofOut, ProvenEvent, SealedOut

EXPORTED = 100_000
"""Seals in one export at most: more than ten years of them."""


def seals(tx: Tx, cursor: str | None, limit: int) -> Page[Seal]:
    """The seals, the last one first."""
    keys = (Key(Seal.number, lambda seal: seal.number, descending=True),)
    return paginate(tx, tx.visible(select(Seal), "seal.read"), keys, cursor, limit)


def exported(tx: Tx, since: int = 1) -> list[SealedOut]:
    """The seals from a number on, oldest first, as they were hashed."""
    asked = select(Seal).where(Seal.number >= since).order_by(Seal.number).limit(EXPORTED)
    return [sealed(one) for one in tx.session.scalars(tx.visible(asked, "seal.read"))]


def sealed(seal: Seal) -> SealedOut:
    """A seal as it was hashed."""
    return SealedOut(
        number=seal.number,
        at=commitments.instant(seal.at),
        count=seal.count,
        previous=seal.previous,
        events_root=seal.events_root,
        root=seal.root,
    )


def of_decision(tx: Tx, decision_id: UUID) -> ProofOut:
    """What was decided on a dossier; its whole content for who reads the decision.

    Raises `not_sealed_yet` until the next seal.
    """
    decision = tx.get(Decision, decision_id, "proof.read")
    kind = FACTS["decision"]
    inside = tx.may(["decision.read"], decision)["decision.read"]
    record = kind.record(decision) if inside and kind.record else None
    return _proof(tx, kind, decision_id, {}, record, inside=inside)


def of_receipt(tx: Tx, typed: str) -> ProofOut:
    """That a deposit was made: number, instant, fingerprint. For anybody who has the receipt's code."""
    code = read_code(typed)
    asked = select(Submission.application_id, Submission.number).join(
        Application, Application.id == Submission.application_id
    )
    asked = asked.where(Submission.receipt_code == code)
    found = tx.session.execute(tx.visible(asked, "receipt.read")).one_or_none() if code else None
    if found is None:
        raise NOT_FOUND(thing="submission")
    return _proof(tx, FACTS["receipt"], found[0], {"number": str(found[1])}, None, inside=False)


def of_minutes(tx: Tx, minutes_id: UUID) -> ProofOut:
    """That minutes were issued, with their fingerprints, for those who may read them.

    Not what they say: who was recused on a file reads an extract.
    """
    minutes = tx.get(Minutes, minutes_id, "minutes.read")
    return _proof(tx, FACTS["minutes"], minutes.id, {}, None, inside=True)


def known(tx: Tx, seal: Mapping[str, Any]) -> bool:
    """Whether a proof's seal is one of ours: the same number and the same root."""
    if not isinstance(seal.get("number"), int) or not 0 < seal["number"] < 2**31:
        return False
    asked = select(Seal.root).where(Seal.number == seal["number"])
    return bool(tx.session.scalar(tx.visible(asked, "seal.read")) == seal["root"])


def number_of(tx: Tx, application_id: Any) -> str | None:
    """The number of a dossier that a proof names, for who may read it."""
    try:
        key = UUID(application_id)
    except (TypeError, ValueError, AttributeError):
        return None
    asked = select(Application.number).where(Application.id == key)
    return tx.session.scalar(tx.visible(asked, "application.read"))


def _proof(
    tx: Tx, kind: Fact, subject_id: UUID, match: Mapping[str, str], record: Any, *, inside: bool
) -> ProofOut:
    """The first event about the subject, under its seal."""
    asked = select(Event.seq).where(Event.subject_id == subject_id, Event.name.in_(kind.events))
    asked = asked.where(*(Event.data[key].astext == value for key, value in match.items()))
    seq = tx.session.scalar(asked.order_by(Event.seq).limit(1))
    if seq is None:
        raise NOT_STATED()
    where = select(SealedEvent, Seal, *COLUMNS).join(Seal, Seal.number == SealedEvent.seal_number)
    row = tx.session.execute(
        where.join(Event, Event.seq == SealedEvent.event_seq).where(SealedEvent.event_seq == seq)
    ).one_or_none()
    if row is None:
        raise NOT_SEALED()
    place, seal = row[0], row[1]
    leaves = select(SealedEvent.leaf).where(SealedEvent.seal_number == seal.number)
    path = merkle.path(tx.session.scalars(leaves.order_by(SealedEvent.position)).all(), place.position)
    shown = {WHAT, *(DATA + key for key in (*kind.proves, *(kind.also if inside else ())))}
    event = _event(told(row[2:]), place, shown)
    if record is not None and all(part[1] != f"{DATA}sha256" for part in event.shown):
        record = None  # an event of before records had fingerprints
    return ProofOut(
        event=event,
        leaf=LeafOut(index=place.position, path=[one.hex() for one in path]),
        seal=sealed(seal),
        record=record,
    )


def _event(event: Any, place: SealedEvent, shown: Iterable[str]) -> ProvenEvent:
    """The parts that the proof tells with their salts, and the digests of the others in their order."""
    told_: list[tuple[str, str, Any]] = []
    hidden = [place.name_digest.hex()]
    wanted = set(shown) - {NAME}
    for name, value in event.parts():
        salt = commitments.part_salt(place.secret, name)
        if name in wanted:
            told_.append((salt, name, value))
        else:
            hidden.append(commitments.part_digest(salt, name, value).hex())
    return ProvenEvent(shown=told_, hidden=sorted(hidden))
