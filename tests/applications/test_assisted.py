"""An agent files for a holder, who confirms exactly what was typed; paper counts from the counter."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from backend.applications import assistance, commands, deposits, queries
from backend.applications.models import Application, Assistance, Filing, Proof, Submission
from backend.applications.schemas import SECTIONS
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import transaction
from backend.files import commands as files
from backend.files import intake
from tests.applications import given
from tests.applications.test_versions import refusal


def typed(world: Any, call: Call, **paper: Any) -> Application:
    """A complete dossier that the officer typed for Tifaout."""
    with transaction(world.officer) as tx:
        made = commands.create(tx, call.id, world.tifaout, **paper)
        return given.fill(tx, made, given.content(documents=given.documents(call)))


def code_for(world: Any, made: Application) -> str:
    with transaction(world.officer) as tx:
        assistance.ask_code(tx, made.id)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        code = assistance.fresh_code(tx, made.id)
    assert code
    return code


def confirm(world: Any, made: Application, code: str) -> Assistance | None:
    with transaction(world.officer) as tx:
        return assistance.confirm_by_code(tx, made.id, code)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.fixture(autouse=True)
def reachable(world: Any) -> None:
    """The cooperative has a telephone."""
    from backend.people.models import Organisation

    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Organisation, world.tifaout).phone = "+212600000017"


def test_both_are_on_record_and_the_holder_confirms_before_the_deposit(world: Any) -> None:
    made = typed(world, given.open_call(world))
    assert made.filing is Filing.ASSISTED
    assert refusal(world.officer, lambda tx: commands.submit(tx, made.id)).code == "unconfirmed"
    confirmed = confirm(world, made, code_for(world, made))
    assert confirmed
    assert confirmed.proof is Proof.CODE
    with transaction(world.officer) as tx:
        assert commands.submit(tx, made.id).receipt_code
    with transaction(world.holder) as tx:
        filed = deposits.filed_by(tx, queries.one(tx, made.id))
        assert filed
        assert filed.row.agent_id == world.officer.id


def test_a_change_after_the_confirmation_asks_again(world: Any) -> None:
    made = typed(world, given.open_call(world))
    code = code_for(world, made)
    data = SECTIONS["project"].model_validate(given.CONTENT["project"] | {"title": "Autre"})

    def change(tx: Any) -> None:
        commands.save_section(tx, made.id, "project", data, queries.one(tx, made.id).version)

    with transaction(world.officer) as tx:
        change(tx)
    assert confirm(world, made, code) is None  # it was for what was typed before
    given.confirmed(world, made)
    data = SECTIONS["project"].model_validate(given.CONTENT["project"] | {"title": "Encore autre"})
    with transaction(world.officer) as tx:
        change(tx)
    assert refusal(world.officer, lambda tx: commands.submit(tx, made.id)).code == "unconfirmed"


def test_the_holder_may_deposit_herself(world: Any) -> None:
    made = typed(world, given.open_call(world))
    with transaction(world.holder) as tx:
        assert commands.submit(tx, made.id).receipt_code


def test_a_code_lives_ten_minutes_and_five_attempts(world: Any) -> None:
    made = typed(world, given.open_call(world))
    assert (
        refusal(world.officer, lambda tx: assistance.confirm_by_code(tx, made.id, "1")).code == "code_expired"
    )
    code = code_for(world, made)
    for _ in range(5):
        assert confirm(world, made, wrong(code)) is None
    assert (
        refusal(world.officer, lambda tx: assistance.confirm_by_code(tx, made.id, code)).code
        == "code_expired"
    )
    code = code_for(world, made)
    with transaction(SYSTEM) as tx:
        sent = tx.session.scalars(select(Assistance.code_sent_at)).one()
    assert sent
    with arriving(at=sent + timedelta(minutes=10)):
        late = refusal(world.officer, lambda tx: assistance.confirm_by_code(tx, made.id, code))
    assert late.code == "code_expired"
    for _ in range(3):
        code_for(world, made)
    assert refusal(world.officer, lambda tx: assistance.ask_code(tx, made.id)).code == "codes_enough"


def test_the_code_is_written_nowhere(world: Any) -> None:
    made = typed(world, given.open_call(world))
    code = code_for(world, made)
    with transaction(SYSTEM) as tx:
        from sqlalchemy import text

        kept = tx.session.scalars(
            text("SELECT data::text FROM event UNION ALL SELECT new::text FROM row_change")
        )
        assert all(f'"{code}"' not in (row or "") for row in kept)


def test_nobody_else_confirms(world: Any) -> None:
    made = typed(world, given.open_call(world))
    for name, status in (("holder", 403), ("stranger", 404), ("rival", 404)):
        assert refusal(world.people[name], lambda tx: assistance.ask_code(tx, made.id)).status == status
    hers = given.draft(world, given.open_call(world, code="autre-2023"))
    assert refusal(world.officer, lambda tx: assistance.ask_code(tx, hers.id)).status == 404


def test_a_signed_sheet_confirms(world: Any) -> None:
    from PIL import Image

    made, picture = typed(world, given.open_call(world)), BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    kept = intake.keep(picture, "feuille.png")
    with transaction(world.officer) as tx:
        found = assistance.confirm_by_sheet(tx, made.id, files.register(tx, kept).id)
        assert (found.proof, found.sheet_file_id) == (Proof.SHEET, kept.id)
    with transaction(world.officer) as tx:
        assert commands.submit(tx, made.id).receipt_code


def test_paper_counts_from_the_counter_even_when_it_is_typed_after_closing(world: Any) -> None:
    call = given.open_call(world)
    at = call.closes_at - timedelta(minutes=5)
    with arriving(at=call.closes_at + timedelta(days=1)):
        made = typed(world, call, handed_in_at=at)
        assert made.filing is Filing.PAPER
        given.confirmed(world, made)
        with transaction(world.officer) as tx:
            done = commands.submit(tx, made.id)
        assert done.submitted_at == at
    with transaction(SYSTEM) as tx:
        assert tx.session.scalars(select(Submission.submitted_at)).one() == at


def test_paper_is_not_handed_in_tomorrow_nor_too_late_nor_by_a_holder(world: Any) -> None:
    call = given.open_call(world)
    with transaction(SYSTEM) as tx:
        now = tx.now
    make = commands.create
    late = call.closes_at + timedelta(seconds=1)
    soon = refusal(world.officer, lambda tx: make(tx, call.id, world.tifaout, now + timedelta(hours=1)))
    assert soon.errors[0].code == "instant_in_future"
    with arriving(at=late + timedelta(days=1)):
        assert (
            refusal(world.officer, lambda tx: make(tx, call.id, world.tifaout, late)).code == "window_closed"
        )
    assert refusal(world.holder, lambda tx: make(tx, call.id, world.tifaout, now)).status == 422
