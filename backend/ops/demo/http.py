"""The demonstration's way in: the same HTTP API as anybody's, over one kept connection a person."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit


class Refused(Exception):
    """An answer that the demonstration did not expect."""

    def __init__(self, method: str, path: str, status: int, body: Any) -> None:
        self.status = status
        self.code = body.get("code") if isinstance(body, dict) else None
        self.body = body
        super().__init__(f"{method} {path}: {status} {json.dumps(body, ensure_ascii=False)[:600]}")


@dataclass
class Answer:
    """A status, a JSON body, and the row's version when it was told."""

    status: int
    body: Any
    version: int | None


@dataclass
class Client:
    """One person at the API. `requests` counts what she asked."""

    base: str
    cookie: str = ""
    requests: int = 0
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def sign_in(self, email: str, password: str) -> "Client":
        """The same client, now that person's."""
        self.post("/sessions", {"email": email, "password": password})
        return self

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", _with(path, query)).body

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.ask("POST", path, {} if body is None else body, **options).body

    def send(self, path: str, content: bytes, **query: Any) -> Any:
        """Post these bytes as they are."""
        return self.ask("POST", _with(path, query), content).body

    def ask(
        self, method: str, path: str, body: Any = None, *, version: int | None = None, key: str | None = None,
        expect: tuple[int, ...] = (),
    ) -> Answer:  # fmt: skip
        """One request; anything but a success or an expected status raises `Refused`."""
        headers = {"accept": "application/json"}
        if isinstance(body, bytes):
            headers["content-type"] = "application/octet-stream"
        elif body is not None:
            headers["content-type"], body = "application/json", json.dumps(body).encode()
        if self.cookie:
            headers["cookie"] = self.cookie
        if version is not None:
            headers["if-match"] = f'"{version}"'
        if key is not None:
            headers["idempotency-key"] = key
        response, raw = self._send(method, f"/api/v1{path}", body, headers)
        answer = json.loads(raw) if raw else None
        if response.status >= 300 and response.status not in expect:
            raise Refused(method, path, response.status, answer)
        for cookie in response.headers.get_all("set-cookie") or ():
            self.cookie = cookie.partition(";")[0]
        etag = (response.headers.get("etag") or "").strip('W/"')
        return Answer(response.status, answer, int(etag) if etag.isdigit() else None)

    def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """A kept connection may have been closed by the server in between: then once more."""
        self.requests += 1
        for attempt in (1, 2):
            if self._connection is None:
                parts = urlsplit(self.base)
                self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
            try:
                self._connection.request(method, path, body, headers)
                response = self._connection.getresponse()
                return response, response.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def work(self) -> bool:
        """Have all that is owed done, where no worker does it; says whether it was."""
        return False

    def another(self) -> "Client":
        """Somebody else at the same API."""
        return Client(self.base)

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


def _with(path: str, query: dict[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def every_item(client: Client, path: str, **query: Any) -> list[Any]:
    """All the pages of a list."""
    items: list[Any] = []
    cursor = None
    while True:
        page = client.get(path, **query, limit=200, cursor=cursor)
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items
