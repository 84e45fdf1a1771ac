"""Sessions over JSON: convening, the agenda, what happens between planning and closing."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, StringConstraints

from ..core.shapes import In, Out
from ..core.tx import Tx, transaction
from ..web.deps import CurrentActor, OncePerKey, etag
from . import hooks, queries, sessions
from .models import CommitteeSession, ItemKind, SessionState
from .schemas import WordsIn
from .sessions.agenda import Point

router = APIRouter()
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Place = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class ConvocationIn(In):
    """`late_because`: why it is sent after the days that the procedure asks; the minutes say it."""

    late_because: Text = ""


class MoveIn(In):
    scheduled_at: AwareDatetime
    place: Place = ""


class ReasonIn(In):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class AdjournmentIn(In):
    resumes_at: AwareDatetime


class ItemIn(In):
    """A point of the agenda; `subject_id` is the call, the dossier or the appeal that it is about."""

    kind: ItemKind
    title: WordsIn
    subject_id: UUID | None = None
    starts_at: AwareDatetime | None = None


class ItemMoveIn(In):
    """`up`, `down`, `drop` before the session; `take`, `done` while it is open."""

    act: Literal["up", "down", "drop", "take", "done"]
    notes: Text | None = None


class StandingOut(Out):
    """Where a session stands."""

    id: UUID
    number: str
    state: SessionState
    scheduled_at: AwareDatetime
    place: str
    convened_at: AwareDatetime | None
    sequence: int
    late_notice: str
    second_of_id: UUID | None
    resumes_at: AwareDatetime | None
    current_item_id: UUID | None
    version: int


class ItemOut(Out):
    """A point; of one that is hidden from the reader only its place."""

    id: UUID
    position: int
    hidden: bool = False
    kind: ItemKind | None = None
    title: dict[str, str] | None = None
    subject_id: UUID | None = None
    starts_at: AwareDatetime | None = None
    added: bool = False
    taken_at: AwareDatetime | None = None
    done_at: AwareDatetime | None = None
    notes: str = ""


class AgendaOut(Out):
    """The points in their order; `current_item_id` is the one before the members now."""

    current_item_id: UUID | None
    items: list[ItemOut]


def _standing(tx: Tx, session: CommitteeSession, response: Response | None = None) -> StandingOut:
    tx.session.flush()
    if response is not None:
        etag(response, session)
    return StandingOut.model_validate(session)


def _agenda(tx: Tx, session_id: UUID) -> AgendaOut:
    tx.session.flush()
    session = tx.get(CommitteeSession, session_id, "session.read")
    points = queries.agenda(tx, session_id)
    hidden = hooks.hidden_subjects(tx, {one.subject_id for one in points if one.subject_id})
    items = [
        ItemOut(id=one.id, position=one.position, hidden=True)
        if one.subject_id in hidden
        else ItemOut.model_validate(one)
        for one in points
    ]
    return AgendaOut(current_item_id=session.current_item_id, items=items)


@router.post("/committee-sessions/{session_id}/convene")
def convene_committee(session_id: UUID, body: ConvocationIn, actor: CurrentActor) -> StandingOut:
    """Send the convocation; again after a change. Late without a reason: 409 `notice_too_short`."""
    with transaction(actor) as tx:
        return _standing(tx, sessions.convene(tx, session_id, body.late_because))


@router.post("/committee-sessions/{session_id}/move")
def move_committee_session(session_id: UUID, body: MoveIn, actor: CurrentActor) -> StandingOut:
    """Another hour or place; whoever was convened is told."""
    with transaction(actor) as tx:
        return _standing(tx, sessions.move_session(tx, session_id, body.scheduled_at, body.place))


@router.post("/committee-sessions/{session_id}/cancel")
def cancel_committee_session(session_id: UUID, body: ReasonIn, actor: CurrentActor) -> StandingOut:
    """Call it off, with a reason."""
    with transaction(actor) as tx:
        return _standing(tx, sessions.cancel_session(tx, session_id, body.reason))


@router.post("/committee-sessions/{session_id}/lapse")
def lapse_committee_session(session_id: UUID, actor: CurrentActor) -> StandingOut:
    """State at its hour that the quorum is not reached; minutes say so."""
    with transaction(actor) as tx:
        return _standing(tx, sessions.lapse_session(tx, session_id))


@router.post("/committee-sessions/{session_id}/second", status_code=201)
def plan_second_session(session_id: UUID, body: MoveIn, actor: CurrentActor, once: OncePerKey) -> StandingOut:
    """After one that lapsed, the second session, with the same agenda."""
    with transaction(actor) as tx:

        def make() -> StandingOut:
            return _standing(tx, sessions.plan_second(tx, session_id, body.scheduled_at, body.place))

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.post("/committee-sessions/{session_id}/adjourn")
def adjourn_committee_session(session_id: UUID, body: AdjournmentIn, actor: CurrentActor) -> StandingOut:
    """Stop until another day, with a roll of its own."""
    with transaction(actor) as tx:
        return _standing(tx, sessions.adjourn_session(tx, session_id, body.resumes_at))


@router.post("/committee-sessions/{session_id}/resume")
def resume_committee_session(session_id: UUID, actor: CurrentActor) -> StandingOut:
    """Go on, once the roll is called again and the quorum reached."""
    with transaction(actor) as tx:
        return _standing(tx, sessions.resume_session(tx, session_id))


@router.get("/committee-sessions/{session_id}/agenda")
def get_agenda(session_id: UUID, actor: CurrentActor) -> AgendaOut:
    """The points, and which one is before the members now."""
    with transaction(actor) as tx:
        return _agenda(tx, session_id)


@router.post("/committee-sessions/{session_id}/agenda", status_code=201)
def add_agenda_item(session_id: UUID, body: ItemIn, actor: CurrentActor, once: OncePerKey) -> AgendaOut:
    """A point at the end; marked as added in session once it is open."""
    with transaction(actor) as tx:

        def make() -> AgendaOut:
            point = Point(body.kind, body.title.model_dump(), body.subject_id, body.starts_at)
            sessions.add_item(tx, session_id, point)
            return _agenda(tx, session_id)

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.post("/committee-sessions/{session_id}/agenda/{item_id}")
def act_on_agenda_item(session_id: UUID, item_id: UUID, body: ItemMoveIn, actor: CurrentActor) -> AgendaOut:
    """Move a point, take it off, put it before the members, end it."""
    with transaction(actor) as tx:
        if body.act in ("up", "down"):
            sessions.move_item(tx, session_id, item_id, up=body.act == "up")
        elif body.act == "drop":
            sessions.drop_item(tx, session_id, item_id)
        elif body.act == "take":
            sessions.take_item(tx, session_id, item_id)
        else:
            sessions.finish_item(tx, session_id, item_id, body.notes)
        return _agenda(tx, session_id)
