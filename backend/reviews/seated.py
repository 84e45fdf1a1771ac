"""Members of committees who are seated by name: without an account, they declare no tie by themselves.

The secretary (an officer of the province) writes down what such a member says of herself, with how it is
known; the tie then bars like any other: she neither votes on the holder's dossiers nor counts in the quorum.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from ..applications.models import Application
from ..committees.models import Committee, Seat
from ..core.actor import Actor
from ..core.calendar import local
from ..core.errors import INVALID, FieldError
from ..core.policy import rule
from ..core.shapes import written
from ..core.tx import Tx
from ..people.commands.accounts import insert_unless_there
from ..people.models import Interest, Person, Role
from ..people.policy import in_province
from .policy import untied

LONGEST = 1_000


def _hers(a: Actor) -> ColumnElement[bool]:
    """Deposited dossiers of the officer's province, but those of a holder to whom she is tied herself."""
    return and_(
        in_province(a, Role.OFFICER, Application.province_code),
        Application.submitted_at.is_not(None),
        untied(a, Application.id),
    )


def _without_account(a: Actor) -> ColumnElement[bool]:
    by_name = (
        select(Seat.person_id)
        .join(Committee, Committee.id == Seat.committee_id)
        .join(Person, Person.id == Seat.person_id)
        .where(
            Seat.name.is_not(None),
            Person.password_hash.is_(None),
            in_province(a, Role.OFFICER, Committee.province_code),
        )
    )
    return Interest.person_id.in_(by_name)


rule("application.tie_seat", Application, _hers)
rule(
    "interest.record",
    Interest,
    lambda a: and_(
        _without_account(a), Interest.organisation_id.in_(select(Application.organisation_id).where(_hers(a)))
    ),
)


@dataclass(frozen=True)
class Seated:
    """A member without an account, the committees where she sits, and her tie to the holder if one stands."""

    person_id: UUID
    name: dict[str, str]  # as the order of the committee names her
    committees: tuple[dict[str, str], ...]
    tie: Interest | None


def seated(tx: Tx, application: Application) -> list[Seated]:
    """Who sits today by name in a committee of the dossier's province: one statement."""
    asked = (
        _seats(tx, application)
        .outerjoin(
            Interest,
            and_(
                Interest.person_id == Seat.person_id, Interest.organisation_id == application.organisation_id
            ),
        )
        .add_columns(Interest)
        .order_by(Seat.position, Seat.id)
    )
    found: dict[UUID, Seated] = {}
    for person, name, committee, tie in tx.session.execute(asked):
        before = found[person].committees if person in found else ()
        where = before if committee in before else (*before, committee)
        found[person] = Seated(person, name, where, tie)
    return list(found.values())


def sits_any(tx: Tx, application: Application) -> bool:
    """Whether anybody sits there by name today."""
    return tx.session.execute(_seats(tx, application).limit(1)).first() is not None


def _seats(tx: Tx, application: Application) -> Any:
    today = local(tx.now).date()
    return (
        select(Seat.person_id, Seat.name, Committee.name)
        .join(Person, Person.id == Seat.person_id)
        .join(Committee, Committee.id == Seat.committee_id)
        .where(
            Committee.province_code == application.province_code,
            Seat.name.is_not(None),
            Person.password_hash.is_(None),
            Seat.from_on <= today,
            or_(Seat.until_on.is_(None), Seat.until_on >= today),
        )
    )


def dossier(tx: Tx, application_id: UUID) -> Application:
    """The dossier, for the officer who writes such ties down; nothing of it is changed."""
    application = tx.get(Application, application_id, "application.read")
    tx.allow("application.tie_seat", application)
    return application


def record(tx: Tx, application_id: UUID, person_id: UUID | None, reason: str) -> Interest:
    """Write down that a member seated by name is tied to the dossier's holder; the first one stands."""
    application = dossier(tx, application_id)
    said = written(reason.replace("\0", ""), "reason", LONGEST)
    known = {one.person_id: one for one in seated(tx, application)}
    if person_id not in known:
        raise INVALID([FieldError("person_id", "unknown_seat" if person_id else "missing")])
    if held := known[person_id].tie:
        return held
    tie = Interest(
        person_id=person_id,
        organisation_id=application.organisation_id,
        reason=said,
        declared_at=tx.now,
    )
    if insert_unless_there(tx, tie):
        tx.allow("interest.record", tie)
        tx.emit("interest.declared", tie, organisation_id=str(tie.organisation_id), recorded=True)
        return tie
    asked = select(Interest).where(
        Interest.person_id == person_id, Interest.organisation_id == application.organisation_id
    )
    return tx.session.scalars(asked).one()
