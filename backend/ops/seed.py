"""What a start puts into an empty database: reference data, and in a demonstration its first accounts.

The rest of the demonstration is made through the API, as anybody would (`backend.ops.demo`): before anything
serves for `./indh up`, by its own client for `./indh demo`.
"""

from typing import Any

from sqlalchemy import event, select

from ..app import load as load_slices
from ..core import db
from ..core.actor import SYSTEM
from ..core.tx import Tx, transaction

DEMO_PASSWORD = "indh-demo-2026"
NATIONAL = (
    ("administratrice@exemple.test", "Loubna Chraïbi", "administrator"),
    ("auditeur@exemple.test", "Driss Bennis", "auditor"),
    ("coordination@exemple.test", "Samira Tazi", "coordination"),
)


def load(demo: bool) -> None:
    """Reference data, once for each of its versions; demonstration accounts where asked."""
    load_slices("jobs")
    from ..territory.commands import load_reference
    from ..value_chains.commands import load_chains

    with transaction(SYSTEM) as tx:
        load_reference(tx)
        load_chains(tx)
        if demo:
            _accounts(tx)
    db.engine().dispose()


def fill() -> None:
    """The demonstration province of `./indh up`."""
    from .demo.province import fill as fill_province

    event.listen(db.engine(), "connect", _hurry)
    fill_province()
    db.engine().dispose()


def _hurry(connection: Any, _record: Any) -> None:
    """Thousands of small commits that nobody waits for: each is consistent, none waits for the disk."""
    connection.execute("SET synchronous_commit = off")
    connection.commit()


def _accounts(tx: Tx) -> None:
    """The national roles, unless they are there; the administrator then makes everyone else."""
    from ..people.commands import create_person
    from ..people.models import Person
    from ..people.schemas import GrantIn, PersonIn

    known = set(tx.session.scalars(select(Person.email)))
    for email, name, role in NATIONAL:
        if email not in known:
            create_person(
                tx, PersonIn(name=name, email=email, password=DEMO_PASSWORD, grants=[GrantIn(role=role)])
            )


def accounts() -> list[tuple[str, str, str]]:
    """What the operator is shown of a demonstration: role, address, password."""
    from ..core.i18n import label
    from .demo.province import accounts as everyone

    return [(label("fr", f"role.{one.role}"), one.email, one.password) for one in everyone()]
