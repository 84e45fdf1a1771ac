"""Agents of the plateforme des jeunes file for holders; a dossier keeps its first deposit; exports are recorded."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backend.core.audit import protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


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
    accompaniment()
    invitation()
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
    op.drop_index("ix_organisation_bare_register_number", table_name="organisation")
    op.drop_table("screening_note")
    op.drop_table("export")
    op.drop_table("invitation")
    op.drop_table("accompaniment")
    op.drop_column("person", "reach")
    op.drop_column("lookalike", "told_at")
    op.drop_column("call_draft", "to_reread")
    op.drop_column("call_draft", "amends")
    op.drop_column("application", "first_submitted_at")
