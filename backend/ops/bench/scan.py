"""The reminders' scan, run in this process and rolled back, to time and explain what it sends."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy import event

from backend.ops.bench.rig import plain
from backend.ops.bench.statistics import Series

DUE = (
    "SELECT milestone_id FROM reminder WHERE state = 'planned' AND due_at <= now()"
    " ORDER BY due_at, id LIMIT 500"
)


class _RollBack(Exception):
    pass


@dataclass(frozen=True)
class Plan:
    """How PostgreSQL finds what is due: the access in words, and what it should not have had to do."""

    words: str
    bad: list[str]


class Scan:
    """The scan on a database named by `env`; the process's own settings are put back afterwards."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.sent: list[tuple[str, Any, float]] = []
        self.statements = 0

    def __enter__(self) -> Self:
        from backend.app import load
        from backend.core import db
        from backend.core.config import settings

        self._before = os.environ.get("DATABASE_URL")
        os.environ["DATABASE_URL"] = self.env["DATABASE_URL"]
        settings.cache_clear()
        db.engine.cache_clear()
        load("jobs")
        event.listen(db.engine(), "before_cursor_execute", self._started)
        event.listen(db.engine(), "after_cursor_execute", self._ended)
        self.raw = psycopg.connect(plain(self.env["DATABASE_URL"]), autocommit=True)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        from backend.core import db
        from backend.core.config import settings

        self.raw.close()
        db.engine().dispose()
        db.engine.cache_clear()
        settings.cache_clear()
        os.environ.pop("DATABASE_URL")
        if self._before is not None:
            os.environ["DATABASE_URL"] = self._before

    def timings(self, rounds: int) -> tuple[Series, Series, Series]:
        """The statement that finds what is due, the bare one, and the whole scan, one of each a round."""
        ours, limit, whole = Series(), Series(), Series()
        self._scan()
        for _ in range(rounds):
            self.sent.clear()
            begun = perf_counter()
            self._scan()
            whole.rounds.append([perf_counter() - begun])
            ours.rounds.append([self._due()[2]])
            begun = perf_counter()
            self.raw.execute(DUE).fetchall()
            limit.rounds.append([perf_counter() - begun])
        self.statements = len(self.sent)
        return ours, limit, whole

    def plan(self) -> Plan:
        """The plan of the statement that finds what is due."""
        statement, parameters, _ = self._due()
        lines = [row[0] for row in self.raw.execute(f"EXPLAIN {statement}".encode(), parameters)]
        steps = [
            line.strip().removeprefix("->").strip().partition("  (")[0] for line in lines if "(cost" in line
        ]
        return Plan(" < ".join(steps), [step for step in steps if step.startswith(("Seq Scan", "Sort"))])

    def _due(self) -> tuple[str, Any, float]:
        """The first statement that reads reminders."""
        return next(one for one in self.sent if "FROM reminder" in one[0] and one[0].startswith("SELECT"))

    def _scan(self) -> None:
        from backend.core.actor import SYSTEM
        from backend.core.events import SCHEDULE
        from backend.core.tx import transaction

        with suppress(_RollBack), transaction(SYSTEM) as tx:
            tx.allowed = tx.recorded = True
            SCHEDULE["reminders"].call(tx)
            tx.session.flush()
            raise _RollBack

    def _started(self, connection: Any, *_rest: Any) -> None:
        connection.info["bench_started"] = perf_counter()

    def _ended(self, connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        self.sent.append((statement, parameters, perf_counter() - connection.info["bench_started"]))
