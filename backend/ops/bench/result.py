"""A workload's result: its figures, the targets they were held to, and how both are shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.ops.bench.statistics import Series


@dataclass(frozen=True)
class Target:
    """One figure that is held to a limit: `value` at most (or at least) `limit`, in `unit`."""

    name: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def ok(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def words(self) -> str:
        """`sql 5 <= 6`, with a cross when it is missed."""
        sign = ">=" if self.at_least else "<="
        mark = "" if self.ok else "  MISSED"
        return f"{self.name} {_short(self.value)} {sign} {_short(self.limit)} {self.unit}".rstrip() + mark

    def as_json(self) -> dict[str, Any]:
        bound = "at_least" if self.at_least else "at_most"
        value = round(self.value, 3)
        return {"name": self.name, "value": value, bound: self.limit, "unit": self.unit, "ok": self.ok}


@dataclass
class Result:
    """What one workload cost. Milliseconds, bytes, statements; None where it has no meaning.

    `limit_p50_ms` is that of the limit measured beside it in the same run. `skipped` says why nothing was
    measured (a stage that this checkout does not have): neither met nor missed. `failed` is the error that
    ended it: missed.
    """

    name: str
    data: str = ""
    n: int = 0
    p50_ms: float | None = None
    p95_ms: float | None = None
    per_second: float | None = None
    cpu_ms: float | None = None
    sql: float | None = None
    target_sql: float | None = None
    bytes: int | None = None
    memory_mb: float | None = None
    limit: str = ""
    limit_p50_ms: float | None = None
    ratio: float | None = None
    target_ratio: float | None = None
    more: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: str | None = None
    failed: str | None = None

    def timings(self, series: Series) -> None:
        """Keep the medians of a series, and how many it holds."""
        self.n = len(series.all)
        self.p50_ms, self.p95_ms = series.p50 * 1e3, series.p95 * 1e3

    @property
    def targets(self) -> list[Target]:
        """Everything that it is held to."""
        found = []
        if self.ratio is not None and self.target_ratio is not None:
            found.append(Target("ratio", self.ratio, self.target_ratio))
        if self.sql is not None and self.target_sql is not None:
            found.append(Target("sql", self.sql, self.target_sql))
        return found + self.more

    @property
    def ok(self) -> bool:
        return not self.failed and all(target.ok for target in self.targets)

    def brief(self) -> str:
        """One line: the verdict, the median, and every figure that has a target."""
        if self.skipped or self.failed:
            return f"{_verdict(self)} {self.skipped or self.failed}"
        p50 = f"p50 {self.p50_ms:.2f} ms; " if self.p50_ms is not None else ""
        return f"{_verdict(self)} {p50}" + "; ".join(target.words() for target in self.targets)

    def as_json(self) -> dict[str, Any]:
        """The plain figures under fixed names, then every target beside its value."""
        plain = {name: _rounded(value) for name, value in vars(self).items() if name not in {"more", "notes"}}
        return plain | {
            "ok": self.ok,
            "targets": [target.as_json() for target in self.targets],
            "notes": self.notes,
        }


COLUMNS = (
    # heading, attribute
    ("workload", "name"),
    ("data", "data"),
    ("n", "n"),
    ("p50 ms", "p50_ms"),
    ("p95 ms", "p95_ms"),
    ("/s", "per_second"),
    ("CPU ms", "cpu_ms"),
    ("SQL", "sql"),
    ("bytes", "bytes"),
    ("MB", "memory_mb"),
    ("limit ms", "limit_p50_ms"),
    ("ratio", "ratio"),
    ("<=", "target_ratio"),
)


def table(results: Sequence[Result]) -> str:
    """The results as aligned lines, each followed by its targets and notes."""
    rows = [[heading for heading, _ in COLUMNS] + ["ok"]]
    rows += [[_cell(getattr(one, name)) for _, name in COLUMNS] + [_verdict(one)] for one in results]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for number, row in enumerate(rows):
        cells = zip(row, widths, strict=True)
        aligned = [
            f"{word:<{width}}" if i < 2 else f"{word:>{width}}" for i, (word, width) in enumerate(cells)
        ]
        lines.append("  ".join(aligned).rstrip())
        if number:
            one = results[number - 1]
            said = [target.words() for target in one.more] + one.notes
            lines += [f"    {line}" for line in ([f"limit: {one.limit}"] if one.limit else []) + said]
            lines += [f"    not measured: {one.skipped}"] if one.skipped else []
            lines += [f"    ended by {one.failed}"] if one.failed else []
    return "\n".join(lines)


def _verdict(one: Result) -> str:
    if one.skipped:
        return "-"
    if one.failed:
        return "FAILED"
    return "ok" if one.ok else "MISSED"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return _short(value) if isinstance(value, float) else str(value)


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
