"""The actor is found, the endpoint runs and its answer is written in one visit to a thread."""

import threading
from typing import Annotated, Any
from uuid import uuid4

import pytest
from fastapi import FastAPI, Response
from fastapi.exceptions import ResponseValidationError
from pydantic import BaseModel
from starlette.requests import Request
from starlette.testclient import TestClient

from backend.core.actor import ANONYMOUS, Actor
from backend.web.directory import Directory
from backend.web.onehop import sought

HERE = Actor(kind="person", id=uuid4(), name="Aïcha")
Seen = list[Any]
NOBODYS = "0190f5fe-7c00-7a00-8000-000000000000"  # the same in every process: a test is named by its path


class Told(BaseModel):
    name: str
    secret: str = "kept"


class Shown(BaseModel):
    name: str


def _site(seen: Seen) -> FastAPI:
    app = FastAPI()

    def find(_request: Request) -> Actor:
        seen.append(threading.get_ident())
        return HERE

    Found = Annotated[Actor, sought(find)]  # noqa: N806 (a type)

    @app.post("/made", status_code=201)
    def make(actor: Found, body: Told, response: Response) -> Shown:
        seen.append(threading.get_ident())
        response.headers["etag"] = '"1"'
        return body  # type: ignore[return-value]

    @app.get("/raw")
    def raw(actor: Found) -> Response:
        return Response(actor.name, headers={"x-name": "y"})

    @app.get("/nothing", status_code=204)
    def nothing(actor: Found) -> None:
        seen.append(actor)

    @app.get("/wrong")
    def wrong(actor: Found) -> Shown:
        return {"nom": actor.name}  # type: ignore[return-value]

    @app.post("/form")
    def form(actor: Found) -> str:
        return actor.name

    app.router.routes.insert(0, Directory(app.router.routes))
    return app


def test_one_thread_does_all_and_the_answer_has_its_shape_and_headers() -> None:
    seen: Seen = []
    answer = TestClient(_site(seen)).post("/made", json={"name": "é", "secret": "no"})
    assert (answer.status_code, answer.json(), answer.headers["etag"]) == (201, {"name": "é"}, '"1"')
    assert answer.headers["content-type"] == "application/json"
    assert len(seen) == 2
    assert seen[0] == seen[1] != threading.get_ident()


def test_other_answers_stay_what_they_are() -> None:
    seen: Seen = []
    client = TestClient(_site(seen))
    answer = client.get("/raw")
    assert (answer.text, answer.headers["x-name"]) == ("Aïcha", "y")
    answer = client.get("/nothing")
    assert (answer.status_code, answer.content, seen[-1]) == (204, b"", HERE)
    assert client.post("/form", data={"a": "b"}).json() == "Aïcha"
    with pytest.raises(ResponseValidationError):
        client.get("/wrong")


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("PUT", f"/api/v1/applications/{NOBODYS}/sections/project", {"json": {"title": ["no"]}}, 401),
        ("PUT", f"/api/v1/applications/{NOBODYS}/sections/project", {"json": {}}, 401),
        ("POST", "/api/v1/applications", {"json": {"call_id": 1}, "headers": {"idempotency-key": "a"}}, 401),
        ("GET", "/api/v1/rankings/none", {}, 401),
        ("GET", "/me", {}, 303),
        ("GET", "/das/calls/none/ranking", {}, 303),
        ("POST", "/me", {"data": {"name": "x"}}, 303),
    ],
)
def test_a_stranger_is_told_that_first(
    client: Any, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    """Before anything that is wrong with what she asks; a page sends her to sign in."""
    answer = client(None).request(method, path, follow_redirects=False, **sent)
    assert answer.status_code == status
    if status == 303:
        assert answer.headers["location"].startswith("/sign-in?next=")


def test_a_form_of_a_stranger_is_not_read(client: Any) -> None:
    answer = client(None).post(
        f"/applications/{uuid4()}/documents", files={"file": ("a.pdf", b"x" * 1000)}, follow_redirects=False
    )
    assert answer.status_code in (303, 401, 404, 405)
    assert not ANONYMOUS.is_authenticated
