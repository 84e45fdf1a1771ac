"""Dossiers taken away as Excel or CSV: all of them, only hers, with the scores she may see, harmless."""

import csv
import io
import re
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from backend.observatory import dossiers
from tests.applications import given as made
from tests.reviews import given as reviews

API = "/api/v1/exports/applications"
PAGE = "/das/exports"


def csv_rows(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def excel(answer: Any) -> dict[str, list[list[Any]]]:
    assert answer.status_code == 200, answer.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize(("lang", "head", "end"), [
    ("fr", "Numéro", "2 dossiers exportés"), ("ar", "الرقم", "ملفان مُصدَّران"),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_every_row_and_says_so(
    world: Any, client: Any, kind: str, lang: str, head: str, end: str
) -> None:
    call = made.open_call(world)
    made.submitted(world, call)
    dangerous = {**made.CONTENT["project"], "title": '=HYPERLINK("http://x")'}
    made.submitted(world, call, "rival", project=dangerous)
    plainly = {"accept-encoding": "identity"}
    answer = client("officer").get(API, params={"kind": kind, "language": lang}, headers=plainly)
    if kind == "csv":
        *rows, last = csv_rows(answer)
        assert last == [end]
    else:
        rows, about = excel(answer).values()
        told = {row[0]: row[1] for row in about}
        assert end in told.values()
        assert answer.headers["x-rows-sha256"] in told.values()
        assert "Officer" in told.values()
        assert list(excel(answer)) == {"fr": ["Dossiers", "À lire"], "ar": ["الملفات", "للقراءة أولا"]}[lang]
    assert rows[0][0] == head
    assert answer.headers["x-row-count"] == "2"
    assert "dossiers-2." in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert len(rows) == 3
    titles = {row[3] for row in rows[1:]}
    assert ("'" if kind == "csv" else "") + '=HYPERLINK("http://x")' in titles
    money = {row[rows[0].index({"fr": "Demandé en DH", "ar": "المطلوب بالدرهم"}[lang])] for row in rows[1:3]}
    assert money == ({"240000,00"} if kind == "csv" else {240000.0})
    if kind == "xlsx":
        assert b"<f>" not in _sheet(answer.content)
        assert b'<autoFilter ref="A1:' in _sheet(answer.content)
        assert b'state="frozen"' in _sheet(answer.content)
        assert (b'rightToLeft="1"' in _sheet(answer.content)) is (lang == "ar")
    if lang == "ar":
        assert not any(re.search("[A-Za-zÀ-ÿ]", cell) for cell in rows[0])


def test_nobody_takes_away_what_she_may_not_see(world: Any, client: Any) -> None:
    call = made.open_call(world)
    made.submitted(world, call)
    made.draft(world, call, "rival")
    counts = {name: client(name).get(API).headers.get("x-row-count") for name in
              ("officer", "auditor", "stranger", "holder", "rival", "evaluator")}  # fmt: skip
    assert counts == {
        "officer": "1",
        "auditor": "1",
        "stranger": "0",
        "holder": "1",
        "rival": "1",
        "evaluator": "0",
    }
    assert client(None).get(API).status_code == 401
    assert client("holder").get(PAGE, headers={"accept": "text/html"}).status_code == 403


def test_scores_stand_where_they_may_be_seen(world: Any, client: Any) -> None:
    reviews.scored(world)
    call = str(world.call)
    rows = csv_rows(client("officer").get(API, params={"call_id": call}))
    place = rows[0].index("Note sur 100")
    assert rows[1][place] not in {"", "0,00"}
    assert sum(head.startswith("Note : ") for head in rows[0]) == 6
    hers = csv_rows(client("holder").get(API, params={"call_id": call}))
    assert hers[1][place] == ""
    assert set(hers[1][hers[0].index("Note sur 100") :]) == {""}


def test_columns_are_chosen(world: Any, client: Any) -> None:
    made.ineligible(world)
    columns = ["number", "call", "refused", "filing", "deposited", "jobs_youth"]
    answer = client("officer").get(API, params={"column": columns})
    rows = csv_rows(answer)
    assert len(rows[0]) == 6
    assert rows[1][2]
    assert rows[1][5] == "3"
    assert client("officer").get(API, params={"column": ["email"]}).status_code == 422


def test_statements_do_not_grow_with_the_rows(world: Any, client: Any, statements: Any) -> None:
    call, costs = made.open_call(world), []
    browser = client("officer")
    for kind in ("csv", "xlsx"):
        browser.get(API, params={"kind": kind, "call_id": str(call.id)})
    for holder in ("holder", "rival"):
        made.submitted(world, call, holder)
        for kind in ("csv", "xlsx"):
            with statements() as seen:
                browser.get(API, params={"kind": kind, "call_id": str(call.id)})
            costs.append(len(seen))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 9  # and the record with its event


def test_a_workbook_too_long_is_refused_not_cut(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = made.open_call(world)
    made.submitted(world, call)
    made.submitted(world, call, "rival")
    monkeypatch.setattr(dossiers, "MOST_IN_EXCEL", 1)
    answer = client("officer").get(API, params={"kind": "xlsx"})
    assert (answer.status_code, answer.json()["code"]) == (409, "export_too_long")
    assert client("officer").get(API, params={"kind": "csv"}).headers["x-row-count"] == "2"
    assert client("officer").get(f"{PAGE}/dossiers?kind=xlsx").status_code == 409


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_page_says_what_the_file_will_hold(world: Any, client: Any, lang: str) -> None:
    application = made.submitted(world)
    browser = client("officer")
    page = browser.get(
        f"{PAGE}?lang={lang}&call={application.call_id}&q=argan", headers={"accept": "text/html"}
    )
    assert {"fr": "Exporter 1 dossier", "ar": "تصدير ملف واحد"}[lang] in page.text
    picked = browser.get(
        f"{PAGE}/dossiers?kind=csv&pick={application.id}&pick={uuid4()}&column=number&lang={lang}"
    )
    assert [row[0] for row in csv_rows(picked)][1:2] == [application.number]
    assert browser.get(f"{PAGE}?least=beaucoup", headers={"accept": "text/html"}).status_code == 422
    assert browser.get(f"{PAGE}/dossiers?least=beaucoup").status_code == 422
    bulk = browser.get("/das/applications/bulk?verb=export&who=all&q=argan", follow_redirects=False)
    assert bulk.headers["location"] == f"{PAGE}?q=argan"


def test_both_kinds_of_the_same_list_have_the_same_fingerprint(world: Any, client: Any) -> None:
    made.submitted(world)
    browser = client("officer")
    one, other, arabic = (
        browser.get(API, params=asked).headers["x-rows-sha256"]
        for asked in ({"kind": "csv"}, {"kind": "xlsx"}, {"kind": "csv", "language": "ar"})
    )
    assert one == other != arabic
    body = browser.get(API, params={"kind": "csv"}).content.removeprefix(b"\xef\xbb\xbf")
    assert sha256(b"\r\n".join(body.split(b"\r\n")[:-2]) + b"\r\n").hexdigest() == one


def test_each_export_is_kept_on_record(world: Any, client: Any) -> None:
    application = made.submitted(world)
    asked = {"call_id": str(application.call_id), "state": "submitted", "requested_from_centimes": 100,
             "deposited_since": "2020-01-01", "rule": "no_such_rule", "sector": "agriculture"}  # fmt: skip
    client("officer").get(API, params=asked | {"column": ["number", "title"], "kind": "xlsx"})
    client("officer").get(f"{PAGE}/dossiers?kind=csv&pick={application.id}&lang=ar")
    client("holder").get(API)
    (last, first) = client("officer").get("/api/v1/exports").json()["items"]
    assert (first["rows"], first["kind"], first["columns"]) == (0, "xlsx", ["number", "title"])
    assert first["asked"]["filters"] == {
        "call": str(application.call_id), "state": "submitted", "least": "1,00", "since": "2020-01-01",
        "rule": "no_such_rule", "sector": "agriculture",
    }  # fmt: skip
    assert (last["rows"], last["asked"]) == (1, {"filters": {}, "picked": 1})
    assert len(last["sha256"]) == 64
    assert len(client("holder").get("/api/v1/exports").json()["items"]) == 1
    assert client("stranger").get("/api/v1/exports").json()["items"] == []
    assert client("coordination").get("/api/v1/exports").json()["items"] == []
    assert len(client("auditor").get("/api/v1/exports", params={"limit": 2}).json()["items"]) == 2
    events = {name: client(name).get("/api/v1/events", params={"name": "export.made"}).json()["items"]
              for name in ("auditor", "officer", "coordination")}  # fmt: skip
    assert {name: len(found) for name, found in events.items()} == {
        "auditor": 3, "officer": 0, "coordination": 0,
    }  # fmt: skip
    assert "Dossiers exportés" in client("auditor").get("/audit").text


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_page_tells_the_last_exports(world: Any, client: Any, lang: str, statements: Any) -> None:
    application, browser, costs = made.submitted(world), client("officer"), []
    browser.get(PAGE, headers={"accept": "text/html"})
    for _ in range(2):
        asked = f"kind=csv&call={application.call_id}&q=argan&least=1&since=2020-01-01&state=submitted"
        browser.get(f"{PAGE}/dossiers?{asked}&filing=online&judged=clear&form=cooperative&lang={lang}")
        with statements() as seen:
            page = browser.get(f"{PAGE}?lang={lang}", headers={"accept": "text/html"}).text
        costs.append(len(seen))
    assert costs[0] == costs[1]
    told = {
        "fr": ("Vos derniers exports", "Mots cherchés", "Déposé depuis le", "1,00 DH"),
        "ar": ("آخر عمليات التصدير التي قمتم بها", "الكلمات المبحوث عنها", "أُودع منذ", "1,00 درهم"),
    }
    for words in told[lang]:
        assert words in page.replace("\u00a0", " ").replace("\u202f", " "), words
    everybody = client("auditor").get(f"{PAGE}?lang={lang}", headers={"accept": "text/html"}).text
    assert "Officer" in everybody
    assert "Officer" not in page.split("<main")[1]


def _sheet(content: bytes) -> bytes:
    import zipfile

    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
