"""Officers' verdicts and notes from a spreadsheet: each line named, all or nothing, by the machine."""

import io
import re
import zipfile
from html import unescape
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from backend.applications import noting, queries, verdict_book
from backend.applications.models import Application, ApplicationState, ScreeningNote
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.events import Event
from backend.core.tx import transaction
from backend.people.roster.template import MEDIA_TYPE
from tests.applications import given as made
from tests.applications.test_desk import kept, plain, two
from tests.applications.test_pages import get, post, visible
from tests.core.test_machine import copies

PAGE = "/das/applications/notes"
HEADS = {
    "fr": ["Numéro du dossier", "Avis", "Raison", "Note"],
    "ar": ["رقم الملف", "الرأي", "السبب", "ملاحظة"],
}


def book(*rows: list[Any], lang: str = "fr", heads: list[str] | None = None) -> bytes:
    kept_ = io.BytesIO()
    workbook = xlsxwriter.Workbook(kept_)
    sheet = workbook.add_worksheet()
    for n, row in enumerate((heads or HEADS[lang], *rows)):
        sheet.write_row(n, 0, row)
    workbook.close()
    return kept_.getvalue()


def send(browser: Any, content: bytes, lang: str = "fr") -> Any:
    return browser.post(
        PAGE, params={"lang": lang}, files={"file": ("avis.xlsx", content)}, headers={"accept": "text/html"}
    )


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(kept|seen)" value="([^"]*)"', page))


def noted(application: Application) -> list[str]:
    with transaction(SYSTEM) as tx:
        asked = select(ScreeningNote.text).where(ScreeningNote.application_id == application.id)
        return sorted(tx.session.scalars(asked))


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_each_line_is_named_then_done_at_once(world: Any, client: Any, lang: str) -> None:
    _, good, bad = two(world)
    browser = client("officer")
    words = {"fr": ("Recevable", "Irrecevable"), "ar": ("مستوف للشروط", "غير مقبول")}[lang]
    sheet = book(
        [good.number, words[0], "", "Visite faite"], [bad.number, words[1], "Trop cher", ""], lang=lang
    )
    page = send(browser, sheet, lang)
    assert page.status_code == 200, page.text
    for told in (good.number, bad.number, good.title, "Visite faite", "Trop cher"):
        assert told in page.text, told
    assert {"fr": "Appliquer 2 lignes", "ar": "تطبيق سطرين"}[lang] in page.text
    assert kept(good)[0].state is ApplicationState.SUBMITTED
    assert noted(good) == []
    answer = browser.post(f"{PAGE}/take", data=hidden(page.text), follow_redirects=False)
    assert answer.status_code == 303, answer.text
    assert [row.state for row in kept(good, bad)] == [ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE]
    assert noted(good) == ["Visite faite"]
    assert "Trop cher" in get(client("rival"), f"/applications/{bad.id}")
    again = send(browser, sheet, lang)
    assert {"fr": "Cette liste ne change rien", "ar": "لا تغير"}[lang] in plain(again.text)
    assert "/take" not in again.text
    second = browser.post(f"{PAGE}/take", data=hidden(page.text), follow_redirects=False)
    assert second.headers["location"].endswith("?done=again")  # a second press: said, nothing done twice


FAULTS = {
    "A2": ("number_unknown", ["AGA-0000-9999", "Recevable", "", ""]),
    "B2": ("verdict_unreadable", ["@good", "peut-être", "", ""]),
    "B2 ": ("note_rule_refuses", ["@bad", "Recevable", "", ""]),
    "C2": ("note_reason_needed", ["@good", "Irrecevable", "", ""]),
    "D2": ("cell_too_long", ["@good", "", "", "x" * 2001]),
    "A2 ": ("missing", ["", "Recevable", "", ""]),
    "C2 ": ("formula", ["@good", "Irrecevable", "=1+1", ""]),
    "A2  ": ("formula", ["=1+1", "Recevable", "", ""]),
    "B2  ": ("formula", ["@good", "=1+1", "", ""]),
}


@pytest.mark.parametrize(("cell", "fault"), FAULTS.items(), ids=[code for code, _ in FAULTS.values()])
def test_each_fault_has_its_cell_and_what_to_do(world: Any, client: Any, cell: str, fault: Any) -> None:
    _, good, bad = two(world)
    code, row = fault
    named = {"@good": good.number, "@bad": bad.number}
    row = [named.get(value, value) for value in row]
    browser = client("officer")
    page = send(browser, book(row))
    assert page.status_code == 200
    assert cell.strip() in visible(page.text)
    assert "/notes/take" not in page.text
    with transaction(world.officer) as tx:
        (found,) = noting.plan(tx, [HEADS["fr"], row]).faults if code != "formula" else (None,)
        assert found is None or found.code == code
    answer = browser.post(f"{PAGE}/faults.xlsx", data={"kept": hidden(page.text)["kept"]})
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[1][1] == cell.strip()
    assert "Lignes justes : 0 sur 1" in str(rows[-1][3]).replace("\u00a0", " ").replace("\u202f", " ")
    assert browser.post(f"{PAGE}/faults.xlsx", data={"kept": "x"}).status_code == 422


def test_a_refused_dossier_names_its_rules_by_their_titles(world: Any, client: Any, statements: Any) -> None:
    _, _, bad = two(world)
    with transaction(world.officer) as tx:
        title, *_ = queries.titles_of_refusals(tx, [bad.id])[bad.id]
    page = unescape(send(client("officer"), book([bad.number, "Irrecevable", "", ""])).text)
    assert title["fr"] in page
    assert "règle non respectée" not in page.split("<main")[1].split("</table>")[0]
    with transaction(world.officer) as tx, statements() as asked:
        queries.titles_of_refusals(tx, [bad.id] * 3)
    assert len(asked) == 1


def test_with_a_fault_nothing_is_done_unless_what_is_right_was_asked(world: Any, client: Any) -> None:
    _, good, bad = two(world)
    browser = client("officer")
    page = send(
        browser,
        book(
            [good.number, "Recevable", "", ""], [bad.number, "Recevable", "", ""], [good.number, "", "", "x"]
        ),
    ).text
    assert "A4" in visible(page)  # twice in the list
    assert "Appliquer la seule ligne juste" in page
    assert browser.post(f"{PAGE}/take", data=hidden(page)).status_code == 409
    assert kept(good)[0].state is ApplicationState.SUBMITTED
    sent = hidden(page) | {"right": "1"}
    assert browser.post(f"{PAGE}/take", data=sent, follow_redirects=False).status_code == 303
    assert [row.state for row in kept(good, bad)] == [ApplicationState.ELIGIBLE, ApplicationState.SUBMITTED]


def test_settled_and_foreign_dossiers_are_told_apart(world: Any) -> None:
    _, good, bad = two(world)
    with transaction(world.officer) as tx:
        noting.take(tx, *_seen(tx, [[good.number, "Recevable", "", ""]]))
    with transaction(world.officer) as tx:
        found = noting.plan(
            tx, [HEADS["fr"], [good.number, "Irrecevable", "Non", ""], [bad.number, "", "", ""]]
        )
        assert [one.code for one in found.faults] == ["note_settled"]
        assert (found.unchanged, found.done, found.lines) == ([3], [], 2)
    with transaction(world.auditor) as tx:  # reads it, does not decide
        found = noting.plan(tx, [HEADS["fr"], [bad.number, "", "", "vu"]])
        assert [one.code for one in found.faults] == ["not_hers"]
    with transaction(world.stranger) as tx:
        found = noting.plan(tx, [HEADS["fr"], [bad.number, "Recevable", "", ""]])
        assert [one.code for one in found.faults] == ["number_unknown"]  # as one that does not exist


def _seen(tx: Any, rows: list[list[Any]]) -> tuple[list[list[Any]], str]:
    sent = [HEADS["fr"], *rows]
    return sent, noting.plan(tx, sent).print_


def test_what_changed_meanwhile_is_shown_again(world: Any) -> None:
    _, good, _ = two(world)
    with transaction(world.officer) as tx:
        rows, seen = _seen(tx, [[good.number, "", "", "Une note"]])
    with transaction(world.officer) as tx:
        noting.note(tx, good.id, "Une note")
    with transaction(world.officer) as tx, pytest.raises(Problem) as refused:
        noting.take(tx, rows, seen)
    assert refused.value.code == "import_changed"


def test_statements_do_not_grow_with_the_lines(world: Any, statements: Any) -> None:
    _, good, _ = two(world)
    costs = []
    for n in (1, 3, 200):
        keys = copies(good, n)
        with transaction(SYSTEM) as tx:
            numbers = tx.session.scalars(select(Application.number).where(Application.id.in_(keys))).all()
        with transaction(world.officer) as tx:
            rows, seen = _seen(tx, [[number, "Recevable", "", f"Note {number}"] for number in numbers])
        with transaction(world.officer) as tx, statements() as sent:
            noting.take(tx, rows, seen)
        costs.append(len(sent))
        with transaction(SYSTEM) as tx:
            told = select(func.count()).where(Event.subject_id.in_(keys), Event.name == "application.noted")
            assert tx.session.scalar(told) == n
    assert costs[0] == costs[1] == costs[2]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422), (b"\n", 422), (b"a;b\n1;2\n", 422), (b"%PDF-1.7", 415), (b"PK\x03\x04junk", 422),
        ("Numéro;Note\n1;2\n".encode(), 422), (b"x" * 1_000_000, 413),
        ("Numéro;Avis\n".encode(), 422), ("Numéro;Avis\n".encode() + b"1;x\n" * 1001, 422),
        ("Numéro;Avis\n".encode() + b"1;x\n" * 3000, 422),
    ],
)  # fmt: skip
def test_what_is_no_such_list_is_told(world: Any, client: Any, content: bytes, status: int) -> None:
    answer = send(client("officer"), content)
    assert answer.status_code == status
    assert not re.search("Nom et prénom|membre", visible(answer.text))  # they are words of another list


