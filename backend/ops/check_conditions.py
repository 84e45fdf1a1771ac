"""What must always be true of grants under conditions."""

from .invariant import Invariant

INVARIANTS = (
    Invariant(
        "conditions-met",
        "A grant's conditions are met when each of them was confirmed, and only then.",
        """SELECT a.number FROM decision d JOIN application a ON a.id = d.application_id
           WHERE d.outcome = 'conditional' AND d.state <> 'replaced'
             AND (d.conditions_met_at IS NOT NULL) <> (jsonb_array_length(d.conditions) = (
               SELECT count(*) FROM decision_condition c WHERE c.decision_id = d.id AND c.state = 'met'))""",
    ),
    Invariant(
        "conditions-in-time",
        "Past the date of its conditions, a grant is met, lapsed, awaits an officer or was told too late.",
        """SELECT a.number FROM decision d JOIN application a ON a.id = d.application_id
           WHERE d.outcome = 'conditional' AND d.state = 'adopted' AND d.conditions_met_at IS NULL
             AND coalesce(d.conditions_until, d.conditions_due_on) + 1
                 < (SELECT max(at) AT TIME ZONE 'Africa/Casablanca' FROM event)::date
             AND EXISTS (SELECT FROM decision_condition c
                         WHERE c.decision_id = d.id AND c.state IN ('awaited', 'lacking'))
             AND EXISTS (SELECT FROM letter l WHERE l.decision_id = d.id AND l.state = 'released'
                         AND (l.released_at AT TIME ZONE 'Africa/Casablanca')::date
                             <= coalesce(d.conditions_until, d.conditions_due_on))""",
    ),
)
