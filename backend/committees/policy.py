"""Composition is public; sessions are read by members, the province's officers and the overseers."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from backend.core.actor import Actor
from backend.core.policy import rule
from backend.people.models import Person, Role
from backend.people.policy import OVERSEERS, anyone, has_role, in_province, is_self

from .dialogue import policy as dialogue  # noqa: F401 (its rules are declared with these)
from .models import (
    Ballot,
    Committee,
    CommitteeSession,
    Composition,
    Minutes,
    Motion,
    Procedure,
    Seat,
    Signature,
)

RUNNERS = (Role.OFFICER, Role.CHAIR)


def _may_compose(a: Actor) -> ColumnElement[bool]:
    """Officers of the province, and administrators, record committees."""
    return or_(in_province(a, Role.OFFICER, Committee.province_code), has_role(a, Role.ADMINISTRATOR))


def _of_composed(a: Actor, column: Any) -> ColumnElement[bool]:
    composed: ColumnElement[bool] = column.in_(select(Committee.id).where(_may_compose(a)))
    return composed


def _seated_by(a: Actor) -> Any:
    """Who holds a seat of a committee that she composes."""
    return select(Seat.person_id).where(_of_composed(a, Seat.committee_id))


def _sits(a: Actor, committee: Any) -> ColumnElement[bool]:
    """She holds or held a seat of the committee."""
    sits: ColumnElement[bool] = committee.in_(select(Seat.committee_id).where(is_self(a, Seat.person_id)))
    return sits


def _attends(a: Actor) -> ColumnElement[bool]:
    return or_(
        in_province(a, RUNNERS, CommitteeSession.province_code),
        has_role(a, *OVERSEERS),
        _sits(a, CommitteeSession.committee_id),
    )


def _sits_at_motion(a: Actor) -> ColumnElement[bool]:
    hers = select(CommitteeSession.id).where(_sits(a, CommitteeSession.committee_id))
    return Motion.session_id.in_(hers)


rule("committee.read", Committee, anyone)
rule("committee.create", Committee, _may_compose)
rule("committee.edit", Committee, _may_compose)
rule("committee.convene", Committee, lambda a: in_province(a, RUNNERS, Committee.province_code))
rule("seat.read", Seat, anyone)
rule("seat.create", Seat, lambda a: _of_composed(a, Seat.committee_id))
rule("person.seat", Person, lambda a: Person.id.in_(_seated_by(a)))  # a member without an account
rule("seat.end", Seat, lambda a: _of_composed(a, Seat.committee_id))
rule(  # a member's sex and year of birth
    "seat.private",
    Seat,
    lambda a: or_(_of_composed(a, Seat.committee_id), has_role(a, *OVERSEERS)),
)
rule("composition.read", Composition, anyone)
rule("composition.create", Composition, lambda a: _of_composed(a, Composition.committee_id))
rule("procedure.read", Procedure, anyone)
rule("procedure.create", Procedure, lambda a: _of_composed(a, Procedure.committee_id))

rule("session.read", CommitteeSession, _attends)
rule("session.run", CommitteeSession, lambda a: in_province(a, RUNNERS, CommitteeSession.province_code))
rule("motion.read", Motion, lambda a: Motion.session_id.in_(select(CommitteeSession.id).where(_attends(a))))
rule("motion.run", Motion, lambda a: in_province(a, RUNNERS, Motion.province_code))
rule("motion.vote", Motion, lambda a: or_(in_province(a, RUNNERS, Motion.province_code), _sits_at_motion(a)))


def _votes_with(a: Actor) -> ColumnElement[bool]:
    """The vote is hers: of her seat, or cast by her as the seat's alternate or proxy."""
    hers = select(Seat.id).where(is_self(a, Seat.person_id))
    return or_(
        and_(Ballot.by_seat_id.is_(None), Ballot.seat_id.in_(hers)),
        Ballot.by_seat_id.in_(hers),
    )


def _notes_votes(a: Actor) -> ColumnElement[bool]:
    """She runs the session, and the ballot is not secret: that one, nobody casts for another."""
    open_ones = select(Motion.id).where(
        in_province(a, RUNNERS, Motion.province_code), Motion.secret.is_(False)
    )
    return Ballot.motion_id.in_(open_ones)


rule("ballot.cast", Ballot, lambda a: or_(_votes_with(a), _notes_votes(a)))


def _minuted(a: Actor) -> ColumnElement[bool]:
    return Minutes.session_id.in_(select(CommitteeSession.id).where(_attends(a)))


def _signs(a: Actor) -> ColumnElement[bool]:
    """She keeps the minutes, or holds a seat of the committee; the command asks whether she was there."""
    hers = select(CommitteeSession.id).where(_sits(a, CommitteeSession.committee_id))
    return or_(in_province(a, RUNNERS, Minutes.province_code), Minutes.session_id.in_(hers))


rule("minutes.read", Minutes, _minuted)
rule("minutes.check", Minutes, anyone)  # that they are ours, never what they say
rule("minutes.issue", Minutes, lambda a: in_province(a, RUNNERS, Minutes.province_code))
rule("minutes.sign", Minutes, _signs)
rule("signature.create", Signature, lambda a: is_self(a, Signature.person_id))
