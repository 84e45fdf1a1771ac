"""What surrounds every request: headers, cross-site refusals, sizes, problems, versions, signing in first."""

import json
import logging
import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.testclient import TestClient

from backend.core.errors import PROBLEMS
from backend.web import deps, problems
from backend.web.middleware import HEADERS, MAX_BODY
from tests.world import application

HTML = {"accept": "text/html"}
PATCH = {"name": "Autre Nom"}


# -- headers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/api/v1/me", "/api/v1/regions"])
def test_every_answer_is_protected_and_named(client: Any, path: str) -> None:
    answer = client(None).get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert len(answer.headers["x-request-id"]) == 32


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/regions", "/nowhere", "/static/app.css"])
def test_head_answers_as_get_without_its_body(client: Any, path: str) -> None:
    whole, head = client(None).get(path), client(None).head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_what_is_personal_is_not_kept_by_caches(client: Any) -> None:
    assert client("holder").get("/api/v1/me").headers["cache-control"] == "no-store"
    assert client(None).get("/api/v1/regions").headers["cache-control"].startswith("public")


def test_healthz_asks_the_database(client: Any) -> None:
    answer = client(None).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_request_is_logged_without_what_was_typed(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "indh.request"):
        answer = client(None).get("/receipts?code=SECRET-CODE")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "indh.request"]
    assert line.startswith("GET /receipts ")
    assert answer.headers["x-request-id"] in line
    assert "SECRET" not in line


def test_a_link_s_secret_is_not_logged(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "indh.request"):
        client(None).get("/invitations/SECRET-OF-HERS")
    lines = [record.getMessage() for record in caplog.records if record.name == "indh.request"]
    assert [line[: len("GET /invitations/… ")] for line in lines] == ["GET /invitations/… "]


