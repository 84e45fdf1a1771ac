"""From the deposit to the decision: screening, reviews, and the session that funds down to the envelope."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from backend.reviews.kinship import named, same_family

from . import meeting
from .cast import Cast
from .clock import settle
from .filing import Filing
from .http import every_item
from .panel import Staff
from .world import World, marks

SEEN = (
    ("visit", "La présidente, deux membres, le technicien de l’ODCO",
     "Le local est loué, avec eau et électricité. Les membres connaissent leurs prix de revient."),
    ("presentation", "رئيسة التعاونية وأمينة المال",
     "عُرض المشروع بوضوح. سُئلت التعاونية عن منافذ البيع: ثلاثة عقود شفوية مع فنادق بأكادير، لم تُكتب بعد."),
    ("visit", "Le bureau", "Local fermé le jour de la visite ; rendez-vous repris pour la semaine suivante."),
)  # fmt: skip


@dataclass
class Judged:
    """What screening, reviewing and the session did, as the API tells it."""

    screening: dict[str, Any] = field(default_factory=dict)
    evaluations: int = 0
    recusals: int = 0
    ranked: int = 0
    unranked: int = 0
    funded: int = 0
    funded_centimes: int = 0
    waiting: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def screen(cast: Cast) -> dict[str, Any]:
    """Have every submitted dossier judged by the call's rules, and by the officer where they cannot tell."""
    answer: dict[str, Any] = cast.officer.ask(
        "POST", f"/applications/screen?call_id={cast.call['id']}", {}
    ).body
    unsettled = every_item(cast.officer, "/applications", call_id=cast.call["id"], state="submitted")
    for line in unsettled:  # a rule asks what only a paper tells: the officer has read it
        cast.officer.ask("POST", f"/applications/{line['id']}/admit", {})
    answer["unsettled"] = len(unsettled)
    return answer


def review(
    cast: Cast, world: World, filing: Filing, due_at: datetime, judged: Judged, readers: int | None = None
) -> None:
    """Share the dossiers out, declare every conflict first, then mark and sign (the last `readers` only)."""
    evaluators = [cast.ids[person.code] for person in world.evaluators if not person.chair]
    cast.officer.post(
        "/assignments/share",
        {"call_id": cast.call["id"], "evaluator_ids": evaluators, "due_at": due_at.isoformat()},
    )
    files = {filed.id: filed.planned for filed in filing.submitted()}
    people = world.evaluators if readers is None else world.evaluators[-readers:]
    _declare(cast, world, files, judged, people)
    for person in people:
        client = cast.staff[person.code]
        for mine in every_item(client, "/assignments", mine=True, state="open"):
            planned = files[mine["application_id"]]
            given = marks(world, planned, person, cast.call["definition"]["grid"]["scale_max"])
            path = f"/assignments/{mine['id']}"
            kept = client.ask("PATCH", path, {"marks": given}, version=mine["version"])
            client.ask("POST", f"{path}/sign", {}, version=kept.version)
            judged.evaluations += 1


def _declare(
    cast: Cast, world: World, files: dict[str, Any], judged: Judged, people: Sequence[Staff]
) -> None:
    """Recusals may hand a file to somebody else: go round until nobody has anything to declare."""
    ties = {(conflict.evaluator, conflict.application): conflict.reason for conflict in world.conflicts}
    while True:
        declared = 0
        for person in people:
            client = cast.staff[person.code]
            for mine in every_item(client, "/assignments", mine=True, state="assigned"):
                declared += 1
                tie = ties.get((person.code, files[mine["application_id"]].number))
                judged.recusals += tie is not None
                body = {"conflict": tie is not None, "reason": tie.fr if tie else ""}
                client.ask("POST", f"/assignments/{mine['id']}/declare", body, version=mine["version"])
        settle(cast.admin)  # a substitute is named by a job
        if not declared:
            return


def know(cast: Cast, world: World, filing: Filing) -> None:
    """What each evaluator knows: three of the chains that are asked for; and where she comes from.

    She comes from where a member of some holder has her family name, if there is one: a tie to confirm.
    """
    chains = sorted({filed.planned.project.chain for filed in filing.files if filed.planned.project.chain})
    holders = [filed.planned.organisation for filed in filing.submitted()]
    for n, person in enumerate(world.evaluators):
        if person.chair:
            continue
        hers = named(person.name.fr)
        near = [
            holder.commune_code
            for holder in holders
            if any(same_family(hers, named(f"{m.given.fr} {m.family.fr}")) for m in holder.members)
        ]
        said = {"chains": sorted({chains[(n + k) % len(chains)] for k in range(3)}), "communes": near[:1]}
        cast.officer.ask("PUT", f"/evaluators/{cast.ids[person.code]}/knowledge", said)


