"""Appeals: in time, one at a time, studied by who did not decide, settled by a later session."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.applications.models import Application
from backend.calls.models import Call
from backend.committees import sessions
from backend.committees.models import BallotChoice
from backend.core import jobs
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.decisions.appeals import filing, reading, settling, studying
from backend.decisions.models import (
    Appeal,
    AppealState,
    Decision,
    DecisionOrigin,
    DecisionOutcome,
    DecisionState,
    Letter,
)
from tests.decisions import appeals_given as given
from tests.reviews import given as reviews

HTML = {"accept": "text/html"}


def refused(code: str, status: int = 409) -> Any:
    return pytest.raises(Problem, check=lambda p: (p.code, p.status) == (code, status))


def change(model: Any, **values: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(model).values(**values))


# -- filing ----------------------------------------------------------------------------------------------


def test_a_holder_contests_once_in_time_with_a_number(world: Any) -> None:
    appeal = given.filed(world, "  Le terrain \u202eest à nous. ")
    assert appeal.state is AppealState.FILED
    assert appeal.reasons == "Le terrain est à nous."
    assert appeal.number.endswith("-R1")
    with refused("appeal_standing"), transaction(world.holder) as tx:
        filing.file_appeal(tx, appeal.decision_id, "Encore.")
    with transaction(world.holder) as tx:
        filing.withdraw(tx, appeal.id)
    with transaction(world.holder) as tx:
        second = filing.file_appeal(tx, appeal.decision_id, "Encore.")
    assert second.number.endswith("-R2")


def test_the_last_day_counts_and_the_next_one_does_not(world: Any) -> None:
    decision = given.refused_decision(world)
    """They run from the letter: who was told late is not late."""
    with transaction(SYSTEM) as tx:
        days = int(tx.session.get_one(Call, world.call).definition["appeal_days"])
        now = tx.now
    change(Decision, decided_at=now - timedelta(days=days + 90))
    change(Letter, released_at=now - timedelta(days=days + 1))
    late = pytest.raises(Problem, check=lambda p: p.code == "appeal_late" and "until" in p.params)
    with late, transaction(world.holder) as tx:
        filing.file_appeal(tx, decision, "Tard.")
    change(Letter, released_at=now - timedelta(days=days))
    with transaction(world.holder) as tx:
        filing.file_appeal(tx, decision, "Le dernier jour.")


def test_who_may_not_contest(world: Any) -> None:
    decision = given.refused_decision(world)
    for name, code, status in (
        ("rival", "not_found", 404),
        ("stranger", "not_found", 404),
        ("officer", "forbidden", 403),
    ):
        with refused(code, status), transaction(world.people[name]) as tx:
            filing.file_appeal(tx, decision, "Pour elle.")
    with transaction(SYSTEM) as tx:
        whole = tx.session.scalars(select(Application.requested_centimes).limit(1)).one()
    change(Decision, outcome=DecisionOutcome.FUNDED, amount_centimes=whole)
    with refused("appeal_not_contestable"), transaction(world.holder) as tx:
        filing.file_appeal(tx, decision, "Plus.")


@pytest.mark.parametrize("reasons", ["", "   ", "\u202e\u2066", "x" * (filing.LONGEST + 1)])
def test_reasons_that_say_nothing_or_too_much(world: Any, reasons: str) -> None:
    decision = given.refused_decision(world)
    with refused("invalid", 422), transaction(world.holder) as tx:
        filing.file_appeal(tx, decision, reasons)


# -- study -----------------------------------------------------------------------------------------------


def test_only_those_who_did_not_decide_are_offered_and_taken(world: Any) -> None:
    appeal = given.filed(world)
    with transaction(world.officer) as tx:
        found = {key for key, _ in reading.candidates(tx, tx.session.get_one(Appeal, appeal.id))}
    assert found == {world.officer.id}  # the chair voted, the evaluators judged
    for name in ("chair", "evaluator", "coach", "stranger", "holder"):
        with refused("appeal_handler"), transaction(world.officer) as tx:
            studying.assign(tx, appeal.id, world.people[name].id)
    reviews.tied(world, "officer", world.tifaout)
    with transaction(SYSTEM) as tx:
        assert reading.candidates(tx, tx.session.get_one(Appeal, appeal.id)) == []


def test_a_tie_declared_after_it_was_given_stops_the_report(world: Any) -> None:
    appeal = given.assigned(world)
    with refused("forbidden", 403), transaction(world.chair) as tx:
        studying.report(tx, appeal.id, "Le mien.")
    reviews.tied(world, "officer", world.tifaout)
    with refused("not_found", 404), transaction(world.officer) as tx:
        studying.report(tx, appeal.id, "Quand même.")


# -- the session -----------------------------------------------------------------------------------------


def test_upheld_a_new_decision_follows_the_old_one(world: Any) -> None:
    appeal = given.voted(world)
    with transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, given.ANSWER)
    appeal = given.again(appeal.id)
    assert appeal.state is AppealState.UPHELD
    made = given.standing(world, appeal)
    assert (made.id, made.follows_id, made.origin) == (
        appeal.outcome_id, appeal.decision_id, DecisionOrigin.APPEAL,
    )  # fmt: skip
    assert (made.outcome, made.amount_centimes) == (DecisionOutcome.FUNDED, 24_000_000)
    with transaction(SYSTEM) as tx:
        assert tx.session.get_one(Decision, appeal.decision_id).state is DecisionState.REPLACED
    jobs.drain()


def test_rejected_it_is_dismissed_with_its_answer(world: Any) -> None:
    appeal = given.voted(world, BallotChoice.AGAINST)
    with refused("invalid", 422), transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, {"fr": "Non."})
    with transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, given.ANSWER)
    appeal = given.again(appeal.id)
    assert (appeal.state, appeal.answer) == (AppealState.DISMISSED, given.ANSWER)
    assert given.standing(world, appeal).id == appeal.decision_id


def test_nothing_is_settled_before_its_vote(world: Any) -> None:
    appeal = given.put(world)
    with refused("appeal_not_voted"), transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, given.ANSWER)
    with refused("appeal_at_vote"), transaction(world.holder) as tx:
        filing.withdraw(tx, appeal.id)
    assert appeal.motion_id
    with transaction(world.officer) as tx:
        sessions.withdraw_motion(tx, appeal.motion_id)
    with transaction(world.holder) as tx:
        filing.withdraw(tx, appeal.id)


def test_never_above_what_is_asked_nor_the_envelope(world: Any) -> None:
    appeal = given.scheduled(world)
    for outcome, amount in (("funded", 10**12), ("funded", 0), ("waiting", 5), ("refused", 0)):
        with refused("invalid", 422), transaction(world.officer) as tx:
            settling.put(tx, appeal.id, DecisionOutcome(outcome), amount)
    change(Call, envelope_centimes=1)
    with refused("envelope_exceeded"), transaction(world.officer) as tx:
        settling.put(tx, appeal.id, DecisionOutcome.FUNDED, 24_000_000)


def test_the_envelope_is_asked_again_when_it_is_settled(world: Any) -> None:
    appeal = given.voted(world)
    change(Call, envelope_centimes=1)
    with refused("envelope_exceeded"), transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, given.ANSWER)
    assert given.standing(world, appeal).id == appeal.decision_id


def test_what_was_decided_again_meanwhile_leaves_nothing_to_contest(world: Any) -> None:
    appeal = given.reported(world)
    change(Decision, state=DecisionState.LAPSED)
    with transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, given.ANSWER)
    assert given.again(appeal.id).state is AppealState.DISMISSED


def test_a_session_that_decided_does_not_hear_the_appeal(world: Any) -> None:
    appeal = given.reported(world)
    with refused("appeal_session"), transaction(world.officer) as tx:
        settling.schedule(tx, appeal.id, world.session)


def test_left_without_a_vote_it_waits_for_another_session(world: Any) -> None:
    appeal = given.scheduled(world)
    with refused("appeal_on_agenda"), transaction(world.officer) as tx:
        settling.schedule(tx, appeal.id, world.later)
    with transaction(world.officer) as tx:
        sessions.close_session(tx, world.later)
    jobs.drain()
    assert given.again(appeal.id).session_id is None


def test_a_member_tied_to_the_holder_has_no_vote_on_it(world: Any) -> None:
    appeal = given.scheduled(world)
    reviews.tied(world, "third", world.tifaout)
    with transaction(world.officer) as tx:
        motion = settling.put(tx, appeal.id, DecisionOutcome.WAITING)
    from backend.committees import commands as committees

    with refused("seat_recused"), transaction(world.officer) as tx:
        committees.cast(tx, motion.id, world.seats["third"], BallotChoice.FOR)


# -- pages -----------------------------------------------------------------------------------------------


def test_the_whole_way_in_pages(world: Any, client: Any) -> None:
    decision = given.refused_decision(world)
    with transaction(SYSTEM) as tx:
        application = tx.session.get_one(Decision, decision).application_id
    hers, das = client("holder"), client("officer")
    page = hers.get(f"/applications/{application}/decision", headers=HTML)
    assert f"/applications/{application}/appeal" in page.text
    assert hers.post(f"/applications/{application}/appeal", data={"reasons": " "}).status_code == 422
    page = hers.post(f"/applications/{application}/appeal", data={"reasons": "Le terrain est à nous."})
    assert page.status_code == 200, page.text[:500]
    here = page.url.path
    assert "-R1" in page.text
    wrong = hers.post(f"{here}/documents", files={"file": ("a.exe", b"MZ\x90\x00")}, headers=HTML)
    assert wrong.status_code == 415
    assert hers.post(f"{here}/documents", data={"a": "b"}, headers=HTML).status_code == 422
    from tests.files import given as files

    added = hers.post(f"{here}/documents", files={"file": ("titre.pdf", files.pdf())}, headers=HTML)
    assert "titre.pdf" in added.text
    for name in ("rival", "stranger"):
        assert client(name).get(here, headers=HTML).status_code == 404
    assert (
        hers.post(f"{here}/assign", data={"person": str(world.officer.id)}, headers=HTML).status_code == 403
    )
    page = das.get(here)
    version = page.text.split('name="version" value="')[1].split('"')[0]
    page = das.post(f"{here}/assign", data={"person": str(world.officer.id), "version": version})
    assert "Officer" in page.text
    stale = das.post(f"{here}/report", data={"report": "Vu.", "version": version}, headers=HTML)
    assert stale.status_code == 412
    assert "Officer" not in hers.get(here).text.split("<main")[1]
    assert das.post(f"{here}/dance", data={}, headers=HTML).status_code == 422
    assert das.post(f"{here}/put", data={"outcome": "funded", "amount": "x"}, headers=HTML).status_code == 422
    for path in ("/appeals", here, f"/applications/{application}/appeal"):
        page = hers.get(path + "?lang=ar", headers=HTML)
        assert page.status_code == 200
        assert 'dir="rtl"' in page.text


def test_messages_of_each_step(world: Any) -> None:
    from backend.notifications.models import Message

    appeal = given.voted(world)
    with transaction(world.officer) as tx:
        settling.settle(tx, appeal.id, given.ANSWER)
    jobs.drain()
    with transaction(SYSTEM) as tx:
        found = tx.session.execute(
            select(Message.template, Message.recipient_id).where(Message.template.startswith("appeal."))
        ).all()
    told = {(template, person) for template, person in found}
    assert ("appeal.filed", world.holder.id) in told
    assert ("appeal.to_assign", world.officer.id) in told
    assert ("appeal.assigned", world.officer.id) in told
    assert ("appeal.scheduled", world.holder.id) in told
    assert ("appeal.upheld", world.holder.id) in told
