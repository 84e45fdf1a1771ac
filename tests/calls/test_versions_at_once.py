"""A deposit in flight when a new version is published sees one version or the other, never a mix."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from sqlalchemy import select, text

from backend.calls import commands
from backend.calls.callfile import from_json
from backend.calls.models import Call, VersionKind
from backend.core.tx import transaction
from tests.calls import given
from tests.world import build

WHY = {"fr": "Une erreur.", "ar": "خطأ."}


@pytest.mark.parametrize("act", ["erratum", "extension"])
@pytest.mark.usefixtures("committed")
def test_a_new_version_waits_for_the_deposits_that_hold_the_call(act: str) -> None:
    world: Any = build()
    call = given.published(world)

    def publish() -> int:
        with transaction(world.officer) as tx:
            if act == "extension":
                later = call.closes_at + timedelta(days=1)
                return commands.extend(tx, call.id, later, WHY, None).version_number
            file = from_json(call.definition | {"appeal_days": 45})
            return commands.amend(tx, call.id, file, VersionKind.ERRATUM, WHY, None).version_number

    with ThreadPoolExecutor(1) as other:
        with transaction(world.holder) as tx:
            held = select(Call.version_number).where(Call.id == call.id)
            assert tx.session.scalar(held.with_for_update(read=True, key_share=True)) == 1
            amended = other.submit(publish)
            sleep(0.5)
            assert not amended.done()  # the new version waits for the deposit
            assert tx.session.scalar(text("SELECT version_number FROM call")) == 1
        assert amended.result(timeout=10) == 2
