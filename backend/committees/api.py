"""Committees, their sessions and votes over JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from backend.core.calendar import local
from backend.core.tx import Tx, transaction
from backend.web.deps import AnyActor, CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag

from . import commands, queries, session_api, sessions
from .endpoints import dialogue, motions, seating
from .endpoints.motions import motion_out
from .lifecycle import SESSION
from .models import Committee, CommitteeSession, Procedure
from .queries import Sitting
from .schemas import (
    CommitteeDetailOut,
    CommitteeIn,
    CommitteeOut,
    CommitteesOut,
    ProcedureIn,
    ProcedureOut,
    SeatEndIn,
    SeatIn,
    SeatOut,
)
from .session_schemas import (
    AttendanceIn,
    QuorumOut,
    RollOut,
    SessionDetailOut,
    SessionIn,
    SessionOut,
    SessionsOut,
)
from .sessions.roll import Roll

router = APIRouter(tags=["committees"])
router.include_router(session_api.router)
router.include_router(seating.router)
router.include_router(dialogue.router)


def _procedure(row: Procedure) -> ProcedureOut:
    return ProcedureOut.model_validate(row)


def _seat(sitting: Sitting) -> SeatOut:
    plain = {name: getattr(sitting.seat, name) for name in SeatOut.model_fields if name != "person"}
    return SeatOut(**plain, person=sitting.person)


def _committee(tx: Tx, committee: Committee) -> CommitteeDetailOut:
    seats = queries.seats_on(tx, [committee.id], local(tx.now).date())
    return CommitteeDetailOut(
        **CommitteeOut.model_validate(committee).model_dump(),
        seats=[_seat(one) for one in seats],
        procedures=[_procedure(one) for one in queries.procedures(tx, committee.id)],
    )


def _session(tx: Tx, session: CommitteeSession, response: Response | None = None) -> SessionDetailOut:
    tx.session.flush()
    if response is not None:
        etag(response, session)
    roll = [
        RollOut(
            seat_id=one.seat.id,
            person=one.person,
            name=one.seat.name,
            college=one.seat.college,
            chairs=one.seat.chairs,
            votes=one.seat.votes,
            presence=one.presence,
        )
        for one in queries.roll(tx, session)
    ]
    return SessionDetailOut(
        **SessionOut.model_validate(session).model_dump(),
        quorum=QuorumOut.model_validate(queries.quorum(tx, session)),
        roll=roll,
        motions=[motion_out(one) for one in queries.motions(tx, session.id)],
        verbs=SESSION.available(tx, session),
    )


@router.get("/committees")
def list_committees(
    actor: AnyActor,
    province: Annotated[str | None, Query(max_length=8)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CommitteesOut:
    """Committees by province; their composition is public."""
    with transaction(actor) as tx:
        page = queries.committees(tx, province, cursor, limit)
        return CommitteesOut(items=[CommitteeOut.model_validate(one) for one in page.items], next=page.next)


@router.post("/committees", status_code=201)
def create_committee(body: CommitteeIn, actor: CurrentActor, once: OncePerKey) -> CommitteeDetailOut:
    """Record a committee created by the governor's order; its first procedure has a quorum of one half."""
    with transaction(actor) as tx:

        def make() -> CommitteeDetailOut:
            order = (body.order_number, body.ordered_on)
            name = body.name.model_dump()
            return _committee(tx, commands.create_committee(tx, body.province_code, body.kind, name, order))

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.get("/committees/{committee_id}")
def get_committee(committee_id: UUID, actor: AnyActor) -> CommitteeDetailOut:
    """A committee with its seats of today and its rules of procedure."""
    with transaction(actor) as tx:
        return _committee(tx, tx.get(Committee, committee_id, "committee.read"))


@router.post("/committees/{committee_id}/seats", status_code=201)
def add_committee_seat(
    committee_id: UUID, body: SeatIn, actor: CurrentActor, once: OncePerKey
) -> CommitteeDetailOut:
    """Give a seat to a person, or to a member entered by name; one chair and one seat a person at a time."""
    with transaction(actor) as tx:

        def make() -> CommitteeDetailOut:
            commands.add_seat(tx, committee_id, commands.holder_of(body), commands.terms_of(body))
            return _committee(tx, tx.get(Committee, committee_id, "committee.read"))

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.post("/committees/{committee_id}/seats/{seat_id}/end")
def end_committee_seat(
    committee_id: UUID, seat_id: UUID, body: SeatEndIn, actor: CurrentActor
) -> CommitteeDetailOut:
    """End a mandate on that day, the last of it."""
    with transaction(actor) as tx:
        commands.end_seat(tx, committee_id, seat_id, body.until_on)
        return _committee(tx, tx.get(Committee, committee_id, "committee.read"))


@router.post("/committees/{committee_id}/procedures", status_code=201)
def set_committee_procedure(
    committee_id: UUID, body: ProcedureIn, actor: CurrentActor, once: OncePerKey
) -> ProcedureOut:
    """A new version of the rules of procedure; sessions already planned keep theirs."""
    with transaction(actor) as tx:

        def make() -> ProcedureOut:
            return _procedure(
                commands.set_procedure(tx, committee_id, body.effective_on, commands.procedure_terms(body))
            )

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.get("/committee-sessions")
def list_committee_sessions(
    actor: CurrentActor, committee: UUID | None = None, cursor: Cursor = None, limit: Limit = 50
) -> SessionsOut:
    """Sessions that the reader may see (members, the province's officers, overseers), the latest first."""
    with transaction(actor) as tx:
        page = queries.sessions(tx, committee, cursor, limit)
        return SessionsOut(items=[SessionOut.model_validate(one) for one in page.items], next=page.next)


@router.post("/committee-sessions", status_code=201)
def plan_committee_session(body: SessionIn, actor: CurrentActor, once: OncePerKey) -> SessionDetailOut:
    """Convene a committee under the procedure in force that day."""
    with transaction(actor) as tx:

        def make() -> SessionDetailOut:
            return _session(tx, commands.plan_session(tx, body.committee_id, body.scheduled_at, body.place))

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.get("/committee-sessions/{session_id}")
def get_committee_session(session_id: UUID, actor: CurrentActor, response: Response) -> SessionDetailOut:
    """A session with its roll, quorum and motions."""
    with transaction(actor) as tx:
        return _session(tx, tx.get(CommitteeSession, session_id, "session.read"), response)


@router.put("/committee-sessions/{session_id}/attendance")
def take_committee_attendance(
    session_id: UUID, body: AttendanceIn, actor: CurrentActor, version: IfMatch, response: Response
) -> SessionDetailOut:
    """Note the whole roll; a seat that is not named is absent."""
    roll = Roll(body.presences, body.stand_ins, body.left)
    with transaction(actor) as tx:
        return _session(tx, sessions.take_attendance(tx, session_id, roll, version), response)


@router.post("/committee-sessions/{session_id}/open")
def open_committee_session(session_id: UUID, actor: CurrentActor) -> SessionDetailOut:
    """Open a session, if its quorum is reached."""
    with transaction(actor) as tx:
        return _session(tx, commands.open_session(tx, session_id))


@router.post("/committee-sessions/{session_id}/close")
def close_committee_session(session_id: UUID, actor: CurrentActor) -> SessionDetailOut:
    """Close a session that has no motion pending."""
    with transaction(actor) as tx:
        return _session(tx, commands.close_session(tx, session_id))


router.include_router(motions.router)
