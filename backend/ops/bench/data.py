"""The data of the measurements, loaded in bulk as the owner: dossiers with three signed reviews of six marks.

Triggers are off while loading only (the trail of what nobody did would be noise); foreign keys are checked as
always. Everything is plausible in size: content, names and snapshots are as long as the demonstration's.
"""

import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from backend.calls.callfile import CallFile, from_json, read
from backend.calls.commands import CALLS_FOLDER, digest
from backend.core.calendar import local
from backend.ops.bench import content
from backend.reviews.scoring import drawn, standing, total_hundredths

PROVINCE, COMMUNE, CHAIN = "09.001", "09.001.05.09", "argan"
REVIEWS = 3
EVALUATORS = 60
SPARE = 4_000
"""Organisations without a dossier, each with its holder: the applicants of the measurements."""
OPEN_REVIEWS = 1_000
"""Dossiers on the stack of the reviewer who is measured, opened and not yet marked."""
SEED = 2023


@dataclass(frozen=True)
class Loaded:
    """What workloads need to know of it. Sessions are cookies: `officer`, `reviewer`, `holder-<n>`."""

    applications: int
    ranked_call: UUID
    open_call: UUID
    officer: UUID
    coach: UUID
    reviewer: UUID
    criteria: list[str]

    @property
    def words(self) -> str:
        return f"{self.applications} × {REVIEWS} × {len(self.criteria)}"


def cookie(name: str) -> str:
    """The cookie header of a session that was loaded."""
    return f"indh_session={name}"


def load(owner_url: str, applications: int) -> Loaded:
    """Fill a migrated database that holds the reference data."""
    file = _call_file("banc-classement", -60, -30)
    other = _call_file("banc-ouvert", -1, 30, documents=[])  # papers have figures of their own
    with psycopg.connect(owner_url) as db, untriggered(db):
        staff = _staff(db)
        _holders(db, applications + SPARE)
        calls = [_call(db, one) for one in (file, other)]
        _priorities(db)
        _applications(db, applications, calls[0])
        _reviews(db, file, calls[0], staff[3:])
        _open_reviews(db, calls[0], staff[2])
        _sessions(db, dict(zip(("officer", "coach", "reviewer"), staff, strict=False)))
    return Loaded(
        applications=applications,
        ranked_call=calls[0],
        open_call=calls[1],
        officer=staff[0],
        coach=staff[1],
        reviewer=staff[2],
        criteria=[criterion.code for criterion in file.grid.criteria],
    )


@contextmanager
def untriggered(db: psycopg.Connection) -> Iterator[None]:
    """The audit triggers are off inside, on again in the same transaction."""
    names = [row[0] for row in db.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'row_change' AND NOT tgisinternal"
    )]  # fmt: skip
    for name in names:
        db.execute(f"ALTER TABLE {name} DISABLE TRIGGER row_change".encode())
    yield
    for name in names:
        db.execute(f"ALTER TABLE {name} ENABLE TRIGGER row_change".encode())


def _call_file(code: str, opens: int, closes: int, **terms: Any) -> CallFile:
    """Agadir 2023's call under another code, its window so many days from now; `terms` replace its own."""
    now = datetime.now(UTC)
    window = {"opens_at": now + timedelta(days=opens), "closes_at": now + timedelta(days=closes)}
    hours = {name: f"{local(hour):%Y-%m-%d %H:%M}" for name, hour in window.items()}
    return from_json(read(CALLS_FOLDER / "agadir-2023.yaml").as_json() | {"code": code} | hours | terms)


def _call(db: psycopg.Connection, file: CallFile) -> UUID:
    key: UUID = uuid7()
    db.execute(
        "INSERT INTO call (id, version, code, province_code, title, opens_at, closes_at, envelope_centimes,"
        " definition, definition_sha256, state, published_at)"
        " VALUES (%s, 1, %s, %s, %s, %s, %s, %s, %s, %s, 'published', %s)",
        (key, file.code, file.province, Jsonb(dict(file.title)), file.opens_at, file.closes_at, file.envelope,
         Jsonb(file.as_json()), digest(file), file.opens_at),
    )  # fmt: skip
    return key


def _staff(db: psycopg.Connection) -> list[UUID]:
    """An officer, a coach, the measured reviewer, then the other evaluators."""
    people = [("officer", "officer"), ("coach", "coach"), ("reviewer", "evaluator")]
    people += [(f"evaluator-{n}", "evaluator") for n in range(EVALUATORS)]
    ids = []
    for name, role in people:
        key = uuid7()
        db.execute(
            "INSERT INTO person (id, version, name, email, language, active, created_at)"
            " VALUES (%s, 1, %s, %s, 'fr', true, now())",
            (key, name.title(), f"{name}@exemple.test"),
        )
        db.execute(
            "INSERT INTO role_grant (id, person_id, role, province_code, granted_at)"
            " VALUES (uuidv7(), %s, %s, %s, now())",
            (key, role, PROVINCE),
        )
        ids.append(key)
    return ids


