"""Pages of versions, receipts, completion requests and confirmations, in both languages."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from backend.applications import assistance, commands
from backend.core.actor import SYSTEM
from backend.core.calendar import format_date, local
from backend.core.clock import arriving
from backend.core.tx import transaction
from tests.applications import given
from tests.applications.test_pages import get, post
from tests.applications.test_versions import deposit, kept, retitle


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_changes_are_shown_deposited_again_or_given_up(world: Any, client: Any, lang: str) -> None:
    made, browser = given.submitted(world), client("holder")
    home = f"/applications/{made.id}"
    assert f"{home}?edit=1" in get(browser, home, lang=lang)
    assert f"{home}/project" in get(browser, f"{home}?edit=1", lang=lang)
    retitle(world, made, "Autre titre")
    tasks = get(browser, home, lang=lang)
    assert f"{home}/changes/drop" in tasks
    assert f"{home}/check" in get(browser, f"{home}/receipt", lang=lang)
    get(browser, f"{home}/check", lang=lang)
    asked = post(browser, f"{home}/changes/drop", 200).text
    assert 'name="sure"' in asked
    assert f"{home}/changes/drop" in get(browser, home, lang=lang)  # nothing is given up before
    post(browser, f"{home}/changes/drop", sure="1")
    assert f"{home}/changes/drop" not in get(browser, home, lang=lang)
    retitle(world, made, "Autre titre")
    assert post(browser, f"{home}/submit").headers["location"] == f"{home}/receipt"
    first, second = kept(made)
    assert first.receipt_code in get(browser, f"{home}/receipt", lang=lang)
    anyone = client(None)
    old = get(anyone, f"/receipts?code={first.receipt_code}&lang={lang}")
    assert ("remplacée par la version 2" if lang == "fr" else "عُوضت هذه النسخة بالنسخة 2") in old
    assert "remplac" not in get(anyone, f"/receipts?code={second.receipt_code}", lang="fr")
    mistyped = first.receipt_code[:-1] + ("0" if first.receipt_code[-1] != "0" else "1")
    assert "mal recopié" in get(anyone, f"/receipts?code={mistyped}", 404, lang="fr")
    assert "Aucun récépissé" in get(anyone, "/receipts?code=0000-0000-0000", 404, lang="fr")
    for address in (
        f"https://indh.ma/verify/{second.receipt_code}",
        f"/receipts?code={second.receipt_code}&x=1",
    ):
        assert "authentique" in get(anyone, f"/receipts?{urlencode({'code': address})}", lang="fr")
    long = get(anyone, f"/receipts?code={'A' * 300}", 404, lang="fr")
    assert long.count("Ce code est mal recopié") == 1
    assert 'name="code"' in long


def test_fingerprints_are_compared(world: Any, client: Any) -> None:
    made, anyone = given.submitted(world), client(None)
    place = f"/receipts?code={made.receipt_code}&sha256="
    assert "L’empreinte est la même" in get(anyone, place + str(made.content_sha256), lang="fr")
    assert "L’empreinte est différente" in get(anyone, place + "0" * 64, lang="fr")
    assert made.content_sha256
    assert given.CONTENT["project"]["title"] not in get(anyone, place, lang="fr")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_first_deposit_is_the_date_and_what_came_later_is_said_beside_it(
    world: Any, client: Any, lang: str
) -> None:
    made = given.submitted(world)
    retitle(world, made, "Autre titre")
    assert made.submitted_at
    with arriving(at=made.submitted_at + timedelta(days=2)):
        again = deposit(world, made)
    assert again.submitted_at
    first, later = (format_date(local(at), lang) for at in (made.submitted_at, again.submitted_at))
    changed = {"fr": "modifié le", "ar": "عُدّل يوم"}[lang]
    home = f"/applications/{made.id}"
    for who, path in (("holder", "/my"), ("holder", home)):
        said = get(client(who), path, lang=lang)
        assert first in said, path
        assert f"{changed} " in said, path
        assert later in said, path
    for who, path in (
        ("holder", f"{home}/receipt"),
        ("officer", f"/das{home}"),
        (None, f"/receipts?code={again.receipt_code}&lang={lang}"),
    ):
        said = get(client(who), path, lang=lang)
        assert first in said, path
        assert later in said, path
    listed = get(client("officer"), f"/das/calls/{made.call_id}/applications", lang=lang)
    assert {"fr": "version 2 le", "ar": "النسخة 2 يوم"}[lang] in listed


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_receipts_are_printed_version_by_version(world: Any, client: Any, lang: str) -> None:
    made, browser = given.submitted(world), client("holder")
    retitle(world, made, "Autre titre")
    deposit(world, made)
    get(browser, f"/applications/{made.id}", lang=lang)
    for version in ("", "&version=1"):
        answer = browser.get(f"/applications/{made.id}/receipt.pdf?lang={lang}{version}")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        said = answer.headers["content-disposition"]
        assert f'filename="recepisse-{made.number}.pdf"' in said
        name = {"fr": "recepisse", "ar": quote("وصل-الإيداع")}[lang]
        assert said.endswith(f"filename*=UTF-8''{name}-{made.number}.pdf")
        assert "sandbox" in answer.headers["content-security-policy"]
    assert browser.get(f"/applications/{made.id}/receipt.pdf?version=9").status_code == 404
    assert client("rival").get(f"/applications/{made.id}/receipt.pdf").status_code == 404


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_an_officer_asks_for_completion_and_the_holder_reads_it(world: Any, client: Any, lang: str) -> None:
    made, officer = given.submitted(world), client("officer")
    file = f"/das/applications/{made.id}"
    assert f"{file}/return" in get(officer, file, lang=lang)
    get(officer, f"{file}/return", lang=lang)
    refused = post(officer, f"{file}/return", 422, note="Rien de coché").text
    assert "Rien de coché" in refused
    assert 'href="#items"' in refused
    assert "Cochez au moins une ligne de la liste" in refused
    post(officer, f"{file}/return", items="documents.legal-file", note="La copie est illisible.")
    assert f"{file}/return" not in get(officer, file, lang=lang)
    get(officer, f"{file}/return", 303)
    told = get(client("holder"), f"/applications/{made.id}", lang=lang)
    assert "La copie est illisible." in told
    assert f"/applications/{made.id}/documents" in told


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_an_officer_types_for_a_holder_who_confirms(world: Any, client: Any, lang: str) -> None:
    call, officer = given.open_call(world), client("officer")
    here = f"/das/calls/{call.id}/assist"
    assert "Tifaout" in get(officer, f"{here}?q=tifaout", lang="fr")
    get(officer, f"{here}?q=rien-de-tel", lang=lang)
    post(officer, here, 422)
    post(officer, here, 422, organisation_id=str(world.tifaout), filing="paper", handed_in_at="hier")
    assert client("holder").post(here, data={"organisation_id": str(world.tifaout)}).status_code in (403, 404)
    place = post(officer, here, organisation_id=str(world.tifaout)).headers["location"]
    id_ = place.rpartition("/")[2]
    with transaction(world.officer) as tx:
        from backend.applications import queries

        given.fill(tx, queries.one(tx, id_), given.content(documents=given.documents(call)))  # type: ignore[arg-type]
    for page in ("", "/check", "/confirmation"):
        assert "/confirmation" in get(officer, f"{place}{page}", lang=lang)
    tasks = get(officer, place, lang=lang)
    hero = tasks.split('class="next-step"')[1].split("</section>")[0]
    assert f'href="{place}/confirmation"' in hero
    assert "saisit le dossier avec vous" not in tasks
    assert officer.get(f"{place}/confirmation.pdf").content.startswith(b"%PDF")
    post(officer, f"{place}/submit", 409)
    post(officer, f"{place}/confirmation", 409, code="123456")
    post(officer, f"{place}/confirmation/sheet", 422)
    from backend.people.models import Organisation

    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Organisation, world.tifaout).phone = "+212600000017"
    post(officer, f"{place}/confirmation/ask")
    get(officer, f"{place}/confirmation", lang=lang)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        code = assistance.fresh_code(tx, id_)  # type: ignore[arg-type]
    assert code
    get(officer, f"{place}/confirmation", lang=lang)
    post(officer, f"{place}/confirmation", code=f"{code[:3]} {code[3:]}")
    get(officer, f"{place}/confirmation", lang=lang)
    post(officer, f"{place}/submit")
    assert "Officer" in get(officer, f"{place}/receipt", lang=lang)
    assert commands


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_deposit_that_will_be_refused_is_asked_first(world: Any, client: Any, lang: str) -> None:
    too_much = {"indh_centimes": 31_000_000, "own_cash_centimes": 9_000_000, "own_in_kind_centimes": 0}
    made, browser = given.filled(world, financing=too_much), client("holder")
    home = f"/applications/{made.id}"
    get(browser, f"{home}/check", lang=lang)
    asked = post(browser, f"{home}/submit", 200).text
    assert 'name="sure"' in asked
    assert kept(made) == []
    assert post(browser, f"{home}/submit", sure="1").headers["location"] == f"{home}/receipt"
    assert len(kept(made)) == 1


def test_answers_that_wait_on_the_telephone_hold_the_deposit(world: Any, client: Any) -> None:
    made, browser = given.filled(world), client("holder")
    home = f"/applications/{made.id}"
    answer = browser.get(f"{home}/check?lang=fr")
    assert answer.headers["cache-control"] == "no-store"  # going back does not find it ready
    assert f'data-deposit="{made.id}"' in answer.text
    assert "data-without hidden" in answer.text
    asked = post(browser, f"{home}/submit", 200, without="1").text
    assert "Le dossier sera déposé sans elles." in asked
    assert kept(made) == []
    assert post(browser, f"{home}/submit", sure="1").headers["location"] == f"{home}/receipt"


def test_the_signed_sheet_is_an_image_that_is_seen_again_and_replaced(world: Any, client: Any) -> None:
    from io import BytesIO

    import xlsxwriter
    from PIL import Image

    def sent(content: BytesIO, name: str) -> Any:
        content.seek(0)
        return officer.post(f"{place}/sheet", files={"sheet": (name, content)}, follow_redirects=False)

    officer, call = client("officer"), given.open_call(world)
    home = post(officer, f"/das/calls/{call.id}/assist", organisation_id=str(world.tifaout)).headers[
        "location"
    ]
    place, book, first, second = f"{home}/confirmation", BytesIO(), BytesIO(), BytesIO()
    with xlsxwriter.Workbook(book) as made:
        made.add_worksheet().write(0, 0, "pas une feuille signée")
    Image.new("RGB", (20, 20)).save(first, "PNG")
    Image.new("RGB", (30, 20)).save(second, "JPEG")
    refused = sent(book, "feuille.pdf")
    assert refused.status_code == 422
    assert "PDF, une photo JPEG ou PNG" in refused.text
    assert officer.get(f"{place}/sheet").status_code == 404
    assert sent(first, "feuille.png").status_code == 303
    page = get(officer, place, lang="fr")
    assert f'href="{place}/sheet"' in page
    assert "Remplacer la feuille signée" in page
    assert officer.get(f"{place}/sheet").headers["content-type"] == "image/png"
    assert client("rival").get(f"{place}/sheet").status_code == 404
    assert sent(second, "feuille.jpg").status_code == 303
    assert officer.get(f"{place}/sheet").headers["content-type"] == "image/jpeg"
