"""The demonstration's clock, and waiting until the workers have done what its hour asks."""

import time
from datetime import datetime

from .http import Client

PATIENCE = 120  # seconds for the workers to have done what a moved clock asks of them


def set_clock(admin: Client, now: datetime) -> None:
    """Make it another time, without waiting for what the workers make of it."""
    admin.post("/demo/clock", {"now": now.isoformat(), "work": False})


def move(admin: Client, now: datetime) -> None:
    """Make it another time, and wait until the workers have done all that it asks."""
    admin.post("/demo/clock", {"now": now.isoformat()})
    settle(admin)


def settle(admin: Client) -> None:
    """Wait until nothing is owed any more."""
    if admin.work():
        return
    deadline = time.monotonic() + PATIENCE
    quiet = 0
    while quiet < 2:
        owed = admin.get("/demo/clock")
        quiet = 0 if owed["owed"] else quiet + 1
        if quiet < 2:
            time.sleep(0.05)
        if time.monotonic() > deadline:
            raise TimeoutError(f"the workers did not finish in {PATIENCE} s: {owed}")
