"""The province of `./indh up`: a call decided long ago, one lately, one in review, one open today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import select

from backend.calls.callfile import CallFile, from_json, read
from backend.core.actor import SYSTEM
from backend.core.calendar import CASABLANCA, local
from backend.core.clock import arrival
from backend.core.config import settings
from backend.core.jobs import tick
from backend.core.tx import transaction
from backend.people.demonstration import DemoAccount

from ..paths import ROOT
from ..seed import DEMO_PASSWORD, NATIONAL
from . import asking, deposits, dialogue, helping, judging, lately, meeting, questions, register
from . import cast as casting
from .clock import move, set_clock
from .facts import CallFacts
from .filing import Filing, prepare, submit
from .inside import BASE, Inside, Platform
from .run import DEFAULT_CALL, Size, Told, cycle, published
from .whole import forget_lost_files, forget_lost_mail, one_transaction
from .world import Application, World, generate

Say = Callable[[str], None]
DECIDED = Size(applications=18, seed=2023)
LATELY = Size(applications=6, seed=2024)
IN_REVIEW = Size(applications=8, seed=2025)
OPEN = Size(applications=6, seed=2026)
DRAFTS = 3  # of the open call's dossiers, not submitted yet


READERS = 9
"""Members who have marked what they were given: some dossiers are ranked, others wait for a review."""
SELDOM = frozenset(
    {"people.lookalikes", "people.announce", "suspected_ties", "panel_reports", "mandates", "completions",
     "files.expire", "files.scan"}
)  # fmt: skip
"""Scans that have nothing to find in the first call's years, and lose nothing by coming after them."""
AWAY = 3
"""Reviews taken back from an evaluator who is away, which somebody else is to be given."""


def fill(say: Say = lambda _stage: None) -> None:
    """Make it all through the application itself, up to this day; nothing if a call is there already.

    All or nothing: it is one transaction, so that a start that is killed leaves an empty database, and a call
    that is there belongs to a whole province or to somebody else.
    """
    from backend.calls.models import Call

    with one_transaction():
        with transaction(SYSTEM) as tx:
            if tx.session.scalar(select(Call.id).limit(1)):
                return
        say("demo province, at the first start only:")
        if folder := settings().mail_dir:
            forget_lost_mail(folder)
        forget_lost_files()
        _fill(say, arrival().at)


def _fill(say: Say, now: datetime) -> None:
    def part(stage: str) -> None:
        tick("seals")  # what happened until then, as the clock would have had it
        say(f"  {stage}")

    platform = Platform()
    try:
        client = Inside(BASE, platform=platform)
        platform.asleep = SELDOM
        told = cycle(client, read(DEFAULT_CALL), DECIDED, part, ends=now - timedelta(days=45))
        platform.asleep = frozenset()
        decided = told.cast.call["id"]
        cpdh = dialogue.constitute_cpdh(told.cast, now)
        asked = dialogue.ask_before(told.cast, cpdh, now - timedelta(days=45))
        part("a second committee and its dialogue")
        recent = _lately(told, now)
        part("a call to be decided")
        examined = _in_review(told, now, recent)
        part("the same decided and contested, a call in review")
        _open(told, now, examined)
        move(told.cast.admin, now)
        part("a call that is open today")
        asking.correct(told.cast)
        asking.begin_next(told.cast, decided, f"agadir-{now.year + 1}-1")
        part("an erratum in preparation and a draft")
        register.compare(told.cast)
        part("records to compare in two provinces")
        meeting.to_come(told.cast, now, _at(now, 12, 10))
        part("a session convened and one that sits")
        dialogue.ask_now(told.cast, cpdh, asked, now, told.filing)
        part("a synthesis published and a question that is open")
    finally:
        platform.close()


def _lately(told: Told, now: datetime) -> lately.Recent:
    """A call that closed four weeks ago, with less money than its dossiers ask for."""
    window = _at(now, -44, 9), _at(now, -27, 16, 30)
    call = _renewed(DEFAULT_CALL.name, f"agadir-{now.year}-1", *window, {"envelope": "450 000 DH"})
    filing, world = _publish(told, call, LATELY)
    return lately.deposited(told.cast, filing, world)


def _in_review(told: Told, now: datetime, recent: lately.Recent) -> Filing:
    """A call that closed ten days ago: two sent back, screened, shared out, half of it marked."""
    window = _at(now, -38, 9), _at(now, -10, 16, 30)
    grid: Any = read(DEFAULT_CALL).as_json()["grid"]
    rules = SHARED_OUT | {"grid": grid | {"pass_mark": 45}}
    call = _renewed(DEFAULT_CALL.name, f"agadir-{now.year}-2", *window, rules)
    filing, world = _publish(told, call, IN_REVIEW)
    for filed in filing.files:
        submit(filed)
    questions.ask(told.cast, _at(now, -27, 11))
    lately.decided(told.cast, recent, partial(_at, now))
    move(told.cast.admin, _at(now, -8, 10))
    questions.answer(told.cast)
    asking.examine(told.cast)
    deposits.completed(told.cast, filing)
    judging.screen(told.cast)
    judging.review(told.cast, world, filing, now + timedelta(days=6), told.judged, readers=READERS)
    judging.know(told.cast, world, filing)
    judging.take_back(told.cast, AWAY)
    judging.visit(told.cast, filing, (now - timedelta(days=9)).date())
    return filing


