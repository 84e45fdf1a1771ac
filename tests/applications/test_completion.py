"""One completion request, a due day in working days, an answer or a refusal by the clock."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.applications import commands, completion, jobs, queries, screening
from backend.applications.lifecycle import LIFECYCLE
from backend.applications.models import Application, ApplicationState, CompletionRequest
from backend.applications.schemas import SECTIONS
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.calendar import CASABLANCA, add_working_days, format_date, local
from backend.core.clock import arriving
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people.commands import edit_organisation
from backend.people.schemas import OrganisationPatch
from tests.applications import given
from tests.applications.test_pages import get, post
from tests.applications.test_versions import deposit, kept, refusal, retitle


def closing(made: Application) -> datetime:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Call, made.call_id).closes_at


def returned(world: Any, *items: str) -> tuple[Application, date]:
    """A dossier sent back the day after closing, and the day by which it is due."""
    made = given.submitted(world)
    with arriving(at=closing(made) + timedelta(days=1)), transaction(world.officer) as tx:
        commands.ask_completion(tx, made.id, items or ("project",), "Précisez le titre.")
    with transaction(SYSTEM) as tx:
        due = tx.session.scalars(select(CompletionRequest.due_on)).one()
    return made, due


def evening(day: date) -> datetime:
    """The last second of the day in Casablanca."""
    return datetime.combine(day, time(23, 59, 59), CASABLANCA).astimezone(UTC)


def run_the_clock(at: datetime) -> None:
    with arriving(at=at), transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        jobs.completions(tx)


def count(made: Application, name: str) -> int:
    with transaction(SYSTEM) as tx:
        named = select(func.count()).where(Event.subject_id == made.id, Event.name == name)
        return tx.session.execute(named).scalar_one()


def state(made: Application) -> ApplicationState:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Application, made.id).state


def test_due_days_are_working_days_after_closing(world: Any) -> None:
    made, due = returned(world)
    assert state(made) is ApplicationState.RETURNED
    with transaction(SYSTEM) as tx:
        call = tx.session.get_one(Call, made.call_id)
        days = call.definition["incomplete"]["working_days"]
    assert due == add_working_days(local(closing(made) + timedelta(days=1)).date(), days)


def test_the_holder_completes_after_closing_until_the_end_of_the_due_day(world: Any) -> None:
    made, due = returned(world)
    with arriving(at=evening(due)):
        retitle(world, made, "Titre précisé")
        answered = deposit(world, made)
    assert (answered.state, answered.submissions, answered.title) == (
        ApplicationState.SUBMITTED, 2, "Titre précisé",
    )  # fmt: skip
    assert [row.number for row in kept(made)] == [1, 2]
    with transaction(SYSTEM) as tx:
        assert tx.session.scalars(select(CompletionRequest.answered_at)).one() == evening(due)
    run_the_clock(evening(due) + timedelta(days=3))
    assert state(made) is ApplicationState.SUBMITTED
    with arriving(at=evening(due) + timedelta(seconds=1)):
        again = refusal(world.officer, lambda tx: commands.ask_completion(tx, made.id, ["project"]))
        assert again.code == "completion_once"
        assert refusal(world.holder, lambda tx: _touch(tx, made)).code == "window_closed"


def _touch(tx: Any, made: Application) -> None:
    now = queries.one(tx, made.id)
    commands.save_section(tx, made.id, "results", SECTIONS["results"](), now.version)


def test_one_second_late_is_late_and_the_clock_refuses_once(world: Any) -> None:
    made, due = returned(world)
    late = evening(due) + timedelta(seconds=1)
    with arriving(at=late):
        assert refusal(world.holder, lambda tx: _touch(tx, made)).code == "completion_late"
        assert refusal(world.holder, lambda tx: commands.submit(tx, made.id)).code == "completion_late"
    run_the_clock(evening(due))
    assert state(made) is ApplicationState.RETURNED
    for _ in range(2):
        run_the_clock(late)
    assert state(made) is ApplicationState.INELIGIBLE
    assert count(made, "application.lapsed") == 1
    with transaction(world.officer) as tx:
        told = queries.refusal(tx, queries.one(tx, made.id))
        assert told
        assert told.late_on == due


def test_the_holder_is_reminded_once_before_the_day(world: Any) -> None:
    made, due = returned(world)
    run_the_clock(closing(made) + timedelta(days=1, hours=1))
    assert count(made, "application.completion_reminder") == 0
    for hour in (9, 10, 11):
        run_the_clock(datetime.combine(due, time(hour), CASABLANCA).astimezone(UTC))
    assert count(made, "application.completion_reminder") == 1


def test_what_is_asked_is_of_the_dossier(world: Any) -> None:
    made = given.submitted(world)
    for items in ([], ["nothing"], ["project", "documents.unknown"]):
        wrong = refusal(world.officer, lambda tx, i=items: commands.ask_completion(tx, made.id, i))
        assert (wrong.status, wrong.errors[0].field) == (422, "items")
    assert refusal(world.holder, lambda tx: commands.ask_completion(tx, made.id, ["project"])).status == 403
    assert refusal(world.stranger, lambda tx: commands.ask_completion(tx, made.id, ["project"])).status == 404
    with transaction(world.officer) as tx:
        assert "documents.legal-file" in completion.askable(queries.one(tx, made.id))


def test_a_call_that_refuses_incomplete_files_offers_no_completion(world: Any) -> None:
    made = given.submitted(world, given.open_call(world, incomplete={"then": "refuse"}))
    with transaction(world.officer) as tx:
        assert "return" not in LIFECYCLE.available(tx, queries.one(tx, made.id))
    wrong = refusal(world.officer, lambda tx: commands.ask_completion(tx, made.id, ["project"]))
    assert wrong.code == "completion_not_offered"


@pytest.mark.parametrize(("then", "outcome"), [("refuse", "refused"), ("one_request", "unsettled")])
def test_incomplete_files_are_refused_in_bulk_only_where_the_call_says_so(
    world: Any, then: str, outcome: str
) -> None:
    incomplete = {"then": then} | ({"working_days": 5} if then == "one_request" else {})
    made = given.submitted(world, given.open_call(world, incomplete=incomplete))
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        row = tx.session.get_one(Application, made.id)
        row.content = {**row.content, "project": {}}  # as an erratum that asks more would leave it
    with transaction(world.officer) as tx:
        found = screening.screen_call(tx, made.call_id)
    assert list(getattr(found, outcome)) == [made.id]
    if then == "refuse":
        with transaction(world.officer) as tx:
            told = queries.refusal(tx, queries.one(tx, made.id))
            assert told
            assert "project.title" in told.incomplete


def test_jobs_of_the_clock_are_declared() -> None:
    from backend.core.events import HANDLERS, SCHEDULE

    assert {"drafts", "completions"} <= set(SCHEDULE)
    assert {"applications.drafts", "applications.completions"} <= set(HANDLERS)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "Compléter votre dossier avant la fin du"), ("ar", "إتمام ملفكم قبل نهاية يوم")],
)
def test_a_dossier_sent_back_is_the_first_thing_of_its_holder(
    world: Any, client: Any, lang: str, words: str
) -> None:
    made, due = returned(world)
    with arriving(at=closing(made) + timedelta(days=1, hours=1)):
        said = get(client("holder"), "/my", lang=lang)
        assert f"{words} {format_date(due, lang, 'weekday')}" in said
        assert f'/applications/{made.id}"' in said
        assert words not in get(client("rival"), "/my", lang=lang)
    with arriving(at=evening(due) - timedelta(hours=1)):
        retitle(world, made, "Titre précisé")
        deposit(world, made)
        assert words not in get(client("holder"), "/my", lang=lang)


def test_the_only_request_is_not_used_up_by_the_dossier_as_it_was(world: Any, client: Any) -> None:
    made, due = returned(world)
    with arriving(at=evening(due) - timedelta(hours=1)):
        wrong = refusal(world.holder, lambda tx: commands.submit(tx, made.id))
        assert wrong.code == "completion_unchanged"
        said = post(client("holder"), f"/applications/{made.id}/submit", 409).text
        assert "Rien de ce qui est demandé n’a encore changé" in said
        assert state(made) is ApplicationState.RETURNED
        assert len(kept(made)) == 1
        retitle(world, made, "Titre précisé")
        assert deposit(world, made).submissions == 2


def test_members_corrected_answer_a_request(world: Any) -> None:
    made, due = returned(world, "organisation")
    with arriving(at=evening(due) - timedelta(hours=1)):
        assert refusal(world.holder, lambda tx: commands.submit(tx, made.id)).code == "completion_unchanged"
        with transaction(world.holder) as tx:
            edit_organisation(
                tx, world.tifaout, OrganisationPatch.model_validate({"last_agm_on": "2020-05-02"})
            )
        assert deposit(world, made).submissions == 2


@pytest.mark.parametrize(
    ("lang", "tag"), [("fr", "Demandé par la DAS"), ("ar", "مطلوب من قسم العمل الاجتماعي")]
)
def test_what_was_asked_is_named_until_it_is_touched(world: Any, client: Any, lang: str, tag: str) -> None:
    made, due = returned(world, "project", "documents.legal-file")
    home, browser = f"/applications/{made.id}", client("holder")
    with arriving(at=evening(due) - timedelta(hours=1)):
        tasks = get(browser, home, lang=lang)
        hero = tasks.split('class="next-step"')[1].split("</section>")[0]
        assert f'href="{home}/project"' in hero
        assert tasks.count(tag) == 2
        assert f'href="{home}/documents#paper-legal-file"' in tasks
        assert get(browser, f"{home}/documents", lang=lang).count(tag) == 1
        assert f'action="{home}/submit"' not in get(browser, f"{home}/check", lang=lang)
        retitle(world, made, "Titre précisé")
        tasks = get(browser, home, lang=lang)
        hero = tasks.split('class="next-step"')[1].split("</section>")[0]
        assert f'href="{home}/documents#paper-legal-file"' in hero
        assert f'action="{home}/submit"' in get(browser, f"{home}/check", lang=lang)


def test_a_paper_handed_in_again_at_the_counter_answers_what_was_asked(world: Any, client: Any) -> None:
    made = given.submitted(world)  # every paper of it was noted at the counter
    with transaction(world.officer) as tx:
        commands.ask_completion(tx, made.id, ["documents.legal-file"])
    assert refusal(world.holder, lambda tx: commands.submit(tx, made.id)).code == "completion_unchanged"
    officer = client("officer")
    path = f"/api/v1/applications/{made.id}/papers"
    assert officer.post(path, json={"codes": ["legal-file"]}).status_code == 200
    with transaction(SYSTEM) as tx:
        row = tx.session.get_one(Application, made.id)
        (noted,) = [one for one in row.revision["documents"]["provided"] if one["code"] == "legal-file"]
        kept_ = row.version
    assert noted == {
        "code": "legal-file",
        "paper": True,
        "handed_on": local(noted_on(made)).date().isoformat(),
    }
    assert officer.post(path, json={"codes": ["legal-file"]}).status_code == 200  # noted: nothing is written
    with transaction(SYSTEM) as tx:
        assert tx.session.get_one(Application, made.id).version == kept_
    assert deposit(world, made).submissions == 2


def noted_on(made: Application) -> datetime:
    with transaction(SYSTEM) as tx:
        asked = select(func.max(Event.at)).where(Event.subject_id == made.id)
        return tx.session.execute(asked).scalar_one()
