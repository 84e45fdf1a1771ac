"""Minutes: made of the records and of nothing else, in both languages, sealed, signed, corrected."""

import hashlib
import io
import json
import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select, update

from backend.committees import queries, sessions
from backend.committees.models import (
    Attendance,
    Ballot,
    BallotChoice,
    Capacity,
    CommitteeSession,
    ItemKind,
    Minutes,
    MinutesState,
    Motion,
    Presence,
)
from backend.committees.sessions.agenda import Point
from backend.committees.sessions.roll import Roll
from backend.core.actor import SYSTEM
from backend.core.commitments import digest
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.money import format_money
from backend.core.tx import transaction
from backend.decisions import commands, minutes
from backend.decisions.minutes.issue import differences
from backend.decisions.minutes.reading import redacted
from backend.decisions.minutes.record import record_of
from backend.decisions.minutes.told import Told
from backend.decisions.models import Decision
from backend.files import store
from backend.files.models import StoredFile
from backend.people.models import Person
from backend.people.passwords import hash_password
from tests.committees import given as sittings
from tests.decisions import given
from tests.reviews import given as reviews
from tests.world import PASSWORD

FOR, AGAINST = BallotChoice.FOR, BallotChoice.AGAINST
DISSENT = "Le plan de trésorerie est trop court."


def refused(code: str) -> Any:
    return pytest.raises(Problem, check=lambda p: p.code == code)


def held(world: Any) -> Minutes:
    """A session with a recusal, a dissent, a point with its notes; closed."""
    reviews.tied(world, "third", world.tifaout)
    for motion in given.put(world):
        with transaction(world.second) as tx:
            commands.vote(tx, motion, world.seats["second"], AGAINST, DISSENT)
        given.voted(world, motion, ("chair", "evaluator"))
        with transaction(world.officer) as tx:
            commands.close_vote(tx, motion)
    with transaction(world.officer) as tx:
        point = Point(ItemKind.INFORMATION, {"fr": "Suivi des conventions", "ar": "تتبع الاتفاقيات"})
        item = sessions.add_item(tx, world.session, point)
        sessions.take_item(tx, world.session, item.id)
        sessions.finish_item(tx, world.session, item.id, "La DAS présente l’avancement.")
    with transaction(world.officer) as tx:
        sessions.close_session(tx, world.session)
    return in_force(world.session)


def in_force(session_id: UUID) -> Minutes:
    with transaction(SYSTEM) as tx:
        found = minutes.current(tx, session_id)
        assert found
        return found


def pdf_text(file_id: UUID) -> str:
    """The words of a PDF of ours, without its spaces."""
    pypdf = pytest.importorskip("pypdf")
    content = b"".join(store.read(store.file_path(file_id)))
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_the_record_says_what_the_tables_say(world: Any) -> None:
    issued = held(world)
    record = issued.record
    with transaction(SYSTEM) as tx:
        decisions = tx.session.scalars(select(Decision).order_by(Decision.rank)).all()
        assert [
            (d["rank"], d["outcome"], d["amount_centimes"], d["reasons"]) for d in record["decisions"]
        ] == [(d.rank, d.outcome.value, d.amount_centimes, d.reasons) for d in decisions]
        motions = tx.session.scalars(select(Motion).order_by(Motion.number)).all()
        for told, motion in zip(record["motions"], motions, strict=True):
            cast = tx.session.scalars(select(Ballot).where(Ballot.motion_id == motion.id)).all()
            assert told["state"] == motion.state
            assert sorted(b["choice"] for b in told["ballots"]) == sorted(b.choice or "" for b in cast)
            assert told["result"]["votes_for"] == sum(b.choice is FOR for b in cast) == 2
            assert told["result"]["votes_against"] == 1
        noted = tx.session.scalars(select(Attendance.presence)).all()
        assert [row["presence"] for row in record["sittings"][0]["roll"]] == [one.value for one in noted]
    small = next(one for one in record["motions"] if one["recused"])
    assert (small["result"]["present"], small["result"]["needed"]) == (4, 3)
    assert [one["dissent"] for one in small["ballots"] if one["dissent"]] == [DISSENT]
    assert record["agenda"][0]["added"] is True
    assert record["seal"] == {"number": issued.seal_number, "root": issued.seal_root}


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_what_is_printed_is_what_was_recorded(world: Any, lang: str) -> None:
    issued = held(world)
    text = json.dumps(Told(issued.record, lang).blocks(), ensure_ascii=False)
    with transaction(SYSTEM) as tx:
        for decision in tx.session.scalars(select(Decision)):
            if decision.amount_centimes:
                assert format_money(decision.amount_centimes, lang, unit=False) in text
        for name in tx.session.scalars(
            select(Person.name).where(Person.name.in_(["Chair", "Second", "Third"]))
        ):
            assert name in text
    printed = pdf_text(issued.file_fr_id if lang == "fr" else issued.file_ar_id)
    assert issued.record_sha256 in printed
    assert "480000,00" in printed


