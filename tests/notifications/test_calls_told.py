"""What is told of a call that changes, and of a question on it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.applications.models import Application, ApplicationState
from backend.calls import commands
from backend.calls.callfile import from_json
from backend.calls.models import Call, VersionKind
from backend.core import jobs as kernel
from backend.core.actor import SYSTEM
from backend.core.i18n import LANGUAGES
from backend.core.tx import transaction
from backend.notifications.models import Message
from backend.people.models import Person, Representative
from tests.applications import given as applications
from tests.calls import given
from tests.notifications.test_correspondence import said, speak

from .conftest import Box

WHY = {"fr": "Le jour de la fête est férié.", "ar": "يوم العيد عطلة."}
WORDED = {"fr": "Question ?", "ar": "سؤال؟"}


def told() -> list[tuple[Any, str]]:
    with transaction(SYSTEM) as tx:
        rows = tx.session.execute(select(Message.recipient_id, Message.template))
        return sorted(((row[0], row[1]) for row in rows), key=str)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everyone_with_a_dossier_hears_of_an_extension_once(world: Any, box: Box, lang: str) -> None:
    speak(lang, world)
    call = given.published(world)
    applications.draft(world, call)
    with transaction(SYSTEM) as tx:  # one person for two organisations
        tx.allowed = tx.recorded = True
        tx.session.add(
            Representative(organisation_id=world.rival_cooperative, person_id=world.holder.id, since=tx.now)
        )
    applications.draft(world, call, "rival")
    kernel.drain()
    before = set(told())
    with transaction(world.officer) as tx:
        commands.extend(tx, call.id, call.closes_at + timedelta(days=4), WHY, None)
    text = said(box)
    new = set(told()) - before
    assert new == {(p.id, "call.amended.extension") for p in (world.holder, world.rival)}
    assert WHY[lang] in text
    assert f"/calls/{call.code}/versions" in text
    assert ("→" if lang == "fr" else "←") in text


def test_an_erratum_says_what_changes_and_not_to_those_who_left(world: Any, box: Box) -> None:
    speak("fr", world)
    call = given.published(world)
    application = applications.draft(world, call)
    applications.draft(world, call, "rival")
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        left = update(Application).where(Application.id == application.id)
        tx.session.execute(left.values(state=ApplicationState.WITHDRAWN))
    erratum(world, call, appeal_days=45)
    text = said(box)
    assert ("45 jours" in text, (world.rival.id, "call.amended.erratum") in told()) == (True, True)
    assert (world.holder.id, "call.amended.erratum") not in told()


def erratum(world: Any, call: Call, **overrides: Any) -> None:
    with transaction(world.officer) as tx:
        file = from_json(call.definition | overrides)
        commands.amend(tx, call.id, file, VersionKind.ERRATUM, WHY, None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_the_asker_hears_of_her_question(world: Any, box: Box, lang: str) -> None:
    speak(lang, world)
    call = given.published(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Person).where(Person.id == world.rival.id).values(email=None))
    asked = []
    for name in ("holder", "rival", "holder"):
        with transaction(world.people[name]) as tx:
            asked.append(commands.ask(tx, call.id, f"Question de {name} ?"))
    with transaction(world.officer) as tx:
        commands.answer(tx, asked[0].id, WORDED, WORDED)
    with transaction(world.officer) as tx:
        commands.answer(tx, asked[1].id, WORDED, WORDED)
    with transaction(world.officer) as tx:
        commands.set_aside(tx, asked[2].id, "Hors sujet.")
    text = said(box)
    assert "Question de holder ?" in text
    assert text.count(WORDED[lang]) >= 2  # the question as it is published, and its answer
    assert "Question de rival ?" not in text  # no address: kept in the ledger
    assert "Hors sujet." in text
    assert [template for person, template in told() if person == world.rival.id] == ["question.published"]
    assert len(told()) == 3
