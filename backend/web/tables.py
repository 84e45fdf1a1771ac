"""Tables as CSV for people who live in a spreadsheet: counted before they leave, harmless when opened."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from starlette.responses import StreamingResponse

IN_MEMORY = 1_000_000  # bytes; a longer file waits on disk while it is counted
CHUNK = 64 * 1024
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


def safe(cell: Any) -> Any:
    """Text that a spreadsheet would run is shown as text instead; numbers stay numbers."""
    if isinstance(cell, str) and (cell.startswith(DANGEROUS) or cell.lstrip().startswith(DANGEROUS)):
        return f"'{cell}"
    return "" if cell is None else cell


def dirhams(centimes: int) -> str:
    """`156000,01`: a plain number for a spreadsheet set to Moroccan or French usage."""
    return f"{centimes // 100},{centimes % 100:02d}"


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingResponse:
    """The table as a download `name-<rows>.csv`: semicolons and a mark of UTF-8, as French Excel wants them.

    The rows are written and counted first, while their transaction is open; the answer then says how many it
    carries (`X-Row-Count`, and the file's name) and how long it is, so that a cut download shows.
    """
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed once it is sent)
    count = _write(file, columns, rows)
    length = file.tell()
    file.seek(0)
    headers = {
        "content-disposition": f'attachment; filename="{name}-{count}.csv"',
        "content-length": str(length),
        "x-row-count": str(count),
    }
    return StreamingResponse(chunks(file), media_type="text/csv; charset=utf-8", headers=headers)


def _write(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        count += 1
    text.flush()
    text.detach()
    return count


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces; it is closed after the last."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
