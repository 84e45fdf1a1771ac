"""Alembic's environment: migrations run as the schema's owner, never as the application's role."""

from alembic import context
from sqlalchemy import create_engine, pool

from backend.app import load
from backend.core.config import settings
from backend.core.db import Base

load("models")

if context.is_offline_mode():
    context.configure(
        url=settings().migration_database_url, target_metadata=Base.metadata, literal_binds=True
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    given = context.config.attributes.get("url") or settings().migration_database_url
    with create_engine(given, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
