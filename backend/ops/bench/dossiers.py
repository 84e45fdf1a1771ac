# ruff: noqa: E501 (SQL keeps its columns together)
"""More dossiers on a copy of the loaded database: a hundred thousand to be searched, drafts to be deposited."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from backend.applications.indexing import SEAM, content_line, holder_line
from backend.ops.bench import content
from backend.ops.bench.data import COMMUNE, PROVINCE, untriggered

KINDS = (
    ("Conditionnement de safran", "تلفيف الزعفران"),
    ("Ruches et miellerie", "خلايا ومعمل العسل"),
    ("Tapis noués à la main", "زرابي منسوجة باليد"),
    ("Atelier de zellige", "ورشة الزليج"),
    ("Trituration d’huile d’argan", "استخلاص زيت الأركان"),
)
STATES = ("submitted", "eligible", "eligible", "ineligible")

_CALLS = """
INSERT INTO call (id, version, code, province_code, title, opens_at, closes_at, envelope_centimes, definition,
                  definition_sha256, state, published_at)
SELECT uuidv7(), 1, code || '-' || n, province_code, title, opens_at, closes_at, envelope_centimes, definition,
       definition_sha256, state, published_at FROM call, generate_series(2, %(calls)s) n WHERE id = %(like)s
RETURNING id
"""
_MORE = """
INSERT INTO application (id, version, call_id, organisation_id, province_code, number, state, content, title, sector,
                         chain_code, commune_code, total_centimes, requested_centimes, created_by, created_at,
                         submitted_at, first_submitted_at, receipt_code, content_sha256, snapshot, search_text, submissions)
SELECT uuidv7(), 10, %(call)s, organisation_id, province_code, 'L' || %(n)s || substr(number, 4), 'eligible', content, '',
       sector, 'argan', commune_code, total_centimes, requested_centimes + %(n)s * 100, created_by, created_at,
       submitted_at - %(n)s * interval '1 day', submitted_at - %(n)s * interval '1 day', receipt_code || '-' || %(n)s, content_sha256, snapshot, '', 1
  FROM application WHERE call_id = %(like)s
"""
_DRAFTS = """
WITH chosen AS (
  SELECT o.id, row_number() OVER (ORDER BY o.id) AS i, r.person_id,
         substr(p.email, 8, strpos(p.email, '@') - 8)::int AS holder
    FROM organisation o JOIN representative r ON r.organisation_id = o.id JOIN person p ON p.id = r.person_id
   ORDER BY o.id LIMIT %(number)s),
made AS (
  INSERT INTO application (id, version, call_id, organisation_id, province_code, number, state, content, title, sector,
                           chain_code, commune_code, total_centimes, requested_centimes, created_by, created_at)
  SELECT uuidv7(), 8, %(call)s, id, %(province)s, 'RUE-2026-' || lpad(i::text, 5, '0'), 'draft', %(content)s,
         %(content)s #>> '{project,title}', 'agriculture', 'argan', %(commune)s, 40000000, 24000000, person_id, now()
    FROM chosen RETURNING id, organisation_id)
SELECT made.id, chosen.holder FROM made JOIN chosen ON chosen.id = made.organisation_id ORDER BY chosen.i
"""


def crowd(db: psycopg.Connection, like: UUID, times: int) -> int:
    """The dossiers of a call, so many times over under further calls, each saying something of its own."""
    with db.transaction(), untriggered(db):
        calls = db.execute(_CALLS.encode(), {"like": like, "calls": times}).fetchall()
        for n, (call,) in enumerate(calls, start=2):
            db.execute(_MORE.encode(), {"call": call, "n": n, "like": like})
        _words(db)
    db.execute("VACUUM (ANALYZE) application, call")
    row = db.execute("SELECT count(*) FROM application").fetchone()
    return row[0] if row else 0


def _words(db: psycopg.Connection) -> None:
    """Titles, states and words as the platform would keep them."""
    base = content.sections(COMMUNE)
    said = []
    for fr, ar in KINDS:
        project = base["project"] | {"title": f"{fr} {ar}"}
        said.append((f"{fr} {ar}", SEAM + content_line(base | {"project": project})))
    db.execute("CREATE TEMP TABLE said (k int, title text, words text) ON COMMIT DROP")
    with db.cursor() as cursor:
        cursor.executemany("INSERT INTO said VALUES (%s, %s, %s)", [(k, *one) for k, one in enumerate(said)])
    rows = db.execute(
        "SELECT a.id, a.number, o.name FROM application a JOIN organisation o ON o.id = a.organisation_id"
    ).fetchall()
    db.execute("CREATE TEMP TABLE who (id uuid, n int, line text) ON COMMIT DROP")
    with db.cursor().copy("COPY who FROM STDIN") as copy:
        for n, (key, number, name) in enumerate(rows):
            copy.write_row((key, n, holder_line(number, name)))
    db.execute("ANALYZE who")
    db.execute(
        "UPDATE application a SET search_text = who.line || said.words, title = said.title || ' ' || who.n,"
        " state = (%s::text[])[1 + who.n / 7 %% 4] FROM who, said WHERE who.id = a.id AND said.k = who.n %% 5",
        (list(STATES),),
    )


def drafts(db: psycopg.Connection, call: UUID, number: int) -> list[tuple[UUID, int]]:
    """So many complete drafts; each with the number of its holder's session."""
    with db.transaction(), untriggered(db):
        words: dict[str, Any] = {
            "number": number,
            "call": call,
            "province": PROVINCE,
            "commune": COMMUNE,
            "content": Jsonb(content.sections(COMMUNE)),
        }
        made = db.execute(_DRAFTS.encode(), words).fetchall()
    db.execute("VACUUM (ANALYZE) application")
    return [(row[0], row[1]) for row in made]
