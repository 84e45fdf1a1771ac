"""Consultations, contributions and agreed actions over JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ...core.tx import transaction
from ...web.deps import AnyActor, CurrentActor, Cursor, IfMatch, Limit, OncePerKey, etag
from ..dialogue import actions, consulting, queries
from ..dialogue.schemas import (
    ActionIn,
    ActionOut,
    ActionsOut,
    ConsultationIn,
    ConsultationOut,
    ConsultationsOut,
    ContributionIn,
    ContributionOut,
    ReopenIn,
    RescheduleIn,
    SettleIn,
    SynthesisIn,
)
from ..models import ActionState, AgreedAction, Consultation

router = APIRouter()


@router.get("/consultations")
def list_consultations(
    actor: AnyActor, committee: UUID | None = None, cursor: Cursor = None, limit: Limit = 50
) -> ConsultationsOut:
    """Questions put to the actors; drafts only to those who write them."""
    with transaction(actor) as tx:
        page = queries.consultations(tx, committee, cursor, limit)
        return ConsultationsOut(
            items=[ConsultationOut.model_validate(one) for one in page.items], next=page.next
        )


@router.post("/committees/{committee_id}/consultations", status_code=201)
def create_consultation(
    committee_id: UUID, body: ConsultationIn, actor: CurrentActor, once: OncePerKey
) -> ConsultationOut:
    """Write a question down; it is then published."""
    with transaction(actor) as tx:

        def make() -> ConsultationOut:
            made = consulting.create_consultation(tx, committee_id, body)
            return ConsultationOut.model_validate(made)

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.get("/consultations/{consultation_id}")
def get_consultation(consultation_id: UUID, actor: AnyActor, response: Response) -> ConsultationOut:
    """A question, and its synthesis once it is published."""
    with transaction(actor) as tx:
        one = tx.get(Consultation, consultation_id, "consultation.read")
        etag(response, one)
        return ConsultationOut.model_validate(one)


@router.put("/consultations/{consultation_id}")
def edit_consultation(
    consultation_id: UUID, body: ConsultationIn, actor: CurrentActor, version: IfMatch
) -> ConsultationOut:
    """Change a draft; of a published question, move the end to a later hour."""
    with transaction(actor) as tx:
        one = consulting.edit_consultation(tx, consultation_id, body, version)
        tx.session.flush()
        return ConsultationOut.model_validate(one)


@router.post("/consultations/{consultation_id}/publish")
def publish_consultation(consultation_id: UUID, actor: CurrentActor, version: IfMatch) -> ConsultationOut:
    """Put the question to everybody."""
    with transaction(actor) as tx:
        one = consulting.publish_consultation(tx, consultation_id, version)
        tx.session.flush()
        return ConsultationOut.model_validate(one)


@router.post("/consultations/{consultation_id}/conclude")
def conclude_consultation(
    consultation_id: UUID, body: SynthesisIn, actor: CurrentActor, version: IfMatch
) -> ConsultationOut:
    """Publish the synthesis, once the hours are over."""
    with transaction(actor) as tx:
        said = body.synthesis.model_dump()
        one = consulting.conclude_consultation(tx, consultation_id, said, version)
        tx.session.flush()
        return ConsultationOut.model_validate(one)


@router.get("/consultations/{consultation_id}/contributions")
def list_contributions(consultation_id: UUID, actor: AnyActor) -> list[ContributionOut]:
    """The answers that the reader may read: who answered is said by the body alone."""
    with transaction(actor) as tx:
        tx.get(Consultation, consultation_id, "consultation.read")
        return [ContributionOut.model_validate(one) for one in queries.contributions(tx, consultation_id)]


@router.put("/consultations/{consultation_id}/contribution")
def contribute(consultation_id: UUID, body: ContributionIn, actor: CurrentActor) -> ContributionOut:
    """Answer, or change one's answer, until the close."""
    with transaction(actor) as tx:
        made = consulting.contribute(tx, consultation_id, body)
        tx.session.flush()
        return ContributionOut.model_validate(made)


@router.get("/agreed-actions")
def list_actions(
    actor: CurrentActor,
    committee: UUID | None = None,
    state: Annotated[ActionState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ActionsOut:
    """Agreed actions: open ones by their day, so the overdue first."""
    with transaction(actor) as tx:
        page = queries.actions(tx, queries.Filter(committee, state), cursor, limit)
        return ActionsOut(items=[ActionOut.model_validate(one.action) for one in page.items], next=page.next)


@router.post("/agreed-actions", status_code=201)
def agree_action(body: ActionIn, actor: CurrentActor, once: OncePerKey) -> ActionOut:
    """Note what was agreed, by whom it is done and until when."""
    with transaction(actor) as tx:

        def make() -> ActionOut:
            return ActionOut.model_validate(actions.agree_action(tx, body))

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.get("/agreed-actions/{action_id}")
def get_action(action_id: UUID, actor: CurrentActor, response: Response) -> ActionOut:
    """An agreed action."""
    with transaction(actor) as tx:
        one = tx.get(AgreedAction, action_id, "action.read")
        etag(response, one)
        return ActionOut.model_validate(one)


@router.post("/agreed-actions/{action_id}/settle")
def settle_action(action_id: UUID, body: SettleIn, actor: CurrentActor, version: IfMatch) -> ActionOut:
    """Done, with what was done; or dropped, with why."""
    with transaction(actor) as tx:
        one = actions.settle_action(tx, action_id, body.outcome, dropped=body.dropped, version=version)
        tx.session.flush()
        return ActionOut.model_validate(one)


@router.post("/agreed-actions/{action_id}/reopen")
def reopen_action(action_id: UUID, body: ReopenIn, actor: CurrentActor, version: IfMatch) -> ActionOut:
    """A closed action is open again, with why and for which day."""
    with transaction(actor) as tx:
        one = actions.reopen_action(tx, action_id, body.reason, body.due_on, version)
        tx.session.flush()
        return ActionOut.model_validate(one)


@router.post("/agreed-actions/{action_id}/reschedule")
def reschedule_action(
    action_id: UUID, body: RescheduleIn, actor: CurrentActor, version: IfMatch
) -> ActionOut:
    """Another day; the reminders move with it."""
    with transaction(actor) as tx:
        one = actions.reschedule_action(tx, action_id, body.due_on, version)
        tx.session.flush()
        return ActionOut.model_validate(one)
