"""What results, conditions and requests gained."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.core.audit import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    requests()
    messages()
    conditions()


def requests() -> None:
    """Information requests are extended once, refused with a ground, answered with documents; clocks tell."""
    op.add_column("information_request", sa.Column("extended_at", sa.DateTime(timezone=True)))
    op.add_column(
        "information_request",
        sa.Column("extension_reason", sa.String(), server_default="", nullable=False),
    )
    op.add_column("information_request", sa.Column("ground", sa.String(40)))
    op.create_table(
        "information_file",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_information_file_file_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["information_request.id"], name=op.f("fk_information_file_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_file")),
        sa.UniqueConstraint("request_id", "file_id", name=op.f("uq_information_file_request_id_file_id")),
    )
    op.execute(protect("information_file"))
    op.execute("DROP TRIGGER row_change ON information_request")
    op.execute(protect("information_request", secrets=("name", "address", "text")))
    op.drop_constraint("uq_clock_alert_subject_id_clock_rung", "clock_alert")
    op.create_unique_constraint(
        op.f("uq_clock_alert_subject_id_clock_due_on_rung"),
        "clock_alert",
        ["subject_id", "clock", "due_on", "rung"],
    )
    op.create_index(
        "ix_application_waiting",
        "application",
        ["submitted_at"],
        postgresql_where=sa.text("state IN ('submitted', 'eligible')"),
    )
    op.create_index(
        "ix_appeal_pending",
        "appeal",
        ["filed_at"],
        postgresql_where=sa.text("state IN ('filed', 'assigned', 'reported')"),
    )


def messages() -> None:
    """A message may be to somebody without an account: her address is read where she wrote it."""
    op.alter_column("message", "recipient_id", existing_type=sa.Uuid(), nullable=True)
    op.create_index(
        "uq_message_without_account",
        "message",
        ["event_id", "channel", "template"],
        unique=True,
        postgresql_where=sa.text("recipient_id IS NULL"),
    )


def conditions() -> None:
    """A grant under conditions is followed: answers, documents, reminders, a date put off once."""
    op.add_column("decision", sa.Column("conditions_until", sa.Date()))
    op.add_column("decision", sa.Column("conditions_until_because", JSONB()))
    op.add_column("appeal", sa.Column("wanted_conditions", JSONB(), server_default="[]", nullable=False))
    op.add_column("appeal", sa.Column("wanted_due_on", sa.Date()))
    states = sa.Enum(
        "awaited", "answered", "lacking", "met", name="conditionstate", native_enum=False, length=40
    )
    op.create_table(
        "decision_condition",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("lacks", JSONB()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Uuid()),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_decision_condition_{column}"))
            for column, target in (
                ("decision_id", "decision.id"),
                ("application_id", "application.id"),
                ("province_code", "province.code"),
                ("answered_by", "person.id"),
                ("settled_by", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_condition")),
        sa.UniqueConstraint(
            "decision_id", "position", name=op.f("uq_decision_condition_decision_id_position")
        ),
    )
    op.create_index(op.f("ix_decision_condition_application_id"), "decision_condition", ["application_id"])
    op.create_index(
        "ix_decision_condition_answered",
        "decision_condition",
        ["province_code", "answered_at"],
        postgresql_where=sa.text("state = 'answered'"),
    )
    op.execute(protect("decision_condition"))
    op.create_table(
        "condition_file",
        sa.Column("condition_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["decision_condition.id"], name=op.f("fk_condition_file_condition_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_condition_file_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_file")),
        sa.UniqueConstraint("condition_id", "file_id", name=op.f("uq_condition_file_condition_id_file_id")),
    )
    op.execute(protect("condition_file"))
    reminders = sa.Enum(
        "planned", "sent", "superseded", "not_needed", name="reminderstate", native_enum=False, length=40
    )
    audiences = sa.Enum("holder", "officer", name="conditionaudience", native_enum=False, length=40)
    op.create_table(
        "condition_reminder",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(8), nullable=False),
        sa.Column("audience", audiences, nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", reminders, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_condition_reminder_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_condition_reminder_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_reminder")),
        sa.UniqueConstraint(
            "decision_id",
            "offset_days",
            "audience",
            name=op.f("uq_condition_reminder_decision_id_offset_days_audience"),
        ),
    )
    op.create_index(
        "ix_condition_reminder_due",
        "condition_reminder",
        ["due_at", "id"],
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.execute(protect("condition_reminder"))


def downgrade() -> None:
    for table in ("condition_reminder", "condition_file", "decision_condition"):
        op.drop_table(table)
    for table, column in (
        ("appeal", "wanted_due_on"),
        ("appeal", "wanted_conditions"),
        ("decision", "conditions_until_because"),
        ("decision", "conditions_until"),
    ):
        op.drop_column(table, column)
    op.drop_index("uq_message_without_account", "message")
    op.execute("DELETE FROM message WHERE recipient_id IS NULL")
    op.alter_column("message", "recipient_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_index("ix_appeal_pending", "appeal")
    op.drop_index("ix_application_waiting", "application")
    op.execute("DELETE FROM clock_alert")
    op.drop_constraint(op.f("uq_clock_alert_subject_id_clock_due_on_rung"), "clock_alert")
    op.create_unique_constraint(
        "uq_clock_alert_subject_id_clock_rung", "clock_alert", ["subject_id", "clock", "rung"]
    )
    op.drop_table("information_file")
    op.execute("DROP TRIGGER row_change ON information_request")
    op.execute(protect("information_request", secrets=("name", "address")))
    op.drop_column("information_request", "ground")
    op.drop_column("information_request", "extension_reason")
    op.drop_column("information_request", "extended_at")
