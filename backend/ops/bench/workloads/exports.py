"""Ten thousand dossiers with their scores, as Excel and as CSV: CPU, memory, statements, rows."""

import io
from time import perf_counter
from typing import Any

from backend.ops.bench.data import cookie
from backend.ops.bench.http import Client, Unexpected
from backend.ops.bench.processes import peak_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import OURS, Rig
from backend.ops.bench.statistics import Series

FEW = "00001"  # a number that few dossiers bear


def xlsx(rig: Rig) -> Result:
    """CPU seconds of API and database together for one file, and what it adds to the idle process."""
    return _measured(rig, "xlsx", cpu=8)


def csv(rig: Rig) -> Result:
    """The same as CSV."""
    return _measured(rig, "csv", cpu=2)


def _measured(rig: Rig, kind: str, *, cpu: float) -> Result:
    result = Result(f"export-{kind}", data=rig.loaded.words)
    with rig.database() as name:
        with rig.owner(name) as db:
            db.execute("UPDATE application SET search_text = lower(number)")
            row = db.execute(
                "SELECT count(*) FROM application WHERE call_id = %s", (rig.loaded.ranked_call,)
            ).fetchone()
        with rig.serve(OURS, name) as ours:
            client = ours.client(cookie=cookie("officer"))
            path = f"/api/v1/exports/applications?kind={kind}&call_id={rig.loaded.ranked_call}"
            client.get(f"{path}&q={FEW}")  # what is imported once is not of this file
            idle, taken, spent = peak_mb(ours.pid), Series(), []
            stated, body = 0, b""
            for _ in range(1 if rig.quick else 3):
                before, begun = rig.cpu(ours.pid), perf_counter()
                stated, body = _asked(client, path)
                taken.rounds.append([perf_counter() - begun])
                spent.append(rig.cpu(ours.pid) - before)
            result.timings(taken)
            result.bytes = len(body)
            result.memory_mb = peak_mb(ours.pid)
            result.cpu_ms = min(spent) * 1e3
            result.sql = rig.statements(name, lambda: client.get(path))
            few = rig.statements(name, lambda: client.get(f"{path}&q={FEW}"))
    share = rig.loaded.applications / 10_000
    result.more += [
        Target("CPU seconds for 10 000", min(spent) / share, cpu, "s"),
        Target("over idle", result.memory_mb - idle, 80, "MB"),
        Target("SQL at few rows against all", abs((result.sql or 0) - few), 0, "statements apart"),
        Target("rows apart from those stated", abs(stated - _rows(kind, body)), 0),
        Target("rows apart from the database", abs(stated - (row[0] if row else -1)), 0),
    ]
    result.notes.append(
        f"{stated} rows; CPU is that of the API process and of PostgreSQL, the least of the rounds"
    )
    return result


def _asked(client: Client, path: str) -> tuple[int, bytes]:
    answer, body = client.ask("GET", path, None, {})
    stated = answer.headers.get("x-row-count")
    if stated is None:
        raise Unexpected("the export does not say how many rows it holds")
    return int(stated), body


def _rows(kind: str, body: bytes) -> int:
    """The rows under the headings; the statement of their number must be there: beside them, or below."""
    import csv as reader

    from python_calamine import CalamineWorkbook

    rows: list[list[Any]]
    if kind == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        rows, closing = book.get_sheet_by_index(0).to_python(), str(book.get_sheet_by_index(1).to_python())
    else:
        *rows, last = reader.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
        closing = str(last)
    scored = rows[0].index("Note sur 100")
    if "export" not in closing or not all(row[scored] for row in rows[1:]):
        raise Unexpected("the file does not say how many it holds, or has dossiers without their score")
    return len(rows) - 1
