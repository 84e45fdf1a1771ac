"""Bringing a database to the latest schema, the same way everywhere: start, tests, servers."""

import os

from alembic import command
from alembic.config import Config

from backend.arguments import Arguments
from backend.ops.paths import ROOT
from backend.ops.refusal import Refusal


def migrate(database_url: str, revision: str = "head") -> None:
    """Upgrade the database at `database_url` (its owner's address) to `revision`. Idempotent."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = plain_driver(database_url)
    command.upgrade(config, revision)


def plain_driver(url: str) -> str:
    """Name the driver that we ship in an address which leaves it open.

    >>> plain_driver("postgresql://owner@db/indh")
    'postgresql+psycopg://owner@db/indh'
    """
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme in {"postgres", "postgresql"} else url


def main(argv: list[str]) -> int:
    """Migrate MIGRATION_DATABASE_URL, or DATABASE_URL. Raises Refusal when neither is set."""
    Arguments(prog="./indh migrate", description="Bring DATABASE_URL to the latest schema.").parse_args(argv)
    url = os.environ.get("MIGRATION_DATABASE_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise Refusal("set DATABASE_URL (or MIGRATION_DATABASE_URL, its owner's) to the database to migrate.")
    migrate(url)
    return 0
