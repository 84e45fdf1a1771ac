"""`./indh check`: what must always be true of the data, asked of the running database.

Each invariant is one read-only query that returns the rows which break it. It names rows by their id or
number, never by what they contain. Then the bytes of files are asked for, each against its fingerprint.
"""

import json
from pathlib import Path

from sqlalchemy import create_engine, text

from ..arguments import Arguments
from ..core.config import settings
from . import check_conditions, check_deposits, check_files, check_sessions
from .invariant import Invariant
from .paths import ROOT, socket_directory
from .postgres import Postgres
from .refusal import Refusal

INVARIANTS = (
    Invariant(
        "envelope",
        "What is decided for a call stays within its envelope.",
        """SELECT c.code FROM call c JOIN decision d ON d.call_id = c.id
           WHERE d.state IN ('proposed', 'adopted')
           GROUP BY c.id HAVING sum(d.amount_centimes) > c.envelope_centimes""",
    ),
    Invariant(
        "papers-on-record",
        "Each file that a dossier names was attached to it, with that fingerprint.",
        """SELECT a.number || ' ' || (p.item ->> 'code')
           FROM application a, jsonb_array_elements(
             coalesce(a.content -> 'documents' -> 'provided', '[]')
             || coalesce(a.revision -> 'documents' -> 'provided', '[]')) AS p (item)
           WHERE p.item ->> 'file' IS NOT NULL AND NOT EXISTS (
             SELECT FROM dossier_document d JOIN stored_file f ON f.id = d.file_id
             WHERE d.application_id = a.id AND d.code = p.item ->> 'code'
               AND f.id = (p.item ->> 'file')::uuid AND f.sha256 = p.item ->> 'sha256')""",
    ),
    Invariant(
        "grant-within-request",
        "No decision grants more than the dossier asks for.",
        """SELECT a.number FROM decision d JOIN application a ON a.id = d.application_id
           WHERE d.amount_centimes > a.requested_centimes""",
    ),
    Invariant(
        "one-decision",
        "A dossier has at most one decision in force.",
        """SELECT a.number FROM decision d JOIN application a ON a.id = d.application_id
           WHERE d.state IN ('proposed', 'adopted') GROUP BY a.number HAVING count(*) > 1""",
    ),
    Invariant(
        "funded-if-eligible",
        "Only an eligible dossier is funded.",
        """SELECT a.number FROM decision d JOIN application a ON a.id = d.application_id
           WHERE d.state = 'adopted' AND d.amount_centimes > 0 AND a.state <> 'eligible'""",
    ),
    Invariant(
        "tranches-add-up",
        "The tranches of a convention make exactly its amount.",
        """SELECT c.number FROM convention c LEFT JOIN tranche t ON t.convention_id = c.id
           GROUP BY c.id HAVING c.amount_centimes <> coalesce(sum(t.amount_centimes), 0)""",
    ),
    Invariant(
        "released-on-evidence",
        "No tranche is released without a signed convention, a proven own share and evidence.",
        """SELECT c.number || ' / ' || t.number FROM tranche t JOIN convention c ON c.id = t.convention_id
           WHERE t.state = 'released'
             AND (c.signed_on IS NULL OR c.own_proven_at IS NULL OR coalesce(t.evidence, '') = '')""",
    ),
    Invariant(
        "released-in-order",
        "Tranches are released in order.",
        """SELECT c.number FROM tranche t JOIN tranche before USING (convention_id)
           JOIN convention c ON c.id = t.convention_id
           WHERE t.state = 'released' AND before.state = 'planned' AND before.number < t.number""",
    ),
    Invariant(
        "convention-of-a-decision",
        "A convention rests on an adopted grant, its conditions met, for the amount that its letter says.",
        """SELECT c.number FROM convention c JOIN decision d ON d.id = c.decision_id
           WHERE d.application_id <> c.application_id
              OR d.amount_centimes <> c.amount_centimes
                 AND (c.state <> 'prepared' OR EXISTS (SELECT FROM letter l WHERE l.decision_id = d.id
                                                       AND l.state = 'released'))
              OR c.state <> 'cancelled'
                 AND (d.state <> 'adopted' OR d.outcome NOT IN ('funded', 'conditional')
                   OR d.outcome = 'conditional' AND d.conditions_met_at IS NULL)""",
    ),
    *check_deposits.INVARIANTS,
    *check_sessions.INVARIANTS,
    *check_conditions.INVARIANTS,
    Invariant(
        "submitted-once",
        "A submission is recorded once and only once.",
        """SELECT a.number FROM application a
           LEFT JOIN event e ON e.subject_id = a.id AND e.name = 'application.submitted'
           WHERE a.submitted_at IS NOT NULL GROUP BY a.number HAVING count(e.id) <> 1""",
    ),
    Invariant(
        "numbers",
        "A counter of dossiers or of requests for information stands at the last number given.",
        """SELECT c.prefix FROM application_counter c
           LEFT JOIN (SELECT number FROM application UNION ALL SELECT number FROM information_request) a
             ON a.number LIKE c.prefix || '-%'
           GROUP BY c.prefix
           HAVING c.last <> coalesce(max(substring(a.number FROM '[0-9]+$')::int), 0)""",
    ),
    Invariant(
        "refused-with-a-reason",
        "A dossier found ineligible has at least one reason.",
        """SELECT a.number FROM application a WHERE a.state = 'ineligible'
           AND NOT EXISTS (SELECT FROM rule_result r WHERE r.application_id = a.id
                           AND r.outcome = 'fail' AND r.refuses)
           AND NOT EXISTS (SELECT FROM event e WHERE e.subject_id = a.id AND e.name = 'application.refused'
                           AND (coalesce(e.data ->> 'reason', '') <> '' OR e.data ? 'incomplete'))
           AND NOT EXISTS (SELECT FROM event e WHERE e.subject_id = a.id
                           AND e.name = 'application.lapsed')""",
    ),
    Invariant(
        "standing",
        "A dossier's score is the mean of its signed reviews.",
        """SELECT s.application_id::text FROM standing s LEFT JOIN assignment a
             ON a.application_id = s.application_id AND a.state = 'signed'
           GROUP BY s.application_id
           HAVING s.reviews <> count(a.id)
               OR (count(a.id) > 0 AND abs(s.score_hundredths - avg(a.total_hundredths)) > 0.5)""",
    ),
    Invariant(
        "review-sums",
        "What is kept of a call's reviews is the sum of its dossiers' scores; each has its draw.",
        """SELECT c.code FROM call_review r JOIN call c ON c.id = r.call_id
             LEFT JOIN standing s ON s.call_id = r.call_id LEFT JOIN application a ON a.id = s.application_id
           GROUP BY c.code, r.id
           HAVING (r.ranked, r.reviews, r.discordant, r.waiting, r.asked_centimes) IS DISTINCT FROM
                  (count(s.application_id)::int, coalesce(sum(s.reviews), 0)::int,
                   (count(*) FILTER (WHERE s.discordant))::int,
                   (count(*) FILTER (WHERE s.reviews < r.per_file))::int,
                   coalesce(sum(a.requested_centimes), 0)::bigint)
               OR bool_or(s.draw <> encode(sha256((r.seed || a.number)::bytea), 'hex'))""",
    ),
    Invariant(
        "no-conflicted-review",
        "Nobody has signed the review of an organisation in which they have an interest.",
        """SELECT r.id::text FROM assignment r JOIN application a ON a.id = r.application_id
           JOIN interest i ON i.person_id = r.evaluator_id AND i.organisation_id = a.organisation_id
           WHERE r.state = 'signed' AND i.declared_at <= r.signed_at""",
    ),
    Invariant(
        "recused-left-no-mark",
        "A review recused, abstained from or taken back holds no mark.",
        "SELECT id::text FROM assignment WHERE state IN ('recused', 'abstained', 'withdrawn')"
        " AND marks <> '{}'::jsonb",
    ),
    Invariant(
        "reminders-sent-once",
        "Each reminder that was sent is one event and only one.",
        """SELECT r.id::text FROM reminder r LEFT JOIN event e
             ON e.name = 'milestone.reminder' AND e.subject_id = r.milestone_id
                AND e.data ->> 'offset' = r.offset_days::text AND e.data ->> 'audience' = r.audience
           WHERE r.state = 'sent' GROUP BY r.id HAVING count(e.id) <> 1""",
    ),
    Invariant(
        "reminders-in-the-ledger",
        "Each reminder has one message and only one in the ledger for each recipient.",
        """SELECT e.id::text FROM event e
           WHERE e.name = 'milestone.reminder'
             AND NOT EXISTS (SELECT FROM job j WHERE j.event_id = e.id AND j.state <> 'done')
             AND EXISTS (SELECT FROM jsonb_array_elements_text(e.data -> 'recipients') AS told (person)
                         JOIN person p ON p.id = told.person::uuid AND p.active
                         WHERE (SELECT count(*) FROM message m
                                WHERE m.event_id = e.id AND m.recipient_id = p.id) <> 1)""",
    ),
    Invariant(
        "no-reminder-of-what-is-done",
        "A milestone that was reported has no reminder to come.",
        """SELECT r.id::text FROM reminder r JOIN milestone m ON m.id = r.milestone_id
           WHERE r.state = 'planned' AND m.state <> 'open'""",
    ),
    Invariant(
        "no-overdue-reminder",
        "No reminder more than an hour overdue is still waiting.",
        """SELECT r.id::text FROM reminder r
           WHERE r.state = 'planned'
             AND r.due_at < now() + (SELECT ahead FROM demo_clock) - interval '1 hour'""",
    ),
    Invariant(
        "ledger",
        "A message has a date of sending if it was sent, and only then.",
        """SELECT id::text FROM message WHERE (state = 'sent') <> (sent_at IS NOT NULL)""",
    ),
    Invariant(
        "information-answered",
        "An information request has an answer once it is answered or refused, a ground if refused, a day.",
        """SELECT id::text FROM information_request
           WHERE (state = 'received') <> (answered_at IS NULL) OR (state = 'received') <> (answer = '')
              OR (state = 'refused') <> (ground IS NOT NULL)
              OR due_on <= (received_at AT TIME ZONE 'Africa/Casablanca')::date
              OR (extended_at IS NULL) <> (extension_reason = '') OR code_sha256 !~ '^[0-9a-f]{64}$'""",
    ),
    Invariant(
        "cards-sealed",
        "The number of an identity card is kept sealed, with its digest, or not at all.",
        """SELECT id::text FROM member
           WHERE (identity_number IS NULL) <> (identity_digest IS NULL)
              OR octet_length(identity_number) < 33
              OR identity_digest !~ '^[0-9a-f]{64}$'""",
    ),
    Invariant(
        "merged-once",
        "An organisation was merged into one that stands, by a pair that says so.",
        """SELECT o.id::text FROM organisation o JOIN organisation into_ ON into_.id = o.merged_into_id
           WHERE o.id = into_.id OR NOT EXISTS (
             SELECT FROM lookalike l
             WHERE l.state = 'merged' AND l.first_id = into_.id AND l.second_id = o.id)""",
    ),
    Invariant(
        "erased",
        "An erased person has neither address, telephone, password nor way in.",
        """SELECT p.id::text FROM person p WHERE p.erased_at IS NOT NULL
             AND (coalesce(p.email, p.phone, p.password_hash) IS NOT NULL OR p.active
               OR EXISTS (SELECT FROM sign_in s WHERE s.person_id = p.id AND s.ended_at IS NULL)
               OR EXISTS (SELECT FROM access_token t WHERE t.person_id = p.id AND t.revoked_at IS NULL))""",
    ),
    Invariant(
        "no-parked-job",
        "No job was given up without somebody having looked at it.",
        "SELECT handler || ' ' || id FROM job WHERE state = 'parked'",
    ),
    Invariant(
        "audited",
        "Each table has its journal, and the application cannot rewrite it.",
        """SELECT tablename FROM pg_tables t WHERE schemaname = 'public'
             AND tablename NOT IN
               ('event', 'job', 'row_change', 'idempotent_answer', 'upload', 'alembic_version', 'ballot_box',
                'seal', 'sealed_event')
             AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgname = 'row_change' AND g.tgenabled = 'O'
                             AND g.tgrelid = format('%I', t.tablename)::regclass)
           UNION ALL SELECT 'row_change'
             WHERE has_table_privilege('indh_app', 'row_change', 'INSERT, UPDATE, DELETE')
           UNION ALL SELECT name FROM unnest(ARRAY['event', 'seal', 'sealed_event']) AS record (name)
             WHERE has_table_privilege('indh_app', name, 'UPDATE, DELETE')""",
    ),
)


