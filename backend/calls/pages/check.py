"""« Puis-je candidater ? »: one form of a call's own questions. An address can be shared; nothing is kept."""

from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.web.deps import AnyActor
from backend.web.forms import refused
from backend.web.render import language_of, render

from .. import queries
from ..checking import Question, Verdict, questions, read_typed, verdict
from ..lifecycle import phase
from ..rules.evaluate import Outcome
from ..rules.facts import Kind

router = APIRouter()
TYPES = {Kind.MONEY: "money", Kind.DATE: "date", Kind.CHOICE: "select", Kind.BOOL: "select"}


@router.get("/calls/{code}/check")
def check_page(request: Request, actor: AnyActor, code: str) -> Response:
    """The questions; with answers in the address, what the rules say of them."""
    lang = language_of(request, actor)
    with transaction(actor) as tx:
        call = queries.by_code(tx, code)
        file = queries.definition(call)
        asked = questions(file)
        sent = any(one.code in request.query_params for one in asked)
        typed = {one.code: request.query_params.get(one.code, "")[:200] for one in asked}
        found, refusal = None, None
        if any(text.strip() for text in typed.values()):
            try:
                answers = read_typed(asked, typed)
                found = verdict(file, answers, queries.priority_codes(tx, call, file))
            except Problem as problem:
                refusal = problem
        return render(
            request,
            actor,
            "calls/check.html",
            call=call,
            phase=phase(call, tx.now),
            sections=_sections(asked, typed, lang),
            verdict=found,
            file=file,
            empty=sent and not any(text.strip() for text in typed.values()),
            groups=_groups(found) if found else {},
            missing=[one for one in asked if found and one.code in found.missing],
            **refused(refusal, request, actor),
        )


def _sections(
    asked: tuple[Question, ...], typed: dict[str, str], lang: str
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The questions under the names of their sections."""
    return [
        (section, [_field(one, typed[one.code], lang) for one in group])
        for section, group in groupby(asked, key=lambda one: one.fact.section_label(lang))
    ]


def _field(one: Question, value: str, lang: str) -> dict[str, Any]:
    kind = TYPES.get(one.fact.kind, "number")
    return {
        "code": one.code,
        "label": capital(one.fact.label(lang)),
        "value": value,
        "type": kind,
        "options": one.choices(lang) if kind == "select" else None,
        "hint": "check.zero" if one.zero else "check.once" if one.code == "members.women_or_youth" else "",
    }


def capital(words: str) -> str:
    """A label that begins a line."""
    return f"{words[:1].upper()}{words[1:]}"


def _groups(found: Verdict) -> dict[str, list[Any]]:
    """Rules by what they say: those that refuse, those that warn, those that cannot tell, those that pass."""
    groups: dict[str, list[Any]] = {"refused": [], "warned": [], "unknown": [], "passed": []}
    for one in found.results:
        if one.outcome is Outcome.FAIL:
            groups["refused" if one.refuses else "warned"].append(one)
        else:
            groups["unknown" if one.outcome is Outcome.UNKNOWN else "passed"].append(one)
    return groups
