"""A committee as its order (arrêté) makes it: recorded, corrected, with the signed paper."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from backend.core.errors import INVALID, NOT_FOUND, FieldError
from backend.core.tx import Tx
from backend.files import commands as files
from backend.files.intake import Kept
from backend.files.lifecycle import FILE_INFECTED
from backend.files.models import Scan, StoredFile
from backend.territory.models import Province

from .lifecycle import ORDER_KIND
from .models import Committee, CommitteeKind
from .schemas import OrderIn
from .standing_rules import Terms, set_procedure

PAPERS = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""What a signed order may be: it is read in the page."""


def create_committee(
    tx: Tx,
    province_code: str,
    kind: CommitteeKind,
    name: Mapping[str, str],
    order: tuple[str, date],
    terms: Terms | None = None,
) -> Committee:
    """Record a committee created by the governor's order (its number and date), with its first procedure."""
    if tx.session.get(Province, province_code) is None:
        raise INVALID([FieldError("province_code", "unknown_province")])
    number, ordered_on = order
    committee = Committee(
        province_code=province_code, kind=kind, name=dict(name), order_number=number, ordered_on=ordered_on
    )
    tx.add(committee, "committee.create")
    tx.emit("committee.created", committee, kind=kind)
    set_procedure(tx, committee.id, ordered_on, terms or Terms())
    return committee


def correct_committee(tx: Tx, committee_id: UUID, asked: OrderIn) -> Committee:
    """Mend what was mistyped of the order; the event says what it was and what it is."""
    committee = tx.get(Committee, committee_id, "committee.edit")
    given = asked.model_dump()
    changes = {
        key: [_plain(getattr(committee, key)), _plain(value)]
        for key, value in given.items()
        if getattr(committee, key) != value
    }
    if not changes:
        tx.recorded = True  # asked again: nothing is written
        return committee
    for key in changes:
        setattr(committee, key, given[key])
    tx.emit("committee.corrected", committee, changes=changes)
    return committee


def file_order(tx: Tx, committee_id: UUID, kept: Kept) -> Committee:
    """Keep the signed order and attach it."""
    tx.get(Committee, committee_id, "committee.edit")
    return attach_order(tx, committee_id, files.register(tx, kept))


def attach_order(tx: Tx, committee_id: UUID, file: StoredFile) -> Committee:
    """Attach the signed order; another one takes its place, and the earlier one stays in the trail."""
    committee = tx.get(Committee, committee_id, "committee.edit")
    if file.media_type not in PAPERS:
        raise ORDER_KIND(name=file.name)
    before, committee.order_file_id = committee.order_file_id, file.id
    said = {"replaces": str(before)} if before else {}
    tx.emit("committee.order_filed", committee, file=str(file.id), sha256=file.sha256, **said)
    return committee


def order_file(tx: Tx, committee_id: UUID) -> StoredFile:
    """The signed order, for whoever reads the committee; 404 without one."""
    committee = tx.get(Committee, committee_id, "committee.read")
    file = tx.session.get(StoredFile, committee.order_file_id) if committee.order_file_id else None
    if file is None:
        raise NOT_FOUND(thing="file")
    if file.scan is Scan.INFECTED:
        raise FILE_INFECTED(name=file.name)
    return file


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
