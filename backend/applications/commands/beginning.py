"""A dossier is begun: once by organisation and call, under the next number."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, cast, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import defer
from sqlalchemy.orm.attributes import set_committed_value
from uuid_utils.compat import uuid7

from ...calls.models import Call
from ...calls.queries import is_open
from ...core.calendar import local
from ...core.errors import INVALID, NOT_FOUND, FieldError
from ...core.tx import Tx
from ...people.lifecycle import ORGANISATION_MERGED
from ...people.models import Organisation, Representative, Role
from ..indexing import SEAM, holder_line
from ..lifecycle import WITHDRAWN, not_open
from ..models import Application, ApplicationCounter, Assistance, Filing

LIVING = text("state <> 'withdrawn'")
"""As the index says it: a bound value could not be matched with the index once the plan is a generic one."""


def create(tx: Tx, call_id: UUID, organisation_id: UUID, handed_in_at: datetime | None = None) -> Application:
    """Begin the organisation's dossier for the call; asked again, the one that lives is given back.

    An officer or an agent who does not act for the organisation files for it: both are on record.
    `handed_in_at` is when a dossier on paper reached the officer's counter, which is the instant that counts
    for its first deposit.
    """
    agent = _agent(tx, organisation_id)
    counter = agent and bool(tx.actor.provinces(Role.OFFICER))
    if handed_in_at and (not counter or handed_in_at > tx.now):
        raise INVALID([FieldError("handed_in_at", "instant_in_future" if counter else "invalid")])
    call, organisation, living = _parties(tx, call_id, organisation_id)
    if living:
        tx.allow("application.create", living)
        tx.recorded = True  # nothing of the dossier is written; an idempotency key may be
        return living
    if organisation.merged_into_id:
        raise ORGANISATION_MERGED(into=str(organisation.merged_into_id))
    if not is_open(call, handed_in_at or tx.now):
        raise not_open(call, tx, handed_in_at)
    made = _numbered(tx, call, organisation)
    if made is None:  # a twin request was first: its number stands, ours is given back
        return _twin(tx, call_id, organisation_id)
    tx.allow("application.create", made)
    if agent:
        _assist(tx, made, handed_in_at)
    tx.emit(
        "application.created",
        made,
        number=made.number,
        call=call.code,
        organisation=str(organisation.id),
        filing=made.filing,
        handed_in_at=handed_in_at and handed_in_at.isoformat(),
    )
    return made


def _agent(tx: Tx, organisation_id: UUID) -> bool:
    """Whether she files for another: an officer or agent who does not act for the organisation herself."""
    if not tx.actor.provinces(Role.OFFICER, Role.AGENT):
        return False
    hers = select(Representative.id).where(
        Representative.organisation_id == organisation_id,
        Representative.person_id == tx.actor.id,
        Representative.until.is_(None),
    )
    return tx.session.scalar(hers.limit(1)) is None


def _assist(tx: Tx, made: Application, handed_in_at: datetime | None) -> None:
    assert tx.actor.id
    made.filing = Filing.PAPER if handed_in_at else Filing.ASSISTED
    tx.session.add(
        Assistance(application_id=made.id, agent_id=tx.actor.id, begun_at=tx.now, deposited_at=handed_in_at)
    )
    tx.session.flush()


def _parties(tx: Tx, call_id: UUID, organisation_id: UUID) -> tuple[Call, Organisation, Application | None]:
    """The call and the organisation that the actor may see, and the dossier that they already share."""
    asked: Any = (
        select(Call, Organisation, Application)
        .select_from(Call)
        .options(defer(Call.definition))
        .join(Organisation, Organisation.id == organisation_id)
        .outerjoin(Application, _shared(call_id, organisation_id))
        .where(Call.id == call_id)
    )
    found = tx.session.execute(tx.visible(tx.visible(asked, "call.read"), "organisation.read")).one_or_none()
    if found is None:
        tx.get(Call, call_id, "call.read", options=(defer(Call.definition),))
        raise NOT_FOUND(thing="organisation")
    call, organisation, living = found
    return call, organisation, living


def _shared(call_id: UUID, organisation_id: UUID) -> Any:
    return (
        (Application.call_id == call_id)
        & (Application.organisation_id == organisation_id)
        & (Application.state != WITHDRAWN)
    )


def _numbered(tx: Tx, call: Call, organisation: Organisation) -> Application | None:
    """The new dossier, with the next number; None when the organisation has one by now."""
    prefix = _prefix(call)
    number = f"{prefix}-{_next_number(tx, prefix):04d}"
    found_by = holder_line(number, organisation.name) + SEAM
    made = tx.session.scalars(
        insert(Application)
        .values(
            id=uuid7(),
            version=1,
            call_id=call.id,
            organisation_id=organisation.id,
            province_code=call.province_code,
            number=number,
            search_text=found_by,
            content={},
            created_by=tx.actor.id,
            created_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["call_id", "organisation_id"], index_where=LIVING)
        .returning(Application)
    ).one_or_none()
    if made is None:
        counter = tx.session.get_one(ApplicationCounter, prefix, populate_existing=True)
        counter.last -= 1
        return None
    set_committed_value(made, "search_text", found_by)  # what is deferred is not returned
    return made


def _twin(tx: Tx, call_id: UUID, organisation_id: UUID) -> Application:
    """The dossier that another request made meanwhile."""
    living = tx.session.scalars(select(Application).where(_shared(call_id, organisation_id))).one()
    tx.allow("application.create", living)
    tx.recorded = True  # the number taken and given back leaves nothing to record
    return living


def _prefix(call: Call) -> str:
    """`agadir-2023` opened in 2023 gives AGA-2023; calls that share it share its numbers."""
    letters = re.sub("[^A-Z]", "", call.code.upper())[:3]
    return f"{letters}-{local(call.opens_at).year}"


def _next_number(tx: Tx, prefix: str) -> int:
    """The next number under the prefix, whose row stays locked until the commit.

    The first one follows those that were given before the counter was kept (imported dossiers).
    """
    grown = (
        update(ApplicationCounter)
        .where(ApplicationCounter.prefix == prefix)
        .values(last=ApplicationCounter.last + 1)
        .returning(ApplicationCounter.last)
    )
    unsynchronised = {"synchronize_session": False}
    number: int | None = tx.session.scalars(grown, execution_options=unsynchronised).one_or_none()
    if number is not None:
        return number
    given = func.max(cast(func.split_part(Application.number, "-", 3), Integer))
    last = tx.session.scalar(select(func.coalesce(given, 0)).where(Application.number.like(f"{prefix}-%")))
    first = insert(ApplicationCounter).values(prefix=prefix, last=last).on_conflict_do_nothing()
    tx.session.execute(first)
    return tx.session.scalars(grown, execution_options=unsynchronised).one()
