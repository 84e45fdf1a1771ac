"""Applicants on the last day: each creates a dossier, saves its sections, submits; eight at a time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

from backend.ops.bench import content
from backend.ops.bench.data import COMMUNE, cookie, organisations
from backend.ops.bench.http import Client
from backend.ops.bench.processes import peak_mb
from backend.ops.bench.result import Result, Target
from backend.ops.bench.rig import BARE, OURS, Rig, Server
from backend.ops.bench.statistics import Series, ratio

CLIENTS = 8
EACH = 10  # flows of each client in a round
Holder = tuple[int, UUID]
Flow = Callable[[Rig, Server, Holder], None]


@dataclass
class Side:
    """One of the two servers with the way to apply at it."""

    server: Server
    flow: Flow


def flow(rig: Rig) -> Result:
    """Whole flows by eight clients, ours and bare in turn; flows a second, statements a flow."""
    result = Result("apply-flow", data=f"{rig.loaded.applications} existing", target_sql=60, target_ratio=3)
    result.limit = (
        "as many bare requests that write the same rows, the audit trigger on; ratio of flows a second"
    )
    with rig.database() as name, rig.serve(OURS, name) as ours, rig.serve(BARE, name) as bare:
        with rig.owner(name) as db:
            waiting = organisations(db)
        sides = {"ours": Side(ours, _ours), "limit": Side(bare, _bare)}
        for side in sides.values():
            _round(rig, side, waiting, 2)
        found, rates = _rounds(rig, sides, waiting, 2 if rig.quick else 5)
        result.timings(found["ours"])
        result.limit_p50_ms = found["limit"].p50 * 1e3
        result.per_second = 1 / rates["ours"].p50
        result.ratio = ratio(rates["ours"], rates["limit"])
        before, flows = rig.cpu(ours.pid), CLIENTS * 4
        _round(rig, sides["ours"], waiting, 4)
        result.cpu_ms = (rig.cpu(ours.pid) - before) / flows * 1e3
        result.sql = rig.statements(name, lambda: _ours(rig, ours, waiting.pop()))
        limit_sql = rig.statements(name, lambda: _bare(rig, bare, waiting.pop()))
        result.memory_mb = peak_mb(ours.pid)
    result.more.append(Target("flows a second", result.per_second, 20, "/s", at_least=True))
    steps = len(content.sections(COMMUNE)) + 2
    result.notes.append(
        f"{steps} requests a flow by {CLIENTS} clients; "
        f"the limit: {1 / rates['limit'].p50:.0f} flows/s, {limit_sql} SQL"
    )
    return result


def _rounds(
    rig: Rig, sides: dict[str, Side], waiting: list[Holder], rounds: int
) -> tuple[dict[str, Series], dict[str, Series]]:
    """By side: how long each flow took, and the round's seconds divided by its flows (the inverse rate)."""
    found = {name: Series() for name in sides}
    rates = {name: Series() for name in sides}
    for number in range(rounds):
        for name in sides if number % 2 == 0 else reversed(sides):
            begun = perf_counter()
            found[name].rounds.append(_round(rig, sides[name], waiting, EACH))
            rates[name].rounds.append([(perf_counter() - begun) / (CLIENTS * EACH)])
    return found, rates


def _round(rig: Rig, side: Side, waiting: list[Holder], each: int) -> list[float]:
    """Eight clients side by side, so many flows each; how long each took. One error stops the bench."""
    taken = [[waiting.pop() for _ in range(each)] for _ in range(CLIENTS)]
    times: list[float] = []
    failures: list[Exception] = []

    def work(holders: list[Holder]) -> None:
        try:
            for holder in holders:
                begun = perf_counter()
                side.flow(rig, side.server, holder)
                times.append(perf_counter() - begun)
        except Exception as failure:  # noqa: BLE001 (told by the main thread)
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(holders,)) for holders in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return times


def _ours(rig: Rig, server: Server, holder: Holder) -> None:
    number, organisation = holder
    client = server.client(cookie=cookie(f"holder-{number}"))
    body = {"call_id": str(rig.loaded.open_call), "organisation_id": str(organisation)}
    etag, made = client.write(
        "POST", "/api/v1/applications", body, **{"idempotency-key": f"flow-{organisation}"}
    )
    place = f"/api/v1/applications/{made['id']}"
    for section, data in content.sections(COMMUNE).items():
        etag, _ = client.write("PUT", f"{place}/sections/{section}", data, **{"if-match": etag})
    done = client.post(f"{place}/submit", {})
    assert done["receipt_code"]
    client.close()


def _bare(rig: Rig, server: Server, holder: Holder) -> None:
    client: Client = server.client()
    body = {"call_id": str(rig.loaded.open_call), "organisation_id": str(holder[1])}
    made = client.post("/applications", body)
    for section, data in content.sections(COMMUNE).items():
        client.write("PUT", f"/applications/{made['id']}/{section}", data)
    client.post(f"/applications/{made['id']}/submit", {})
    client.close()
