"""Panels that are measured: sums of a call, corrected scores, ties to confirm, notes of visits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.core.audit import protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    change_tables()
    op.execute(protect("expertise"))
    op.execute(protect("home_commune"))
    sums = ("ranked", "reviews", "discordant", "waiting", "asked_centimes")
    op.execute(protect("call_review", secrets=(*sums, "reported_at", "report", "reported_reviews")))
    op.execute("DROP TRIGGER row_change ON standing")
    op.execute(protect("standing", "application_id", secrets=CORRECTED))
    op.execute(protect("suspected_tie"))
    op.execute(protect("field_note"))
    op.execute(OPENED)
    op.execute(DRAWS)
    op.execute(FLOORS)
    op.execute(SUMS)
    op.execute(KEEP_SUMS)


CORRECTED = (
    "corrected_hundredths", "corrected_error_hundredths", "rank_raw", "rank_expected_hundredths", "rank_low",
    "rank_high",
)  # fmt: skip
OPENED = """
INSERT INTO call_review (id, call_id, province_code, per_file, seed, seeded_at)
SELECT gen_random_uuid(), c.id, c.province_code, (c.definition #>> '{grid,evaluators_per_file}')::int,
       encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), now()
  FROM call c WHERE EXISTS (SELECT FROM assignment a WHERE a.call_id = c.id)
"""
SUMS = """
UPDATE call_review r
   SET ranked = s.ranked, reviews = s.reviews, discordant = s.discordant, waiting = s.waiting,
       asked_centimes = s.asked
  FROM (SELECT s.call_id, count(*) AS ranked, sum(s.reviews) AS reviews,
               count(*) FILTER (WHERE s.discordant) AS discordant,
               count(*) FILTER (WHERE s.reviews < o.per_file) AS waiting, sum(a.requested_centimes) AS asked
          FROM standing s JOIN application a ON a.id = s.application_id
          JOIN call_review o ON o.call_id = s.call_id
         GROUP BY s.call_id) s
 WHERE s.call_id = r.call_id
"""
KEEP_SUMS = """
CREATE FUNCTION keep_review_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gone standing := CASE WHEN TG_OP <> 'INSERT' THEN OLD END;
  come standing := CASE WHEN TG_OP <> 'DELETE' THEN NEW END;
  asked bigint := (SELECT requested_centimes FROM application
                    WHERE id = coalesce(come.application_id, gone.application_id));
  more int := (TG_OP = 'INSERT')::int - (TG_OP = 'DELETE')::int;
BEGIN
  UPDATE call_review SET
    ranked = ranked + more,
    reviews = reviews + coalesce(come.reviews, 0) - coalesce(gone.reviews, 0),
    discordant = discordant + coalesce(come.discordant, false)::int - coalesce(gone.discordant, false)::int,
    waiting = waiting + coalesce(come.reviews < per_file, false)::int
                      - coalesce(gone.reviews < per_file, false)::int,
    asked_centimes = asked_centimes + more * asked
  WHERE call_id = coalesce(come.call_id, gone.call_id);
  RETURN NULL;
END $$;
CREATE TRIGGER keep_sums AFTER INSERT OR DELETE OR UPDATE OF reviews, discordant ON standing
FOR EACH ROW EXECUTE FUNCTION keep_review_sums();
"""
DRAWS = """
UPDATE standing s
   SET discordant = s.spread_hundredths > 2000,
       draw = encode(sha256((r.seed || a.number)::bytea), 'hex')
  FROM call_review r, application a
 WHERE r.call_id = s.call_id AND a.id = s.application_id
