"""What an evaluator knows: value chains, and the communes where she lives or comes from."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ...calls.rules.vocabulary import known
from ...core.errors import INVALID, FieldError
from ...core.tx import Tx
from ...people.models import Person
from ...territory.models import Commune
from ..models import Expertise, HomeCommune


def know(
    tx: Tx, person_id: UUID, chains: Collection[str] | None = None, communes: Collection[str] | None = None
) -> None:
    """Set the chains or the communes (None: as they are); said by herself or by her province's officer."""
    person = tx.get(Person, person_id, "person.know")
    changed = {}
    if chains is not None:
        _check("chains", chains, known("chain") or ())
        changed["chains"] = _set(tx, person_id, Expertise.chain_code, chains)
    if communes is not None:
        there = select(Commune.code).where(Commune.code.in_(communes))
        _check("communes", communes, tx.session.scalars(there).all())
        changed["communes"] = _set(tx, person_id, HomeCommune.commune_code, communes)
    if not any(changed.values()):
        tx.recorded = True  # the same again: nothing is written
        return
    # where she comes from stays hers: the event does not say it
    tx.emit("person.knowledge_declared", person, chains=sorted(chains or ()), what=sorted(changed))


def _check(field: str, asked: Collection[str], there: Collection[str]) -> None:
    wrong = sorted(set(asked) - set(there))
    if wrong:
        raise INVALID([FieldError(f"{field}.{code}", "code_unknown", {"code": code}) for code in wrong])


def _set(tx: Tx, person_id: UUID, column: Any, wanted: Collection[str]) -> bool:
    """Make her rows of this kind say these codes; whether any changed."""
    model = column.class_
    rows = {
        getattr(row, column.key): row
        for row in tx.session.scalars(select(model).where(model.person_id == person_id))
    }
    for code in rows.keys() - set(wanted):
        tx.session.delete(rows[code])
    new = sorted(set(wanted) - rows.keys())
    for code in new:
        tx.session.add(model(person_id=person_id, declared_at=tx.now, **{column.key: code}))
    tx.session.flush()
    return bool(new or rows.keys() - set(wanted))
