"""Calls in versions with questions, dossiers in versions with papers, organisations compared."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from backend.core.audit import grant, protect
from backend.core.folding import words
from backend.people.resemblance import spelled

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    change_tables()
    op.execute(protect("saved_view"))
    op.execute(protect("stored_file"))
    op.execute(grant("upload", "SELECT", "INSERT", "UPDATE", "DELETE"))
    op.execute(protect("call_question"))
    op.execute(protect("call_draft"))
    op.execute(protect("call_version"))
    op.execute(protect("lookalike"))
    op.execute(protect("assistance", secrets=("code_hash",)))
    op.execute(protect("completion_request"))
    op.execute(protect("dossier_document"))
    op.execute(protect("field_change"))
    op.execute(protect("submission"))
    op.execute("DROP TRIGGER row_change ON organisation")
    op.execute(protect("organisation", secrets=("bank_account",)))
    op.execute("DROP TRIGGER row_change ON member")
    op.execute(protect("member", secrets=("identity_number", "identity_digest")))
    keep_what_stands()


def keep_what_stands() -> None:
    """What was published and deposited until now is version 1; names and titles become searchable."""
    op.execute(VERSIONS)
    op.execute(SUBMISSIONS)
    fold("organisation", "folded_name", "coalesce(name->>'fr', '') || ' ' || coalesce(name->>'ar', '')")
    fold("application", "search_text", "number || ' ' || title")
    spell()


def spell() -> None:
    """Names in Latin letters, without the words of all: what lookalikes are found by."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, name FROM organisation")).all()
    if rows:
        made = [{"key": id, "spelled": spelled(name)} for id, name in rows]
        connection.execute(sa.text("UPDATE organisation SET spelled_name = :spelled WHERE id = :key"), made)


def fold(table: str, column: str, source: str) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, {source} FROM {table}")).all()  # noqa: S608
    if rows:
        folded = [{"key": id, "folded": " ".join(words(text))} for id, text in rows]
        connection.execute(sa.text(f"UPDATE {table} SET {column} = :folded WHERE id = :key"), folded)  # noqa: S608


VERSIONS = """
INSERT INTO call_version (id, call_id, number, kind, definition, definition_sha256, published_at)
SELECT gen_random_uuid(), id, 1, 'publication', definition, definition_sha256, published_at
  FROM call WHERE published_at IS NOT NULL;
UPDATE call SET version_number = 1 WHERE published_at IS NOT NULL;
"""
SUBMISSIONS = """
INSERT INTO submission (id, application_id, number, submitted_at, submitted_by, receipt_code,
                        content_sha256, content, snapshot, call_version)
SELECT gen_random_uuid(), id, 1, submitted_at, created_by, receipt_code, content_sha256, content,
       coalesce(snapshot, '{}'), 1
  FROM application WHERE receipt_code IS NOT NULL;
UPDATE application SET submissions = 1 WHERE receipt_code IS NOT NULL;
"""


