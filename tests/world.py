"""A small named cast, known to every test: who is who, in two provinces.

Agadir Ida-Outanane (09.001) has a committee of five voting seats, two officers, two coaches; Taroudannt has
an officer who must see nothing of it. `Tifaout` is the cooperative of `holder`; `rival` holds another one.
"""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from backend.core.actor import SYSTEM, Actor, Grant
from backend.core.tx import Tx, transaction

HERE = "09.001"
THERE = "09.541"
COMMUNE = "09.001.05.09"
NOW = datetime(2023, 8, 20, 10, tzinfo=UTC)

CAST: dict[str, tuple[str, str | None]] = {
    "holder": ("holder", None),
    "rival": ("holder", None),
    "evaluator": ("evaluator", HERE),
    "second": ("evaluator", HERE),
    "third": ("evaluator", HERE),
    "conflicted": ("evaluator", HERE),
    "chair": ("chair", HERE),
    "officer": ("officer", HERE),
    "stranger": ("officer", THERE),
    "agent": ("agent", HERE),
    "coach": ("coach", HERE),
    "other_coach": ("coach", HERE),
    "auditor": ("auditor", None),
    "administrator": ("administrator", None),
    "coordination": ("coordination", None),
}
PASSWORD = "un mot de passe de test"


class World:
    """The cast as actors (`world.officer`), and the rows that tests start from."""

    people: dict[str, Actor]
    tifaout: UUID
    rival_cooperative: UUID
    committee: UUID
    seats: dict[str, UUID]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def again(self) -> "World":
        """The same cast for another test, which may note on it what it makes."""
        other = World()
        vars(other).update(vars(self), people=dict(self.people), seats=dict(self.seats))
        return other


def build() -> World:
    world = World()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        world.people = {name: _person(tx, name, role, place) for name, (role, place) in CAST.items()}
        tx.session.flush()
        world.tifaout = _cooperative(tx, "Tifaout", "تيفاوت", world.holder, HERE)
        world.rival_cooperative = _cooperative(tx, "Azrou", "أزرو", world.rival, HERE)
        _committee(tx, world)
    return world


def _person(tx: Tx, name: str, role: str, place: str | None) -> Actor:
    from backend.people.models import Person, Role, RoleGrant

    language = "ar" if name == "rival" else "fr"
    person = Person(name=name.title(), email=f"{name}@exemple.test", language=language, created_at=tx.now)
    tx.session.add(person)
    tx.session.flush()
    tx.session.add(RoleGrant(person_id=person.id, role=Role(role), province_code=place, granted_at=tx.now))
    return Actor("person", person.id, person.name, language, frozenset({Grant(role, place)}))


def _cooperative(tx: Tx, fr: str, ar: str, holder: Actor, province: str) -> UUID:
    from backend.people.models import LegalForm, Member, Organisation, Representative, Sex

    made = Organisation(
        name={"fr": f"Coopérative {fr}", "ar": f"تعاونية {ar}"},
        legal_form=LegalForm.COOPERATIVE,
        province_code=province,
        commune_code=COMMUNE,
        register_number="4112/2019",
        created_on=date(2019, 5, 2),
        last_agm_on=date(2023, 4, 12),
    )
    tx.session.add(made)
    tx.session.flush()
    for i in range(10):
        sex = Sex.WOMAN if i < 8 else Sex.MAN
        tx.session.add(
            Member(organisation_id=made.id, position=i, name=f"Membre {i}", sex=sex, birth_year=1980 + i)
        )
    tx.session.add(Representative(organisation_id=made.id, person_id=holder.id, since=tx.now))
    return made.id


def _committee(tx: Tx, world: World) -> None:
    from backend.committees.models import College, Committee, CommitteeKind, Procedure, Seat

    committee = Committee(
        province_code=HERE,
        kind=CommitteeKind.CPDE,
        name={
            "fr": "Comité provincial du développement économique",
            "ar": "اللجنة الإقليمية للتنمية الاقتصادية",
        },
        order_number="12/2022",
        ordered_on=date(2022, 3, 1),
    )
    tx.session.add(committee)
    tx.session.flush()
    tx.session.add(Procedure(committee_id=committee.id, number=1, effective_on=date(2022, 3, 1)))
    world.committee = committee.id
    world.seats = {}
    for position, name in enumerate(("chair", "evaluator", "second", "third", "conflicted")):
        seat = Seat(
            committee_id=committee.id,
            person_id=world.people[name].id,
            position=position,
            college=College.STATE,
            body={"fr": "ODCO", "ar": "مكتب تنمية التعاون"},
            chairs=name == "chair",
            from_on=date(2022, 3, 1),
        )
        tx.session.add(seat)
        tx.session.flush()
        world.seats[name] = seat.id


def browser(world: World, name: str | None, **headers: str) -> Any:
    """A client of the whole application, signed in by a session row (no password is hashed)."""
    from datetime import timedelta

    from starlette.testclient import TestClient

    from backend.people.authentication import COOKIE, new_secret
    from backend.people.models import SignIn

    client = TestClient(application(), raise_server_exceptions=False, headers=headers or None)
    if name:
        secret, kept = new_secret()
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            real = datetime.now(UTC)
            tx.session.add(
                SignIn(
                    person_id=world.people[name].id,
                    token_hash=kept,
                    created_at=real,
                    expires_at=real + timedelta(hours=1),
                )
            )
        client.cookies.set(COOKIE, secret)
    return client


@cache
def application() -> Any:
    """The application, made once a process."""
    from backend.app import create_app

    return create_app()
