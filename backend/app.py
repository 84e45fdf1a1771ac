"""The composition root: the only file that names every slice."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

SLICES = (
    "territory",
    "people",
    "files",
    "committees",
    "value_chains",
    "calls",
    "applications",
    "reviews",
    "decisions",
    "obligations",
    "funding",
    "coaching",
    "durability",
    "seals",
    "notifications",
    "observatory",
)
KERNEL_TABLES = ("audit", "clock", "events", "once", "seals")


def load(kind: str) -> list[ModuleType]:
    """Import one kind of file (`models`, `api`, `pages`, `jobs` …) of every slice that has it.

    Models come with the kernel's own tables; jobs come with the policies, lifecycles and
    facts that they rely on.
    """
    if kind == "models":
        for name in KERNEL_TABLES:
            import_module(f"backend.core.{name}")
    if kind == "jobs":
        load("models")
        load("policy")
        load("lifecycle")
        load("sealed")
        load("holdings")
    names = [f"backend.{name}.{kind}" for name in SLICES]
    return [import_module(name) for name in names if find_spec(name)]


@asynccontextmanager
async def _serving(_app: "FastAPI") -> AsyncIterator[None]:
    """While it serves, the jobs that a commit owes are offered to the workers at once.

    Few threads: the loop that notes when a request arrived must not wait its turn behind dozens of them, for
    what arrives before a call closes is in time however long it takes. What lives as long as the process is
    not looked through by the collector again and again, nor is what a single request makes: a fifth of a
    save's time went there.
    """
    from anyio.to_thread import current_default_thread_limiter

    from .core import tx
    from .core.config import settings
    from .web import queue

    _write_requests()
    tx.dispatch = queue.offer_soon
    current_default_thread_limiter().total_tokens = settings().threads
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
    yield


def _write_requests() -> None:
    """A line a request, where whoever starts us has not said where lines go."""
    requests = logging.getLogger("indh.request")
    requests.setLevel(logging.INFO)
    if not requests.hasHandlers():
        requests.addHandler(logging.StreamHandler())


def create_app() -> "FastAPI":
    """The web application: JSON under /api/v1, pages beside it."""
    from fastapi import FastAPI
    from fastapi.middleware.gzip import GZipMiddleware

    from .applications import trial
    from .calls.editor import dryrun
    from .core.config import settings
    from .observatory import demo
    from .people import authentication, demonstration
    from .people.pages import account
    from .web import assets, deps, language, problems, style
    from .web.directory import Directory
    from .web.middleware import Edge

    load("jobs")

    app = FastAPI(
        title="INDH Programme 3",
        version="0.1.0",
        summary="From the creation of a provincial committee to the fifth birthday of a funded cooperative.",
        lifespan=_serving,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        separate_input_output_schemas=False,
        generate_unique_id_function=lambda route: route.name,  # an operation is called like its function
        responses=problems.RESPONSES,
    )
    deps.identify = authentication.identify
    language.remember = account.remember_language
    dryrun.dossiers = trial.dossiers
    problems.install(app)
    assets.mount_static(app)
    app.include_router(deps.router)
    app.include_router(language.router, include_in_schema=False)
    app.include_router(style.router, include_in_schema=False)
    for module in load("api"):
        app.include_router(module.router, prefix="/api/v1")
    if settings().demo:
        from .ops.demo.province import accounts

        app.include_router(demo.router, prefix="/api/v1")
        demonstration.accounts = accounts
    for module in load("pages"):
        app.include_router(module.router, include_in_schema=False)
    app.router.routes.insert(0, Directory(app.router.routes))
    # the levels above take as long again, for one byte in twenty
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)
    app.add_middleware(Edge)
    return app
