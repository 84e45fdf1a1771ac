"""The papers of a dossier: sent, replaced, removed, noted at the counter, and shown to whom."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.applications import commands, documents
from backend.applications.models import Application, DossierDocument
from backend.core.actor import SYSTEM
from backend.core.calendar import format_date, local
from backend.core.clock import arriving
from backend.core.config import settings
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.files import store
from backend.files.models import Scan, StoredFile
from tests.applications import given
from tests.files import given as files

API = "/api/v1/applications"
HTML = {"accept": "text/html"}
CODE, OTHER = "legal-file", "quotes"


@pytest.fixture(autouse=True)
def _fresh_store() -> None:
    store.forget()


@pytest.fixture
def made(world: Any) -> Application:
    return given.draft(world)


def codes(application: Application) -> list[str]:
    with transaction(SYSTEM) as tx:
        from backend.applications.queries import one

        found = one(tx, application.id)
        return [paper.asked.code for paper in documents.papers(tx, found, {})]


def provided(application: Application) -> list[dict[str, Any]]:
    with transaction(SYSTEM) as tx:
        found = tx.session.get_one(Application, application.id, populate_existing=True)
        return documents.provided_in(found.content)


def form(browser: Any, made: Application, code: str, *sent: tuple[str, bytes], **fields: str) -> Any:
    return browser.post(
        f"/applications/{made.id}/documents",
        data={"code": code, **fields},
        files=[("file", one) for one in sent] or [("file", ("", b""))],
        headers=HTML,
        follow_redirects=False,
    )


def small(browser: Any, made: Application, code: str, body: bytes, name: str = "a.pdf") -> Any:
    return browser.post(f"{API}/{made.id}/documents/small", params={"code": code, "name": name}, content=body)


def test_a_plain_form_sends_a_file(client: Any, made: Application) -> None:
    browser = client("holder")
    answer = form(browser, made, CODE, ("Statuts.pdf", files.pdf(2)))
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/applications/{made.id}/documents#paper-{CODE}",
    )
    (item,) = provided(made)
    assert (item["code"], item["name"], item["media_type"]) == (CODE, "Statuts.pdf", "application/pdf")
    page = browser.get(f"/applications/{made.id}/documents", headers=HTML).text
    assert "Statuts.pdf" in page
    assert "2 pages" in page
    assert "20 Mo au plus par fichier" in page
    assert "antivirus sur cette plateforme" in page


def test_several_files_at_once_and_only_the_bad_one_is_refused(client: Any, made: Application) -> None:
    browser = client("holder")
    answer = form(
        browser,
        made,
        CODE,
        ("un.jpg", files.jpeg()),
        ("deux.exe", b"MZ" + b"x" * 90),
        ("trois.png", files.png()),
    )
    assert answer.status_code == 415
    assert "deux.exe" in answer.text
    assert "photographiez la page" in answer.text
    assert [one["name"] for one in provided(made)] == ["un.jpg", "trois.png"]


def test_nothing_chosen_is_said(client: Any, made: Application) -> None:
    answer = form(client("holder"), made, CODE)
    assert answer.status_code == 422
    assert "Aucun fichier" in answer.text


def test_a_paper_that_is_not_asked_is_refused_and_its_bytes_forgotten(client: Any, made: Application) -> None:
    assert form(client("holder"), made, "nonsense", ("a.pdf", files.pdf())).status_code == 422
    assert list(store.listed(store.FILES)) == []


def test_the_same_content_twice_is_one_file_and_it_is_said(client: Any, made: Application) -> None:
    browser = client("holder")
    assert small(browser, made, CODE, files.pdf()).status_code == 200
    again = small(browser, made, CODE, files.pdf(), "copie.pdf")
    assert (again.status_code, again.json()["code"]) == (409, "document_already")
    (one,) = provided(made)
    same = browser.post(f"{API}/{made.id}/documents", json={"code": CODE, "file_id": one["file"]})
    assert same.status_code == 200  # the request that was not answered, sent again
    assert len(provided(made)) == 1
    kept = len(list(store.listed(store.FILES)))
    said = form(browser, made, CODE, ("copie.pdf", files.pdf()), ("autre.pdf", files.pdf(3)))
    assert said.status_code == 409
    assert "copie.pdf" in said.text
    assert f"déposé le {format_date(local(datetime.now(UTC)), 'fr')}" in said.text
    assert [item["name"] for item in provided(made)] == ["a.pdf", "autre.pdf"]
    twins = form(browser, made, CODE, ("x.pdf", files.pdf(4)), ("y.pdf", files.pdf(4)))
    assert twins.status_code == 303
    assert len(list(store.listed(store.FILES))) == kept + 2
    for item in provided(made)[1:]:
        browser.delete(f"{API}/{made.id}/documents/{item['file']}")
    small(browser, made, OTHER, files.pdf())
    assert [one["code"] for one in provided(made)] == [CODE, OTHER]


def test_taking_away_is_asked_first_and_may_be_undone(client: Any, made: Application) -> None:
    browser, home = client("holder"), f"/applications/{made.id}"
    small(browser, made, CODE, files.pdf(1), "statuts.pdf")
    (item,) = provided(made)
    place = f"{home}/documents/{item['file']}"
    asked = browser.get(f"{place}/remove", headers=HTML)
    assert "statuts.pdf" in asked.text
    assert "24 heures" in asked.text
    assert provided(made) == [item]
    browser.post(f"{place}/remove", data={"code": CODE}, headers=HTML)
    assert provided(made) == []
    assert browser.get(f"{place}/remove", headers=HTML, follow_redirects=False).status_code == 303
    assert f"{place}/restore" in browser.get(f"{home}/documents", headers=HTML).text
    back = browser.post(f"{place}/restore", data={"code": CODE}, headers=HTML, follow_redirects=False)
    assert (back.status_code, provided(made)) == (303, [item])
    assert browser.post(f"{API}/{made.id}/documents/{item['file']}/restore").status_code == 200  # it is there
    told = browser.get(f"{home}/history?section=documents", headers=HTML).text
    assert told.count("statuts.pdf") == 3  # sent, taken away, put back
    with transaction(SYSTEM) as tx:
        assert [row.removed_at for row in tx.session.scalars(select(DossierDocument))] == [None]


def test_what_was_taken_away_is_put_back_for_a_day_and_until_the_next_deposit(
    world: Any, client: Any, made: Application
) -> None:
    browser = client("holder")
    small(browser, made, CODE, files.pdf(1))
    (item,) = provided(made)
    place = f"{API}/{made.id}/documents/{item['file']}"
    assert browser.delete(place).status_code == 200
    later = datetime.now(UTC) + timedelta(hours=25)
    with arriving(at=later), pytest.raises(Problem) as late, transaction(world.holder) as tx:
        documents.restore(tx, made.id, UUID(item["file"]))
    assert late.value.code == "undo_over"
    small(browser, made, CODE, files.pdf(1), "b.pdf")  # the same page, sent again meanwhile
    assert browser.post(f"{place}/restore").json()["code"] == "document_already"
    (other,) = provided(made)
    assert browser.delete(f"{API}/{made.id}/documents/{other['file']}").status_code == 200
    assert browser.post(f"{API}/{made.id}/documents/{uuid4()}/restore").json()["code"] == "undo_over"
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Application, made.id).submitted_at = datetime.now(UTC) + timedelta(seconds=1)
    refused = browser.post(
        f"/applications/{made.id}/documents/{item['file']}/restore", data={"code": CODE}, headers=HTML
    )
    assert refused.status_code == 409
    assert "ne peut plus être remis" in refused.text


def test_no_more_files_are_put_back_than_a_paper_may_have(client: Any, made: Application) -> None:
    browser = client("holder")
    small(browser, made, CODE, files.pdf(1))
    (item,) = provided(made)
    place = f"{API}/{made.id}/documents/{item['file']}"
    browser.delete(place)
    for n in range(documents.MOST_OF_ONE):
        assert small(browser, made, CODE, files.pdf(n + 2)).status_code == 200
    assert browser.post(f"{place}/restore").json()["code"] == "documents_too_many"


def test_a_file_is_replaced_and_removed_and_stays_on_record(client: Any, made: Application) -> None:
    browser = client("holder")
    small(browser, made, CODE, files.pdf(1))
    (first,) = provided(made)
    form(browser, made, CODE, ("b.pdf", files.pdf(2)), replaces=first["file"])
    (second,) = provided(made)
    assert second["sha256"] != first["sha256"]
    gone = browser.post(
        f"/applications/{made.id}/documents/{second['file']}/remove",
        data={"code": CODE},
        headers=HTML,
        follow_redirects=False,
    )
    assert gone.status_code == 303
    assert provided(made) == []
    with transaction(SYSTEM) as tx:
        rows = tx.session.scalars(select(DossierDocument)).all()
        assert [row.removed_at is None for row in rows] == [False, False]
    assert browser.delete(f"{API}/{made.id}/documents/{second['file']}").status_code == 404
    unknown = {"code": CODE, "file_id": second["file"], "replaces": str(uuid4())}
    assert browser.post(f"{API}/{made.id}/documents", json=unknown).status_code == 404


def test_one_paper_has_so_many_files(client: Any, made: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_OF_ONE", 2)
    browser = client("holder")
    for pages in (1, 2):
        small(browser, made, CODE, files.pdf(pages))
    refused = small(browser, made, CODE, files.pdf(3))
    assert (refused.status_code, refused.json()["code"]) == (422, "documents_too_many")


def test_only_ones_own_uploads_are_attached(world: Any, client: Any, made: Application) -> None:
    theirs = files.sent(client("rival"), files.pdf()).json()["id"]
    mine = files.sent(client("holder"), files.pdf()).json()["id"]
    browser = client("holder")
    path = f"{API}/{made.id}/documents"
    assert browser.post(path, json={"code": CODE, "file_id": theirs}).status_code == 404
    assert client("rival").post(path, json={"code": CODE, "file_id": theirs}).status_code == 404
    attached = browser.post(path, json={"code": CODE, "file_id": mine})
    assert attached.status_code == 200
    (paper,) = [one for one in attached.json() if one["code"] == CODE]
    assert [file["id"] for file in paper["files"]] == [mine]
    assert attached.headers["etag"] == '"2"'


def test_an_infected_file_is_neither_attached_nor_opened(client: Any, made: Application) -> None:
    browser = client("holder")
    mine = files.sent(browser, files.pdf()).json()["id"]
    small(browser, made, OTHER, files.png(), "b.png")
    (shown,) = provided(made)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        for one in tx.session.scalars(select(StoredFile)):
            one.scan = Scan.INFECTED
    body = {"code": CODE, "file_id": mine}
    assert browser.post(f"{API}/{made.id}/documents", json=body).json()["code"] == "file_infected"
    assert browser.get(f"{API}/{made.id}/documents/{shown['file']}").json()["code"] == "file_infected"
    assert "virus trouvé" in browser.get(f"/applications/{made.id}/documents", headers=HTML).text


def test_a_file_is_shown_as_what_it_is_and_nothing_more(client: Any, made: Application) -> None:
    browser = client("holder")
    small(browser, made, CODE, files.pdf(), 'Pièce « n° 1 » "x".pdf')
    small(browser, made, OTHER, files.workbook(), "a.xlsx")
    first, second = provided(made)
    for base in (f"{API}/{made.id}", f"/applications/{made.id}"):
        answer = browser.get(f"{base}/documents/{first['file']}")
        assert answer.content == files.pdf()
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-cache"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["content-security-policy"].endswith("sandbox")
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert re.fullmatch(
            r"inline; filename=\"[ -~]+\"; filename\*=UTF-8''Pi%C3%A8ce%20[%\w.-]+\.pdf",
            answer.headers["content-disposition"],
        )
        known = {"if-none-match": answer.headers["etag"]}
        assert browser.get(f"{base}/documents/{first['file']}", headers=known).status_code == 304
    sheet = browser.get(f"{API}/{made.id}/documents/{second['file']}")
    assert sheet.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in sheet.headers["content-security-policy"]


def test_a_file_whose_bytes_are_gone_says_so(client: Any, made: Application) -> None:
    browser = client("holder")
    small(browser, made, CODE, files.pdf())
    (item,) = provided(made)
    store.remove([store.file_path(UUID(item["file"]))])
    assert browser.get(f"{API}/{made.id}/documents/{item['file']}").json()["code"] == "file_lost"


def test_a_draft_is_its_holders_and_a_deposit_the_provinces(world: Any, client: Any) -> None:
    call = given.open_call(world)
    made = given.filled(world, call)
    holder = client("holder")
    small(holder, made, CODE, files.pdf())
    item = next(one for one in provided(made) if one.get("file"))
    path = f"/applications/{made.id}/documents/{item['file']}"
    readers = ("officer", "stranger", "rival", "evaluator", "auditor")

    def seen() -> list[int]:
        return [client(name).get(path, headers=HTML).status_code for name in readers]

    assert seen() == [404] * 5
    with transaction(world.holder) as tx:
        commands.submit(tx, made.id)
    assert seen() == [200, 404, 404, 404, 200]
    assert holder.get(f"/applications/{made.id}/documents/{uuid4()}", headers=HTML).status_code == 404
    assert client("officer").get(f"/applications/{made.id}/documents/{uuid4()}").status_code == 404
    shown = client("officer").get(f"/das/applications/{made.id}", headers=HTML).text
    assert path in shown
    assert "1 fichier n’a pas été analysé par un antivirus." in shown
    with transaction(world.officer) as tx:
        commands.admit(tx, made.id)
    closed = small(holder, made, CODE, files.pdf(2))
    assert (closed.status_code, closed.json()["code"]) == (409, "wrong_state")
    elsewhere = holder.get(f"/applications/{made.id}/documents", headers=HTML, follow_redirects=False)
    assert elsewhere.status_code == 303


def test_what_she_changes_after_the_deposit_is_not_seen_before_the_next(world: Any, client: Any) -> None:
    made = given.filled(world)
    holder, officer = client("holder"), client("officer")
    small(holder, made, CODE, files.pdf(1))
    with transaction(world.holder) as tx:
        commands.submit(tx, made.id)
    first = next(one for one in provided(made) if one.get("file"))
    changed = small(holder, made, CODE, files.pdf(2)).json()
    holder.delete(f"{API}/{made.id}/documents/{first['file']}")
    (paper,) = [one for one in changed if one["code"] == CODE]
    second = paper["files"][1]["id"]

    def seen(browser: Any) -> list[int]:
        return [browser.get(f"{API}/{made.id}/documents/{id}").status_code for id in (first["file"], second)]

    assert seen(holder) == [200, 200]
    assert seen(officer) == [200, 404]
    (told,) = [one for one in officer.get(f"{API}/{made.id}/documents").json() if one["code"] == CODE]
    assert [one["id"] for one in told["files"]] == [first["file"]]
    with transaction(world.holder) as tx:
        commands.submit(tx, made.id)
    assert seen(officer) == [404, 200]


def test_an_evaluator_reads_through_her_assignment(world: Any, client: Any) -> None:
    from tests.reviews import given as reviews

    reviews.a_call(world, "agadir-papers")
    (key,) = reviews.eligible(world, 1)
    mine = files.sent(client("holder"), files.pdf()).json()
    item = {"code": CODE, "file": mine["id"], "name": mine["name"], "sha256": mine["sha256"]}
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        row = tx.session.get_one(Application, key)
        row.content = {**row.content, "documents": {"provided": [item]}}
    assignment = reviews.opened(world, "evaluator", key).id
    path = f"/reviews/{assignment}/documents/{item['file']}"
    evaluator = client("evaluator")
    assert evaluator.get(path).content == files.pdf()
    assert path in evaluator.get(f"/reviews/{assignment}", headers=HTML).text
    assert evaluator.get(f"/reviews/{assignment}/documents/{uuid4()}").status_code == 404
    assert client("second").get(path).status_code == 404
    (fresh,) = reviews.assigned(world, "third", application_id=key)
    assert client("third").get(f"/reviews/{fresh.id}/documents/{item['file']}").status_code == 404


def test_paper_is_noted_by_an_officer_of_the_province(world: Any, client: Any, made: Application) -> None:
    path = f"{API}/{made.id}/papers"
    assert client("holder").post(path, json={"codes": [CODE]}).status_code == 403
    assert client("stranger").post(path, json={"codes": [CODE]}).status_code == 404
    officer = client("officer")
    assert officer.post(path, json={"codes": [CODE, OTHER]}).json() == {"version": 2}
    assert officer.post(path, json={"codes": [CODE]}).json() == {"version": 2}
    assert officer.post(path, json={"codes": ["nonsense"]}).status_code == 422
    assert provided(made) == [{"code": CODE, "paper": True}, {"code": OTHER, "paper": True}]
    assert (
        "Remise sur papier" in client("holder").get(f"/applications/{made.id}/documents", headers=HTML).text
    )
    small(client("holder"), made, CODE, files.pdf())  # the file takes the place of the paper
    assert [one["code"] for one in provided(made) if one.get("paper")] == [OTHER]
    officer.post(path, json={"codes": [CODE, OTHER], "there": False})
    assert [one["code"] for one in provided(made)] == [CODE]


def test_the_fingerprint_of_a_deposit_covers_its_files(world: Any, client: Any) -> None:
    from backend.applications import receipts

    made = given.filled(world)
    small(client("holder"), made, CODE, files.pdf())
    with transaction(world.holder) as tx:
        done = commands.submit(tx, made.id)
    changed = {**done.content, "documents": {"provided": []}}
    assert receipts.sha256({"content": done.content, **done.snapshot}) == done.content_sha256
    assert receipts.sha256({"content": changed, **done.snapshot}) != done.content_sha256


def test_an_older_mark_without_a_file_is_not_a_paper(world: Any, client: Any, made: Application) -> None:
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        row = tx.session.get_one(Application, made.id)
        row.content = {"documents": {"provided": [{"code": CODE, "reference": "Statuts de 2019"}]}}
    browser = client("holder")
    assert "Statuts de 2019" in browser.get(f"/applications/{made.id}/documents", headers=HTML).text
    states = {one["section"]: one["state"] for one in browser.get(f"{API}/{made.id}").json()["sections"]}
    assert states["documents"] == "progress"
    small(browser, made, CODE, files.pdf())
    assert len(provided(made)) == 1


def test_a_form_larger_than_the_limit_is_refused_where_it_enters(
    client: Any, made: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILE_LIMIT_MB", "1")
    settings.cache_clear()
    try:
        browser = client("holder")
        assert form(browser, made, CODE, ("a.pdf", b"x" * 2_100_000)).status_code == 413
        late = form(browser, made, CODE, ("a.pdf", b"x" * 1_500_000))
        assert late.status_code == 413
        assert "1 Mo" in late.text
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_form_with_files_after_the_session_ended_leads_to_the_sign_in(
    client: Any, made: Application
) -> None:
    answer = form(client(None), made, CODE, ("a.pdf", files.pdf()))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_the_list_costs_the_same_with_one_file_and_with_three(
    client: Any, made: Application, statements: Any
) -> None:
    browser = client("holder")
    counts = []
    for pages in (1, 2, 3):
        small(browser, made, CODE, files.pdf(pages))
        with statements() as seen:
            assert browser.get(f"/applications/{made.id}/documents", headers=HTML).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[2]


def test_a_dossier_not_hers_is_refused_before_the_file_is_kept(client: Any, made: Application) -> None:
    assert form(client("rival"), made, CODE, ("a.pdf", files.pdf())).status_code == 404
    assert small(client("rival"), made, CODE, files.pdf()).status_code == 404
    assert list(store.listed(store.FILES)) == []


def test_replacing_what_is_not_there_is_not_found(world: Any, made: Application) -> None:
    with pytest.raises(Problem) as told, transaction(world.holder) as tx:
        documents.attach(tx, made.id, CODE, [], uuid4())
    assert told.value.status == 404


def test_every_asked_paper_has_its_place(client: Any, made: Application) -> None:
    told = client("holder").get(f"{API}/{made.id}/documents").json()
    assert [one["code"] for one in told] == codes(made)
    assert all(one["files"] == [] for one in told)
