"""Reading minutes: the whole for who took part in the whole, an extract for who was recused on something."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ...applications.models import Application
from ...committees import hooks
from ...committees.models import Minutes, MinutesState, Signature
from ...core.tx import Tx
from ...people.models import Person
from ...reviews.policy import untied
from ..unsaid import partly_hidden, unsaid


@dataclass(frozen=True)
class Signed:
    """A signature and whose it is."""

    signature: Signature
    name: str


@dataclass(frozen=True)
class Shown:
    """Minutes as the reader may read them; `extract` when something is hidden from her."""

    minutes: Minutes
    record: dict[str, Any]
    extract: bool
    signatures: list[Signed]


def current(tx: Tx, session_id: UUID) -> Minutes | None:
    """The version in force of a session's minutes, if there is one and the actor may read it."""
    asked = (
        select(Minutes)
        .where(Minutes.session_id == session_id, Minutes.state != MinutesState.REPLACED)
        .order_by(Minutes.version.desc())
        .limit(1)
    )
    return tx.session.scalars(tx.visible(asked, "minutes.read")).one_or_none()


def versions(tx: Tx, session_id: UUID) -> list[Minutes]:
    """Every version, the latest first."""
    asked = select(Minutes).where(Minutes.session_id == session_id).order_by(Minutes.version.desc())
    return list(tx.session.scalars(tx.visible(asked, "minutes.read")))


def signatures(tx: Tx, minutes: Minutes) -> list[Signed]:
    """In the order in which they were given."""
    asked = (
        select(Signature, Person.name)
        .join(Person, Person.id == Signature.person_id)
        .where(Signature.minutes_id == minutes.id)
        .order_by(Signature.signed_at, Signature.id)
    )
    return [Signed(row[0], row[1]) for row in tx.session.execute(asked)]


def shown(tx: Tx, minutes: Minutes) -> Shown:
    """The record for the actor's eyes."""
    hidden = hidden_files(tx, minutes.record)
    record = redacted(minutes.record, hidden) if hidden else minutes.record
    partial = partly_hidden(tx, {UUID(one["call"]["id"]) for one in record["decisions"]})
    if partial:
        record = record | {"decisions": [_less(one, partial) for one in record["decisions"]]}
    return Shown(minutes, record, bool(hidden or partial), signatures(tx, minutes))


def _less(decision: dict[str, Any], partial: Collection[UUID]) -> dict[str, Any]:
    hides = UUID(decision["call"]["id"]) in partial
    return decision | {"reasons": unsaid(decision["reasons"])} if hides else decision


def hidden_files(tx: Tx, record: dict[str, Any]) -> set[str]:
    """What the record speaks of and the actor was recused on: dossiers, and points' subjects, by id."""
    dossiers = [UUID(one["application"]) for one in record["decisions"]]
    subjects = [UUID(one["subject"]) for one in record["agenda"] if one["subject"]]
    if tx.actor.is_system or not (dossiers or subjects):
        return set()
    asked = select(Application.id).where(Application.id.in_(dossiers), ~untied(tx.actor, Application.id))
    found = set(tx.session.scalars(asked)) if dossiers else set()
    return {str(one) for one in found | hooks.hidden_subjects(tx, subjects)}


def redacted(record: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """The record without what is hidden: neither title, holder, votes, reasons nor amount."""
    files = {one["number"] for one in record["decisions"] if one["application"] in hidden}
    items = {one["id"] for one in record["agenda"] if one["subject"] in hidden}

    def of_motion(motion: dict[str, Any]) -> dict[str, Any]:
        about = set(motion["files"])
        covered = about & files or motion["item"] in items
        return {"number": motion["number"], "hidden": True} if covered else motion

    return record | {
        "agenda": [
            {"number": one["number"], "kind": one["kind"], "hidden": True} if one["id"] in items else one
            for one in record["agenda"]
        ],
        "motions": [of_motion(one) for one in record["motions"]],
        "decisions": [one for one in record["decisions"] if one["application"] not in hidden],
        "hidden_files": len(files),
    }