def test_the_digests_are_those_of_the_record_and_the_files(world: Any) -> None:
    issued = held(world)
    assert digest(issued.record) == issued.record_sha256
    with transaction(SYSTEM) as tx:
        said = tx.session.scalars(select(Event.data).where(Event.name == "minutes.issued")).one()
        for lang, key in (("fr", issued.file_fr_id), ("ar", issued.file_ar_id)):
            kept = b"".join(store.read(store.file_path(key)))
            file = tx.session.get_one(StoredFile, key)
            assert hashlib.sha256(kept).hexdigest() == file.sha256 == said[lang]
            assert file.media_type == "application/pdf"
    assert said["sha256"] == issued.record_sha256


def test_the_same_rows_give_the_same_record(world: Any) -> None:
    issued = held(world)
    with transaction(SYSTEM) as tx:
        session = tx.session.get_one(CommitteeSession, world.session)
        assert list(differences(issued.record, record_of(tx, session))) == []


PLAIN = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@for_all(PLAIN, PLAIN)
def test_two_records_have_one_digest_only_when_nothing_differs(one: Any, other: Any) -> None:
    assert list(differences({"k": one}, {"k": one})) == []
    same = not list(differences({"k": one}, {"k": other}))
    assert same == (digest(one) == digest(other))


def test_a_recused_member_reads_an_extract(world: Any, client: Any) -> None:
    issued = held(world)
    with transaction(world.third) as tx:
        shown = minutes.shown(tx, issued)
    assert shown.extract
    assert "Tifaout" not in str(shown.record)
    assert "Azrou" in str(shown.record)
    assert shown.record["hidden_files"] == 1
    with transaction(world.second) as tx:
        assert not minutes.shown(tx, issued).extract
    page = client("third").get(f"/sessions/{world.session}/minutes").text
    assert "Extrait" in page
    assert "Tifaout" not in page
    printed = client("third").get(f"/sessions/{world.session}/minutes.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    data = client("third").get(f"/api/v1/committee-sessions/{world.session}/minutes").json()
    assert data["extract"] is True
    assert "Tifaout" not in str(data)


def test_what_is_left_of_the_envelope_does_not_tell_a_hidden_amount(world: Any, client: Any) -> None:
    issued = held(world)
    api = f"/api/v1/decisions?session_id={world.session}"
    for name, told in (("second", True), ("third", False)):
        with transaction(world.people[name]) as tx:
            read = minutes.shown(tx, issued).record["decisions"]
        listed = client(name).get(api).json()["items"]
        assert read, "she reads the decisions that are not hidden from her"
        assert len(listed) == len(read)
        for found in (read, listed):
            assert any("left" in reason["params"] for one in found for reason in one["reasons"]) is told
        (one,) = (d for d in listed if d["rank"] == max(e["rank"] for e in listed))
        alone = client(name).get(f"/api/v1/decisions/{one['id']}").json()
        assert alone == one
        page = client(name).get(f"/sessions/{world.session}").text
        assert ("il reste ensuite" in page) is told
        assert ("demandé tient dans l’enveloppe" in page) is True


def test_what_is_hidden_leaves_nothing_of_it(world: Any) -> None:
    record = held(world).record
    every = {one["application"] for one in record["decisions"]}
    left = redacted(record, every)
    assert left["decisions"] == []
    assert all(one.get("hidden") for one in left["motions"])


# -- signatures ------------------------------------------------------------------------------------------


def with_passwords(world: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        keys = [actor.id for actor in world.people.values()]
        tx.session.execute(
            update(Person).where(Person.id.in_(keys)).values(password_hash=hash_password(PASSWORD))
        )


def sign(world: Any, name: str, issued: Minutes, password: str = PASSWORD) -> Any:
    with transaction(world.people[name]) as tx:
        return minutes.sign(tx, issued.id, SecretStr(password), issued.record_sha256)


def test_the_chair_and_the_secretary_make_them_signed(world: Any) -> None:
    issued = held(world)
    with_passwords(world)
    assert sign(world, "second", issued).capacity is Capacity.MEMBER
    assert sign(world, "chair", issued).capacity is Capacity.CHAIR
    assert in_force(world.session).state is MinutesState.ISSUED
    made = sign(world, "officer", issued)
    assert (made.capacity, made.level, made.seat_id) == (Capacity.SECRETARY, "simple", None)
    assert made.signed_sha256 == issued.record_sha256
    assert in_force(world.session).state is MinutesState.SIGNED
    assert sign(world, "officer", issued).id == made.id
    recused = sign(world, "third", issued)
    assert recused.evidence["hidden_files"] == 1


def test_who_does_not_sign(world: Any) -> None:
    issued = held(world)
    with_passwords(world)
    with refused("invalid"):
        sign(world, "chair", issued, "a wrong password")
    with refused("not_found"):
        sign(world, "stranger", issued)
    with refused("forbidden"):
        sign(world, "auditor", issued)
    issued.record_sha256 = "0" * 64
    with refused("minutes_settled"):
        sign(world, "chair", issued)


def test_an_absent_member_does_not_sign(world: Any) -> None:
    session = sittings.open_session(
        world, sittings.everyone(world) | {world.seats["second"]: Presence.ABSENT}
    )
    with transaction(world.officer) as tx:
        sessions.close_session(tx, session.id)
    with_passwords(world)
    with refused("not_a_signer"):
        sign(world, "second", in_force(session.id))


def test_signing_and_checking_from_the_pages(world: Any, client: Any) -> None:
    issued = held(world)
    with_passwords(world)
    chair, here = client("chair"), f"/sessions/{world.session}"
    assert "Signer le procès-verbal" in chair.get(f"{here}/minutes").text
    wrong = chair.post(f"{here}/sign", data={"password": "non", "sha256": issued.record_sha256})
    assert wrong.status_code == 422
    signed = chair.post(f"{here}/sign", data={"password": PASSWORD, "sha256": issued.record_sha256})
    assert "Signature électronique simple" in signed.text
    assert "Signatures attendues" in signed.text
    public = client(None)
    page = public.get(f"/minutes/{issued.id}", params={"sha256": issued.record_sha256})
    assert "L’empreinte est celle de ce procès-verbal" in page.text
    assert "Tifaout" not in page.text
    assert "n’est pas celle" in public.get(f"/minutes/{issued.id}", params={"sha256": "abc"}).text
    assert chair.get(f"{here}/minutes.pdf").content.startswith(b"%PDF")


# -- corrections -----------------------------------------------------------------------------------------


def test_a_correction_is_a_new_version_that_says_what_differs(world: Any) -> None:
    issued = held(world)
    item = UUID(issued.record["agenda"][0]["id"])
    with transaction(world.officer) as tx:
        made = minutes.correct(tx, issued.id, "Faute de frappe", {item: "La DAS présente la suite."})
    assert (made.number, made.version, made.state) == (issued.number, 2, MinutesState.ISSUED)
    assert [one["path"] for one in made.differences] == ["agenda.0.notes"]
    assert made.record["replaces"]["sha256"] == issued.record_sha256
    with transaction(SYSTEM) as tx:
        assert tx.session.get_one(Minutes, issued.id).state is MinutesState.REPLACED
    with_passwords(world)
    with refused("minutes_settled"):
        sign(world, "chair", issued)
    for reason, code in (("", "invalid"), ("Encore", "invalid")):
        with refused(code), transaction(world.officer) as tx:
            minutes.correct(tx, made.id, reason, {})


def test_a_session_without_quorum_has_minutes_that_say_so(world: Any, client: Any) -> None:
    session = sittings.lapsed(world)
    issued = in_force(session.id)
    assert issued.record["kind"] == "lapse"
    page = client("officer").get(f"/sessions/{session.id}/minutes").text
    assert "Procès-verbal de carence" in page
    assert "Séance non tenue" in page


def test_what_the_page_of_minutes_costs(world: Any, client: Any, statements: Any) -> None:
    held(world)
    officer = client("officer")
    with statements() as seen:
        assert officer.get(f"/sessions/{world.session}/minutes").status_code == 200
    assert len(seen) <= 20, len(seen)


def test_rolls_of_each_sitting_are_kept(world: Any) -> None:
    session = sittings.open_session(world)
    with transaction(world.officer) as tx:
        sessions.adjourn_session(tx, session.id, sittings.later(2))
    seats = list(world.seats.values())
    with transaction(world.officer) as tx:
        sessions.take_attendance(tx, session.id, Roll(dict.fromkeys(seats[:3], Presence.REMOTE)), None)
        sessions.resume_session(tx, session.id)
    with transaction(world.officer) as tx:
        sessions.close_session(tx, session.id)
        assert queries.quorum(tx, session).present == 3
    record = in_force(session.id).record
    assert [len(one["roll"]) for one in record["sittings"]] == [5, 5]
    assert {row["presence"] for row in record["sittings"][0]["roll"]} == {"present"}
    assert {row["presence"] for row in record["sittings"][1]["roll"]} == {"remote", "absent"}
