"""A seeded world for the demonstration: plausible holders, projects and staff for one call.

The same call, number and seed give the same world, byte for byte, on any machine: only ``random.Random`` with
integer seeds and integer draws, nothing from the clock or from ``hash()``. Nobody in it exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from backend.ops.demo.catalogue import chain
from backend.ops.demo.facts import (
    COMPANY_TYPES,
    DIRHAM,
    FORM_WEIGHTS,
    CallFacts,
    intents,
    refused_companies,
    refused_forms,
)
from backend.ops.demo.names import Name
from backend.ops.demo.organisations import Need, Organisation, organisation
from backend.ops.demo.panel import Staff, coaches, committee, officers
from backend.ops.demo.people import derive
from backend.ops.demo.projects import Project, project
from backend.territory.reference import Commune, communes, provinces

__all__ = [
    "DIRHAM",
    "Application",
    "CallFacts",
    "Conflict",
    "World",
    "follow_up",
    "generate",
    "intents",
    "marks",
    "to_api",
]

COASTAL = frozenset(
    {"09.001.01.01", "09.001.07.03", "09.001.07.15", "09.001.07.23", "09.001.07.25"}
    | {"09.163.05.19", "09.163.05.21", "09.163.05.31"}
)
"""Communes of Souss with a shore and fishers; elsewhere any commune will do."""


@dataclass(frozen=True, slots=True)
class Application:
    """A file and what it is meant to be.

    ``intent``: see ``facts.intents``. ``moment`` places the filing in the window, in thousandths (``None``:
    never submitted; above 1000: after closing, by ``moment - 1000`` minutes). ``quality`` is latent, by
    criterion, in [0, 1].
    """

    number: int
    intent: str
    organisation: Organisation
    project: Project
    moment: int | None
    assisted: bool
    quality: Mapping[str, float]
    company: str | None = None  # the kind of company, of a TPME


@dataclass(frozen=True, slots=True)
class Conflict:
    """A committee member who must not judge a file, and why."""

    evaluator: str
    application: int
    reason: Name


@dataclass(frozen=True, slots=True)
class World:
    """Everything generated for a call. ``evaluators`` are the committee's members, the chair first."""

    seed: int
    call: CallFacts
    applications: tuple[Application, ...]
    evaluators: tuple[Staff, ...]
    officers: tuple[Staff, ...]
    coaches: tuple[Staff, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """The holders, one for each application."""
        return tuple(application.organisation for application in self.applications)


def to_api(value: Any) -> Any:
    """A dataclass of this package as JSON values: dates in ISO form, names as ``{"fr", "ar"}``."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: to_api(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Name):
        return {"fr": value.fr, "ar": value.ar}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: to_api(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_api(item) for item in value]
    return value


def plan(call: CallFacts, n: int, seed: int) -> list[str]:
    """The intents of ``n`` files, shuffled: about 70 in 100 eligible, every other intent at least once if
    ``n`` allows.
    """
    names = intents(call)
    wrong = names[1:]
    each = {
        name: max(1, n * (4 if name in ("late", "abandoned") else 22 // max(1, len(wrong) - 2)) // 100)
        for name in wrong
    }
    counted = [name for name in wrong for _ in range(each[name])][: max(0, n - 1)]
    if n <= len(wrong):
        counted = list(wrong)[: max(0, n - 1)]
    chosen = ["eligible"] * (n - len(counted)) + counted
    derive(seed, "plan").shuffle(chosen)
    return chosen


def _legal_form(rng: Random, call: CallFacts, intent: str) -> str:
    if intent == "wrong_legal_form":
        return refused_forms(call)[0]
    if intent == "wrong_company_type":
        return "tpme"
    if intent in ("too_few_members", "women_youth_below"):
        return "cooperative"
    forms = [form for form in call.legal_forms if form in FORM_WEIGHTS]
    return rng.choices(forms, [FORM_WEIGHTS[form] for form in forms])[0]


def _sector_and_chain(rng: Random, call: CallFacts, intent: str) -> tuple[str, str | None]:
    """The sector and chain cited. A sector that is not listed cites a chain that the province puts first, or
    none at all, so that one rule is broken.
    """
    listed = sorted(call.sectors)
    if any(call.sectors.values()):
        listed = [sector for sector in listed if call.sectors[sector]]
    if intent == "chain_not_priority":
        sector = rng.choice([name for name in sorted(call.sectors) if call.other_chains.get(name)])
        return sector, rng.choice(call.other_chains[sector])
    # More chains, more files: a sector weighs what its chains do.
    sector = rng.choices(listed, [max(1, len(call.sectors[name])) for name in listed])[0]
    chains = call.sectors[sector]
    code = rng.choice(chains) if chains else None
    if intent == "sector_not_listed" and any(call.other_priorities.values()):
        sector = rng.choice(sorted(name for name, found in call.other_priorities.items() if found))
        return sector, rng.choice(call.other_priorities[sector])
    if intent == "sector_not_listed":
        near = [name for name in call.other_sectors if name in ("industry", "trade", "services")]
        return rng.choice(near or call.other_sectors), None
    return sector, code


def _commune(rng: Random, province_code: str, sector: str, code: str | None) -> Commune:
    """A commune drawn by population; farming and mountain tourism mostly rural, fishing on the shore."""
    here = [commune for commune in communes() if commune.province_code == province_code]
    if code in ("small-scale-fishing", "banana"):
        here = [commune for commune in here if commune.code in COASTAL] or here
    rural = sector in ("agriculture", "forestry") or (code or "").endswith(("tourism", "weaving", "reed"))
    weights = [commune.population_2024 for commune in here]
    if rural:
        # The largest rural communes are suburbs: level them, and leave towns a small part.
        weights = [
            min(people, 1_000 if c.kind == "urban" else 25_000)
            for people, c in zip(weights, here, strict=True)
        ]
    return rng.choices(here, weights)[0]


def _elsewhere(rng: Random, province_code: str) -> str:
    """Another province of the same region when there is one."""
    region = province_code.partition(".")[0]
    others = [province.code for province in provinces() if province.code != province_code]
    return rng.choice([code for code in others if code.startswith(region + ".")] or others)


def _quality(rng: Random, criteria: tuple[str, ...]) -> dict[str, float]:
    """Latent quality: half common to the file, half the criterion's own; thousandths, so equal on every
    machine.
    """
    common = rng.randint(200, 1000) + rng.randint(200, 1000)
    return {code: (common + rng.randint(150, 1000) + rng.randint(150, 1000)) // 4 / 1000 for code in criteria}


def _application(call: CallFacts, number: int, seed: int, intent: str, taken: set[str]) -> Application:
    rng = derive(seed, "application", number)
    form = _legal_form(rng, call, intent)
    sector, code = _sector_and_chain(rng, call, intent)
    place = _commune(rng, call.province_code, sector, code)
    home = place
    if intent == "outside_province":
        home = _commune(rng, _elsewhere(rng, call.province_code), sector, code)
    cooperative = form == "cooperative"
    need = Need(
        form, chain(code or ""), home, call.reference_date, call.min_months,
        call.min_members if cooperative else 0, call.women_youth_percent if cooperative else 0, intent,
    )  # fmt: skip
    holder = organisation(rng, number, seed, need, taken)
    # Most files come in the last days: the square root of a uniform draw, without floats.
    moment: int | None = max(rng.randint(5, 995), rng.randint(5, 995))
    if intent == "late":
        moment = 1000 + rng.choice((1, 7, 45, 600, 1500))
    elif intent == "abandoned":
        moment = None
    what = project(rng, call, holder, place, (sector, code), intent)
    assisted, quality = rng.random() < 0.2, _quality(rng, call.criteria)
    return Application(number, intent, holder, what, moment, assisted, quality, _company(call, form, intent))


def _company(call: CallFacts, form: str, intent: str) -> str | None:
    """The kind of a company: a SARL where the call takes them, or the kind that it does not take."""
    if form != "tpme":
        return None
    if intent == "wrong_company_type":
        return refused_companies(call)[-1]
    accepted = [kind for kind in reversed(COMPANY_TYPES) if kind in call.company_types]
    return (accepted or ["sarl"])[0]


CONFLICTS = (
    Name("Un membre de ma famille travaille pour cet organisme.", "يعمل أحد أفراد أسرتي لدى هذه الهيئة."),
    Name("J'ai conseillé cet organisme pour son projet.", "سبق لي أن قدمت المشورة لهذه الهيئة بشأن مشروعها."),
    Name("Je siège au bureau d'un partenaire de ce projet.", "أنا عضو في مكتب شريك لهذا المشروع."),
)


def _conflicts(
    seed: int, applications: tuple[Application, ...], evaluators: tuple[Staff, ...]
) -> tuple[Conflict, ...]:
    """About one eligible file in twelve meets a conflict, at least one, never with the chair."""
    eligible = [application for application in applications if application.intent == "eligible"]
    rng = derive(seed, "conflicts")
    chosen = rng.sample(eligible, min(len(eligible), max(1, len(eligible) // 12)))
    found = [Conflict(rng.choice(evaluators[1:]).code, item.number, rng.choice(CONFLICTS)) for item in chosen]
    return tuple(sorted(found, key=lambda conflict: conflict.application))


def generate(call: CallFacts, n: int, seed: int) -> World:
    """The world of a call with ``n`` applications, numbered from 1, each of its own organisation."""
    taken: set[str] = set()
    applications = tuple(
        _application(call, number, seed, intent, taken)
        for number, intent in enumerate(plan(call, n, seed), start=1)
    )
    evaluators = committee(seed)
    return World(
        seed,
        call,
        applications,
        evaluators,
        officers(seed),
        coaches(seed),
        _conflicts(seed, applications, evaluators),
    )


def marks(world: World, application: Application, evaluator: Staff, scale_max: int) -> dict[str, int]:
    """What this evaluator gives this file, by criterion, from 0 to ``scale_max``.

    Latent quality, plus the evaluator's severity, plus a disagreement of their own: real reviewers agree
    little (ICC 0.26 in a published set of 23 414 ratings). Seeded by the pair: no order of calls matters.
    """
    rng = derive(world.seed, "marks", application.number, evaluator.code)
    halo = rng.randint(-9, 9)
    result = {}
    for code, quality in application.quality.items():
        hundredths = round(quality * 100) + evaluator.severity + halo + rng.randint(-12, 12)
        result[code] = (max(0, min(100, hundredths)) * scale_max + 50) // 100
    return result


CAUSES = ("outlets", "working_capital", "utilities", "governance", "equipment", "other")
"""Of difficulty, in the order in which audits name them."""


def follow_up(world: World, application: Application, months: int) -> dict[str, Any]:
    """A durability answer ``months`` after funding: status, yearly turnover (centimes), jobs by sex.

    A project's end is drawn once, so that a stopped project stays stopped at every later wave. Better files
    last longer.
    """
    rng = derive(world.seed, "fate", application.number)
    good = (
        sum(application.quality.values()) / max(1, len(application.quality)) if application.quality else 0.5
    )
    end = rng.randint(8, 40) + round(good * 100) * rng.randint(0, 2)
    wave = derive(world.seed, "wave", application.number, months)
    draw, what = wave.randrange(100), application.project
    status = (
        "active" if draw < 78 else "seasonal" if draw < 88 else "suspended" if draw < 94 else "unreachable"
    )
    if months >= end:
        status = "stopped" if rng.random() < 0.8 else "dissolved"
    if status == "unreachable":
        return {"status": status, "turnover_centimes": None, "jobs_women": None, "jobs_men": None}
    if status not in ("active", "seasonal"):
        why = wave.choices(CAUSES, (31, 22, 16, 13, 10, 8), k=2)
        stopped = {"turnover_centimes": None, "jobs_women": 0, "jobs_men": 0}
        return {"status": status, "causes": sorted(set(why)), **stopped}
    percent = wave.randint(55, 115) if status == "active" else wave.randint(25, 60)
    jobs = what.jobs_women + what.jobs_men
    turnover = jobs * what.income_centimes * 12 * 2 * percent // 100
    return {
        "status": status,
        "turnover_centimes": turnover // (100 * DIRHAM) * (100 * DIRHAM),
        "jobs_women": what.jobs_women * percent // 100,
        "jobs_men": what.jobs_men * percent // 100,
    }