def change_tables() -> None:
    op.create_table(
        "saved_view",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_view_person_id_name")),
    )
    op.create_table(
        "stored_file",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "scan",
            sa.Enum("not_scanned", "clean", "infected", name="scan", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_stored_file_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index(op.f("ix_stored_file_created_by"), "stored_file", ["created_by"], unique=False)
    op.create_index(op.f("ix_stored_file_sha256"), "stored_file", ["sha256"], unique=False)
    op.create_index(
        "ix_stored_file_unscanned",
        "stored_file",
        ["id"],
        unique=False,
        postgresql_where=sa.text("scan = 'not_scanned'"),
    )
    op.create_table(
        "upload",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("received BETWEEN 0 AND size", name=op.f("ck_upload_received")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_upload_created_by")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_upload_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_created_by"), "upload", ["created_by"], unique=False)
    op.create_index(op.f("ix_upload_expires_at"), "upload", ["expires_at"], unique=False)
    op.create_table(
        "call_draft",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("call_sha256", sa.String(length=64), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_draft_call_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_call_draft_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_draft")),
        sa.UniqueConstraint("call_id", name=op.f("uq_call_draft_call_id")),
    )
    op.create_table(
        "call_question",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.String(length=2000), nullable=False),
        sa.Column("published_question", JSONB(), nullable=True),
        sa.Column("answer", JSONB(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column(
            "state",
            sa.Enum("asked", "answered", "set_aside", name="questionstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_call_question_asked_by")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_question_call_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_call_question_province_code")
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_call_question_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_question")),
    )
    op.create_index(op.f("ix_call_question_asked_by"), "call_question", ["asked_by"], unique=False)
    op.create_index(op.f("ix_call_question_call_id"), "call_question", ["call_id"], unique=False)
    op.create_index(op.f("ix_call_question_province_code"), "call_question", ["province_code"], unique=False)
    op.create_table(
        "call_version",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("publication", "erratum", "extension", name="versionkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", JSONB(), nullable=True),
        sa.Column("definition", JSONB(), nullable=False),
        sa.Column("definition_sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_version_call_id")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_call_version_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_version")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_call_version_call_id_number")),
    )
    op.create_table(
        "lookalike",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("grounds", JSONB(), nullable=False),
        sa.Column("closeness", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("flagged", "distinct", "merged", name="lookalikestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_lookalike_two")),
        sa.ForeignKeyConstraint(["first_id"], ["organisation.id"], name=op.f("fk_lookalike_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["organisation.id"], name=op.f("fk_lookalike_second_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_lookalike_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookalike")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_lookalike_first_id_second_id")),
    )
    op.create_index(op.f("ix_lookalike_first_id"), "lookalike", ["first_id"], unique=False)
    op.create_index(op.f("ix_lookalike_second_id"), "lookalike", ["second_id"], unique=False)
    op.create_table(
        "assistance",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "proof", sa.Enum("code", "sheet", name="proof", native_enum=False, length=40), nullable=True
        ),
        sa.Column("sheet_file_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_sha256", sa.String(length=64), nullable=True),
        sa.Column("deposited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], name=op.f("fk_assistance_agent_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_assistance_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_file_id"], ["stored_file.id"], name=op.f("fk_assistance_sheet_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance")),
        sa.UniqueConstraint("application_id", name=op.f("uq_assistance_application_id")),
    )
    op.create_table(
        "completion_request",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("items", JSONB(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_completion_request_application_id")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_completion_request_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_request")),
        sa.UniqueConstraint("application_id", name=op.f("uq_completion_request_application_id")),
    )
    op.create_table(
        "dossier_document",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("attached_by", sa.Uuid(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_dossier_document_application_id")
        ),
        sa.ForeignKeyConstraint(["attached_by"], ["person.id"], name=op.f("fk_dossier_document_attached_by")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_dossier_document_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_document")),
    )
    op.create_index(
        "ix_dossier_document_current",
        "dossier_document",
        ["application_id"],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(op.f("ix_dossier_document_file_id"), "dossier_document", ["file_id"], unique=False)
    op.create_table(
        "field_change",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_field_change_application_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_field_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_change")),
    )
    op.create_index(
        "ix_field_change_field",
        "field_change",
        ["application_id", "section", "field", "kept_at"],
        unique=False,
    )
    op.create_table(
        "submission",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("receipt_code", sa.String(length=20), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("snapshot", JSONB(), nullable=False),
        sa.Column("call_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_submission_application_id")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_submission_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_submission_application_id_number")),
        sa.UniqueConstraint("receipt_code", name=op.f("uq_submission_receipt_code")),
    )
    op.add_column("application", sa.Column("revision", JSONB(), nullable=True))
    op.add_column("application", sa.Column("submissions", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "application",
        sa.Column(
            "filing",
            sa.Enum("online", "assisted", "paper", name="filing", native_enum=False, length=40),
            server_default="online",
            nullable=False,
        ),
    )
    op.add_column("application", sa.Column("search_text", sa.String(), server_default="", nullable=False))
    op.add_column(
        "application",
        sa.Column(
            "search",
            TSVECTOR(),
            sa.Computed("to_tsvector('simple', search_text)", persisted=True),
            nullable=False,
        ),
    )
    op.create_index("ix_application_search", "application", ["search"], unique=False, postgresql_using="gin")
    op.add_column("call", sa.Column("version_number", sa.Integer(), server_default="0", nullable=False))
    op.add_column("member", sa.Column("identity_number", sa.LargeBinary(), nullable=True))
    op.add_column("member", sa.Column("identity_digest", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_member_identity_digest"), "member", ["identity_digest"], unique=False)
    op.add_column("organisation", sa.Column("commercial_register", sa.String(length=40), nullable=True))
    op.add_column("organisation", sa.Column("bank_account", sa.String(length=24), nullable=True))
    op.add_column("organisation", sa.Column("sectors", JSONB(), server_default="[]", nullable=False))
    op.add_column("organisation", sa.Column("chains", JSONB(), server_default="[]", nullable=False))
    op.add_column("organisation", sa.Column("folded_name", sa.String(), server_default="", nullable=False))
    op.add_column("organisation", sa.Column("spelled_name", sa.String(), server_default="", nullable=False))
    op.add_column("organisation", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_organisation_bank_account",
        "organisation",
        ["bank_account"],
        unique=False,
        postgresql_where=sa.text("bank_account IS NOT NULL"),
    )
    op.create_index(
        "ix_organisation_folded_name",
        "organisation",
        ["folded_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"folded_name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_organisation_spelled_name",
        "organisation",
        ["spelled_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"spelled_name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_organisation_ice",
        "organisation",
        ["ice"],
        unique=False,
        postgresql_where=sa.text("ice IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_organisation_merged_into_id"), "organisation", "organisation", ["merged_into_id"], ["id"]
    )
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
