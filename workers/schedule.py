"""What beat asks for, and how often. All of it is harmless to run late, twice, or by two beats."""

from typing import Any

from backend.core.events import SCHEDULE

DRAIN_SECONDS = 5


def beat() -> dict[str, dict[str, Any]]:
    """The recurring work that slices declared, and the drain that finds jobs which no message announced."""
    ticks = {
        work.name: {
            "task": "indh.tick",
            "args": [work.name],
            "schedule": work.seconds,
            "options": {"expires": work.seconds},
        }
        for work in SCHEDULE.values()
    }
    return ticks | {
        "drain": {"task": "indh.drain", "schedule": DRAIN_SECONDS, "options": {"expires": DRAIN_SECONDS}}
    }
