"""The ranking of a call of 10 000 dossiers with three reviews of six marks each, beside the bare endpoint."""

import gzip
import json
from functools import partial
from urllib.parse import quote

from backend.ops.bench.data import cookie
from backend.ops.bench.http import Client, Unexpected
from backend.ops.bench.processes import peak_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import BARE, OURS, Rig, Server
from backend.ops.bench.statistics import interleaved, ratio

EACH = 30  # requests of each side in a round
LIMIT = "FastAPI endpoint: the same page of the same tables, raw SQL to JSON, nobody signed in"


def api(rig: Rig) -> Result:
    """50 rows as JSON: the first page timed, the last beside it, statements at 5 and 50 rows."""
    with rig.database() as name, rig.serve(OURS, name) as ours, rig.serve(BARE, name) as bare:
        path = f"/api/v1/rankings/{rig.loaded.ranked_call}"
        client = ours.client(cookie=cookie("officer"))
        last = f"{path}?cursor={quote(_last_cursor(client, path))}"
        result = _measured(rig, "ranking-api", name, (ours, client, path, last), bare, target=1.5)
        result.target_sql = 6
        few = rig.statements(name, lambda: client.get(f"{path}?limit=5"))
        result.more.append(
            Target("SQL at 5 rows against 50", abs(few - (result.sql or 0)), 0, "statements apart")
        )
    return result


def page(rig: Rig) -> Result:
    """The same 50 rows as an HTML page, compressed as browsers ask for it."""
    with rig.database() as name, rig.serve(OURS, name) as ours, rig.serve(BARE, name) as bare:
        path = f"/das/calls/{rig.loaded.ranked_call}/ranking"
        client = ours.client(cookie=cookie("officer"), **{"accept-encoding": "gzip"})
        try:
            client.get(path)
        except Unexpected as missing:
            return Result("ranking-page", skipped=f"no such page yet ({str(missing)[:80]})")
        plain = ours.client(cookie=cookie("officer"))
        last = f"{path}?cursor={quote(_last_cursor(plain, f'/api/v1/rankings/{rig.loaded.ranked_call}'))}"
        result = _measured(rig, "ranking-page", name, (ours, client, path, last), bare, target=4)
        result.target_sql = 10
        result.more.append(Target("compressed", (result.bytes or 0) / 1000, 40, "kB"))
    return result


def _measured(
    rig: Rig, name: str, database: str, mine: tuple[Server, Client, str, str], bare: Server, *, target: float
) -> Result:
    server, client, first, last = mine
    simple = bare.client()
    limit = f"/ranking/{rig.loaded.ranked_call}"
    sides = {
        "first": partial(client.get, first),
        "last": partial(client.get, last),
        "limit": partial(simple.get, limit),
    }
    interleaved(sides, 1, EACH)  # warm
    found = interleaved(sides, rig.rounds, EACH)
    result = Result(name, data=rig.loaded.words, limit=LIMIT, target_ratio=target)
    result.timings(found["first"])
    result.limit_p50_ms = found["limit"].p50 * 1e3
    result.ratio = ratio(found["first"], found["limit"])
    result.per_second = 1 / found["first"].p50
    result.more.append(Target("last page over first", ratio(found["last"], found["first"]), 1.2))
    before = rig.cpu(server.pid)
    for _ in range(EACH):
        client.get(first)
    result.cpu_ms = (rig.cpu(server.pid) - before) / EACH * 1e3
    result.sql = rig.statements(database, sides["first"])
    result.memory_mb = peak_mb(server.pid)
    body = client.get(first)
    result.bytes = len(body if body[:2] == b"\x1f\x8b" else gzip.compress(body, 6))
    result.notes.append("bytes are as they travel compressed")
    return result


def _last_cursor(client: Client, path: str) -> str:
    """The cursor after which 50 rows are left."""
    total = 0
    cursor: str | None = None
    while True:
        page = json.loads(client.get(_at(path, 200, cursor)))
        total += len(page["items"])
        if page["next"] is None:
            break
        cursor = page["next"]
    left = total - 50
    cursor = None
    while left > 0:
        page = json.loads(client.get(_at(path, min(left, 200), cursor)))
        left, cursor = left - len(page["items"]), page["next"]
    if cursor is None:
        raise Unexpected("the ranking has one page only")
    return cursor


def _at(path: str, limit: int, cursor: str | None) -> str:
    return f"{path}?limit={limit}" + (f"&cursor={quote(cursor)}" if cursor else "")
