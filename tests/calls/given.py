"""Ready calls for the tests of later stages: the Agadir 2023 file with its window around now."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from backend.calls import commands
from backend.calls.callfile import CallFile, from_json, read
from backend.calls.models import Call
from backend.core.calendar import local
from backend.core.clock import arriving
from backend.core.tx import transaction
from tests.value_chains import given as chains

NOW = datetime.now(UTC)  # fixed for the run, so that the same overrides are the same content
AGADIR = Path(__file__).resolve().parents[2] / "calls" / "agadir-2023.yaml"


def hour(moment: datetime) -> str:
    """An instant as call files write it, on Casablanca's clock."""
    return f"{local(moment):%Y-%m-%d %H:%M}"


def body(**overrides: Any) -> dict[str, Any]:
    """The fields of a valid call file, open from yesterday for ten days; datetimes are written for you."""
    window = {"opens_at": NOW - timedelta(days=1), "closes_at": NOW + timedelta(days=10)}
    changed = {name: hour(v) if isinstance(v, datetime) else v for name, v in (window | overrides).items()}
    return read(AGADIR).as_json() | changed


def source() -> str:
    """The text of the file, its comments kept, its window around now."""
    text = AGADIR.read_text(encoding="utf-8")
    text = text.replace("opens_at: 2023-08-16 00:00", f"opens_at: {hour(NOW - timedelta(days=1))}")
    return text.replace("closes_at: 2023-09-01 16:30", f"closes_at: {hour(NOW + timedelta(days=10))}")


def call_file(**overrides: Any) -> CallFile:
    """A valid call of province 09.001, `overrides` replacing whole top-level fields."""
    return from_json(body(**overrides))


def draft(world: Any, **overrides: Any) -> Call:
    """The call loaded by the officer, her province's priorities being set."""
    chains.priorities()
    with transaction(world.officer) as tx:
        return commands.load(tx, call_file(**overrides))


def published(world: Any, **overrides: Any) -> Call:
    """The call, published and (unless overridden) open now; one that is over was published in its time."""
    call = draft(world, **overrides)
    in_time = arriving(at=call.opens_at) if call.closes_at <= NOW else nullcontext()
    with in_time, transaction(world.officer) as tx:
        return commands.publish(tx, call.id)