def _holders(db: psycopg.Connection, number: int) -> None:
    """Cooperatives of six members, each with the person who acts for it."""
    db.execute(
        "CREATE TEMP TABLE n ON COMMIT DROP AS SELECT i, uuidv7() AS person, uuidv7() AS organisation,"
        " uuidv7() AS application FROM generate_series(1, %s) i",
        (number,),
    )
    for statement in content.HOLDERS:
        db.execute(statement.encode(), {"province": PROVINCE, "commune": COMMUNE})
    db.execute("ANALYZE n")


def _priorities(db: psycopg.Connection) -> None:
    db.execute(
        "INSERT INTO priority_chain (id, province_code, chain_id, rank, from_on)"
        " SELECT uuidv7(), %s, id, 1, DATE '2020-01-01' FROM value_chain WHERE code = %s",
        (PROVINCE, CHAIN),
    )


def _applications(db: psycopg.Connection, number: int, call: UUID) -> None:
    db.execute(
        content.APPLICATIONS.encode(),
        {
            "call": call,
            "number": number,
            "province": PROVINCE,
            "commune": COMMUNE,
            "content": Jsonb(content.sections(COMMUNE)),
            "snapshot": Jsonb(content.SNAPSHOT),
        },
    )


def _reviews(db: psycopg.Connection, file: CallFile, call: UUID, evaluators: list[UUID]) -> None:
    """Three signed reviews a dossier, and the standing that the platform would keep."""
    dice = random.Random(SEED)  # noqa: S311 (plausible data, no secret)
    rows = db.execute("SELECT i, application FROM n WHERE i <= (SELECT count(*) FROM application)").fetchall()
    standings = []
    db.execute(
        "INSERT INTO call_review (id, call_id, province_code, per_file, seed, seeded_at)"
        " VALUES (uuidv7(), %s, %s, %s, '', now())",
        (call, PROVINCE, file.grid.evaluators_per_file),
    )
    columns = "call_id, application_id, evaluator_id, province_code, state, assigned_at, due_at, declared_at,"
    with db.cursor().copy(
        f"COPY assignment (id, version, {columns} marks, notes, total_hundredths, signed_at) FROM STDIN"
    ) as copy:
        now = datetime.now(UTC)
        for i, application in rows:
            marks = [
                {c.code: dice.randint(0, file.grid.scale_max) for c in file.grid.criteria}
                for _ in range(REVIEWS)
            ]
            for n, one in enumerate(marks):
                copy.write_row((
                    uuid7(), 3, call, application, evaluators[(i * REVIEWS + n) % len(evaluators)], PROVINCE,
                    "signed", now, now, now, json.dumps(one), json.dumps(content.NOTES),
                    total_hundredths(file.grid, one), now,
                ))  # fmt: skip
            standings.append((application, standing(file.grid, marks)))
    with db.cursor().copy(
        "COPY standing (application_id, call_id, province_code, reviews, score_hundredths, spread_hundredths,"
        " ties, criteria, floors, discordant, draw) FROM STDIN"
    ) as copy:
        for application, kept in standings:
            copy.write_row((
                application, call, PROVINCE, kept.reviews, kept.score, kept.spread, kept.ties,
                json.dumps(kept.criteria), kept.floors, kept.discordant, drawn("", str(application)),
            ))  # fmt: skip


def _open_reviews(db: psycopg.Connection, call: UUID, reviewer: UUID) -> None:
    db.execute(
        "INSERT INTO assignment (id, version, call_id, application_id, evaluator_id, province_code, state,"
        " assigned_at, due_at, declared_at, marks, notes, total_hundredths)"
        " SELECT uuidv7(), 2, %s, id, %s, %s, 'open', now(), now() + interval '30 days', now(), '{}', '{}', 0"
        " FROM (SELECT id FROM application ORDER BY number LIMIT %s) first",
        (call, reviewer, PROVINCE, OPEN_REVIEWS),
    )


def _sessions(db: psycopg.Connection, staff: dict[str, UUID]) -> None:
    """A browser session for each of the staff and for each holder; its secret is its name."""
    for name, person in staff.items():
        db.execute(
            "INSERT INTO sign_in (id, person_id, token_hash, created_at, expires_at)"
            " VALUES (uuidv7(), %s, %s, now(), now() + interval '1 day')",
            (person, hashlib.sha256(name.encode()).hexdigest()),
        )
    db.execute(
        "INSERT INTO sign_in (id, person_id, token_hash, created_at, expires_at)"
        " SELECT uuidv7(), person, encode(sha256(('holder-' || i)::bytea), 'hex'), now(),"
        " now() + interval '1 day' FROM n"
    )


def organisations(db: psycopg.Connection) -> list[tuple[int, UUID]]:
    """The spare organisations: the number of the holder's session, and the id."""
    rows: list[Any] = db.execute(
        "SELECT substr(p.email, 8, strpos(p.email, '@') - 8)::int, o.id FROM organisation o"
        " JOIN representative r ON r.organisation_id = o.id JOIN person p ON p.id = r.person_id"
        " WHERE NOT EXISTS (SELECT FROM application a WHERE a.organisation_id = o.id) ORDER BY 1"
    ).fetchall()
    return rows
