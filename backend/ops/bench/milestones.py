# ruff: noqa: E501 (SQL keeps its columns together)
"""Signed conventions with their plans, milestones and reminders, in bulk, on a copy of the loaded database."""

import psycopg

from backend.ops.bench.data import PROVINCE, Loaded, untriggered

_SETTING = (
    """INSERT INTO committee (id, province_code, kind, name, order_number, ordered_on)
       VALUES (uuidv7(), %(province)s, 'cpdh', '{"fr": "Comité", "ar": "لجنة"}', '1/2022', '2022-01-01')""",
    """INSERT INTO procedure (id, committee_id, number, effective_on, quorum_of, quorum_over, majority_of, majority_over,
                              casting_vote) SELECT uuidv7(), id, 1, '2022-01-01', 1, 2, 1, 2, true FROM committee""",
    """INSERT INTO committee_session (id, version, committee_id, procedure_id, province_code, number, scheduled_at,
                                      place, state)
       SELECT uuidv7(), 1, committee_id, id, %(province)s, '2026-01', now(), '', 'closed' FROM procedure""",
    """CREATE TEMP TABLE c ON COMMIT DROP AS
       SELECT row_number() OVER (ORDER BY number) AS i, id AS application, organisation_id AS organisation, call_id,
              uuidv7() AS decision, uuidv7() AS convention, uuidv7() AS plan
         FROM application WHERE state = 'eligible' ORDER BY number LIMIT %(conventions)s""",
    """INSERT INTO decision (id, application_id, call_id, session_id, province_code, state, outcome, rank,
                             score_hundredths, amount_centimes, reasons, recused_seats)
       SELECT decision, application, call_id, (SELECT id FROM committee_session), %(province)s, 'adopted', 'funded', i,
              7500, 20000000, '[]', '[]' FROM c""",
    """INSERT INTO convention (id, version, number, application_id, decision_id, call_id, organisation_id, province_code,
                               state, amount_centimes, own_centimes, prepared_at, signed_on)
       SELECT convention, 1, '2026-' || i, application, decision, call_id, organisation, %(province)s, 'signed',
              20000000, 10000000, now(), current_date FROM c""",
    """INSERT INTO coaching_plan (id, convention_id, province_code, coach_id, starts_on, ends_on)
       SELECT plan, convention, %(province)s, %(coach)s, current_date, current_date + 730 FROM c""",
)
_MILESTONES = """
WITH made AS MATERIALIZED (
  SELECT uuidv7() AS id, plan, m, (i - 1) * %(each)s + m AS k FROM c, generate_series(1, %(each)s) m),
kept AS (
  INSERT INTO milestone (id, version, plan_id, province_code, code, title, due_on, state)
  SELECT id, 1, plan, %(province)s, 'm' || m,
         '{"fr": "Compte rendu trimestriel d’activité", "ar": "التقرير الفصلي عن النشاط"}',
         current_date + 5, 'open' FROM made RETURNING id)
INSERT INTO reminder (id, milestone_id, province_code, offset_days, audience, due_at, state)
SELECT uuidv7(), id, %(province)s, -7, 'holder',
       CASE WHEN k <= %(due)s THEN now() - interval '1 hour' ELSE now() + (k %% 700 + 1) * interval '1 day' END, 'planned'
  FROM made
"""


def load(db: psycopg.Connection, loaded: Loaded, *, conventions: int, each: int, due: int) -> None:
    """`each` open milestones a convention, every one with a reminder to its holder; the first `due` are due."""
    with db.transaction(), untriggered(db):
        words = {
            "province": PROVINCE,
            "coach": loaded.coach,
            "conventions": conventions,
            "each": each,
            "due": due,
        }
        db.execute("SET CONSTRAINTS ALL DEFERRED")
        for statement in (*_SETTING, _MILESTONES):
            db.execute(statement.encode(), words)
    db.execute("VACUUM (ANALYZE) milestone, reminder, coaching_plan, convention")


def make_due(db: psycopg.Connection, number: int) -> None:
    """So many more reminders are due now."""
    with db.transaction(), untriggered(db):
        db.execute(
            "UPDATE reminder SET due_at = now() WHERE id IN"
            " (SELECT id FROM reminder WHERE state = 'planned' AND due_at > now() ORDER BY due_at LIMIT %s)",
            (number,),
        )