def _open(told: Told, now: datetime, examined: Filing) -> None:
    """A call prolonged to close in twelve days: some holders have submitted, some are still writing."""
    call = _renewed("agadir-2026.yaml", f"agadir-{now.year}-3", _at(now, -9, 9), _at(now, 7, 16, 30))
    filing, _world = _publish(told, call, OPEN)
    for filed in filing.files[DRAFTS:]:
        submit(filed)
    deposits.deposited_again(filing)
    deposits.typed(told.cast, examined, call.opens_at + timedelta(days=3))
    helping.accompany(told.cast, filing)
    asking.questions(told.cast, filing)
    asking.extend(told.cast, _at(now, 12, 16, 30))


def _publish(told: Told, call: CallFile, size: Size) -> tuple[Filing, World]:
    """Publish the call, and have its holders fill their dossiers three days after its opening."""
    cast = told.cast
    set_clock(cast.admin, call.opens_at - timedelta(hours=2))
    casting.publish(cast, call, (), casting.day_before(call, 1))
    set_clock(cast.admin, call.opens_at + timedelta(days=3))
    drawn = generate(_facts(told, call), 2 * size.applications + 12, size.seed)
    world = replace(drawn, applications=_mostly_sound(drawn.applications, size.applications))
    files = [prepare(cast.admin, cast.officer, cast.call, application) for application in world.applications]
    return Filing(files), world


def _mostly_sound(drawn: Sequence[Application], n: int) -> tuple[Application, ...]:
    """`n` of the dossiers, three in four of them without a fault: a stack worth reading."""
    sound = [one for one in drawn if one.intent == "eligible"][: n - n // 4]
    faulty = [one for one in drawn if one.intent not in ("eligible", "late", "abandoned")]
    return tuple(sorted([*sound, *faulty[: n - len(sound)]], key=lambda one: one.number))


def _facts(told: Told, call: CallFile) -> CallFacts:
    known = casting.catalogue(told.cast.admin)
    return casting.facts(call, known, told.first)


SHARED_OUT: dict[str, Any] = {
    "envelope": "300 000 DH",
    "selection": {
        "method": "portfolio",
        "constraints": [
            {
                "code": "women",
                "label": {"fr": "Coopératives de femmes", "ar": "تعاونيات النساء"},
                "among": {"fact": "members.women_share", "at_least": "50 %"},
                "at_least": "30 %",
            },
            {
                "code": "town",
                "label": {"fr": "Ville d’Agadir", "ar": "مدينة أكادير"},
                "among": {"fact": "project.commune", "is": "09.001.01.01"},
                "at_most": "50 %",
            },
            {
                "code": "new",
                "label": {"fr": "Organisations récentes", "ar": "تنظيمات حديثة"},
                "among": {"fact": "organisation.age_months", "less_than": "36 months"},
                "at_least": 1,
                "at_most": 3,
            },
        ],
    },
}
"""A small envelope that goes to the best set of projects: what no published notice says, for the page."""
NOTHING: Mapping[str, Any] = {}


def _renewed(
    file: str, code: str, opens: datetime, closes: datetime, more: Mapping[str, Any] = NOTHING
) -> CallFile:
    """A published call's rules with another window, and what no published notice says (`more`)."""
    source = read(ROOT / "calls" / file)
    data = source.as_json()
    number = code.rpartition("-")[2]
    title = {
        "fr": f"Appel à projets {closes.year} n° {number} : économie sociale et solidaire, Agadir",
        "ar": f"طلب مشاريع {closes.year} رقم {number}: الاقتصاد الاجتماعي والتضامني، أكادير",
    }
    issuer: Any = data["issuer"]
    changed: dict[str, Any] = {
        "code": code,
        "title": title,
        "issuer": issuer | {"committee": "cpde"},  # the committee whose members have accounts
        "opens_at": f"{local(opens):%Y-%m-%d %H:%M}",
        "closes_at": f"{local(closes):%Y-%m-%d %H:%M}",
        "reference_date": f"{local(opens):%Y-%m-%d}",
        "assumed": sorted({*source.assumed, "issuer", "opens_at", "closes_at", "reference_date"}),
    }
    changed |= {**more, "assumed": sorted({*changed["assumed"], *more})}
    return from_json(data | changed)


def _at(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    day = local(now).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CASABLANCA)


@cache
def accounts() -> list[DemoAccount]:
    """Who may be tried on the sign-in page: one of each role, and a second member of the committee.

    She votes beside the chair, writes her dissent, declares a tie and is recused, signs the minutes second.
    """
    call = read(DEFAULT_CALL)
    known = _sectors()
    first = casting.priorities(call, known, published())
    world = generate(casting.facts(call, known, first), DECIDED.applications, DECIDED.seed)
    holder = next(a for a in world.applications if a.intent == "eligible").organisation.representative
    people = [
        ("holder", holder.name.fr, holder.email),
        ("evaluator", world.evaluators[3].name.fr, world.evaluators[3].email),
        ("chair", world.evaluators[0].name.fr, world.evaluators[0].email),
        ("member", world.evaluators[1].name.fr, world.evaluators[1].email),
        ("officer", world.officers[0].name.fr, world.officers[0].email),
        ("agent", helping.AGENT[1], helping.AGENT[0]),
        ("coach", world.coaches[0].name.fr, world.coaches[0].email),
        *((role, name, email) for email, name, role in NATIONAL),
    ]
    return [DemoAccount(name, role, email, DEMO_PASSWORD) for role, name, email in people]


def _sectors() -> dict[str, str]:
    from backend.calls.rules.vocabulary import chain_rows

    return {code: row["sector"] for code, row in chain_rows().items()}
