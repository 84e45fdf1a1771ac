"""The canonical record of a session: plain JSON made of its rows and of nothing else.

Amounts are integer centimes, instants ISO 8601 in UTC, words of the staff `{"fr", "ar"}`, everything else a
code that either language writes in its own words. The same rows give the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...applications.models import Application
from ...calls.models import Call
from ...committees import queries as sittings
from ...committees.models import (
    AgreedAction,
    Ballot,
    Committee,
    CommitteeSession,
    Motion,
    Presence,
    Procedure,
    Seat,
    SessionState,
)
from ...core.tx import Tx
from ...people.models import Person
from ..models import Decision

FORMAT = "indh-minutes-1"
Json = dict[str, Any]
Named = Mapping[UUID, Mapping[str, str]]


def record_of(tx: Tx, session: CommitteeSession) -> Json:
    """Everything that the minutes of a session say, but who issues them, when, and under which seal."""
    tx.session.flush()
    committee = tx.session.get_one(Committee, session.committee_id)
    rules = tx.session.get_one(Procedure, session.procedure_id)
    seats = _seats(tx, session.committee_id)
    motions = tx.session.scalars(
        select(Motion).where(Motion.session_id == session.id).order_by(Motion.number)
    ).all()
    decisions = _decisions(tx, session.id)
    return {
        "format": FORMAT,
        "kind": "lapse" if session.state is SessionState.LAPSED else "minutes",
        "committee": {
            "id": str(committee.id),
            "kind": committee.kind.value,
            "name": dict(committee.name),
            "order_number": committee.order_number,
            "ordered_on": committee.ordered_on.isoformat(),
            "province": committee.province_code,
        },
        "session": _session(tx, session),
        "procedure": _procedure(rules),
        "sittings": _sittings(tx, session, seats),
        "agenda": [_item(item) for item in sittings.agenda(tx, session.id)],
        "motions": _motions(tx, motions, seats, decisions),
        "decisions": [_decision(one, calls, seats) for one, calls in decisions],
        "actions": _actions(tx, session.id),
    }


def _session(tx: Tx, session: CommitteeSession) -> Json:
    first = tx.session.get(CommitteeSession, session.second_of_id) if session.second_of_id else None
    found = sittings.quorum(tx, session)
    return {
        "id": str(session.id),
        "number": session.number,
        "scheduled_at": at(session.scheduled_at),
        "place": session.place,
        "convened_at": at(session.convened_at),
        "late_notice": session.late_notice,
        "second_of": first.number if first else None,
        "opened_at": at(session.opened_at),
        "closed_at": at(session.closed_at),
        "quorum": {"seats": found.seats, "present": found.present, "needed": found.needed},
    }


def _procedure(rules: Procedure) -> Json:
    return {
        "number": rules.number,
        "quorum": [rules.quorum_of, rules.quorum_over],
        "majority": [rules.majority_of, rules.majority_over],
        "casting_vote": rules.casting_vote,
        "notice_days": rules.notice_days,
        "proxies": rules.proxies,
        "proxies_count": rules.proxies_count,
        "secrecy": rules.secrecy.value,
    }


def _seats(tx: Tx, committee_id: UUID) -> dict[UUID, Json]:
    """Every seat that the committee ever had, named as the order names it."""
    rows = tx.session.execute(
        select(Seat, Person.name)
        .join(Person, Person.id == Seat.person_id)
        .where(Seat.committee_id == committee_id)
    )
    return {
        seat.id: {
            "name": dict(seat.name or {"fr": name, "ar": name}),
            "body": dict(seat.body),
            "chairs": seat.chairs,
            "votes": seat.votes,
            "position": seat.position,
        }
        for seat, name in rows
    }


def _sittings(tx: Tx, session: CommitteeSession, seats: Mapping[UUID, Json]) -> list[Json]:
    """Each sitting with its roll: those before an adjournment as they were kept, then the last one."""
    found = [
        {
            "opened_at": one["opened_at"] and at(datetime.fromisoformat(one["opened_at"])),
            "ended_at": at(datetime.fromisoformat(one["adjourned_at"])),
            "roll": _ordered(_called(seats, UUID(row["seat"]), row) for row in one["roll"]),
        }
        for one in session.earlier
    ]
    roll = sittings.roll(tx, session)
    if session.earlier and all(one.noted is None for one in roll):
        return found  # closed without being resumed
    last = [
        _called(
            seats,
            one.seat.id,
            {
                "presence": one.presence.value if one.presence else Presence.ABSENT.value,
                "stand_in": str(one.noted.stand_in_id) if one.noted and one.noted.stand_in_id else None,
                "arrived_at": one.noted.arrived_at.isoformat()
                if one.noted and one.noted.arrived_at
                else None,
                "left_at": one.noted.left_at.isoformat() if one.noted and one.noted.left_at else None,
            },
        )
        for one in roll
    ]
    began = session.resumes_at if session.earlier else session.opened_at
    return [*found, {"opened_at": at(began), "ended_at": at(session.closed_at), "roll": _ordered(last)}]


def _called(seats: Mapping[UUID, Json], seat: UUID, row: Mapping[str, Any]) -> Json:
    stand_in = row["stand_in"]
    return {
        "seat": str(seat),
        **{key: seats[seat][key] for key in ("name", "body", "chairs", "votes", "position")},
        "presence": row["presence"],
        "stand_in": seats[UUID(stand_in)]["name"] if stand_in else None,
        "arrived_at": row["arrived_at"] and at(datetime.fromisoformat(row["arrived_at"])),
        "left_at": row["left_at"] and at(datetime.fromisoformat(row["left_at"])),
    }


def _ordered(rows: Iterable[Json]) -> list[Json]:
    return sorted(rows, key=lambda row: (row["position"], row["seat"]))


def _item(item: Any) -> Json:
    return {
        "id": str(item.id),
        "number": item.position + 1,
        "kind": item.kind.value,
        "title": dict(item.title),
        "subject": str(item.subject_id) if item.subject_id else None,
        "starts_at": at(item.starts_at),
        "added": item.added,
        "taken_at": at(item.taken_at),
        "done_at": at(item.done_at),
        "notes": item.notes,
    }


def _motions(
    tx: Tx,
    motions: Sequence[Motion],
    seats: Mapping[UUID, Json],
    decisions: Sequence[tuple[Decision, Call]],
) -> list[Json]:
    cast = tx.session.scalars(select(Ballot).where(Ballot.motion_id.in_([one.id for one in motions]))).all()
    about: dict[UUID | None, list[str]] = {}
    for decision, _ in decisions:
        about.setdefault(decision.motion_id, []).append(decision.application.number)
    return [
        {
            "id": str(motion.id),
            "number": motion.number,
            "kind": motion.kind.value,
            "text": dict(motion.text),
            "reason": motion.reason,
            "secret": motion.secret,
            "item": str(motion.item_id) if motion.item_id else None,
            "state": motion.state.value,
            "opened_at": at(motion.opened_at),
            "closed_at": at(motion.closed_at),
            "result": {k: v for k, v in (motion.result or {}).items() if k != "recused"} or None,
            "recused": [_name(seats, seat) for seat in (motion.result or {}).get("recused", [])],
            "ballots": _ballots([one for one in cast if one.motion_id == motion.id], seats),
            "files": sorted(about.get(motion.id, [])),
        }
        for motion in motions
    ]


def _ballots(cast: Sequence[Ballot], seats: Mapping[UUID, Json]) -> list[Json]:
    """By the order of the seats, never that in which they voted."""
    rows = sorted(cast, key=lambda one: (seats[one.seat_id]["position"], str(one.seat_id)))
    return [
        {
            "name": seats[one.seat_id]["name"],
            "choice": one.choice.value if one.choice else None,
            "by": seats[one.by_seat_id]["name"] if one.by_seat_id else None,
            "dissent": one.dissent,
        }
        for one in rows
    ]


def _name(seats: Mapping[UUID, Json], seat: str) -> Json:
    name: Json = seats[UUID(seat)]["name"]
    return name


def _decisions(tx: Tx, session_id: UUID) -> list[tuple[Decision, Call]]:
    asked = (
        select(Decision, Call)
        .join(Call, Call.id == Decision.call_id)
        .where(Decision.session_id == session_id)
        .options(joinedload(Decision.application).joinedload(Application.organisation))
        .order_by(Call.code, Decision.rank, Decision.id)
    )
    return [(row[0], row[1]) for row in tx.session.execute(asked)]


def _decision(decision: Decision, call: Call, seats: Mapping[UUID, Json]) -> Json:
    application = decision.application
    return {
        "id": str(decision.id),
        "application": str(application.id),
        "number": application.number,
        "title": application.title,
        "holder": dict(application.organisation.name),
        "call": {"id": str(call.id), "title": dict(call.title), "envelope_centimes": call.envelope_centimes},
        "state": decision.state.value,
        "outcome": decision.outcome.value,
        "rank": decision.rank,
        "score_hundredths": decision.score_hundredths,
        "amount_centimes": decision.amount_centimes,
        "reasons": list(decision.reasons),
        "deviates": decision.deviates,
        "conditions": list(decision.conditions),
        "conditions_due_on": decision.conditions_due_on.isoformat() if decision.conditions_due_on else None,
        "waiting_order": decision.waiting_order,
        "recused": [_name(seats, seat) for seat in decision.recused_seats],
        "motion": str(decision.motion_id) if decision.motion_id else None,
    }


def _actions(tx: Tx, session_id: UUID) -> list[Json]:
    rows = tx.session.execute(
        select(AgreedAction, Person.name)
        .join(Person, Person.id == AgreedAction.owner_id)
        .where(AgreedAction.session_id == session_id)
        .order_by(AgreedAction.due_on, AgreedAction.id)
    )
    return [
        {"text": dict(action.text), "owner": name, "due_on": action.due_on.isoformat()}
        for action, name in rows
    ]


def at(moment: datetime | None) -> str | None:
    """An instant as the record writes it; two microseconds apart are two instants."""
    return moment.astimezone(UTC).isoformat() if moment else None
