"""The database as it stands is the one that the models and the architecture describe."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from backend.core.db import APP_ROLE, Base

RECORDS = {
    "event",
    "job",
    "row_change",
    "idempotent_answer",
    "upload",
    "ballot_box",
    "alembic_version",
    "seal",
    "sealed_event",
}
"""Tables without the trigger: records themselves, queue and uploads, secret votes, seals, Alembic's own."""


def test_migrations_equal_models(database: Connection) -> None:
    context = MigrationContext.configure(database, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory("migrations").get_heads()) == 1


def test_every_table_is_audited(database: Connection) -> None:
    tables = set(database.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    with_trigger = set(
        database.scalars(text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'row_change'"))
    )
    assert {name.strip('"') for name in with_trigger} == tables - RECORDS
    declared = {
        m.class_.__tablename__ for m in Base.registry.mappers if not getattr(m.class_, "__audited__", True)
    }
    assert declared == RECORDS - {"alembic_version"}


def test_secrets_are_left_out_of_the_trail(database: Connection) -> None:
    triggers: dict[str, str] = dict(
        database.execute(
            text(
                "SELECT tgrelid::regclass::text, encode(tgargs, 'escape') FROM pg_trigger"
                " WHERE tgname = 'row_change'"
            )
        ).all()  # type: ignore[arg-type]
    )
    for mapper in Base.registry.mappers:
        for column in getattr(mapper.class_, "__secrets__", ()):
            assert column in triggers[mapper.class_.__tablename__], f"{mapper.class_.__tablename__}.{column}"


def test_the_application_may_not_rewrite_records(database: Connection) -> None:
    def rights(table: str) -> set[str]:
        return {
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if database.scalar(
                text("SELECT has_table_privilege(:role, :table, :right)"),
                {"role": APP_ROLE, "table": table, "right": right},
            )
        }

    for record in ("event", "seal", "sealed_event"):
        assert rights(record) == {"SELECT", "INSERT"}
    assert rights("row_change") == {"SELECT"}
    assert "TRUNCATE" not in rights("application")


def test_every_rule_is_sql_on_its_own_row(world: Any) -> None:
    """Each rule can be asked about one row, by every one of the cast, without another table in FROM."""
    from sqlalchemy import select

    from backend.core.policy import RULES
    from backend.core.tx import transaction

    for actor in world.people.values():
        with transaction(actor) as tx:
            for rule in RULES.values():
                tx.session.execute(tx.visible(select(rule.model).limit(1), rule.name)).all()


def test_every_stage_before_knows_nothing_of_those_after() -> None:
    """A rule, a machine and a job are declared once, under the name of a model that exists."""
    from backend.core.machine import MACHINES
    from backend.core.policy import RULES

    for machine in MACHINES.values():
        for transition in machine.transitions.values():
            assert transition.may in RULES, (
                f"{machine.name}.{transition.verb} asks an unknown rule {transition.may}"
            )
            assert RULES[transition.may].model is machine.model
