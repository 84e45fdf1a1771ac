"""What later slices tell the committees: who is tied to what, what waits for a decision, what is hidden.

A committee knows seats and votes; which dossier a motion or a point is about, and who is tied to its holder,
only later slices know. Each hook is asked for many at once; without any declared, nobody is tied.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from backend.core.errors import Problem
from backend.core.tx import Tx

from .models import CommitteeSession, Motion

Tied = Callable[[Tx, CommitteeSession, Collection[UUID]], Mapping[UUID, set[UUID]]]
Recusals = Callable[[Tx, Sequence[Motion]], Mapping[UUID, set[UUID]]]
Hidden = Callable[[Tx, Collection[UUID]], set[UUID]]
Undecided = Callable[[Tx, CommitteeSession], list[str]]
Withdrawn = Callable[[Tx, Motion], None]
Ended = Callable[[Tx, CommitteeSession], None]
Uncountable = Callable[[Tx, Motion], Problem | None]
Hook = TypeVar("Hook", bound=Callable[..., object])

_tied: list[Tied] = []
_recusals: list[Recusals] = []
_hidden_subjects: list[Hidden] = []
_hidden_motions: list[Hidden] = []
_undecided: list[Undecided] = []
_withdrawn: list[Withdrawn] = []
_ended: list[Ended] = []
_uncountable: list[Uncountable] = []


def ties(call: Tied) -> Tied:
    """Declare: the seats tied to each of these subjects of agenda points (a dossier, an appeal)."""
    return _once(_tied, call)


def recuses(call: Recusals) -> Recusals:
    """Declare: the seats without a vote on each of these motions."""
    return _once(_recusals, call)


def hides_subjects(call: Hidden) -> Hidden:
    """Declare: those of these subjects that the actor may not see."""
    return _once(_hidden_subjects, call)


def hides_motions(call: Hidden) -> Hidden:
    """Declare: those of these motions that are about what the actor may not see, be it in part."""
    return _once(_hidden_motions, call)


def awaits_decision(call: Undecided) -> Undecided:
    """Declare: the names of what a session has before it and has not decided."""
    return _once(_undecided, call)


def before_count(call: Uncountable) -> Uncountable:
    """Declare: why the votes on a motion cannot be counted now, though it has its quorum."""
    return _once(_uncountable, call)


def after_withdrawal(call: Withdrawn) -> Withdrawn:
    """Declare: what becomes of what a withdrawn motion was about, in the same commit."""
    return _once(_withdrawn, call)


def after_end(call: Ended) -> Ended:
    """Declare: what is written of a session that was closed or lapsed, in the same commit."""
    return _once(_ended, call)


def tied_seats(tx: Tx, session: CommitteeSession, subjects: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By subject, the seats whose member is tied to it; alternates' seats too."""
    found: dict[UUID, set[UUID]] = {subject: set() for subject in subjects}
    for call in _tied if subjects else ():
        for subject, seats in call(tx, session, subjects).items():
            found[subject] |= seats
    return found


def recused(tx: Tx, motions: Sequence[Motion]) -> dict[UUID, set[UUID]]:
    """By motion, the seats without a vote."""
    found: dict[UUID, set[UUID]] = {motion.id: set() for motion in motions}
    for call in _recusals if motions else ():
        for motion, seats in call(tx, motions).items():
            found[motion] |= seats
    return found


def hidden_subjects(tx: Tx, subjects: Collection[UUID]) -> set[UUID]:
    """Those that the actor may not see."""
    return {one for call in _hidden_subjects for one in call(tx, subjects)} if subjects else set()


def hidden_motions(tx: Tx, motions: Collection[UUID]) -> set[UUID]:
    """Those that the actor may not see."""
    return {one for call in _hidden_motions for one in call(tx, motions)} if motions else set()


def undecided(tx: Tx, session: CommitteeSession) -> list[str]:
    """What the session has before it and has not decided, by name."""
    return [name for call in _undecided for name in call(tx, session)]


def uncountable(tx: Tx, motion: Motion) -> Problem | None:
    """The first reason not to count the votes now."""
    return next((why for call in _uncountable if (why := call(tx, motion))), None)


def withdrawn(tx: Tx, motion: Motion) -> None:
    """Tell that a motion was taken back."""
    for call in _withdrawn:
        call(tx, motion)


def ended(tx: Tx, session: CommitteeSession) -> None:
    """Tell that a session is over."""
    for call in _ended:
        call(tx, session)


def _once(known: list[Hook], call: Hook) -> Hook:
    if call not in known:
        known.append(call)
    return call
