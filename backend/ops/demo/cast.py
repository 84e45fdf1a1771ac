"""The demonstration's staff, committee, list of priority chains and call, made through the API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from backend.calls.callfile import CallFile
from backend.core.calendar import local
from backend.core.money import parse_money

from ..seed import DEMO_PASSWORD, NATIONAL
from .facts import COMPANY_TYPES, CallFacts
from .http import Client
from .panel import Staff
from .world import World

COLLEGES = {"authority": "state"}
"""The governor's representative sits for the State; the other colleges keep their names."""
PRIORITIES = ("agadir-2026", "chtouka-ait-baha-2026")
"""Calls whose published lists of chains are taken where a call says "those of the province"."""


@dataclass
class Cast:
    """Signed-in staff by code (E01 chairs, D01 is the officer, C01 a coach), and what they work on."""

    admin: Client
    staff: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    committee: str = ""
    call: dict[str, Any] = field(default_factory=dict)

    @property
    def officer(self) -> Client:
        return self.staff["D01"]

    @property
    def chair(self) -> Client:
        return self.staff["E01"]


def administrator(client: Client) -> Client:
    return client.sign_in(NATIONAL[0][0], DEMO_PASSWORD)


def appoint(admin: Client, world: World) -> Cast:
    """Accounts and roles: the chair, the evaluators, the officers and the coaches of the province."""
    cast = Cast(admin)
    for role, people in (
        ("evaluator", world.evaluators),
        ("officer", world.officers),
        ("coach", world.coaches),
    ):
        for person in people:
            _account(cast, world, person, "chair" if person.chair else role)
    return cast


def _account(cast: Cast, world: World, person: Staff, role: str) -> None:
    language = "ar" if person.code in ("E05", "C02") else "fr"
    made = cast.admin.post(
        "/people",
        {
            "name": getattr(person.name, language),
            "email": person.email,
            "phone": person.phone,
            "language": language,
            "password": DEMO_PASSWORD,
            "grants": [{"role": role, "province_code": world.call.province_code}],
        },
    )
    cast.ids[person.code] = made["id"]
    cast.staff[person.code] = cast.admin.another().sign_in(person.email, DEMO_PASSWORD)


def constitute(cast: Cast, world: World, on: date) -> None:
    """The committee by its order, its seats by college, and its procedure: quorum of half the seats."""
    name = {
        "fr": "Comité provincial du développement économique",
        "ar": "اللجنة الإقليمية للتنمية الاقتصادية",
    }
    committee = cast.officer.post(
        "/committees",
        {
            "province_code": world.call.province_code,
            "kind": "cpde",
            "name": name,
            "order_number": f"12/{on.year}",
            "ordered_on": on.isoformat(),
        },
    )
    cast.committee = committee["id"]
    cast.officer.post(f"/committees/{cast.committee}/procedures", {"effective_on": on.isoformat()})
    for person in world.evaluators:
        cast.officer.post(
            f"/committees/{cast.committee}/seats",
            {
                "person_id": cast.ids[person.code],
                "college": COLLEGES.get(person.college, person.college),
                "body": {"fr": person.body.fr, "ar": person.body.ar},
                "from_on": on.isoformat(),
                "chairs": person.chair,
            },
        )
    seats = cast.officer.get(f"/committees/{cast.committee}")["seats"]
    by_person = {seat["person_id"]: seat["id"] for seat in seats}
    cast.seats = {person.code: by_person[cast.ids[person.code]] for person in world.evaluators}


def publish(cast: Cast, call: CallFile, chains: tuple[str, ...], on: date) -> None:
    """The province's list of priority chains, then the call: loaded as a draft, published."""
    if chains:
        cast.officer.ask(
            "PUT",
            f"/value-chains/priorities/{call.province}",
            {"from_on": on.isoformat(), "chains": list(chains)},
        )
    draft = cast.officer.post("/calls", call.as_json())
    cast.officer.post(f"/calls/{draft['id']}/publish")
    cast.call = cast.officer.get(f"/calls/{draft['id']}")