def test_only_http_passes_through_the_edge() -> None:
    from backend.web.middleware import Edge

    seen: list[str] = []

    async def inner(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    import anyio

    anyio.run(Edge(inner), {"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert seen == ["lifespan"]


# -- cross-site ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"origin": "http://testserver"}, 303),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({}, 303),
    ],
)
def test_a_form_of_another_site_is_refused(client: Any, headers: dict[str, str], status: int) -> None:
    answer = client("holder").post("/sign-out", headers=headers, follow_redirects=False)
    assert answer.status_code == status


def test_another_site_may_read_what_is_public_and_programs_are_not_browsers(client: Any) -> None:
    cross = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert client(None).get("/api/v1/regions", headers=cross).status_code == 200
    refused = client(None).post("/api/v1/tokens", json={}, headers=cross | {"authorization": "Bearer x"})
    assert refused.status_code == 401  # the token is judged, not the place


# -- sizes and addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [str(MAX_BODY + 1).encode(), b"-1", b"x", b"9" * 50, "١".encode()])
def test_a_length_that_is_too_large_or_none_is_refused(client: Any, length: bytes) -> None:
    headers = {"content-length": length}
    answer = client("holder").post("/api/v1/tokens", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_without_a_length_is_read_no_further_than_the_limit(client: Any) -> None:
    parts = (b"x" * 400_000 for _ in range(3))
    answer = client("holder").post(
        "/api/v1/tokens", content=parts, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("host", ["[::1", "a:b", "a:99999999"])
def test_a_host_that_is_no_address_is_refused(client: Any, host: str) -> None:
    for path, headers in (("/", HTML), ("/api/v1/regions", {})):
        answer = client(None).get(path, headers={"host": host, **headers})
        assert answer.status_code == 422
        assert host not in answer.text


# -- problems --------------------------------------------------------------------------------------------


def test_a_problem_is_data_for_programs_and_a_page_for_people(client: Any) -> None:
    told = client("holder").get("/api/v1/nowhere")
    assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")
    assert told.json()["type"] == "/problems/not_found"
    page = client("holder").get("/nowhere", headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<title>" in page.text
    # an address under /api is for programs, whatever the browser says it likes
    assert client("holder").get("/api/v1/nowhere", headers=HTML).json()["code"] == "not_found"
    assert client("holder").get("/nowhere").json()["code"] == "not_found"


def test_a_problem_speaks_the_reader_s_language(client: Any) -> None:
    path = f"/api/v1/organisations/{UUID(int=0)}"
    fr, ar = (client(who).get(path).json() for who in ("holder", "rival"))
    assert fr["title"] != ar["title"]
    assert (
        client(None).get("/api/v1/nowhere", headers={"accept-language": "ar"}).json()["title"] == ar["title"]
    )
    assert all(
        part and "problem." not in part for part in (fr["title"], fr["detail"], ar["title"], ar["detail"])
    )


@pytest.mark.parametrize("code", sorted(PROBLEMS))
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_problem_has_its_sentences(lang: str, code: str) -> None:
    said = problems.describe(PROBLEMS[code](), lang)
    assert (said.code, said.status) == (code, PROBLEMS[code].status)
    assert said.title
    assert "problem." not in said.title + said.detail + said.action


def test_parameters_that_are_codes_are_said_in_words() -> None:
    from backend.core.errors import WRONG_STATE

    refusal = WRONG_STATE(state="state.application.submitted", allowed_verbs=["withdraw"], at=object())
    said = problems.describe(refusal, "fr")
    assert said.params["state"] == "state.application.submitted"
    assert "state.application" not in said.detail
    json.dumps(said.params)


@pytest.mark.parametrize(
    ("content", "content_type", "field"),
    [
        (b"{", "application/json", None),
        (b"[]", "application/json", ""),
        (b'{"name": "x"}', "application/json", "scopes"),
        (b'{"name": "x", "scopes": ["*"], "evil": 1}', "application/json", "evil"),
        (b'{"name": "x", "scopes": [1]}', "application/json", "scopes.0"),
        (b'{"name": "x", "scopes": ["*"], "expires_in_days": 9999}', "application/json", "expires_in_days"),
        (b"name=x", "application/x-www-form-urlencoded", ""),
    ],
)
def test_a_body_that_the_schema_forbids_names_its_fields(
    client: Any, content: bytes, content_type: str, field: str | None
) -> None:
    answer = client("holder").post("/api/v1/tokens", content=content, headers={"content-type": content_type})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "invalid")
    if field is not None:
        assert field in [error["field"] for error in told["errors"]]
    assert all(error["message"] and "field." not in error["message"] for error in told["errors"])


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/me", "GET, PATCH"),
        ("PUT", "/api/v1/organisations", "GET, POST"),
        ("PUT", f"/api/v1/organisations/{UUID(int=0)}", "GET, PATCH"),
        ("DELETE", "/sign-in", "GET, POST"),
        ("GET", "/sign-out", "POST"),
    ],
)
def test_a_method_that_is_not_there(client: Any, method: str, path: str, allowed: str) -> None:
    """Every method that the address takes is told, whatever the number of routes behind it."""
    answer = client("holder").request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == allowed
    assert allowed in answer.json()["detail"]


def test_json_that_cannot_be_read_says_where(client: Any) -> None:
    sent = b'{"name": "x",\n "scopes" ["*"]}'
    answer = client("holder").post(
        "/api/v1/tokens", content=sent, headers={"content-type": "application/json"}
    )
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"], error["code"]) == (422, "body", "json_invalid")
    assert "ligne 2, colonne 11" in error["message"]


@pytest.mark.parametrize("content", [b"[" * 200_000, b'"\xff"'])
def test_a_body_that_cannot_be_read_at_all_is_the_field_at_fault(client: Any, content: bytes) -> None:
    answer = client("holder").post(
        "/api/v1/tokens", content=content, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["body"]


def test_a_program_is_told_that_nothing_changed_not_that_its_words_are_kept(client: Any) -> None:
    told = client("holder").post("/api/v1/tokens", json={}).json()
    assert "Rien n’a été changé" in told["detail"]
    assert "gardé" not in told["detail"] + told["action"]


UNREAD = {
    "unreadable": ("POST", "/api/v1/tokens", {"content-type": "application/json"}, b"{"),
    "method": ("DELETE", "/api/v1/me", {}, b""),
    "length": ("POST", "/api/v1/tokens", {"content-length": "9" * 9}, b"{}"),
    "cross-site": ("POST", "/sign-out", {"sec-fetch-site": "cross-site"}, b""),
    "nowhere": ("GET", "/api/v1/nowhere", {}, b""),
    "no page": ("GET", "/nowhere", HTML, b""),
}


@pytest.mark.parametrize("case", UNREAD)
def test_what_is_refused_before_anybody_asked_who_she_is_speaks_her_language(client: Any, case: str) -> None:
    """`rival` has Arabic in her account, her browser asks for French."""
    method, path, headers, content = UNREAD[case]
    headers = headers | {"accept-language": "fr"}
    hers = client("rival").request(method, path, headers=headers, content=content)
    assert hers.status_code in {403, 404, 405, 413, 422}
    assert re.search("[\u0600-\u06ff]{3}", hers.text)
    if "html" not in hers.headers["content-type"]:
        assert not re.search(
            "[\u0600-\u06ff]", client(None).request(method, path, headers=headers, content=content).text
        )


def test_a_token_that_nobody_holds_leaves_the_browser_s_language(client: Any) -> None:
    headers = {"authorization": "Bearer wrong", "accept-language": "ar"}
    told = client(None).get("/api/v1/nowhere", headers=headers)
    assert (told.status_code, told.json()["title"]) == (404, "غير موجود")


def test_who_reads_is_asked_once_and_only_of_what_was_refused(client: Any, statements: Any) -> None:
    rival = client("rival")
    for path, asked in (("/api/v1/nowhere", 1), ("/api/v1/regions", 0)):
        with statements() as seen:
            rival.get(path)
        assert len([one for one in seen if "sign_in" in one]) == asked


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StaleDataError("x"), 412, "version_conflict"),
        (DataError("s", {}, Exception("secret")), 422, "invalid"),
        (IntegrityError("s", {}, Exception("secret")), 409, "conflict"),
        (OperationalError("s", {}, Exception("secret")), 503, "unavailable"),
        (PoolTimeout("x"), 503, "unavailable"),
        (ZeroDivisionError("secret"), 500, "unexpected"),
    ],
)
def test_what_the_database_refuses_is_said_by_kind(
    client: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    holder = client("holder")

    def fail(_request: Any) -> Any:
        raise error

    monkeypatch.setattr(deps, "identify", fail)
    answer = holder.get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "secret" not in answer.text
    if status == 503:
        assert answer.headers["retry-after"] == "5"
    if status == 500:
        assert answer.json()["params"]["request_id"] == answer.headers.get(
            "x-request-id", answer.json()["params"]["request_id"]
        )
        page = holder.get("/my", headers=HTML)
        assert (page.status_code, "secret" in page.text) == (500, False)


# -- versions, keys, the actor -------------------------------------------------------------------------------


def test_an_edit_needs_the_version_that_was_read(client: Any) -> None:
    holder = client("holder")
    tag = holder.get("/api/v1/me").headers["etag"]
    assert tag == '"1"'
    assert holder.patch("/api/v1/me", json=PATCH).json()["code"] == "version_required"
    assert holder.patch("/api/v1/me", json=PATCH, headers={"if-match": '"7"'}).status_code == 412
    done = holder.patch("/api/v1/me", json=PATCH, headers={"if-match": f"W/{tag}"})
    assert (done.status_code, done.headers["etag"]) == (200, '"2"')
    stale = holder.patch("/api/v1/me", json=PATCH, headers={"if-match": tag})
    assert (stale.status_code, stale.json()["params"]) == (412, {"version": 1, "current": 2})


@pytest.mark.parametrize("value", ["*", '"x"', '"1", "2"', '"-1"', '"1234567890"', ""])
def test_a_version_that_is_none(client: Any, value: str) -> None:
    answer = client("holder").patch("/api/v1/me", json=PATCH, headers={"if-match": value})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "If-Match")


