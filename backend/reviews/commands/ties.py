"""Ties that the platform suspects: kept when found, confirmed or dismissed by the officer with her reason."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from ...applications.models import Application
from ...core.shapes import written
from ...core.tx import Tx
from ...people.models import Interest
from ..lifecycle import SUSPICION
from ..models import SuspectedTie, SuspicionState
from ..ties import Pair, found
from .score import REASON_LENGTH

CHUNK = 5_000
"""Rows of one statement, well under PostgreSQL's 65 535 parameters."""


def look(
    tx: Tx, people: Collection[UUID], applications: Iterable[Application]
) -> defaultdict[UUID, set[UUID]]:
    """Look for ties between these people and the dossiers' holders, keep what is new.

    Returns, by dossier, those about whom nothing is decided yet.
    """
    dossiers = list(applications)
    place = {a.organisation_id: a.province_code for a in dossiers}
    pairs = found(tx, people, place)
    _keep(tx, pairs, place)
    kept = _kept(tx, people, place)
    if tx.actor.is_system:
        _grow(tx, kept, pairs)
    close: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for tie in kept:
        if tie.state is SuspicionState.TO_CONFIRM:
            close[tie.organisation_id].add(tie.person_id)
    return defaultdict(set, {a.id: close[a.organisation_id] for a in dossiers if a.organisation_id in close})


def confirm(tx: Tx, tie_id: UUID, reason: str) -> SuspectedTie:
    """She is tied to the holder: kept as a declared tie, which takes its dossiers off her stack."""
    tie = tx.get(SuspectedTie, tie_id, "suspected_tie.decide")
    reason = written(reason, "reason", REASON_LENGTH)
    SUSPICION.fire(tx, tie, "confirm", reason=reason)
    _decided(tx, tie, tx.actor.id, reason)
    known = select(Interest.id).where(
        Interest.person_id == tie.person_id, Interest.organisation_id == tie.organisation_id
    )
    if not tx.session.execute(known).first():
        interest = Interest(
            person_id=tie.person_id, organisation_id=tie.organisation_id, reason=reason, declared_at=tx.now
        )
        tx.session.add(interest)  # the rule asked is that of the suspicion: it is not her own declaration
        tx.session.flush()
        tx.emit("interest.declared", interest, found=tie.grounds)
    return tie


def dismiss(tx: Tx, tie_id: UUID, reason: str) -> SuspectedTie:
    """She is not tied to the holder, and the officer says how she knows."""
    tie = tx.get(SuspectedTie, tie_id, "suspected_tie.decide")
    reason = written(reason, "reason", REASON_LENGTH)
    SUSPICION.fire(tx, tie, "dismiss", reason=reason)
    _decided(tx, tie, tx.actor.id, reason)
    return tie


def settle(tx: Tx, interest: Interest, by: UUID | None) -> None:
    """What was suspected is declared: nothing is left to decide."""
    asked = select(SuspectedTie).where(
        SuspectedTie.person_id == interest.person_id,
        SuspectedTie.organisation_id == interest.organisation_id,
        SuspectedTie.state == SuspicionState.TO_CONFIRM,
    )
    for tie in tx.session.scalars(asked.with_for_update()):
        SUSPICION.fire(tx, tie, "confirm", reason=interest.reason)
        _decided(tx, tie, by, interest.reason)


def _decided(tx: Tx, tie: SuspectedTie, by: UUID | None, reason: str) -> None:
    tie.decided_at, tie.decided_by, tie.reason = tx.now, by, reason
    tx.session.flush()


def _keep(tx: Tx, pairs: dict[Pair, list[str]], place: dict[UUID, str]) -> None:
    rows = [
        {
            "id": uuid7(),
            "person_id": person,
            "organisation_id": organisation,
            "province_code": place[organisation],
            "state": SuspicionState.TO_CONFIRM,
            "grounds": grounds,
            "found_at": tx.now,
        }
        for (person, organisation), grounds in pairs.items()
    ]
    for start in range(0, len(rows), CHUNK):
        new = insert(SuspectedTie).on_conflict_do_nothing(index_elements=["person_id", "organisation_id"])
        made = tx.session.scalars(new.values(rows[start : start + CHUNK]).returning(SuspectedTie)).all()
        for tie in made:
            tx.emit("suspected_tie.found", tie, grounds=tie.grounds)


def _kept(tx: Tx, people: Collection[UUID], organisations: Collection[UUID]) -> Sequence[SuspectedTie]:
    return tx.session.scalars(
        select(SuspectedTie).where(
            SuspectedTie.person_id.in_(people), SuspectedTie.organisation_id.in_(organisations)
        )
    ).all()


def _grow(tx: Tx, kept: Sequence[SuspectedTie], pairs: dict[Pair, list[str]]) -> None:
    """New grounds are added; what was dismissed without them is to be looked at again."""
    for tie in kept:
        new = sorted({*pairs.get((tie.person_id, tie.organisation_id), ()), *tie.grounds})
        if new == sorted(tie.grounds):
            continue
        tie.grounds = new
        if tie.state is SuspicionState.DISMISSED:
            SUSPICION.fire(tx, tie, "raise", grounds=new)
            tie.decided_at = tie.decided_by = tie.reason = None
