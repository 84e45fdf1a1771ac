"""Information requests: received once, opened by their code, answered, refused or extended in time."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from backend.core import jobs
from backend.core.actor import ANONYMOUS, SYSTEM
from backend.core.audit import RowChange
from backend.core.calendar import is_working_day, local
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.files import intake
from backend.notifications.models import Channel, Message, MessageState
from backend.obligations import answering, asking, reading
from backend.obligations.lifecycle import DAYS, due_after
from backend.obligations.models import InformationRequest, RefusalGround
from backend.obligations.schemas import FollowIn
from backend.people import throttle
from backend.people.holdings import clear, held
from backend.people.models import Person
from tests.files.given import png
from tests.obligations import given
from tests.world import THERE

HTML = {"accept": "text/html"}


def refused(code: str, status: int = 409) -> Any:
    return pytest.raises(Problem, check=lambda p: (p.code, p.status) == (code, status))


def change(model: Any, **values: Any) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(model).values(**values))


def every(model: Any) -> list[Any]:
    with transaction(SYSTEM) as tx:
        return list(tx.session.scalars(select(model).order_by(model.id)).all())


# -- days ------------------------------------------------------------------------------------------------


@settings(deadline=None)  # the first one reads the holidays
@drawn(st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_twenty_working_days_after_the_day_of_receipt(day: date) -> None:
    due = due_after(day)
    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(is_working_day(one) for one in between) == DAYS
    assert is_working_day(due)


# -- asking ----------------------------------------------------------------------------------------------


def test_anybody_asks_and_the_same_words_under_the_same_key_are_one_request(world: Any) -> None:
    first, code = given.asked()
    again, same = given.asked()
    assert (again.id, same) == (first.id, code)
    other, another = given.asked(text="Et en 2024 ?")
    assert other.number != first.number
    assert another != code
    assert first.number.endswith("-0001")
    assert other.number.endswith("-0002")
    assert code not in str(vars(first))
    assert first.due_on == due_after(local(first.received_at).date())


def test_without_a_key_each_is_its_own(world: Any) -> None:
    assert given.asked(key=None)[1] != given.asked(key=None)[1]


def test_a_province_without_an_officer_is_not_asked(world: Any) -> None:
    given.asked(province_code=THERE)
    for code in ("01.051", "nowhere"):
        with refused("invalid", 422):
            given.asked(province_code=code)


def test_what_is_typed_is_cleaned_and_bounded(world: Any, client: Any) -> None:
    made, _ = given.asked(text="Les\u202e marchés ?", address="06 12 34 56 78")
    assert made.text == "Les marchés ?"
    assert made.address == "+212612345678"
    asked = client(None)
    for wrong in (
        {"text": " "},
        {"text": "x" * 5_001},
        {"text": "a\0b"},
        {"address": "nulle part"},
        {"address": "a@b"},
        {"name": ""},
        {"language": "en"},
        {"key": "court"},
        {"more": "1"},
    ):
        answer = asked.post("/api/v1/information-requests", json=given.TYPED | wrong)
        assert answer.status_code == 422, wrong


def test_who_asks_is_not_in_the_trail(world: Any) -> None:
    given.asked()
    changes = [one for one in every(RowChange) if one.table_name == "information_request"]
    assert changes
    said = str([(one.old, one.new) for one in changes])
    assert "Fatima" not in said
    assert "fatima@" not in said
    assert "coopératives" not in said


# -- following -------------------------------------------------------------------------------------------


def test_number_and_code_open_it_and_a_wrong_one_is_bounded(world: Any) -> None:
    made, code = given.asked()
    other, its = given.asked(text="Et en 2024 ?")
    with transaction(ANONYMOUS) as tx:
        typed = FollowIn(number=f" {made.number.lower()} ", code=code.lower().replace("-", " "))
        assert asking.follow(tx, typed).id == made.id
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for number, tried in ((made.number, wrong), (other.number, code), ("DI-X", "")):
        with refused("information_unknown", 404), transaction(ANONYMOUS) as tx:
            asking.follow(tx, FollowIn(number=number, code=tried))
    with transaction(ANONYMOUS) as tx:
        for _ in range(20):
            try:
                asking.follow(tx, FollowIn(number=made.number, code=its))
            except Problem as refusal:
                last = refusal
    assert last.status == 429
    throttle.forget(asking.TRIED, made.number)


# -- answering -------------------------------------------------------------------------------------------


def test_answered_once_by_an_officer_of_the_province(world: Any) -> None:
    made, _ = given.asked()
    for name, code, status in (
        ("stranger", "not_found", 404),
        ("holder", "not_found", 404),
        ("auditor", "forbidden", 403),
        ("coordination", "forbidden", 403),
    ):
        with refused(code, status), transaction(getattr(world, name)) as tx:
            answering.answer(tx, made.id, "Non.")
    with transaction(world.officer) as tx:
        done = answering.answer(tx, made.id, "Douze.", made.version)
    assert (done.state, done.answer, done.answered_by) == ("answered", "Douze.", world.officer.id)
    for act in (
        lambda tx: answering.answer(tx, made.id, "Treize."),
        lambda tx: answering.refuse(tx, made.id, RefusalGround.UNCLEAR, "Non."),
        lambda tx: answering.extend(tx, made.id, "Plus tard."),
    ):
        with refused("wrong_state"), transaction(world.officer) as tx:
            act(tx)


def test_extended_once_before_its_day(world: Any) -> None:
    made, _ = given.asked()
    with transaction(world.officer) as tx:
        later = answering.extend(tx, made.id, "Les archives sont au siège.")
        assert later.due_on == due_after(made.due_on) or later.due_on > local(tx.now).date()
    with refused("information_extended"), transaction(world.officer) as tx:
        answering.extend(tx, made.id, "Encore.")
    late, _ = given.asked(text="Et en 2024 ?")
    change(InformationRequest, due_on=local(late.received_at).date() - timedelta(days=1))
    with refused("information_late"), transaction(world.officer) as tx:
        answering.extend(tx, late.id, "Trop tard.")


def test_the_ledger_lists_what_it_does_not_keep_the_words_of(world: Any, client: Any) -> None:
    """The answer stands in the request alone: its message has a subject in the ledger all the same."""
    first, _ = given.asked()
    second, _ = given.asked(text="Quels marchés de 2025 ?")
    with transaction(world.officer) as tx:
        answering.extend(tx, second.id, "Les archives sont au siège.")
        answering.answer(tx, first.id, "Douze.")
        answering.refuse(tx, second.id, RefusalGround.PUBLISHED, "Au Bulletin.")
    for _ in range(3):
        jobs.drain()
    listed = client("auditor").get("/api/v1/messages?limit=200")
    assert listed.status_code == 200, listed.text
    told = {one["template"]: one["subject"] for one in listed.json()["items"]}
    assert {f"information_request.{one}" for one in ("answered", "extended", "refused")} <= set(told)
    assert all(told.values())
    assert client("auditor").get("/messages").status_code == 200


def test_a_document_is_read_with_the_answer_and_not_before(world: Any) -> None:
    made, _ = given.asked()
    kept = intake.keep(BytesIO(png()), "liste.png")
    with transaction(world.officer) as tx:
        file = answering.add_document(tx, made.id, kept).file_id
    with refused("not_found", 404), transaction(SYSTEM) as tx:
        reading.document(tx, tx.session.get_one(InformationRequest, made.id), file, drafts=False)
    with transaction(world.officer) as tx:
        answering.answer(tx, made.id, "La voici.")
    with transaction(SYSTEM) as tx:
        asked = tx.session.get_one(InformationRequest, made.id)
        assert reading.document(tx, asked, file, drafts=False).id == file
    with refused("information_closed"), transaction(world.officer) as tx:
        answering.add_document(tx, made.id, kept)


def test_figures_of_the_year_add_up_in_one_statement(world: Any, statements: Any) -> None:
    first, _ = given.asked(key=None)
    second, _ = given.asked(key=None)
    given.asked(key=None)
    with transaction(world.officer) as tx:
        answering.answer(tx, first.id, "Douze.")
        answering.refuse(tx, second.id, RefusalGround.PUBLISHED, "Au Bulletin.")
    with transaction(SYSTEM) as tx:
        with statements() as ran:
            (year,) = reading.yearly(tx)
        assert len(ran) == 1
    assert (year.received, year.in_time, year.late, year.refused, year.waiting) == (3, 2, 0, 1, 1)
    change(InformationRequest, due_on=local(first.received_at).date() - timedelta(days=1))
    with transaction(SYSTEM) as tx:
        (year,) = reading.yearly(tx)
    assert (year.in_time, year.late, year.waiting) == (0, 3, 0)


# -- messages --------------------------------------------------------------------------------------------


def test_each_step_is_sent_where_she_wanted_and_the_ledger_keeps_no_address(world: Any) -> None:
    made, code = given.asked()
    jobs.drain()
    hers = [one for one in every(Message) if one.recipient_id is None]
    assert [(one.template, one.channel, one.address) for one in hers] == [
        ("information_request.received", Channel.EMAIL, None)
    ]
    told = [one for one in every(Message) if one.template == "information_request.to_answer"]
    assert [one.recipient_id for one in told] == [world.officer.id]
    with transaction(world.officer) as tx:
        answering.answer(tx, made.id, "Douze coopératives.")
    jobs.drain()
    assert code not in str([one.params for one in every(Message)])
    assert "Douze" not in str([one.params for one in every(Message)])


def test_by_telephone_a_text_goes_out(world: Any) -> None:
    given.asked(address="0612345678", language="ar")
    jobs.drain()
    (hers,) = [one for one in every(Message) if one.recipient_id is None]
    assert (hers.channel, hers.language) == (Channel.SMS, "ar")


# -- law 09-08 -------------------------------------------------------------------------------------------


def test_her_export_holds_it_and_an_erasure_takes_her_words(world: Any) -> None:
    given.asked(world.holder)
    given.asked(address="HOLDER@exemple.test".lower(), text="Sans compte")
    with transaction(world.holder) as tx:
        parts = held(tx, tx.session.get_one(Person, tx.actor.id))
    (part,) = [one for one in parts if one.code == "information_requests"]
    assert [row["text"] for row in part.rows] == [given.TYPED["text"]]
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        clear(tx, tx.session.get_one(Person, world.holder.id))
    assert {(one.name, one.address, one.text, one.person_id) for one in every(InformationRequest)} == {
        ("–", "", "–", None)
    }
    jobs.drain()
    assert {one.state for one in every(Message) if one.recipient_id is None} <= {MessageState.FAILED}


# -- pages -----------------------------------------------------------------------------------------------


def test_the_whole_way_without_an_account(world: Any, client: Any) -> None:
    her = client(None)
    form = her.get("/information", headers=HTML)
    assert form.status_code == 200
    wrong = her.post("/information", data=given.TYPED | {"address": "x", "text": "Ma question"}, headers=HTML)
    assert wrong.status_code == 422
    assert "Ma question" in wrong.text
    sent = her.post("/information", data=given.TYPED, headers=HTML, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/information/request?done=received")
    twice = her.post("/information", data=given.TYPED, headers=HTML, follow_redirects=False)
    assert twice.status_code == 303
    (made,) = every(InformationRequest)
    page = her.get("/information/request", headers=HTML)
    assert made.number in page.text
    paper = her.get("/information/request.pdf")
    assert paper.content.startswith(b"%PDF")
    officer = client("officer")
    listed = officer.get("/information-requests", headers=HTML)
    assert "coopératives financées" in listed.text
    one = officer.get(f"/information-requests/{made.id}", headers=HTML)
    assert "Fatima Amrani" in one.text
    assert "Fatima" not in client("auditor").get(f"/information-requests/{made.id}", headers=HTML).text
    path = f"/information-requests/{made.id}"
    kept = officer.post(f"{path}/refuse", data={"version": "1", "answer": "Mes raisons"}, headers=HTML)
    assert kept.status_code == 422
    assert "Mes raisons" in kept.text
    done = officer.post(f"{path}/answer", data={"version": "1", "answer": "Douze."}, follow_redirects=False)
    assert done.status_code == 303
    assert "Douze." in her.get("/information/request", headers=HTML).text
    her.post("/information/forget")
    gone = her.get("/information/request", follow_redirects=False)
    assert gone.headers["location"] == "/information/follow"
    bad = her.post("/information/follow", data={"number": made.number, "code": "x"}, headers=HTML)
    assert bad.status_code == 404
    assert made.number in bad.text
