"""Every route, asked by everybody of the cast: `matrix.txt` is the whole of who may do what, to be read.

A new route fails until the table says what each may do: write a case in `asked.py` if it writes or has an
unusual path, run `INDH_WRITE_MATRIX=1 ./indh test tests/contract/test_matrix.py`, read the new lines, commit.
"""

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.contract import cases
from tests.contract.scenario import NOBODY, PERSONAS, Scenario, shown

TABLE = Path(__file__).with_name("matrix.txt")
HOW = "write its case in tests/contract/asked.py, then INDH_WRITE_MATRIX=1 and read what changed"
Rows = dict[str, dict[str, str]]

PUBLIC = {
    "GET /", "GET /api/v1/calls", "GET /api/v1/calls/schema", "GET /api/v1/calls/{call_id}",
    "GET /api/v1/calls/{call_id}/rules", "GET /api/v1/calls/{call_id}/versions",
    "GET /api/v1/calls/{call_id}/questions", "POST /api/v1/calls/{code}/check", "GET /calls/{code}/versions",
    "GET /calls/{code}/check", "GET /calls/{code}/notice.pdf", "GET /api/v1/committees",
    "GET /api/v1/committees/{committee_id}",
    "GET /api/v1/communes", "GET /api/v1/observatory/funded", "GET /api/v1/observatory/summary",
    "GET /api/v1/openapi.json", "POST /api/v1/people/register",
    "GET /api/v1/provinces", "GET /api/v1/receipts/{code}", "GET /api/v1/regions", "DELETE /api/v1/sessions",
    "GET /api/v1/value-chains", "GET /api/v1/waves/by-age", "GET /calls/{code}", "GET /committees",
    "GET /committees/{committee_id}", "GET /committees/{committee_id}/history",
    "GET /committees/{committee_id}/procedure", "GET /committees/{committee_id}/procedures",
    "GET /committees/{committee_id}/order/file", "GET /committees/{committee_id}/roster/export.xlsx",
    "GET /committees/{committee_id}/rules.json", "GET /api/v1/committees/{committee_id}/compositions",
    "GET /api/v1/committees/{committee_id}/report", "GET /api/v1/consultations",
    "GET /api/v1/consultations/{consultation_id}",
    "GET /api/v1/consultations/{consultation_id}/contributions", "GET /consultations",
    "GET /consultations/{consultation_id}", "GET /consultations/{consultation_id}/documents/{file_id}",
    "GET /consultations/{consultation_id}/synthesis.pdf", "GET /healthz", "GET /invitations/{secret}",
    "POST /invitations/{secret}", "GET /language/{lang}", "GET /observatory",
    "GET /observatory/funded.csv", "GET /observatory/provinces.csv", "GET /observatory/survival.csv",
    "GET /receipts", "GET /receipts/{code}", "GET /register", "GET /sw.js", "POST /register", "GET /sign-in",
    "POST /sign-out", "GET /static/{version}/{name}", "GET /style", "GET /verify/{code}", "GET /welcome",
    "GET /verify", "POST /verify", "GET /seals", "GET /seals/{number}", "GET /proofs/receipts/{code}",
    "GET /api/v1/seals", "GET /api/v1/seals/export", "GET /api/v1/seals/{number}",
    "GET /api/v1/proofs/receipts/{code}", "POST /api/v1/proofs/check",
    "GET /calls/{code}/results", "GET /calls/{code}/results.pdf", "GET /api/v1/calls/{call_id}/results",
    "GET /information", "POST /information", "GET /information/follow", "POST /information/follow",
    "POST /information/forget", "GET /information/request", "GET /information/request.pdf",
    "GET /information/request/document", "POST /api/v1/information-requests",
    "POST /api/v1/information-requests/follow",  # law 31-13: anybody asks; the code opens the answer
    "GET /letters/{code}", "GET /minutes/{minutes_id}",  # whether the paper that one holds is the one kept
}  # fmt: skip
"""What anybody may ask without an account. Adding to it is a decision."""

