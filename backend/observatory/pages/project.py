"""The page of a project's story."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...coaching.models import MilestoneState
from ...core.calendar import add_months, local
from ...core.i18n import localized, translate
from ...core.money import format_money
from ...core.tx import transaction
from ...durability.models import WaveState
from ...web.deps import PageActor
from ...web.render import language_of, render
from ..queries import story

router = APIRouter()
AHEAD = timedelta(days=150)
URGENCY = ("late", "next", "planned", "done")
LETTERS = 26
LETTER = 0.0082  # the width of a letter, as a part of the line of time at its narrowest
BOLD = 0.0105  # the same of a letter in bold
DISC = 0.02  # from the middle of a disc to its words


@router.get("/projects/{convention_id}")
def project_page(request: Request, actor: PageActor, convention_id: UUID) -> Response:
    """Figures, a line of time, tranches, milestones and waves of one project."""
    with transaction(actor) as tx:
        found = story.project(tx, convention_id)
        lang = language_of(request, actor)
        start, end = span(found)
        return render(
            request,
            actor,
            "observatory/project.html",
            project=found,
            start=start,
            end=end,
            marks=marks(found, partial(translate, lang), lang),
        )


def span(project: story.Project) -> tuple[date, date]:
    """What the line of time covers: from the decision to a few months ahead, or to the plan's end."""
    today = project.today
    start = project.decided_on or local(project.convention.prepared_at).date()
    ends = [today + AHEAD, add_months(start, 12)]
    if project.plan:
        ends.append(project.plan.ends_on + timedelta(days=30))
    return start - timedelta(days=20), max(ends)


@dataclass(frozen=True)
class Mark:
    """A mark on a lane: its day, how it stands (done, late, next, planned), its words and where they fit."""

    at: date
    state: str
    text: str
    place: str = ""


def marks(project: story.Project, words: Callable[[str], str], lang: str) -> dict[str, list[Mark]]:
    """The marks of each lane; among milestones, words that would overlap are left to the table below."""
    today, convention = project.today, project.convention
    paid = [(t.released_at, t.amount_centimes) for t in convention.tranches if t.released_at]
    steps = [
        Mark(m.due_on, _milestone(m.state, m.due_on, today), localized(lang, m.title))
        for m in project.milestones
    ]
    if project.decided_on:
        steps.append(Mark(project.decided_on, "done", words("Décision")))
    if convention.signed_on:
        steps.append(Mark(convention.signed_on, "done", words("Convention")))
    return {
        "money": beside(
            [Mark(local(at).date(), "done", format_money(amount, lang, unit=False)) for at, amount in paid],
            *span(project),
        ),
        "milestones": placed(steps, *span(project)),
        "waves": [Mark(w.due_on, _wave(w.state, w.due_on, today), str(w.months)) for w in project.waves],
    }


def placed(steps: Sequence[Mark], start: date, end: date) -> list[Mark]:
    """Words above or below each mark, the urgent first, dropped where neither side has room."""
    taken: dict[str, list[tuple[float, float]]] = {"above": [], "below": []}
    shown: list[Mark] = []
    for step in sorted(steps, key=lambda mark: (URGENCY.index(mark.state), mark.at)):
        text = step.text if len(step.text) <= LETTERS else step.text[: LETTERS - 1].rstrip() + "…"
        half = len(text) * LETTER / 2
        middle = (step.at - start) / (end - start)
        room = [
            side
            for side, others in taken.items()
            if half <= middle <= 1 - half and all(middle + half < a or middle - half > b for a, b in others)
        ]
        if room:
            taken[room[0]].append((middle - half, middle + half))
        shown.append(Mark(step.at, step.state, text if room else "", room[0] if room else "below"))
    return sorted(shown, key=lambda mark: mark.at)


def beside(steps: Sequence[Mark], start: date, end: date) -> list[Mark]:
    """Words after each mark, or above it when the next one is near, dropped where neither has room."""
    ordered = sorted(steps, key=lambda mark: mark.at)
    middles = [(step.at - start) / (end - start) for step in ordered]
    shown: list[Mark] = []
    above = 0.0  # where the last words above end
    for step, middle, following in zip(ordered, middles, [*middles, 1 + DISC][1:], strict=True):
        width = len(step.text) * BOLD
        half = width / 2
        if middle + DISC + width < following - DISC:
            shown.append(Mark(step.at, step.state, step.text, "end"))
        elif above < middle - half and middle + half <= 1:
            above = middle + half
            shown.append(Mark(step.at, step.state, step.text, "above"))
        else:
            shown.append(Mark(step.at, step.state, "", "end"))
    return shown


def _milestone(state: MilestoneState, due_on: date, today: date) -> str:
    if state is MilestoneState.VALIDATED:
        return "done"
    if state is MilestoneState.REPORTED:
        return "next"
    return "late" if due_on < today else "planned"


def _wave(state: WaveState, due_on: date, today: date) -> str:
    if state is WaveState.ANSWERED:
        return "done"
    return "late" if due_on < today else "planned"
