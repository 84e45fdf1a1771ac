"""The same few verbs over each kind of store: memory, a directory, and a small server that speaks S3."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID, uuid4

import pytest

from backend.core.config import settings
from backend.core.errors import Problem
from backend.files import store


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as the store uses: put, get, list, delete, uploads in parts."""

    kept: dict[str, bytes]
    parts: dict[str, dict[int, bytes]]
    protocol_version = "HTTP/1.1"

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {
            "ETag": '"x"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT", **headers,
        }.items():  # fmt: skip
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _asked(self) -> tuple[str, dict[str, list[str]], bytes]:
        parts = urlsplit(self.path)
        key = unquote(parts.path).removeprefix("/bucket").lstrip("/")
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        return key, parse_qs(parts.query, keep_blank_values=True), body

    def do_PUT(self) -> None:
        key, query, body = self._asked()
        if "uploadId" in query:
            self.parts[query["uploadId"][0]][int(query["partNumber"][0])] = body
        else:
            self.kept[key] = body
        self._answer(200)

    def do_POST(self) -> None:
        key, query, body = self._asked()
        if "delete" in query:
            names = re.findall("<Key>(.*?)</Key>", body.decode())
            for name in names:
                self.kept.pop(name, None)
            rows = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            told = f"<DeleteResult>{rows}</DeleteResult>"
        elif "uploads" in query:
            self.parts[key] = {}
            told = (
                f"<InitiateMultipartUploadResult><UploadId>{key}</UploadId></InitiateMultipartUploadResult>"
            )
        else:
            self.kept[key] = b"".join(part for _, part in sorted(self.parts.pop(key).items()))
            told = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
        self._answer(200, told.encode())

    def do_GET(self) -> None:
        key, query, _ = self._asked()
        if "list-type" in query:
            prefix = query["prefix"][0]
            rows = "".join(
                f"<Contents><Key>{name}</Key><LastModified>2026-11-22T10:00:00Z</LastModified>"
                f"<Size>{len(body)}</Size><ETag>x</ETag></Contents>"
                for name, body in sorted(self.kept.items())
                if name.startswith(prefix)
            )
            self._answer(200, f"<ListBucketResult>{rows}</ListBucketResult>".encode())
        elif key in self.kept:
            self._answer(200, self.kept[key])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(params=["memory", "directory", "s3"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    Bucket.kept, Bucket.parts = {}, {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(
        "FILES_URL",
        {"memory": "memory:", "directory": f"file://{tmp_path}/les%20pièces", "s3": "s3://bucket/indh"}[
            request.param
        ],
    )
    monkeypatch.setenv("S3_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("S3_KEY_ID", "key")
    monkeypatch.setenv("S3_SECRET", "secret")
    settings.cache_clear()
    store.forget()
    yield request.param
    server.shutdown()
    server.server_close()
    monkeypatch.undo()
    settings.cache_clear()
    store.forget()


def test_what_is_written_is_read_and_removed(place: str) -> None:
    path = store.file_path(UUID(int=1))
    store.write(path, b"one")
    store.write(path, b"two")
    assert b"".join(store.read(path)) == b"two"
    store.remove([path, path])
    with pytest.raises(FileNotFoundError):
        store.read(path)


def test_a_large_file_travels_in_parts(place: str, tmp_path: Path) -> None:
    body = bytes(range(256)) * 50_000  # 12.8 MB
    (tmp_path / "large").write_bytes(body)
    with (tmp_path / "large").open("rb") as content:
        store.write(store.file_path(UUID(int=2)), content)
    pieces = list(store.read(store.file_path(UUID(int=2))))
    assert b"".join(pieces) == body


def test_chunks_come_back_in_the_order_of_their_bytes(place: str) -> None:
    ours, other = uuid4(), uuid4()
    for offset in (1_000_000, 0, 20, 9):
        store.write(store.chunk_path(ours, offset), b"x")
    store.write(store.chunk_path(other, 0), b"x")
    found = [int(re.findall(r"\d+$", path)[0]) for path in store.chunks(ours)]
    assert found == [0, 9, 20, 1_000_000]
    assert len(list(store.listed(store.UPLOADS))) == 5


def test_a_store_that_cannot_write_says_later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "files").write_text("a file where a directory should be")
    monkeypatch.setenv("FILES_URL", f"file://{tmp_path}/files")
    settings.cache_clear()
    store.forget()
    try:
        with pytest.raises(Problem) as told:
            store.write(store.file_path(UUID(int=3)), b"x")
        assert told.value.status == 503
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        store.forget()
