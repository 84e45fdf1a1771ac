"""After a save an organisation is compared with the others; once a day, all of them are."""

from sqlalchemy import select

from ..core.events import Event, every, on
from ..core.tx import Tx
from . import commands
from .models import Organisation, Person


@on(
    "organisation.created",
    "organisation.edited",
    "members.replaced",
    "members.imported",
    "member.removed",
    "member.restored",
)
def look_for_lookalikes(tx: Tx, event: Event) -> None:
    """Nothing is refused nor merged by itself: the officers of both provinces are shown the pair."""
    if tx.session.scalar(select(Organisation.id).where(Organisation.id == event.subject_id)):
        commands.compare(tx, event.subject_id)


@on("person.created")
def invite_by_mail(tx: Tx, event: Event) -> None:
    """Whoever was entered with an address, and without a password, is sent a way in."""
    asked = select(Person).where(
        Person.id == event.subject_id,
        Person.email.is_not(None),
        Person.password_hash.is_(None),
        Person.active,
    )
    if person := tx.session.scalars(asked).one_or_none():
        commands.owe_invitation(tx, person)


@every(21_600, "people.announce")
def announce(tx: Tx) -> None:
    """The officers of a province are told of the pairs found since the last time, in one message."""
    commands.announce(tx)


@every(86_400, "people.lookalikes")
def look_again(tx: Tx) -> None:
    """What changed without a save of ours (a migration, a correction by hand), and what a lost job left."""
    commands.compare_all(tx)
