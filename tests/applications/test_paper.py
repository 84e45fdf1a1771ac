"""Dossiers taken on paper, from a spreadsheet: looked at first, each fault by its cell, then begun."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import select

from backend.applications import paper, search
from backend.applications.models import Application, ApplicationState, Filing
from backend.core.actor import SYSTEM
from backend.core.calendar import local
from backend.core.tx import transaction
from backend.people.models import Organisation
from tests.applications import given as made
from tests.applications.test_pages import visible

HEADS = {
    "fr": ["Numéro", "Numéro de registre", "Projet", "Budget en DH", "Demandé en DH", "Déposé le"],
    "ar": ["الرقم", "رقم السجل", "المشروع", "الميزانية بالدرهم", "المطلوب بالدرهم", "تاريخ الإيداع"],
}
TOP = "Numéro;Numéro de registre;Projet;Budget;Demandé;Déposé le\n".encode()


@pytest.fixture
def call(world: Any) -> Any:
    """A call whose window is open, and two cooperatives told apart by their register numbers."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Organisation, world.rival_cooperative).register_number = "88"
    return made.open_call(world)


def handed_in(call: Any) -> str:
    return f"{local(call.opens_at) + timedelta(minutes=5):%d/%m/%Y %H:%M}"


def book(*rows: list[Any], lang: str = "fr") -> bytes:
    kept = io.BytesIO()
    made_ = xlsxwriter.Workbook(kept)
    sheet = made_.add_worksheet()
    for n, row in enumerate((HEADS[lang], *rows)):
        sheet.write_row(n, 0, row)
    made_.close()
    return kept.getvalue()


def send(browser: Any, call: Any, content: bytes, lang: str = "fr") -> Any:
    return browser.post(
        f"/das/calls/{call.id}/paper", params={"lang": lang}, files={"file": ("liste.xlsx", content)},
        headers={"accept": "text/html"},
    )  # fmt: skip


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(kept|seen)" value="([^"]*)"', page))


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_list_is_looked_at_then_begun(world: Any, client: Any, call: Any, lang: str) -> None:
    browser = client("officer")
    rows = [["12/23", "4112/2019", "Moulin d’argan", 400000.5, "٢٤٠٠٠٠", handed_in(call)],
            [13, 88, "Élevage de chèvres", "300 000,00 DH", 200000, handed_in(call)]]  # fmt: skip
    page = send(browser, call, book(*rows, lang=lang), lang)
    assert page.status_code == 200, page.text
    assert {"fr": "Commencer 2 dossiers", "ar": "بدء ملفين"}[lang] in page.text
    with transaction(SYSTEM) as tx:
        assert tx.session.scalars(select(Application)).all() == []
    answer = browser.post(f"/das/calls/{call.id}/paper/take", data=hidden(page.text), follow_redirects=False)
    assert answer.status_code == 303, answer.text
    assert browser.get(answer.headers["location"]).status_code == 200
    with transaction(world.officer) as tx:
        found = {row.title: row for row in search.listed(tx, search.Filters(filing=Filing.PAPER)).items}
        assert found["Moulin d’argan"].requested_centimes == 24_000_000
        assert found["Moulin d’argan"].total_centimes == 40_000_050
        assert {row.state for row in found.values()} == {ApplicationState.DRAFT}
        assert len(search.listed(tx, search.Filters(text="papier 12 23")).items) == 1
    again = send(browser, call, book(*rows))
    assert "ont déjà un dossier" in again.text
    assert "paper/take" not in again.text
    twice = browser.post(f"/das/calls/{call.id}/paper/take", data=hidden(page.text))
    assert twice.status_code == 409


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_each_fault_has_its_cell_and_what_to_do(world: Any, client: Any, call: Any, lang: str) -> None:
    good = ["1", "4112/2019", "Moulin", 400000, 240000, handed_in(call)]

    def but(place: int, value: Any) -> list[Any]:
        return [*good[:place], value, *good[place + 1 :]]

    faults = {
        "A2": but(0, ""), "B2": but(1, "9999/1900"), "C2": but(2, "x" * 201), "D2": but(3, 1.234),
        "E2": but(4, 500000), "F2": but(5, "01/01/1999"), "B2 ": but(1, "=1+1"), "A2 ": but(0, "=1+1"),
    }  # fmt: skip
    for cell, row in faults.items():
        page = send(client("officer"), call, book(row, lang=lang), lang)
        assert page.status_code == 200
        assert cell.strip() in visible(page.text), cell
        assert "paper/take" not in page.text
    wrong = [but(4, "beaucoup"), but(3, "-5"), but(5, "demain"), but(5, ""), but(3, "=1+1"), but(2, "")]
    for row in wrong:
        assert "paper/take" not in send(client("officer"), call, book(row)).text
    twice = send(client("officer"), call, book(good, but(0, "2")), lang)
    assert "B2" not in visible(twice.text)
    assert "B3" in visible(twice.text)
    assert {"fr": "Cette organisation est déjà", "ar": "هذا التنظيم في سطر سابق"}[lang] in visible(twice.text)
    assert "paper/take" in twice.text  # the first line stands


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422), (b"\n", 422), (b"a;b\n1;2\n", 422), (b"%PDF-1.7", 415), (b"PK\x03\x04junk", 422),
        (b"\xd0\xcf\x11\xe0", 415), ("Numéro de registre;Projet\n1;2\n".encode(), 422),
        (b"x" * 1_000_000, 413),
        (TOP, 422), (TOP + b"1;2;3;4;5;6\n" * 301, 422),
    ],
)  # fmt: skip
def test_what_is_no_such_list_is_told(
    world: Any, client: Any, call: Any, content: bytes, status: int
) -> None:
    answer = send(client("officer"), call, content)
    assert answer.status_code == status
    assert not re.search("Nom et prénom|membre", visible(answer.text))  # they are words of another list


@pytest.mark.parametrize(
    "kept", ["", "x", "eJw=", "é", "eJyrVkrLz1eyUkpKLFKqBQAdegQ0", "eJyLVkpUigUABWMBlA=="]
)
def test_what_comes_back_is_read_as_from_anybody(world: Any, client: Any, call: Any, kept: str) -> None:
    answer = client("officer").post(f"/das/calls/{call.id}/paper/take", data={"kept": kept, "seen": "x"})
    assert answer.status_code == 422


def test_only_her_officers_take_paper(world: Any, client: Any, call: Any) -> None:
    path = f"/das/calls/{call.id}/paper"
    assert client("officer").get(path).status_code == 200
    for name, status in {"auditor": 403, "holder": 403, "evaluator": 403}.items():
        assert client(name).get(path).status_code == status, name
    assert client("stranger").get(path).status_code in {403, 404}
    row = ["1", "4112/2019", "Moulin", 400000, 240000, handed_in(call)]
    assert send(client("stranger"), call, book(row)).status_code in {403, 404}


def test_statements_do_not_grow_with_the_lines(world: Any, call: Any, statements: Any) -> None:
    costs = []
    for n in (1, 3):
        rows = [HEADS["fr"], *([str(i), f"{i}", "Moulin", 2, 1, handed_in(call)] for i in range(n))]
        with transaction(world.officer) as tx, statements() as seen:
            paper.plan(tx, call.id, rows)
        costs.append(len(seen))
    assert costs[0] == costs[1]
