"""One short page a section, with its own save; what is typed is never lost.

With JavaScript each field is kept as it is typed (`autosave.js`), totals and caps follow; without, the form
is sent whole and they follow the save.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
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
from ...web.render import render, wants_block
from .. import commands, queries
from ..completeness import contradictions
from ..facts import priorities
from ..forms import LISTS, OFFERED, read, rows, stored_values, typed_values
from ..lifecycle import editable, progress, working
from ..models import Application
from ..schemas import DECLARATIONS, WRITTEN, BudgetLine
from ..terms import terms
from . import caps, viability
from .conflict import differences, settled
from .parts import Form, home_of, messages, named, told
from .seasons import seasons

router = APIRouter()


def _show(section: str) -> Any:
    def show(request: Request, actor: PageActor, application_id: UUID, room: int = 0) -> Response:
        with transaction(actor) as tx:
            application = queries.one(tx, application_id)
            if editable(tx, application) or not tx.may(["application.edit"], application)["application.edit"]:
                return see_other(home_of(application_id))
            lang = language_of(request, actor)
            if wants_block(request):  # what follows from a field that was just kept
                return render(
                    request,
                    actor,
                    "applications/live.html",
                    application=application,
                    documents=(),
                    **_live(tx, application, section, lang),
                )
            values = stored_values(working(application).get(section) or {}, lang)
            values["room"] = str(max(0, min(room, 50)))
            return _page(request, actor, tx, application, Shown(section, values))

    return show


def _save(section: str) -> Any:
    def save(request: Request, actor: PageActor, application_id: UUID, form: Form) -> Response:
        form = _without_row(section, settled(form))
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
                return see_other(_next(section, application_id, form))
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


def _without_row(section: str, form: FormData) -> FormData:
    """The form with the row emptied whose button was pressed; the others keep their places."""
    row = f"{LISTS.get(section)}.{form.get('remove')}."
    return FormData([(name, value) for name, value in form.multi_items() if not name.startswith(row)])


def _next(section: str, application_id: UUID, form: FormData) -> str:
    """Where a save leads: to the task list, or back for more rows."""
    if form.get("then") == "more" and section in LISTS:
        return f"{home_of(application_id)}/{section}?room={OFFERED[LISTS[section]]}#rows"
    return f"{home_of(application_id)}/{section}#rows" if "remove" in form else home_of(application_id)


def _live(tx: Tx, application: Application, section: str, lang: str) -> dict[str, Any]:
    """What follows from what is kept: totals, and the call's caps beside their fields."""
    beside = caps.caps(tx, application, section, lang)
    for name, words in messages(lang, contradictions(section, working(application).get(section) or {})):
        beside.setdefault(name, []).insert(0, caps.Cap(words, kept=False))
    if section == "plan":
        beside |= {name: [cap] for name, cap in seasons(working(application).get("plan") or {}, lang).items()}
    return {
        "section": section,
        "caps": beside,
        "content": working(application),
        "live": terms(application.call).asked if section == "declarations" else LIVE.get(section, ()),
        "rows": rows(
            stored_values(working(application).get(section) or {}, lang), LISTS.get(section, "lines")
        ),
        **caps.totals(application),
        **(viability.live(application, lang) if section in viability.SECTIONS else {}),
    }


LIVE: Mapping[str, Collection[str]] = {
    "project": ("sector", "chain"),
    "location": ("commune",),
    "financing": ("indh_centimes", "own_cash_centimes", "own_in_kind_centimes", "loan_centimes"),
    "results": ("jobs_women", "jobs_women_youth", "jobs_men_youth", "jobs_youth"),
}
"""Fields beside which something is said that follows from others."""


def _page(request: Request, actor: Actor, tx: Tx, application: Application, form: Shown) -> Response:
    """The form with its values; on a refusal for age, beside what is kept now."""
    section, values, refusal = form.section, form.values, form.refusal
    lang, file = language_of(request, actor), terms(application.call).file
    stale = refusal is not None and refusal.code == VERSION_CONFLICT.code
    found = {status.section: status for status in progress(tx, application)}
    shown = messages(lang, form.errors)
    content = working(application).get(section) or {}
    if stale and form.data:  # as it will be kept, so that the places of its lines are those of the choices
        values = stored_values(form.data.model_dump(mode="json", exclude_none=True), lang)
    return render(
        request,
        actor,
        "applications/section.html",
        status=refusal.status if refusal else 422 if form.errors else 200,
        application=application,
        hers=queries.holds(tx, application),
        call=application.call,
        value=values,
        kept=json.dumps(_kept(content, lang), ensure_ascii=False),
        differences=differences(content, form.data, lang) if stale and form.data else [],
        stale=stale,
        last=queries.last_change(tx, application) if stale else None,
        refusal=told(refusal, request, actor) if refusal and not stale else None,
        errors=shown,
        error=dict(shown),
        to_correct=messages(lang, found[section].missing) if found[section].state == "fix" else [],
        partial=_partial(working(application)) if section == "budget" else [],
        version=application.version if stale or "version" not in values else values["version"],
        sectors=_sectors(file, lang),
        chains=_chains(file, _priorities(tx, application, section), lang),
        chain_required=file.chains != "any",
        communes=_near(application, lang),
        declarations=DECLARATIONS,
        asked=terms(application.call).asked,
        documents=(),
        name=named(lang),
        **_live(tx, application, section, lang) | {"rows": rows(values, LISTS.get(section, "lines"))},
    )


def _kept(content: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What each field says in the dossier, as the form writes it: what an edit in the browser starts from."""
    return stored_values(content, lang) | {
        name: value for name, value in content.items() if name == "accepted"
    }


def _priorities(tx: Tx, application: Application, section: str) -> frozenset[str]:
    """The chains that the call's province puts first, where the page lists them."""
    if section != "project" or terms(application.call).file.chains != "priority":
        return frozenset()
    return priorities(tx, [application.call]).get(application.call_id, frozenset())


def _partial(content: Mapping[str, Any]) -> list[tuple[int, list[str]]]:
    """The budget lines kept that are not counted yet: their place, and the fields that they lack."""
    lines = (content.get("budget") or {}).get("lines") or ()
    lacks = [[name for name in COUNTED if line.get(name) in (None, "")] if line else [] for line in lines]
    return [(place, names) for place, names in enumerate(lacks) if names]


COUNTED = ("label", "kind", "amount_centimes")
assert set(COUNTED) <= BudgetLine.model_fields.keys()


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
    kept = (working(application).get("location") or {}).get("commune")
    near = [one for one in communes() if one.province_code in provinces or one.code == kept]
    return sorted(((one.code, getattr(one, f"name_{lang}")) for one in near), key=lambda one: one[1])
