"""The holder's pages: her space, the task list, check and submit."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ...calls.queries import is_open
from ...core.actor import Actor
from ...core.errors import FieldError, Problem
from ...core.tx import Tx, transaction
from ...people.models import Sex
from ...people.queries import my_organisations
from ...web.deps import PageActor
from ...web.forms import see_other
from ...web.language import language_of
from ...web.links import links_of, step_of
from ...web.nav import entry
from ...web.next_steps import steps_of
from ...web.render import render
from .. import commands, deposits, queries
from ..asked import wanted
from ..completeness import FIX, Status, call_form, unfinished
from ..forms import documents_asked
from ..lifecycle import DRAFT, LIFECYCLE, RETURNED, completed, confirmed, editable, progress
from ..models import Application, Outcome
from ..schemas import DECLARATIONS
from ..standings import standings
from ..terms import terms
from ..totals import sums
from .answers import answers
from .beginning import offered
from .parts import Form, home_of, judged_too, messages, named, refused_in, time_left, told

router = APIRouter()
entry("/my", "nav.my", {"holder"}, 10, also=("/applications",))
MOST_STEPS = 6
"""Steps that her space names, the first one included; each project's own page has all of its own."""
GROUPS = (
    ("organisation", ("organisation", "members")),
    ("project", ("project", "location", "budget", "financing", "plan", "results")),
    ("deposit", ("documents", "declarations")),
)


@router.get("/my")
def my_space(request: Request, actor: PageActor) -> Response:
    """The one next step and those after it, dossiers with their deadlines, organisations, open calls."""
    with transaction(actor) as tx:
        found, organisations, calls = queries.mine(tx), my_organisations(tx), queries.open_calls(tx)
        steps = steps_of(tx)
        return render(
            request,
            actor,
            "applications/my.html",
            applications=found,
            standings=standings(tx, found),
            step=steps[0] if steps else None,
            others=steps[1:MOST_STEPS],
            begin=next(iter(offered(calls, organisations, found)), None),
            organisations=organisations,
            calls=calls,
            at=tx.now,
            left=time_left(language_of(request, actor)),
        )


