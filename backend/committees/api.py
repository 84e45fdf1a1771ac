"""Committees, their sessions and votes over JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from backend.core.calendar import local
from backend.core.errors import NOT_FOUND
from backend.core.tx import Tx, transaction
from backend.web.deps import AnyActor, CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag

from . import commands, queries, session_api, sessions
from .endpoints import dialogue, seating
from .lifecycle import SESSION
from .models import BallotChoice, Committee, CommitteeSession, Motion, Procedure
from .queries import Counted, Sitting
from .schemas import (
    AttendanceIn,
    BallotIn,
    BallotOut,
    CommitteeDetailOut,
    CommitteeIn,
    CommitteeOut,
    CommitteesOut,
    MotionIn,
    MotionOut,
    PapersIn,
    ProcedureIn,
    ProcedureOut,
    QuorumOut,
    RollOut,
    SeatEndIn,
    SeatIn,
    SeatOut,
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


def _motion(counted: Counted) -> MotionOut:
    motion, tally = counted.motion, counted.tally
    return MotionOut(
        id=motion.id,
        session_id=motion.session_id,
        number=motion.number,
        text=motion.text,
        state=motion.state,
        opened_at=motion.opened_at,
        closed_at=motion.closed_at,
        votes_for=tally.votes_for,
        votes_against=tally.votes_against,
        abstentions=tally.abstentions,
        ballots={str(seat): choice for seat, choice in counted.ballots.items()},
        kind=motion.kind,
        reason=motion.reason,
        secret=motion.secret,
        result=motion.result,
    )


def _one_motion(tx: Tx, motion: Motion) -> MotionOut:
    tx.session.flush()
    counted = queries.motions(tx, motion.session_id, motion.id)
    if not counted:  # about what is hidden from her
        raise NOT_FOUND(thing="motion")
    return _motion(counted[0])


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
        motions=[_motion(one) for one in queries.motions(tx, session.id)],
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


@router.post("/committee-sessions/{session_id}/motions", status_code=201)
def open_motion(session_id: UUID, body: MotionIn, actor: CurrentActor, once: OncePerKey) -> MotionOut:
    """Put a question to the vote."""
    with transaction(actor) as tx:

        def make() -> MotionOut:
            made = sessions.open_motion(
                tx,
                session_id,
                body.text.model_dump(),
                reason=body.reason,
                secret=body.secret,
                item_id=body.item_id,
            )
            return _one_motion(tx, made)

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.get("/motions/{motion_id}")
def get_motion(motion_id: UUID, actor: CurrentActor) -> MotionOut:
    """A motion with its votes."""
    with transaction(actor) as tx:
        return _one_motion(tx, tx.get(Motion, motion_id, "motion.read"))


@router.post("/motions/{motion_id}/ballots", status_code=201)
def cast_ballot(motion_id: UUID, body: BallotIn, actor: CurrentActor, once: OncePerKey) -> BallotOut:
    """Record a seat's vote, by its holder or by whoever runs the session; it does not change."""
    with transaction(actor) as tx:

        def make() -> BallotOut:
            ballot = sessions.cast(tx, motion_id, body.seat_id, body.choice, dissent=body.dissent)
            return BallotOut.model_validate(ballot)

        if tx.session.scalar(select(Motion.secret).where(Motion.id == motion_id)):
            return make()  # no copy of the answer, nor of what was asked, is kept under a key
        return once(tx, body, make)  # type: ignore[no-any-return]


@router.post("/motions/{motion_id}/close")
def close_motion(motion_id: UUID, actor: CurrentActor) -> MotionOut:
    """Count the votes: adopted or rejected under the session's procedure."""
    with transaction(actor) as tx:
        return _one_motion(tx, commands.close_motion(tx, motion_id))


@router.post("/motions/{motion_id}/papers")
def record_papers(motion_id: UUID, body: PapersIn, actor: CurrentActor) -> MotionOut:
    """Papers of a secret vote drawn from an urn: which seats put one in, and how many of each choice."""
    counts = {
        BallotChoice.FOR: body.votes_for,
        BallotChoice.AGAINST: body.votes_against,
        BallotChoice.ABSTAIN: body.abstentions,
    }
    with transaction(actor) as tx:
        return _one_motion(tx, sessions.record_papers(tx, motion_id, body.seats, counts))


@router.post("/motions/{motion_id}/withdraw")
def withdraw_motion(motion_id: UUID, actor: CurrentActor) -> MotionOut:
    """Take a motion back before it is counted."""
    with transaction(actor) as tx:
        return _one_motion(tx, sessions.withdraw_motion(tx, motion_id))