def take_back(cast: Cast, most: int) -> None:
    """An evaluator is away: what she has not opened waits to be shared out again."""
    asked = every_item(cast.officer, "/assignments", call_id=cast.call["id"], state="assigned")
    away = [one for one in asked if asked and one["evaluator_id"] == asked[0]["evaluator_id"]]
    for one in away[:most]:
        reason = {"reason": "En congé jusqu’à la fin du mois : à confier à quelqu’un d’autre."}
        cast.officer.post(f"/assignments/{one['id']}/withdraw", reason)


def visit(cast: Cast, filing: Filing, on: date) -> None:
    """The officer went to see some of them; two holders presented their project."""
    for filed, (kind, present, words) in zip(filing.submitted(), SEEN, strict=False):
        told = {"kind": kind, "held_on": on.isoformat(), "present": present, "words": words}
        path = f"/applications/{filed.id}/field-notes"
        cast.officer.ask("POST", path, told, expect=(403, 404, 409))


def rank(cast: Cast, judged: Judged) -> None:
    rows = every_item(cast.officer, f"/rankings/{cast.call['id']}")
    judged.ranked = len(rows)


Deviates = Callable[[Cast, str], list[dict[str, Any]]]
"""What a session decides otherwise than proposed: the motions that it opens."""


def deliberate(
    cast: Cast, world: World, at: datetime, judged: Judged, deviates: Deviates | None = None
) -> None:
    """A session: attendance, quorum, the proposal by rank, a vote of those present, and its end."""
    session = cast.officer.post(
        "/committee-sessions",
        {"committee_id": cast.committee, "scheduled_at": at.isoformat(), "place": "Siège de la préfecture"},
    )
    path = f"/committee-sessions/{session['id']}"
    meeting.put_on_agenda(cast, session["id"], cast.call)
    present = [person for person in world.evaluators if person.code not in ("E09", "E11")]
    presences = {cast.seats[person.code]: "present" for person in present} | {cast.seats["E09"]: "excused"}
    cast.officer.ask("PUT", f"{path}/attendance", {"presences": presences}, version=session["version"])
    cast.officer.post(f"{path}/open")
    meeting.take_points(cast, session["id"])
    both = {"session_id": session["id"], "call_id": cast.call["id"]}
    cast.officer.post("/decisions/propose", both)
    motions = deviates(cast, session["id"]) if deviates else []
    motions += cast.officer.post("/decisions/put-to-vote", both)["items"]
    recusals = {
        d["motion_id"]: set(d["recused_seats"])
        for d in every_item(cast.officer, "/decisions", call_id=cast.call["id"])
    }
    for motion in motions:
        recused = recusals[motion["id"]]
        for number, person in enumerate(present):
            seat = cast.seats[person.code]
            if seat not in recused:
                choice = "abstain" if number == 3 else "against" if number == 5 else "for"
                cast.staff[person.code].post(
                    "/decisions/vote", {"motion_id": motion["id"], "seat_id": seat, "choice": choice}
                )
        cast.officer.post("/decisions/close-vote", {"motion_id": motion["id"]})
    cast.officer.post(f"/decisions/calls/{cast.call['id']}/letters/release", {})
    cast.officer.post(f"{path}/close")
    cast.officer.post(f"/calls/{cast.call['id']}/results/publish")
    meeting.sign(cast, session["id"])
    _count(cast, judged)


def _count(cast: Cast, judged: Judged) -> None:
    for decision in every_item(cast.officer, "/decisions", call_id=cast.call["id"]):
        if decision["state"] != "adopted":
            continue
        if decision["outcome"] == "funded":
            judged.funded += 1
            judged.funded_centimes += decision["amount_centimes"]
        elif decision["outcome"] == "waiting":
            judged.waiting += 1
        else:
            judged.refused += 1
        judged.reasons.update(reason["code"] for reason in decision["reasons"])
