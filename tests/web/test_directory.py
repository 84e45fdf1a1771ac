"""The directory finds what the router would have found, for every route that there is."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIRouter, iter_route_contexts
from starlette.testclient import TestClient

from backend.web.directory import Directory

VALUES = {"code": "09.001", "section": "budget"}


def _walked(app: FastAPI, method: str, path: str) -> tuple[object, dict[str, object]] | None:
    """What the routes say one after the other."""
    for one in iter_route_contexts(app.routes):
        if isinstance(one.original_route, APIRoute) and method in one.methods:
            found = one.path_regex.match(path)
            if found:
                return one.endpoint, found.groupdict()
    return None


def test_every_route_is_found_where_the_router_finds_it() -> None:
    from backend.app import create_app

    app = create_app()
    directory = app.routes[0]
    assert isinstance(directory, Directory)
    asked = 0
    for one in iter_route_contexts(app.routes):
        for method in one.methods or () if isinstance(one.original_route, APIRoute) else ():
            path = one.path
            for name in one.param_convertors:
                path = path.replace(f"{{{name}}}", VALUES.get(name, "0190a000-0000-7000-8000-000000000000"))
            found, walked = directory.find(method, path), _walked(app, method, path)
            assert found
            assert walked
            assert (found[0].endpoint, found[1]) == walked, f"{method} {path}"
            asked += 1
    assert asked > 400


@pytest.fixture
def site() -> TestClient:
    inner, outer, app = APIRouter(prefix="/things"), APIRouter(), FastAPI()

    @inner.get("/new")
    def new() -> str:
        return "new"

    @inner.get("/{thing}")
    def one(thing: str) -> str:
        return f"one {thing}"

    @inner.post("/{thing}")
    def change(thing: str) -> str:
        return f"changed {thing}"

    @inner.get("/{number}/parts")
    def parts(number: int) -> int:
        return number

    @inner.get("/late")
    def late() -> str:
        raise AssertionError("declared after /{thing}, it is never reached")

    outer.include_router(inner)
    app.include_router(outer, prefix="/api")
    app.router.routes.insert(0, Directory(app.router.routes))
    return TestClient(app)


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/api/things/new", 200, "new"),
        ("GET", "/api/things/late", 200, "one late"),
        ("GET", "/api/things/a%2Fb", 404, None),
        ("GET", "/api/things/é", 200, "one é"),
        ("POST", "/api/things/7", 200, "changed 7"),
        ("GET", "/api/things/7/parts", 200, 7),
        ("GET", "/api/things/seven/parts", 422, None),
        ("DELETE", "/api/things/7", 405, None),
        ("GET", "/api/things", 404, None),
        ("GET", "/api/things/7/parts/8", 404, None),
        ("GET", "/openapi.json", 200, None),
    ],
)
def test_order_methods_and_what_is_not_there_are_as_the_router_has_them(
    site: TestClient, method: str, path: str, status: int, said: object
) -> None:
    answer = site.request(method, path, follow_redirects=False)
    assert answer.status_code == status
    assert said is None or answer.json() == said