def test_a_note_is_read_by_colleagues_and_not_by_its_holder(world: Any, client: Any) -> None:
    application = made.submitted(world)
    path, api = f"/das/applications/{application.id}", f"/api/v1/applications/{application.id}/notes"
    browser = client("officer")
    post(browser, f"{path}/notes", note="Voir le local\navant la session")
    post(browser, f"{path}/notes", note="  ")
    assert noted(application) == ["Voir le local\navant la session"]
    assert "Voir le local" in get(browser, path)
    assert "Voir le local" in get(client("auditor"), path)
    assert browser.get(api).json()[0]["text"].startswith("Voir")
    assert client("auditor").get(api).json() == browser.get(api).json()
    assert client("holder").get(api).status_code == 403  # colleagues' notes: not an empty list
    assert client("stranger").get(api).status_code == client("rival").get(api).status_code == 404
    for path_ in (f"/applications/{application.id}", f"/applications/{application.id}?edit=1"):
        hers = get(client("holder"), path_)
        assert "Voir le local" not in hers
        assert "Note écrite" not in hers  # nor that there is one
    with transaction(world.holder) as tx:
        last = queries.last_change(tx, application)
        assert last is not None
        assert last.name != "application.noted"
    for name, status in {"auditor": 403, "holder": 403, "stranger": 404, "evaluator": 404}.items():
        assert client(name).post(api, json={"text": "x"}).status_code == status, name
        post(client(name), f"{path}/notes", status, note="x")
    assert browser.post(api, json={"text": "Autre"}).status_code == 201
    assert browser.post(api, json={"text": " "}).status_code == 422


