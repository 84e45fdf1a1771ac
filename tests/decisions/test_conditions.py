"""Grants under conditions: decided in session, answered by the holder, confirmed by an officer, in time."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from backend.calls.models import Call
from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.ladders import BATCH, ReminderState, settle
from backend.core.tx import transaction
from backend.decisions import commands, letters
from backend.decisions.conditions import following, reading
from backend.decisions.conditions.ladder import LADDER
from backend.decisions.conditions.terms import Terms
from backend.decisions.lifecycle import committed_centimes
from backend.decisions.models import (
    ConditionReminder,
    ConditionState,
    Decision,
    DecisionOutcome,
    DecisionState,
    Letter,
    LetterKind,
)
from backend.funding import commands as funding
from backend.notifications.models import Message
from backend.ops.check import INVARIANTS
from backend.ops.check_conditions import INVARIANTS as OURS
from tests.decisions import conditions_given as given
from tests.decisions import given as decisions

AWAITED, ANSWERED = ConditionState.AWAITED, ConditionState.ANSWERED
LACKING, MET = ConditionState.LACKING, ConditionState.MET


def refused(code: str, field: str = "") -> Any:
    def same(problem: Problem) -> bool:
        fields = [(one.field.split(".")[0], one.code) for one in problem.errors]
        return problem.code == code or (field, code) in fields

    return pytest.raises(Problem, check=same)


def answer(world: Any, condition: Any, words: str = "Le bail est signé.") -> None:
    with transaction(world.holder) as tx:
        following.answer(tx, condition.id, words)


def confirm(world: Any, condition: Any, seen: str = "") -> None:
    with transaction(world.officer) as tx:
        following.confirm(tx, condition.id, seen)


def passed(decision: Decision, days: int = 1, released: int = 30) -> None:
    """Its last day was so many days ago, and its letter left so many days before today."""
    last = given.today() - timedelta(days=days)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Decision).where(Decision.id == decision.id).values(conditions_due_on=last))
        tx.session.execute(
            update(Letter)
            .where(Letter.decision_id == decision.id)
            .values(released_at=tx.now - timedelta(days=released))
        )


def swept() -> int:
    with transaction(SYSTEM) as tx:
        return following.lapse_missed(tx)


def broken() -> list[str]:
    """The invariants of conditions, and those of grants, that do not hold."""
    ours = {one.name for one in OURS} | {"envelope", "convention-of-a-decision"}
    with transaction(SYSTEM) as tx:
        return [
            one.name
            for one in INVARIANTS
            if one.name in ours and tx.session.execute(text(one.broken)).first() is not None
        ]


# -- in session ------------------------------------------------------------------------------------------


def test_the_money_is_committed_with_the_motion_and_granted_when_all_is_met(world: Any) -> None:
    decision = given.told(world)
    with transaction(SYSTEM) as tx:
        call = tx.session.get_one(Call, world.call)
        assert committed_centimes(tx, call, DecisionState.ADOPTED) == 20_000_000
    first, second = given.rows(decision)
    answer(world, first)
    confirm(world, first)
    with refused("not_funded"), transaction(world.officer) as tx:
        funding.prepare(tx, decision.application_id)
    answer(world, second)
    confirm(world, second)
    assert given.again(decision.id).conditions_met_at
    assert broken() == []
    with transaction(world.officer) as tx:
        assert funding.prepare(tx, decision.application_id).amount_centimes == 20_000_000
    assert broken() == []


@pytest.mark.parametrize(
    ("terms", "field", "code"),
    [
        (lambda: None, "conditions", "condition_none"),
        (lambda: Terms((given.ONE,) * 6, given.terms().due_on), "conditions", "condition_many"),
        (lambda: Terms(({"fr": "Oui.", "ar": " \u202e "},), given.terms().due_on), "condition", "missing"),
        (lambda: Terms((given.ONE,), None), "due_on", "condition_due"),
        (lambda: given.terms(0), "due_on", "condition_due"),
        (lambda: given.terms(400), "due_on", "condition_due"),
    ],
)
def test_conditions_are_said_in_both_languages_with_a_day_within_a_year(
    world: Any, terms: Any, field: str, code: str
) -> None:
    decisions.proposed(world, 3)
    hers = given.of_tifaout(world)
    change = commands.Change(DecisionOutcome.CONDITIONAL, 20_000_000, terms())
    with refused(code, field), transaction(world.officer) as tx:
        commands.deviate(tx, world.session, world.call, {hers.id: change}, given.BECAUSE)


def test_caps_and_envelope_hold_as_for_a_grant_without_conditions(world: Any) -> None:
    decisions.proposed(world, 3)
    hers = given.of_tifaout(world)
    for amount, code in ((0, "deviation_amount"), (10**12, "above_asked")):
        change = commands.Change(DecisionOutcome.CONDITIONAL, amount, given.terms())
        with refused(code, "amount"), transaction(world.officer) as tx:
            commands.deviate(tx, world.session, world.call, {hers.id: change}, given.BECAUSE)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Decision).where(Decision.id == hers.id).values(amount_centimes=10_000_000))
        call = tx.session.get_one(Call, world.call)
        taken = committed_centimes(tx, call, DecisionState.PROPOSED)
        tx.session.execute(update(Call).where(Call.id == call.id).values(envelope_centimes=taken))
    change = commands.Change(DecisionOutcome.CONDITIONAL, 20_000_000, given.terms())
    with refused("envelope_exceeded"), transaction(world.officer) as tx:
        commands.deviate(tx, world.session, world.call, {hers.id: change}, given.BECAUSE)


# -- from the letter on ----------------------------------------------------------------------------------


def test_nobody_answers_before_the_letter_and_others_never_see(world: Any) -> None:
    decision = given.adopted(world)
    jobs.drain()
    with refused("not_found"), transaction(world.holder) as tx:
        reading.followed(tx, decision.application_id)
    decisions.released(world)
    jobs.drain()
    jobs.drain()
    first, _ = given.rows(decision)
    with transaction(world.holder) as tx:
        seen = reading.followed(tx, decision.application_id)
        assert [one.words for one in seen.items] == [given.ONE, given.TWO]
    for name in ("rival", "stranger", "evaluator"):
        with refused("not_found"), transaction(getattr(world, name)) as tx:
            following.answer(tx, first.id, "Pas le mien.")
    for name, code in (("chair", "forbidden"), ("auditor", "forbidden"), ("holder", "forbidden")):
        with refused(code), transaction(getattr(world, name)) as tx:
            following.confirm(tx, first.id, "Vu.")


def test_an_answer_is_completed_until_it_is_confirmed_and_comes_back_with_what_lacks(world: Any) -> None:
    decision = given.told(world)
    first, second = given.rows(decision)
    with refused("missing", "words"), transaction(world.holder) as tx:
        following.answer(tx, first.id, "  ")
    answer(world, first, "Le bail est en cours.")
    answer(world, first, "Le bail est signé.")
    with refused("version_conflict"), transaction(world.officer) as tx:
        following.confirm(tx, first.id, version=first.version)  # she changed it meanwhile
    with transaction(world.officer) as tx:
        following.send_back(tx, first.id, given.LACKS)
    back = given.rows(decision)[0]
    assert (back.state, back.lacks, back.answer) == (LACKING, given.LACKS, "Le bail est signé.")
    answer(world, first)
    confirm(world, first)
    with refused("wrong_state"), transaction(world.holder) as tx:
        following.answer(tx, first.id, "Encore.")
    with refused("missing", "seen"), transaction(world.officer) as tx:
        following.confirm(tx, second.id)  # nothing was sent: she says what she saw
    confirm(world, second, "L’original montré au guichet.")
    assert [one.state for one in given.rows(decision)] == [MET, MET]
    jobs.drain()
    with transaction(SYSTEM) as tx:
        sent = set(tx.session.scalars(select(Message.template)))
    assert {"condition.to_confirm", "condition.lacking", "decision.conditions_met"} <= sent


def test_an_officer_tied_to_the_holder_confirms_nothing(world: Any) -> None:
    from backend.people.models import Interest

    decision = given.told(world)
    first, _ = given.rows(decision)
    answer(world, first)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tie = Interest(
            person_id=world.officer.id, organisation_id=world.tifaout, reason="Sa sœur.", declared_at=tx.now
        )
        tx.session.add(tie)
    with refused("not_found"), transaction(world.officer) as tx:
        following.confirm(tx, first.id)


# -- the clock -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "days", "released", "lapses"),
    [
        (0, 1, 30, 1),  # nothing came
        (1, 1, 30, 1),  # one is still owed
        (2, 1, 30, 0),  # all waits for the officer
        (0, 0, 30, 0),  # the last day counts whole
        (0, 5, 2, 0),  # her letter left after the date
    ],
)
def test_what_was_missed_lapses_once_and_what_waits_for_the_officer_stands(
    world: Any, answered: int, days: int, released: int, lapses: int
) -> None:
    decision = given.told(world)
    for row in given.rows(decision)[:answered]:
        answer(world, row)
    passed(decision, days, released)
    assert swept() == lapses
    assert swept() == 0
    now = given.again(decision.id)
    assert (now.state is DecisionState.LAPSED) == bool(lapses)
    assert now.ended_because == ("conditions_missed" if lapses else None)
    assert broken() == []
    if lapses:
        jobs.drain()
        with transaction(SYSTEM) as tx:
            kinds = tx.session.scalars(select(Letter.kind).where(Letter.decision_id == decision.id)).all()
            assert LetterKind.LAPSED in kinds
        with refused("condition_late"), transaction(world.holder) as tx:
            following.answer(tx, given.rows(decision)[0].id, "Trop tard.")
        with transaction(world.holder) as tx:  # she is told by the letter, not by the page
            assert not reading.followed(tx, decision.application_id).ended


def test_a_lapse_is_noticed_by_the_check_when_the_clock_stood_still(world: Any) -> None:
    decision = given.told(world)
    passed(decision, 3)
    assert broken() == ["conditions-in-time"]


def remind(decision: Decision) -> list[tuple[str, ReminderState]]:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(ConditionReminder).values(due_at=tx.now - timedelta(minutes=1)))
        settle(tx, LADDER, BATCH)
    with transaction(SYSTEM) as tx:
        asked = select(ConditionReminder.audience, ConditionReminder.state).where(
            ConditionReminder.decision_id == decision.id
        )
        found = tx.session.execute(asked.order_by(ConditionReminder.offset_days))
        return [(audience.value, state) for audience, state in found]


def test_who_has_answered_is_not_reminded_and_the_officers_are_told(world: Any) -> None:
    decision = given.told(world)
    for row in given.rows(decision):
        answer(world, row)
    found = remind(decision)
    assert ("holder", ReminderState.SENT) not in found
    assert ("officer", ReminderState.SENT) in found
    jobs.drain()
    with transaction(SYSTEM) as tx:
        sent = set(tx.session.scalars(select(Message.template)))
    assert "condition.reminder.officer" in sent
    assert not {"condition.reminder.before", "condition.reminder.on"} & sent


def test_who_owes_an_answer_is_reminded_once(world: Any) -> None:
    decision = given.told(world)
    found = remind(decision)
    assert [state for audience, state in found if audience == "holder"].count(ReminderState.SENT) == 1
    jobs.drain()
    with transaction(SYSTEM) as tx:
        assert "condition.reminder.before" in set(tx.session.scalars(select(Message.template)))


def test_the_date_is_put_off_once_with_its_reason_and_the_committee_s_date_stays(world: Any) -> None:
    decision = given.told(world)
    first = decision.conditions_due_on
    assert first
    for day in (first, first + timedelta(days=400), None):
        with refused("condition_due", "due_on"), transaction(world.officer) as tx:
            following.extend(tx, decision.id, day, given.LACKS)
    later = first + timedelta(days=30)
    with transaction(world.officer) as tx:
        following.extend(tx, decision.id, later, given.LACKS)
    now = given.again(decision.id)
    assert (now.conditions_due_on, now.conditions_until) == (first, later)
    with refused("conditions_extended"), transaction(world.officer) as tx:
        following.extend(tx, decision.id, later + timedelta(days=1), given.LACKS)
    passed(decision, 1)
    assert swept() == 0


def test_the_letter_of_a_missed_condition_says_why(world: Any) -> None:
    decision = given.told(world)
    passed(decision)
    swept()
    jobs.drain()
    with transaction(world.officer) as tx:
        released = letters.release(tx, world.call)
        assert [one.content["ended_because"] for one in released] == ["conditions_missed"]
    with transaction(world.holder) as tx:
        assert reading.followed(tx, decision.application_id).ended


def test_an_appeal_is_upheld_under_conditions(world: Any) -> None:
    from backend.committees import commands as committees
    from backend.committees.models import BallotChoice
    from backend.decisions.appeals import settling
    from tests.decisions import appeals_given as appeals

    appeal = appeals.scheduled(world)
    with refused("condition_none", "conditions"), transaction(world.officer) as tx:
        settling.put(tx, appeal.id, DecisionOutcome.CONDITIONAL, 20_000_000)
    terms = given.terms()
    with transaction(world.officer) as tx:
        motion = settling.put(tx, appeal.id, DecisionOutcome.CONDITIONAL, 20_000_000, terms=terms)
        assert given.TWO["ar"] in motion.text["ar"]
        key = motion.id
    with transaction(world.officer) as tx:
        for name in ("chair", "evaluator", "second"):
            committees.cast(tx, key, world.seats[name], BallotChoice.FOR)
        committees.close_motion(tx, key)
    with transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, appeals.ANSWER)
    made = appeals.standing(world, appeal)
    assert (made.outcome, made.amount_centimes) == (DecisionOutcome.CONDITIONAL, 20_000_000)
    assert (made.conditions, made.conditions_due_on) == ([given.ONE, given.TWO], terms.due_on)


def test_an_amount_replaced_moves_nothing_that_the_holder_reads_before_its_letter(
    world: Any, client: Any
) -> None:
    """Her conditions follow the new decision, of which neither ids nor pages speak yet; she still answers."""
    from backend.committees import commands as committees
    from backend.committees.models import BallotChoice
    from backend.decisions.appeals import filing, settling, studying
    from tests.committees import given as sittings

    decision = given.told(world, count=1)
    more = decision.amount_centimes + 1_000_000
    with transaction(world.holder) as tx:
        appeal = filing.file_appeal(tx, decision.id, "Le devis est de plus.").id
    later = sittings.open_session(world).id
    for act in (
        lambda tx: studying.assign(tx, appeal, world.officer.id),
        lambda tx: studying.report(tx, appeal, "Le devis est exact."),
        lambda tx: settling.schedule(tx, appeal, later),
    ):
        with transaction(world.officer) as tx:
            act(tx)
    with transaction(world.officer) as tx:
        motion = settling.put(tx, appeal, DecisionOutcome.CONDITIONAL, more).id
        for name in ("chair", "evaluator", "second"):
            committees.cast(tx, motion, world.seats[name], BallotChoice.FOR)
        committees.close_motion(tx, motion)
    api, here = "/api/v1", f"/applications/{decision.application_id}"
    hers = [f"{api}/conditions", f"{api}/decisions/{decision.id}/conditions"]
    hers += [
        f"{api}/decisions/{decision.id}",
        f"{api}/decisions?state=adopted",
        f"{api}/decisions?state=replaced",
    ]
    pages = [f"{here}/conditions", f"{here}/decision"]

    def read() -> list[str]:
        holder = client("holder")
        return [holder.get(path).text for path in hers] + [
            holder.get(path).text.split("<main")[1].split("Recours")[0] for path in pages
        ]

    before = read()
    with transaction(world.officer) as tx:
        settling.settle(tx, appeal, {"fr": "Oui.", "ar": "نعم."})
    jobs.drain()
    assert read() == before
    (row,) = given.rows(given.of_tifaout(world))
    assert row.decision_id != decision.id
    answer(world, row)
    confirm(world, row)
    jobs.drain()
    with transaction(SYSTEM) as tx:
        told = select(Message.params).where(Message.template == "decision.conditions_met")
        assert {one["amount_centimes"] for one in tx.session.scalars(told)} == {decision.amount_centimes}
    decisions.released(world)
    assert client("holder").get(hers[1]).json()["items"][0]["decision_id"] == str(row.decision_id)
