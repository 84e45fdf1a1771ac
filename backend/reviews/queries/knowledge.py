"""Who knows which value chains, and where evaluators live: for the officer, for herself, for sharing out."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, or_, select

from ...core.errors import NOT_FOUND
from ...core.tx import Tx
from ...people.models import Person, Role, RoleGrant
from ...territory.models import Commune
from ..models import Expertise, HomeCommune
from ..policy import JUDGES
from ..schemas import KnowledgeOut


def judges(province_code: str) -> Select[UUID]:
    """The active persons who hold the role of evaluator in the province, in a stable order."""
    held = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.EVALUATOR,
        RoleGrant.province_code == province_code,
        RoleGrant.revoked_at.is_(None),
    )
    return select(Person.id).where(Person.active, Person.id.in_(held)).order_by(Person.id)


def evaluators_of(tx: Tx, province_code: str) -> list[UUID]:
    """Who judges in the province."""
    return list(tx.session.scalars(judges(province_code)))


def knows(tx: Tx, people: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The chains that each of these people knows, for whoever shares dossiers out; one statement."""
    chains: defaultdict[UUID, set[str]] = defaultdict(set)
    for person, chain in tx.session.execute(
        select(Expertise.person_id, Expertise.chain_code).where(Expertise.person_id.in_(people))
    ):
        chains[person].add(chain)
    return {person: frozenset(chains[person]) for person in people}


def knowledge(tx: Tx, person_id: UUID) -> KnowledgeOut:
    """What one evaluator said of herself; 404 to others than she, her officers and the overseers."""
    asked = select(Person.id, Person.name).where(Person.id == person_id)
    row = tx.session.execute(tx.visible(asked, "person.knowledge")).one_or_none()
    if row is None:
        raise NOT_FOUND(thing="person")
    chains = select(Expertise.chain_code).where(Expertise.person_id == person_id)
    communes = select(HomeCommune.commune_code).where(HomeCommune.person_id == person_id)
    return KnowledgeOut(
        person_id=row.id,
        name=row.name,
        chains=list(tx.session.scalars(chains.order_by(Expertise.chain_code))),
        communes=list(tx.session.scalars(communes.order_by(HomeCommune.commune_code))),
    )


def without_commune(tx: Tx, province_code: str) -> list[tuple[UUID, str]]:
    """The province's evaluators of whom no commune is known: who has their family name is not found."""
    known = select(HomeCommune.person_id)
    asked = select(Person.id, Person.name).where(
        Person.id.in_(judges(province_code).order_by(None)), Person.id.not_in(known)
    )
    return [(person, name) for person, name in tx.session.execute(asked.order_by(Person.name, Person.id))]


def may_know(tx: Tx, person_id: UUID) -> bool:
    """Whether the actor may set what this person knows."""
    asked = tx.visible(select(Person.id).where(Person.id == person_id), "person.know")
    return tx.session.execute(asked).first() is not None


def communes_near(tx: Tx, person_id: UUID, lang: str) -> list[tuple[str, str]]:
    """The communes of the provinces where she judges, and those that she named already."""
    judged = select(RoleGrant.province_code).where(
        RoleGrant.person_id == person_id, RoleGrant.role.in_(JUDGES), RoleGrant.revoked_at.is_(None)
    )
    named = select(HomeCommune.commune_code).where(HomeCommune.person_id == person_id)
    asked = select(Commune.code, Commune.name).where(
        or_(Commune.province_code.in_(judged), Commune.code.in_(named))
    )
    found = [(code, name[lang]) for code, name in tx.session.execute(asked)]
    return sorted(found, key=lambda row: (row[1], row[0]))
