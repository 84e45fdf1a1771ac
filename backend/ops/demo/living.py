"""From the decision to the first birthdays: conventions, tranches, milestones, reminders, durability waves.

The demonstration keeps its own account of the reminders that are due, from the plans alone, so that what the
platform sent can be compared with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from backend.calls.callfile import CallFile
from backend.core.calendar import CASABLANCA

from .cast import Cast
from .clock import move, settle
from .filing import Filed, Filing
from .http import Client, every_item
from .people import derive
from .world import World, follow_up

REPORTING = timedelta(minutes=1)  # reports come after the reminders of their morning


@dataclass
class Milestone:
    """One milestone as the plan states it, and when the holder reports it (never, for some)."""

    id: str
    due_on: date
    rungs: Sequence[tuple[int, str]]  # (days from its date, audience)
    reports_on: date | None
    holder: Client
    coach: Client

    def due(self, until: datetime, people: Mapping[str, int]) -> int:
        """Messages owed by `until`: rungs that came while it was still open, times their readers."""
        last = until if self.reports_on is None else min(until, morning(self.reports_on) + REPORTING)
        return sum(
            people[to] for days, to in self.rungs if morning(self.due_on + timedelta(days=days)) <= last
        )


@dataclass
class Lived:
    """What became of the funded projects."""

    conventions: int = 0
    tranches: int = 0
    released: int = 0
    released_centimes: int = 0
    milestones: list[Milestone] = field(default_factory=list)
    reported: int = 0
    waves_due: int = 0
    waves_done: int = 0
    active: int = 0
    now: datetime | None = None


def morning(day: date) -> datetime:
    """Nine o'clock in Casablanca, the hour of reminders."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=CASABLANCA)


def agree(cast: Cast, filing: Filing, signed_on: date, lived: Lived) -> dict[str, Filed]:
    """Prepare, prove and sign the convention of every funded dossier; returns them by convention."""
    cast.officer.post("/conventions/prepare", {"call_id": cast.call["id"]})
    files = {filed.id: filed for filed in filing.submitted()}
    signed = {}
    for line in every_item(cast.officer, "/conventions", call_id=cast.call["id"]):
        path = f"/conventions/{line['id']}"
        proven = cast.officer.ask(
            "POST", f"{path}/prove-own", {"evidence": "Relevé bancaire et attestation de versement"},
            version=line["version"],
        )  # fmt: skip
        cast.officer.ask("POST", f"{path}/sign", {"signed_on": signed_on.isoformat()}, version=proven.version)
        lived.conventions += 1
        lived.tranches += len(cast.officer.get(path)["tranches"])
        signed[line["id"]] = files[line["application_id"]]
    return signed


def accompany(cast: Cast, call: CallFile, world: World, signed: dict[str, Filed], lived: Lived) -> None:
    """Give each project a coach and a plan; some holders will report late, a few never."""
    if not signed:
        return
    rungs = [(rung.days, to) for rung in call.coaching.reminders for to in rung.to]
    coaches = [cast.ids[person.code] for person in world.coaches]
    cast.officer.post("/plans/call", {"call_id": cast.call["id"], "coach_ids": coaches})
    by_id = {cast.ids[person.code]: cast.staff[person.code] for person in world.coaches}
    for plan in every_item(cast.officer, "/plans"):
        filed = signed[plan["convention_id"]]
        rng = derive(world.seed, "reports", filed.planned.number)
        for milestone in cast.officer.get(f"/plans/{plan['id']}")["milestones"]:
            due_on = date.fromisoformat(milestone["due_on"])
            lived.milestones.append(
                Milestone(
                    milestone["id"],
                    due_on,
                    rungs,
                    _report_day(rng, due_on),
                    filed.holder,
                    by_id[plan["coach_id"]],
                )
            )


def _report_day(rng: Random, due_on: date) -> date | None:
    """Most report around the date, some late, a few never."""
    drawn = rng.randrange(100)
    if drawn < 62:
        return due_on - timedelta(days=rng.randint(0, 10))
    return due_on + timedelta(days=rng.randint(1, 25)) if drawn < 90 else None


def live(cast: Cast, world: World, signed: dict[str, Filed], until: datetime, lived: Lived) -> None:
    """Let the time pass, stopping on each day on which somebody is reminded, reports or is asked."""
    if signed:
        cast.officer.post("/waves/plan", {"call_id": cast.call["id"]})
    reports = [(m.reports_on, m) for m in lived.milestones if m.reports_on]
    for day in days(lived.milestones, until):
        move(cast.admin, morning(day) + REPORTING)
        for _day, milestone in (r for r in reports if r[0] == day):
            _report(milestone, lived)
        _release(cast, lived)
    move(cast.admin, until)
    survey(cast, world, signed, until, lived)
    settle(cast.admin)
    lived.now = until


def days(milestones: list[Milestone], until: datetime) -> Iterator[date]:
    """Each day on which a rung falls due or a report comes, until the end."""
    wanted = {m.due_on + timedelta(days=offset) for m in milestones for offset, _to in m.rungs}
    wanted |= {m.reports_on for m in milestones if m.reports_on}
    yield from sorted(day for day in wanted if morning(day) + REPORTING < until)


def _report(milestone: Milestone, lived: Lived) -> None:
    path = f"/milestones/{milestone.id}"
    version = milestone.holder.ask("GET", path).version
    words = {"report": "Fait comme prévu ; pièces et photos remises à l'accompagnateur."}
    reported = milestone.holder.ask("POST", f"{path}/report", words, version=version)
    milestone.coach.ask("POST", f"{path}/validate", {}, version=reported.version)
    lived.reported += 1


def _release(cast: Cast, lived: Lived) -> None:
    """Release the next tranche of each project whose own earlier milestones are done: one a round."""
    if lived.released >= lived.tranches or lived.reported == 0:
        return
    wanted = min(lived.tranches, lived.conventions + lived.reported // 3)
    following: dict[str, dict[str, Any]] = {}
    for tranche in every_item(cast.officer, "/tranches", state="planned"):
        first = following.setdefault(tranche["convention_id"], tranche)
        if tranche["number"] < first["number"]:
            following[tranche["convention_id"]] = tranche
    for tranche in sorted(following.values(), key=lambda t: (t["number"], t["convention_id"])):
        if lived.released >= wanted:
            return
        cast.officer.post(
            f"/tranches/{tranche['id']}/release",
            {"evidence": "Factures, photos et constat de l'accompagnateur"},
        )
        lived.released += 1
        lived.released_centimes += tranche["amount_centimes"]


def survey(cast: Cast, world: World, signed: dict[str, Filed], until: datetime, lived: Lived) -> None:
    """Ask every project whose wave has come; write down what is found, unreachable ones too."""
    coach = cast.staff[world.coaches[0].code]
    for wave in every_item(coach, "/waves", call_id=cast.call["id"], due_by=until.date().isoformat()):
        lived.waves_due += 1
        answer = follow_up(world, signed[wave["convention_id"]].planned, wave["months"])
        coach.ask("PUT", f"/waves/{wave['id']}/answer", answer, version=wave["version"])
        lived.waves_done += 1
    rows = cast.officer.get("/waves/by-age", call_id=cast.call["id"])["rows"]
    answered = [row for row in rows if row["answered"]]
    lived.active = max(answered, key=lambda row: row["months"])["active"] if answered else 0
