"""The row-change trail: one trigger on every table, written by the database itself.

Requests and jobs run as `indh_app`, which may read `row_change` but not write it: the trigger function
belongs to the owner of the schema (SECURITY DEFINER). Migrations call `protect` for each table they create.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .db import APP_ROLE, Base


class RowChange(Base):
    """One row inserted, updated or deleted: what it was and what it became (changed columns only)."""

    __tablename__ = "row_change"
    __audited__ = False  # it is the trail
    __table_args__ = (Index("ix_row_change_row", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(6))
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]
    actor: Mapped[str | None] = mapped_column(String(40))
    request_id: Mapped[str | None] = mapped_column(String(64))


CREATE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} NOLOGIN;
    EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- two databases migrating at once
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
"""

CREATE_FUNCTION = """
CREATE FUNCTION record_row_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  -- the arguments: the primary key's column, then the columns that are never copied
  secrets text[] := TG_ARGV[1:];
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - secrets END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - secrets END;
  key text := coalesce(after, before) ->> TG_ARGV[0];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(a.key, a.value), jsonb_object_agg(a.key, b.value) INTO after, before
      FROM jsonb_each(after) a JOIN jsonb_each(before) b USING (key)
     WHERE a.value IS DISTINCT FROM b.value;
    IF after IS NULL THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO row_change (at, table_name, row_id, action, old, new, actor, request_id)
  VALUES (clock_timestamp(), TG_TABLE_NAME, key, lower(TG_OP), before, after,
          nullif(current_setting('indh.actor', true), ''), nullif(current_setting('indh.request', true), ''));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION record_row_change() FROM PUBLIC;
"""


def protect(table: str, key: str = "id", secrets: tuple[str, ...] = ()) -> str:
    """SQL that gives the application its rights on a table, and the table its audit trigger."""
    arguments = ", ".join(f"'{name}'" for name in (key, *secrets))
    return f"""
{grant(table, "SELECT", "INSERT", "UPDATE", "DELETE")}
CREATE TRIGGER row_change AFTER INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION record_row_change({arguments});
"""


def grant(table: str, *rights: str) -> str:
    """SQL that gives the application these rights on a table and no other."""
    return f"REVOKE ALL ON {table} FROM {APP_ROLE}; GRANT {', '.join(rights)} ON {table} TO {APP_ROLE};"
