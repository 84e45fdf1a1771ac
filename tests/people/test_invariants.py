"""What `./indh check` asks of cards, merges and erased people: true, and said when it is not."""

import pytest
from sqlalchemy import text

from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.ops.check import INVARIANTS
from tests.people.test_identities import members
from tests.people.test_organisations import woman

BREAKING = {
    "cards-sealed": "UPDATE member SET identity_number = convert_to('JZ739517', 'UTF8') WHERE id = :member",
    "merged-once": "UPDATE organisation SET merged_into_id = :other WHERE id = :organisation",
    "erased": "UPDATE person SET erased_at = now() WHERE id = :person",
}


@pytest.mark.parametrize("name", BREAKING)
def test_it_holds_and_is_noticed(world, name):
    (member,) = members(world, woman("A", identity="JZ739517"))
    asked = next(text(one.broken) for one in INVARIANTS if one.name == name)
    known = {
        "member": member, "organisation": world.tifaout, "other": world.rival_cooperative,
        "person": world.holder.id,
    }  # fmt: skip
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        assert tx.session.scalars(asked).all() == []
        statement = text(BREAKING[name])
        tx.session.execute(statement, {key: known[key] for key in known if f":{key}" in BREAKING[name]})
        assert len(tx.session.scalars(asked).all()) == 1
