"""Questions on a call: who asks, who answers, who reads what."""

import re
from datetime import timedelta
from typing import Any

import pytest

from backend.calls import commands, queries
from backend.calls.commands.questions import WAITING_AT_MOST
from backend.calls.models import Call, CallQuestion, QuestionState
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.tx import transaction
from tests.calls import given

WORDED = {"fr": "Un hangar loué est-il admis ?", "ar": "هل يقبل مستودع مكترى؟"}
SAID = {"fr": "Oui, avec un bail de trois ans.", "ar": "نعم، بعقد كراء لثلاث سنوات."}


def asked(
    world: Any, call: Call, name: str = "holder", text: str = "Mon hangar est loué, ça va ?"
) -> CallQuestion:
    with transaction(world.people[name]) as tx:
        return commands.ask(tx, call.id, text)


def answered(world: Any, question: CallQuestion) -> CallQuestion:
    with transaction(world.officer) as tx:
        return commands.answer(tx, question.id, WORDED, SAID)


def readers(world: Any, call: Call) -> set[str]:
    found = set()
    for name, actor in world.people.items():
        with transaction(actor) as tx:
            if queries.questions(tx, call):
                found.add(name)
    return found


def refused(actor: Any, work: Any) -> Problem:
    with pytest.raises(Problem) as refusal, transaction(actor) as tx:
        work(tx)
    return refusal.value


def test_a_question_is_its_askers_and_the_officers_until_it_is_answered(world: Any) -> None:
    call = given.published(world)
    question = asked(world, call)
    assert (question.state, question.province_code) == (QuestionState.ASKED, call.province_code)
    assert readers(world, call) == {"holder", "officer"}
    done = answered(world, question)
    assert (done.state, done.answer, done.published_question) == (QuestionState.ANSWERED, SAID, WORDED)
    assert (done.settled_by, done.version) == (world.officer.id, 2)
    assert readers(world, call) == set(world.people)


def test_a_question_set_aside_stays_between_two(world: Any) -> None:
    call = given.published(world)
    question = asked(world, call)
    with transaction(world.officer) as tx:
        done = commands.set_aside(tx, question.id, "Elle concerne un autre appel.", question.version)
    assert (done.state, done.reason) == (QuestionState.SET_ASIDE, "Elle concerne un autre appel.")
    assert readers(world, call) == {"holder", "officer"}
    assert (
        refused(world.officer, lambda tx: commands.answer(tx, question.id, WORDED, SAID)).code
        == "wrong_state"
    )


def test_only_holders_ask_and_only_while_it_is_open(world: Any) -> None:
    call = given.published(world)
    for name in ("officer", "evaluator", "auditor", "coach"):
        assert refused(world.people[name], lambda tx: commands.ask(tx, call.id, "Et moi ?")).status == 403
    draft = given.draft(world, code="draft")
    assert refused(world.holder, lambda tx: commands.ask(tx, draft.id, "Et moi ?")).status == 404
    for at in (call.opens_at - timedelta(seconds=1), call.closes_at + timedelta(seconds=1)):
        with arriving(at=at):
            refusal = refused(world.holder, lambda tx: commands.ask(tx, call.id, "Et moi ?"))
            assert (refusal.code, refusal.status) == ("questions_closed", 409)


def test_no_more_questions_wait_than_an_officer_can_answer(world: Any) -> None:
    call = given.published(world)
    first, *_ = [asked(world, call) for _ in range(WAITING_AT_MOST)]
    refusal = refused(world.holder, lambda tx: commands.ask(tx, call.id, "Encore une"))
    assert (refusal.code, refusal.params) == ("questions_enough", {"limit": WAITING_AT_MOST})
    assert asked(world, call, "rival").asked_by == world.rival.id
    answered(world, first)
    assert asked(world, call).asked_by == world.holder.id


def test_only_the_provinces_officers_settle(world: Any) -> None:
    call = given.published(world)
    question = asked(world, call)
    for name in ("stranger", "rival", "evaluator", "chair", "auditor"):
        refusal = refused(world.people[name], lambda tx: commands.answer(tx, question.id, WORDED, SAID))
        assert refusal.status == 404
    assert refused(world.holder, lambda tx: commands.set_aside(tx, question.id, "Non")).status == 403
    with transaction(world.officer) as tx, pytest.raises(Problem) as stale:
        commands.answer(tx, question.id, WORDED, SAID, question.version + 1)
    assert stale.value.status == 412


