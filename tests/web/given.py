"""A small application with the edge kit alone: the style page, the switch of language, static files."""

from dataclasses import dataclass, field

from fastapi import FastAPI, Request

from backend.core.actor import ANONYMOUS, Actor, Grant
from backend.web import language, style
from backend.web.assets import mount_static
from backend.web.directory import Directory


def app() -> FastAPI:
    made = FastAPI()
    made.include_router(style.router)
    made.include_router(language.router)
    mount_static(made)
    made.router.routes.insert(0, Directory(made.router.routes))
    return made


def officer(language: str = "fr") -> Actor:
    return Actor(
        kind="person", name="DAS Taroudannt", language=language, grants=frozenset({Grant("officer", "x")})
    )


@dataclass
class Asked:
    """A request as the pages see it."""

    path: str = "/page"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def request(self) -> Request:
        raw = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        return Request(
            {
                "type": "http",
                "method": "GET",
                "path": self.path,
                "query_string": self.query.encode(),
                "headers": raw,
                "server": ("testserver", 80),
                "scheme": "http",
            }
        )


def nobody() -> Actor:
    return ANONYMOUS
