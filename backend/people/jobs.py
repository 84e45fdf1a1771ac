"""After a save an organisation is compared with the others; once a day, all of them are."""

from sqlalchemy import select

from ..core.events import Event, every, on
from ..core.tx import Tx
from . import commands
from .models import Organisation


@on("organisation.created", "organisation.edited", "members.replaced", "members.imported")
def look_for_lookalikes(tx: Tx, event: Event) -> None:
    """Nothing is refused nor merged by itself: the officers of both provinces are shown the pair."""
    if tx.session.scalar(select(Organisation.id).where(Organisation.id == event.subject_id)):
        commands.compare(tx, event.subject_id)


@every(86_400, "people.lookalikes")
def look_again(tx: Tx) -> None:
    """What changed without a save of ours (a migration, a correction by hand), and what a lost job left."""
    commands.compare_all(tx)
