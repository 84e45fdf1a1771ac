"""A file on its way: chunks in order, twice, out of order, too many, never finished."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from backend.core import jobs
from backend.core.actor import SYSTEM, Actor
from backend.core.config import settings as configured
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.files import commands, intake, store
from backend.files.models import Scan, StoredFile, Upload
from tests.files import given as files

PATH = "/api/v1/uploads"


@pytest.fixture(autouse=True)
def _fresh_store() -> None:
    store.forget()


def begun(client: Any, size: int, name: str = "statuts.pdf") -> str:
    answer = client.post(PATH, json={"name": name, "size": size})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def put(client: Any, upload: str, offset: int, body: bytes) -> Any:
    return client.put(f"{PATH}/{upload}", params={"offset": offset}, content=body)


def test_a_file_arrives_in_chunks_and_is_what_it_was(client: Any) -> None:
    body = files.pdf(4)
    holder = client("holder")
    answer = files.sent(holder, body, "Statuts signés.PDF", chunk=300)
    assert answer.status_code == 200
    made = answer.json()
    assert (made["name"], made["media_type"], made["size"]) == (
        "Statuts signés.pdf",
        "application/pdf",
        len(body),
    )
    assert (made["pages"], made["scan"]) == (4, "not_scanned")
    assert b"".join(store.read(store.file_path(UUID(made["id"])))) == body
    assert list(store.listed(store.UPLOADS)) == []  # the chunks are gone


def test_how_far_it_is_can_be_asked_and_the_rest_sent_later(client: Any) -> None:
    body, holder = files.pdf(), client("holder")
    upload = begun(holder, len(body))
    assert put(holder, upload, 0, body[:100]).json()["received"] == 100
    assert holder.get(f"{PATH}/{upload}").json()["received"] == 100
    unfinished = holder.post(f"{PATH}/{upload}/complete")
    assert (unfinished.status_code, unfinished.json()["code"]) == (409, "upload_unfinished")
    put(holder, upload, 100, body[100:])
    first, second = (holder.post(f"{PATH}/{upload}/complete").json() for _ in range(2))
    assert first == second


def test_a_chunk_out_of_step_says_where_to_go_on(client: Any) -> None:
    body, holder = files.pdf(), client("holder")
    upload = begun(holder, len(body))
    ahead = put(holder, upload, 50, body[50:90])
    assert (ahead.status_code, ahead.json()["params"]["expected"]) == (409, 0)
    put(holder, upload, 0, body[:60])
    astride = put(holder, upload, 30, body[30:90])
    assert (astride.status_code, astride.json()["params"]["expected"]) == (409, 60)


def test_the_same_chunk_twice_is_harmless(client: Any) -> None:
    body, holder = files.pdf(), client("holder")
    upload = begun(holder, len(body))
    for _ in range(3):
        assert put(holder, upload, 0, body[:200]).json()["received"] == 200
    assert put(holder, upload, 100, body[100:150]).json()["received"] == 200
    put(holder, upload, 200, body[200:])
    assert put(holder, upload, 200, body[200:]).status_code == 200
    assert holder.post(f"{PATH}/{upload}/complete").json()["size"] == len(body)
    assert put(holder, upload, 0, body[:200]).status_code == 200  # late, from a network that woke up


@pytest.mark.parametrize(("offset", "length"), [(0, 0), (0, 101), (90, 20), (500, 1)])
def test_a_chunk_that_does_not_fit_is_refused(client: Any, offset: int, length: int) -> None:
    upload = begun(holder := client("holder"), 100)
    answer = put(holder, upload, offset, b"x" * length)
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_beyond")


@pytest.mark.parametrize("offset", ["-1", "x", "1e3", str(2**70), "٣"])
def test_a_bad_offset_is_told(client: Any, offset: str) -> None:
    upload = begun(holder := client("holder"), 100)
    assert put(holder, upload, offset, b"x").status_code in (409, 422)  # type: ignore[arg-type]


def test_two_gigabytes_are_refused_before_their_first_byte(client: Any) -> None:
    for size in (2 * 2**30, 20_000_001):
        answer = client("holder").post(PATH, json={"name": "film.pdf", "size": size})
        assert answer.status_code == 413
        told = answer.json()
        assert (told["code"], told["params"]["limit_bytes"]) == ("file_too_large", 20_000_000)
        assert "20 Mo" in told["detail"]


def test_an_empty_file_is_refused_before_it_is_sent(client: Any) -> None:
    assert client("holder").post(PATH, json={"name": "a.pdf", "size": 0}).json()["code"] == "file_empty"


def test_a_chunk_larger_than_a_body_may_be_is_cut_where_it_enters(client: Any) -> None:
    upload = begun(holder := client("holder"), 5_000_000)

    def endless() -> Any:  # says nothing of its length
        for _ in range(30):
            yield b"x" * 100_000

    assert put(holder, upload, 0, endless()).status_code == 413  # type: ignore[arg-type]
    assert put(holder, upload, 0, b"x" * 1_000_001).status_code == 413
    assert put(holder, upload, 0, b"x" * 1_000_000).status_code == 200


def test_what_is_refused_at_the_end_leaves_no_file(client: Any) -> None:
    answer = files.sent(client("holder"), b"MZ" + b"x" * 500, "statuts.pdf")
    assert (answer.status_code, answer.json()["code"]) == (415, "file_kind")
    assert list(store.listed(store.FILES)) == []


def test_nobody_else_touches_an_upload(client: Any) -> None:
    upload = begun(client("holder"), 100)
    rival = client("rival")
    assert rival.get(f"{PATH}/{upload}").status_code == 404
    assert put(rival, upload, 0, b"x").status_code == 404
    assert rival.post(f"{PATH}/{upload}/complete").status_code == 404
    assert rival.delete(f"{PATH}/{upload}").status_code == 404
    assert client(None).post(PATH, json={"name": "a", "size": 1}).status_code == 401


def test_an_upload_given_up_leaves_nothing(client: Any) -> None:
    upload = begun(holder := client("holder"), 100)
    put(holder, upload, 0, b"x" * 60)
    assert len(store.chunks(UUID(upload))) == 1
    assert holder.delete(f"{PATH}/{upload}").status_code == 204
    assert holder.get(f"{PATH}/{upload}").status_code == 404
    assert store.chunks(UUID(upload)) == []


def test_one_person_has_so_many_unfinished_uploads(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MOST_AT_ONCE", 2)
    holder = client("holder")
    begun(holder, 10), begun(holder, 10)
    assert holder.post(PATH, json={"name": "a", "size": 10}).json()["code"] == "uploads_too_many"
    begun(client("rival"), 10)


def test_an_upload_never_finished_is_forgotten_with_its_bytes(world: Any, client: Any) -> None:
    holder = client("holder")
    upload, kept = begun(holder, 100), begun(holder, 100)
    put(holder, upload, 0, b"x" * 60)
    put(holder, kept, 0, b"x" * 60)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        over = (
            update(Upload).where(Upload.id == UUID(upload)).values(expires_at=tx.now - timedelta(seconds=1))
        )
        tx.session.execute(over)
    assert put(holder, upload, 60, b"x" * 40).json()["code"] == "upload_expired"
    jobs.tick("files.expire")
    assert holder.get(f"{PATH}/{upload}").status_code == 404
    assert store.chunks(UUID(upload)) == []
    assert holder.get(f"{PATH}/{kept}").json()["received"] == 60


def test_a_file_shorter_than_what_was_received_is_asked_again(client: Any) -> None:
    body, holder = files.pdf(), client("holder")
    upload = begun(holder, len(body))
    put(holder, upload, 0, body)
    store.remove(store.chunks(UUID(upload)))
    assert holder.post(f"{PATH}/{upload}/complete").json()["code"] == "file_lost"


def test_two_completions_make_one_file(world: Any, client: Any) -> None:
    body, holder = files.pdf(), client("holder")
    upload = UUID(begun(holder, len(body)))
    put(holder, str(upload), 0, body)
    with intake.joined([body]) as whole:
        ours, theirs = (intake.keep(whole, "a.pdf") for _ in range(2))
    made = []
    for kept in (ours, theirs):
        with transaction(world.holder) as tx:
            made.append(commands.complete(tx, upload, kept).id)
    assert made == [ours.id, ours.id]
    assert [path for path, _ in store.listed(store.FILES)] == [store.file_path(ours.id)]


def test_a_store_that_is_not_named_says_later(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = begun(holder := client("holder"), 10)
    monkeypatch.setenv("FILES_URL", "")
    configured.cache_clear()
    try:
        assert put(holder, upload, 0, b"x" * 10).status_code == 503
    finally:
        monkeypatch.undo()
        configured.cache_clear()
        store.forget()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 599), max_size=6, unique=True), st.lists(st.integers(0, 6), max_size=12))
def test_chunks_in_any_order_as_often_as_one_likes_make_the_same_file(
    world: Any, cuts: list[int], order: list[int]
) -> None:
    body = bytes(range(256)) * 3
    edges = [0, *sorted(cuts), len(body)]
    parts = [(start, body[start:end]) for start, end in pairwise(edges)]
    upload = _begin(world.holder, len(body))
    for turn in [*order, *range(len(parts))]:  # any order first, then the rest in order
        _send(world.holder, upload, *parts[turn % len(parts)])
    assert b"".join(intake.pieces_of(upload)) == body
    with transaction(world.holder) as tx:
        commands.cancel(tx, upload)


def _begin(person: Actor, size: int) -> UUID:
    with transaction(person) as tx:
        return commands.begin(tx, "x.bin", size).id


def _send(person: Actor, upload: UUID, offset: int, chunk: bytes) -> int | None:
    """The bytes received, or None for a chunk out of step."""
    try:
        with transaction(person) as tx:
            return commands.receive(tx, upload, offset, chunk).received
    except Problem as problem:
        if problem.code != "upload_offset":
            raise
        return None


def test_copies_of_a_chunk_that_race_are_kept_once(committed: str) -> None:
    """Real commits: eight copies of each of two chunks, all at once."""
    from tests.world import build

    holder = build().holder
    upload = _begin(holder, 200)

    def send(at: int) -> int | None:
        return _send(holder, upload, at, bytes([at]) * 100)

    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(send, [0] * 8)} == {100}
        assert {*pool.map(send, [100, 0] * 8)} <= {100, 200}
    assert b"".join(intake.pieces_of(upload)) == bytes([0]) * 100 + bytes([100]) * 100


def test_received_is_recorded_with_its_fingerprint(client: Any) -> None:
    from backend.core.events import Event

    made = files.sent(client("holder"), files.png(), "a.png").json()
    with transaction(SYSTEM) as tx:
        (told,) = tx.session.scalars(select(Event).where(Event.name == "file.received"))
        assert told.data["sha256"] == made["sha256"]
        assert tx.session.get_one(StoredFile, UUID(made["id"])).scan is Scan.NOT_SCANNED
