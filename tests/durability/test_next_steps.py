"""What a holder's space says of everything of hers: one next step, the others after it.

Here because the waves are the last thing that may await her.
"""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import backend.applications.links
import backend.coaching.links
import backend.decisions.links
import backend.durability.links
import backend.funding.links  # noqa: F401 (each says what it awaits)
from backend.applications import commands
from backend.coaching.models import Milestone
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import transaction
from backend.decisions.models import Decision, Letter
from backend.durability.models import Wave
from backend.funding import commands as funding_commands
from backend.funding.models import Convention
from backend.web.next_steps import steps_of
from tests.applications import given as applications
from tests.coaching import given as coaching
from tests.durability import given
from tests.funding import given as funding


def steps(world: Any, who: str = "holder") -> list[tuple[str, str]]:
    with transaction(world.people[who]) as tx:
        return [(one.code, one.path) for one in steps_of(tx)]


def codes(world: Any, who: str = "holder") -> list[str]:
    return [code for code, _ in steps(world, who)]


def page(client: Any, who: str = "holder", lang: str = "fr", path: str = "/my") -> str:
    answer = client(who).get(path, params={"lang": lang})
    assert answer.status_code == 200
    text: str = answer.text
    assert not re.search(r"next\.[a-z]", text)
    return text


def biggest(html: str) -> str:
    blocks: list[str] = re.findall(r'<section class="next-step".*?</section>', html, re.DOTALL)
    assert len(blocks) == 1
    return blocks[0]


def test_nothing_awaits_who_has_nothing(world: Any) -> None:
    for who in ("holder", "officer", "evaluator"):
        assert steps(world, who) == []


@pytest.mark.parametrize(("lang", "words"), [("fr", "Répondre au suivi"), ("ar", "الإجابة عن تتبع المشروع")])
def test_an_overdue_wave_comes_before_a_draft_that_closes_later(
    world: Any, client: Any, lang: str, words: str
) -> None:
    waves = given.planned(world)
    draft = applications.draft(world, applications.open_call(world, code="agadir-2026"))
    found = steps(world)
    assert found[0] == ("next.wave", f"/waves/{waves[0]}")
    assert ("next.draft", f"/applications/{draft.id}") in found
    html = page(client, lang=lang)
    assert words in biggest(html)
    assert f'href="/waves/{waves[0]}"' in biggest(html)
    assert f'href="/applications/{draft.id}"' in html


def test_a_wave_awaits_nobody_before_it_can_be_answered_nor_once_it_is(world: Any) -> None:
    waves = given.planned(world, given.months_ago(4))
    assert "next.wave" not in codes(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Wave, waves[0]).due_on = tx.now.date()
    assert codes(world).count("next.wave") == 1
    assert "next.wave" not in codes(world, "rival")
    given.answered(world, waves[0])
    assert "next.wave" not in codes(world)


def test_the_own_contribution_then_the_signature(world: Any, client: Any) -> None:
    convention = funding.prepared(world)
    assert ("next.contribution", f"/conventions/{convention}") in steps(world)
    assert "part propre" in biggest(page(client))
    with transaction(world.officer) as tx:
        funding_commands.prove_own(tx, convention, "Relevé bancaire")
    assert ("next.convention", f"/conventions/{convention}") in steps(world)
    with transaction(world.officer) as tx:
        funding_commands.sign(tx, convention, tx.now.date())
    assert not {"next.contribution", "next.convention"} & set(codes(world))


def test_the_next_milestone_of_a_plan(world: Any, client: Any) -> None:
    day = given.months_ago(7)
    with arriving(at=datetime.combine(day, time(12), UTC) + timedelta(days=1)):
        plan = coaching.planned(world, day)
    with transaction(SYSTEM) as tx:
        first = tx.session.scalars(
            select(Milestone).where(Milestone.plan_id == plan).order_by(Milestone.due_on).limit(1)
        ).one()
    found = [path for code, path in steps(world) if code == "next.milestone"]
    assert found[0] == f"/milestones/{first.id}"
    assert first.title["fr"] in page(client)
    assert "next.milestone" not in codes(world, "rival") + codes(world, "coach")


def test_a_decision_is_to_be_read_for_a_month(world: Any) -> None:
    convention = funding.prepared(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        found = tx.session.get_one(Convention, convention)
        decision = tx.session.get_one(Decision, found.decision_id)
        letter = select(Letter).where(Letter.decision_id == decision.id)
        tx.session.scalars(letter).one().released_at = tx.now - timedelta(days=2)
        path = f"/applications/{found.application_id}/decision"
    assert ("next.decision", path) in steps(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.scalars(letter).one().released_at = tx.now - timedelta(days=31)
    assert "next.decision" not in codes(world)


def test_a_call_answered_is_not_proposed_again(world: Any, client: Any) -> None:
    call = applications.open_call(world)
    assert f"/my/applications/new?call={call.code}" in biggest(page(client))
    made = applications.submitted(world, call)
    html = page(client)
    assert "/my/applications/new" not in html
    assert "Rien à faire" in html
    chooser = page(client, path=f"/my/applications/new?call={call.code}")
    assert 'action="/my/applications"' not in chooser
    assert f'href="/applications/{made.id}"' in chooser
    with transaction(world.holder) as tx:
        commands.withdraw(tx, made.id)
    assert f"/my/applications/new?call={call.code}" in biggest(page(client))


def test_the_space_costs_the_same_for_one_and_many(world: Any, client: Any, statements: Any) -> None:
    applications.draft(world, applications.open_call(world, code="agadir-2026"))
    given.planned(world)  # a decided dossier asks once more what was decided, however many there are
    browser = client("holder")
    browser.get("/my")
    with statements() as one:
        browser.get("/my")
    for code in ("agadir-2027", "agadir-2028"):
        applications.draft(world, applications.open_call(world, code=code))
    with statements() as many:
        browser.get("/my")
    assert len(one) == len(many)
