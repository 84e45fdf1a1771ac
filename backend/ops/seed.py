"""What a start puts into an empty database: reference data, and in a demonstration its first accounts.

The rest of the demonstration is made through the API, as anybody would (`backend.ops.demo`): before anything
serves for `./indh up`, by its own client for `./indh demo`.
"""

from collections.abc import Callable

from sqlalchemy import select

from ..app import load as load_slices
from ..core.actor import SYSTEM
from ..core.tx import Tx, transaction
from .refusal import Refusal

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


def fill(say: Callable[[str], None] = lambda _stage: None) -> None:
    """The demonstration province of `./indh up`; `say` hears of each stage that is done."""
    from .demo.province import fill as fill_province

    fill_province(say)


def _accounts(tx: Tx) -> None:
    """The national roles, unless they are there; the administrator then makes everyone else.

    Raises Refusal where real people are: they must not share an installation with a known password.
    """
    from ..people.commands import create_person
    from ..people.models import Person
    from ..people.schemas import GrantIn, PersonIn

    known = set(tx.session.scalars(select(Person.email)))
    if known and known.isdisjoint(email for email, _, _ in NATIONAL):
        raise Refusal(
            "this database has accounts that are not a demonstration's, whose passwords are public: "
            "add --no-demo, or name an empty database."
        )
    for email, name, role in NATIONAL:
        if email not in known:
            create_person(
                tx, PersonIn(name=name, email=email, password=DEMO_PASSWORD, grants=[GrantIn(role=role)])
            )


# The operator's command speaks English; the platform itself says these in French and Arabic.
_ROLES = {
    "holder": "Holder",
    "evaluator": "Evaluator",
    "chair": "Committee chair",
    "member": "Committee member",
    "officer": "DAS officer",
    "agent": "Agent of the plateforme",
    "coach": "Coach",
    "coordination": "CN-INDH",
    "auditor": "Auditor",
    "administrator": "Administrator",
}


def accounts() -> list[tuple[str, str, str]]:
    """What the operator is shown of a demonstration: role, address, password."""
    from .demo.province import accounts as everyone

    return [(_ROLES[one.role], one.email, one.password) for one in everyone()]
