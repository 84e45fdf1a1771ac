"""The limit of a start: an application of one route that imports what ours imports from third parties."""

import json
import os
from contextlib import suppress
from importlib import import_module

from fastapi import FastAPI


def create_app() -> FastAPI:
    """BENCH_IMPORTS names the modules, as a JSON list."""
    for name in json.loads(os.environ["BENCH_IMPORTS"]):
        with suppress(ImportError):  # modules that exist only while another one loads them
            import_module(name)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app
