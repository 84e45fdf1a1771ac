"""The JSON edge of reviews: versions, keys, problems, the lean ranking."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.reviews import given

API = "/api/v1"


def test_the_whole_review_over_json(world: Any, client: Any) -> None:
    first = given.eligible(world, 2)[0]
    officer, evaluator = client("officer"), client("evaluator")
    body = {"application_id": str(first), "evaluator_id": str(world.evaluator.id)}
    key = {"idempotency-key": "one-assignment"}
    made = officer.post(f"{API}/assignments", json=body, headers=key)
    assert made.status_code == 201
    assert officer.post(f"{API}/assignments", json=body, headers=key).json() == made.json()
    assert officer.post(f"{API}/assignments", json=body).json()["code"] == "already_assigned"
    path = f"{API}/assignments/{made.json()['id']}"
    assert evaluator.get(f"{path}/dossier").status_code == 404
    assert evaluator.post(f"{path}/declare", json={"conflict": False}).status_code == 428
    done = evaluator.post(f"{path}/declare", json={"conflict": False}, headers={"if-match": '"1"'})
    assert (done.status_code, done.json()["state"], done.headers["etag"]) == (200, "open", '"2"')
    dossier = evaluator.get(f"{path}/dossier").json()
    assert dossier["grid"]["pass_mark"] == 60
    assert dossier["content"]["results"]["jobs_women"] == 8
    saved = evaluator.patch(path, json={"marks": {"impact": 3}}, headers={"if-match": '"2"'})
    assert (saved.json()["total_hundredths"], saved.headers["etag"]) == (1875, '"3"')
    stale = evaluator.patch(path, json={"marks": {"impact": 1}}, headers={"if-match": '"2"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert evaluator.post(f"{path}/sign", headers={"if-match": '"3"'}).json()["code"] == "marks_missing"
    saved = evaluator.patch(path, json={"marks": given.marks(3)}, headers={"if-match": '"3"'})
    signed = evaluator.post(f"{path}/sign", headers={"if-match": saved.headers["etag"]})
    assert signed.json()["state"] == "signed"
    assert officer.get(f"{API}/standings/{first}").json()["score_hundredths"] == 7500
    assert evaluator.get(f"{API}/standings/{first}").status_code == 404
    back = officer.post(f"{path}/reopen", json={"reason": "Devis reçu"})
    assert back.json()["state"] == "open"
    assert back.json()["marks"] == {}, "unsigned marks are their author's"
    assert evaluator.get(path).json()["marks"] == given.marks(3)
    later = (datetime.now(UTC) + timedelta(days=40)).isoformat()
    assert officer.post(f"{path}/extend", json={"due_at": later}).status_code == 200
    recused = evaluator.post(
        f"{path}/declare",
        json={"conflict": True, "reason": "Ma sœur"},
        headers={"if-match": evaluator.get(path).headers["etag"]},
    )
    assert (recused.json()["state"], recused.json()["marks"]) == ("recused", {})


def test_sharing_and_lists(world: Any, client: Any) -> None:
    given.eligible(world, 3)
    officer = client("officer")
    done = officer.post(f"{API}/assignments/share", json={"call_id": str(world.call)}).json()
    assert len(done["created"]) == 6
    assert done["shortfalls"] == []
    page = officer.get(f"{API}/assignments?call_id={world.call}&limit=4").json()
    rest = officer.get(f"{API}/assignments?call_id={world.call}&limit=4&cursor={page['next']}").json()
    assert len(page["items"]) == 4
    assert len(rest["items"]) == 2
    assert rest["next"] is None
    mine = client("evaluator").get(f"{API}/assignments?mine=true&state=assigned").json()["items"]
    assert mine
    assert {a["evaluator_id"] for a in mine} == {str(world.evaluator.id)}
    assert client("holder").get(f"{API}/assignments").json() == {"items": [], "next": None}
    one = page["items"][0]
    narrowed = officer.get(
        f"{API}/assignments?application_id={one['application_id']}&evaluator_id={one['evaluator_id']}"
    ).json()["items"]
    assert [a["id"] for a in narrowed] == [one["id"]]


def test_the_ranking_over_json(world: Any, client: Any, statements: Any) -> None:
    given.scored(world, 3)
    officer = client("officer")
    with statements() as seen:
        page = officer.get(f"{API}/rankings/{world.call}?limit=2")
    assert len(seen) <= 6
    body = page.json()
    assert [(row["rank"], row["score_hundredths"]) for row in body["items"]] == [(1, 7500), (2, 7500)]
    assert set(body["items"][0]) == {
        "rank", "application_id", "number", "title", "organisation", "commune", "requested_centimes",
        "score_hundredths", "ranked_hundredths", "corrected_hundredths", "corrected_error_hundredths",
            "rank_raw", "rank_expected_hundredths", "rank_low", "rank_high", "spread_hundredths", "reviews",
            "ties", "floors",
    }  # fmt: skip
    rest = officer.get(f"{API}/rankings/{world.call}?limit=2&cursor={body['next']}").json()
    assert [(row["rank"], row["score_hundredths"]) for row in rest["items"]] == [(3, 5000)]
    assert rest["next"] is None
    assert officer.get(f"{API}/rankings/{world.call}?cursor=junk").status_code == 422
    assert officer.get(f"{API}/rankings/{uuid4()}").status_code == 404
    for name in ("evaluator", "holder", "stranger", "coach"):
        assert client(name).get(f"{API}/rankings/{world.call}").status_code == 404


def test_what_the_schema_forbids(world: Any, client: Any) -> None:
    mine = given.opened(world)
    evaluator = client("evaluator")
    for body in (
        {"marks": {"impact": "3"}},
        {"marks": {"impact": 3.5}},
        {"marks": {"impact": 99}},
        {"notes": {"impact": "x" * 3000}},
        {"total_hundredths": 10_000},
        [],
    ):
        answer = evaluator.patch(f"{API}/assignments/{mine.id}", json=body, headers={"if-match": '"2"'})
        assert answer.status_code == 422, body
