"""Organisations: cooperatives and their unions, GIE, companies, associations, auto-entrepreneurs."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from backend.ops.demo import grammar
from backend.ops.demo.catalogue import Chain
from backend.ops.demo.names import FORMS, ORGANISATIONS, ROLES, Name
from backend.ops.demo.people import Person, family_name, given_name, ice, person
from backend.territory.reference import Commune

YOUTH_AGE = 35
"""Years, included: the age up to which published calls count a member as young."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member; ``role`` is president, vice_president, treasurer, secretary, manager, owner, partner or
    member.
    """

    given: Name
    family: Name
    sex: str
    birth_year: int
    role: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A project holder. ``short`` is the name without its legal form; sole traders have no meeting nor
    members.
    """

    number: int
    legal_form: str
    name: Name
    short: Name
    register_number: str
    ice: str
    created_on: date
    commune_code: str
    province_code: str
    last_agm_on: date | None
    representative: Person
    members: tuple[Member, ...]

    @property
    def women(self) -> int:
        """How many members are women."""
        return sum(member.sex == "f" for member in self.members)

    def youth(self, year: int) -> int:
        """How many members are at most 35 in ``year``."""
        return sum(year - member.birth_year <= YOUTH_AGE for member in self.members)

    def women_or_youth(self, year: int) -> int:
        """How many members are women or young, each counted once."""
        return sum(member.sex == "f" or year - member.birth_year <= YOUTH_AGE for member in self.members)

    @property
    def families(self) -> int:
        """How many family names the members bear."""
        return len({member.family.fr for member in self.members})


@dataclass(frozen=True, slots=True)
class Need:
    """What the organisation must satisfy: see ``world.CallFacts``; ``months`` and shares are limits to
    respect or break.
    """

    legal_form: str
    chain: Chain
    commune: Commune
    on: date
    min_months: int = 0
    min_members: int = 0
    women_youth_percent: int = 0
    breaks: str = ""


def _size(rng: Random, need: Need) -> int:
    if need.legal_form == "auto_entrepreneur":
        return 1
    if need.legal_form == "tpme":
        return rng.randint(1, 4)
    if need.legal_form == "gie":
        return rng.randint(2, 8)
    if need.legal_form == "cooperative_union":
        return rng.randint(5, 15)  # delegates, not the members of the member cooperatives
    if need.breaks == "too_few_members":
        return need.min_members - 1
    low = max(5, need.min_members)
    # Most cooperatives are small: two draws out of three stay under 25.
    return rng.randint(low, max(low, rng.choice((14, 24, 74))))


def _sexes(rng: Random, size: int, chain: Chain) -> list[str]:
    if size > 1 and chain.women >= 60 and rng.random() < 0.5:
        return ["f"] * size
    women = min(95, max(3, chain.women + rng.randint(-15, 15)))
    return ["f" if rng.randrange(100) < women else "m" for _ in range(size)]


def _members(rng: Random, need: Need) -> tuple[Member, ...]:
    size, year = _size(rng, need), need.on.year
    sexes = _sexes(rng, size, need.chain)
    ages = [rng.choice((rng.randint(20, 35), rng.randint(28, 52), rng.randint(45, 66))) for _ in range(size)]
    if need.breaks == "women_youth_below":
        sexes, ages = ["m"] * size, [max(age, 38) for age in ages]
    for index in range(size):
        counted = sum(sex == "f" or age <= YOUTH_AGE for sex, age in zip(sexes, ages, strict=True))
        if need.breaks == "women_youth_below" or counted * 100 > need.women_youth_percent * size:
            break
        ages[index] = rng.randint(20, 33)
    offices = ROLES[need.legal_form]
    other = "partner" if need.legal_form == "tpme" else "member"
    return tuple(
        Member(
            given_name(rng, sex), family_name(rng), sex, year - age, offices[i] if i < len(offices) else other
        )
        for i, (sex, age) in enumerate(zip(sexes, ages, strict=True))
    )


def _short_name(rng: Random, need: Need, taken: set[str]) -> Name:
    """A name nobody bears under this legal form: a word, then with its trade, its commune, both."""
    form, commune = FORMS[need.legal_form], need.commune
    trade = Name(need.chain.word[0], grammar.for_ar(need.chain.word[1]))
    place = Name(commune.name_fr, commune.name_ar)
    tails: list[tuple[Name, ...]] = [(), (trade,), (place,), (trade, place)]
    if need.legal_form in ("tpme", "gie"):
        tails = tails[1:2] + tails[3:]
    for tail in tails:
        for base in rng.sample(ORGANISATIONS, len(ORGANISATIONS)):
            name = Name(
                " ".join(part.fr for part in (base, *tail)), " ".join(part.ar for part in (base, *tail))
            )
            if taken.isdisjoint({form.name_fr.format(name.fr), form.name_ar.format(name.ar)}):
                return name
    # Ten thousand organisations of a province of one commune: number them.
    serial = str(len(taken) + 1)
    return Name(f"{ORGANISATIONS[0].fr} {serial}", f"{ORGANISATIONS[0].ar} {serial}")


def _created(rng: Random, need: Need) -> date:
    if need.breaks == "too_young":
        return need.on - timedelta(days=rng.randint(20, max(21, need.min_months * 30 - 20)))
    youngest = max(need.min_months, 6) * 31 + 10
    return need.on - timedelta(days=rng.randint(youngest, youngest + 365 * rng.choice((3, 6, 14))))


def organisation(rng: Random, number: int, seed: int, need: Need, taken: set[str]) -> Organisation:
    """The ``number``-th organisation; its names are added to ``taken``."""
    members = _members(rng, need)
    head = members[0]
    account = person(rng, number, seed, head.sex, head.birth_year)
    form = FORMS[need.legal_form]
    if need.legal_form == "auto_entrepreneur":
        while account.name.fr in taken or account.name.ar in taken:
            account = person(rng, number, seed, head.sex, head.birth_year)
        short = account.name
    else:
        short = _short_name(rng, need, taken)
    # The person with the account is the head of the organisation.
    head = Member(account.given, account.family, head.sex, head.birth_year, head.role)
    name = Name(form.name_fr.format(short.fr), form.name_ar.format(short.ar))
    taken.update(name)
    created = _created(rng, need)
    agm = None
    if need.legal_form != "auto_entrepreneur":
        agm = max(created, need.on - timedelta(days=rng.randint(30, rng.choice((300, 300, 480)))))
    own = (number + 7919 * seed) % 100_000  # the worlds of several calls meet in one province
    return Organisation(
        number, need.legal_form, name, short, f"{1000 + number}/{created.year}", ice(own), created,
        need.commune.code, need.commune.province_code, agm, account, (head, *members[1:]),
    )  # fmt: skip
