"""An evaluator at work: she opens a dossier; she marks its six criteria with notes, and signs."""

import random
from collections.abc import Callable, Iterator
from uuid import UUID

from backend.ops.bench import content
from backend.ops.bench.data import SEED, cookie
from backend.ops.bench.http import Client
from backend.ops.bench.processes import peak_mb
from backend.ops.bench.result import Result
from backend.ops.bench.rig import BARE, OURS, Rig
from backend.ops.bench.statistics import interleaved, ratio

EACH = 20


def opened(rig: Rig) -> Result:
    """GET of the dossier behind an assignment, with the grid and her marks."""
    with rig.database() as name, rig.serve(OURS, name) as ours, rig.serve(BARE, name) as bare:
        client, simple = ours.client(cookie=cookie("reviewer")), bare.client()
        mine = _paths(rig, name, "/api/v1/assignments/{}/dossier")
        theirs = _paths(rig, name, "/dossier/{}")
        sides = {"ours": lambda: client.get(next(mine)), "limit": lambda: simple.get(next(theirs))}
        interleaved(sides, 1, EACH)
        found = interleaved(sides, rig.rounds, EACH)
        result = Result(
            "review-open", data=rig.loaded.words, target_sql=12, limit="the same rows in one statement"
        )
        result.timings(found["ours"])
        result.limit_p50_ms, result.ratio = found["limit"].p50 * 1e3, ratio(found["ours"], found["limit"])
        before = rig.cpu(ours.pid)
        result.bytes = [len(sides["ours"]()) for _ in range(EACH)][-1]
        result.cpu_ms = (rig.cpu(ours.pid) - before) / EACH * 1e3
        result.sql = rig.statements(name, sides["ours"])
        result.per_second, result.memory_mb = 1 / found["ours"].p50, peak_mb(ours.pid)
    return result


def posted(rig: Rig) -> Result:
    """Marks kept (PATCH), then the signature (POST), beside one request that writes the same rows."""
    with rig.database() as name, rig.serve(OURS, name) as ours, rig.serve(BARE, name) as bare:
        client, simple = ours.client(cookie=cookie("reviewer")), bare.client()
        mine, theirs = (
            _paths(rig, name, "/api/v1/assignments/{}"),
            _paths(rig, name, "/review/{}", reverse=True),
        )
        marks = _marks(rig.loaded.criteria)
        sides: dict[str, Callable[[], object]] = {
            "ours": lambda: _review(client, next(mine), next(marks)),
            "limit": lambda: simple.post(next(theirs), {"marks": next(marks), "notes": content.NOTES}),
        }
        interleaved(sides, 1, EACH)
        found = interleaved(sides, rig.rounds, EACH)
        result = Result("review-post", data=rig.loaded.words, target_sql=15, target_ratio=3)
        result.limit = "one request that writes the same rows, the audit trigger on"
        result.timings(found["ours"])
        result.limit_p50_ms, result.ratio = found["limit"].p50 * 1e3, ratio(found["ours"], found["limit"])
        before = rig.cpu(ours.pid)
        for _ in range(EACH):
            sides["ours"]()
        result.cpu_ms = (rig.cpu(ours.pid) - before) / EACH * 1e3
        result.sql = rig.statements(name, sides["ours"])
        bare_sql = rig.statements(name, sides["limit"])
        result.per_second, result.memory_mb = 1 / found["ours"].p50, peak_mb(ours.pid)
        result.notes.append(
            f"two requests of ours (marks, then signature) to one of the limit ({bare_sql} SQL)"
        )
    return result


def _review(client: Client, path: str, marks: dict[str, int]) -> None:
    etag, _ = client.write("PATCH", path, {"marks": marks, "notes": content.NOTES}, **{"if-match": '"2"'})
    client.write("POST", f"{path}/sign", {}, **{"if-match": etag})


def _paths(rig: Rig, database: str, pattern: str, *, reverse: bool = False) -> Iterator[str]:
    """Each open assignment of the measured reviewer, once."""
    with rig.owner(database) as db:
        rows: list[tuple[UUID]] = db.execute(
            "SELECT id FROM assignment WHERE evaluator_id = %s AND state = 'open' ORDER BY id",
            (rig.loaded.reviewer,),
        ).fetchall()
    return (pattern.format(key) for (key,) in (reversed(rows) if reverse else rows))


def _marks(criteria: list[str]) -> Iterator[dict[str, int]]:
    dice = random.Random(SEED)  # noqa: S311 (plausible data, no secret)
    while True:
        yield {code: dice.randint(0, 4) for code in criteria}