def test_only_staff_open_the_page(world: Any, client: Any) -> None:
    for name, status in {"officer": 200, "auditor": 403, "holder": 403, "evaluator": 403}.items():
        get(client(name), PAGE, status)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def filled(content: bytes, *verdicts: str) -> bytes:
    """The list of the workbook, a verdict on each line, as a spreadsheet would save it."""
    rows = next(iter(sheets(content).values()))
    (place,) = (rows[0].index(head) for head in ("Avis", "الرأي") if head in rows[0])
    for row, verdict in zip(rows[1:], verdicts, strict=False):
        row[place] = verdict
    return book(*rows[1:], heads=rows[0])


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_workbook_to_fill_holds_the_dossiers_of_the_list(world: Any, client: Any, lang: str) -> None:
    call, good, bad = two(world)
    browser = client("officer")
    page = get(browser, f"{PAGE}?call={call.id}", lang=lang)
    (href,) = re.findall(r'href="(/das/applications/notes/template\.xlsx[^"]*)"', page)
    answer = browser.get(href, params={"lang": lang} | {"call": str(call.id)})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPE
    said = sheets(answer.content)
    assert list(said) == {"fr": ["Avis", "À lire"], "ar": ["الآراء", "للقراءة أولا"]}[lang]
    table, guide = said.values()
    assert [row[0] for row in table[1:]] == [good.number, bad.number]
    assert table[1][1] == good.title
    told = str(guide)
    paper = next(one for one in call.definition["documents"] if one["code"] == "legal-file")["label"][lang]
    assert {"fr": "Financement", "ar": "التمويل"}[lang] in told
    assert paper in {line for row in guide for line in str(row[1]).split("\n")}
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        first = parts.read("xl/worksheets/sheet1.xml").decode()
    offered = {"fr": "Recevable,À compléter,Irrecevable", "ar": "مستوف للشروط,للاستكمال,غير مستوف للشروط"}
    assert f'"{offered[lang]}"' in unescape(first)
    # sent back as it is, it changes nothing; filled, it does what it says
    assert {"fr": "Cette liste ne change rien", "ar": "لا تغير"}[lang] in plain(
        send(browser, answer.content, lang).text
    )
    sheet = filled(answer.content, offered[lang].split(",")[0], offered[lang].split(",")[2])
    page = send(browser, sheet, lang).text
    browser.post(f"{PAGE}/take", data=hidden(page))
    assert [row.state for row in kept(good, bad)] == [ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE]


