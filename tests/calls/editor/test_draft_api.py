"""The draft, its words and its trial over JSON."""

from typing import Any
from uuid import UUID

import pytest

from backend.applications.models import Application, Outcome, RuleResult
from backend.calls.editor.text import dump
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.applications import given as applications
from tests.calls import given


def draft_of(officer: Any, call: Call) -> dict[str, Any]:
    answer = officer.get(f"/api/v1/calls/{call.id}/draft")
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    found: dict[str, Any] = answer.json()
    return found


def test_a_draft_is_read_kept_and_refused_over_an_older_one(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer, path = client("officer"), f"/api/v1/calls/{call.id}/draft"
    first = draft_of(officer, call)
    assert (first["version"], first["valid"], first["saved_at"]) == (1, True, None)
    assert first["definition"] == call.definition

    body = first["definition"] | {"appeal_days": 21}
    kept = officer.put(path, json=body, headers={"if-match": '"1"'})
    assert kept.status_code == 200, kept.text
    assert (kept.json()["version"], kept.json()["definition"]["appeal_days"]) == (2, 21)
    assert kept.json()["source"] == dump(body)
    assert officer.get(f"/api/v1/calls/{call.id}").json()["definition"]["appeal_days"] == 21

    assert officer.put(path, json=body, headers={"if-match": '"1"'}).status_code == 412
    assert officer.put(path, json=body).status_code == 428
    faulty = officer.put(path, json={"source": "code: [\n"}, headers={"if-match": '"2"'}).json()
    assert (faulty["valid"], faulty["definition"], faulty["version"]) == (False, None, 3)
    assert faulty["issues"][0]["line"] >= 1
    assert set(faulty["issues"][0]["message"]) == {"fr", "ar"}
    half = officer.put(path, json={"code": "half"}, headers={"if-match": '"3"'}).json()
    assert half["definition"] == {"code": "half"}
    assert not half["valid"]
    for body in ({"source": "a\0"}, {"source": "x" * 300_000}, {"deep": deep(40)}):
        refused = officer.put(path, json=body, headers={"if-match": '"4"'})
        assert refused.status_code == 422, refused.text
        assert refused.json()["code"] == "call_file_invalid"
    assert officer.get(f"/api/v1/calls/{call.id}").json()["definition"]["appeal_days"] == 21


def deep(n: int) -> Any:
    return [deep(n - 1)] if n else 1


def test_a_published_call_has_no_draft(world: Any, client: Any) -> None:
    call = given.published(world)
    officer = client("officer")
    assert officer.get(f"/api/v1/calls/{call.id}/draft").status_code == 409
    body = {"source": "a: 1"}
    answer = officer.put(f"/api/v1/calls/{call.id}/draft", json=body, headers={"if-match": '"1"'})
    assert answer.status_code == 409


@pytest.mark.parametrize(("name", "status"), [("holder", 404), ("stranger", 404), ("auditor", 403)])
def test_only_its_officers_read_a_draft(world: Any, client: Any, name: str, status: int) -> None:
    call = given.draft(world)
    assert client(name).get(f"/api/v1/calls/{call.id}/draft").status_code == status
    against = {"against": str(call.id)}
    assert client(name).post(f"/api/v1/calls/{call.id}/dry-run", json=against).status_code == status


def test_a_body_in_plain_words(client: Any) -> None:
    officer = client("officer")
    body = given.body()
    words = officer.post("/api/v1/calls/preview", json=body).json()
    assert words["valid"]
    assert any("300 000,00 DH" in plain(line["text"]) for line in words["words"]["fr"])
    assert any("درهم" in line["text"] for line in words["words"]["ar"])
    broken = body | {"appeal_days": "never", "rules": [{"code": "r", "check": {"fact": "members.count"}}]}
    words = officer.post("/api/v1/calls/preview", json=broken).json()
    assert not words["valid"]
    sections = {line["section"]: line["kind"] for line in words["words"]["fr"]}
    assert "appeal" not in sections
    assert sections["rules"] == "todo"
    assert "grid" in sections
    assert officer.post("/api/v1/calls/preview", json={"source": "a: ["}).json()["words"] == {
        "fr": [],
        "ar": [],
    }
    assert client("holder").post("/api/v1/calls/preview", json=body).status_code == 403


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# -- trial -------------------------------------------------------------------------------------------
def tried(officer: Any, call: Call, against: UUID) -> dict[str, Any]:
    answer = officer.post(f"/api/v1/calls/{call.id}/dry-run", json={"against": str(against)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def deposited(world: Any) -> Application:
    return applications.submitted(world)


STRICT: list[dict[str, Any]] = [
    {
        "code": "large", "title": {"fr": "Grande", "ar": "كبيرة"},
        "check": {"fact": "members.count", "at_least": 50},
    },
    {
        "code": "job", "title": {"fr": "Emploi", "ar": "عمل"}, "fails": "warn",
        "check": {"fact": "holder.has_other_job", "is": False},
    },
]  # fmt: skip


def test_a_trial_says_what_would_change_and_writes_nothing(world: Any, client: Any) -> None:
    made = deposited(world)
    officer = client("officer")
    same = given.draft(world, code="same")
    run = tried(officer, same, made.call_id)
    assert (run["total"], run["tried"]) == (1, 1)
    strict = given.draft(world, code="strict", rules=STRICT)
    run = tried(officer, strict, made.call_id)
    assert run["verdicts"] == {"pass": 0, "fail": 1, "unknown": 0}
    rules = {rule["code"]: rule for rule in run["rules"]}
    assert (rules["large"]["failed"], rules["large"]["refuses"]) == (1, True)
    assert rules["job"]["unknown"] == 1
    assert rules["job"]["missing"][0]["fact"] == "holder.has_other_job"
    (change,) = run["changes"]
    assert change["number"] == made.number
    assert change["after"] == "fail"
    assert "large" in {why["code"] for why in change["because"]}
    assert "10" in next(why for why in change["because"] if why["code"] == "large")["reason"]["fr"]
    with transaction(SYSTEM) as tx:
        codes = {row.rule_code for row in tx.session.query(RuleResult).filter_by(application_id=made.id)}
    assert "large" not in codes
    page = officer.get(
        f"/das/calls/{strict.id}/edit/dry-run?against={made.call_id}", headers={"accept": "text/html"}
    )
    assert "1 dossier serait jugé autrement" in plain(page.text)
    assert made.number in page.text.replace("\u2060", "")


def test_a_dossier_refused_then_and_admitted_now(world: Any, client: Any) -> None:
    made = deposited(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        for row in tx.session.query(RuleResult).filter_by(application_id=made.id):
            row.outcome, row.refuses = Outcome.PASS, True
        first = tx.session.query(RuleResult).filter_by(application_id=made.id).order_by("position").first()
        assert first is not None
        first.outcome = Outcome.FAIL
        gone = first.rule_code
    open_to_all = {"chains": "any", "sectors": "any", "caps": {}}
    run = tried(client("officer"), given.draft(world, code="open", **open_to_all), made.call_id)
    (change,) = run["changes"]
    assert (change["before"], change["after"]) == ("fail", "pass")
    assert change["refused_by"] == [gone]
    assert [why["code"] for why in change["because"]] == [gone]  # what it says now, which refuses no more
    assert change["because"][0]["reason"]["fr"]
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        row = tx.session.query(RuleResult).filter_by(application_id=made.id, rule_code=gone).one()
        row.rule_code, row.facts = "left", row.facts | {"title": {"fr": "Être ancien", "ar": "الأقدمية"}}
    draft = given.draft(world, code="shorter", **open_to_all)
    (change,) = tried(client("officer"), draft, made.call_id)["changes"]
    assert (change["because"], change["no_longer_asked"]) == ([], [{"fr": "Être ancien", "ar": "الأقدمية"}])
    page = client("officer").get(
        f"/das/calls/{draft.id}/edit/dry-run?against={made.call_id}", headers={"accept": "text/html"}
    )
    assert "« Être ancien » n’est plus demandé." in plain(page.text)
    assert "<b>1</b> recevable<" in page.text


def test_days_of_the_earlier_call_and_youth_of_the_draft(world: Any, client: Any) -> None:
    """Born from 1980 to 1989: nobody is under 30 on the day of the earlier call; all are under 100."""
    made = deposited(world)
    rule = {
        "code": "young", "title": {"fr": "Jeunes", "ar": "شباب"},
        "check": {"fact": "members.youth", "at_least": 10},
    }  # fmt: skip
    officer = client("officer")
    for age, failed in ((30, 1), (100, 0)):
        call = given.draft(
            world, code=f"young-{age}", rules=[rule], youth_under=age, reference_date="2099-01-01"
        )
        found = {one["code"]: one["failed"] for one in tried(officer, call, made.call_id)["rules"]}
        assert found["young"] == failed


def test_a_trial_needs_a_valid_draft_and_a_call_that_may_be_read(world: Any, client: Any) -> None:
    made = deposited(world)
    officer = client("officer")
    call = given.draft(world, code="tried")
    nowhere = {"against": "00000000-0000-7000-8000-000000000000"}
    assert officer.post(f"/api/v1/calls/{call.id}/dry-run", json=nowhere).status_code == 404
    assert officer.post(f"/api/v1/calls/{call.id}/dry-run", json={}).status_code == 422
    officer.put(f"/api/v1/calls/{call.id}/draft", json={"source": "a: 1"}, headers={"if-match": '"1"'})
    refused = officer.post(f"/api/v1/calls/{call.id}/dry-run", json={"against": str(made.call_id)})
    assert refused.json()["code"] == "dry_run_needs_valid"


def test_an_officer_of_elsewhere_sees_no_dossier(world: Any, client: Any) -> None:
    made = deposited(world)
    call = given.call_file(code="elsewhere", province="09.541", chains="any")
    from backend.calls import commands

    with transaction(world.stranger) as tx:
        theirs = commands.load(tx, call)
    run = tried(client("stranger"), theirs, made.call_id)
    assert (run["total"], run["tried"], run["changes"]) == (0, 0, [])


def test_a_trial_costs_the_same_whatever_the_dossiers(world: Any, client: Any, statements: Any) -> None:
    officer = client("officer")
    first = deposited(world)
    call = given.draft(world, code="tried", rules=STRICT)
    counts = []
    for n in (1, 2):
        if n == 2:
            with transaction(SYSTEM) as tx:
                same = tx.session.get_one(Call, first.call_id)
            applications.submitted(world, same, "rival")
        with statements() as seen:
            assert tried(officer, call, first.call_id)["tried"] == n
        counts.append(len(seen))
    assert counts[0] == counts[1]