def priorities(
    call: CallFile, catalogue: Mapping[str, str], published: Mapping[str, CallFile]
) -> tuple[str, ...]:
    """The chains that the province puts first: those that the call names, or else a published list's."""
    if isinstance(call.chains, tuple):
        return call.chains
    for code in PRIORITIES:
        other = published.get(code)
        if other and other.province == call.province and isinstance(other.chains, tuple):
            return tuple(chain for chain in other.chains if chain in catalogue)
    return tuple(sorted(catalogue))[::2]


def facts(call: CallFile, catalogue: Mapping[str, str], first: tuple[str, ...]) -> CallFacts:
    """What the generator must know of the call; `catalogue` is {chain: sector}."""
    sectors = sorted(set(catalogue.values())) if call.sectors == "any" else call.sectors
    own = {sector: tuple(c for c in first if catalogue[c] == sector) for sector in sectors}
    others = sorted(set(catalogue.values()) - set(sectors))
    caps, asked = call.caps, _asked(call)
    cap, by_form = _caps(getattr(caps.indh_amount, "raw", None))
    return CallFacts(
        province_code=call.province,
        reference_date=call.reference_date,
        legal_forms=tuple(call.legal_forms),
        sectors=own,
        criteria=tuple(criterion.code for criterion in call.grid.criteria),
        other_sectors=tuple(others),
        other_priorities={s: tuple(c for c in first if catalogue[c] == s) for s in others},
        other_chains=_others(catalogue, own, first) if call.chains != "any" else {},
        max_share_percent=_percent(caps.indh_share),
        cap_centimes=cap,
        caps_by_form=by_form,
        in_kind_percent=_percent(caps.in_kind_share_of_own),
        investment_only=caps.investment_only,
        studies_percent=_percent(caps.studies_share) or 0,
        min_own_percent=_percent(caps.own_share) or 0,
        women_youth_percent=_whole_percents(asked.get("members.women_or_youth_share", {}).get("more_than")),
        company_types=tuple(asked.get("organisation.company_type", {}).get("one_of", COMPANY_TYPES)),
    )


def _asked(call: CallFile) -> dict[str, Any]:
    """The call's own rules that ask one thing of one fact, by that fact."""
    raw = [getattr(rule.check, "raw", None) for rule in call.rules]
    return {said["fact"]: said for said in raw if isinstance(said, Mapping) and "fact" in said}


def _whole_percents(text: object) -> int:
    """`30 %` as 30; no limit as 0."""
    return int(str(text).partition("%")[0]) if text else 0


def _others(
    catalogue: Mapping[str, str], own: Iterable[str], first: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """The chains of the call's sectors that are not on the list."""
    return {s: tuple(c for c, of in sorted(catalogue.items()) if of == s and c not in first) for s in own}


def _caps(raw: Any) -> tuple[int | None, dict[str, int]]:
    """The most that INDH gives in centimes, and by legal form where the call says so."""
    if raw is None:
        return None, {}
    if not isinstance(raw, Mapping):
        return parse_money(str(raw)), {}
    raw = raw["by"]
    by_form = {form: parse_money(str(cap)) for form, cap in raw["values"].items()}
    otherwise = raw.get("otherwise")
    return (None if otherwise is None else parse_money(str(otherwise))), by_form


def _percent(share: Any) -> int | None:
    """A share as whole percents; a share that varies by legal form takes its default."""
    plain = getattr(share, "otherwise", share)
    return None if plain is None else int(plain * 100)


def catalogue(client: Client) -> dict[str, str]:
    return {chain["code"]: chain["sector"] for chain in client.get("/value-chains")["items"]}


def day_before(call: CallFile, days: int) -> date:
    return local(call.opens_at).date() - timedelta(days=days)
