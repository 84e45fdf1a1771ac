"""What a call's page links to in applications; the dossiers that a holder has to deposit or to complete."""

from collections.abc import Iterable
from urllib.parse import quote

from sqlalchemy import and_, or_, select

from ..calls.models import Call, CallState
from ..core.calendar import format_date, local
from ..core.i18n import LANGUAGES
from ..core.tx import Tx
from ..people.models import Organisation
from ..people.policy import represents
from ..web.links import Related, related
from ..web.next_steps import AT_MOST, Step, awaits
from .lifecycle import changes_waiting
from .models import Application, ApplicationState, CompletionRequest
from .queries import assistable


@related("call", "link.call.applications", order=10)
def applications(tx: Tx, call: Call) -> Related | None:
    """The dossiers deposited."""
    shown = call.state is not CallState.DRAFT and tx.may(["dossiers.read"], call)["dossiers.read"]
    return Related(f"/das/calls/{call.id}/applications") if shown else None


@related("call", "link.call.assist", order=11)
def assist(tx: Tx, call: Call) -> Related | None:
    """An officer types a dossier for a holder, or one that came on paper."""
    shown = call.state is CallState.PUBLISHED and tx.may(["call.screen"], call)["call.screen"]
    return Related(f"/das/calls/{call.id}/assist") if shown else None


@related("organisation", "link.organisation.assist", order=5)
def assist_it(tx: Tx, organisation: Organisation) -> Related | None:
    """An officer who registered it goes on to its dossier; of several open calls, she chooses one."""
    calls = [one for one in assistable(tx) if one.province_code == organisation.province_code]
    if len(calls) > 1:
        return Related("/my/applications/new")
    return Related(f"/das/calls/{calls[0].id}/assist?q={quote(organisation.name['fr'])}") if calls else None


@awaits("next.draft", "next.changes", dated=True)
def drafts(tx: Tx) -> Iterable[Step]:
    """What can still be deposited, drafts or changes since a deposit; the first call to close first."""
    draft = Application.state == ApplicationState.DRAFT
    changed = and_(Application.state == ApplicationState.SUBMITTED, changes_waiting())
    asked = (
        select(Application.id, Application.number, Application.title, Call.closes_at, draft.label("draft"))
        .join(Call, Call.id == Application.call_id)
        .where(or_(draft, changed), represents(tx.actor, Application.organisation_id))
        .where(Call.state == CallState.PUBLISHED, Call.opens_at <= tx.now, Call.closes_at > tx.now)
        .order_by(Call.closes_at, Application.id)
        .limit(AT_MOST)
    )
    for key, number, title, closes_at, new in tx.session.execute(asked):
        code = "next.draft" if new else "next.changes"
        yield Step(f"/applications/{key}", title or number, closes_at, code=code)


@awaits("next.completion", dated=True)
def completions(tx: Tx) -> Iterable[Step]:
    """The dossiers sent back that she can still complete: the only request, and its last day."""
    asked = (
        select(Application.id, Application.number, Application.title, CompletionRequest.due_on)
        .join(CompletionRequest, CompletionRequest.application_id == Application.id)
        .where(
            Application.state == ApplicationState.RETURNED, represents(tx.actor, Application.organisation_id)
        )
        .where(CompletionRequest.answered_at.is_(None), CompletionRequest.due_on >= local(tx.now).date())
        .order_by(CompletionRequest.due_on, Application.id)
        .limit(AT_MOST)
    )
    for key, number, title, due in tx.session.execute(asked):
        day = {lang: format_date(due, lang, "weekday") for lang in LANGUAGES}
        yield Step(f"/applications/{key}", title or number, due, day)
