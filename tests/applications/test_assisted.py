"""An agent files for a holder, who confirms exactly what was typed; paper counts from the counter."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select, update

from backend.applications import assistance, commands, deposits, queries
from backend.applications.models import Application, Assistance, CompletionRequest, Filing, Proof, Submission
from backend.applications.schemas import SECTIONS
from backend.calls.models import Call
from backend.core.actor import SYSTEM
from backend.core.clock import arriving
from backend.core.tx import transaction
from backend.files import commands as files
from backend.files import intake
from tests.applications import given
from tests.applications.test_versions import refusal
from tests.world import COMMUNE, HERE


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


def typed_by_agent(world: Any, call: Call) -> Application:
    """A complete dossier that the agent of the plateforme typed for the organisation that she registered."""
    made = organisation_of_agent(world)
    with transaction(world.agent) as tx:
        begun = commands.create(tx, call.id, made)
        return given.fill(tx, begun, given.content(documents=given.documents(call)))


def organisation_of_agent(world: Any) -> Any:
    from tests.people.test_accompaniment import registered

    made = registered(world, register_number="55/2020", created_on="2019-05-02", last_agm_on="2023-04-12")
    with transaction(world.agent) as tx:
        from backend.people import commands as people
        from backend.people.schemas import MemberIn

        ten = [MemberIn(name=f"Membre {i}", sex="woman", birth_year=1985) for i in range(10)]
        people.replace_members(tx, made, ten)
    return made


def test_an_agent_files_to_the_end_and_keeps_seeing_where_it_stands(world: Any) -> None:
    call = given.open_call(world)
    made = typed_by_agent(world, call)
    assert made.filing is Filing.ASSISTED
    assert refusal(world.agent, lambda tx: commands.submit(tx, made.id)).code == "unconfirmed"
    with transaction(world.agent) as tx:
        assistance.ask_code(tx, made.id)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        code = assistance.fresh_code(tx, made.id)
    with transaction(world.agent) as tx:
        assert assistance.confirm_by_code(tx, made.id, str(code))
    with transaction(world.agent) as tx:
        assert commands.submit(tx, made.id).receipt_code
    with transaction(world.agent) as tx:
        filed = deposits.filed_by(tx, queries.one(tx, made.id))
        assert filed
        assert filed.row.agent_id == world.agent.id
    for act in (
        lambda tx: commands.withdraw(tx, made.id),
        lambda tx: tx.allow("application.screen", queries.one(tx, made.id)),
        lambda tx: tx.allow("call.screen", tx.session.get_one(Call, call.id)),
    ):
        assert refusal(world.agent, act).status == 403
    with transaction(world.officer) as tx:
        commands.refuse(tx, made.id, "Hors sujet.")
    with transaction(world.agent) as tx:
        assert queries.one(tx, made.id).state.value == "ineligible"


def test_an_agent_neither_takes_paper_nor_sees_other_dossiers(world: Any) -> None:
    call = given.open_call(world)
    hers, others = organisation_of_agent(world), given.submitted(world, call)
    with transaction(SYSTEM) as tx:
        now = tx.now
    paper = refusal(world.agent, lambda tx: commands.create(tx, call.id, hers, now))
    assert paper.errors[0].code == "invalid"
    assert refusal(world.agent, lambda tx: queries.one(tx, others.id)).status == 404
    assert refusal(world.agent, lambda tx: commands.create(tx, call.id, world.tifaout)).status == 404


def test_another_agent_goes_on_by_the_holders_agreement(world: Any) -> None:
    from backend.core import jobs as kernel
    from backend.core.actor import Actor
    from backend.core.events import Event
    from tests.people.test_accompaniment import agreed, another

    made = typed_by_agent(world, given.open_call(world))
    second = another(world)
    assert refusal(second, lambda tx: queries.one(tx, made.id)).status == 404
    agreed(second, "55/2020")
    kernel.drain()
    with transaction(second) as tx:
        assert queries.one(tx, made.id).id == made.id
        assistance.ask_code(tx, made.id)
    assert refusal(world.agent, lambda tx: queries.one(tx, made.id)).status == 404
    with transaction(SYSTEM) as tx:
        told = tx.session.scalars(select(Event).where(Event.name == "assistance.taken_over")).one()
        assert told.data == {"former": str(world.agent.id), "agent": str(second.id)}
    revoked = Actor("person", second.id, second.name, "fr", frozenset())
    assert refusal(revoked, lambda tx: queries.one(tx, made.id)).status == 404


def test_her_home_says_what_comes_next(world: Any, client: Any, statements: Any) -> None:
    browser = client("agent")
    assert "Aucun dossier pour le moment" in browser.get("/accompanied").text
    call = given.open_call(world)
    hers = organisation_of_agent(world)
    page = browser.get(f"/accompanied/organisations/{hers}/begin").text
    assert str(call.id) in page
    assert browser.post(f"/accompanied/organisations/{hers}/begin", data={}).status_code == 404
    begun = browser.post(
        f"/accompanied/organisations/{hers}/begin", data={"call_id": str(call.id)}, follow_redirects=False
    )
    assert begun.headers["location"].startswith("/applications/")
    home = browser.get("/accompanied").text
    assert "pièces manquent" in home
    assert "Il reste" in home
    assert "y a déjà son dossier" in browser.get(f"/accompanied/organisations/{hers}/begin").text
    assert client("officer").get(f"/accompanied/organisations/{hers}/begin").status_code == 403
    assert client("officer").get("/accompanied").status_code == 403
    with statements() as one:
        browser.get("/accompanied")
    for code in ("agadir-autre", "agadir-encore"):
        more = given.open_call(world, code=code)
        with transaction(world.agent) as tx:
            commands.create(tx, more.id, hers)
    with statements() as three:
        browser.get("/accompanied")
    assert len(one) == len(three)


def test_no_code_is_offered_before_the_dossier_is_complete(world: Any, client: Any) -> None:
    call, browser = given.open_call(world), client("officer")
    with transaction(world.officer) as tx:
        made = commands.create(tx, call.id, world.tifaout)
    lacks = refusal(world.officer, lambda tx: assistance.ask_code(tx, made.id))
    assert lacks.code == "incomplete"
    assert "project.title" in [error.field for error in lacks.errors]
    place = f"/applications/{made.id}/confirmation"
    page = browser.get(place).text
    assert f"{place}/ask" not in page
    assert f'href="/applications/{made.id}/project"' in page
    assert browser.post(f"{place}/ask").status_code == lacks.status
    assert client("officer").post(f"/api/v1{place}/ask").json()["code"] == "incomplete"
    with transaction(world.officer) as tx:
        given.fill(tx, queries.one(tx, made.id), given.content(documents=given.documents(call)))
    assert f"{place}/ask" in browser.get(place).text


LEFT = [("fr", "Essais restants\u00a0: {n}"), ("ar", "المحاولات المتبقية: {n}")]


@pytest.mark.parametrize(("lang", "said"), LEFT)
def test_a_wrong_code_says_how_many_tries_are_left(world: Any, client: Any, lang: str, said: str) -> None:
    made, browser = typed(world, given.open_call(world)), client("officer")
    browser.cookies.set("lang", lang)
    code, place = code_for(world, made), f"/applications/{made.id}/confirmation"
    for left in (4, 3, 2):
        assert said.format(n=left) in browser.post(place, data={"code": wrong(code)}).text
    api = browser.post(f"/api/v1{place}", json={"code": wrong(code)}).json()
    assert said.format(n=1) in api["errors"][0]["message"]


def _stand(world: Any, key: Any, state: str) -> None:
    """A dossier of hers, as a later stage leaves it."""
    values = {"state": state} | ({"submitted_at": func.now()} if state != "draft" else {})
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.execute(update(Application).where(Application.id == key).values(**values))
        if state == "returned":
            due = (tx.now + timedelta(days=5)).date()
            tx.session.add(
                CompletionRequest(
                    application_id=key, asked_at=tx.now, asked_by=world.officer.id, due_on=due,
                    items=["documents.quotes"], note="",
                )
            )  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "badges", "step"),
    [
        ("fr", ("À compléter", "Brouillon", "Déposé", "Recevable", "Irrecevable"), "à compléter avant le"),
        (
            "ar",
            ("في انتظار الاستكمال", "مسودة", "مودع", "مستوف للشروط", "غير مستوف للشروط"),
            "يجب استكماله قبل",
        ),
    ],
)
def test_her_list_says_how_each_dossier_stands_and_what_is_urgent_first(
    world: Any, client: Any, statements: Any, lang: str, badges: tuple[str, ...], step: str
) -> None:
    hers, made = organisation_of_agent(world), []
    for state in ("returned", "draft", "submitted", "eligible", "ineligible"):
        call = given.open_call(world, code=f"agadir-{state}")
        with transaction(world.agent) as tx:
            made.append(commands.create(tx, call.id, hers).id)
        _stand(world, made[-1], state)
    browser = client("agent")
    with statements() as five:
        page = browser.get(f"/accompanied?lang={lang}", headers={"accept": "text/html"}).text
    listed = page.split('class="list-links"')[1].split("</ul>")[0]
    lines = re.findall(r'href="/applications/([0-9a-f-]+)"', listed)
    assert (lines[0], lines[1], set(lines)) == (str(made[0]), str(made[1]), {str(key) for key in made})
    shown = re.findall(r'<span class="tag[^>]*>(?:<svg.*?</svg>)?\s*([^<]+)<', listed)
    assert [one.strip() for one in shown[:3]] == list(badges[:3])
    assert {one.strip() for one in shown[3:]} == set(badges[3:])
    assert step in page.split("<main")[1].split("list-links")[0]
    with statements() as again:
        browser.get("/accompanied")
    assert len(again) <= len(five) <= 14


def test_who_is_an_officer_and_a_holder_reads_the_words_of_what_she_is_there(world: Any, client: Any) -> None:
    """Her own organisation's dossier is hers; one that she takes in at the counter is « le dossier »."""
    from backend.people.models import Organisation, Representative, RoleGrant

    call = given.open_call(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.add(RoleGrant(person_id=world.officer.id, role="holder", granted_at=tx.now))
        own = Organisation(
            name={"fr": "Coopérative de l’agente", "ar": "تعاونية العونة"}, legal_form="cooperative",
            province_code=HERE, commune_code=COMMUNE,
        )  # fmt: skip
        tx.session.add(own)
        tx.session.flush()
        tx.session.add(Representative(organisation_id=own.id, person_id=world.officer.id, since=tx.now))
        hers = own.id
    browser = client("officer")
    begun = browser.post(
        "/my/applications",
        data={"call_id": str(call.id), "organisation_id": str(hers)},
        follow_redirects=False,
    )
    with transaction(SYSTEM) as tx:
        now = tx.now
    with transaction(world.officer) as tx:
        taken = commands.create(tx, call.id, world.tifaout, now)
        given.fill(tx, taken, given.content(documents=given.documents(call)))
    assert taken.filing is Filing.PAPER
    for home, words, back in (
        (begun.headers["location"], "Votre dossier", 'href="/my"'),
        (f"/applications/{taken.id}", "Le dossier", f'href="/das/calls/{call.id}/applications"'),
    ):
        assert back in browser.get(home, headers={"accept": "text/html"}).text
        for section in ("project", "documents", "history", "members", "withdraw"):
            page = browser.get(f"{home}/{section}", headers={"accept": "text/html"}).text
            assert words in page, (home, section)
            assert ("Votre dossier" in page) == (words == "Votre dossier"), (home, section)
    given.confirmed(world, taken)
    assert "Vous préférez le remplir avec quelqu’un" not in browser.get(f"/applications/{taken.id}").text
    with transaction(world.officer) as tx:
        assert commands.submit(tx, taken.id).receipt_code
    page = browser.get(f"/applications/{taken.id}", headers={"accept": "text/html"}).text
    assert "Le dossier est déposé." in page
    assert "Votre dossier" not in page