@pytest.mark.parametrize("key", ["short", "x" * 121])
def test_a_key_too_short_or_too_long(client: Any, key: str) -> None:
    answer = client("holder").post("/api/v1/organisations", json={}, headers={"idempotency-key": key})
    assert answer.status_code == 422
    assert "idempotency-key" in [error["field"].rpartition("header.")[2] for error in answer.json()["errors"]]


def test_nobody_is_told_how_to_be_somebody(client: Any) -> None:
    answer = client(None).get("/api/v1/me")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    wrong = client(None).get("/api/v1/regions", headers={"authorization": "Bearer wrong"})
    assert wrong.status_code == 200  # nobody is asked who she is there
    assert client(None).get("/api/v1/calls", headers={"authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "headers", "back"),
    [
        ("GET", "/my", {}, "%2Fmy"),
        ("GET", "/organisations?q=a", {}, "%2Forganisations%3Fq%3Da"),
        ("POST", "/me", {"referer": "http://testserver/me?x=1#y"}, "%2Fme%3Fx%3D1"),
        ("POST", "/me", {"referer": "https://evil.example/me"}, "%2F"),
        ("POST", "/me", {"referer": "http://testserver//evil.example"}, "%2F"),
        ("POST", "/me", {"referer": "http://[::1"}, "%2F"),
        ("POST", "/me", {}, "%2F"),
    ],
)
def test_signing_in_comes_first_and_leads_back(
    client: Any, method: str, path: str, headers: dict[str, str], back: str
) -> None:
    answer = client(None).request(method, path, headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={back}")
    inside = client(None).request(
        method, path, headers=headers | {"hx-request": "true"}, follow_redirects=False
    )
    assert (inside.status_code, inside.headers["hx-redirect"]) == (204, f"/sign-in?next={back}")


def test_the_store_away_only_delays(world: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    from uuid import uuid4

    from backend.core.config import settings
    from backend.web import queue

    queue._producer.cache_clear()
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            queue.offer([uuid4()])
            queue.tick(["x.y"])
        assert "queue away" in caplog.text
        monkeypatch.setenv("REDIS_URL", "")
        settings.cache_clear()
        caplog.clear()
        queue.offer([uuid4()])
        assert caplog.text == ""
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        queue._producer.cache_clear()


def test_jobs_are_offered_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    from uuid import uuid4

    from backend.web import queue

    sent: list[tuple[str, Any]] = []
    monkeypatch.setattr(queue, "_send", lambda task, argument: sent.append((task, argument)))
    ids = [uuid4() for _ in range(queue.CHUNK + 1)]
    queue.offer(ids)
    queue.tick(["a.b"])
    assert [(task, len(argument)) for task, argument in sent] == [
        ("indh.run", 500),
        ("indh.run", 1),
        ("indh.tick", 3),
    ]
    assert sent[0][1][0] == str(ids[0])


def test_starting_the_application_connects_commits_to_the_queue(
    monkeypatch: pytest.MonkeyPatch, world: Any
) -> None:
    from backend.core import tx
    from backend.web import queue

    monkeypatch.setattr(tx, "dispatch", tx.dispatch)
    with TestClient(application()):
        assert tx.dispatch is queue.offer_soon


def test_what_requests_offer_at_once_is_sent_together(monkeypatch: pytest.MonkeyPatch) -> None:
    from queue import SimpleQueue
    from uuid import uuid4

    from backend.web import queue

    sent: SimpleQueue[list[str]] = SimpleQueue()
    monkeypatch.setattr(queue, "_send", lambda _task, argument: sent.put(argument))
    ids = [uuid4() for _ in range(4)]
    for id_ in ids[:3]:
        queue.offer_soon([id_])
    found = sent.get(timeout=10)
    while len(found) < 3:  # a slow machine may need several turns
        found += sent.get(timeout=10)
    queue.offer_soon(ids[3:])
    assert [*found, *sent.get(timeout=10)] == [str(id_) for id_ in ids]


def test_an_empty_answer_is_missing_rather_than_too_short_by_one(client: Any) -> None:
    told = client("holder").post("/api/v1/tokens", json={"name": "x", "scopes": []}).json()
    assert [(error["field"], error["code"]) for error in told["errors"]] == [("scopes", "missing")]


@pytest.mark.parametrize("path", ["/organisations/zzz", "/das/lookalikes/zzz", "/api/v1/organisations/zzz"])
def test_an_identifier_that_is_none_is_not_found(client: Any, path: str) -> None:
    answer = client("officer").get(path, headers={} if path.startswith("/api/") else HTML)
    assert answer.status_code == 404
    if path.startswith("/api/"):
        assert answer.json()["code"] == "not_found"
    else:
        assert "Il reste des points à corriger" not in answer.text
