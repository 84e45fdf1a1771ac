"""Dossiers over JSON."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from ..core.shapes import In
from ..core.tx import transaction
from ..web.deps import AnyActor, CurrentActor, IfMatch, OncePerKey, etag
from . import (
    commands,
    deposits,
    deposits_api,
    desk_api,
    documents_api,
    fields_api,
    queries,
    screening,
    verdicts_api,
    viability_api,
)
from .lifecycle import LIFECYCLE, progress
from .models import Application
from .receipts import readable
from .schemas import (
    SECTIONS,
    WRITTEN,
    ApplicationDetail,
    ApplicationIn,
    ApplicationOut,
    EligibilityOut,
    MissingOut,
    ReceiptOut,
    RefusalIn,
    RuleResultOut,
    ScreeningOut,
    SectionOut,
    SectionStatusOut,
)

dossiers = APIRouter(prefix="/applications", tags=["applications"])
receipts = APIRouter(prefix="/receipts", tags=["receipts"])


@dossiers.post("", status_code=201)
def create_application(
    body: ApplicationIn, actor: CurrentActor, once: OncePerKey, response: Response
) -> ApplicationOut:
    """Begin an organisation's dossier for an open call; the one that lives is given back if asked again."""
    with transaction(actor) as tx:
        made = ApplicationOut.model_validate(
            once(
                tx,
                body,
                lambda: _out(commands.create(tx, body.call_id, body.organisation_id, body.handed_in_at)),
            )
        )
    etag(response, made)
    return made


@dossiers.get("/screen")
def preview_screening(actor: CurrentActor, call_id: UUID) -> ScreeningOut:
    """What screening the call's submitted dossiers would do now."""
    with transaction(actor) as tx:
        return _screening(screening.preview(tx, call_id))


@dossiers.post("/screen")
def screen_call(actor: CurrentActor, call_id: UUID) -> ScreeningOut:
    """Admit or refuse every submitted dossier of the call that its stored results settle."""
    with transaction(actor) as tx:
        return _screening(screening.screen_call(tx, call_id))


@dossiers.get("/{application_id}")
def get_application(application_id: UUID, actor: CurrentActor, response: Response) -> ApplicationDetail:
    """A dossier, its content, what is missing, what may be done now."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        etag(response, application)
        content = deposits.written(tx, application)
        return ApplicationDetail(
            **_out(application).model_dump(),
            organisation_name=application.organisation.name,
            content=content,
            sections=[
                SectionStatusOut(
                    section=status.section,
                    state=status.state,
                    missing=[MissingOut(field=error.field, code=error.code) for error in status.missing],
                )
                for status in progress(tx, application, content)
            ],
            allowed_verbs=LIFECYCLE.available(tx, application),
            changed=content is not application.content,
            completion=deposits_api.completion(tx, application),
        )


@dossiers.get("/{application_id}/sections/{section}")
def get_section(
    application_id: UUID,
    section: Annotated[
        str, Path(json_schema_extra={"enum": list(SECTIONS)}, pattern=f"^({'|'.join(SECTIONS)})$")
    ],
    actor: CurrentActor,
    response: Response,
) -> SectionOut:
    """A section as it is kept; its ETag is the dossier's version, to be sent back with a save."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        etag(response, application)
        return _section(application, section, deposits.written(tx, application))


def _saver(section: str, schema: type[In]) -> Callable[..., SectionOut]:
    def save(
        application_id: UUID, body: In, actor: CurrentActor, version: IfMatch, response: Response
    ) -> SectionOut:
        with transaction(actor) as tx:
            application = commands.save_section(tx, application_id, section, body, version)
            etag(response, application)
            return _section(application, section, commands.working(application))

    save.__name__ = f"save_{section}"
    save.__doc__ = f"Keep the section as typed, even if partial. {schema.__doc__}"
    save.__annotations__["body"] = schema
    return save


for _name, _schema in WRITTEN.items():
    dossiers.put(f"/{{application_id}}/sections/{_name}")(_saver(_name, _schema))


@dossiers.get("/{application_id}/eligibility")
def get_eligibility(application_id: UUID, actor: CurrentActor) -> EligibilityOut:
    """Every rule of the call on this dossier, with reasons in both languages."""
    with transaction(actor) as tx:
        stored, results = queries.judged(tx, queries.one(tx, application_id))
        return EligibilityOut(stored=stored, results=[RuleResultOut.model_validate(one) for one in results])


@dossiers.post("/{application_id}/submit")
def submit_application(application_id: UUID, actor: CurrentActor, response: Response) -> ApplicationOut:
    """Deposit the dossier and receive its receipt code. Deposited already: the same receipt."""
    with transaction(actor) as tx:
        return _tagged(response, commands.submit(tx, application_id))


@dossiers.post("/{application_id}/admit")
def admit_application(application_id: UUID, actor: CurrentActor, response: Response) -> ApplicationOut:
    """Eligible: no rule refused it."""
    with transaction(actor) as tx:
        return _tagged(response, commands.admit(tx, application_id))


@dossiers.post("/{application_id}/refuse")
def refuse_application(
    application_id: UUID, actor: CurrentActor, response: Response, body: RefusalIn | None = None
) -> ApplicationOut:
    """Not eligible: a rule refused it, or an officer writes why."""
    with transaction(actor) as tx:
        return _tagged(response, commands.refuse(tx, application_id, body.reason if body else None))


@dossiers.post("/{application_id}/withdraw")
def withdraw_application(application_id: UUID, actor: CurrentActor, response: Response) -> ApplicationOut:
    """The holder gives up."""
    with transaction(actor) as tx:
        return _tagged(response, commands.withdraw(tx, application_id))


@receipts.get("/{code}")
def verify_receipt(
    code: Annotated[str, Path(max_length=40)],
    actor: AnyActor,
    sha256: Annotated[str | None, Query(max_length=100, description="To be compared.")] = None,
) -> ReceiptOut:
    """Whether a receipt is genuine: number, call, version, instant and fingerprint, none of the content."""
    with transaction(actor) as tx:
        found = deposits.receipt(tx, code)
        return ReceiptOut(
            valid=True,
            number=found.number,
            first_submitted_at=found.first_submitted_at,
            submitted_at=found.submitted_at,
            call=found.call,
            version=found.version,
            replaced_by=found.replaced_by,
            withdrawn=found.withdrawn,
            content_sha256=found.content_sha256,
            matches=None if sha256 is None else readable(sha256) == readable(found.content_sha256),
        )


def _out(application: Application) -> ApplicationOut:
    return ApplicationOut.model_validate(application)


def _tagged(response: Response, application: Application) -> ApplicationOut:
    etag(response, application)
    return _out(application)


def _section(application: Application, section: str, content: Mapping[str, Any]) -> SectionOut:
    return SectionOut(section=section, version=application.version, data=content.get(section) or {})


def _screening(found: screening.Screening) -> ScreeningOut:
    return ScreeningOut(
        admitted=len(found.admitted),
        refused=len(found.refused),
        unsettled=len(found.unsettled),
        refused_by_rule=found.refused_by_rule,
    )


router = APIRouter()
router.include_router(desk_api.router)
router.include_router(verdicts_api.router)
router.include_router(dossiers)
router.include_router(deposits_api.router)
router.include_router(documents_api.router)
router.include_router(fields_api.router)
router.include_router(viability_api.router)
router.include_router(receipts)