KEPT = (check_deposits, check_sessions, check_files)
"""What no query can ask: each says it (`SAID`) and answers (`broken`)."""


def broken(url: str, at_most: int = 20) -> dict[str, list[str]]:
    """What breaks each invariant, at most so many examples of each; empty lists when all is well."""
    found: dict[str, list[str]] = {}
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            for invariant in INVARIANTS:
                rows = connection.scalars(
                    # the query is one of ours above, the number an int
                    text(f"SELECT * FROM ({invariant.broken}) AS broken LIMIT {at_most}")  # noqa: S608
                )
                found[invariant.name] = [str(row) for row in rows]
    finally:
        engine.dispose()
    return found


def address(data: Path) -> str:
    """The database that the environment names, or else the one that `./indh up` serves from `data`.

    Raises Refusal when there is neither.
    """
    if settings().database_url:
        return settings().database_url
    home = data.absolute()
    if not Postgres(home / "postgres", home).ready():
        raise Refusal(f"no database: {data} is not being served, and DATABASE_URL names none.")
    return Postgres(home / "postgres", socket_directory(home)).url()


def main(argv: list[str]) -> int:
    """Print each invariant with its verdict; 1 when one is broken."""
    parser = Arguments(prog="./indh check", description="Ask the database what must always be true.")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument(
        "--data",
        type=Path,
        default=ROOT / ".data",
        metavar="DIR",
        help="directory of ./indh up (.data)",
    )
    options = parser.parse_args(argv)
    url = address(options.data)
    check_files.locate(options.data)
    found = broken(url)
    for kept in KEPT:
        found |= kept.broken(url)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for invariant in (*INVARIANTS, *(said for kept in KEPT for said in kept.SAID)):
            wrong = found[invariant.name]
            print(f"{'✗' if wrong else '✓'} {invariant.says}" + (f"  {', '.join(wrong)}" if wrong else ""))
    return 1 if any(found.values()) else 0
