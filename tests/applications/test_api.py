"""Dossiers over JSON: the whole flow and its cost, versions, keys, refusals, receipts."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.applications.models import Application, RuleResult
from backend.applications.schemas import WRITTEN
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.applications import given
from tests.applications.test_commands import TOO_MUCH

API = "/api/v1/applications"


def begin(browser: Any, world: Any, call: Any, **headers: str) -> Any:
    body = {"call_id": str(call.id), "organisation_id": str(world.tifaout)}
    return browser.post(API, json=body, headers=headers)


def put(browser: Any, id: Any, section: str, data: Any, version: int | str | None = 1) -> Any:
    headers = {} if version is None else {"if-match": f'"{version}"'}
    return browser.put(f"{API}/{id}/sections/{section}", json=data, headers=headers)


def test_the_whole_flow_and_its_statements(world: Any, client: Any, statements: Any) -> None:
    call = given.open_call(world)
    given.draft(world, call, "rival")  # the first number of a call costs two statements more
    content = given.content(documents=given.documents(call))
    browser, officer = client("holder"), client("officer")
    with statements() as seen:
        made = begin(browser, world, call)
        assert made.status_code == 201
        id_, version = made.json()["id"], made.headers["etag"].strip('"')
        assert version == "1"
        for name in WRITTEN:
            saved = put(browser, id_, name, content.get(name) or {"fixed_centimes": 300_000}, version)
            assert saved.status_code == 200, saved.text
            version = saved.headers["etag"].strip('"')
            assert saved.json()["version"] == int(version)
        codes = [one["code"] for one in given.documents(call)["provided"]]
        version = officer.post(f"{API}/{id_}/papers", json={"codes": codes}).json()["version"]
        done = browser.post(f"{API}/{id_}/submit")
        assert done.status_code == 200, done.text
    assert len(seen) <= 58, "\n".join(seen)  # three more with a key; six are the officer's
    assert done.json()["state"] == "submitted"
    assert done.headers["etag"] == f'"{int(version) + 1}"'
    again = browser.post(f"{API}/{id_}/submit").json()
    assert again["receipt_code"] == done.json()["receipt_code"]
    told = client(None).get(f"/api/v1/receipts/{again['receipt_code'].lower()}").json()
    assert told.pop("call")["ar"]
    assert told == {
        "valid": True,
        "number": again["number"],
        "first_submitted_at": again["submitted_at"],
        "submitted_at": again["submitted_at"],
        "version": 1,
        "replaced_by": None,
        "withdrawn": False,
        "content_sha256": again["content_sha256"],
        "matches": None,
    }
    print_ = {"sha256": again["content_sha256"].upper()[:32] + " " + again["content_sha256"][32:]}
    place = f"/api/v1/receipts/{again['receipt_code']}"
    assert client(None).get(place, params=print_).json()["matches"] is True
    assert client(None).get(place, params={"sha256": "x"}).json()["matches"] is False


def test_a_key_begins_once(world: Any, client: Any) -> None:
    call = given.open_call(world)
    browser = client("holder")
    first, again = (begin(browser, world, call, **{"idempotency-key": "the-same-key"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (
        begin(browser, world, call, **{"idempotency-key": "another-key"}).json()["id"] == first.json()["id"]
    )


def test_a_dossier_tells_what_is_missing_and_what_may_be_done(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    told = browser.get(f"{API}/{made.id}")
    assert told.headers["etag"] == '"1"'
    body = told.json()
    states = {one["section"]: one["state"] for one in body["sections"]}
    assert states["organisation"] == states["members"] == "complete"
    assert states["project"] == "todo"
    assert body["allowed_verbs"] == ["withdraw"]
    put(browser, made.id, "project", {"title": "Huile", "sector": "crafts", "chain": "argan"})
    body = browser.get(f"{API}/{made.id}").json()
    project = next(one for one in body["sections"] if one["section"] == "project")
    assert project["state"] == "fix"
    assert {"field": "chain", "code": "chain_of_another_sector"} in project["missing"]
    assert browser.get(f"{API}/{made.id}/sections/project").json()["data"]["title"] == "Huile"
    assert browser.get(f"{API}/{made.id}/sections/members").status_code == 422
    assert browser.put(f"{API}/{made.id}/sections/members", json={}).status_code in (404, 405)


def test_submit_says_each_missing_field(world: Any, client: Any) -> None:
    made = given.draft(world)
    refused = client("holder").post(f"{API}/{made.id}/submit")
    assert refused.status_code == 409
    body = refused.json()
    assert body["code"] == "incomplete"
    assert "declarations" in body["params"]["sections"]
    fields = {one["field"]: one for one in body["errors"]}
    assert fields["documents.legal-file"]["code"] == "document_missing"
    assert all(one["message"] and not one["message"].startswith("field.") for one in body["errors"])


@pytest.mark.parametrize(
    ("section", "data", "field"),
    [
        ("project", {"titre": "x"}, "titre"),
        ("project", {"title": "x" * 201}, "title"),
        ("project", {"title": "a\0b"}, "title"),
        ("project", {"sector": "piracy"}, "sector"),
        ("project", [], ""),
        ("location", {"commune": "99.999.99.99"}, "commune"),
        ("location", {"premises": "castle"}, "premises"),
        ("budget", {"lines": [{"label": "x", "kind": "gift", "amount_centimes": 1}]}, "lines.0.kind"),
        ("budget", {"lines": [{"amount_centimes": -1}]}, "lines.0.amount_centimes"),
        ("budget", {"lines": [{"amount_centimes": 1.5}]}, "lines.0.amount_centimes"),
        ("budget", {"lines": [{"amount_centimes": 10**14}]}, "lines.0.amount_centimes"),
        ("budget", {"lines": [{}] * 51}, "lines"),
        ("financing", {"indh_centimes": "12"}, "indh_centimes"),
        ("results", {"jobs_women": True}, "jobs_women"),
        ("declarations", {"accepted": ["everything"]}, "accepted.0"),
    ],
)
def test_what_the_schema_forbids_names_its_field(
    world: Any, client: Any, section: str, data: Any, field: str
) -> None:
    made = given.draft(world)
    refused = put(client("holder"), made.id, section, data)
    assert refused.status_code == 422, refused.text
    assert [one["field"] for one in refused.json()["errors"]] == [field]


def test_marks_that_reorder_text_are_dropped(world: Any, client: Any) -> None:
    made = given.draft(world)
    saved = put(
        client("holder"),
        made.id,
        "project",
        {"title": "Huile \u202eruetrop\u202c d’argan\u2066", "summary": " "},
    )
    assert saved.json()["data"]["title"] == "Huile ruetrop d’argan"


def test_versions(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    assert put(browser, made.id, "project", {"title": "A"}, None).status_code == 428
    assert put(browser, made.id, "project", {"title": "A"}, "x").status_code == 422
    assert put(browser, made.id, "project", {"title": "A"}).status_code == 200
    stale = put(browser, made.id, "project", {"title": "B"})
    assert stale.status_code == 412
    assert stale.json()["params"] == {"version": 1, "current": 2}


def test_another_gets_404_and_a_wrong_state_says_what_may_be_done(world: Any, client: Any) -> None:
    made = given.submitted(world)
    rival, holder, officer = client("rival"), client("holder"), client("officer")
    for path in ("", "/eligibility", "/sections/project"):
        assert rival.get(f"{API}/{made.id}{path}").status_code == 404
    for verb in ("submit", "admit", "refuse", "withdraw"):
        assert rival.post(f"{API}/{made.id}/{verb}").status_code == 404
        assert client(None).post(f"{API}/{made.id}/{verb}").status_code == 401
    assert put(rival, made.id, "project", {}).status_code == 404
    assert holder.post(f"{API}/{made.id}/admit").status_code == 403
    assert officer.post(f"{API}/{made.id}/withdraw").status_code == 403
    assert officer.post(f"{API}/{made.id}/admit").status_code == 200
    wrong = put(holder, made.id, "project", {}, made.version + 1)
    assert (wrong.status_code, wrong.json()["params"]["allowed_verbs"]) == (409, [])
    assert officer.get(f"{API}/{uuid4()}").status_code == 404
    assert officer.get(f"{API}/nonsense").status_code == 404


def test_an_officer_screens(world: Any, client: Any) -> None:
    call = given.open_call(world)
    good, bad = given.submitted(world, call), given.submitted(world, call, "rival", financing=TOO_MUCH)
    officer = client("officer")
    told = officer.get(f"{API}/{bad.id}/eligibility").json()
    assert told["stored"] is True
    failed = [one for one in told["results"] if one["outcome"] == "fail"]
    assert [one["rule_code"] for one in failed] == ["indh_amount", "indh_share"]
    assert "300" in failed[0]["reason"]["fr"]
    assert failed[0]["reason"]["ar"]
    assert officer.post(f"{API}/{bad.id}/admit").json()["code"] == "rule_refuses"
    assert officer.post(f"{API}/{good.id}/refuse").json()["code"] == "reason_required"
    assert officer.post(f"{API}/{good.id}/refuse", json={"reason": "a\0"}).status_code == 422
    foreseen = officer.get(f"{API}/screen", params={"call_id": str(call.id)}).json()
    done = officer.post(f"{API}/screen", params={"call_id": str(call.id)}).json()
    assert done == foreseen
    assert done == {
        "admitted": 1,
        "refused": 1,
        "unsettled": 0,
        "refused_by_rule": {"indh_amount": 1, "indh_share": 1},
    }
    assert client("stranger").post(f"{API}/screen", params={"call_id": str(call.id)}).status_code == 403
    assert client("holder").post(f"{API}/screen", params={"call_id": str(uuid4())}).status_code == 404


def test_a_draft_is_judged_live(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    told = browser.get(f"{API}/{made.id}/eligibility").json()
    by_rule = {one["rule_code"]: one for one in told["results"]}
    assert told["stored"] is False
    assert by_rule["legal_form"]["outcome"] == "pass"
    assert by_rule["indh_amount"]["outcome"] == "unknown"
    assert by_rule["indh_amount"]["missing"] == ["financing.indh"]


def test_lists_filter_search_and_page(world: Any, client: Any, statements: Any) -> None:
    call = given.open_call(world)
    given.submitted(world, call)
    officer = client("officer")
    with statements() as one:
        assert len(officer.get(API).json()["items"]) == 1
    bad = given.submitted(world, call, "rival", financing=TOO_MUCH)
    with statements() as two:
        listed = officer.get(API).json()
    assert len(two) == len(one) <= 4
    assert [item["number"][-4:] for item in listed["items"]] == ["0001", "0002"]

    def found(**params: Any) -> list[str]:
        return [item["number"][-4:] for item in officer.get(API, params=params).json()["items"]]

    assert found(call_id=str(call.id), state="submitted", sector="agriculture", chain="argan") == [
        "0001",
        "0002",
    ]
    assert found(q="تيفاوت") == ["0001"]
    assert found(q="TIFAOUT") == found(q="cooperative tifaout") == ["0001"]
    assert found(q="0002") == ["0002"]
    assert found(q="100%_\\") == []
    assert found(rule="indh_amount") == ["0002"]
    assert found(state="draft") == []
    assert officer.get(API, params={"state": "asleep"}).status_code == 422
    first = officer.get(API, params={"limit": 1}).json()
    rest = officer.get(API, params={"limit": 1, "cursor": first["next"]}).json()
    assert [item["id"] for item in rest["items"]] == [str(bad.id)]
    assert rest["next"] is None
    assert client("stranger").get(API).json()["items"] == []
    assert len(client("auditor").get(API).json()["items"]) == 2
    assert client("evaluator").get(API).json()["items"] == []


def test_receipts_say_nothing_of_what_they_do_not_know(client: Any) -> None:
    nobody = client(None)
    assert nobody.get("/api/v1/receipts/ABC").json()["code"] == "receipt_mistyped"
    from backend.applications.receipts import new_code

    unknown = nobody.get(f"/api/v1/receipts/{new_code()}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "receipt_unknown")


def test_results_are_stored_once_for_each_rule(world: Any, client: Any) -> None:
    made = given.submitted(world)
    client("holder").post(f"{API}/{made.id}/submit")
    with transaction(SYSTEM) as tx:
        codes = tx.session.scalars(
            select(RuleResult.rule_code).where(RuleResult.application_id == made.id)
        ).all()
        assert len(codes) == len(set(codes)) >= 8
        assert tx.session.get_one(Application, made.id).receipt_code


def test_withdrawing(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    assert browser.post(f"{API}/{made.id}/withdraw").json()["state"] == "withdrawn"
    assert browser.post(f"{API}/{made.id}/withdraw").json()["params"]["allowed_verbs"] == []
