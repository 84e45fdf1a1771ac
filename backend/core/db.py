"""The database: one engine, one declarative base, and the few column types of the house."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import cache
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

from psycopg import Error as PsycopgError
from pydantic_core import from_json
from sqlalchemy import BigInteger, Connection, DateTime, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from uuid_utils.compat import uuid7

from .config import settings

APP_ROLE = "indh_app"
"""The role under which requests and jobs run: it may not touch the audit trail (migrations grant it)."""

Money = Annotated[int, mapped_column(BigInteger)]
"""Integer centimes of dirham."""
Localized = dict[str, str]
"""Words of the staff, `{"fr": …, "ar": …}`."""


IDLE_SECONDS = 3.0


class Base(DeclarativeBase):
    """Every table: a time-ordered id unless the world gives one, and an audit trigger (see `audit`)."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        dict[str, str]: JSONB,
        dict[str, Any]: JSONB,
        list[str]: JSONB,
        list[Any]: JSONB,
        datetime: DateTime(timezone=True),
    }


def choice(kind: type[StrEnum], **options: Any) -> Any:
    """A column of one of the enum's values, stored as its word."""
    words = Enum(kind, native_enum=False, length=40, values_callable=lambda e: [member.value for member in e])
    return mapped_column(words, **options)


class HasId:
    """A UUIDv7 made here, so that PostgreSQL 15 serves as well as 18."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


class Versioned:
    """A row that people edit: its version is the ETag, and a save over an older one is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 (SQLAlchemy calls it on the class)
        return {"version_id_col": cls.version}


@cache
def engine() -> Engine:
    """The process's pool; each new connection drops to the application's role."""
    made = create_engine(
        settings().database_url,
        pool_size=settings().pool_size,
        max_overflow=0,
        pool_timeout=10,
        json_deserializer=from_json,  # three times as fast as the standard library's on small values
        hide_parameters=True,  # an error's text must not carry what somebody typed, nor a hash
        connect_args={"application_name": "indh"},
    )
    made.dialect.use_insertmanyvalues_wo_returning = True  # rows added together travel in one statement
    event.listen(made, "connect", become_app)
    event.listen(made, "checkin", _note_idleness)
    event.listen(made, "checkout", _ping_after_idleness)
    return made


def _note_idleness(_connection: Any, record: Any) -> None:
    record.info["since"] = monotonic()


def _ping_after_idleness(connection: Any, record: Any, _proxy: Any) -> None:
    """A connection that rested may have died with its server: the pool then opens another.

    One that was used a moment ago is taken as it is, which saves a round trip a request; should the server
    have died just then, that request is told so (503) and the pool starts anew.
    """
    if monotonic() - record.info.get("since", 0.0) > IDLE_SECONDS:
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except PsycopgError as error:
            raise DisconnectionError from error


def bind() -> Engine | Connection:
    """What sessions run on: the pool; a test puts one open connection in its place."""
    return engine()


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for one statement that only reads: no transaction to begin and to end around it."""
    where = bind()
    if isinstance(where, Connection):
        yield where
        return
    with where.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def become_app(connection: Any, _record: Any) -> None:
    """Least privilege: whoever logs in, statements run as `indh_app`."""
    connection.execute(f"SET ROLE {APP_ROLE}")
    connection.commit()
