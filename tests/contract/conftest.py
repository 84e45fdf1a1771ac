"""The scenario of the contract tests, made once a process."""

from collections.abc import Iterator

import pytest

from tests.conftest import beside, bound
from tests.contract.scenario import Scenario, played, staged


@pytest.fixture(scope="session")
def stage(worker_database: str) -> Iterator[Scenario]:
    """A third database of this worker, where one of everything stands already."""
    with beside("stage") as connection:
        with bound(connection):
            made = staged(connection)
        yield made


@pytest.fixture(scope="module")
def scenario(unmeasured: None, stage: Scenario) -> Iterator[Scenario]:
    """One of everything, in a transaction that is rolled back with the module."""
    from backend.core import db

    outer = stage.connection.begin()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "bind", lambda: stage.connection)
        with played(stage) as again:
            yield again
    outer.rollback()
