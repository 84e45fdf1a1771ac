"""One visit to a thread a request: there the actor is found, the endpoint runs and its answer is written.

The framework would go to a thread for each of them, and open a transaction for the first two apart.
"""

from collections.abc import Callable
from typing import Any

from fastapi import Depends, Request
from fastapi.datastructures import DefaultPlaceholder
from fastapi.exceptions import ResponseValidationError
from fastapi.routing import RouteContext
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ..core.actor import Actor
from ..core.entrance import entering

Finder = Callable[[Request], Actor]
JSON = "application/json"


class Sought:
    """An actor who is found, or refused, when the endpoint is about to run."""

    def __init__(self, request: Request, find: Finder) -> None:
        self._request = request
        self._find = find
        self.asked = False

    def actor(self) -> Actor:
        """Whoever it is; raises what the finder raises."""
        self.asked = True
        return self._find(self._request)


def sought(find: Finder) -> Any:
    """The dependency on an actor whom `find` finds.

    Whoever sends a form or a file is found before it is read: strangers have none of theirs taken in.
    """

    async def seek(request: Request) -> Sought | Actor:
        if not request.headers.get("content-type", JSON).startswith(JSON):
            return await run_in_threadpool(find, request)
        waiting = request.state.sought = Sought(request, find)
        return waiting

    return Depends(seek)


def refused_first(request: Request) -> Exception | None:
    """Why she may not ask at all, which is said before anything that is wrong with what she asks."""
    waiting: Sought | None = getattr(request.state, "sought", None)
    if waiting is None or waiting.asked:
        return None
    try:
        waiting.actor()
    except Exception as refusal:  # noqa: BLE001 (it is answered like any other)
        return refusal
    return None


def in_one(route: RouteContext) -> Callable[..., Any]:
    """The route's endpoint, to be called with what its dependencies gave."""
    endpoint, told = route.dependant.call, route.dependant.response_param_name

    def run(**values: Any) -> Any:
        with entering():
            for name, value in values.items():
                if type(value) is Sought:
                    values[name] = value.actor()
            answer = endpoint(**values)
            return answer if isinstance(answer, Response) else _written(route, answer, values.get(told))

    run.__name__, run.__module__ = endpoint.__name__, endpoint.__module__
    return run


def _written(route: RouteContext, answer: Any, told: Response | None) -> Any:
    """The answer as the framework would write it; what it is to write in another way is left to it."""
    field = route.response_field
    if field is None or not isinstance(route.response_class, DefaultPlaceholder):
        return answer
    value, errors = field.validate(answer, {}, loc=("response",))
    if errors:
        raise ResponseValidationError(errors=errors, body=answer)
    body = field.serialize_json(
        value,
        include=route.response_model_include,
        exclude=route.response_model_exclude,
        by_alias=route.response_model_by_alias,
        exclude_unset=route.response_model_exclude_unset,
        exclude_defaults=route.response_model_exclude_defaults,
        exclude_none=route.response_model_exclude_none,
    )
    status = (told and told.status_code) or route.status_code or 200
    written = Response(body, status, media_type=JSON)
    if told:
        written.headers.raw.extend(told.headers.raw)
    return written
