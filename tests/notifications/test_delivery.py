"""Mail over a real SMTP server: once each, never lost, repeated only under the same Message-ID."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from smtplib import SMTPNotSupportedError
from typing import Any

import pytest
from sqlalchemy import func, select, update

from backend.coaching import commands as coaching
from backend.core import jobs as kernel
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Job, JobState
from backend.core.mail import mailer
from backend.core.tx import transaction
from backend.notifications import commands, outgoing
from backend.notifications.models import Message, MessageState
from backend.people.models import Person
from tests.coaching import given as coached
from tests.funding import given as funding

from .conftest import Box


def ledger() -> dict[MessageState, int]:
    with transaction(SYSTEM) as tx:
        return dict(tx.session.execute(select(Message.state, func.count()).group_by(Message.state)).all())


def message(template: str, person: Any = None) -> Message:
    found = select(Message).where(Message.template == template)
    if person:
        found = found.where(Message.recipient_id == person.id)
    with transaction(SYSTEM) as tx:
        return tx.session.scalars(found).one()


def later(**delay: float) -> Any:
    return arriving(at=datetime.now(UTC) + timedelta(**delay))


def test_a_convention_is_told_to_its_holder(world: Any, box: Box) -> None:
    funding.prepared(world)
    kernel.drain()
    (mail,) = box.messages
    kept = message("convention.prepared")
    assert mail["To"] == "Holder <holder@exemple.test>"
    assert mail["Message-ID"] == f"<message.{kept.id}@indh.invalid>"
    assert mail["Content-Language"] == "fr"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert "156\u00a0000,01\u00a0DH" in body
    assert "Bonjour Holder" in body
    assert "http://127.0.0.1:8000/conventions/" in body
    assert (kept.state, kept.address, kept.error) == (MessageState.SENT, "holder@exemple.test", None)
    assert kept.sent_at
    kernel.drain()
    assert len(box.raw) == 1


def test_arabic_is_well_formed(world: Any, box: Box) -> None:
    (_first, second) = funding.funded(world, count=2)
    with transaction(world.officer) as tx:
        from backend.funding.commands import prepare

        prepare(tx, second)
    kernel.drain()
    (mail,) = box.messages
    raw = box.raw[0]
    assert raw.isascii()
    assert b"Subject: =?utf-8?" in raw
    assert mail["Subject"].startswith("الاتفاقية")
    assert "جاهزة للتوقيع" in mail["Subject"]
    assert mail.get_content_charset() == "utf-8"
    assert mail["Content-Language"] == "ar"
    body = mail.get_content()
    assert "درهم" in body
    assert "تحية طيبة" in body
    assert "{" not in body


def test_every_step_of_the_money_is_told(world: Any, box: Box) -> None:
    convention_id = funding.payable(world)
    with transaction(world.officer) as tx:
        from backend.funding import commands as money

        money.release(tx, funding.tranches(convention_id)[0], "Relevé")
        money.cancel(tx, convention_id, "Coopérative dissoute")
    kernel.drain()
    assert [m["Subject"] for m in box.messages] == [
        f"Convention {datetime.now(UTC).year}-001 prête à signer",
        f"Convention {datetime.now(UTC).year}-001 signée",
        f"Convention {datetime.now(UTC).year}-001 : tranche 1 versée, 62 400,01 DH",
        f"Convention {datetime.now(UTC).year}-001 annulée",
    ]
    assert "Coopérative dissoute" in box.messages[-1].get_content()


def remind(world: Any, days: int) -> Any:
    """A planned convention, the clock moved to `days` after the first milestone, the scan run."""
    first = coached.milestones(coached.planned(world))[0]
    kernel.drain()
    moment = coaching.due_at(coached.milestone(first).due_on, days) + timedelta(minutes=1)
    with arriving(at=moment):
        kernel.tick("reminders")
        kernel.drain()
    return first, moment


@pytest.mark.parametrize(
    ("days", "when", "words"),
    [(-14, "before", "Dans 14 jours"), (0, "on", "Aujourd’hui"), (3, "after", "En retard de 3 jours")],
)
def test_reminders_speak_of_before_the_day_and_after(
    world: Any, box: Box, days: int, when: str, words: str
) -> None:
    remind(world, days)
    kept = message(f"milestone.reminder.holder.{when}", world.holder)
    assert kept.state is MessageState.SENT
    assert any(m["Subject"].startswith(words) for m in box.messages)
    assert message(f"milestone.reminder.staff.{when}", world.coach).state is MessageState.SENT


def test_a_report_is_told_to_the_coach_and_its_return_to_the_holder(world: Any, box: Box) -> None:
    first = coached.milestones(coached.planned(world))[0]
    with transaction(world.holder) as tx:
        coaching.report(tx, first, "Fait.")
    with transaction(world.coach) as tx:
        coaching.send_back(tx, first, "Précisez les ventes.")
    kernel.drain()
    assert message("milestone.reported").recipient_id == world.coach.id
    assert message("milestone.sent_back").recipient_id == world.holder.id
    assert "Précisez les ventes." in box.messages[-1].get_content()


def test_the_same_event_twice_is_one_message(world: Any, box: Box) -> None:
    funding.prepared(world)
    kernel.drain()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        from backend.core.events import Event

        events = tx.session.scalars(select(Event).where(Event.name == "convention.prepared")).all()
        assert commands.owe(tx, events) == 0
    assert len(box.raw) == 1


def test_no_address_is_said_and_sent_once_there_is_one(world: Any, box: Box) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Person).where(Person.id == world.holder.id).values(email=None))
    funding.prepared(world)
    kernel.drain()
    kept = message("convention.prepared")
    assert (kept.state, kept.address) == (MessageState.NO_ADDRESS, None)
    assert not box.raw
    with transaction(world.officer) as tx, pytest.raises(Problem) as refusal:
        commands.resend(tx, kept.id)
    assert refusal.value.code == "recipient_without_address"
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(
            update(Person).where(Person.id == world.holder.id).values(email="neuve@exemple.test")
        )
    with transaction(world.officer) as tx:
        commands.resend(tx, kept.id)
    kernel.drain()
    assert box.messages[0]["To"] == "Holder <neuve@exemple.test>"
    assert ledger() == {MessageState.SENT: 1}


def test_a_closed_account_is_not_written_to(world: Any, box: Box) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Person).where(Person.id == world.holder.id).values(active=False))
    funding.prepared(world)
    kernel.drain()
    assert ledger() == {}
    assert not box.raw


@pytest.mark.parametrize(
    ("where", "answer", "kept_code"),
    [
        ("rcpt", "550 5.1.1 no such user holder@exemple.test", "550 5.1.1"),
        ("rcpt", "553 go away", "553"),
        ("data", "554 5.7.1 looks like spam", "554 5.7.1"),
    ],
)
def test_refused_for_good_is_kept_with_its_code_only(
    world: Any, box: Box, where: str, answer: str, kept_code: str
) -> None:
    if where == "rcpt":
        box.rcpt["holder@exemple.test"] = answer
    else:
        box.data = answer
    funding.prepared(world)
    kernel.drain()
    kept = message("convention.prepared")
    assert (kept.state, kept.error, kept.sent_at) == (MessageState.FAILED, kept_code, None)
    box.rcpt, box.data = {}, None
    with transaction(world.officer) as tx:
        commands.resend(tx, kept.id)
    kernel.drain()
    assert ledger() == {MessageState.SENT: 1}
    assert len(box.raw) == 1
    with transaction(world.officer) as tx, pytest.raises(Problem) as refusal:
        commands.resend(tx, kept.id)
    assert refusal.value.code == "wrong_state"


def test_an_address_that_is_none(world: Any, box: Box) -> None:
    funding.prepared(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Person).where(Person.id == world.holder.id).values(email="pas une adresse"))
    kernel.drain()
    assert message("convention.prepared").error == "address"
    assert outgoing.permanent(SMTPNotSupportedError()) == "address"


@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
def test_refused_for_now_is_tried_again(world: Any, box: Box, answer: str) -> None:
    box.data = answer
    funding.prepared(world)
    kernel.drain()
    assert ledger() == {MessageState.QUEUED: 1}
    with transaction(SYSTEM) as tx:
        job = tx.session.scalars(select(Job).where(Job.handler == "notifications.deliver")).one()
        assert (job.state, job.attempts) == (JobState.READY, 1)
        assert "exemple" not in (job.last_error or "")
    box.data = None
    with later(minutes=1):
        kernel.drain()
    assert ledger() == {MessageState.SENT: 1}
    assert len(box.raw) == 1


def test_a_temporary_refusal_of_the_recipient_is_not_for_good(world: Any, box: Box) -> None:
    box.rcpt["holder@exemple.test"] = "450 greylisted"
    funding.prepared(world)
    kernel.drain()
    assert ledger() == {MessageState.QUEUED: 1}


def test_no_server_at_all_then_one(world: Any, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.core.config import settings
    from backend.ops.mailbox import free_port

    with monkeypatch.context() as away:
        away.setenv("SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
        settings.cache_clear()
        funding.prepared(world)
        kernel.drain()
        assert ledger() == {MessageState.QUEUED: 1}
    settings.cache_clear()
    with later(minutes=1):
        kernel.drain()
    assert ledger() == {MessageState.SENT: 1}
    assert len(box.raw) == 1


def test_after_a_long_outage_every_hour_again_then_failed(world: Any, box: Box) -> None:
    box.data = "451 try later"
    funding.prepared(world)
    for minutes in (0, 1, 3, 6, 11, 20, 40, 80, 150):
        with later(minutes=minutes):
            kernel.drain()
    with transaction(SYSTEM) as tx:
        assert (
            tx.session.scalars(select(Job.state).where(Job.handler == "notifications.deliver")).one()
            is JobState.PARKED
        )
    with later(hours=1):
        kernel.tick("messages")  # too early: the kernel tries by itself
    with later(hours=3):
        kernel.tick("messages")
        box.data = None
        kernel.drain()
    assert ledger() == {MessageState.SENT: 1}
    assert len(box.raw) == 1


def test_given_up_after_three_days_and_seen(world: Any, box: Box) -> None:
    box.data = "451 try later"
    funding.prepared(world)
    for minutes in (0, 1, 3, 6, 11, 20, 40, 80, 150):
        with later(minutes=minutes):
            kernel.drain()
    with later(days=4):
        kernel.tick("messages")
        kernel.drain()
    assert message("convention.prepared").error == "timeout"
    assert ledger() == {MessageState.FAILED: 1}


def test_after_a_week_without_workers_what_was_owed_is_sent_not_given_up(world: Any, box: Box) -> None:
    box.data = "451 try later"
    funding.prepared(world)
    kernel.drain()  # tried once; then nobody works for a week
    box.data = None
    with later(days=7):
        kernel.tick("messages")
        assert ledger() == {MessageState.QUEUED: 1}
        kernel.drain()
    assert ledger() == {MessageState.SENT: 1}
    assert len(box.raw) == 1


def test_killed_between_send_and_commit_repeats_the_same_message_id(
    world: Any, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    funding.prepared(world)
    send = mailer.send

    def killed(mail: Any) -> None:
        send(mail)
        raise OSError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(mailer, "send", killed, raising=False)
        kernel.drain()
    assert len(box.raw) == 1
    assert ledger() == {MessageState.QUEUED: 1}
    with later(minutes=1):
        kernel.drain()
    assert len(box.raw) == 2
    assert len(set(box.ids)) == 1
    assert ledger() == {MessageState.SENT: 1}


def test_at_most_five_statements_a_delivery(world: Any, box: Box, statements: Any) -> None:
    counts = []
    for number in (1, 3):
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            call_id = funding.a_call(tx, world, f"call-{number}")
            session_id = funding.a_session(tx, world)
            for n in range(number):
                holder = funding._another(tx, n)
                from backend.people.models import Representative

                tx.session.add(
                    Representative(organisation_id=holder, person_id=world.holder.id, since=tx.now)
                )
                funding.a_decision(tx, world, call_id, session_id, holder, n + 1)
        with transaction(world.officer) as tx:
            from backend.funding.commands import prepare_call

            prepare_call(tx, call_id)
        with transaction(SYSTEM) as tx:
            waiting = select(Job.id).where(
                Job.state == JobState.READY, Job.handler == "notifications.prepare"
            )
            ids = tx.session.scalars(waiting).all()
        with statements() as seen:
            assert kernel.run(ids) == number
        prepared = len(seen)
        with transaction(SYSTEM) as tx:
            ids = tx.session.scalars(select(Job.id).where(Job.state == JobState.READY)).all()
        with statements() as seen:
            assert kernel.run(ids) == number
        counts.append((prepared, (len(seen) - 2) / number))
    assert counts[0] == counts[1]
    assert counts[0][1] <= 5, counts
    assert counts[0][0] <= 12


def test_the_store_lost_everything_and_the_drain_finds_all(
    committed: str, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.core import tx as kernel_tx
    from tests.world import build

    offered: list[Any] = []
    monkeypatch.setattr(kernel_tx, "dispatch", offered.extend)  # taken, and forgotten
    world = build()
    funding.prepared(world)
    assert offered
    assert not box.raw
    kernel.drain()
    assert len(box.raw) == 1
    assert ledger() == {MessageState.SENT: 1}


def test_many_workers_at_once_send_each_message_once(committed: str, box: Box) -> None:
    from tests.world import build

    world = build()
    first = coached.milestones(coached.planned(world))[0]
    moment = coaching.due_at(coached.milestone(first).due_on, 1000)

    def work(_n: int) -> None:
        with arriving(at=moment):
            kernel.tick("reminders")
            kernel.drain()
        mailer.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(12)))
    work(0)
    assert len(box.ids) == len(set(box.ids)) == ledger()[MessageState.SENT]
    assert set(ledger()) == {MessageState.SENT}
    assert len(box.ids) == 2 + 18  # the convention prepared and signed; six milestones, three audiences


def test_resent_by_the_province_only(world: Any, box: Box) -> None:
    box.rcpt["holder@exemple.test"] = "550 no"
    funding.prepared(world)
    kernel.drain()
    kept = message("convention.prepared")
    for who, code in (
        ("holder", "forbidden"),
        ("auditor", "forbidden"),
        ("stranger", "not_found"),
        ("rival", "not_found"),
    ):
        with transaction(getattr(world, who)) as tx, pytest.raises(Problem) as refusal:
            commands.resend(tx, kept.id)
        assert refusal.value.code == code
