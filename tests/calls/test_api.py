"""Calls over JSON: loading with faults by line, public reading, publishing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.calls import given
from tests.value_chains import given as chains
from tests.world import HERE, THERE

NOW = datetime.now(UTC)


def source() -> str:
    return given.AGADIR.read_text(encoding="utf-8")


def test_from_the_yaml_text_to_a_public_call(world: Any, client: Any) -> None:
    chains.priorities()
    officer = client("officer")
    past = officer.post("/api/v1/calls", json={"source": source()}).json()
    assert (past["phase"], past["verbs"]) == ("closed", ["archive"])
    refusal = officer.post(f"/api/v1/calls/{past['id']}/publish")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "call_window_past")
    assert "1 septembre 2023" in refusal.json()["detail"].replace("1er", "1")
    answer = officer.post("/api/v1/calls", json={"source": given.source()})
    assert answer.status_code == 201, answer.text
    call = answer.json()
    assert (call["code"], call["state"], call["phase"], call["verbs"]) == (
        "agadir-2023",
        "draft",
        "open",
        ["publish", "archive"],
    )
    assert call["definition"]["extends" if "extends" in call["definition"] else "code"] == "agadir-2023"
    visitor = client(None)
    where = f"/api/v1/calls/{call['id']}"
    assert visitor.get(where).status_code == 404
    assert visitor.get("/api/v1/calls").json()["items"] == []
    assert officer.post(f"{where}/publish").json()["state"] == "published"
    shown = visitor.get(where)
    assert shown.headers["etag"] == f'"{shown.json()["version"]}"'
    assert shown.json()["verbs"] == []
    assert shown.json()["envelope_centimes"] == call["envelope_centimes"]
    refusal = officer.post(f"{where}/archive")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "call_still_running")


def test_from_the_fields_themselves(world: Any, client: Any) -> None:
    chains.priorities()
    officer = client("officer")
    answer = officer.post("/api/v1/calls", json=given.body())
    assert answer.status_code == 201, answer.text
    again = officer.post("/api/v1/calls", json=given.body())
    assert (again.json()["id"], again.json()["version"]) == (answer.json()["id"], 1)
    extended = {"extends": "common/demo.yaml", **given.body(code="extended")}
    del extended["grid"]
    assert officer.post("/api/v1/calls", json=extended).status_code == 201


def test_one_key_one_answer(world: Any, client: Any) -> None:
    officer = client("officer")
    key = {"Idempotency-Key": "load-agadir-1"}
    first = officer.post("/api/v1/calls", json=given.body(), headers=key)
    second = officer.post("/api/v1/calls", json=given.body(), headers=key)
    assert first.json() == second.json()
    unchanged = officer.post("/api/v1/calls", json=given.body(), headers={"Idempotency-Key": "load-agadir-2"})
    assert unchanged.json()["id"] == first.json()["id"]


def test_every_fault_with_its_line_and_what_is_allowed(world: Any, client: Any) -> None:
    text = source().replace("legal_forms: [cooperative, gie, tpme]", "legal_forms: [cooperativ]")
    text = text.replace("closes_at: 2023-09-01 16:30", "closes_at: soon")
    line = text.splitlines().index("legal_forms: [cooperativ]") + 1
    answer = client("officer").post("/api/v1/calls", json={"source": text})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "call_file_invalid")
    issues = {issue["path"]: issue for issue in problem["params"]["issues"]}
    assert issues["legal_forms[0]"]["line"] == line
    assert issues["legal_forms[0]"]["allowed"][0] == "cooperative"
    assert f"Ligne {line}" in next(e["message"] for e in problem["errors"] if e["field"] == "legal_forms[0]")
    assert "closes_at" in issues


def test_faults_of_fields_have_no_line(world: Any, client: Any) -> None:
    body = given.body(envelope="a lot")
    answer = client("officer").post("/api/v1/calls", json=body, headers={"Accept-Language": "ar"})
    problem = answer.json()
    assert (answer.status_code, [issue["line"] for issue in problem["params"]["issues"]]) == (422, [0])
    assert problem["errors"][0]["field"] == "envelope"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source": ""},
        {"source": 3},
        {"source": "a: [", "more": 1},
        {"source": "\u0000"},
        {"x": [[[[1]]]]},
        [],
    ],
)
def test_never_a_500(world: Any, client: Any, body: Any) -> None:
    assert client("officer").post("/api/v1/calls", json=body).status_code == 422


def test_who_may_not(world: Any, client: Any) -> None:
    assert client(None).post("/api/v1/calls", json=given.body()).status_code == 401
    assert client("holder").post("/api/v1/calls", json=given.body()).status_code == 403
    call = given.draft(world)
    assert client(None).post(f"/api/v1/calls/{call.id}/publish").status_code == 401
    assert client("stranger").post(f"/api/v1/calls/{call.id}/publish").status_code == 404
    assert client("auditor").post(f"/api/v1/calls/{call.id}/publish").status_code == 403
    assert client("stranger").get(f"/api/v1/calls/{call.id}/rules").status_code == 404
    assert client("auditor").get(f"/api/v1/calls/{call.id}").json()["verbs"] == []


def test_frozen_and_wrong_state(world: Any, client: Any) -> None:
    call = given.published(world)
    officer = client("officer")
    body = given.body(title={"fr": "Autre", "ar": "آخر"})
    frozen = officer.post("/api/v1/calls", json=body)
    assert (frozen.status_code, frozen.json()["code"]) == (409, "call_frozen")
    again = officer.post(f"/api/v1/calls/{call.id}/publish")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    early = officer.post(f"/api/v1/calls/{call.id}/archive")
    assert (early.status_code, early.json()["code"]) == (409, "call_still_running")


def test_lists_filter_and_turn_pages(world: Any, client: Any, statements: Any) -> None:
    first = given.published(world)
    given.published(world, code="later", opens_at=NOW + timedelta(days=5), closes_at=NOW + timedelta(days=20))
    given.published(world, code="over", opens_at=NOW - timedelta(days=20), closes_at=NOW - timedelta(days=5))
    visitor = client(None)

    def codes(**params: Any) -> list[str]:
        return [item["code"] for item in visitor.get("/api/v1/calls", params=params).json()["items"]]

    assert codes() == ["later", first.code, "over"]
    assert (codes(phase="open"), codes(phase="upcoming"), codes(phase="closed")) == (
        [first.code],
        ["later"],
        ["over"],
    )
    assert codes(code="over") == ["over"]
    assert (len(codes(province=HERE)), codes(province=THERE)) == (3, [])
    page = visitor.get("/api/v1/calls", params={"limit": 2}).json()
    assert codes(limit=2, cursor=page["next"]) == ["over"]
    counts = []
    for limit in (1, 3):
        with statements() as seen:
            codes(limit=limit)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3
    assert visitor.get("/api/v1/calls", params={"phase": "never"}).status_code == 422


def test_rules_and_schema_are_public(world: Any, client: Any) -> None:
    call = given.published(world)
    visitor = client(None)
    rules = visitor.get(f"/api/v1/calls/{call.id}/rules").json()["items"]
    share = next(rule for rule in rules if rule["code"] == "indh_share")
    assert "60" in share["words"]["fr"]
    assert "60" in share["words"]["ar"]
    assert share["refuses"]
    assert visitor.get("/api/v1/calls/schema").json()["$schema"].endswith("2020-12/schema")
