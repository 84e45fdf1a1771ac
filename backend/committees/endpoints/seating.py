"""Composition over JSON: the order and its file, seats, versions of rules, the report of a day."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from ...core.calendar import local
from ...core.errors import FORBIDDEN
from ...core.shapes import In, Out
from ...core.tx import Tx, transaction
from ...files.models import StoredFile
from ...people.models import Sex
from ...web.deps import AnyActor, CurrentActor, OncePerKey
from .. import commands, orders, queries, seated, seating_words
from ..composition import CompositionIn, Verdict
from ..models import Breach, Committee, Seat
from ..schemas import CommitteeOut, OrderIn, SeatCorrectIn, SeatOut, SeatRenewIn

router = APIRouter(prefix="/committees/{committee_id}")


class OrderFileIn(In):
    """A file of hers that was sent (`/uploads`)."""

    file_id: UUID


class PrivateSeatOut(SeatOut):
    """A seat as the officers of the province and the overseers read it."""

    sex: Sex | None
    birth_year: int | None


class CompositionOut(Out):
    id: UUID
    number: int
    effective_on: date
    breach: Breach
    rules: dict[str, Any]


class FindingOut(BaseModel):
    """A rule with its figures, in the words of a reader too."""

    code: str
    college: str | None
    verdict: Verdict
    found: int
    needed: int
    total: int
    gap: int
    unknown: int
    words: dict[str, str]
    mend: dict[str, str]


class ReportOut(BaseModel):
    """The composition of a day under the rules in force that day; no verdict where none were."""

    on: date
    version: int | None
    verdict: Verdict | None
    findings: list[FindingOut]


def private(seat: Seat, person: str) -> PrivateSeatOut:
    plain = {name: getattr(seat, name) for name in PrivateSeatOut.model_fields if name != "person"}
    return PrivateSeatOut(**plain, person=person)


@router.put("")
def correct_committee(committee_id: UUID, body: OrderIn, actor: CurrentActor) -> CommitteeOut:
    """Mend what was mistyped of the order; the trail keeps what it was."""
    with transaction(actor) as tx:
        return CommitteeOut.model_validate(commands.correct_committee(tx, committee_id, body))


@router.post("/order")
def attach_committee_order(committee_id: UUID, body: OrderFileIn, actor: CurrentActor) -> CommitteeOut:
    """Attach the signed order, a PDF or a photo that she sent before."""
    with transaction(actor) as tx:
        file = tx.get(StoredFile, body.file_id, "file.read")
        return CommitteeOut.model_validate(orders.attach_order(tx, committee_id, file))


@router.get("/seats")
def list_committee_seats(committee_id: UUID, actor: CurrentActor) -> list[PrivateSeatOut]:
    """Every mandate with sex and year of birth, for those who may read them; 403 for others."""
    with transaction(actor) as tx:
        tx.get(Committee, committee_id, "committee.read")
        every = queries.every_seat(tx, committee_id)
        if every and not tx.may(["seat.private"], every[0].seat)["seat.private"]:
            raise FORBIDDEN(rule="seat.private")
        if not every:
            tx.get(Committee, committee_id, "committee.edit")
            tx.recorded = True
        return [private(one.seat, one.person) for one in every]


@router.post("/seats/{seat_id}/renew", status_code=201)
def renew_committee_seat(
    committee_id: UUID, seat_id: UUID, body: SeatRenewIn, actor: CurrentActor, once: OncePerKey
) -> PrivateSeatOut:
    """Another mandate for the same member, after the end of this one."""
    with transaction(actor) as tx:

        def make() -> PrivateSeatOut:
            made = commands.renew_seat(tx, committee_id, seat_id, body.from_on, body.until_on)
            return _one(tx, committee_id, made.id)

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.patch("/seats/{seat_id}")
def correct_committee_seat(
    committee_id: UUID, seat_id: UUID, body: SeatCorrectIn, actor: CurrentActor
) -> PrivateSeatOut:
    """Mend what was mistyped, or say what is learnt later."""
    with transaction(actor) as tx:
        commands.correct_seat(tx, committee_id, seat_id, body)
        return _one(tx, committee_id, seat_id)


@router.get("/compositions")
def list_committee_compositions(committee_id: UUID, actor: AnyActor) -> list[CompositionOut]:
    """Versions of the rules of composition, the latest first."""
    with transaction(actor) as tx:
        tx.get(Committee, committee_id, "committee.read")
        return [CompositionOut.model_validate(one) for one in seated.compositions(tx, committee_id)]


@router.post("/compositions", status_code=201)
def set_committee_composition(
    committee_id: UUID, body: CompositionIn, actor: CurrentActor, once: OncePerKey
) -> CompositionOut:
    """A new version of the rules of composition, in force from a day."""
    with transaction(actor) as tx:

        def make() -> CompositionOut:
            made = commands.set_composition(tx, committee_id, body.effective_on, body.rules, body.breach)
            return CompositionOut.model_validate(made)

        return once(tx, body, make)  # type: ignore[no-any-return]


@router.get("/report")
def get_committee_report(committee_id: UUID, actor: AnyActor, on: date | None = None) -> ReportOut:
    """Whether the seats of a day answer the rules then in force; today unless told."""
    with transaction(actor) as tx:
        tx.get(Committee, committee_id, "committee.read")
        day = on or local(tx.now).date()
        version = seated.composition_on(tx, committee_id, day)
        found = seated.report_on(tx, committee_id, day)
        if version is None or found is None:
            return ReportOut(on=day, version=None, verdict=None, findings=[])
        return ReportOut(
            on=day,
            version=version.number,
            verdict=found[0].verdict,
            findings=[
                FindingOut(
                    **{name: getattr(line, name) for name in FindingOut.model_fields if hasattr(line, name)},
                    words={lang: seating_words.rule(lang, line) for lang in ("fr", "ar")},
                    mend={lang: seating_words.mend(lang, line) for lang in ("fr", "ar")},
                )
                for line in found[0].lines
            ],
        )


def _one(tx: Tx, committee_id: UUID, seat_id: UUID) -> PrivateSeatOut:
    tx.session.flush()
    (found,) = (one for one in queries.every_seat(tx, committee_id) if one.seat.id == seat_id)
    return private(found.seat, found.person)
