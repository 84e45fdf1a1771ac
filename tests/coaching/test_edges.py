"""Coaching over HTTP: the JSON edge and the pages, in both languages, for each reader."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.coaching import commands
from backend.core import jobs as kernel
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import transaction
from tests.funding import given as funding

from . import given

API = "/api/v1"
HTML = {"accept": "text/html"}


def day(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def test_the_whole_life_over_the_api(world: Any, client: Any) -> None:
    convention_id = funding.signed(world)
    officer, holder, coach = client("officer"), client("holder"), client("coach")
    body = {"convention_id": str(convention_id), "coach_id": str(world.coach.id)}
    key = {"Idempotency-Key": "plan-0001"}
    made = officer.post(f"{API}/plans", json=body, headers=key)
    assert made.status_code == 201, made.text
    assert officer.post(f"{API}/plans", json=body, headers=key).json() == made.json()
    assert officer.post(f"{API}/plans", json=body).json()["code"] == "plan_exists"
    plan = made.json()
    assert holder.get(f"{API}/plans/{plan['id']}").json() == plan
    assert [
        p["id"]
        for p in coach.get(f"{API}/plans?convention_id={convention_id}&coach_id={world.coach.id}").json()[
            "items"
        ]
    ] == [plan["id"]]

    path = f"{API}/milestones/{plan['milestones'][0]['id']}"
    assert holder.post(f"{path}/report", json={"report": "Fait."}).status_code == 428
    assert holder.get(path).headers["etag"] == '"1"'
    moved = coach.post(f"{path}/reschedule", json={"due_on": day(20)}, headers={"If-Match": '"1"'})
    assert moved.json()["due_on"] == day(20)
    late = holder.post(f"{path}/report", json={"report": "Fait."}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    reported = holder.post(f"{path}/report", json={"report": "Fait."}, headers={"If-Match": '"2"'})
    assert reported.json()["state"] == "reported"
    assert reported.headers["etag"] == '"3"'
    back = coach.post(f"{path}/send-back", json={"reason": "Précisez."}, headers={"If-Match": '"3"'})
    assert back.json()["state"] == "open"
    holder.post(f"{path}/report", json={"report": "Fait, avec les comptes."}, headers={"If-Match": '"4"'})
    done = coach.post(f"{path}/validate", headers={"If-Match": '"5"'})
    assert done.json()["state"] == "validated"
    listed = officer.get(f"{API}/milestones?state=open&limit=2").json()
    assert len(listed["items"]) == 2
    assert listed["next"]
    assert listed["late"] == listed["to_validate"] == 0
    rest = officer.get(
        f"{API}/milestones",
        params={
            "state": "open",
            "cursor": listed["next"],
            "due_by": day(3000),
            "plan_id": plan["id"],
            "coach_id": str(world.coach.id),
        },
    ).json()
    assert len(rest["items"]) == 3
    reminders = officer.get(f"{API}/reminders?limit=3").json()
    assert reminders["counts"] == {"planned": 70, "sent": 0, "superseded": 0, "not_needed": 14}
    assert len(reminders["items"]) == 3
    assert reminders["due"] == 0
    one = officer.get(
        f"{API}/reminders", params={"state": "not_needed", "milestone_id": plan["milestones"][0]["id"]}
    ).json()
    assert len(one["items"]) == 14


def test_a_call_planned_over_the_api(world: Any, client: Any) -> None:
    funding.signed(world)
    body = {"call_id": str(world.call), "coach_ids": [str(world.coach.id)]}
    assert len(client("officer").post(f"{API}/plans/call", json=body).json()["items"]) == 1
    assert client("officer").post(f"{API}/plans/call", json=body).json()["items"] == []
    assert client("officer").post(f"{API}/plans/call", json=body | {"coach_ids": []}).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("holder", 200),
        ("coach", 200),
        ("officer", 200),
        ("auditor", 200),
        ("other_coach", 404),
        ("rival", 404),
        ("stranger", 404),
        (None, 401),
    ],
)
def test_who_reads(world: Any, client: Any, who: str | None, status: int) -> None:
    plan_id = given.planned(world)
    first = given.milestones(plan_id)[0]
    browser = client(who)
    for path in (f"{API}/plans/{plan_id}", f"{API}/milestones/{first}"):
        assert browser.get(path).status_code == status
    if status != 401:
        seen = 6 if status == 200 else 0
        assert len(browser.get(f"{API}/milestones").json()["items"]) == seen
        assert sum(browser.get(f"{API}/reminders").json()["counts"].values()) == seen * 14


def page(browser: Any, path: str, lang: str = "fr") -> str:
    answer = browser.get(path, params={"lang": lang}, headers=HTML)
    assert answer.status_code == 200, answer.text[:2000]
    text: str = answer.text
    assert "{" not in text.split("</head>")[1], text.split("</head>")[1].split("{")[1][:80]
    return text


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_pages_for_each_reader(world: Any, client: Any, lang: str) -> None:
    convention_id = funding.signed(world)
    officer = client("officer")
    page(officer, "/milestones", lang)
    new = page(officer, f"/conventions/{convention_id}/plan", lang)
    assert str(world.coach.id) in new
    path = f"/conventions/{convention_id}/plan"
    missing = officer.post(path, data={}, headers=HTML)
    assert missing.status_code == 422
    assert 'href="#coach_id"' in missing.text
    assert officer.post(path, data={"coach_id": "x"}, headers=HTML).status_code == 422
    assert officer.post(path, data={"coach_id": str(world.evaluator.id)}, headers=HTML).status_code == 422
    made = officer.post(path, data={"coach_id": str(world.coach.id)}, follow_redirects=False)
    assert made.status_code == 303
    assert officer.post(path, data={"coach_id": str(world.coach.id)}, headers=HTML).status_code == 409
    assert officer.get(path, follow_redirects=False).status_code == 303
    plan_path = made.headers["location"].split("?")[0]
    plan_id = plan_path.rsplit("/", 1)[1]
    first = given.milestones(UUID(plan_id))[0]
    for who in ("officer", "coach", "holder", "auditor"):
        browser = client(who)
        for path in (plan_path, f"/milestones/{first}", "/milestones", "/milestones?view=all"):
            page(browser, path, lang)
    for view in ("to_validate", "done", "nothing"):
        page(officer, f"/milestones?view={view}&mine=1", lang)


def test_a_convention_links_to_its_plan_only_for_who_may_open_it(world: Any, client: Any) -> None:
    convention_id = funding.signed(world)
    here = f"/conventions/{convention_id}"
    link = f'href="{here}/plan"'
    assert link in page(client("officer"), here)
    for who in ("chair", "holder"):
        assert link not in page(client(who), here)
    made = client("officer").post(
        f"{here}/plan", data={"coach_id": str(world.coach.id)}, follow_redirects=False
    )
    link = f'href="{made.headers["location"].split("?")[0]}"'
    for who in ("officer", "holder", "coach"):
        assert link in page(client(who), here)
    assert "/plan" not in page(client("chair"), here)


def test_the_plan_form_is_the_officer_s(world: Any, client: Any) -> None:
    convention_id = funding.signed(world)
    path = f"/conventions/{convention_id}/plan"
    assert client("holder").get(path, headers=HTML).status_code == 404
    assert client("coach").post(path, data={"coach_id": str(world.coach.id)}, headers=HTML).status_code == 403


def test_report_return_and_validation_by_forms(world: Any, client: Any) -> None:
    first = given.milestones(given.planned(world))[0]
    path = f"/milestones/{first}"
    holder, coach = client("holder"), client("coach")
    assert 'name="report"' in page(holder, path)
    assert 'name="report"' not in page(coach, path)
    empty = holder.post(f"{path}/report", data={"report": " ", "version": "1"}, headers=HTML)
    assert empty.status_code == 422
    assert 'href="#report"' in empty.text
    old = holder.post(f"{path}/report", data={"report": "Mes mots", "version": "0"}, headers=HTML)
    assert old.status_code == 412
    assert "Mes mots" in old.text
    assert (
        holder.post(f"{path}/report", data={"report": "Mes mots", "version": "1"}, headers=HTML).status_code
        == 200
    )
    assert "Mes mots" in page(coach, path)
    again = holder.post(f"{path}/report", data={"report": "D’autres mots", "version": "2"}, headers=HTML)
    assert again.status_code == 409
    assert "Vous aviez saisi\u00a0: D’autres mots" in again.text
    why = coach.post(f"{path}/send-back", data={"reason": "", "version": "2"}, headers=HTML)
    assert why.status_code == 422
    assert 'href="#reason"' in why.text
    assert (
        coach.post(
            f"{path}/send-back", data={"reason": "Et les ventes ?", "version": "2"}, headers=HTML
        ).status_code
        == 200
    )
    assert "Et les ventes ?" in page(holder, path)
    assert "Mes mots" in page(holder, path)
    holder.post(f"{path}/report", data={"report": "Ventes notées", "version": "3"})
    assert coach.post(f"{path}/validate", data={"version": "4"}, headers=HTML).status_code == 200
    assert "Ventes notées" in page(holder, path)
    assert client("other_coach").post(f"{path}/validate", data={"version": "5"}).status_code == 404
    assert client("auditor").post(f"{path}/validate", data={"version": "5"}).status_code == 403


def test_another_date_by_form(world: Any, client: Any) -> None:
    first = given.milestones(given.planned(world))[0]
    path = f"/milestones/{first}/reschedule"
    officer = client("officer")
    for typed in ("", "demain", day(9000)):
        answer = officer.post(path, data={"due_on": typed, "version": "1"}, headers=HTML)
        assert answer.status_code == 422
        assert 'href="#due_on"' in answer.text
    assert officer.post(path, data={"due_on": day(12), "version": "1"}, headers=HTML).status_code == 200


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_late_milestone_shows_its_ladder(world: Any, client: Any, lang: str) -> None:
    today = datetime.now(UTC).date()
    plan_id = given.planned(world, today - timedelta(days=40))
    first = given.milestones(plan_id)[0]
    for days in (-14, 0, 3):
        with arriving(at=commands.due_at(given.milestone(first).due_on, days)):
            kernel.tick("reminders")
    shown = page(client("coach"), f"/milestones/{first}", lang)
    assert shown.count('<li class="done">') == 2
    assert '<li class="missed">' in shown
    assert '<li class="next">' in shown
    listed = page(client("officer"), "/milestones", lang)
    assert "tag no" in listed
    page(client("holder"), f"/plans/{plan_id}", lang)


def test_a_call_without_reminders(world: Any, client: Any) -> None:
    from backend.calls.callfile import read

    coaching = read(funding.CALLS / "agadir-2023.yaml").as_json()["coaching"] | {"reminders": []}
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        call_id = funding.a_call(tx, world, "sans-relance", coaching=coaching)
        application_id = funding.a_decision(tx, world, call_id, funding.a_session(tx, world), world.tifaout)
    with transaction(world.officer) as tx:
        from backend.funding import commands as money

        convention = money.prepare(tx, application_id)
        money.sign(tx, convention.id, tx.now.date())
        plan_id = commands.plan(tx, convention.id, world.coach.id).id
    first = given.milestones(plan_id)[0]
    assert "ne prévoit pas de relance" in page(client("coach"), f"/milestones/{first}")


def test_lists_cost_the_same_for_one_or_many(world: Any, client: Any, statements: Any) -> None:
    given.planned(world)
    counts = []
    for limit in (1, 5):
        with statements() as seen:
            client("officer").get(f"{API}/milestones?limit={limit}")
        counts.append(len(seen))
    assert counts[0] == counts[1]
