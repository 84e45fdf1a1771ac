"""Killing what serves the reminders: the totals that the plans ask for, nothing lost, repeats counted."""

import http.client
import time

import pytest

from backend.ops.demo.run import Size

from .chaos import PATIENCE, play, stage, worker_and_store

pytestmark = pytest.mark.usefixtures("unmeasured")


def answered(address: str) -> tuple[int, float]:
    """The status of the sign-in page's API and how long it took, on a new connection."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=PATIENCE)
    try:
        connection.request("GET", "/api/v1/calls")
        return connection.getresponse().status, time.monotonic() - begun
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_worker_and_store_killed_during_the_reminders(tmp_path):
    found = play(tmp_path, worker_and_store, Size(applications=13, seed=2023))
    figures = found.figures
    assert found.kills["worker"] >= 1
    assert found.kills["Valkey"] == 1
    assert found.broken == {}
    assert figures["reminders_sent"] == figures["reminders_due"] > 0
    assert figures["messages_caught"] == figures["messages"]
    # one repeat, under the same Message-ID, for each kill between the server's keeping and our commit
    assert figures["duplicates"] <= found.kills["worker"]
    assert max(found.repeats.values(), default=0) <= 1
    assert [said for said in found.disagreements if "twice" not in said] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_api_answers_while_store_or_database_is_away(tmp_path):
    with stage(tmp_path) as scene:
        address = scene.served.address
        api = scene.served.pid("API")
        with scene.served.down("Valkey"):
            status, seconds = answered(address)
            assert status == 200
            assert seconds < 5
        with scene.served.down("PostgreSQL"):
            deadline = time.monotonic() + PATIENCE
            # a process of the killed server may still answer on a connection that is open, for a moment
            while (told := answered(address))[0] == 200:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            status, seconds = told
            assert status == 503
            assert seconds < 15
        deadline = time.monotonic() + PATIENCE
        while answered(address)[0] != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert scene.served.pid("API") == api
