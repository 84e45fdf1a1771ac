"""Reminders: a worker as in production sends what is due; and the scan finds the due ones among a million."""

import smtplib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from statistics import median

from celery import Celery
from redis import Redis

from backend.ops import mailbox
from backend.ops.bench import milestones, sink
from backend.ops.bench.processes import cpu_seconds, peak_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import OURS, Rig, running
from backend.ops.store import client_url

COUNTED = 500  # reminders of the second run, in which statements are counted
BARE = 500  # messages of the bare loop


def sent(rig: Rig) -> Result:
    """From the tick that beat would send to the last message at the sink, by one Celery worker."""
    due = 2_000 if rig.quick else 20_000
    result = Result("reminders", data=f"{due} due", n=due, target_sql=5)
    result.limit = (
        "a loop that sends the same number of bytes and marks one row a commit, the audit trigger on"
    )
    port, file = mailbox.free_port(), rig.stack.directory / "sink.txt"
    with rig.database() as name, running(sink.child(port, file, rig.stack.directory / "logs" / "sink.log")):
        with rig.owner(name) as db:
            milestones.load(db, rig.loaded, conventions=due // 4 + COUNTED, each=4, due=due)
        env = rig.env(name) | {"SMTP_URL": f"smtp://127.0.0.1:{port}", "BASE_URL": "https://indh.example"}
        with _worker(rig, env) as (pid, app):
            before = cpu_seconds(pid)
            begun = time.time()
            app.send_task("indh.tick", ["reminders"])
            arrived = _wait(file, due, seconds=due / 10 + 60)
            result.cpu_ms = (cpu_seconds(pid) - before) / due * 1e3
            result.memory_mb = peak_mb(pid)
            result.per_second = len(arrived) / (max(at for at, _ in arrived) - begun)
            _judge(result, due, arrived)
            with rig.owner(name) as db:
                milestones.make_due(db, COUNTED)
            counted = rig.statements(name, _again(app, file, due + COUNTED))
            result.sql = counted / COUNTED
        bare = _bare_loop(rig, name, port)
    result.p50_ms, result.limit_p50_ms = 1e3 / result.per_second, 1e3 / bare
    result.ratio = bare / result.per_second
    result.notes.append(f"the bare loop: {bare:.0f}/s; SQL counted over {COUNTED} more")
    return result


def _judge(result: Result, due: int, arrived: list[tuple[float, str]]) -> None:
    times = Counter(key for _, key in arrived)
    assert result.per_second
    result.more += [
        Target("messages a second", result.per_second, 200, "/s", at_least=True),
        Target("lost", due - len(times), 0),
        Target("sent twice", sum(number - 1 for number in times.values()), 0),
    ]


@contextmanager
def _worker(rig: Rig, env: dict[str, str]) -> Iterator[tuple[int, Celery]]:
    """The worker of `./indh up`, once it takes tasks; what others left in the queue is thrown away."""
    store = Redis.from_url(client_url(rig.stack.redis_url))
    store.flushall()
    app = Celery("bench", broker=rig.stack.redis_url, set_as_current=False)
    app.conf.task_ignore_result = True
    with running(rig.edge(1, OURS, env, 0)) as pid:
        app.send_task("indh.drain")
        limit = time.monotonic() + 60
        while store.llen("celery") and time.monotonic() < limit:
            time.sleep(0.05)
        time.sleep(1.0)
        yield pid, app


def _again(app: Celery, file: Path, total: int) -> Callable[[], object]:
    def call() -> None:
        app.send_task("indh.tick", ["reminders"])
        _wait(file, total, seconds=120)
        time.sleep(1.0)  # the last commit

    return call


def _wait(file: Path, number: int, seconds: float) -> list[tuple[float, str]]:
    """What the sink holds once it has so many, or after so long; a second more shows repeats."""
    limit = time.monotonic() + seconds
    while len(found := _read(file)) < number and time.monotonic() < limit:
        time.sleep(0.2)
    time.sleep(1.0)
    return _read(file) or found or [(time.time(), "-")]


def _read(file: Path) -> list[tuple[float, str]]:
    if not file.exists():
        return []
    lines = (line.split() for line in file.read_text().splitlines())
    return [(float(words[0]), words[1]) for words in lines if len(words) == 2]


def _bare_loop(rig: Rig, database: str, port: int) -> float:
    """Messages a second of a plain loop over rows of the ledger."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "a@indh.example",
        "b@exemple.test",
        "Rappel : jalon à venir",
    )
    message.set_content("Bonjour,\n\n" + "Le compte rendu est attendu. " * 12, charset="utf-8", cte="base64")
    with rig.owner(database) as db, smtplib.SMTP("127.0.0.1", port) as server:
        rows = db.execute("SELECT id FROM message LIMIT %s", (BARE,)).fetchall()
        begun = time.perf_counter()
        for (key,) in rows:
            with db.transaction():
                db.execute("SELECT * FROM message WHERE id = %s FOR UPDATE SKIP LOCKED", (key,))
                server.send_message(message)
                db.execute("UPDATE message SET sent_at = now() WHERE id = %s", (key,))
        return len(rows) / (time.perf_counter() - begun)


def scanned(rig: Rig) -> Result:
    """The scan's own statements, in a transaction rolled back, beside the bare query of what is due."""
    from backend.ops.bench.scan import Scan

    total, due = (100_000, 1_000) if rig.quick else (1_000_000, 1_000)
    each = total // rig.loaded.applications
    result = Result("due-scan", data=f"{total} open, {due} due", target_ratio=2)
    result.limit = "SELECT of the due rows in their order, raw"
    with rig.database() as name:
        with rig.owner(name) as db:
            milestones.load(db, rig.loaded, conventions=rig.loaded.applications, each=each, due=due)
        with Scan(rig.env(name)) as scan:
            rounds = rig.rounds * 5
            ours, limit, whole = scan.timings(rounds)
            plan, statements = scan.plan(), scan.statements
    result.timings(ours)
    result.limit_p50_ms, result.n, result.sql = limit.p50 * 1e3, rounds, statements
    result.ratio = median(a[0] / b[0] for a, b in zip(ours.rounds, limit.rounds, strict=True))
    result.more.append(Target("sequential scans or sorts to find what is due", len(plan.bad), 0))
    result.notes.append(
        f"plan: {plan.words}; a whole scan of 500, with its events and marks: {whole.p50 * 1e3:.0f} ms"
    )
    return result
