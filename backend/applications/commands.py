"""What is done to a dossier."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, cast, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from uuid_utils.compat import uuid7

from ..calls.models import Call
from ..calls.queries import is_open
from ..calls.rules import Result
from ..core.calendar import local
from ..core.errors import NOT_FOUND, WRONG_STATE, FieldError
from ..core.shapes import In
from ..core.tx import Tx
from ..people.models import Organisation
from . import receipts
from .facts import eligibility
from .lifecycle import DRAFT, LIFECYCLE, REASON_REQUIRED, SUBMITTED, WITHDRAWN, not_open, refusing
from .models import Application, ApplicationCounter, Outcome, RuleResult
from .schemas import SECTIONS
from .terms import terms
from .totals import sums

LIVING = text("state <> 'withdrawn'")
"""As the index says it: a bound value could not be matched with the index once the plan is a generic one."""
SNAPSHOT = ("id", "name", "legal_form", "province_code", "commune_code", "register_number", "ice")


def whole() -> tuple[ORMOption, ...]:
    """What a dossier's checks need beside it: its call (whose file is read once a process) and its holder."""
    return (
        joinedload(Application.call).options(defer(Call.definition)),
        joinedload(Application.organisation).options(selectinload(Organisation.members)),
    )


def create(tx: Tx, call_id: UUID, organisation_id: UUID) -> Application:
    """Begin the organisation's dossier for the call; asked again, the one that lives is given back."""
    call, organisation, living = _parties(tx, call_id, organisation_id)
    if living:
        tx.allow("application.create", living)
        tx.recorded = True  # nothing of the dossier is written; an idempotency key may be
        return living
    if not is_open(call, tx.now):
        raise not_open(call, tx)
    made = _numbered(tx, call, organisation)
    if made is None:  # a twin request was first: its number stands, ours is given back
        return _twin(tx, call_id, organisation_id)
    tx.allow("application.create", made)
    tx.emit(
        "application.created", made, number=made.number, call=call.code, organisation=str(organisation.id)
    )
    return made


def save_section(tx: Tx, application_id: UUID, section: str, data: In, version: int) -> Application:
    """Keep a section as typed. The same words again change nothing, so that a repeated save is harmless."""
    if not isinstance(data, SECTIONS[section]):
        raise TypeError(f"{section} is not a {type(data).__name__}")
    application = tx.get(Application, application_id, "application.edit", version=version)
    require_editable(tx, application)
    kept = data.model_dump(mode="json", exclude_none=True)
    if working(application).get(section) == kept:
        return application
    keep(application, section, kept)
    tx.emit("application.saved", application, section=section)
    tx.session.flush()
    return application


def require_editable(tx: Tx, application: Application) -> None:
    """Whether the holder may still change what she wrote: section saves, autosave and papers ask it alike."""
    if application.state is not DRAFT:
        raise WRONG_STATE(
            state=f"state.application.{application.state}", allowed_verbs=LIFECYCLE.available(tx, application)
        )


def working(application: Application) -> dict[str, Any]:
    """What is being written: the changes since the last deposit, or the draft that never was deposited."""
    return application.content if application.revision is None else application.revision


def keep(application: Application, section: str, data: dict[str, Any]) -> None:
    """The one place that says where a save goes: what stands deposited is never touched."""
    written = {**working(application), section: data}
    if application.submissions:
        application.revision = written
    else:
        application.content = written
        _index(application)


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


def admit(tx: Tx, application_id: UUID) -> Application:
    """Eligible: no rule refused the dossier."""
    application = tx.get(Application, application_id, "application.screen")
    LIFECYCLE.fire(tx, application, "admit")
    tx.session.flush()
    return application


def refuse(tx: Tx, application_id: UUID, reason: str | None = None) -> Application:
    """Not eligible: a rule refused the dossier, or an officer writes why."""
    application = tx.get(Application, application_id, "application.screen")
    rules = refusing(tx, application)
    if not rules and not reason:
        raise REASON_REQUIRED([FieldError("reason", "missing")])
    LIFECYCLE.fire(tx, application, "refuse", rules=rules, reason=reason)
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
    made = tx.session.scalars(
        insert(Application)
        .values(
            id=uuid7(),
            version=1,
            call_id=call.id,
            organisation_id=organisation.id,
            province_code=call.province_code,
            number=f"{prefix}-{_next_number(tx, prefix):04d}",
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


def _index(application: Application) -> None:
    """Read from the content what lists, filters and rules use as columns."""
    project = application.content.get("project") or {}
    application.title = project.get("title") or ""
    application.sector = project.get("sector")
    application.chain_code = project.get("chain")
    application.commune_code = (application.content.get("location") or {}).get("commune")
    totals = sums(application.content)
    application.total_centimes, application.requested_centimes = totals["budget"], totals["indh"]


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
