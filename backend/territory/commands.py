"""Loading the vendored territory into the database: once for each version of the files."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from ..core.db import Base
from ..core.tx import Tx
from . import reference
from .models import Commune, Province, ReferenceLoad, Region

KIND = "territory"


def load_reference(tx: Tx) -> int:
    """Insert or rename every region, province and commune; returns the rows loaded, 0 if unchanged."""
    digest = hashlib.sha256()
    for file in sorted(reference.DATA.glob("*.csv")):
        digest.update(file.read_bytes())
    last = (
        select(ReferenceLoad.sha256)
        .where(ReferenceLoad.kind == KIND)
        .order_by(ReferenceLoad.id.desc())
        .limit(1)
    )
    if tx.session.scalar(last) == digest.hexdigest():
        return 0
    count = _put(tx, Region, [{"code": r.code, "name": _name(r)} for r in reference.regions()])
    count += _put(
        tx,
        Province,
        [
            {"code": p.code, "region_code": p.region_code, "kind": p.kind, "name": _name(p)}
            for p in reference.provinces()
        ],
    )
    count += _put(tx, Commune, _communes())
    load = ReferenceLoad(kind=KIND, sha256=digest.hexdigest(), rows=count, loaded_at=tx.now)
    tx.add(load, "reference_load.create")
    tx.emit("reference.loaded", load, kind=KIND, rows=count)
    return count


def _communes() -> list[dict[str, Any]]:
    """Communes, and the arrondissements of the six cities that are divided into them."""
    cercles = {cercle.code: _name(cercle) for cercle in reference.cercles()}
    communes = {commune.code: commune for commune in reference.communes()}
    rows = [
        {
            "code": c.code,
            "province_code": c.province_code,
            "cercle": cercles[c.cercle_code] if c.cercle_code else None,
            "kind": c.kind,
            "name": _name(c),
            "population": c.population_2024,
        }
        for c in communes.values()
    ]
    return rows + [
        {
            "code": a.code,
            "province_code": communes[a.commune_code].province_code,
            "cercle": None,
            "kind": "arrondissement",
            "name": _name(a),
            "population": a.population_2024,
        }
        for a in reference.arrondissements()
    ]


def _name(row: Any) -> dict[str, str]:
    return {"fr": row.name_fr, "ar": row.name_ar}


def _put(tx: Tx, model: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    statement = insert(model)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "code"}
    tx.session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=changed), rows)
    return len(rows)
