"""The part of `./indh check` about deposits; their fingerprints are computed anew from what is kept."""

from itertools import islice

from sqlalchemy import create_engine, text

from ..applications.receipts import sha256
from .check_files import Kept
from .invariant import Invariant

SAID = (
    Kept(
        "fingerprints", "Each deposit has the fingerprint of what it says, and each dossier that of its last."
    ),
    Kept("confirmed", "What an agent deposited for a holder is what the holder confirmed."),
)
_DEPOSITS = """
SELECT a.number || ' / ' || s.number AS name, s.content, s.snapshot, s.content_sha256,
       s.number <> a.submissions OR s.content_sha256 = a.content_sha256 AND s.content = a.content AS same
  FROM submission s JOIN application a ON a.id = s.application_id
"""
_ASSISTED = """
SELECT a.number AS name, s.content, h.confirmed_sha256
  FROM assistance h JOIN application a ON a.id = h.application_id
  JOIN submission s ON s.application_id = a.id AND s.number = a.submissions
 WHERE s.submitted_by = h.agent_id
"""

INVARIANTS = (
    Invariant(
        "version-in-force",
        "A published call says what its last version says; versions are numbered without gaps.",
        """SELECT c.code FROM call c
           LEFT JOIN call_version v ON v.call_id = c.id AND v.number = c.version_number
           WHERE c.published_at IS NOT NULL
             AND (v.id IS NULL OR v.definition_sha256 <> c.definition_sha256
                  OR c.version_number <> (SELECT count(*) FROM call_version n WHERE n.call_id = c.id))""",
    ),
    Invariant(
        "receipts",
        "A submitted dossier is its last deposit: the same receipt, fingerprint and instant.",
        """SELECT a.number FROM application a
           LEFT JOIN submission s ON s.application_id = a.id AND s.number = a.submissions
           WHERE a.state NOT IN ('draft', 'withdrawn')
             AND (s.id IS NULL OR a.receipt_code IS DISTINCT FROM s.receipt_code
                  OR a.content_sha256 IS DISTINCT FROM s.content_sha256
                  OR a.submitted_at IS DISTINCT FROM s.submitted_at)""",
    ),
    Invariant(
        "first-deposits",
        "A dossier keeps the instant of its first deposit.",
        """SELECT a.number FROM application a
           LEFT JOIN submission s ON s.application_id = a.id AND s.number = 1
           WHERE a.submissions > 0 AND a.first_submitted_at IS DISTINCT FROM s.submitted_at""",
    ),
    Invariant(
        "none-late",
        "No deposit counts outside the call's window, unless it answers a completion request in time.",
        """SELECT a.number || ' / ' || s.number FROM submission s
           JOIN application a ON a.id = s.application_id JOIN call c ON c.id = a.call_id
           LEFT JOIN completion_request r ON r.application_id = a.id
           WHERE s.submitted_at < c.opens_at
              OR s.submitted_at > c.closes_at
                 AND NOT coalesce(r.asked_at <= s.submitted_at AND s.number > 1
                     AND (s.submitted_at AT TIME ZONE 'Africa/Casablanca')::date <= r.due_on, false)""",
    ),
    Invariant(
        "versions",
        "The deposits of a dossier are numbered from 1 without gaps.",
        """SELECT a.number FROM application a LEFT JOIN submission s ON s.application_id = a.id
           GROUP BY a.id
           HAVING count(s.id) <> a.submissions OR coalesce(max(s.number), 0) <> a.submissions""",
    ),
    Invariant(
        "completions",
        "A dossier is with its holder for as long as its one completion request is unanswered.",
        """SELECT a.number FROM application a LEFT JOIN completion_request r ON r.application_id = a.id
           WHERE (a.state = 'returned' AND (r.id IS NULL OR r.answered_at IS NOT NULL))
              OR (a.state IN ('submitted', 'eligible') AND r.id IS NOT NULL AND r.answered_at IS NULL)""",
    ),
    Invariant(
        "filed-for-another",
        "A dossier that an agent types or that came on paper says who typed it, and when paper came.",
        """SELECT a.number FROM application a LEFT JOIN assistance h ON h.application_id = a.id
           WHERE (a.filing = 'online') <> (h.id IS NULL)
              OR (a.filing = 'paper' AND h.deposited_at IS NULL)
              OR h.deposited_at > h.begun_at""",
    ),
)


def broken(url: str, at_most: int = 20) -> dict[str, list[str]]:
    """What breaks each, at most so many of each; rows are read in batches."""
    engine = create_engine(url)
    try:
        with engine.connect().execution_options(stream_results=True) as connection:
            deposits = connection.execute(text(_DEPOSITS))
            wrong = (
                row.name
                for row in deposits
                if not row.same or sha256({"content": row.content, **row.snapshot}) != row.content_sha256
            )
            first = list(islice(wrong, at_most))
            deposits.close()
            assisted = connection.execute(text(_ASSISTED))
            unconfirmed = (row.name for row in assisted if sha256(row.content) != row.confirmed_sha256)
            second = list(islice(unconfirmed, at_most))
            assisted.close()
    finally:
        engine.dispose()
    return dict(zip((kept.name for kept in SAID), (first, second), strict=True))