@router.get("/applications/{application_id}")
def task_list(
    request: Request, actor: PageActor, application_id: UUID, edit: Annotated[str, Query(max_length=1)] = ""
) -> Response:
    """What is done, what is next; once deposited, where the dossier stands, until she changes it again."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        context = _common(request, actor, tx, application)
        if application.state is DRAFT:
            return _tasks(request, actor, tx, context)
        writing = edit == "1" or application.revision is not None or application.state is RETURNED
        if context["may_change"] and writing:
            return _tasks(request, actor, tx, context)
        _, judgement = queries.judged(tx, application) if application.submitted_at else (False, [])
        links = links_of(tx, "application", application)
        return render(
            request,
            actor,
            "applications/standing.html",
            judgement=judgement,
            refusal=queries.refusal(tx, application),
            links=links,
            stands=standings(tx, [application]).get(application.id),
            step=step_of(links),
            **context | {"content": application.content, "sums": sums(application.content)},
        )


def _tasks(request: Request, actor: Actor, tx: Tx, context: dict[str, Any]) -> Response:
    application = context["application"]
    _, results = queries.judged(tx, application, live=True)
    refused = refused_in(application, results, language_of(request, actor))
    found = judged_too(context["statuses"].values(), refused)
    return render(
        request,
        actor,
        "applications/tasks.html",
        **context
        | {
            "refused": refused,
            "groups": GROUPS,
            "statuses": {status.section: status for status in found},
            "lacking": unfinished(found),
            "next": _next(found),
            "wanted": wanted(tx, application),
            "last": queries.last_change(tx, application),
        },
    )


@router.get("/applications/{application_id}/check")
def check(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """Before depositing: what is missing, what the rules say."""
    with transaction(actor) as tx:
        return _check(request, actor, tx, application_id) or see_other(home_of(application_id))


@router.post("/applications/{application_id}/submit")
def submit(request: Request, actor: PageActor, application_id: UUID, form: Form) -> Response:
    """Deposit; a second press shows the same receipt. What will be refused or leaves answers out is asked."""
    if form.get("sure") != "1" and (
        asked := _asked(request, actor, application_id, bool(form.get("without")))
    ):
        return asked
    try:
        with transaction(actor) as tx:
            commands.submit(tx, application_id)
    except Problem as problem:
        refusal = told(problem, request, actor)
        with transaction(actor) as tx:
            shown = _check(request, actor, tx, application_id, refusal)
        if shown is None:  # it was judged meanwhile, or taken back: nothing is left to check
            raise
        return shown
    return see_other(f"{home_of(application_id)}/receipt")


@router.get("/applications/{application_id}/withdraw")
def ask_withdrawal(request: Request, actor: PageActor, application_id: UUID) -> Response:
    """Is she sure?"""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        if "withdraw" not in LIFECYCLE.available(tx, application):
            return see_other(home_of(application_id))
        hers = queries.holds(tx, application)
        return render(request, actor, "applications/withdraw.html", application=application, hers=hers)


@router.post("/applications/{application_id}/withdraw")
def withdraw(actor: PageActor, application_id: UUID) -> Response:
    """Give up."""
    with transaction(actor) as tx:
        commands.withdraw(tx, application_id)
    return see_other(home_of(application_id))


def _common(request: Request, actor: Actor, tx: Tx, application: Application) -> dict[str, Any]:
    """What every page about one dossier shows."""
    file, organisation = terms(application.call).file, application.organisation
    lang = language_of(request, actor)
    content = deposits.written(tx, application)
    found = progress(tx, application, content)
    may_edit = tx.may(["application.edit"], application)["application.edit"]
    return {
        "application": application,
        "call": application.call,
        "hers": queries.holds(tx, application),
        "organisation": organisation,
        "women": sum(one.sex is Sex.WOMAN for one in organisation.members),
        "content": content,
        "sums": sums(content),
        "statuses": {status.section: status for status in found},
        "problems": {status.section: dict(messages(lang, _worst_first(status))) for status in found},
        "documents": documents_asked(file, call_form(organisation.legal_form)),
        "declarations": DECLARATIONS,
        "asked": terms(application.call).asked,
        "name": named(lang),
        "verbs": LIFECYCLE.available(tx, application),
        "changed": may_edit and application.revision is not None,
        "may_change": may_edit and editable(tx, application) is None,
        "open": is_open(application.call, tx.now),
        "left": time_left(lang),
        "clock": deposits.clock(tx, application),
        "filed": deposits.filed_by(tx, application),
        "unconfirmed": confirmed(tx, application) is not None,
    }


def _worst_first(status: Status) -> list[FieldError]:
    """What contradicts before what is only missing."""
    return sorted(status.missing, key=lambda error: error.code not in FIX)


def _check(
    request: Request, actor: Actor, tx: Tx, application_id: UUID, refusal: Any = None
) -> Response | None:
    """What is checked before a deposit; None when nothing waits to be deposited."""
    application = queries.one(tx, application_id)
    context = _common(request, actor, tx, application)
    waiting = application.revision is not None or application.state in (DRAFT, RETURNED)
    if not waiting or not (context["may_change"] or application.state is DRAFT):
        return None
    _, results = queries.judged(tx, application, live=True)
    shown = render(
        request,
        actor,
        "applications/check.html",
        status=refusal.status if refusal else 200,
        results=results,
        unchanged=application.state is RETURNED and completed(tx, application) is not None,
        refusal=refusal,
        missing=unfinished(context["statuses"].values()),
        said_of=answers(context["content"], context["statuses"].values(), language_of(request, actor)),
        **context,
    )
    shown.headers["Cache-Control"] = "no-store"  # going back after the deposit must not find it ready
    return shown


def _asked(request: Request, actor: Actor, application_id: UUID, without: bool) -> Response | None:
    """The page that asks whether she is sure; None when there is nothing to ask, or it cannot be done."""
    with transaction(actor) as tx:
        application = queries.one(tx, application_id)
        waiting = application.revision is not None or application.state in (DRAFT, RETURNED)
        may = tx.may(["application.submit"], application)["application.submit"]
        if not (waiting and may) or editable(tx, application) or unfinished(progress(tx, application)):
            return None
        _, results = queries.judged(tx, application, live=True)
        failed = [one for one in results if one.refuses and one.outcome is Outcome.FAIL]
        if not failed and not without:
            return None
        return render(
            request,
            actor,
            "applications/sure.html",
            application=application,
            hers=queries.holds(tx, application),
            failed=failed,
            without=without,
            drops=False,
        )


def _next(found: Any) -> Status | None:
    """The first section that is not complete, of those that must be."""
    return next((status for status in found if status.state not in ("complete", "optional")), None)
