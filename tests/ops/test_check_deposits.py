"""What breaks the invariants of deposits is named."""

import os

import pytest
from sqlalchemy import create_engine, text

from backend.core.config import settings
from backend.ops import check, check_deposits
from tests.applications import given
from tests.world import build

BREAKS = {
    "version-in-force": "UPDATE call SET definition_sha256 = repeat('0', 64)",
    "receipts": "UPDATE application SET receipt_code = 'AAAA-AAAA-AAAA'",
    "first-deposits": "UPDATE application SET first_submitted_at = first_submitted_at + interval '1 day'",
    "none-late": "UPDATE submission SET submitted_at = submitted_at + interval '90 days'",
    "versions": "UPDATE application SET submissions = 3",
    "filed-for-another": "UPDATE application SET filing = 'paper'",
    "fingerprints": """UPDATE submission SET content = content || '{"project": {}}'""",
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_deposit_is_named(committed: str, name: str) -> None:
    given.submitted(build())
    url = os.environ["MIGRATION_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    assert _found() == []
    owner = create_engine(url)
    with owner.begin() as connection:
        connection.execute(text(BREAKS[name]))
    owner.dispose()
    assert name in _found()


def _found() -> list[str]:
    url = settings().database_url
    told = check.broken(url) | check_deposits.broken(url)
    return [name for name, rows in told.items() if rows]
