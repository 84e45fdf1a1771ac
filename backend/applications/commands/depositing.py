"""The holder deposits, or gives up."""

from typing import Any
from uuid import UUID

from ...calls.rules import Result
from ...core.tx import Tx
from ...people.models import Organisation
from .. import receipts
from ..facts import eligibility
from ..lifecycle import LIFECYCLE, SUBMITTED
from ..models import Application, Outcome, RuleResult
from ..terms import terms
from .loading import whole

SNAPSHOT = ("id", "name", "legal_form", "province_code", "commune_code", "register_number", "ice")


def submit(tx: Tx, application_id: UUID) -> Application:
    """Deposit the dossier: its content is hashed, judged by every rule, and a receipt code given.

    Deposited already: the same receipt, and nothing else happens.
    """
    application = tx.get(Application, application_id, "application.submit", options=whole())
    if application.state is SUBMITTED:
        return application
    holder = snapshot(application.organisation)
    code, print_ = receipts.new_code(), receipts.sha256({"content": application.content, **holder})
    LIFECYCLE.fire(tx, application, "submit", receipt=code, sha256=print_)
    application.submitted_at, application.receipt_code = tx.now, code
    application.snapshot, application.content_sha256 = holder, print_
    (results,) = eligibility(tx, [application]).values()
    _keep(tx, application, results)
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


def _keep(tx: Tx, application: Application, results: tuple[Result, ...]) -> None:
    """Store what each rule said at this moment, in both languages, with what it read."""
    namer = terms(application.call).file.namer
    for position, result in enumerate(results):
        told = result.as_json()
        tx.session.add(
            RuleResult(
                application_id=application.id,
                position=position,
                rule_code=result.rule.code,
                outcome=Outcome(result.outcome.value),
                refuses=result.rule.fails == "refuse",
                reason={lang: result.reason(lang, namer) for lang in ("fr", "ar")},
                facts={name: told[name] for name in ("title", "code", "applies", "missing", "facts")},
                checked_at=tx.now,
            )
        )
