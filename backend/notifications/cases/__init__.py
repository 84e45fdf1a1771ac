"""What each kind of event means for people: whom it concerns, and the facts that a message states.

A function takes the events of one name that wait together and answers one case for each message to write, in
a bounded number of statements. Facts are plain JSON whose suffix says what they are (`_centimes`, `_on`,
`_at`, `_days`, `_files`, `_path`): `wording` writes them in the reader's language, when the message leaves.
"""

from .accounts import accompaniment, invitation, lookalikes
from .appeals import appeal
from .calls import amendment, question
from .case import Case, Cases
from .committees import action, action_reminder, consultation, mandate
from .conditions import condition, condition_answered, conditions, conditions_reminder
from .deposits import application, completion, confirmation, undeposited
from .judging import assignments, decision, reopened, results, suspicion, withdrawn
from .living import convention, milestone, reminder, tranche, wave
from .obligations import clock, information
from .sessions import convocation

__all__ = [
    "Case",
    "Cases",
    "accompaniment",
    "action",
    "action_reminder",
    "amendment",
    "appeal",
    "application",
    "assignments",
    "clock",
    "completion",
    "condition",
    "condition_answered",
    "conditions",
    "conditions_reminder",
    "confirmation",
    "consultation",
    "convention",
    "convocation",
    "decision",
    "information",
    "invitation",
    "lookalikes",
    "mandate",
    "milestone",
    "question",
    "reminder",
    "reopened",
    "results",
    "suspicion",
    "tranche",
    "undeposited",
    "wave",
    "withdrawn",
]
