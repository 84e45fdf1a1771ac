"""How each route is asked in the matrix: about which object; what is sent is in `asked.py`.

A route that reads needs no case of its own when `PARAMETERS` names its path's parameters.
"""

import re
from collections.abc import Iterator
from inspect import signature
from typing import Any

from fastapi.routing import iter_route_contexts

from tests.contract.asked import CASES, PAGES, Case
from tests.contract.scenario import Scenario
from tests.world import HERE, application

__all__ = ["CASES", "PAGES", "PARAMETERS", "Case", "ask", "filled", "known", "routes", "searches"]

PARAMETERS = {
    "accompaniment_id": "@accompaniment",
    "action_id": "@action",
    "appeal_id": "@appeal",
    "application_id": "@application",
    "assignment_id": "@assignment",
    "call_id": "@call",
    "committee_id": "@committee",
    "condition_id": "@condition",
    "consultation_id": "@consultation_open",
    "convention_id": "@convention",
    "decision_id": "@decision",
    "event_id": "@event",
    "file_id": "@file",
    "grant_id": "@grant",
    "item_id": "@item_session_future",
    "member_id": "@member",
    "note_id": "@note",
    "tie_id": "@tie",
    "message_id": "@message",
    "milestone_id": "@milestone",
    "minutes_id": "@minutes",
    "motion_id": "@motion",
    "organisation_id": "@organisation",
    "person_id": "@holder",
    "plan_id": "@plan",
    "question_id": "@question",
    "reminder_id": "@reminder",
    "request_id": "@information",
    "seat_id": "@seat",
    "session_id": "@session",
    "token_id": "@token",
    "upload_id": "@upload",
    "tranche_id": "@tranche",
    "view_id": "@view",
    "wave_id": "@wave",
    "lookalike_id": "@lookalike",
    "lang": "ar",
    "province_code": HERE,
    "section": "budget",
}


def _mounted() -> Iterator[tuple[str, str]]:
    """(method, path) of every route of the composed application, mounted or included."""
    for route in iter_route_contexts(application().routes):
        for method in sorted(route.methods or ()):
            if method != "HEAD":
                yield method, route.path.replace(":path}", "}")


def routes() -> list[str]:
    """`METHOD /path` of every route, pages after the API, in a stable order.

    A route of several acts has a line for each case, told apart by what follows `#`.
    """
    variants: dict[str, list[str]] = {}
    for key in CASES:
        variants.setdefault(key.partition("#")[0], []).append(key)
    found = {
        key for method, path in _mounted() for key in variants.get(f"{method} {path}", [f"{method} {path}"])
    }
    return sorted(found, key=lambda key: (not _path(key).startswith("/api/"), _path(key), key))


def searches() -> set[str]:
    """The routes that look for words."""
    found = iter_route_contexts(application().routes)
    return {f"GET {one.path}" for one in found if one.endpoint and "q" in signature(one.endpoint).parameters}


def _path(key: str) -> str:
    return key.split(" ", 1)[1]


def known(key: str) -> bool:
    """Whether we know how to ask this route."""
    if key in CASES:
        return True
    return key.startswith("GET ") and set(re.findall(r"{(\w+)}", key)) <= set(PARAMETERS)


def ask(s: Scenario, persona: str, key: str, how: Case | None = None) -> Any:
    """Ask the route as this persona; nothing stays."""
    method, template = key.partition("#")[0].split(" ", 1)
    how = how or CASES.get(key, Case())
    places = PARAMETERS | how.path
    path = re.sub(r"{(\w+)}", lambda found: str(filled(s, places[found[1]])), template)
    options: dict[str, Any] = {"params": filled(s, how.query)} if how.query else {}
    if how.json is not None:
        options["json"] = filled(s, how.json)
    if how.form is not None:
        options["data"] = filled(s, how.form)
    if how.content is not None:
        options["content"] = filled(s, how.content)
    if how.files is not None:
        options["files"] = how.files
    if how.version:
        options["headers"] = {"if-match": f'"{s.version[how.version]}"'}
    return s.ask(persona, method, path, **options)


def filled(s: Scenario, value: Any) -> Any:
    """The same value with `@name` and `#name` replaced."""
    if isinstance(value, dict):
        return {filled(s, key): filled(s, item) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(s, item) for item in value]
    if isinstance(value, str) and (found := re.fullmatch(r"(\w+\.)?([@#])(\w+)", value)):
        before, sign, name = found.groups()
        return (before or "") + (s[name] if sign == "@" else str(s.version[name]))
    return value