ASKED_OF_ALL = {
    "POST /api/v1/calls/{code}/check",  # answers, keeps nothing
    "POST /api/v1/calls/{call_id}/questions",  # anybody signed in may ask about a published call
    "POST /calls/{code}/questions",
    "POST /verify",  # checks what is sent, keeps nothing
    "POST /api/v1/proofs/check",
    "POST /invitations/{secret}",  # whoever has the link that was sent to somebody
    "PUT /api/v1/consultations/{consultation_id}/contribution",  # anybody signed in may answer, for herself
    "POST /consultations/{consultation_id}/contribution",
    "POST /information",  # anybody may ask for information, signed in or not
    "POST /information/follow",
    "POST /information/forget",
    "POST /api/v1/information-requests",
    "POST /api/v1/information-requests/follow",
    "POST /api/v1/uploads",  # a file of her own, which nobody else sees
}
"""Writes that anybody signed in may make: of her own, or of nothing."""

OBJECTS_OF_ALL = (
    "/calls/{",
    "/committees/{",
    "/consultations/{",
    "/letters/{code}",
    "/minutes/{minutes_id}",
    "/receipts/{",
    "/verify/{",
    "/value-chains/priorities/{",
)
"""What everybody may see, so that those who may not act on it may be told 403."""

NOT_OF_THE_OBJECT = {
    # anybody may declare her own tie with an organisation: it tells her nothing of it
    "POST /api/v1/organisations/{organisation_id}/interests",
    "GET /audit/rows/{table}/{row_id}",  # refused by role (403) before any row is looked for
    "POST /sessions/{session_id}/{verb}#propose",  # refused on the call, which everybody may see
    "POST /das/applications/views/{view_id}/remove",  # refused by role (403) before any view is looked for
    "POST /das/applications/views/{view_id}/rename",
}


@cache
def table() -> Rows:
    """The committed table: statuses by route and persona."""
    if not TABLE.exists():
        return {}
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    names = lines[0].split()[1:]
    found: Rows = {}
    for line in lines[1:]:
        method, path, *statuses = line.split()
        found[f"{method} {path}"] = dict(zip(names, statuses, strict=True))
    return found


def written(rows: Rows) -> str:
    """The table as it is committed."""
    left = max(map(len, rows)) + 2
    widths = [max(len(name), 3) + 1 for name in PERSONAS]
    heads = "".join(name.rjust(width) for name, width in zip(PERSONAS, widths, strict=True))
    lines = [
        "# Who may do what: the status that each of the cast (tests/world.py) gets from each route, asked as",
        "# tests/contract/asked.py says. `in`: sent to the sign-in page. Written by INDH_WRITE_MATRIX=1.",
        "ROUTE".ljust(left) + heads,
    ]
    for key, row in rows.items():
        said = "".join(row[name].rjust(width) for name, width in zip(PERSONAS, widths, strict=True))
        lines.append(key.ljust(left) + said)
    return "\n".join(lines) + "\n"


@pytest.mark.skipif("INDH_WRITE_MATRIX" not in os.environ, reason="only to write the table anew")
@pytest.mark.timeout(600)
def test_write_the_table(scenario: Scenario) -> None:
    """Ask every route anew, or those that match the variable; a fault is not written down as what is due."""
    wanted = re.compile(os.environ["INDH_WRITE_MATRIX"].removeprefix("1"))
    rows: Rows = {}
    for key in filter(cases.known, cases.routes()):
        if wanted.search(key) or key not in table():
            rows[key] = {who: shown(cases.ask(scenario, who, key)) for who in PERSONAS}
        else:
            rows[key] = table()[key]
    TABLE.write_text(written({key: row for key, row in rows.items() if not _fails(row)}))
    table.cache_clear()
    none((key for key, row in rows.items() if _fails(row)), "a fault of ours, left out")


def test_every_route_is_in_the_table() -> None:
    routes = cases.routes()
    none((key for key in routes if not cases.known(key)), f"nobody asks this route: {HOW}")
    none((key for key in routes if key not in table()), f"route without a line: {HOW}")
    none((key for key in table() if key not in routes), f"line without a route: {HOW}")
    none((key for key in cases.CASES if key not in routes), "case without a route")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("persona", PERSONAS)
