"""Loading the chains, and setting the dated list that a province puts first."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from backend.core.errors import INVALID, FieldError
from backend.core.tx import Tx
from backend.territory.models import Province, ReferenceLoad

from . import catalogue
from .lifecycle import PRIORITIES_BACKDATED, UNKNOWN_CHAIN
from .models import PriorityChain, ValueChain

KIND = "value_chains"


def load_chains(tx: Tx) -> int:
    """Insert or rename every chain of the vendored file; returns the rows loaded, 0 when nothing changed."""
    last = (
        select(ReferenceLoad.sha256)
        .where(ReferenceLoad.kind == KIND)
        .order_by(ReferenceLoad.id.desc())
        .limit(1)
    )
    if tx.session.scalar(last) == catalogue.digest():
        return 0
    rows = [{"id": uuid7(), **row} for row in catalogue.rows()]
    statement = insert(ValueChain)
    changed = {name: statement.excluded[name] for name in ("sector", "name")}
    tx.session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=changed), rows)
    load = ReferenceLoad(kind=KIND, sha256=catalogue.digest(), rows=len(rows), loaded_at=tx.now)
    tx.add(load, "reference_load.create")
    tx.emit("chains.loaded", load, rows=len(rows))
    return len(rows)


def set_priorities(tx: Tx, province_code: str, codes: Sequence[str], from_on: date) -> list[PriorityChain]:
    """Put these chains first from that day on, in this order; the list in force until then ends that day.

    A list replaced on the day it began is never in force but stays on record. Raises `unknown_chain`,
    `priorities_backdated` (a list must not begin before the last one did) or a field error on a duplicate.
    """
    tx.get(Province, province_code, "province.prioritise")  # locked: two lists are set one after the other
    if len(set(codes)) < len(codes):
        raise INVALID([FieldError("chains", "chain_twice")])
    ids = dict(
        tx.session.execute(select(ValueChain.code, ValueChain.id).where(ValueChain.code.in_(codes))).all()
    )
    if unknown := [code for code in codes if code not in ids]:
        raise UNKNOWN_CHAIN(chains=", ".join(unknown))
    standing = (PriorityChain.province_code == province_code, PriorityChain.until_on.is_(None))
    latest = tx.session.scalar(select(PriorityChain.from_on).where(*standing).limit(1))
    if latest and from_on < latest:
        raise PRIORITIES_BACKDATED(latest=latest.isoformat())
    tx.session.execute(
        update(PriorityChain).where(*standing).values(until_on=from_on),
        execution_options={"synchronize_session": False},
    )
    rows = [
        PriorityChain(province_code=province_code, chain_id=ids[code], rank=rank, from_on=from_on)
        for rank, code in enumerate(codes, 1)
    ]
    tx.session.add_all(rows)
    tx.session.flush()
    tx.emit("priorities.set", rows[0], chains=list(codes), from_on=from_on.isoformat())
    return rows
