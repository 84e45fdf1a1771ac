"""People and organisations: invited, asked for an agreement, shown what may be one organisation twice."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from ...core.events import Event
from ...core.tx import Tx
from ...people.models import (
    Accompaniment,
    Invitation,
    Organisation,
    Person,
    Representative,
    Role,
    RoleGrant,
)
from ...territory.models import Province
from .case import Case, Cases, rows_of


def accompaniment(tx: Tx, events: Sequence[Event]) -> Cases:
    """A code to the telephone of the holder whom an agent asks to help; of nobody's number, none."""
    holder = (
        select(Representative.person_id)
        .join(Person, Person.id == Representative.person_id)
        .where(
            Representative.organisation_id == Accompaniment.organisation_id,
            Representative.until.is_(None),
            Person.active,
        )
        .order_by(Person.phone.is_(None), Representative.since)
        .limit(1)
        .scalar_subquery()
    )
    asked = select(Accompaniment.phone, Accompaniment.agent_id, holder.label("holder")).join(
        Organisation, Organisation.id == Accompaniment.organisation_id
    )
    rows = rows_of(tx, asked, Accompaniment.id, events)
    for event in events:
        row = rows.get(event.subject_id)
        if row:
            params = {"accompaniment": str(event.subject_id)}
            people = (row.holder or row.agent_id,)
            yield Case(event.id, event.name, params, event.province_code, people=people, phone=row.phone)


def invitation(tx: Tx, events: Sequence[Event]) -> Cases:
    """A link by which she chooses her password; the link itself is made as the message leaves."""
    asked = select(Invitation.person_id, Invitation.expires_at)
    rows = rows_of(tx, asked, Invitation.id, events)
    for event in events:
        row = rows[event.subject_id]
        params = {"invitation": str(event.subject_id), "expires_at": row.expires_at.isoformat()}
        yield Case(event.id, event.name, params, None, people=(row.person_id,))


def lookalikes(tx: Tx, events: Sequence[Event]) -> Cases:
    """How many pairs were found in a province since the last time, to its officers: one message each."""
    places = {event.data["province"] for event in events}
    asked = select(Province.code, Province.name).where(Province.code.in_(places))
    names = {code: name for code, name in tx.session.execute(asked)}  # noqa: C416 (rows, not pairs, to mypy)
    officers: dict[str, list[UUID]] = {}
    held = select(RoleGrant.province_code, RoleGrant.person_id).where(
        RoleGrant.province_code.in_(places), RoleGrant.role == Role.OFFICER, RoleGrant.revoked_at.is_(None)
    )
    for place, person in tx.session.execute(held.order_by(RoleGrant.person_id)):
        officers.setdefault(str(place), []).append(person)
    for event in events:
        place = event.data["province"]
        params = {"n_pairs": event.data["count"], "province": names[place], "link_path": "/das/lookalikes"}
        yield Case(event.id, event.name, params, place, people=tuple(officers.get(place, ())))