def test_column(scenario: Scenario, persona: str) -> None:
    """What this one gets from every route is what the table says."""
    wrong = []
    for key, row in table().items():
        if not cases.known(key):
            continue  # told by the test above
        answer = cases.ask(scenario, persona, key)
        if shown(answer) != row[persona]:
            wrong.append(f"{key}: {shown(answer)}, the table says {row[persona]}: {answer.text[:200]}")
    none(wrong, "another answer than the table's")


def none(found: Iterable[str], what: str) -> None:
    """Fail with one line for each."""
    lines = list(found)
    assert not lines, f"{what}\n" + "\n".join(lines)


def _fails(row: dict[str, str]) -> bool:
    return any(status.isdigit() and status >= "500" for status in row.values())


def _succeeds(status: str) -> bool:
    return status in {"200", "201", "202", "204", "303"}


def _objects(key: str) -> bool:
    """The route is about one object of the scenario."""
    return re.search(r"{\w+(_id|_code)}|{code}", key) is not None and key not in NOT_OF_THE_OBJECT


def test_nothing_fails() -> None:
    none((key for key, row in table().items() if _fails(row)), "a fault of ours")


def test_nobody_gets_what_is_public_and_nothing_else() -> None:
    shown_to_all = {key for key, row in table().items() if _succeeds(row[NOBODY])}
    none(shown_to_all - PUBLIC, "shown to everybody without being declared public")
    none(PUBLIC - shown_to_all, "declared public, not shown to everybody")
    for key, row in table().items():
        if key not in PUBLIC | {"POST /api/v1/sessions", "POST /sign-in"} and "/demo/mail" not in key:
            assert row[NOBODY] == ("401" if " /api/" in key else "in"), key


@pytest.mark.parametrize("persona", ["stranger", "rival"])
def test_outsiders_find_nothing(persona: str) -> None:
    """An officer of another province, a holder of another organisation: not even that an object exists."""
    rows = {key: row[persona] for key, row in table().items() if _objects(key)}
    of_all = {key for key in rows if any(place in key for place in OBJECTS_OF_ALL)}
    none((f"{key}: {s}" for key, s in rows.items() if key not in of_all and s != "404"), "not hidden")
    none(
        (key for key in of_all - ASKED_OF_ALL if key[:3] != "GET" and rows[key] not in ("403", "404")),
        "moved by an outsider",
    )


@pytest.mark.parametrize("persona", ["auditor", "coordination"])
def test_overseers_change_nothing(persona: str) -> None:
    """They read; the writes that succeed are on themselves, or write nothing (previews)."""
    own = re.compile(r"/(me|tokens|sessions|sign-in|sign-out|register|interests|saved-views|views|preview)\b")
    writes = {key: row for key, row in table().items() if key[:3] != "GET" and not own.search(key)}
    writes = {key: row for key, row in writes.items() if key not in ASKED_OF_ALL}
    none((key for key, row in writes.items() if _succeeds(row[persona])), f"changed by {persona}")


def test_agents_file_and_judge_nothing() -> None:
    """What she changes: her own account, whom she registers, whose agreement she asks."""
    own = re.compile(
        r"/(me|tokens|sessions|sign-in|sign-out|register|accompanied|accompaniments|preview)\b|"
        r" (/api/v1/organisations|/my/organisations/new)$|/interests$"
    )
    writes = {key: row for key, row in table().items() if key[:3] != "GET" and not own.search(key)}
    writes = {key: row for key, row in writes.items() if key not in ASKED_OF_ALL | PUBLIC}
    none((key for key, row in writes.items() if _succeeds(row["agent"])), "changed by an agent")
    reads = {key for key, row in table().items() if key[:3] == "GET" and _succeeds(row["agent"])}
    none((key for key in reads if " /das/" in key), "read by an agent")


def test_each_write_succeeds_for_somebody() -> None:
    """Otherwise the case is not valid, and its statuses speak of something else than authorisation."""
    never = {"POST /api/v1/sessions", "POST /sign-in"}  # a wrong password, on purpose
    never |= {"GET /demo/mail", "GET /demo/mail/{name}"}  # no box of caught mail in tests
    fruitless = {key for key, row in table().items() if not any(_succeeds(s) for s in row.values())}
    none(fruitless - never, "succeeds for nobody")
