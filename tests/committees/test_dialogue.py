"""Consultations and agreed actions: who reads what and when, the hours, the reminders, the pages."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.committees import jobs
from backend.committees.dialogue import actions, consulting, queries
from backend.committees.dialogue.queries import Filter
from backend.committees.dialogue.schemas import ActionIn, ConsultationIn, ContributionIn
from backend.committees.models import ActionReminder, ActionState, ConsultationState
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.ladders import ReminderState, due_at
from backend.core.tx import transaction
from tests.committees import given

HTML = {"accept": "text/html"}
NOW = datetime.now(UTC)
AFTER = NOW + timedelta(days=11)
WORDS = {"fr": "Le lieu du marché", "ar": "مكان السوق"}
ASKED = {
    "question": WORDS,
    "context": {"fr": "Deux lieux.\nUn choix.", "ar": "مكانان.\nاختيار واحد."},
    "opens_at": NOW - timedelta(hours=1),
    "closes_at": NOW + timedelta(days=10),
}


def consultation(world: Any, **more: Any) -> UUID:
    with transaction(world.officer) as tx:
        return consulting.create_consultation(tx, world.committee, ConsultationIn(**ASKED | more)).id


def opened(world: Any, **more: Any) -> UUID:
    made = consultation(world, **more)
    with transaction(world.officer) as tx:
        consulting.publish_consultation(tx, made)
    return made


def say(world: Any, name: str, one: UUID, text: str = "Au centre", *, shared: bool = False) -> Any:
    asked = ContributionIn(body=f"Corps de {name}", text=text, shared=shared)
    with transaction(world.people[name]) as tx:
        return consulting.contribute(tx, one, asked)


def refusal(act: Any, actor: Any) -> Problem:
    with pytest.raises(Problem) as found, transaction(actor) as tx:
        act(tx)
    return found.value


def readers(world: Any, one: UUID) -> dict[str, list[str]]:
    found = {}
    for name in ("holder", "rival", "evaluator", "officer", "stranger", "auditor"):
        with transaction(world.people[name]) as tx:
            found[name] = [one.body for one in queries.contributions(tx, one)]
    return found


def test_a_draft_is_nobody_elses(world: Any) -> None:
    made = consultation(world)
    for name, seen in (("officer", 1), ("chair", 1), ("auditor", 1), ("holder", 0), ("stranger", 0)):
        with transaction(world.people[name]) as tx:
            assert len(queries.consultations(tx).items) == seen
    for name, status in (("evaluator", 404), ("stranger", 404), ("auditor", 403)):
        publish = consulting.publish_consultation
        assert refusal(lambda tx, act=publish: act(tx, made), world.people[name]).status == status
    assert (
        refusal(
            lambda tx: consulting.contribute(tx, made, ContributionIn(body="x", text="y")), world.holder
        ).status
        == 404
    )


def test_who_reads_what_and_when(world: Any) -> None:
    one = opened(world)
    said = say(world, "holder", one, shared=True)
    assert said.standing == "holder"
    assert say(world, "rival", one).standing == "holder"
    assert say(world, "stranger", one).standing == "public"
    assert say(world, "evaluator", one).standing == "member"
    everything = ["Corps de holder", "Corps de rival", "Corps de stranger", "Corps de evaluator"]
    while_open = readers(world, one)
    assert while_open["evaluator"] == while_open["officer"] == while_open["auditor"] == everything
    assert while_open["holder"] == ["Corps de holder"]
    assert while_open["stranger"] == ["Corps de stranger"]
    with arriving(at=AFTER), transaction(SYSTEM) as tx:
        assert consulting.close_those_over(tx) == 1
        assert consulting.close_those_over(tx) == 0
    closed = readers(world, one)
    assert closed["rival"] == ["Corps de holder", "Corps de rival"]  # hers, and the one who agreed
    with transaction(world.people["coach"]) as tx:
        assert [found.body for found in queries.contributions(tx, one)] == ["Corps de holder"]


def test_one_answer_a_person_until_the_close(world: Any) -> None:
    one = opened(world)
    first = say(world, "holder", one, "Au nord")
    again = say(world, "holder", one, "Au sud")
    assert (first.id, again.text) == (again.id, "Au sud")
    body = ContributionIn(body="x", text="y")
    old = refusal(lambda tx: consulting.contribute(tx, one, body, version=7), world.holder)
    assert old.status == 412
    with arriving(at=AFTER):
        late = refusal(lambda tx: consulting.contribute(tx, one, body), world.holder)
    assert late.code == "consultation_over"
    early = opened(world, opens_at=NOW + timedelta(days=1))
    assert refusal(lambda tx: consulting.contribute(tx, early, body), world.holder).code == (
        "consultation_not_open"
    )


def test_only_the_end_of_a_published_question_moves(world: Any) -> None:
    one = consultation(world)
    with transaction(world.officer) as tx:
        other = {"fr": "Autre", "ar": "آخر"}
        consulting.edit_consultation(tx, one, ConsultationIn(**ASKED | {"question": other}))
        consulting.edit_consultation(tx, one, ConsultationIn(**ASKED))
        consulting.publish_consultation(tx, one)
    edit = consulting.edit_consultation
    for more in ({"question": WORDS | {"fr": "Autre"}}, {"closes_at": NOW + timedelta(days=5)}):
        asked = ConsultationIn(**ASKED | more)
        assert refusal(lambda tx, said=asked: edit(tx, one, said), world.officer).code == (
            "consultation_published"
        )
    with transaction(world.officer) as tx:
        later = ConsultationIn(**ASKED | {"closes_at": NOW + timedelta(days=20)})
        assert edit(tx, one, later).closes_at == later.closes_at
    past = consultation(world, opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=2))
    assert refusal(lambda tx: consulting.publish_consultation(tx, past), world.officer).code == (
        "consultation_over"
    )


def test_the_synthesis_follows_the_close(world: Any, client: Any) -> None:
    one = opened(world)
    say(world, "holder", one)
    end = consulting.conclude_consultation
    assert refusal(lambda tx: end(tx, one, WORDS), world.officer).code == "consultation_running"
    assert client(None).get(f"/consultations/{one}/synthesis.pdf").status_code == 404
    with arriving(at=AFTER), transaction(world.officer) as tx:
        end(tx, one, WORDS)
    for lang in ("fr", "ar"):
        page = client(None).get(f"/consultations/{one}", params={"lang": lang})
        assert WORDS[lang] in page.text
        paper = client(None).get(f"/consultations/{one}/synthesis.pdf", params={"lang": lang})
        assert paper.content.startswith(b"%PDF")
        again = {"if-none-match": paper.headers["etag"]}
        assert (
            client(None)
            .get(f"/consultations/{one}/synthesis.pdf", params={"lang": lang}, headers=again)
            .status_code
            == 304
        )


def agreed(world: Any, days: int = 30, owner: str = "evaluator") -> UUID:
    one = opened(world)
    asked = ActionIn(
        committee_id=world.committee,
        consultation_id=one,
        text=WORDS,
        owner_id=world.people[owner].id,
        due_on=NOW.date() + timedelta(days=days),
    )
    with transaction(world.officer) as tx:
        return actions.agree_action(tx, asked).id


def told(at: datetime) -> list[tuple[int, str]]:
    """What one turn of the clock sends: the offsets and to whom."""
    with transaction(SYSTEM) as tx:
        before = tx.session.scalars(select(Event.id).where(Event.name == "action.reminder")).all()
    with arriving(at=at + timedelta(minutes=1)), transaction(SYSTEM) as tx:
        jobs.remind(tx)
        tx.allowed = tx.recorded = True
    with transaction(SYSTEM) as tx:
        found = tx.session.scalars(
            select(Event.data).where(Event.name == "action.reminder", Event.id.not_in(before))
        )
        return sorted((data["offset"], data["audience"]) for data in found)


def test_reminders_come_once_each_whenever_the_clock_comes_round(world: Any) -> None:
    agreed(world)
    due = NOW.date() + timedelta(days=30)
    assert told(due_at(due, -8)) == []
    assert told(due_at(due, -7)) == [(-7, "owner")]
    assert told(due_at(due, -7)) == []
    # an outage of two weeks: each audience gets its latest rung, once
    assert told(due_at(due, 12)) == [(10, "officer"), (10, "owner")]
    assert told(due_at(due, 40)) == []


def test_what_is_done_is_not_reminded(world: Any) -> None:
    made = agreed(world)
    for name, status in (("stranger", 404), ("second", 403), ("auditor", 403), ("holder", 404)):
        assert (
            refusal(lambda tx: actions.settle_action(tx, made, "Fait"), world.people[name]).status == status
        )
    drop = refusal(lambda tx: actions.settle_action(tx, made, "Non", dropped=True), world.evaluator)
    assert drop.status == 403
    with transaction(world.evaluator) as tx:
        done = actions.settle_action(tx, made, "Le marché est ouvert")
        assert (done.state, done.outcome) == (ActionState.DONE, "Le marché est ouvert")
    with transaction(SYSTEM) as tx:
        assert set(tx.session.scalars(select(ActionReminder.state))) == {ReminderState.NOT_NEEDED}
    move = actions.reschedule_action
    late = NOW.date() + timedelta(days=40)
    assert refusal(lambda tx: move(tx, made, late), world.officer).code == "wrong_state"


def test_another_day_moves_the_reminders(world: Any) -> None:
    made = agreed(world)
    later = NOW.date() + timedelta(days=60)
    with transaction(world.officer) as tx:
        actions.reschedule_action(tx, made, later)
    assert told(due_at(later, -8)) == []
    assert told(due_at(later, -7)) == [(-7, "owner")]
    past = NOW.date() - timedelta(days=1)
    move = actions.reschedule_action
    assert refusal(lambda tx: move(tx, made, past), world.officer).status == 422
    assert refusal(lambda tx: move(tx, made, later), world.evaluator).status == 403


def test_an_action_has_one_source_of_its_committee(world: Any) -> None:
    one = opened(world)
    usual: dict[str, Any] = {
        "committee_id": world.committee, "text": WORDS, "owner_id": world.evaluator.id,
        "due_on": NOW.date() + timedelta(days=3), "consultation_id": one,
    }  # fmt: skip
    session = given.session(world).id
    cases = [
        ({"consultation_id": None}, "action_source"),
        ({"session_id": session}, "action_source"),
        ({"due_on": NOW.date() - timedelta(days=1)}, "invalid"),
        ({"owner_id": world.committee}, "invalid"),
    ]
    for more, code in cases:
        asked = ActionIn(**usual | more)
        assert refusal(lambda tx, said=asked: actions.agree_action(tx, said), world.officer).code == code
    with transaction(world.officer) as tx:
        made = actions.agree_action(tx, ActionIn(**usual | {"consultation_id": None, "session_id": session}))
        assert made.session_id == session
    assert refusal(lambda tx: actions.agree_action(tx, ActionIn(**usual)), world.stranger).status == 403


def test_overdue_ones_come_first(world: Any) -> None:
    for days in (30, 2, 9):
        agreed(world, days)
    with arriving(at=NOW + timedelta(days=12)), transaction(world.evaluator) as tx:
        page = queries.actions(tx, Filter(), limit=2)
        rest = queries.actions(tx, Filter(), page.next)
        days = [(one.action.due_on - NOW.date()).days for one in (*page.items, *rest.items)]
        assert days == [2, 9, 30]
        assert queries.situation(tx, Filter()) == (3, 2)
        late = Filter(overdue_on=NOW.date() + timedelta(days=12))
        assert len(queries.every_action(tx, late)) == 2
    with transaction(world.people["holder"]) as tx:
        assert queries.every_action(tx, Filter()) == []
        assert queries.situation(tx, Filter()) == (0, 0)


def test_messages_reach_owners_members_and_officers(world: Any) -> None:
    from backend.notifications.commands import owe
    from backend.notifications.models import Message

    made = agreed(world)
    one = opened(world)
    say(world, "holder", one)
    told(due_at(NOW.date() + timedelta(days=30), 4))
    with arriving(at=AFTER), transaction(world.officer) as tx:
        consulting.conclude_consultation(tx, one, WORDS)
    names = ["action.agreed", "action.reminder", "consultation.published", "consultation.concluded"]
    with transaction(SYSTEM) as tx:
        for name in names:
            events = list(tx.session.scalars(select(Event).where(Event.name == name)))
            assert events, name
            owe(tx, events)
        tx.allowed = tx.recorded = True
        found = {(one.template, one.recipient_id) for one in tx.session.scalars(select(Message))}
    assert ("action.agreed", world.evaluator.id) in found
    assert ("action.reminder.owner.after", world.evaluator.id) in found
    assert ("action.reminder.officer.after", world.officer.id) in found
    assert ("consultation.published", world.second.id) in found
    assert ("consultation.concluded", world.holder.id) in found
    assert made


def test_mandates_that_end_are_told_once(world: Any) -> None:
    from backend.committees import commands

    soon = NOW.date() + timedelta(days=40)
    with transaction(world.officer) as tx:
        commands.end_seat(tx, world.committee, world.seats["third"], soon)
        commands.end_seat(tx, world.committee, world.seats["second"], soon)
        commands.renew_seat(tx, world.committee, world.seats["second"], soon + timedelta(days=1))

    def turn() -> list[Any]:
        with transaction(SYSTEM) as tx:
            jobs.mandates(tx)
        with transaction(SYSTEM) as tx:
            return list(tx.session.scalars(select(Event.data).where(Event.name == "seat.ending")))

    assert [data["seat"] for data in turn()] == [str(world.seats["third"])]
    assert len(turn()) == 1
    assert str(world.officer.id) in turn()[0]["recipients"]
    with transaction(world.officer) as tx:
        commands.end_seat(tx, world.committee, world.seats["third"], soon + timedelta(days=2))
    assert len(turn()) == 2


def test_states_are_what_they_seem() -> None:
    assert [one.value for one in ConsultationState] == ["draft", "open", "closed", "concluded"]
