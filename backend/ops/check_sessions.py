"""The part of `./indh check` about sessions and what follows: votes, minutes, letters, appeals, actions."""

from itertools import islice

from sqlalchemy import create_engine, text

from ..core.commitments import digest
from .check_files import Kept
from .invariant import Invariant

SAID = (
    Kept("minutes-print", "Minutes have the fingerprint of their record."),
    Kept("letters-print", "Each letter has the fingerprint of what it says."),
)
_PRINTED = (
    "SELECT number || ' v' || version AS name, record AS content, record_sha256 AS print FROM minutes",
    "SELECT code AS name, content, content_sha256 AS print FROM letter",
)

INVARIANTS = (
    Invariant(
        "ballots-of-the-present",
        "Only seats that were there, by their member, alternate or proxy, have voted.",
        """SELECT b.id::text FROM ballot b JOIN motion m ON m.id = b.motion_id
           JOIN committee_session s ON s.id = m.session_id
           LEFT JOIN attendance p ON p.session_id = m.session_id AND p.seat_id = b.seat_id
           WHERE (p.presence IS NULL OR p.presence NOT IN ('present', 'remote', 'alternate', 'proxy'))
             AND NOT EXISTS (SELECT FROM jsonb_array_elements(s.earlier) AS sat (sitting),
                                         jsonb_array_elements(sat.sitting -> 'roll') AS called (seat)
                             WHERE called.seat ->> 'seat' = b.seat_id::text)""",
    ),
    Invariant(
        "votes-add-up",
        "The count of a motion is that of its ballots without the recused seats; of a secret one, its box’s.",
        """SELECT s.number || ' / ' || m.number FROM motion m JOIN committee_session s ON s.id = m.session_id
           LEFT JOIN ballot b ON b.motion_id = m.id AND NOT (m.result -> 'recused') ? b.seat_id::text
           LEFT JOIN ballot_box x ON x.motion_id = m.id
           WHERE m.result IS NOT NULL
           GROUP BY s.number, m.id, x.motion_id
           HAVING CASE WHEN m.secret THEN
               ((m.result ->> 'votes_for')::int, (m.result ->> 'votes_against')::int,
                (m.result ->> 'abstentions')::int, count(b.id)::int)
               IS DISTINCT FROM (x.votes_for, x.votes_against, x.abstentions,
                                 x.votes_for + x.votes_against + x.abstentions)
             ELSE
               ((m.result ->> 'votes_for')::int, (m.result ->> 'votes_against')::int,
                (m.result ->> 'abstentions')::int)
               IS DISTINCT FROM ((count(*) FILTER (WHERE b.choice = 'for'))::int,
                                 (count(*) FILTER (WHERE b.choice = 'against'))::int,
                                 (count(*) FILTER (WHERE b.choice = 'abstain'))::int)
             END""",
    ),
    Invariant(
        "secret-stays-secret",
        "No ballot of a secret vote says what was chosen; each other one does.",
        """SELECT b.id::text FROM ballot b JOIN motion m ON m.id = b.motion_id
           WHERE m.secret <> (b.choice IS NULL)""",
    ),
    Invariant(
        "deviation-with-a-reason",
        "A motion that deviates from the proposals says why.",
        "SELECT id::text FROM motion WHERE kind = 'deviation' AND btrim(reason) = ''",
    ),
    Invariant(
        "closed-sessions",
        "A closed session leaves no open motion and no pending proposal.",
        """SELECT s.number FROM committee_session s WHERE s.state = 'closed'
           AND (EXISTS (SELECT FROM motion m WHERE m.session_id = s.id AND m.state = 'open')
             OR EXISTS (SELECT FROM decision d WHERE d.session_id = s.id AND d.state = 'proposed'))""",
    ),
    Invariant(
        "minutes-in-force",
        "The minutes of a session have one version in force, and signatures sign what it says.",
        """SELECT number FROM minutes GROUP BY session_id, number
           HAVING count(*) FILTER (WHERE state <> 'replaced') <> 1
           UNION ALL SELECT m.number FROM signature g JOIN minutes m ON m.id = g.minutes_id
           WHERE g.signed_sha256 <> m.record_sha256""",
    ),
    Invariant(
        "waiting-order",
        "No two dossiers hold the same place on a call's waiting list.",
        """SELECT c.code || ' / ' || d.waiting_order FROM decision d JOIN call c ON c.id = d.call_id
           WHERE d.state = 'adopted' AND d.outcome = 'waiting' AND d.waiting_order IS NOT NULL
           GROUP BY c.code, d.waiting_order HAVING count(*) > 1""",
    ),
    Invariant(
        "replaced-by-one",
        "A decision that was replaced has exactly one that follows it, on the same dossier.",
        """SELECT d.id::text FROM decision d
           LEFT JOIN decision n ON n.follows_id = d.id AND n.application_id = d.application_id
           WHERE d.state = 'replaced' GROUP BY d.id HAVING count(n.id) <> 1""",
    ),
    Invariant(
        "letters-released",
        "A letter that was released says when and by whom, and no other does.",
        """SELECT code FROM letter
           WHERE (state = 'released') <> (released_at IS NOT NULL AND released_by IS NOT NULL)""",
    ),
    Invariant(
        "appeals-settled",
        "A settled appeal has its answer; one that was upheld has the decision that it gave.",
        """SELECT a.number FROM appeal a LEFT JOIN decision d ON d.id = a.outcome_id
           WHERE (a.state IN ('upheld', 'dismissed')) <> (a.settled_at IS NOT NULL AND a.answer IS NOT NULL)
              OR (a.state = 'upheld')
                 <> coalesce(d.follows_id = a.decision_id AND d.origin = 'appeal', false)""",
    ),
    Invariant(
        "appeals-by-others",
        "Nobody reported on an appeal against a decision on which they voted.",
        """SELECT a.number FROM appeal a JOIN decision d ON d.id = a.decision_id
           JOIN ballot b ON b.motion_id = d.motion_id
           JOIN seat s ON s.id = coalesce(b.by_seat_id, b.seat_id) AND s.person_id = a.handler_id
           WHERE a.state IN ('reported', 'upheld', 'dismissed')""",
    ),
    Invariant(
        "action-reminders-sent-once",
        "Each rung of an agreed action that was sent is one event and only one.",
        """SELECT r.id::text FROM action_reminder r LEFT JOIN event e
             ON e.name = 'action.reminder' AND e.subject_id = r.action_id
                AND e.data ->> 'offset' = r.offset_days::text AND e.data ->> 'audience' = r.audience
           GROUP BY r.id HAVING count(e.id) <> CASE WHEN r.state = 'sent' THEN 1 ELSE 0 END""",
    ),
    Invariant(
        "no-reminder-of-a-closed-action",
        "An agreed action that is closed has no reminder to come.",
        """SELECT r.id::text FROM action_reminder r JOIN agreed_action a ON a.id = r.action_id
           WHERE r.state = 'planned' AND a.state <> 'open'""",
    ),
    Invariant(
        "no-overdue-action-reminder",
        "No reminder of an agreed action more than an hour overdue is still waiting.",
        """SELECT r.id::text FROM action_reminder r
           WHERE r.state = 'planned'
             AND r.due_at < now() + (SELECT ahead FROM demo_clock) - interval '1 hour'""",
    ),
)


def broken(url: str, at_most: int = 20) -> dict[str, list[str]]:
    """What has another fingerprint than that of its content, at most so many of each."""
    found = []
    engine = create_engine(url)
    try:
        with engine.connect().execution_options(stream_results=True) as connection:
            for asked in _PRINTED:
                rows = connection.execute(text(asked))
                found.append(list(islice((r.name for r in rows if digest(r.content) != r.print), at_most)))
                rows.close()
    finally:
        engine.dispose()
    return dict(zip((kept.name for kept in SAID), found, strict=True))
