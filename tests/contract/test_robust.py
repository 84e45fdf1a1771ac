"""Never a 500: whatever the description of the API allows or forbids, and what no description foresees."""

import json
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.contract import cases
from tests.contract.scenario import NOBODY, Scenario
from tests.contract.test_matrix import none
from tests.world import application

EXAMPLES = 2
"""Of each kind, for each operation and persona."""
LEFT_ALONE = {("POST", "/api/v1/sessions"), ("POST", "/api/v1/people/register")}
"""They hash passwords: fuzzed below, once each."""


def operations() -> list[Any]:
    """What the application describes, without what hashes passwords."""
    schema = schemathesis.openapi.from_dict(application().openapi())
    found = (result.ok() for result in schema.get_all_operations())
    return [one for one in found if (one.method.upper(), one.path) not in LEFT_ALONE]


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    ("persona", "mode"),
    [
        ("officer", GenerationMode.POSITIVE),
        ("officer", GenerationMode.NEGATIVE),
        ("holder", GenerationMode.POSITIVE),
    ],
)
def test_described_requests_are_answered(scenario: Scenario, persona: str, mode: GenerationMode) -> None:
    """Valid and invalid requests made from the schema, half of them about objects that exist."""
    failures: list[str] = []
    for operation in operations():
        try:
            strategy = operation.as_strategy(generation_mode=mode)
        except Exception:  # noqa: BLE001 (nothing invalid can be made of an operation without input)
            continue
        _try(scenario, persona, operation, strategy, failures)
    none(failures, "a fault of ours")


def _try(s: Scenario, persona: str, operation: Any, strategy: Any, failures: list[str]) -> None:
    @seed(2)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(made=strategy, real=st.booleans())
    def run(made: Any, real: bool) -> None:
        path = operation.path
        for name, value in (made.path_parameters or {}).items():
            known = cases.PARAMETERS.get(name) if real else None
            path = path.replace(f"{{{name}}}", _url(cases.filled(s, known) if known else value))
        answer = s.ask(
            persona,
            operation.method.upper(),
            path,
            params=dict(made.query or {}),
            headers=_headers(made.headers),
            content=made.body if isinstance(made.body, bytes) else _json(made.body),
        )
        if answer.status_code >= 500:
            failures.append(f"{operation.method} {path} {made.query} {made.body!r}: {answer.text[:200]}")

    try:
        run()
    except Exception as error:
        if "Unsatisfiable" not in type(error).__name__:
            raise


def _url(value: Any) -> str:
    from urllib.parse import quote

    return quote(str(value).encode("utf-8", "replace"), safe="") or "x"


def _headers(given_headers: Any) -> dict[str, str]:
    kept = {"content-type": "application/json"}
    for name, value in dict(given_headers or {}).items():
        text = str(value)
        if text.isascii() and text.isprintable():
            kept[str(name).lower()] = text
    return kept


def _json(body: Any) -> bytes:
    if type(body).__name__ == "NotSet":
        return b""
    return json.dumps(body, default=str).encode("utf-8", "surrogatepass")


EVIL_HEADERS = [
    {"if-match": value} for value in ("*", '"1", "2"', 'W/"1"', '"-1"', '"9999999999"', '"١"', "", '"' * 500)
] + [
    {"idempotency-key": value} for value in ("x" * 8, "x" * 121, "", "é" * 9, "a\tb" * 9)
] + [
    {"accept-language": "ar;q=x,,;q=;fr-;q=9" * 50},
    {"accept": "text/html;q=x, */*;;"},
    {"cookie": "indh_session=" + "x" * 3000 + "; lang=../..; lang=\\"},
    {"authorization": "Bearer " + "x" * 500},
    {"authorization": "Basic x"},
    {"content-length": "-1"},
    {"hx-request": "true", "referer": "http://[::1"},
    {"origin": "http://[::1", "sec-fetch-site": "x"},
    {"host": "[::1"},
    {"host": "a:b"},
    {"origin": "http://[::1"},
]  # fmt: skip

EVIL_BODIES: list[tuple[str, bytes]] = [
    ("application/json", b""),
    ("application/json", b"null"),
    ("application/json", b"[]"),
    ("application/json", b'"\\ud800"'),
    ("application/json", b"\xff\xfe{}"),
    ("application/json", b"{" * 5000),
    ("application/json", b"[" * 5000 + b"]" * 5000),
    ("application/json", b'{"a":' * 900 + b"1" + b"}" * 900),
    ("application/json", b'{"x": ' + b"9" * 5000 + b"}"),
    ("application/json", b'{"x": NaN, "y": Infinity, "z": 1e999}'),
    ("application/xml", b"<x/>"),
    ("application/json; charset=utf-7", b"{}"),
    ("multipart/form-data", b"x"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n',
    ),
    ("application/x-www-form-urlencoded", b"a=%00&b=%ud800&c=%ff&=&&" + b"x=1&" * 600),
    (
        "application/x-www-form-urlencoded",
        b"version=%D9%A1&role=%00&room=x&lines.x.label=1&lines..a=2&seat.x=f",
    ),
]  # fmt: skip

