"""Creating, saving, submitting, screening, withdrawing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from backend.applications import commands, queries, screening
from backend.applications.facts import facts
from backend.applications.lifecycle import progress
from backend.applications.models import Application, ApplicationCounter, ApplicationState, Outcome, RuleResult
from backend.applications.receipts import read_code
from backend.applications.schemas import SECTIONS
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import Unguarded, transaction
from backend.people.models import Organisation
from tests.applications import given

TOO_MUCH = {"indh_centimes": 31_000_000, "own_cash_centimes": 9_000_000, "own_in_kind_centimes": 0}


def events(application: Application) -> list[str]:
    with transaction(SYSTEM) as tx:
        return [one.name for one in reversed(queries.history(tx, application).items)]


def refusal(actor: Any, call: Any) -> Problem:
    with pytest.raises(Problem) as caught, transaction(actor) as tx:
        call(tx)
    return caught.value


def test_a_dossier_is_begun_once(world: Any) -> None:
    call = given.open_call(world)
    first = given.draft(world, call)
    assert first.number == f"AGA-{call.opens_at.year}-0001"
    assert given.draft(world, call).id == first.id
    assert given.draft(world, call, "rival").number.endswith("-0002")
    assert events(first) == ["application.created"]


def test_a_withdrawn_dossier_leaves_room_for_another(world: Any) -> None:
    call = given.open_call(world)
    first = given.draft(world, call)
    with transaction(world.holder) as tx:
        assert commands.withdraw(tx, first.id).state is ApplicationState.WITHDRAWN
    assert given.draft(world, call).number.endswith("-0002")


def test_a_dossier_is_begun_only_while_the_window_is_open(world: Any) -> None:
    call = given.open_call(world)
    for at in (call.opens_at - timedelta(seconds=1), call.closes_at + timedelta(seconds=1)):
        with arriving(at=at):
            problem = refusal(world.holder, lambda tx: commands.create(tx, call.id, world.tifaout))
        assert (problem.code, problem.status) == ("window_closed", 409)
        assert set(problem.params) == {"opens_at", "closes_at", "now"}


def test_nobody_begins_a_dossier_for_another(world: Any) -> None:
    call = given.open_call(world)
    make = lambda tx: commands.create(tx, call.id, world.tifaout)  # noqa: E731
    assert refusal(world.rival, make).status == 404
    assert refusal(world.evaluator, make).status == 404
    assert refusal(world.stranger, make).status == 404
    assert refusal(world.auditor, make).status == 403
    assert refusal(world.holder, lambda tx: commands.create(tx, uuid4(), world.tifaout)).status == 404


def test_an_officer_files_for_a_holder(world: Any) -> None:
    call = given.open_call(world)
    with transaction(world.officer) as tx:
        made = commands.create(tx, call.id, world.tifaout)
    assert made.created_by == world.officer.id
    with transaction(world.holder) as tx:
        assert tx.get(Application, made.id, "application.edit").id == made.id


def test_a_draft_is_its_holders_affair(world: Any) -> None:
    made = given.draft(world)
    for name in ("officer", "stranger", "auditor", "administrator", "evaluator", "rival", "coach"):
        assert refusal(world.people[name], lambda tx: queries.one(tx, made.id)).status == 404, name
    assert refusal(world.officer, lambda tx: commands.create(tx, made.call_id, world.tifaout)).status == 403


def test_sections_are_kept_and_columns_follow(world: Any) -> None:
    made = given.filled(world)
    assert (made.title, made.sector, made.chain_code) == ("Unité d’huile d’argan", "agriculture", "argan")
    assert (made.total_centimes, made.requested_centimes) == (40_000_000, 24_000_000)
    assert made.version == 8  # seven sections saved
    assert events(made).count("application.saved") == made.version - 1


def test_the_same_words_again_change_nothing(world: Any) -> None:
    made = given.draft(world)
    data = SECTIONS["project"].model_validate({"title": "Huile"})
    with transaction(world.holder) as tx:
        first = commands.save_section(tx, made.id, "project", data, made.version)
    with transaction(world.holder) as tx:
        again = commands.save_section(tx, made.id, "project", data, first.version)
    assert again.version == first.version == made.version + 1


def test_an_old_version_is_refused(world: Any) -> None:
    made = given.draft(world)
    data = SECTIONS["project"].model_validate({"title": "Huile"})
    with transaction(world.holder) as tx:
        commands.save_section(tx, made.id, "project", data, made.version)
    problem = refusal(world.holder, lambda tx: commands.save_section(tx, made.id, "project", data, 1))
    assert (problem.status, problem.params) == (412, {"version": 1, "current": 2})


def test_a_section_of_another_kind_is_a_fault_of_ours(world: Any) -> None:
    made = given.draft(world)
    data = SECTIONS["results"]()
    with pytest.raises(TypeError), transaction(world.holder) as tx:
        commands.save_section(tx, made.id, "project", data, made.version)


def test_state_is_moved_by_the_machine_only(world: Any) -> None:
    made = given.draft(world)
    with pytest.raises(Unguarded):
        made.state = ApplicationState.ELIGIBLE


def test_submission_gives_a_receipt_and_keeps_what_the_rules_said(world: Any) -> None:
    made = given.submitted(world)
    assert made.state is ApplicationState.SUBMITTED
    assert made.receipt_code
    assert read_code(made.receipt_code.lower().replace("-", " ")) == made.receipt_code
    assert made.content_sha256
    assert len(made.content_sha256) == 64
    with transaction(world.holder) as tx:
        stored, results = queries.judged(tx, queries.one(tx, made.id))
    assert stored
    assert {one.outcome for one in results} == {Outcome.PASS}
    assert all(one.reason["fr"] and one.reason["ar"] and one.title["ar"] for one in results)
    assert events(made)[-1] == "application.submitted"


def test_submitting_twice_gives_the_same_receipt(world: Any) -> None:
    made = given.submitted(world)
    with transaction(world.holder) as tx:
        again = commands.submit(tx, made.id)
    assert again.receipt_code == made.receipt_code
    assert events(made).count("application.submitted") == 1


def test_the_fingerprint_is_that_of_what_was_deposited(world: Any) -> None:
    from backend.applications.receipts import sha256

    made = given.submitted(world)
    with transaction(world.holder) as tx:
        tx.session.expire_all()
        kept = queries.one(tx, made.id)
        tx.session.refresh(kept, ["snapshot"])
        assert kept.snapshot
        assert sha256({"content": kept.content, **kept.snapshot}) == made.content_sha256
        assert kept.snapshot["organisation"]["register_number"] == "4112/2019"
        assert set(kept.snapshot["members"][0]) == {"sex", "birth_year", "office"}


def test_one_second_late_is_late_and_the_closing_instant_in_time(world: Any) -> None:
    made = given.filled(world)
    with transaction(SYSTEM) as tx:
        closes = tx.session.get_one(Call, made.call_id).closes_at
    with arriving(at=closes + timedelta(seconds=1)):
        problem = refusal(world.holder, lambda tx: commands.submit(tx, made.id))
    assert problem.code == "window_closed"
    assert problem.params["now"] > problem.params["closes_at"]
    with transaction(world.holder) as tx:
        assert queries.one(tx, made.id).state is ApplicationState.DRAFT  # kept
    with arriving(at=closes), transaction(world.holder) as tx:
        assert commands.submit(tx, made.id).submitted_at == closes


def test_an_incomplete_dossier_says_what_is_missing(world: Any) -> None:
    made = given.draft(world)
    problem = refusal(world.holder, lambda tx: commands.submit(tx, made.id))
    assert (problem.code, problem.status) == ("incomplete", 409)
    assert "project" in problem.params["sections"]
    assert "organisation" not in problem.params["sections"]
    assert "project.title" in [error.field for error in problem.errors]


def test_an_admitted_dossier_is_not_edited(world: Any) -> None:
    made = given.eligible(world)
    data = SECTIONS["results"]()
    problem = refusal(
        world.holder, lambda tx: commands.save_section(tx, made.id, "results", data, made.version)
    )
    assert (problem.code, problem.params["allowed_verbs"]) == ("wrong_state", [])


def test_an_officer_admits_what_no_rule_refused(world: Any) -> None:
    made = given.eligible(world)
    assert made.state is ApplicationState.ELIGIBLE
    problem = refusal(world.officer, lambda tx: commands.admit(tx, made.id))
    assert (problem.code, problem.params["allowed_verbs"]) == ("wrong_state", [])
    assert refusal(world.holder, lambda tx: commands.admit(tx, made.id)).status == 403
    assert refusal(world.stranger, lambda tx: commands.admit(tx, made.id)).status == 404
    assert refusal(world.holder, lambda tx: commands.submit(tx, made.id)).code == "wrong_state"


def test_an_officer_refuses_for_a_rule_or_with_written_reason(world: Any) -> None:
    call = given.open_call(world)
    good = given.submitted(world, call)
    bad = given.submitted(world, call, "rival", financing=TOO_MUCH)
    assert refusal(world.officer, lambda tx: commands.admit(tx, bad.id)).params["rules"] == [
        "indh_amount",
        "indh_share",
    ]
    assert refusal(world.officer, lambda tx: commands.refuse(tx, good.id)).code == "reason_required"
    with transaction(world.officer) as tx:
        assert commands.refuse(tx, bad.id).state is ApplicationState.INELIGIBLE
        assert (
            commands.refuse(tx, good.id, "Dossier retiré par téléphone").state is ApplicationState.INELIGIBLE
        )
    with transaction(SYSTEM) as tx:
        told = tx.session.scalars(
            select(Event).where(Event.name == "application.refused").order_by(Event.seq)
        ).all()
        assert [one.data["rules"] for one in told] == [["indh_amount", "indh_share"], []]


def test_screening_a_call_moves_all_that_is_settled(world: Any) -> None:
    call = given.open_call(world)
    good = given.submitted(world, call)
    bad = given.submitted(world, call, "rival", financing=TOO_MUCH)
    with transaction(world.officer) as tx:
        foreseen = screening.preview(tx, call.id)
    with transaction(world.officer) as tx:
        done = screening.screen_call(tx, call.id)
    assert foreseen == done
    assert (done.admitted, list(done.refused), done.unsettled) == ([good.id], [bad.id], [])
    assert done.refused_by_rule == {"indh_amount": 1, "indh_share": 1}
    with transaction(world.officer) as tx:
        assert screening.counts(tx, call.id) == {"eligible": 1, "ineligible": 1}
        assert [row[0] for row in queries.refused_by_rule(tx, call.id)] == ["indh_amount", "indh_share"]
        assert screening.screen_call(tx, call.id) == screening.Screening()
    assert events(good)[-1] == "application.admitted"
    assert events(bad)[-1] == "application.refused"


def test_screening_leaves_what_cannot_be_told(world: Any) -> None:
    made = given.submitted(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        first = tx.session.scalars(select(RuleResult).where(RuleResult.application_id == made.id)).first()
        assert first
        first.outcome = Outcome.UNKNOWN
    with transaction(world.officer) as tx:
        assert screening.screen_call(tx, made.call_id).unsettled == [made.id]
    with transaction(world.officer) as tx:
        assert commands.admit(tx, made.id).state is ApplicationState.ELIGIBLE


def test_another_provinces_officer_screens_nothing(world: Any) -> None:
    made = given.submitted(world)
    for call in (screening.screen_call, screening.preview):
        assert refusal(world.stranger, lambda tx, call=call: call(tx, made.call_id)).status == 403
    with transaction(world.stranger) as tx:
        assert screening.counts(tx, made.call_id) == {}


def test_screening_costs_the_same_for_one_and_for_three(world: Any, statements: Any) -> None:
    call = given.open_call(world)
    given.submitted(world, call)
    with statements() as one, transaction(world.officer) as tx:
        screening.screen_call(tx, call.id)
    for i in range(3):
        with transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            twin = Organisation(
                name={"fr": f"Sœur {i}", "ar": "أخت"}, legal_form="cooperative", province_code="09.001",
                commune_code="09.001.05.09", created_on=tx.now.date() - timedelta(days=900),
                phone="+212611223344",
            )  # fmt: skip
            tx.session.add(twin)
            tx.session.flush()
            twin_id = twin.id
        with transaction(world.officer) as tx:
            made = commands.create(tx, call.id, twin_id)
            from backend.people.models import Member, Sex

            tx.session.add(
                Member(organisation_id=twin_id, position=0, name="M", sex=Sex.WOMAN, birth_year=1990)
            )
            tx.session.flush()
            given.fill(tx, made, given.content(documents=given.documents(call)))
        given.confirmed(world, made)
        with transaction(world.officer) as tx:
            commands.submit(tx, made.id)
    with statements() as three, transaction(world.officer) as tx:
        assert len(screening.screen_call(tx, call.id).admitted) == 3
    assert len(three) == len(one) <= 11


def test_facts_cost_the_same_for_one_and_for_two(world: Any, statements: Any) -> None:
    call = given.open_call(world)
    ids = [given.filled(world, call).id, given.filled(world, call, "rival").id]
    seen = []
    for wanted in (ids[:1], ids):
        with transaction(SYSTEM) as tx:
            asked = select(Application).where(Application.id.in_(wanted))
            rows = tx.session.scalars(
                asked.options(joinedload(Application.call), joinedload(Application.organisation))
            ).all()
            with statements() as sent:
                known = facts(tx, rows)
            seen.append(len(sent))
            assert all(one["members.count"] == 10 and one["members.women"] == 8 for one in known.values())
            assert {status.state for status in progress(tx, rows[0])} <= {"complete", "optional"}
    assert seen == [2, 2]


def test_numbers_follow_those_of_imported_dossiers(world: Any) -> None:
    call = given.open_call(world)
    first = given.draft(world, call)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(delete(ApplicationCounter))
        tx.session.execute(update(Application).values(number=first.number.replace("0001", "0041")))
    assert given.draft(world, call, "rival").number.endswith("-0042")
