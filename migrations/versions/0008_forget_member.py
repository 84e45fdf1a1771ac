"""Erasing a member who has no account"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FORGET = """
-- The trail keeps that a list of members changed, and when; of a member who was erased, no name.
-- Her earlier rows in the same organisation too: same name, same year of birth, no longer in the list.
CREATE FUNCTION forget_member(who uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  of text := (SELECT subject_id::text FROM event
               WHERE name = 'member.erased' AND data ->> 'member_id' = who::text LIMIT 1);
  called text[] := ARRAY(
    SELECT DISTINCT said FROM row_change, LATERAL (VALUES (old ->> 'name'), (new ->> 'name')) AS v (said)
     WHERE table_name = 'member' AND row_id = who::text AND said IS NOT NULL);
  born text[] := ARRAY(
    SELECT DISTINCT said
      FROM row_change, LATERAL (VALUES (old ->> 'birth_year'), (new ->> 'birth_year')) AS v (said)
     WHERE table_name = 'member' AND row_id = who::text AND said IS NOT NULL);
  hers text[];
BEGIN
  IF of IS NULL OR EXISTS (SELECT FROM member WHERE id = who AND identity_number IS NOT NULL) THEN
    RAISE EXCEPTION 'only of a member who was erased';
  END IF;
  hers := ARRAY(
    SELECT c.row_id FROM row_change c
     WHERE c.table_name = 'member' AND c.action IN ('insert', 'delete')
       AND coalesce(c.new, c.old) ->> 'organisation_id' = of
       AND coalesce(c.new, c.old) ->> 'name' = ANY (called)
       AND coalesce(c.new, c.old) ->> 'birth_year' = ANY (born)
       AND NOT EXISTS (SELECT FROM member m WHERE m.id::text = c.row_id)) || who::text;
  UPDATE row_change SET old = blanked(old, ARRAY['name']), new = blanked(new, ARRAY['name'])
   WHERE table_name = 'member' AND row_id = ANY (hers);
END $$;
REVOKE ALL ON FUNCTION forget_member(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_member(uuid) TO indh_app;
"""


def upgrade() -> None:
    op.execute(FORGET)


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_member(uuid)")
