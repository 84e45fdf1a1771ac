"""The way to a route by its address, instead of asking hundreds of routes one after the other.

The router tries its routes in order, those of an included router twice over; with some six hundred of them
that costs up to two milliseconds a request. Here they are looked up by method, number of segments and words
that stand fixed in them; what is not found is left to the router, who knows what to answer.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from .onehop import in_one

Places = tuple[int, ...]
"""Which segments of an address are words, not parameters."""
Key = tuple[str, int]
"""Method and number of segments."""
Shelves = dict[Key, dict[Places, dict[tuple[str, ...], list[tuple[int, RouteContext]]]]]
_FOUND = "indh.route"
HEALTH = "/healthz"


class Directory(BaseRoute):
    """Stands before all other routes, and reads them at the first request: by then they are all there.

    Their endpoints are called `in_one` from then on; whether the house stands (`/healthz`) is told before.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    @cached_property
    def _shelves(self) -> Shelves:
        shelves: Shelves = {}
        for order, found in enumerate(_plain(self._routes)):
            found.dependant.call = in_one(found)
            segments = (found.path or "").split("/")
            places = tuple(at for at, segment in enumerate(segments) if "{" not in segment)
            words = tuple(segments[at] for at in places)
            for method in found.methods or ():
                shelf = shelves.setdefault((method, len(segments)), {})
                shelf.setdefault(places, {}).setdefault(words, []).append((order, found))
        return shelves

    def find(self, method: str, path: str) -> tuple[RouteContext, dict[str, Any]] | None:
        """The first declared route that answers, and its parameters; None leaves it to the router."""
        segments = path.split("/")
        shelf = self._shelves.get((method, len(segments)), {})
        likely = [
            one
            for places, kept in shelf.items()
            for one in kept.get(tuple([segments[at] for at in places]), ())
        ]
        for _, route in sorted(likely, key=_by_order):
            if match := route.path_regex.match(path):
                convertors = route.param_convertors
                return route, {
                    name: convertors[name].convert(text) for name, text in match.groupdict().items()
                }
        return None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Full when a route is known for the address and the method, whatever else might be said of it."""
        if scope["type"] != "http" or scope["path"] == HEALTH:
            return Match.NONE, {}
        found = self.find(scope["method"], _path(scope))
        if found is None:
            return Match.NONE, {}
        route, params = found
        return Match.FULL, {
            "endpoint": route.endpoint,
            "path_params": params,
            "route": route.original_route,
            _FOUND: route,
        }

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The route found, with what its routers say of it."""
        await scope[_FOUND].app(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        """Addresses are made by the routes themselves."""
        raise NoMatchFound(name, path_params)


def _plain(routes: Iterable[BaseRoute]) -> Iterable[RouteContext]:
    """Those whose parameters are one segment each; what takes a whole path (`/static/…`) lies apart."""
    for found in iter_route_contexts(list(routes)):
        if isinstance(found.original_route, APIRoute) and ":path}" not in (found.path or ""):
            yield found


def _path(scope: Scope) -> str:
    """The address below the root under which a proxy may have put the house."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path.removeprefix(root) if root and path.startswith(f"{root}/") else path


def _by_order(one: tuple[int, RouteContext]) -> int:
    return one[0]
