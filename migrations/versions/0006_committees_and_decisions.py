"""Committees that deliberate, decisions that are followed, appealed and answered for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.core.audit import grant, protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


# An erasure replaces the author's name of events that are sealed: the salt of that name goes with it, so that
# what stays (its digest) tells nothing. Sealing holds the same lock, lest it keep the salt of a name that goes.
FORGET_SALTS = """
CREATE FUNCTION hold_seals() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(5550000006);
  RETURN NULL;
END $$;
CREATE FUNCTION forget_salt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE sealed_event SET name_salt = NULL WHERE event_seq = NEW.seq;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_salt() FROM PUBLIC;
CREATE TRIGGER hold_seals BEFORE UPDATE OF actor_name ON event
  FOR EACH STATEMENT EXECUTE FUNCTION hold_seals();
CREATE TRIGGER forget_salt AFTER UPDATE OF actor_name ON event
  FOR EACH ROW WHEN (OLD.actor_name IS DISTINCT FROM NEW.actor_name) EXECUTE FUNCTION forget_salt();
"""


def upgrade() -> None:
    change_tables()
    seals()
    op.execute(protect("clock_alert"))
    op.execute(protect("information_request", secrets=("name", "address")))
    op.execute(protect("composition"))
    op.execute(protect("consultation"))
    op.execute(protect("consultation_file"))
    op.execute(protect("contribution"))
    op.execute(protect("publication"))
    op.execute(protect("agenda_item"))
    op.execute(protect("agreed_action"))
    op.execute(protect("action_reminder"))
    op.execute(protect("minutes"))
    op.execute(protect("signature"))
    op.execute(protect("appeal"))
    op.execute(protect("letter"))
    op.execute(protect("appeal_file"))
    op.execute(grant("ballot_box", "SELECT", "INSERT", "UPDATE"))  # no trail: it would have an order


def seals() -> None:
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("events_root", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_seal_count")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
        sa.UniqueConstraint("root", name=op.f("uq_seal_root")),
    )
    op.create_table(
        "sealed_event",
        sa.Column("event_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seal_number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("name_salt", sa.LargeBinary(), nullable=True),
        sa.Column("name_digest", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_sealed_event_position")),
        sa.ForeignKeyConstraint(["event_seq"], ["event.seq"], name=op.f("fk_sealed_event_event_seq")),
        sa.ForeignKeyConstraint(["seal_number"], ["seal.number"], name=op.f("fk_sealed_event_seal_number")),
        sa.PrimaryKeyConstraint("event_seq", name=op.f("pk_sealed_event")),
        sa.UniqueConstraint("seal_number", "position", name=op.f("uq_sealed_event_seal_number_position")),
    )
    for table in ("seal", "sealed_event"):
        op.execute(grant(table, "SELECT", "INSERT"))
    op.execute(FORGET_SALTS)


def change_tables() -> None:
    op.create_table(
        "clock_alert",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_clock_alert_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_alert")),
        sa.UniqueConstraint("subject_id", "clock", "rung", name=op.f("uq_clock_alert_subject_id_clock_rung")),
    )
    op.create_index(op.f("ix_clock_alert_province_code"), "clock_alert", ["province_code"], unique=False)
    op.create_table(
        "information_request",
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("received", "answered", "refused", name="informationstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_information_request_answered_by")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_information_request_person_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_information_request_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_information_request_code_sha256")),
        sa.UniqueConstraint("number", name=op.f("uq_information_request_number")),
    )
    op.create_index(
        "ix_information_request_due",
        "information_request",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_index(
        op.f("ix_information_request_person_id"), "information_request", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_information_request_province_code"), "information_request", ["province_code"], unique=False
    )
    op.create_table(
        "composition",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column(
            "breach", sa.Enum("warn", "refuse", name="breach", native_enum=False, length=40), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_composition_committee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_composition")),
        sa.UniqueConstraint("committee_id", "number", name=op.f("uq_composition_committee_id_number")),
    )
    op.create_table(
        "consultation",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("question", JSONB(), nullable=False),
        sa.Column("context", JSONB(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "open", "closed", "concluded", name="consultationstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("synthesis", JSONB(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_consultation_window")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_consultation_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_consultation_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index(op.f("ix_consultation_committee_id"), "consultation", ["committee_id"], unique=False)
    op.create_index(op.f("ix_consultation_province_code"), "consultation", ["province_code"], unique=False)
    op.create_table(
        "consultation_file",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("title", JSONB(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_consultation_file_consultation_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_consultation_file_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_file")),
        sa.UniqueConstraint(
            "consultation_id", "file_id", name=op.f("uq_consultation_file_consultation_id_file_id")
        ),
    )
    op.create_table(
        "contribution",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum("member", "holder", "public", name="standing", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_contribution_consultation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contribution_person_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_contribution_province_code")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_contribution_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint(
            "consultation_id", "person_id", name=op.f("uq_contribution_consultation_id_person_id")
        ),
    )
    op.create_index(op.f("ix_contribution_person_id"), "contribution", ["person_id"], unique=False)
    op.create_index(op.f("ix_contribution_province_code"), "contribution", ["province_code"], unique=False)
    op.create_table(
        "publication",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_publication_call_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_publication_province_code")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_publication_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("call_id", name=op.f("uq_publication_call_id")),
    )
    op.create_index(op.f("ix_publication_province_code"), "publication", ["province_code"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "information",
                "presentation",
                "decisions",
                "appeal",
                "consultation",
                "other",
                name="itemkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", JSONB(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("notes", sa.String(), server_default="", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["committee_session.id"], name=op.f("fk_agenda_item_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint(
            "session_id", "position", deferrable=True, initially="DEFERRED", name="uq_agenda_item_position"
        ),
    )
    op.create_index(op.f("ix_agenda_item_subject_id"), "agenda_item", ["subject_id"], unique=False)
    op.create_table(
        "agreed_action",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("text", JSONB(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "dropped", name="actionstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_agreed_action_committee_id")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_agreed_action_consultation_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_agreed_action_owner_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_agreed_action_province_code")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["committee_session.id"], name=op.f("fk_agreed_action_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_action")),
    )
    op.create_index(op.f("ix_agreed_action_committee_id"), "agreed_action", ["committee_id"], unique=False)
    op.create_index(
        op.f("ix_agreed_action_consultation_id"), "agreed_action", ["consultation_id"], unique=False
    )
    op.create_index(
        "ix_agreed_action_due",
        "agreed_action",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_agreed_action_owner_id"), "agreed_action", ["owner_id"], unique=False)
    op.create_index(op.f("ix_agreed_action_province_code"), "agreed_action", ["province_code"], unique=False)
    op.create_index(op.f("ix_agreed_action_session_id"), "agreed_action", ["session_id"], unique=False)
    op.create_table(
        "action_reminder",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("owner", "officer", name="actionaudience", native_enum=False, length=40),
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
        sa.ForeignKeyConstraint(
            ["action_id"], ["agreed_action.id"], name=op.f("fk_action_reminder_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_action_reminder_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_reminder")),
        sa.UniqueConstraint(
            "action_id",
            "offset_days",
            "audience",
            name=op.f("uq_action_reminder_action_id_offset_days_audience"),
        ),
    )
    op.create_index(
        "ix_action_reminder_due",
        "action_reminder",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_table(
        "minutes",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("issued", "signed", "replaced", name="minutesstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("record", JSONB(), nullable=False),
        sa.Column("record_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_fr_id", sa.Uuid(), nullable=False),
        sa.Column("file_ar_id", sa.Uuid(), nullable=False),
        sa.Column("seal_number", sa.Integer(), nullable=True),
        sa.Column("seal_root", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("differences", JSONB(), server_default="[]", nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_ar_id"], ["stored_file.id"], name=op.f("fk_minutes_file_ar_id")),
        sa.ForeignKeyConstraint(["file_fr_id"], ["stored_file.id"], name=op.f("fk_minutes_file_fr_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_minutes_province_code")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_minutes_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("number", "version", name=op.f("uq_minutes_number_version")),
        sa.UniqueConstraint("session_id", "version", name=op.f("uq_minutes_session_id_version")),
    )
    op.create_index(op.f("ix_minutes_province_code"), "minutes", ["province_code"], unique=False)
    op.create_table(
        "signature",
        sa.Column("minutes_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column(
            "capacity",
            sa.Enum("chair", "secretary", "member", name="capacity", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("simple", "advanced", "qualified", name="signaturelevel", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("signed_sha256", sa.String(length=64), nullable=False),
        sa.Column("evidence", JSONB(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_signature_minutes_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_signature_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("minutes_id", "person_id", name=op.f("uq_signature_minutes_id_person_id")),
    )
    op.create_index(op.f("ix_signature_person_id"), "signature", ["person_id"], unique=False)
    op.create_table(
        "ballot_box",
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstentions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"], name=op.f("fk_ballot_box_motion_id")),
        sa.PrimaryKeyConstraint("motion_id", name=op.f("pk_ballot_box")),
    )
    op.create_table(
        "appeal",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "assigned",
                "reported",
                "upheld",
                "dismissed",
                "withdrawn",
                name="appealstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("report", sa.String(), server_default="", nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("motion_id", sa.Uuid(), nullable=True),
        sa.Column(
            "wanted_outcome",
            sa.Enum(
                "funded",
                "conditional",
                "waiting",
                "refused",
                name="decisionoutcome",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("wanted_centimes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("answer", JSONB(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_appeal_application_id")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_appeal_filed_by")),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("fk_appeal_handler_id")),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"], name=op.f("fk_appeal_motion_id")),
        sa.ForeignKeyConstraint(["outcome_id"], ["decision.id"], name=op.f("fk_appeal_outcome_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_appeal_province_code")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_appeal_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("number", name=op.f("uq_appeal_number")),
    )
    op.create_index(op.f("ix_appeal_application_id"), "appeal", ["application_id"], unique=False)
    op.create_index(op.f("ix_appeal_handler_id"), "appeal", ["handler_id"], unique=False)
    op.create_index(op.f("ix_appeal_province_code"), "appeal", ["province_code"], unique=False)
    op.create_index(op.f("ix_appeal_session_id"), "appeal", ["session_id"], unique=False)
    op.create_index(
        "uq_appeal_standing",
        "appeal",
        ["decision_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "letter",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "funded",
                "conditional",
                "waiting",
                "refused",
                "promoted",
                "lapsed",
                "appeal",
                name="letterkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("queued", "released", "withdrawn", name="letterstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_letter_application_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_letter_call_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_letter_decision_id")),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_letter_province_code")),
        sa.ForeignKeyConstraint(["released_by"], ["person.id"], name=op.f("fk_letter_released_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("code", name=op.f("uq_letter_code")),
        sa.UniqueConstraint("decision_id", "kind", name=op.f("uq_letter_decision_id_kind")),
    )
    op.create_index(op.f("ix_letter_application_id"), "letter", ["application_id"], unique=False)
    op.create_index(op.f("ix_letter_call_id"), "letter", ["call_id"], unique=False)
    op.create_index("ix_letter_state", "letter", ["province_code", "state"], unique=False)
    op.create_table(
        "appeal_file",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_file_appeal_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_appeal_file_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_file")),
        sa.UniqueConstraint("appeal_id", "file_id", name=op.f("uq_appeal_file_appeal_id_file_id")),
    )
    op.add_column("attendance", sa.Column("stand_in_id", sa.Uuid(), nullable=True))
    op.add_column("attendance", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attendance", sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("fk_attendance_stand_in_id"), "attendance", "seat", ["stand_in_id"], ["id"])
    op.add_column("ballot", sa.Column("by_seat_id", sa.Uuid(), nullable=True))
    op.add_column("ballot", sa.Column("dissent", sa.String(), server_default="", nullable=False))
    op.alter_column("ballot", "choice", existing_type=sa.VARCHAR(length=40), nullable=True)
    op.create_foreign_key(op.f("fk_ballot_by_seat_id"), "ballot", "seat", ["by_seat_id"], ["id"])
    op.add_column("committee", sa.Column("order_file_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_committee_order_file_id"), "committee", "stored_file", ["order_file_id"], ["id"]
    )
    op.add_column("committee_session", sa.Column("convened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("committee_session", sa.Column("second_of_id", sa.Uuid(), nullable=True))
    op.add_column("committee_session", sa.Column("adjourned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("committee_session", sa.Column("resumes_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("committee_session", sa.Column("current_item_id", sa.Uuid(), nullable=True))
    op.add_column(
        "committee_session", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "committee_session", sa.Column("late_notice", sa.String(), server_default="", nullable=False)
    )
    op.add_column("committee_session", sa.Column("earlier", JSONB(), server_default="[]", nullable=False))
    op.create_foreign_key(
        op.f("fk_committee_session_second_of_id"),
        "committee_session",
        "committee_session",
        ["second_of_id"],
        ["id"],
    )
    op.add_column(
        "decision",
        sa.Column(
            "origin",
            sa.Enum("session", "promotion", "appeal", name="decisionorigin", native_enum=False, length=40),
            server_default="session",
            nullable=False,
        ),
    )
    op.add_column("decision", sa.Column("follows_id", sa.Uuid(), nullable=True))
    op.add_column("decision", sa.Column("waiting_order", sa.Integer(), nullable=True))
    op.add_column("decision", sa.Column("deviates", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("decision", sa.Column("conditions", JSONB(), server_default="[]", nullable=False))
    op.add_column("decision", sa.Column("conditions_due_on", sa.Date(), nullable=True))
    op.add_column("decision", sa.Column("conditions_met_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decision", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decision", sa.Column("ended_because", sa.String(length=40), nullable=True))
    op.create_foreign_key(op.f("fk_decision_follows_id"), "decision", "decision", ["follows_id"], ["id"])
    op.add_column(
        "motion",
        sa.Column(
            "kind",
            sa.Enum("decisions", "deviation", "other", name="motionkind", native_enum=False, length=40),
            server_default="decisions",
            nullable=False,
        ),
    )
    op.add_column("motion", sa.Column("reason", sa.String(), server_default="", nullable=False))
    op.add_column("motion", sa.Column("secret", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("motion", sa.Column("item_id", sa.Uuid(), nullable=True))
    op.add_column("motion", sa.Column("result", JSONB(), nullable=True))
    op.create_foreign_key(op.f("fk_motion_item_id"), "motion", "agenda_item", ["item_id"], ["id"])
    op.add_column("procedure", sa.Column("notice_days", sa.Integer(), server_default="0", nullable=False))
    op.add_column("procedure", sa.Column("second_after_days", sa.Integer(), nullable=True))
    op.add_column("procedure", sa.Column("second_quorum_of", sa.Integer(), nullable=True))
    op.add_column("procedure", sa.Column("second_quorum_over", sa.Integer(), nullable=True))
    op.add_column("procedure", sa.Column("proxies", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "procedure", sa.Column("proxies_count", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column(
        "procedure",
        sa.Column(
            "secrecy",
            sa.Enum("never", "on_request", "always", name="secrecy", native_enum=False, length=40),
            server_default="never",
            nullable=False,
        ),
    )
    op.add_column("seat", sa.Column("alternate_of_id", sa.Uuid(), nullable=True))
    op.add_column(
        "seat",
        sa.Column("sex", sa.Enum("woman", "man", name="sex", native_enum=False, length=40), nullable=True),
    )
    op.add_column("seat", sa.Column("birth_year", sa.Integer(), nullable=True))
    op.add_column("seat", sa.Column("warned_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_seat_alternate_of_id"), "seat", ["alternate_of_id"], unique=False)
    op.create_foreign_key(op.f("fk_seat_alternate_of_id"), "seat", "seat", ["alternate_of_id"], ["id"])
    op.create_check_constraint("birth_year", "seat", "birth_year BETWEEN 1900 AND 2100")
    op.drop_constraint("amount", "decision", type_="check")
    op.create_check_constraint(
        "amount", "decision", "(outcome IN ('funded', 'conditional')) = (amount_centimes > 0)"
    )
    op.create_check_constraint(
        "conditions", "decision", "(outcome = 'conditional') = (conditions_due_on IS NOT NULL)"
    )
    op.drop_index("uq_decision_standing", "decision")
    op.create_index(
        "uq_decision_standing",
        "decision",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'adopted')"),
    )


ADDED = {
    "attendance": (
        "stand_in_id",
        "left_at",
        "arrived_at",
    ),
    "ballot": (
        "by_seat_id",
        "dissent",
    ),
    "committee": ("order_file_id",),
    "committee_session": (
        "convened_at",
        "second_of_id",
        "adjourned_at",
        "resumes_at",
        "current_item_id",
        "sequence",
        "late_notice",
        "earlier",
    ),
    "decision": (
        "origin",
        "follows_id",
        "waiting_order",
        "deviates",
        "conditions",
        "conditions_due_on",
        "conditions_met_at",
        "ended_at",
        "ended_because",
    ),
    "motion": (
        "kind",
        "reason",
        "secret",
        "item_id",
        "result",
    ),
    "procedure": (
        "notice_days",
        "second_after_days",
        "second_quorum_of",
        "second_quorum_over",
        "proxies",
        "proxies_count",
        "secrecy",
    ),
    "seat": (
        "alternate_of_id",
        "sex",
        "birth_year",
        "warned_on",
    ),
}


def downgrade() -> None:
    op.execute("DROP TRIGGER forget_salt ON event")
    op.execute("DROP TRIGGER hold_seals ON event")
    op.execute("DROP FUNCTION forget_salt()")
    op.execute("DROP FUNCTION hold_seals()")
    op.drop_table("sealed_event")
    op.drop_table("seal")
    op.drop_index("uq_decision_standing", "decision")
    op.execute("DELETE FROM decision WHERE state IN ('replaced', 'lapsed') OR outcome = 'conditional'")
    op.create_index(
        "uq_decision_standing",
        "decision",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'set_aside'"),
    )
    op.drop_constraint("conditions", "decision", type_="check")
    op.drop_constraint("amount", "decision", type_="check")
    op.create_check_constraint("amount", "decision", "(outcome = 'funded') = (amount_centimes > 0)")
    op.drop_constraint("birth_year", "seat", type_="check")
    for table in (
        "signature",
        "minutes",
        "appeal_file",
        "appeal",
        "letter",
        "publication",
        "ballot_box",
        "clock_alert",
        "information_request",
        "composition",
        "consultation_file",
        "contribution",
        "action_reminder",
        "agreed_action",
        "consultation",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM ballot WHERE choice IS NULL")
    op.alter_column("ballot", "choice", existing_type=sa.VARCHAR(length=40), nullable=False)
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column)
    op.drop_table("agenda_item")
