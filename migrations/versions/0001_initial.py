"""The tables of the thin cycle, the application's rights on them, and the audit trigger on each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.core.audit import CREATE_FUNCTION, CREATE_ROLE, grant, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(CREATE_ROLE)
    op.execute(CREATE_FUNCTION)
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    create_tables()
    protect_tables()
    op.execute("INSERT INTO demo_clock (id, ahead) VALUES (1, interval '0')")


def protect_tables() -> None:
    """Every table is audited but the records themselves; those the application may not rewrite."""
    op.execute(grant("event", "SELECT", "INSERT"))
    op.execute(grant("job", "SELECT", "INSERT", "UPDATE", "DELETE"))
    op.execute(grant("row_change", "SELECT"))
    op.execute(grant("idempotent_answer", "SELECT", "INSERT", "UPDATE", "DELETE"))
    op.execute(grant("alembic_version", "SELECT"))
    op.execute(protect("application_counter", key="prefix"))
    op.execute(protect("demo_clock"))
    op.execute(protect("person", secrets=("password_hash",)))
    op.execute(protect("reference_load"))
    op.execute(protect("region", key="code"))
    op.execute(protect("value_chain"))
    op.execute(protect("access_token", secrets=("token_hash",)))
    op.execute(protect("province", key="code"))
    op.execute(protect("sign_in", secrets=("token_hash",)))
    op.execute(protect("committee"))
    op.execute(protect("commune", key="code"))
    op.execute(protect("message"))
    op.execute(protect("priority_chain"))
    op.execute(protect("role_grant"))
    op.execute(protect("call"))
    op.execute(protect("organisation"))
    op.execute(protect("procedure"))
    op.execute(protect("seat"))
    op.execute(protect("application"))
    op.execute(protect("committee_session"))
    op.execute(protect("interest"))
    op.execute(protect("member"))
    op.execute(protect("representative"))
    op.execute(protect("assignment"))
    op.execute(protect("attendance"))
    op.execute(protect("motion"))
    op.execute(protect("rule_result"))
    op.execute(protect("standing", key="application_id"))
    op.execute(protect("ballot"))
    op.execute(protect("decision"))
    op.execute(protect("convention"))
    op.execute(protect("coaching_plan"))
    op.execute(protect("tranche"))
    op.execute(protect("wave"))
    op.execute(protect("milestone"))
    op.execute(protect("reminder"))


def create_tables() -> None:
    op.create_table(
        "application_counter",
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_application_counter")),
    )
    op.create_table(
        "demo_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ahead", sa.Interval(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_clock")),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("data", JSONB(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("seq", name=op.f("uq_event_seq")),
    )
    op.create_index(op.f("ix_event_name"), "event", ["name"], unique=False)
    op.create_index(op.f("ix_event_province_code"), "event", ["province_code"], unique=False)
    op.create_index("ix_event_subject", "event", ["subject_id", "seq"], unique=False)
    op.create_table(
        "idempotent_answer",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_answer")),
        sa.UniqueConstraint("actor_id", "key", name="uq_idempotent_answer_key"),
    )
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "reference_load",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_load")),
    )
    op.create_index(op.f("ix_reference_load_kind"), "reference_load", ["kind"], unique=False)
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_table(
        "row_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_id", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=6), nullable=False),
        sa.Column("old", JSONB(), nullable=True),
        sa.Column("new", JSONB(), nullable=True),
        sa.Column("actor", sa.String(length=40), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_change")),
    )
    op.create_index("ix_row_change_row", "row_change", ["table_name", "row_id"], unique=False)
    op.create_table(
        "value_chain",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("name", JSONB(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_chain")),
        sa.UniqueConstraint("code", name=op.f("uq_value_chain_code")),
    )
    op.create_table(
        "access_token",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_token_token_hash")),
    )
    op.create_index(op.f("ix_access_token_person_id"), "access_token", ["person_id"], unique=False)
    op.create_table(
        "job",
        sa.Column("handler", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("args", JSONB(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("ready", "done", "parked", name="jobstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_job_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_ready", "job", ["run_at"], unique=False, postgresql_where=sa.text("state = 'ready'")
    )
    op.create_table(
        "province",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("region_code", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_province_region_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_province")),
    )
    op.create_index(op.f("ix_province_region_code"), "province", ["region_code"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "committee",
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cpdh",
                "cpde",
                "cldh",
                "crdh",
                "technical",
                name="committeekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", JSONB(), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_committee_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
    )
    op.create_index(op.f("ix_committee_province_code"), "committee", ["province_code"], unique=False)
    op.create_table(
        "commune",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("cercle", JSONB(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", JSONB(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_commune_province_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commune")),
    )
    op.create_index(op.f("ix_commune_province_code"), "commune", ["province_code"], unique=False)
    op.create_table(
        "message",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=True),
        sa.Column("channel", sa.Enum("email", name="channel", native_enum=False, length=40), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued", "sent", "failed", "no_address", name="messagestate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_message_event_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_message_province_code")),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name=op.f("fk_message_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "event_id",
            "recipient_id",
            "channel",
            "template",
            name=op.f("uq_message_event_id_recipient_id_channel_template"),
        ),
    )
    op.create_index(op.f("ix_message_province_code"), "message", ["province_code"], unique=False)
    op.create_index(op.f("ix_message_recipient_id"), "message", ["recipient_id"], unique=False)
    op.create_index(
        "ix_message_trouble", "message", ["state"], unique=False, postgresql_where=sa.text("state <> 'sent'")
    )
    op.create_table(
        "priority_chain",
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["chain_id"], ["value_chain.id"], name=op.f("fk_priority_chain_chain_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_priority_chain_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_chain")),
    )
    op.create_index(
        "ix_priority_chain_province", "priority_chain", ["province_code", "from_on"], unique=False
    )
    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "holder",
                "evaluator",
                "chair",
                "officer",
                "coach",
                "auditor",
                "administrator",
                "coordination",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("province_code", sa.String(length=8), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_role_grant_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_person_id"), "role_grant", ["person_id"], unique=False)
    op.create_index(op.f("ix_role_grant_province_code"), "role_grant", ["province_code"], unique=False)
    op.create_index(
        "uq_role_grant_current",
        "role_grant",
        ["person_id", "role", "province_code"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "call",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("committee_id", sa.Uuid(), nullable=True),
        sa.Column("title", JSONB(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("envelope_centimes", sa.BigInteger(), nullable=False),
        sa.Column("definition", JSONB(), nullable=False),
        sa.Column("definition_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "decided", "archived", name="callstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_call_window")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_call_committee_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_call_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("code", name=op.f("uq_call_code")),
    )
    op.create_index(op.f("ix_call_province_code"), "call", ["province_code"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("name", JSONB(), nullable=False),
        sa.Column(
            "legal_form",
            sa.Enum(
                "cooperative",
                "union",
                "gie",
                "partnership",
                "sarl",
                "auto_entrepreneur",
                "association",
                name="legalform",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("commune_code", sa.String(length=16), nullable=False),
        sa.Column("register_number", sa.String(length=40), nullable=True),
        sa.Column("ice", sa.String(length=15), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("last_agm_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name=op.f("fk_organisation_commune_code")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_organisation_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index(op.f("ix_organisation_commune_code"), "organisation", ["commune_code"], unique=False)
    op.create_index(op.f("ix_organisation_province_code"), "organisation", ["province_code"], unique=False)
    op.create_table(
        "procedure",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("quorum_of", sa.Integer(), nullable=False),
        sa.Column("quorum_over", sa.Integer(), nullable=False),
        sa.Column("majority_of", sa.Integer(), nullable=False),
        sa.Column("majority_over", sa.Integer(), nullable=False),
        sa.Column("casting_vote", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "majority_over > 0 AND majority_of BETWEEN 0 AND majority_over",
            name=op.f("ck_procedure_majority"),
        ),
        sa.CheckConstraint(
            "quorum_over > 0 AND quorum_of BETWEEN 0 AND quorum_over", name=op.f("ck_procedure_quorum")
        ),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_procedure_committee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("committee_id", "number", name=op.f("uq_procedure_committee_id_number")),
    )
    op.create_table(
        "seat",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "college",
            sa.Enum(
                "elected", "state", "civil_society", "private", name="college", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("chairs", sa.Boolean(), nullable=False),
        sa.Column("votes", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_seat_committee_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint(
            "committee_id", "person_id", "from_on", name=op.f("uq_seat_committee_id_person_id_from_on")
        ),
    )
    op.create_index(op.f("ix_seat_committee_id"), "seat", ["committee_id"], unique=False)
    op.create_index(op.f("ix_seat_person_id"), "seat", ["person_id"], unique=False)
    op.create_table(
        "application",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "eligible",
                "ineligible",
                "withdrawn",
                name="applicationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("chain_code", sa.String(length=40), nullable=True),
        sa.Column("commune_code", sa.String(length=16), nullable=True),
        sa.Column("total_centimes", sa.BigInteger(), nullable=False),
        sa.Column("requested_centimes", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_code", sa.String(length=20), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("snapshot", JSONB(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name=op.f("fk_application_commune_code")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_application_created_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_application_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
        sa.UniqueConstraint("receipt_code", name=op.f("uq_application_receipt_code")),
    )
    op.create_index("ix_application_call_state", "application", ["call_id", "state", "number"], unique=False)
    op.create_index(op.f("ix_application_organisation_id"), "application", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_application_province_code"), "application", ["province_code"], unique=False)
    op.create_index(
        "ix_application_requested",
        "application",
        ["id"],
        unique=False,
        postgresql_include=["requested_centimes"],
    )
    op.create_index(
        "uq_application_one_per_call",
        "application",
        ["call_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "committee_session",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("procedure_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "open", "closed", name="sessionstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_committee_session_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_committee_session_procedure_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_committee_session_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_session")),
        sa.UniqueConstraint("committee_id", "number", name=op.f("uq_committee_session_committee_id_number")),
    )
    op.create_index(
        op.f("ix_committee_session_province_code"), "committee_session", ["province_code"], unique=False
    )
    op.create_table(
        "interest",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_interest_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint(
            "person_id", "organisation_id", name=op.f("uq_interest_person_id_organisation_id")
        ),
    )
    op.create_index(op.f("ix_interest_organisation_id"), "interest", ["organisation_id"], unique=False)
    op.create_table(
        "member",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sex", sa.Enum("woman", "man", name="sex", native_enum=False, length=40), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name=op.f("ck_member_birth_year")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_member_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_index(op.f("ix_member_organisation_id"), "member", ["organisation_id"], unique=False)
    op.create_table(
        "representative",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_representative_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_representative_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", name=op.f("uq_representative_organisation_id_person_id")
        ),
    )
    op.create_index(op.f("ix_representative_person_id"), "representative", ["person_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("evaluator_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned", "open", "signed", "recused", name="assignmentstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recusal_reason", sa.String(), nullable=True),
        sa.Column("marks", JSONB(), nullable=False),
        sa.Column("notes", JSONB(), nullable=False),
        sa.Column("total_hundredths", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_assignment_application_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_assignment_call_id")),
        sa.ForeignKeyConstraint(["evaluator_id"], ["person.id"], name=op.f("fk_assignment_evaluator_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_assignment_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "application_id", "evaluator_id", name=op.f("uq_assignment_application_id_evaluator_id")
        ),
    )
    op.create_index(op.f("ix_assignment_call_id"), "assignment", ["call_id"], unique=False)
    op.create_index(op.f("ix_assignment_province_code"), "assignment", ["province_code"], unique=False)
    op.create_index("ix_assignment_stack", "assignment", ["evaluator_id", "state"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column(
            "presence",
            sa.Enum("present", "remote", "excused", "absent", name="presence", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_attendance_seat_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["committee_session.id"], name=op.f("fk_attendance_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("session_id", "seat_id", name=op.f("uq_attendance_session_id_seat_id")),
    )
    op.create_table(
        "motion",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", JSONB(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "adopted", "rejected", name="motionstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_motion_province_code")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_motion_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion")),
    )
    op.create_index(op.f("ix_motion_session_id"), "motion", ["session_id"], unique=False)
    op.create_table(
        "rule_result",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule_code", sa.String(length=60), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("pass", "fail", "unknown", name="outcome", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("refuses", sa.Boolean(), nullable=False),
        sa.Column("reason", JSONB(), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_rule_result_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_result")),
        sa.UniqueConstraint(
            "application_id", "rule_code", name=op.f("uq_rule_result_application_id_rule_code")
        ),
    )
    op.create_index(op.f("ix_rule_result_rule_code"), "rule_result", ["rule_code"], unique=False)
    op.create_table(
        "standing",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("score_hundredths", sa.Integer(), nullable=False),
        sa.Column("spread_hundredths", sa.Integer(), nullable=False),
        sa.Column("ties", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("criteria", JSONB(), nullable=False),
        sa.CheckConstraint("reviews >= 0", name=op.f("ck_standing_reviews")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_standing_application_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_standing_call_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_standing_province_code")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_standing")),
    )
    op.create_index(op.f("ix_standing_province_code"), "standing", ["province_code"], unique=False)
    op.create_index(
        "ix_standing_rank",
        "standing",
        ["call_id", "score_hundredths", "ties", "application_id"],
        unique=False,
    )
    op.create_table(
        "ballot",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("for", "against", "abstain", name="ballotchoice", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"], name=op.f("fk_ballot_motion_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_ballot_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("motion_id", "seat_id", name=op.f("uq_ballot_motion_id_seat_id")),
    )
    op.create_table(
        "decision",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("motion_id", sa.Uuid(), nullable=True),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum("proposed", "adopted", "set_aside", name="decisionstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum("funded", "waiting", "refused", name="decisionoutcome", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score_hundredths", sa.Integer(), nullable=False),
        sa.Column("amount_centimes", sa.BigInteger(), nullable=False),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("recused_seats", JSONB(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome = 'funded') = (amount_centimes > 0)", name=op.f("ck_decision_amount")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_decision_call_id")),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"], name=op.f("fk_decision_motion_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_decision_province_code")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["committee_session.id"], name=op.f("fk_decision_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_call_id"), "decision", ["call_id"], unique=False)
    op.create_index(op.f("ix_decision_province_code"), "decision", ["province_code"], unique=False)
    op.create_index(op.f("ix_decision_session_id"), "decision", ["session_id"], unique=False)
    op.create_index(
        "uq_decision_standing",
        "decision",
        ["application_id"],
        unique=True,
        postgresql_where="state <> 'set_aside'",
    )
    op.create_table(
        "convention",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum("prepared", "signed", "cancelled", name="conventionstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("amount_centimes", sa.BigInteger(), nullable=False),
        sa.Column("own_centimes", sa.BigInteger(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("own_proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own_evidence", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_centimes > 0", name=op.f("ck_convention_amount")),
        sa.CheckConstraint("own_centimes >= 0", name=op.f("ck_convention_own")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_convention_application_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_convention_call_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_convention_decision_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_convention_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_convention_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convention")),
        sa.UniqueConstraint("application_id", name=op.f("uq_convention_application_id")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_convention_decision_id")),
        sa.UniqueConstraint("province_code", "number", name=op.f("uq_convention_province_code_number")),
    )
    op.create_index(op.f("ix_convention_call_id"), "convention", ["call_id"], unique=False)
    op.create_index(op.f("ix_convention_organisation_id"), "convention", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_convention_province_code"), "convention", ["province_code"], unique=False)
    op.create_table(
        "coaching_plan",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_coaching_plan_coach_id")),
        sa.ForeignKeyConstraint(
            ["convention_id"], ["convention.id"], name=op.f("fk_coaching_plan_convention_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_coaching_plan_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_plan")),
        sa.UniqueConstraint("convention_id", name=op.f("uq_coaching_plan_convention_id")),
    )
    op.create_index(op.f("ix_coaching_plan_coach_id"), "coaching_plan", ["coach_id"], unique=False)
    op.create_index(op.f("ix_coaching_plan_province_code"), "coaching_plan", ["province_code"], unique=False)
    op.create_table(
        "tranche",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount_centimes", sa.BigInteger(), nullable=False),
        sa.Column("condition", JSONB(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "released", name="tranchestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_centimes > 0", name=op.f("ck_tranche_amount")),
        sa.ForeignKeyConstraint(["convention_id"], ["convention.id"], name=op.f("fk_tranche_convention_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_tranche_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche")),
        sa.UniqueConstraint("convention_id", "number", name=op.f("uq_tranche_convention_id_number")),
    )
    op.create_index(op.f("ix_tranche_province_code"), "tranche", ["province_code"], unique=False)
    op.create_table(
        "wave",
        sa.Column("convention_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "answered", name="wavestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "seasonal",
                "suspended",
                "stopped",
                "dissolved",
                "unreachable",
                name="projectstatus",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("turnover_centimes", sa.BigInteger(), nullable=True),
        sa.Column("jobs_women", sa.Integer(), nullable=True),
        sa.Column("jobs_men", sa.Integer(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("causes", JSONB(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("surveyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("surveyed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'planned') = (status IS NULL)", name=op.f("ck_wave_answered")),
        sa.ForeignKeyConstraint(["convention_id"], ["convention.id"], name=op.f("fk_wave_convention_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_wave_province_code")),
        sa.ForeignKeyConstraint(["surveyed_by"], ["person.id"], name=op.f("fk_wave_surveyed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("convention_id", "months", name=op.f("uq_wave_convention_id_months")),
    )
    op.create_index(
        "ix_wave_due", "wave", ["due_on"], unique=False, postgresql_where=sa.text("state = 'planned'")
    )
    op.create_index(op.f("ix_wave_province_code"), "wave", ["province_code"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("title", JSONB(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "reported", "validated", name="milestonestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("report", sa.String(length=4000), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["coaching_plan.id"], name=op.f("fk_milestone_plan_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_milestone_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_milestone_plan_id_code")),
    )
    op.create_index(
        "ix_milestone_open", "milestone", ["due_on"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index(op.f("ix_milestone_province_code"), "milestone", ["province_code"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("holder", "coach", "officer", name="audience", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "sent",
                "superseded",
                "not_needed",
                name="reminderstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_reminder_milestone_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_reminder_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "milestone_id",
            "offset_days",
            "audience",
            name=op.f("uq_reminder_milestone_id_offset_days_audience"),
        ),
    )
    op.create_index(
        "ix_reminder_due",
        "reminder",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'planned'"),
    )
