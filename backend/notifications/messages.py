"""Which events are told to people, by which words: the whole correspondence of the platform in one table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..applications.schemas import SECTIONS
from ..core.events import Event
from ..core.i18n import codes
from ..core.tx import Tx
from . import cases
from .cases import Case


@dataclass(frozen=True)
class Declared:
    """How an event becomes messages: the cases that it makes, and every template that they may name."""

    cases: Callable[[Tx, Sequence[Event]], Iterable[Case]]
    templates: tuple[str, ...] = ()


REMINDERS = tuple(
    f"milestone.reminder.{reader}.{when}"
    for reader in ("holder", "staff")
    for when in ("before", "on", "after")
)

ACTION_REMINDERS = tuple(
    f"action.reminder.{reader}.{when}"
    for reader in ("owner", "officer")
    for when in ("before", "on", "after")
)

DECIDED = tuple(
    f"decision.{kind}" for kind in ("funded", "conditional", "waiting", "refused", "promoted", "lapsed")
)

CONDITION_REMINDERS = ("condition.reminder.before", "condition.reminder.on", "condition.reminder.officer")

MESSAGES: dict[str, Declared] = {
    # event                   to whom: see the function
    "application.submitted": Declared(cases.application),
    "application.resubmitted": Declared(cases.application),
    "application.completed": Declared(cases.application),
    "application.returned": Declared(cases.completion),
    "application.completion_reminder": Declared(cases.completion),
    "application.lapsed": Declared(cases.completion),
    "application.reminded": Declared(
        cases.undeposited, ("application.reminded.draft", "application.reminded.changes")
    ),
    "assistance.code_asked": Declared(cases.confirmation),
    "accompaniment.code_asked": Declared(cases.accompaniment),
    "person.invited": Declared(cases.invitation),
    "lookalike.announced": Declared(cases.lookalikes),
    "application.admitted": Declared(cases.application),
    "application.refused": Declared(cases.application),
    "call.amended": Declared(cases.amendment, ("call.amended.erratum", "call.amended.extension")),
    "question.answered": Declared(cases.question, ("question.answered", "question.published")),
    "question.set_aside": Declared(cases.question),
    "assignment.created": Declared(cases.assignments),
    "assignment.reopened": Declared(cases.reopened),
    "assignment.withdrawn": Declared(cases.withdrawn),
    "suspected_tie.found": Declared(cases.suspicion),
    "letter.released": Declared(cases.decision, DECIDED),
    "results.published": Declared(cases.results),
    "convention.prepared": Declared(cases.convention),
    "convention.signed": Declared(cases.convention),
    "convention.cancelled": Declared(cases.convention),
    "tranche.released": Declared(cases.tranche),
    "milestone.reminder": Declared(cases.reminder, REMINDERS),
    "milestone.reported": Declared(cases.milestone),
    "milestone.sent_back": Declared(cases.milestone),
    "wave.due": Declared(cases.wave),
    "action.agreed": Declared(cases.action),
    "action.reminder": Declared(cases.action_reminder, ACTION_REMINDERS),
    "consultation.published": Declared(cases.consultation),
    "consultation.concluded": Declared(cases.consultation),
    "seat.ending": Declared(cases.mandate),
    "condition.answered": Declared(cases.condition_answered, ("condition.to_confirm",)),
    "condition.lacking": Declared(cases.condition),
    "decision.conditions_met": Declared(cases.conditions),
    "decision.conditions_extended": Declared(cases.conditions),
    "decision.conditions_reminder": Declared(cases.conditions_reminder, CONDITION_REMINDERS),
    "appeal.filed": Declared(cases.appeal, ("appeal.filed", "appeal.to_assign")),
    "appeal.assigned": Declared(cases.appeal),
    "appeal.reported": Declared(cases.appeal, ("appeal.to_schedule",)),
    "appeal.scheduled": Declared(cases.appeal),
    "appeal.put_off": Declared(cases.appeal),
    "appeal.upheld": Declared(cases.appeal),
    "appeal.dismissed": Declared(cases.appeal),
    "information_request.received": Declared(
        cases.information, ("information_request.received", "information_request.to_answer")
    ),
    "information_request.extended": Declared(cases.information),
    "information_request.answered": Declared(cases.information),
    "information_request.refused": Declared(cases.information),
    "clock.alerted": Declared(cases.clock, ("clock.ahead", "clock.late")),
    "session.convened": Declared(cases.convocation),
    "session.moved": Declared(cases.convocation),
    "session.cancelled": Declared(cases.convocation),
}


TEXTED = frozenset(
    {
        "application.submitted",
        "application.resubmitted",
        "application.completed",
        "application.returned",
        "application.completion_reminder",
        "application.lapsed",
        "application.admitted",
        "application.refused",
        "application.reminded.draft",
        "application.reminded.changes",
        "assignment.withdrawn",
        "suspected_tie.found",
        *DECIDED,
        "results.published",
        "condition.lacking",
        "decision.conditions_met",
        "decision.conditions_extended",
        "condition.reminder.before",
        "condition.reminder.on",
        "appeal.filed",
        "appeal.scheduled",
        "appeal.put_off",
        "appeal.upheld",
        "appeal.dismissed",
        "information_request.received",
        "information_request.extended",
        "information_request.answered",
        "information_request.refused",
        "convention.prepared",
        "tranche.released",
        "milestone.reminder.holder.before",
        "milestone.reminder.holder.on",
        "milestone.reminder.holder.after",
        "wave.due",
        *(name for name in ACTION_REMINDERS if name.startswith("action.reminder.owner")),
    }
)
"""What matters enough for a telephone: told in a few words by SMS to whoever prefers it or has no e-mail."""
CODES = ("assistance.code_asked", "accompaniment.code_asked")
"""A code goes by SMS alone, and is asked anew, not sent again."""


def templates() -> list[str]:
    """Every template that a message may have."""
    return [name for event, declared in MESSAGES.items() for name in declared.templates or (event,)]


@codes
def template_codes() -> Iterable[str]:
    """The words of the messages, and of their kinds in the ledger."""
    yield from ("mail.greeting", "mail.link", "mail.signature")
    yield from (f"sms.{template}" for template in CODES)
    yield from (f"sms.{template}" for template in sorted(TEXTED))
    yield from (f"section.{name}" for name in ("organisation", "members", *SECTIONS))
    for template in templates():
        yield from (f"mail.{template}.subject", f"mail.{template}.body", f"mail.{template}")
