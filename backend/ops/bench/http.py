"""A client that adds as little as it can: one kept connection, the body read and nothing parsed."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from backend.ops.preflight import HOST

KEPT = 2.0  # seconds without a request after which the client opens anew: the server keeps one for 5


class Unexpected(Exception):
    """An answer that is no success: a workload that measures errors measures nothing."""


@dataclass
class Client:
    """One browser or program at the server on `port`."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)
    _used: float = 0.0

    def get(self, path: str, **headers: str) -> bytes:
        """The body as it travelled."""
        return self.ask("GET", path, None, headers)[1]

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """A JSON body sent, the JSON answer."""
        return self.write("POST", path, body, **headers)[1]

    def write(self, method: str, path: str, body: Any, **headers: str) -> tuple[str, Any]:
        """The answer's ETag and JSON."""
        told = {"content-type": "application/json"} | headers
        answer, raw = self.ask(method, path, json.dumps(body).encode(), told)
        return answer.headers.get("etag") or "", json.loads(raw) if raw else None

    def form(self, path: str, fields: Mapping[str, str]) -> None:
        """A form sent as a browser does; its redirect is not followed."""
        self.ask(
            "POST", path, urlencode(fields).encode(), {"content-type": "application/x-www-form-urlencoded"}
        )

    def ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        if time.monotonic() - self._used > KEPT:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self.port, timeout=120)
        self._connection.request(method, path, body, {**self.headers, **headers})
        response = self._connection.getresponse()
        raw = response.read()
        self._used = time.monotonic()
        if response.status >= 400:
            raise Unexpected(f"{method} {path}: {response.status} {raw[:400].decode(errors='replace')}")
        return response, raw

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
