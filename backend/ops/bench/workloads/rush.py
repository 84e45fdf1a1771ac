"""The last minute before closing: every open draft is saved and deposited, some press twice, some come late.

What the clients hold is compared with the database: each receipt is found there, on one deposit, in time;
each field that was said to be kept is there; nobody who came after closing is in.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from backend.ops.bench import dossiers
from backend.ops.bench.data import SEED, cookie
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import OURS, Rig, Server
from backend.ops.bench.statistics import percentile
from backend.ops.paths import ROOT

DRAFTS, QUICK_DRAFTS = 5_000, 300
SECONDS = 60.0
QUICK_SECONDS = 10.0
SERVERS, CLIENTS = 2, 3  # processes of each
LATE = 20  # one holder in so many comes a second after closing
TWICE = 25  # one in so many presses twice
INCOME = 250_000  # centimes, as the drafts say before
Row = tuple[UUID, str, datetime | None, str | None, int]


def rush(rig: Rig) -> Result:
    """5 000 drafts (300 if quick) in the last 60 seconds (10), through several API processes."""
    number, seconds = (QUICK_DRAFTS, QUICK_SECONDS) if rig.quick else (DRAFTS, SECONDS)
    result = Result("rush", data=f"{number} drafts in {seconds:.0f} s", n=number)
    with rig.database() as name, ExitStack() as servers:
        with rig.owner(name) as db:
            drafts = dossiers.drafts(db, rig.loaded.open_call, number + SERVERS)
        running = [servers.enter_context(rig.serve(OURS, name)) for _ in range(SERVERS)]
        for server in running:  # nobody is the first of the day in the last minute
            _first(server, *drafts.pop())
        ports = [server.port for server in running]
        begins = time.time() + 5
        closes = begins + seconds
        with rig.owner(name) as db:
            closing = datetime.fromtimestamp(closes, UTC)
            db.execute("UPDATE call SET closes_at = %s WHERE id = %s", (closing, rig.loaded.open_call))
        told = _clients(_plan(drafts, ports, begins, closes))
        with rig.owner(name) as db:
            _judge(result, told, _rows(db, rig.loaded.open_call), _incomes(db, rig.loaded.open_call), closing)
    result.notes.append(
        f"{SERVERS} API processes, {CLIENTS} client processes, a new connection for each request"
    )
    return result


def _first(server: Server, application: UUID, number: int) -> None:
    client, place = server.client(cookie=cookie(f"holder-{number}")), f"/api/v1/applications/{application}"
    change = {"id": str(application), "section": "results", "field": "income_centimes", "was": INCOME,
              "value": INCOME + 1}  # fmt: skip
    client.write("PATCH", f"{place}/fields", {"changes": [change]})
    client.post(f"{place}/submit", {})


def _plan(drafts: list[tuple[UUID, int]], ports: list[int], begins: float, closes: float) -> list[Any]:
    """Who comes when: evenly until a second before closing, one in twenty a second after it."""
    dice = random.Random(SEED)  # noqa: S311 (a schedule, no secret)
    plan = []
    for n, (application, number) in enumerate(drafts):
        late = n % LATE == 0
        at = closes + 1 + dice.random() if late else begins + dice.random() * (closes - begins - 1)
        plan.append(
            {
                "application": str(application),
                "at": at,
                "was": INCOME,
                "income": INCOME + 100 + n,
                "twice": not late and n % TWICE == 1,
                "cookie": cookie(f"holder-{number}"),
                "port": ports[n % len(ports)],
            }
        )
    dice.shuffle(plan)
    return plan


def _clients(plan: list[Any]) -> list[dict[str, Any]]:
    """What each holder was answered."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "backend.ops.bench.rusher"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )
        for _ in range(CLIENTS)
    ]  # fmt: skip
    for n, process in enumerate(running):
        assert process.stdin
        process.stdin.write(json.dumps(plan[n::CLIENTS]).encode())
        process.stdin.close()
    told: list[dict[str, Any]] = []
    for process in running:
        assert process.stdout
        told += json.loads(process.stdout.read())
        process.wait()
    return told


def _rows(db: psycopg.Connection, call: UUID) -> dict[str, Row]:
    found = db.execute(
        "SELECT a.id, a.state, a.submitted_at, a.receipt_code, count(s.id)::int FROM application a"
        " LEFT JOIN submission s ON s.application_id = a.id WHERE a.call_id = %s GROUP BY a.id",
        (call,),
    ).fetchall()
    return {str(row[0]): (row[0], row[1], row[2], row[3], row[4]) for row in found}


def _incomes(db: psycopg.Connection, call: UUID) -> dict[str, int]:
    """What is kept of the field that each of them saved."""
    found = db.execute(
        "SELECT id, (coalesce(revision, content) #>> '{results,income_centimes}')::int FROM application"
        " WHERE call_id = %s",
        (call,),
    ).fetchall()
    return {str(key): income for key, income in found}


def _judge(
    result: Result,
    told: list[dict[str, Any]],
    rows: dict[str, Row],
    incomes: dict[str, int],
    closing: datetime,
) -> None:
    rows = {one["application"]: rows[one["application"]] for one in told}
    receipts = {one["application"]: one["receipt"] for one in told if one["receipt"]}
    lost = sum(rows[key][3] != code or rows[key][1] != "submitted" for key, code in receipts.items())
    lost_saves = sum(one["kept"] and incomes[one["application"]] != one["income"] for one in told)
    late = sum(bool(row[2] and row[2] >= closing) for row in rows.values())
    codes = Counter(row[3] for row in rows.values() if row[3])
    double = sum(n > 1 for n in codes.values()) + sum(row[4] > 1 for row in rows.values())
    double += sum(bool(one["again"] and one["again"] != one["receipt"]) for one in told)
    unknown = sum(row[1] == "submitted" and key not in receipts for key, row in rows.items())
    statuses = Counter(status for one in told for status in one["statuses"])
    closed = closing.timestamp()
    asked = [pair for one in told for pair in zip(one["sent"], one["seconds"], strict=True)]
    taken = [second for sent, second in asked if sent < closed]
    in_time = [one for one in told if one["sent"][1] < closed]
    deposits = [one["seconds"][1] for one in in_time] or [0.0]
    result.p50_ms, result.p95_ms = percentile(taken, 0.5) * 1e3, percentile(taken, 0.95) * 1e3
    result.per_second = len(taken) / (closed - min(sent for sent, _ in asked))
    result.more += [
        Target("lost deposits", lost, 0),
        Target("lost saves", lost_saves, 0),
        Target("accepted late", late, 0),
        Target("double", double, 0),
        Target("deposits of which no client knows", unknown, 0),
        Target("deposits sent in time without a receipt", sum(not one["receipt"] for one in in_time), 0),
        Target(
            "answers of 500 and more, or none", sum(n for s, n in statuses.items() if s >= 500 or not s), 0
        ),
        Target("p99 of what was asked in time", percentile(taken, 0.99), 2, "s"),
    ]
    refused = Counter(one["code"] for one in told if one["code"])
    counted = dict(sorted(statuses.items()))
    result.notes.append(
        f"{len(receipts)} receipts held and found; {len(told) - len(in_time)} deposits were sent late;"
        f" refused: {dict(refused)}; statuses {counted}; p99 of a deposit {percentile(deposits, 0.99):.2f} s"
    )