EVIL_TEXT = (
    "\0",
    "\ud800",
    "'; --",
    "%",
    "\\",
    "\u202e",
    "9" * 5000,
    "-1",
    "1e9",
    "../..",
    "{0}",
    "{a.b}",
    " ",
)
CURSORS = (
    "x", "====", "W10", "WyJpMSJd", "WyJ1eCJd", "WyJ0MjAyNiJd", "WyJpOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ",
    "WyJzXHUwMDAwIl0", "W251bGxd", "é",
)  # fmt: skip
"""Unreadable, of another length, of another kind, too large, with a NUL."""


def fault(s: Scenario, persona: str, method: str, path: str, **options: Any) -> str | None:
    try:
        answer = s.ask(persona, method, path, **options)
    except (UnicodeError, ValueError):
        return None  # the client itself refuses to send it
    return f"{method} {path} {options!r:.200}" if answer.status_code >= 500 else None


def faults(*found: str | None) -> None:
    none((one for one in found if one), "a fault of ours")


def target(s: Scenario, key: str) -> tuple[str, str]:
    """The method and the path of a route about the scenario's object."""
    method, template = key.partition("#")[0].split(" ", 1)
    places = cases.PARAMETERS | cases.CASES.get(key, cases.Case()).path
    return method, re.sub(r"{(\w+)}", lambda found: str(cases.filled(s, places[found[1]])), template)


@pytest.mark.parametrize("headers", EVIL_HEADERS, ids=lambda h: next(iter(h)))
def test_odd_headers(scenario: Scenario, headers: dict[str, str]) -> None:
    keys = [
        "GET /api/v1/me", "PATCH /api/v1/me", "POST /api/v1/organisations", "GET /my", "POST /me", "GET /",
        "PUT /api/v1/applications/{application_id}/sections/project", "GET /nowhere", "GET /language/{lang}",
    ]  # fmt: skip
    for key in keys:
        method, path = target(scenario, key)
        body = {"json": {}} if "/api/" in path and method != "GET" else {}
        raw = {name: value.encode() for name, value in headers.items()}
        faults(*(fault(scenario, who, method, path, headers=raw, **body) for who in ("holder", NOBODY)))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Starlette, of a refused file
@pytest.mark.parametrize("kind", range(len(EVIL_BODIES)))
def test_odd_bodies(scenario: Scenario, kind: int) -> None:
    """Every route that writes, as the one who may write most."""
    content_type, content = EVIL_BODIES[kind]
    found = []
    for key in cases.routes():
        if key.startswith("GET ") or not cases.known(key) or kind % 4 != len(key) % 4:
            continue
        method, path = target(scenario, key)
        who = "holder" if "/applications" in path else "officer"
        found.append(
            fault(
                scenario, who, method, path,
                content=content, headers={"content-type": content_type, "if-match": '"1"'},
            )
        )  # fmt: skip
    faults(*found)


def test_odd_forms(scenario: Scenario) -> None:
    """Every field of every form of a page, with words that no field expects."""
    found = []
    for n, (key, how) in enumerate(cases.PAGES.items()):
        if how.form is None:
            continue
        method, path = target(scenario, key)
        who = "holder" if "/applications/" in path or path.startswith(("/my", "/me")) else "officer"
        for i, name in enumerate(how.form):
            for k in range(2):
                evil = EVIL_TEXT[(n + i + 5 * k) % len(EVIL_TEXT)].encode("utf-8", "surrogatepass")
                form = {**cases.filled(scenario, how.form), name: evil}
                found.append(fault(scenario, who, method, path, data=form))
    faults(*found)


def test_odd_queries(scenario: Scenario) -> None:
    """Every list, with cursors made up and words that no query expects."""
    found = []
    names = (
        "q",
        "state",
        "call_id",
        "province",
        "code",
        "rule",
        "sector",
        "since",
        "until",
        "subject",
        "by",
        "on",
    )
    for n, key in enumerate(key for key in cases.routes() if key.startswith("GET ") and cases.known(key)):
        method, path = target(scenario, key)
        for cursor in (
            (CURSORS if n % 3 == 0 else CURSORS[-3:]) if "{" not in key or "rankings" in key else ()
        ):
            found += [fault(scenario, "officer", method, path, params={"cursor": cursor})]
        text = EVIL_TEXT[n % len(EVIL_TEXT)].encode("utf-8", "surrogatepass")
        found.append(fault(scenario, "auditor", method, path, params=dict.fromkeys(names, text)))
        found.append(
            fault(scenario, "officer", method, path, params={names[n % len(names)]: text, "limit": "5"})
        )
    faults(*found)


def test_odd_paths(scenario: Scenario) -> None:
    found = []
    for key in cases.routes():
        if "{" in key:
            method, template = key.partition("#")[0].split(" ", 1)
            for evil in ("%00", "x", "%ff", "00000000-0000-0000-0000-000000000000"):
                path = re.sub(r"{\w+}", evil, template)
                found.append(fault(scenario, "officer", method, path, headers={"if-match": '"1"'}))
    faults(*found)


def test_too_large_is_said(scenario: Scenario) -> None:
    body = b'{"name": "' + b"x" * 1_100_000 + b'"}'
    answer = scenario.ask("holder", "PATCH", "/api/v1/me", content=body, headers={"if-match": '"1"'})
    assert answer.status_code == 413
    chunks = (part for part in (body[:900_000], body[900_000:]))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert scenario.ask("holder", "POST", "/me", content=chunks, headers=headers).status_code == 413
