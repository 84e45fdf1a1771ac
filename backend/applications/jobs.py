"""What the clock does to dossiers: reminders before closing, completions reminded and refused when late."""

from collections.abc import Callable

from ..core.events import Event, Job, every, job, on
from ..core.tx import Tx
from . import assistance, completion, indexing, reminders


@every(300, "drafts")
def drafts(tx: Tx) -> None:
    """Tell who has not deposited that the call closes."""
    _goes_on(tx, "applications.drafts", reminders.settle, reminders.BATCH)


@job("applications.drafts")
def more_drafts(tx: Tx, _job: Job) -> None:
    """The next batch, in a commit of its own."""
    drafts(tx)


@every(600, "completions")
def completions(tx: Tx) -> None:
    """Refuse what was not completed in time; remind those whose day comes."""
    _goes_on(tx, "applications.completions", lambda tx: max(completion.lapse(tx), completion.remind(tx)),
             completion.BATCH)  # fmt: skip


@job("applications.completions")
def more_completions(tx: Tx, _job: Job) -> None:
    """The next batch, in a commit of its own."""
    completions(tx)


def _goes_on(tx: Tx, name: str, work: Callable[[Tx], int], batch: int) -> None:
    if work(tx) >= batch:
        tx.enqueue(Job(handler=name, run_at=tx.now))


@on("organisation.edited", "organisation.merged")
def renamed(tx: Tx, event: Event) -> None:
    """A holder's dossiers are found by her new name."""
    indexing.renew(tx, indexing.of_holder(tx, event.subject_id))


@on("accompaniment.begun")
def hand_over(tx: Tx, event: Event) -> None:
    """An agent whom the holder chose goes on with what the one before her had begun."""
    assistance.hand_over(tx, event.subject_id)


@every(3600, "dossiers.words")
def finish_words(tx: Tx) -> None:
    """Dossiers that were loaded, or were there before the index, are found by all that they say."""
    _goes_on(tx, "applications.words", lambda tx: indexing.renew(tx, indexing.unfinished(tx)), indexing.BATCH)


@job("applications.words")
def more_words(tx: Tx, _job: Job) -> None:
    """The next batch, in a commit of its own."""
    finish_words(tx)
