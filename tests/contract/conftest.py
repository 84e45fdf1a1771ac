"""The scenario of the contract tests, made once a module and process."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.contract.scenario import Scenario, played


@pytest.fixture(scope="module")
def scenario(session_connection: Connection) -> Iterator[Scenario]:
    """One of everything, in a transaction that ends with the module."""
    from backend.core import db

    outer = session_connection.begin()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "bind", lambda: session_connection)
        with played(session_connection) as made:
            yield made
    outer.rollback()
