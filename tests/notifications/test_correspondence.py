"""What each event says, to whom, in both languages: events as the slices before announce them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from uuid_utils.compat import uuid7

from backend.applications.models import Application, Outcome, RuleResult
from backend.core import jobs as kernel
from backend.core.actor import SYSTEM
from backend.core.events import EVENTS
from backend.core.i18n import LANGUAGES, has
from backend.core.tx import transaction
from backend.decisions.models import Decision, DecisionOutcome, Letter
from backend.decisions.portfolio import reason
from backend.durability.models import Wave
from backend.notifications.messages import MESSAGES, template_codes
from backend.notifications.models import Message
from backend.people.models import Person
from backend.reviews import commands
from backend.reviews.models import Assignment
from tests.coaching import given as coached
from tests.funding import given as funding
from tests.reviews import given as judged

from .conftest import Box


def test_every_event_told_is_announced_by_somebody() -> None:
    assert set(MESSAGES) <= EVENTS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_has_words(lang: str) -> None:
    assert [code for code in template_codes() if not has(lang, code)] == []


def speak(lang: str, world: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Person).values(language=lang))


def said(box: Box) -> str:
    """All that was sent, subjects and bodies; no placeholder was left."""
    kernel.drain()
    text = "\n".join(f"{m['Subject']}\n{m.get_content()}" for m in box.messages)
    assert "{" not in text
    assert "mail." not in text
    return text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dossiers(world: Any, box: Box, lang: str) -> None:
    speak(lang, world)
    (application_id,) = funding.funded(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = True
        application = tx.session.get_one(Application, application_id)
        application.receipt_code = "K7QM-2F4X"
        for n, outcome in enumerate((Outcome.FAIL, Outcome.PASS, Outcome.FAIL)):
            tx.session.add(
                RuleResult(
                    application_id=application_id, position=n, rule_code=f"rule{n}", outcome=outcome,
                    refuses=n < 2,
                    reason={"fr": f"Raison n° {n}", "ar": f"السبب {n}"}, facts={}, checked_at=tx.now,
                )
            )  # fmt: skip
        tx.emit("application.submitted", application, receipt="K7QM-2F4X")
        tx.emit("application.admitted", application)
        tx.emit("application.refused", application, rules=["rule0"], reason=None)
        tx.emit("application.refused", application, rules=[], reason="Hors délai")
    text = said(box)
    assert len(box.raw) == 4
    assert "K7QM-2F4X" in text
    assert application.number in text
    assert f"/applications/{application_id}/receipt" in text
    first, second = (f"Raison n° {n}" if lang == "fr" else f"السبب {n}" for n in (0, 1))
    assert first in text
    assert second not in text
    assert "Hors délai" in text


DECIDED = (DecisionOutcome.FUNDED, DecisionOutcome.WAITING, DecisionOutcome.REFUSED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_decisions(world: Any, box: Box, lang: str) -> None:
    speak(lang, world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        for n, outcome in enumerate(DECIDED):
            call_id = funding.a_call(tx, world, f"call-{n}")
            funding.a_decision(
                tx, world, call_id, funding.a_session(tx, world), world.tifaout, n + 1, outcome=outcome
            )
        for decision in tx.session.scalars(select(Decision)):
            decision.reasons = [reason("envelope_exhausted", left=1_000_000, asked=15_600_001)]
        for letter in tx.session.scalars(select(Letter)):
            tx.emit("letter.released", letter, before="queued", after="released")
    text = said(box)
    assert len(box.raw) == 3
    assert "156\u00a0000,01" in text
    assert "79,99" in text
    templates = set()
    with transaction(SYSTEM) as tx:
        templates = set(tx.session.scalars(select(Message.template)))
    assert templates == {"decision.funded", "decision.waiting", "decision.refused"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_message_an_evaluator_a_batch(world: Any, box: Box, lang: str) -> None:
    speak(lang, world)
    applications = funding.funded(world, count=5)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        for evaluator in (world.evaluator, world.second):
            for application_id in applications:
                made = uuid7()
                tx.session.execute(
                    insert(Assignment).values(
                        id=made, version=1, call_id=world.call, application_id=application_id,
                        evaluator_id=evaluator.id,
                        province_code="09.001", assigned_at=tx.now, due_at=tx.now + timedelta(days=10),
                        marks={},
                        notes={},
                        total_hundredths=0,
                    )
                )  # fmt: skip
                tx.emit("assignment.created", tx.session.get_one(Assignment, made), due_at=tx.now.isoformat())
    from backend.core.events import Job

    with transaction(SYSTEM) as tx:
        ids = list(tx.session.scalars(select(Job.id)))
    for id in ids:  # however the events are shared out between workers
        kernel.run([id])
    text = said(box)
    assert len(box.raw) == 2
    assert {m["To"] for m in box.messages} == {
        "Evaluator <evaluator@exemple.test>",
        "Second <second@exemple.test>",
    }
    assert ("5 dossiers" if lang == "fr" else "5 ملفات") in text
    assert "/reviews" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_review_sent_back_is_told_to_its_author(world: Any, box: Box, lang: str) -> None:
    (application_id,) = judged.eligible(world)
    made = judged.signed(world, "evaluator", application_id)
    kernel.drain()
    box.raw.clear()
    speak(lang, world)
    with transaction(world.officer) as tx:
        commands.reopen(tx, made.id, "Le critère 2 n’est pas motivé.")
        number = tx.session.get_one(Application, application_id).number
    text = said(box)
    assert [m["To"] for m in box.messages] == ["Evaluator <evaluator@exemple.test>"]
    assert "Le critère 2 n’est pas motivé." in text
    assert f"/reviews/{made.id}" in text
    assert number in text
    assert "Tifaout" not in text  # a message names no holder: she may be tied to it by now


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dossier_taken_back_is_told_to_who_had_it(world: Any, box: Box, lang: str) -> None:
    (made,) = judged.assigned(world, "evaluator")
    kernel.drain()
    box.raw.clear()
    speak(lang, world)
    with transaction(world.officer) as tx:
        commands.withdraw(tx, made.id, "Réparti autrement.")
    text = said(box)
    assert [m["To"] for m in box.messages] == ["Evaluator <evaluator@exemple.test>"]
    assert "Réparti autrement." in text
    assert "Tifaout" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("blind", [False, True])
def test_a_tie_found_later_is_asked_of_her(world: Any, box: Box, lang: str, blind: bool) -> None:
    """Once, of an open panel; what is found while the dossier is given waits on the declaration's page."""
    from backend.calls.callfile import read
    from tests.reviews.test_ties import has_member, is_called

    grid = read(judged.CALLS / "agadir-2023.yaml").as_json()["grid"]
    assert isinstance(grid, dict)
    judged.a_call(world, grid=grid | {"blind": blind})
    (application_id,) = judged.eligible(world)
    made = judged.opened(world, "evaluator", application_id)
    is_called(world, "evaluator", "Omar Aït Lahcen")
    has_member(world.tifaout, "فاطمة أيت لحسن")
    kernel.drain()
    box.raw.clear()
    speak(lang, world)
    for _ in range(2):
        kernel.tick("suspected_ties")
    text = said(box)
    assert len(box.raw) == (0 if blind else 1)
    assert (f"/reviews/{made.id}" in text) is not blind
    assert "Tifaout" not in text
    if not blind:
        assert ("même nom de famille" if lang == "fr" else "نفس الاسم العائلي") in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_follow_up_is_asked_of_the_holder_and_her_coach(world: Any, box: Box, lang: str) -> None:
    coached.planned(world)
    kernel.drain()
    box.raw.clear()
    speak(lang, world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        wave = tx.session.scalars(
            select(Wave).where(Wave.convention_id == world.convention, Wave.months == 6)
        ).one()
        tx.emit("wave.due", wave, months=6)
    text = said(box)
    assert {m["To"] for m in box.messages} == {"Holder <holder@exemple.test>", "Coach <coach@exemple.test>"}
    assert ("6 mois" if lang == "fr" else "6 أشهر") in text


def test_a_follow_up_without_a_coach(world: Any, box: Box) -> None:
    convention_id = funding.signed(world)
    kernel.drain()
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        wave = select(Wave).where(Wave.convention_id == convention_id, Wave.months == 12)
        tx.emit("wave.due", tx.session.scalars(wave).one(), months=12)
    kernel.drain()
    with transaction(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).where(Message.template == "wave.due")) == 1
