"""One short page a section, with its own save; what is typed is never lost."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...calls.callfile import CallFile
from ...calls.rules.vocabulary import chain_rows, sector_rows
from ...core.actor import Actor
from ...core.errors import VERSION_CONFLICT, FieldError, Problem
from ...core.i18n import translate
from ...core.shapes import In
from ...core.tx import Tx, transaction
from ...territory.reference import communes
from ...web.deps import PageActor
from ...web.forms import see_other, version_of
from ...web.language import language_of
from ...web.render import render
from .. import commands, queries
from ..completeness import call_form
from ..facts import priorities
from ..forms import LISTS, OFFERED, documents_asked, read, rows, stored_values, typed_values
from ..lifecycle import DRAFT, progress
from ..models import Application
from ..schemas import DECLARATIONS, WRITTEN, BudgetLine
from ..terms import terms
from ..totals import sums
from .conflict import differences, settled
from .parts import Form, caps, home_of, messages, named, told

router = APIRouter()


def _show(section: str) -> Any:
    def show(request: Request, actor: PageActor, application_id: UUID, room: int = 0) -> Response:
        with transaction(actor) as tx:
            application = queries.one(tx, application_id)
            if application.state is not DRAFT:
                return see_other(home_of(application_id))
            lang = language_of(request, actor)
            values = stored_values(application.content.get(section) or {}, lang)
            values["room"] = str(max(0, min(room, 50)))
            return _page(request, actor, tx, application, Shown(section, values))

    return show


def _save(section: str) -> Any:
    def save(request: Request, actor: PageActor, application_id: UUID, form: Form) -> Response:
        form = settled(form)
        data, errors = read(section, form)
        values = typed_values(form)
        refusal: Problem | None = None
        if data is not None:
            version = version_of(values.get("version", ""))
            try:
                with transaction(actor) as tx:
                    commands.save_section(tx, application_id, section, data, version)
            except Problem as problem:
                told(problem, request, actor)
                refusal = problem
            else:
                if form.get("then") == "more":
                    return see_other(
                        f"{home_of(application_id)}/{section}?room={OFFERED[LISTS[section]]}#rows"
                    )
                return see_other(home_of(application_id))
        with transaction(actor) as tx:
            application = queries.one(tx, application_id)
            return _page(
                request, actor, tx, application, Shown(section, values, tuple(errors), refusal, data)
            )

    return save


for _section in WRITTEN:
    router.get(f"/applications/{{application_id}}/{_section}", name=f"page_{_section}")(_show(_section))
    router.post(f"/applications/{{application_id}}/{_section}", name=f"page_save_{_section}")(_save(_section))


@dataclass(frozen=True)
class Shown:
    """A section's form: the values in it, what could not be read, why it was not kept, what was read."""

    section: str
    values: dict[str, str]
    errors: tuple[FieldError, ...] = ()
    refusal: Problem | None = None
    data: In | None = None


def _page(request: Request, actor: Actor, tx: Tx, application: Application, form: Shown) -> Response:
    """The form with its values; on a refusal for age, beside what is kept now."""
    section, values, refusal = form.section, form.values, form.refusal
    lang, file = language_of(request, actor), terms(application.call).file
    stale = refusal is not None and refusal.code == VERSION_CONFLICT.code
    found = {status.section: status for status in progress(tx, application)}
    shown = messages(lang, form.errors)
    content = application.content.get(section) or {}
    if stale and form.data:  # as it will be kept, so that the places of its lines are those of the choices
        values = stored_values(form.data.model_dump(mode="json", exclude_none=True), lang)
    return render(
        request,
        actor,
        "applications/section.html",
        status=refusal.status if refusal else 422 if form.errors else 200,
        application=application,
        call=application.call,
        section=section,
        value=values,
        differences=differences(content, form.data, lang) if stale and form.data else [],
        stale=stale,
        last=queries.last_change(tx, application) if stale else None,
        refusal=told(refusal, request, actor) if refusal and not stale else None,
        errors=shown,
        error=dict(shown),
        to_correct=messages(lang, found[section].missing) if found[section].state == "fix" else [],
        partial=_partial(application.content) if section == "budget" else [],
        version=application.version if stale or "version" not in values else values["version"],
        rows=rows(values),
        caps=caps(application, section, lang),
        sums=sums(application.content),
        sectors=_sectors(file, lang),
        chains=_chains(file, _priorities(tx, application, section), lang),
        chain_required=file.chains != "any",
        communes=_near(application, lang),
        documents=documents_asked(file, call_form(application.organisation.legal_form)),
        declarations=DECLARATIONS,
        name=named(lang),
    )


def _priorities(tx: Tx, application: Application, section: str) -> frozenset[str]:
    """The chains that the call's province puts first, where the page lists them."""
    if section != "project" or terms(application.call).file.chains != "priority":
        return frozenset()
    return priorities(tx, [application.call]).get(application.call_id, frozenset())


def _partial(content: Mapping[str, Any]) -> list[tuple[int, list[str]]]:
    """The budget lines kept that are not counted yet: their place, and the fields that they lack."""
    lines = (content.get("budget") or {}).get("lines") or ()
    lacks = [[name for name in BudgetLine.model_fields if line.get(name) in (None, "")] for line in lines]
    return [(place, names) for place, names in enumerate(lacks) if names]


def _sectors(file: CallFile, lang: str) -> list[tuple[str, str]]:
    """Those that the call accepts, first; the others stay possible, and say what follows."""
    listed = [(code, row[lang], _among(code, file.sectors)) for code, row in sector_rows().items()]
    return _accepted_first(listed, translate(lang, "non accepté par cet appel"))


def _chains(file: CallFile, priorities: frozenset[str], lang: str) -> list[tuple[str, str]]:
    """The same for chains, each after its sector's name; a chain of a sector not accepted is not either."""
    accepted = priorities if file.chains == "priority" else file.chains
    listed = [
        (
            code,
            f"{sector_rows()[row['sector']][lang]} · {row[lang]}",
            _among(code, accepted) and _among(row["sector"], file.sectors),
        )
        for code, row in chain_rows().items()
    ]
    return _accepted_first(listed, translate(lang, "non acceptée par cet appel"))


def _among(code: str, accepted: str | Collection[str]) -> bool:
    return accepted == "any" or code in accepted


def _accepted_first(listed: Iterable[tuple[str, str, bool]], refused: str) -> list[tuple[str, str]]:
    """The choices of a list; what the call refuses comes last and says so."""
    ordered = sorted(listed, key=lambda one: not one[2])
    return [(code, words if accepted else f"{words} ({refused})") for code, words, accepted in ordered]


def _near(application: Application, lang: str) -> list[tuple[str, str]]:
    """Communes of the call's province and of the holder's, by their names."""
    provinces = {application.province_code, application.organisation.province_code}
    kept = (application.content.get("location") or {}).get("commune")
    near = [one for one in communes() if one.province_code in provinces or one.code == kept]
    return sorted(((one.code, getattr(one, f"name_{lang}")) for one in near), key=lambda one: one[1])