"""
FLOORS = """  -- the mean points of a criterion against those of its floor
UPDATE standing s SET floors = f.below
  FROM (SELECT s.application_id, array_agg(k ->> 'code' ORDER BY k ->> 'code') AS below
          FROM standing s JOIN call c ON c.id = s.call_id,
               jsonb_array_elements(c.definition #> '{grid,criteria}') k
         WHERE (k ->> 'floor') IS NOT NULL
           AND (s.criteria ->> (k ->> 'code'))::int * (c.definition #>> '{grid,scale_max}')::int
               < (k ->> 'weight')::int * 100 * (k ->> 'floor')::int
         GROUP BY s.application_id) f
 WHERE f.application_id = s.application_id
"""


def change_tables() -> None:
    op.create_table(
        "expertise",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("chain_code", sa.String(length=40), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expertise_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expertise")),
        sa.UniqueConstraint("person_id", "chain_code", name=op.f("uq_expertise_person_id_chain_code")),
    )
    op.create_table(
        "home_commune",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.String(length=16), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["commune.code"], name=op.f("fk_home_commune_commune_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_home_commune_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_commune")),
        sa.UniqueConstraint("person_id", "commune_code", name=op.f("uq_home_commune_person_id_commune_code")),
    )
    op.create_index(op.f("ix_home_commune_commune_code"), "home_commune", ["commune_code"], unique=False)
    op.create_table(
        "call_review",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("seeded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("per_file", sa.Integer(), nullable=False),
        sa.Column("ranked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reviews", sa.Integer(), server_default="0", nullable=False),
        sa.Column("discordant", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waiting", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_centimes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", JSONB(), nullable=True),
        sa.Column("reported_reviews", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_review_call_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_call_review_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_review")),
        sa.UniqueConstraint("call_id", name=op.f("uq_call_review_call_id")),
    )
    op.create_index(op.f("ix_call_review_province_code"), "call_review", ["province_code"], unique=False)
    op.create_table(
        "suspected_tie",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "to_confirm", "confirmed", "dismissed", name="suspicionstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("grounds", JSONB(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_suspected_tie_decided_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_suspected_tie_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suspected_tie_person_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_suspected_tie_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspected_tie")),
        sa.UniqueConstraint(
            "person_id", "organisation_id", name=op.f("uq_suspected_tie_person_id_organisation_id")
        ),
    )
    op.create_index(
        op.f("ix_suspected_tie_organisation_id"), "suspected_tie", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_suspected_tie_province_code"), "suspected_tie", ["province_code"], unique=False)
    op.create_table(
        "field_note",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.String(length=8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("visit", "presentation", name="notekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("present", sa.String(length=500), server_default="", nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_field_note_application_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_field_note_author_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_field_note_call_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_field_note_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_note")),
    )
    op.create_index(op.f("ix_field_note_application_id"), "field_note", ["application_id"], unique=False)
    op.create_index(op.f("ix_field_note_call_id"), "field_note", ["call_id"], unique=False)
    op.create_index(op.f("ix_field_note_province_code"), "field_note", ["province_code"], unique=False)
    op.add_column("assignment", sa.Column("abstention_reason", sa.String(), nullable=True))
    op.add_column("assignment", sa.Column("withdrawal_reason", sa.String(), nullable=True))
    op.add_column("assignment", sa.Column("viability_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assignment", sa.Column("marks_before", JSONB(), nullable=True))
    op.add_column(
        "standing", sa.Column("discordant", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column(
        "standing", sa.Column("floors", sa.ARRAY(sa.String(length=40)), server_default="{}", nullable=False)
    )
    op.add_column("standing", sa.Column("draw", sa.String(length=64), server_default="", nullable=False))
    op.add_column(
        "standing", sa.Column("by_corrected", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("standing", sa.Column("corrected_hundredths", sa.Integer(), nullable=True))
    op.add_column(
        "standing",
        sa.Column(
            "ranked_hundredths",
            sa.Integer(),
            sa.Computed(
                "CASE WHEN by_corrected THEN coalesce(corrected_hundredths, score_hundredths)"
                " ELSE score_hundredths END",
                persisted=True,
            ),
            nullable=False,
        ),
    )
    op.add_column("standing", sa.Column("corrected_error_hundredths", sa.Integer(), nullable=True))
    op.add_column("standing", sa.Column("rank_raw", sa.Integer(), nullable=True))
    op.add_column("standing", sa.Column("rank_expected_hundredths", sa.Integer(), nullable=True))
    op.add_column("standing", sa.Column("rank_low", sa.Integer(), nullable=True))
    op.add_column("standing", sa.Column("rank_high", sa.Integer(), nullable=True))
    op.drop_index(op.f("ix_standing_rank"), table_name="standing")
    op.create_index(
        "ix_standing_rank",
        "standing",
        ["call_id", "ranked_hundredths", "ties", "draw", "application_id"],
        unique=False,
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER row_change ON standing")
    op.execute(protect("standing", "application_id"))
    op.execute("DROP TRIGGER keep_sums ON standing")
    op.execute("DROP FUNCTION keep_review_sums")
    op.drop_index(op.f("ix_standing_rank"), table_name="standing")
    op.create_index(
        "ix_standing_rank",
        "standing",
        ["call_id", "score_hundredths", "ties", "application_id"],
        unique=False,
    )
    for column in ("rank_high", "rank_low", "rank_expected_hundredths", "rank_raw",
                   "corrected_error_hundredths", "ranked_hundredths", "corrected_hundredths", "by_corrected", "draw", "floors",
                   "discordant"):  # fmt: skip
        op.drop_column("standing", column)
    for column in ("marks_before", "viability_seen_at", "withdrawal_reason", "abstention_reason"):
        op.drop_column("assignment", column)
    for table in ("field_note", "suspected_tie", "call_review", "home_commune", "expertise"):
        op.drop_table(table)
