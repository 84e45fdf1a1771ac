# ruff: noqa: E501, S608 (SQL keeps its columns together; what is put into it is ours)
"""The bare endpoints' statements: the rows that the platform reads and writes for the same work."""

RANKING = """
SELECT s.application_id, s.score_hundredths, s.spread_hundredths, s.reviews, s.ties, a.number, a.title,
       o.name AS organisation, c.name AS commune, a.requested_centimes
  FROM standing s JOIN application a ON a.id = s.application_id JOIN organisation o ON o.id = a.organisation_id
  LEFT JOIN commune c ON c.code = a.commune_code
 WHERE s.call_id = %s AND s.ranked_hundredths < %s
 ORDER BY s.ranked_hundredths DESC, s.ties DESC, s.draw, s.application_id LIMIT %s
"""
DOSSIER = """
SELECT s.id, s.state, s.marks, s.notes, a.number, a.title, a.content, o.name AS organisation, c.name AS commune,
       a.requested_centimes, a.total_centimes, k.definition -> 'grid' AS grid
  FROM assignment s JOIN application a ON a.id = s.application_id JOIN organisation o ON o.id = a.organisation_id
  JOIN call k ON k.id = s.call_id LEFT JOIN commune c ON c.code = a.commune_code WHERE s.id = %s
"""
_NARROWED = (
    "a.search @@ to_tsquery('simple', %(q)s) AND a.state = %(state)s AND a.requested_centimes >= %(least)s"
)
LIST = f"""
SELECT a.id, a.version, a.number, a.state, a.call_id, a.organisation_id, a.province_code, a.title, a.sector, a.chain_code,
       a.commune_code, a.total_centimes, a.requested_centimes, a.created_at, a.submitted_at, a.receipt_code,
       a.content_sha256, a.filing, a.submissions, o.name AS organisation, o.legal_form
  FROM application a JOIN organisation o ON o.id = a.organisation_id WHERE {_NARROWED} ORDER BY a.number LIMIT 51
"""
COUNTS = f"SELECT a.state, count(*) FROM application a WHERE {_NARROWED} GROUP BY a.state"
MARKS = """
UPDATE assignment SET marks = %(marks)s, notes = %(notes)s, total_hundredths = 7500, version = version + 1
 WHERE id = %(id)s
"""
SIGN = "UPDATE assignment SET state = 'signed', signed_at = now(), version = version + 1 WHERE id = %(id)s"
EVENT = """
INSERT INTO event (id, at, name, subject_type, subject_id, province_code, actor_name, request_id, data)
VALUES (%(id)s, now(), %(name)s, %(kind)s, %(subject)s, '09.001', 'bench', 'bench', '{}')
"""
STANDING = """
INSERT INTO standing (application_id, call_id, province_code, reviews, score_hundredths, spread_hundredths, ties, criteria)
SELECT application_id, call_id, province_code, (SELECT count(*) FROM assignment x
         WHERE x.application_id = s.application_id AND x.state = 'signed'), 7500, 0, '{75,75,75,75,75,75}', '{}'
  FROM assignment s WHERE id = %(id)s
ON CONFLICT (application_id) DO UPDATE SET reviews = excluded.reviews, score_hundredths = excluded.score_hundredths,
   spread_hundredths = excluded.spread_hundredths, ties = excluded.ties
"""
CREATE = """
WITH counted AS (
  INSERT INTO application_counter (prefix, last) VALUES ('NUE-2026', 1)
  ON CONFLICT (prefix) DO UPDATE SET last = application_counter.last + 1 RETURNING last)
INSERT INTO application (id, version, call_id, organisation_id, province_code, number, state, content, title,
                         total_centimes, requested_centimes, created_by, created_at)
SELECT uuidv7(), 1, %(call_id)s::uuid, %(organisation_id)s::uuid, '09.001', 'NUE-2026-' || last, 'draft', '{}', '', 0, 0,
       (SELECT person_id FROM representative WHERE organisation_id = %(organisation_id)s::uuid), now() FROM counted
RETURNING id, number, state
"""
SAVE = "UPDATE application SET content = content || %(part)s, version = version + 1 WHERE id = %(id)s"
SUBMIT = """
UPDATE application SET state = 'submitted', submitted_at = now(), version = version + 1,
       receipt_code = left(md5(id::text), 14), content_sha256 = encode(sha256(content::text::bytea), 'hex'),
       snapshot = '{"organisation": {"name": {"fr": "Coopérative"}}, "members": [1, 2, 3, 4, 5, 6]}'
 WHERE id = %(id)s RETURNING id, number, state, receipt_code
"""
DEPOSIT = """
INSERT INTO submission (id, application_id, number, submitted_at, submitted_by, receipt_code, content_sha256, content,
                        snapshot, call_version)
SELECT uuidv7(), id, 1, submitted_at, created_by, receipt_code, content_sha256, content, snapshot, 1
  FROM application WHERE id = %(id)s
"""
JOB = """
INSERT INTO job (id, handler, event_id, args, run_at, state, attempts)
VALUES (uuidv7(), 'bench.nothing', %(event)s, '{}', now() + interval '1 year', 'ready', 0)
"""
RESULTS = """
INSERT INTO rule_result (id, application_id, position, rule_code, outcome, refuses, reason, facts, checked_at)
SELECT uuidv7(), %(id)s, i, 'rule_' || i, 'pass', true,
       '{"fr": "La règle est respectée : le montant demandé est sous le plafond.", "ar": "القاعدة محترمة"}',
       '{"title": {"fr": "Plafond", "ar": "سقف"}, "code": "cap", "missing": [], "facts": {"budget.total": 40000000}}', now()
  FROM generate_series(1, 9) i
"""
