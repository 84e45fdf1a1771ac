"""The holder deposits, deposits again while she may, or gives up: each deposit has its own receipt."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import defer

from ...calls.models import Call
from ...calls.rules import Result
from ...core.tx import Tx
from ...people.models import Organisation
from .. import receipts
from ..facts import eligibility
from ..lifecycle import (
    DRAFT,
    LIFECYCLE,
    RETURNED,
    SUBMITTED,
    call_of,
    completion_of,
    counts_at,
    editable,
    working,
)
from ..models import Application, Outcome, RuleResult, Submission
from ..terms import terms
from .editing import index
from .loading import whole

SNAPSHOT = ("id", "name", "legal_form", "province_code", "commune_code", "register_number", "ice")
VERBS = {DRAFT: "submit", RETURNED: "complete"}
"""What depositing is from each state; from any other it is another version of what stands deposited."""


def submit(tx: Tx, application_id: UUID) -> Application:
    """Deposit what is written: it is hashed, judged by every rule, and gets a receipt code of its own.

    Deposited already and unchanged since: the same receipt, and nothing else happens.
    """
    _hold_call(tx, application_id)
    application = tx.get(Application, application_id, "application.submit", options=whole())
    if application.state is SUBMITTED and application.revision is None:
        return application
    at, content, holder = counts_at(tx, application), working(application), snapshot(application.organisation)
    code, print_ = receipts.new_code(), receipts.sha256({"content": content, **holder})
    number = application.submissions + 1
    LIFECYCLE.fire(
        tx,
        application,
        VERBS.get(application.state, "resubmit"),
        receipt=code,
        sha256=print_,
        number=number,
        counts_at=at.isoformat(),
    )
    if number > 1 and (request := completion_of(tx, application)) and request.answered_at is None:
        request.answered_at = tx.now
    application.content, application.revision, application.submissions = content, None, number
    application.submitted_at, application.receipt_code = at, code
    application.first_submitted_at = application.first_submitted_at or at
    application.snapshot, application.content_sha256 = holder, print_
    index(application)
    with tx.session.no_autoflush:  # judged as it is about to be written: all is written at once
        (results,) = eligibility(tx, [application]).values()
        if number > 1:
            earlier = delete(RuleResult).where(RuleResult.application_id == application.id)
            tx.session.execute(earlier, execution_options={"synchronize_session": False})
    _record(tx, application)
    _keep(tx, application, results)
    tx.session.flush()
    return application


def drop_changes(tx: Tx, application_id: UUID) -> Application:
    """Give up what was changed since the last deposit; what stands deposited is untouched."""
    application = tx.get(Application, application_id, "application.edit", options=whole())
    if application.revision is None:
        return application
    if refusal := editable(tx, application):
        raise refusal
    application.revision = None
    tx.emit("application.changes_dropped", application, number=application.submissions)
    tx.session.flush()
    return application


def withdraw(tx: Tx, application_id: UUID) -> Application:
    """The holder gives up; she may begin another dossier while the call is open."""
    application = tx.get(Application, application_id, "application.withdraw", options=whole())
    LIFECYCLE.fire(tx, application, "withdraw")
    tx.session.flush()
    return application


def snapshot(organisation: Organisation) -> dict[str, Any]:
    """The holder as she stood at submission; members by sex, birth year and office, without their names."""
    particulars = {name: getattr(organisation, name) for name in SNAPSHOT}
    return {
        "organisation": {
            **{
                name: value if isinstance(value, dict | None) else str(value)
                for name, value in particulars.items()
            },
            "created_on": organisation.created_on and organisation.created_on.isoformat(),
            "last_agm_on": organisation.last_agm_on and organisation.last_agm_on.isoformat(),
        },
        "members": [
            {"sex": str(one.sex), "birth_year": one.birth_year, "office": one.office}
            for one in organisation.members
        ],
    }


def _hold_call(tx: Tx, application_id: UUID) -> None:
    """Keep the call's text still until the deposit is made: an erratum is before it whole, or after it.

    `KEY SHARE` lets every other deposit by and waits only for who changes the call (`FOR UPDATE`). It comes
    before the dossier's own lock, so that whatever is read of the call beside the dossier is read after it.
    """
    its_call = select(Application.call_id).where(Application.id == application_id).scalar_subquery()
    held = select(Call).where(Call.id == its_call).options(defer(Call.definition))
    tx.session.scalars(
        held.with_for_update(read=True, key_share=True).execution_options(populate_existing=True)
    ).one_or_none()


def _record(tx: Tx, application: Application) -> None:
    """The deposit as it was, for good."""
    assert tx.actor.id
    assert application.submitted_at
    assert application.receipt_code
    assert application.content_sha256
    assert application.snapshot is not None
    tx.session.add(
        Submission(
            application_id=application.id,
            number=application.submissions,
            submitted_at=application.submitted_at,
            submitted_by=tx.actor.id,
            receipt_code=application.receipt_code,
            content_sha256=application.content_sha256,
            content=application.content,
            snapshot=application.snapshot,
            call_version=call_of(tx, application).version_number,
        )
    )


def _keep(tx: Tx, application: Application, results: tuple[Result, ...]) -> None:
    """Store what each rule said at this moment, in both languages, with what it read."""
    namer = terms(application.call).file.namer
    rows = [
        {
            "application_id": application.id,
            "position": position,
            "rule_code": result.rule.code,
            "outcome": Outcome(result.outcome.value),
            "refuses": result.rule.fails == "refuse",
            "reason": told["reason"],
            "facts": {name: told[name] for name in ("title", "code", "applies", "missing", "facts")},
            "checked_at": tx.now,
        }
        for position, result in enumerate(results)
        for told in (result.as_json(namer),)
    ]
    if rows:
        tx.session.execute(insert(RuleResult.__table__), rows)  # type: ignore[arg-type]