def test_the_workbook_holds_what_its_filter_leaves_and_is_the_officers_alone(
    world: Any, client: Any, statements: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, good, bad = two(world)
    path = f"{PAGE}/template.xlsx"
    browser = client("officer")
    (row,) = sheets(browser.get(path, params={"q": "huile"}).content)["Avis"][1:]
    assert row[0] == good.number
    costs = []
    for n in (1, 30):
        copies(bad, n)
        with statements() as sent:
            assert browser.get(path).status_code == 200
        costs.append(len(sent))
    assert costs[0] == costs[1]
    monkeypatch.setattr(verdict_book, "MOST", 1)
    assert "trop longue" in browser.get(path, headers={"accept": "text/html"}).text
    assert browser.get(path, params={"call": "x"}).status_code == 422
    for name in ("auditor", "holder", "evaluator"):
        assert client(name).get(path).status_code == 403, name
        assert client(name).get("/api/v1/applications/verdicts/template").status_code == 403, name


def test_the_same_list_over_json(world: Any, client: Any) -> None:
    call, good, _ = two(world)
    browser, base = client("officer"), "/api/v1/applications/verdicts"
    empty = browser.get(f"{base}/template", params={"call_id": str(call.id), "lang": "ar"}).content
    sheet = filled(empty, "مقبول", "مقبول")
    told = browser.post(f"{base}/preview", content=sheet).json()
    assert [(one["number"], one["verb"]) for one in told["done"]] == [(good.number, "admit")]
    ((fault),) = told["faults"]
    assert (fault["code"], fault["line"]) == ("note_rule_refuses", 3)
    assert fault["message"].startswith("Une règle")
    assert kept(good)[0].state is ApplicationState.SUBMITTED
    seen = {"seen": told["seen"]}
    assert (
        browser.post(base, content=sheet, params=seen).json()["code"] == "import_changed"
    )  # a fault is left
    done = browser.post(base, content=sheet, params=seen | {"keep_right": "true"}).json()
    assert done["saved"]
    assert kept(good)[0].state is ApplicationState.ELIGIBLE
    again = browser.post(base, content=sheet, params=seen | {"keep_right": "true"})
    assert again.status_code == 409
    assert browser.post(f"{base}/preview", content=b"%PDF").status_code == 415
    assert client("auditor").post(f"{base}/preview", content=sheet).status_code == 403
