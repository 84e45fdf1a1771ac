"""Many holders in one process, each at her own minute: she saves a field, then deposits. An open loop.

Run by the `rush` workload: `python -m backend.ops.bench.rusher`, the plan as JSON on standard input, what
each holder was answered as JSON on standard output. Nobody waits for anybody: a slow server is no excuse for
sending less.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from backend.ops.preflight import HOST

PATIENCE = 120.0
"""Seconds until a client gives up on an answer."""


@dataclass
class Told:
    """What a holder was answered: each status (0: no answer), how long each took in seconds, her receipt."""

    application: str
    at: float  # when she began, in seconds of the clock
    income: int  # what she saved
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)  # when, in seconds of the clock
    kept: bool = False
    receipt: str | None = None
    code: str | None = None  # of the refusal
    again: str | None = None  # the receipt that a second deposit gave


async def holder(one: dict[str, Any]) -> Told:
    """Wait for her minute, save, deposit; some press twice."""
    told = Told(one["application"], one["at"], one["income"])
    await asyncio.sleep(max(0.0, one["at"] - time.time()))
    told.at = time.time()
    place = f"/api/v1/applications/{one['application']}"
    change = {"id": str(uuid4()), "section": "results", "field": "income_centimes", "was": one["was"],
              "value": one["income"]}  # fmt: skip
    saved = await _ask(one, told, "PATCH", f"{place}/fields", {"changes": [change]})
    told.kept = bool(saved) and told.statuses[-1] == 200 and saved["results"][0]["status"] == "kept"
    deposited = await _ask(one, told, "POST", f"{place}/submit", {})
    if told.statuses[-1] == 200:
        told.receipt = deposited["receipt_code"]
    else:
        told.code = (deposited or {}).get("code")
    if one["twice"]:  # a finger that presses twice
        repeated = await _ask(one, told, "POST", f"{place}/submit", {})
        told.again = repeated["receipt_code"] if told.statuses[-1] == 200 else None
    return told


async def _ask(one: dict[str, Any], told: Told, method: str, path: str, body: Any) -> Any:
    begun = time.perf_counter()
    told.sent.append(time.time())
    try:
        status, raw = await asyncio.wait_for(_http(one, method, path, json.dumps(body).encode()), PATIENCE)
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
        status, raw = 0, b""
    told.statuses.append(status)
    told.seconds.append(time.perf_counter() - begun)
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


async def _http(one: dict[str, Any], method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """A connection of its own, as of a phone that was away."""
    reader, writer = await asyncio.open_connection(HOST, one["port"])
    try:
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: {HOST}:{one['port']}\r\ncookie: {one['cookie']}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        answer = await reader.read()
    finally:
        writer.close()
    top, _, rest = answer.partition(b"\r\n\r\n")
    return int(top.split(b" ", 2)[1]) if top else 0, rest


async def main() -> None:
    """Everybody at once, each waiting for her own minute."""
    plan = json.load(sys.stdin)
    told = await asyncio.gather(*(holder(one) for one in plan))
    json.dump([asdict(one) for one in told], sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