def test_an_answer_that_comes_too_late_is_not_published(world: Any) -> None:
    call = given.published(world)
    question = asked(world, call)
    with arriving(at=call.closes_at + timedelta(seconds=1)):
        refusal = refused(world.officer, lambda tx: commands.answer(tx, question.id, WORDED, SAID))
        assert refusal.code == "call_over"
        with transaction(world.officer) as tx:
            commands.set_aside(tx, question.id, "La clôture est passée.")


def test_those_that_wait_come_first_then_the_last_answered(world: Any) -> None:
    call = given.published(world)
    first, second, third = (asked(world, call, text=text) for text in ("Une", "Deux", "Trois"))
    for question in (second, first):
        with arriving(at=given.NOW + timedelta(minutes=1 if question is second else 2)):
            answered(world, question)
    with transaction(world.officer) as tx:
        listed = queries.questions(tx, call)
    assert [one.id for one in listed] == [third.id, first.id, second.id]
    assert [one.id for one in queries.answered(listed)] == [first.id, second.id]


def test_a_question_that_waits_is_on_the_officers_desk(world: Any, client: Any) -> None:
    from backend.observatory.queries import desk

    call = given.published(world)
    question = asked(world, call)
    with transaction(world.officer) as tx:
        (line,) = [one for one in desk.today(tx) if one.code == "question"]
    assert (line.count, line.href) == (1, f"/das/calls/{call.id}/questions")
    assert client("officer").get("/das").status_code == 200
    answered(world, question)
    with transaction(world.officer) as tx:
        assert "question" not in {one.code for one in desk.today(tx)}


HIDDEN = "Texte \u202etourné"


def test_a_hidden_character_is_named_with_its_field_and_what_to_do(world: Any, client: Any) -> None:
    call = given.published(world)
    question, officer = asked(world, call), client("officer")
    start = f"/das/calls/{call.id}"
    answer = {f"{name}_{lang}": "Un texte." for name in ("question", "answer") for lang in ("fr", "ar")}
    forms = {
        f"{start}/questions/{question.id}/answer": (answer | {"answer_ar": HIDDEN}, "La réponse, en arabe"),
        f"{start}/questions/{question.id}/set-aside": ({"reason": HIDDEN}, "Raison, envoyée à qui a demandé"),
        f"{start}/extend": (
            {"closes_at": "2030-01-01T10:00", "reason_fr": HIDDEN, "reason_ar": "سبب"},
            "Raison, en français",
        ),
    }
    for path, (typed, label) in forms.items():
        refused = officer.post(path, data=typed | {"version": "1"}, headers={"accept": "text/html"})
        assert refused.status_code == 422, path
        summary = refused.text.split("error-summary")[1].split("</ul>")[0]
        assert f"{label}\u00a0: Il y a ici un caractère invisible (U+202E)" in summary, path
        assert "tapez-la de nouveau" in summary
        (anchor,) = re.findall(r'href="#([^"]+)"', summary)
        assert f'id="{anchor}"' in refused.text
        assert HIDDEN in refused.text  # what was typed is there still
    said = client("holder").post(
        f"/calls/{call.code}/questions",
        data={"question": f"{HIDDEN}, est-ce admis ?"},
        headers={"accept": "text/html"},
    )
    assert (said.status_code, "U+202E" in said.text) == (422, True)


def test_a_no_break_space_is_no_hidden_character(world: Any) -> None:
    """French is typed with them, before « : » and « ? »."""
    assert asked(world, given.published(world), text="Un hangar loué\u00a0: est-ce admis\u202f?").question


def test_a_reason_given_to_the_command_is_read_like_one_that_is_sent(world: Any) -> None:
    call = given.published(world)
    later = call.closes_at + timedelta(days=1)
    problem = refused(
        world.officer, lambda tx: commands.extend(tx, call.id, later, {"fr": HIDDEN, "ar": "سبب"}, None)
    )
    assert [(one.field, one.code) for one in problem.errors] == [("reason.fr", "bad_character")]
