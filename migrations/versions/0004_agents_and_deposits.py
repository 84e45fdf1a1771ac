"""Agents file for holders; a dossier keeps its first deposit; exports are recorded; the trail may forget."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backend.core.audit import protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FORGET = """
CREATE FUNCTION blanked(kept jsonb, names text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public AS $$
  SELECT jsonb_object_agg(key, CASE WHEN key = ANY (names) AND value <> 'null' THEN '"•"' ELSE value END)
    FROM jsonb_each(kept)
$$;

-- The trail keeps what was done and when; of a person who was erased, no name and no address.
CREATE FUNCTION forget_person(who uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  part record;
  called text[] := ARRAY(
    SELECT DISTINCT said FROM row_change, LATERAL (VALUES (old ->> 'name'), (new ->> 'name')) AS v (said)
     WHERE table_name = 'person' AND row_id = who::text AND said IS NOT NULL);
BEGIN
  IF NOT EXISTS (SELECT FROM person WHERE id = who AND erased_at IS NOT NULL) THEN
    RAISE EXCEPTION 'only of a person who was erased';
  END IF;
  -- lists of members of the organisations that she represented, those replaced since too
  UPDATE row_change SET old = blanked(old, ARRAY['name']), new = blanked(new, ARRAY['name'])
   WHERE table_name = 'member' AND (old ->> 'name' = ANY (called) OR new ->> 'name' = ANY (called))
     AND row_id IN (
       SELECT c.row_id FROM row_change c JOIN representative r ON r.person_id = who
        WHERE c.table_name = 'member'
          AND coalesce(c.new, c.old) ->> 'organisation_id' = r.organisation_id::text);
  FOR part IN
    SELECT 'person' AS of, ARRAY['name', 'email', 'phone'] AS names, ARRAY[who::text] AS keys
    UNION ALL
    SELECT 'message', ARRAY['address'], array_agg(id::text) FROM message
     WHERE recipient_id = who OR address IS NULL
    UNION ALL
    SELECT 'seat', ARRAY['name'], array_agg(id::text) FROM seat WHERE person_id = who
    UNION ALL
    SELECT 'organisation', ARRAY['phone'], array_agg(o.id::text) FROM organisation o
      JOIN representative r ON r.organisation_id = o.id AND r.person_id = who WHERE o.phone IS NULL
    UNION ALL
    SELECT 'accompaniment', ARRAY['phone'], array_agg(id::text) FROM accompaniment WHERE phone IS NULL
    UNION ALL
    SELECT 'assistance', ARRAY['phone'], array_agg(id::text) FROM assistance WHERE phone IS NULL
  LOOP
    UPDATE row_change SET old = blanked(old, part.names), new = blanked(new, part.names)
     WHERE table_name = part.of AND row_id = ANY (part.keys);
  END LOOP;
  UPDATE event SET actor_name = (SELECT name FROM person WHERE id = who) WHERE actor_id = who;
END $$;
REVOKE ALL ON FUNCTION forget_person(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_person(uuid) TO indh_app;
"""


def upgrade() -> None:
    op.add_column("application", sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE application SET first_submitted_at = coalesce("
        "(SELECT min(s.submitted_at) FROM submission s WHERE s.application_id = application.id), submitted_at)"
    )
    op.add_column("call_draft", sa.Column("amends", sa.Integer(), nullable=True))
    op.add_column("call_draft", sa.Column("to_reread", postgresql.JSONB(), nullable=True))
    reach = sa.Enum("email", "sms", "both", name="reach", native_enum=False, length=40)
    op.add_column("person", sa.Column("reach", reach, server_default="email", nullable=False))
    op.add_column("lookalike", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_organisation_spelled_name", "organisation")
    op.drop_column("organisation", "spelled_name")  # names are compared outside the database
    accompaniment()
    invitation()
    op.execute(FORGET)
    export()
    screening_note()
    op.create_index(
        "ix_organisation_bare_register_number",
        "organisation",
        [sa.text("regexp_replace(upper(register_number), '[^0-9A-Z]', '', 'g')")],
        postgresql_where=sa.text("register_number IS NOT NULL"),
    )


def screening_note() -> None:
    op.create_table(
        "screening_note",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_screening_note_application_id")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_screening_note_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_note")),
    )
    op.create_index(
        op.f("ix_screening_note_application_id"), "screening_note", ["application_id"], unique=False
    )
    op.execute(protect("screening_note"))


def export() -> None:
    op.create_table(
        "export",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind", sa.Enum("xlsx", "csv", name="exportkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("asked", postgresql.JSONB(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index("ix_export_person", "export", ["person_id", "made_at"], unique=False)
    op.execute(protect("export"))


def accompaniment() -> None:
    op.create_table(
        "accompaniment",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("register_number", sa.String(length=40), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], name=op.f("fk_accompaniment_agent_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_accompaniment_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_accompaniment_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accompaniment")),
    )
    op.create_index(op.f("ix_accompaniment_agent_id"), "accompaniment", ["agent_id"], unique=False)
    op.create_index(
        "uq_accompaniment_current",
        "accompaniment",
        ["organisation_id"],
        unique=True,
        postgresql_where=sa.text("since IS NOT NULL AND until IS NULL"),
    )
    op.execute(protect("accompaniment", secrets=("code_hash",)))


def invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"], unique=False)
    op.execute(protect("invitation", secrets=("token_hash",)))


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_person(uuid)")
    op.execute("DROP FUNCTION blanked(jsonb, text[])")
    op.drop_index("ix_organisation_bare_register_number", table_name="organisation")
    op.drop_table("screening_note")
    op.drop_table("export")
    op.drop_table("invitation")
    op.drop_table("accompaniment")
    op.drop_column("person", "reach")
    op.add_column("organisation", sa.Column("spelled_name", sa.String(), server_default="", nullable=False))
    op.create_index(
        "ix_organisation_spelled_name",
        "organisation",
        ["spelled_name"],
        postgresql_using="gin",
        postgresql_ops={"spelled_name": "gin_trgm_ops"},
    )
    op.drop_column("lookalike", "told_at")
    op.drop_column("call_draft", "to_reread")
    op.drop_column("call_draft", "amends")
    op.drop_column("application", "first_submitted_at")
