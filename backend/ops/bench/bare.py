"""The limit: the same rows over the same HTTP server with nothing around them.

A FastAPI application of a few endpoints, raw SQL through a pool, JSON out: no session, no rules, no events of
ours beyond the rows themselves. The database's own audit trigger still fires, as it would for anybody.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body as FromBody
from fastapi import FastAPI, Response
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from backend.ops.bench import bare_sql as sql

Body = Annotated[dict[str, Any], FromBody()]


def create_app() -> FastAPI:
    """The application; DATABASE_URL names the database."""
    url = os.environ["DATABASE_URL"].replace("+psycopg", "", 1)
    pool: ConnectionPool[Any] = ConnectionPool(
        url, min_size=1, max_size=10, open=False, kwargs={"row_factory": dict_row}
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        pool.open(wait=True)
        yield
        pool.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ranking/{call_id}")
    def ranking(call_id: UUID, score: int = 10_001, limit: int = 50) -> Response:
        with pool.connection() as db:
            rows = db.execute(sql.RANKING, (call_id, score, limit + 1)).fetchall()
        return _json({"items": rows[:limit], "next": rows[-1]["score_hundredths"]})

    @app.get("/dossier/{assignment_id}")
    def dossier(assignment_id: UUID) -> Response:
        with pool.connection() as db:
            return _json(db.execute(sql.DOSSIER, (assignment_id,)).fetchone())

    @app.get("/list")
    def dossiers(q: str, state: str, least: int, counts: bool = False) -> Response:
        asked = {"q": q, "state": state, "least": least}
        with pool.connection() as db:
            rows = db.execute(sql.LIST, asked).fetchall()
            found = db.execute(sql.COUNTS, asked).fetchall() if counts else []
        return _json({"items": rows[:50], "counts": found})

    _writes(app, pool)
    return app


def _writes(app: FastAPI, pool: "ConnectionPool[Any]") -> None:
    @app.post("/review/{assignment_id}")
    def review(assignment_id: UUID, body: Body) -> Response:
        with pool.connection() as db:
            db.execute(
                sql.MARKS,
                {"id": assignment_id, "marks": Jsonb(body["marks"]), "notes": Jsonb(body["notes"])},
            )
            db.execute(sql.EVENT, _event("assignment.saved", "assignment", assignment_id))
            db.execute(sql.SIGN, {"id": assignment_id})
            db.execute(sql.EVENT, _event("assignment.signed", "assignment", assignment_id))
            db.execute(sql.STANDING, {"id": assignment_id})
        return _json({"id": assignment_id})

    @app.post("/applications")
    def create(body: Body) -> Response:
        with pool.connection() as db:
            made = db.execute(sql.CREATE, body).fetchone()
            assert made
            db.execute(sql.EVENT, _event("application.created", "application", made["id"]))
        return _json(made)

    @app.put("/applications/{application_id}/{section}")
    def save(application_id: UUID, section: str, body: Body) -> Response:
        with pool.connection() as db:
            db.execute(sql.SAVE, {"id": application_id, "part": Jsonb({section: body})})
            db.execute(sql.EVENT, _event("application.saved", "application", application_id))
        return _json({"section": section, "data": body})

    @app.post("/applications/{application_id}/submit")
    def submit(application_id: UUID) -> Response:
        with pool.connection() as db:
            made = db.execute(sql.SUBMIT, {"id": application_id}).fetchone()
            db.execute(sql.DEPOSIT, {"id": application_id})
            event = _event("application.submitted", "application", application_id)
            db.execute(sql.EVENT, event)
            db.execute(sql.JOB, {"event": event["id"]})
            db.execute(sql.RESULTS, {"id": application_id})
        return _json(made)


def _event(name: str, kind: str, subject: UUID) -> dict[str, Any]:
    from uuid_utils.compat import uuid7

    return {"id": uuid7(), "name": name, "kind": kind, "subject": subject}


def _json(value: Any) -> Response:
    return Response(json.dumps(value, default=str), media_type="application/json")
