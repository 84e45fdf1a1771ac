"""Assignments, and the dossier behind each."""

from uuid import UUID

from fastapi import APIRouter, Response

from ...core.tx import Tx, transaction
from ...web.deps import CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag
from .. import commands, queries
from ..models import Assignment, AssignmentState
from ..schemas import (
    AbstentionIn,
    AssignmentIn,
    AssignmentOut,
    AssignmentPage,
    BesideList,
    BesideOut,
    DeclarationIn,
    DossierOut,
    ExtensionIn,
    MarksIn,
    ReopeningIn,
    SharingIn,
    SharingOut,
    ShortfallOut,
)

router = APIRouter()


@router.get("/assignments", tags=["reviews"])
def list_assignments(  # noqa: PLR0913 (one parameter a filter)
    actor: CurrentActor,
    *,
    mine: bool = False,
    call_id: UUID | None = None,
    application_id: UUID | None = None,
    evaluator_id: UUID | None = None,
    state: AssignmentState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AssignmentPage:
    """Reviews that you may see; `mine=true` is your stack. Others' marks are shown to who leads the call."""
    with transaction(actor) as tx:
        page = queries.listed(
            tx,
            call_id=call_id,
            application_id=application_id,
            evaluator_id=actor.id if mine else evaluator_id,
            state=state,
            cursor=cursor,
            limit=limit,
        )
        return AssignmentPage(items=[shown(a, actor.id) for a in page.items], next=page.next)


@router.post("/assignments", status_code=201, tags=["reviews"])
def create_assignment(body: AssignmentIn, actor: CurrentActor, once: OncePerKey) -> AssignmentOut:
    """Put an eligible dossier on an evaluator's stack. Refused (409) when she is tied to its holder."""
    with transaction(actor) as tx:
        return once(  # type: ignore[no-any-return]
            tx,
            body,
            lambda: shown(commands.assign(tx, body.application_id, body.evaluator_id, body.due_at), actor.id),
        )


@router.post("/assignments/share", tags=["reviews"])
def share_assignments(body: SharingIn, actor: CurrentActor) -> SharingOut:
    """Share a call's eligible dossiers: never across a tie, evenly, by who knows the chain.

    Repeating it fills what is missing; shortfalls are named with their reason.
    """
    with transaction(actor) as tx:
        done = commands.assign_call(
            tx, body.call_id, body.evaluator_ids, body.per_file, body.due_at, body.most
        )
        return SharingOut(
            created=[shown(a, actor.id) for a in done.created],
            shortfalls=[ShortfallOut.model_validate(s) for s in done.shortfalls],
            doubtful=[one.id for one in done.doubtful],
            without_expert=done.without_expert,
        )


@router.get("/assignments/{assignment_id}", tags=["reviews"])
def read_assignment(assignment_id: UUID, actor: CurrentActor, response: Response) -> AssignmentOut:
    """One review; its ETag is what PATCH and the verbs expect in If-Match."""
    with transaction(actor) as tx:
        return edited(tx, queries.assignment(tx, assignment_id), response)


@router.get("/assignments/{assignment_id}/dossier", tags=["reviews"])
def read_dossier(assignment_id: UUID, actor: CurrentActor, response: Response) -> DossierOut:
    """What there is to judge. 404 until no conflict was declared, and for ever after a conflict."""
    with transaction(actor) as tx:
        opened = queries.dossier(tx, assignment_id)
        etag(response, opened.assignment)
        return DossierOut(
            assignment=shown(opened.assignment, actor.id),
            number=opened.application.number,
            title=opened.application.title,
            blind=opened.grid.blind,
            organisation=opened.holder.name,
            commune=opened.commune,
            requested_centimes=opened.application.requested_centimes,
            total_centimes=opened.application.total_centimes,
            content=dict(opened.content),
            grid=opened.grid.model_dump(mode="json", exclude_none=True),
        )


@router.get("/assignments/{assignment_id}/beside", tags=["reviews"])
def read_beside(assignment_id: UUID, actor: CurrentActor) -> BesideList:
    """Your colleagues' signed reviews of the dossier: of an open panel, once you have signed yours.

    None before, and none ever where the panel is blind.
    """
    with transaction(actor) as tx:
        found = queries.beside(tx, queries.dossier(tx, assignment_id).assignment)
        return BesideList(items=[BesideOut.of(one, name) for one, name in found])


@router.post("/assignments/{assignment_id}/declare", tags=["reviews"])
def declare_conflict(
    assignment_id: UUID, body: DeclarationIn, actor: CurrentActor, version: IfMatch, response: Response
) -> AssignmentOut:
    """Say whether you are tied to the holder: no opens the dossier, yes closes it for good."""
    with transaction(actor) as tx:
        done = commands.declare(tx, assignment_id, body.conflict, body.reason, version)
        return edited(tx, done, response)


@router.patch("/assignments/{assignment_id}", tags=["reviews"])
def save_marks(
    assignment_id: UUID, body: MarksIn, actor: CurrentActor, version: IfMatch, response: Response
) -> AssignmentOut:
    """Keep some marks and notes; the total is computed here. 412 when another window saved meanwhile."""
    with transaction(actor) as tx:
        return edited(tx, commands.save(tx, assignment_id, body.marks, body.notes, version), response)


@router.post("/assignments/{assignment_id}/sign", tags=["reviews"])
def sign_review(
    assignment_id: UUID, actor: CurrentActor, version: IfMatch, response: Response
) -> AssignmentOut:
    """Sign the review, every criterion marked and before its deadline: it counts from now on."""
    with transaction(actor) as tx:
        return edited(tx, commands.sign(tx, assignment_id, version), response)


@router.post("/assignments/{assignment_id}/abstain", tags=["reviews"])
def abstain_from_review(
    assignment_id: UUID, body: AbstentionIn, actor: CurrentActor, version: IfMatch, response: Response
) -> AssignmentOut:
    """Say that you cannot judge the dossier, and why: it closes, somebody else reads it."""
    with transaction(actor) as tx:
        return edited(tx, commands.abstain(tx, assignment_id, body.reason, version), response)


@router.post("/assignments/{assignment_id}/reopen", tags=["reviews"])
def reopen_review(
    assignment_id: UUID, body: ReopeningIn, actor: CurrentActor, response: Response
) -> AssignmentOut:
    """Send a signed review back to its author, with the reason; it stops counting until signed again."""
    with transaction(actor) as tx:
        return edited(tx, commands.reopen(tx, assignment_id, body.reason, body.due_at), response)


@router.post("/assignments/{assignment_id}/extend", tags=["reviews"])
def extend_review(
    assignment_id: UUID, body: ExtensionIn, actor: CurrentActor, response: Response
) -> AssignmentOut:
    """Give the evaluator until another hour."""
    with transaction(actor) as tx:
        return edited(tx, commands.extend(tx, assignment_id, body.due_at), response)


def shown(assignment: Assignment, reader: UUID | None) -> AssignmentOut:
    """The review as this reader may see it: unsigned marks are their author's only."""
    said = AssignmentOut.model_validate(assignment)
    if assignment.evaluator_id != reader and assignment.state is not AssignmentState.SIGNED:
        return said.model_copy(update={"marks": {}, "notes": {}, "total_hundredths": 0})
    return said


def edited(tx: Tx, assignment: Assignment, response: Response) -> AssignmentOut:
    """The review as it stands now, its ETag in the response."""
    tx.session.flush()
    etag(response, assignment)
    return shown(assignment, tx.actor.id)
