"""Lists of members in spreadsheets: read without trust, compared, told by line and cell, saved when right."""

import io
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from hypothesis import given as drawn
from hypothesis import settings as limits
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import undefer

from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.core.tx import transaction
from backend.people import commands, queries
from backend.people.models import Member
from backend.people.roster import reader, template
from backend.people.roster.plan import plan
from backend.people.roster.told import message
from tests.people.test_organisations import last_event, refused, woman

HEADS = ["Nom et prénom", "Sexe", "Année de naissance", "Fonction", "CIN"]
HTML = {"accept": "text/html"}
YEAR = datetime.now(UTC).year


def book(*rows, heads=HEADS, formula=None):
    kept = io.BytesIO()
    made = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False})
    sheet = made.add_worksheet()
    for line, row in enumerate([heads, *rows]):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(line, place, cell, made.add_format({"num_format": "yyyy-mm-dd"}))
            else:
                sheet.write(line, place, cell)
    if formula:
        sheet.write_formula(*formula)
    made.close()
    return kept.getvalue()


def problem_of(content):
    with pytest.raises(Problem) as refusal:
        plan(reader.cells(content), [], YEAR, (15, 110))
    return refusal.value.code


def planned(*rows, **more):
    return plan(reader.cells(book(*rows, **more)), [], YEAR, (15, 110))


def test_what_people_type_is_read():
    found = planned(
        ["Amina  Aït", "Femme", 1990, "Présidente", "jz 739517"],
        ["فاطمة", "امرأة", "١٩٨٥", "", ""],
        [],
        ["Ali", "h", 1979.0, "Chauffeur", ""],
        ["Brahim", "M", date(1988, 3, 4), "", ""],
    )
    assert found.faults == []
    assert [(p.line, p.given.name, p.given.sex, p.given.birth_year, p.given.office) for p in found.added] == [
        (2, "Amina Aït", "woman", 1990, "president"),
        (3, "فاطمة", "woman", 1985, None),
        (5, "Ali", "man", 1979, "Chauffeur"),
        (6, "Brahim", "man", 1988, None),
    ]
    assert found.added[0].given.identity.get_secret_value() == "JZ739517"


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        (["", "F", 1990], "A2", "missing"),
        (["x" * 201, "F", 1990], "A2", "string_too_long"),
        (["A", "?", 1990], "B2", "sex_unreadable"),
        (["A", "", 1990], "B2", "missing"),
        (["A", "F", YEAR + 1], "C2", "birth_year_implausible"),
        (["A", "F", YEAR - 3], "C2", "birth_year_implausible"),
        (["A", "F", "vers 1990"], "C2", "year_unreadable"),
        (["A", "F", ""], "C2", "missing"),
        (["A", "F", 1990.5], "C2", "year_unreadable"),
        (["A", "F", 1990, "x" * 41], "D2", "string_too_long"),
        (["A", "F", 1990, "", "??"], "E2", "cin"),
        (["A", "F", 1990, "#REF!"], "D2", "cell_error"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_cell(row, cell, code):
    (fault,) = planned(row).faults
    assert (fault.line, fault.cell, fault.code) == (2, cell, code)


def test_all_that_is_wrong_in_a_line_is_said_at_once():
    found = planned(["", "?", "x", "", "??"], ["B", "F", 1990], ["b", "F", 1990])
    assert [(f.cell, f.code) for f in found.faults] == [
        ("B2", "sex_unreadable"), ("C2", "year_unreadable"), ("A2", "missing"), ("E2", "cin"),
        ("A4", "line_twice"),
    ]  # fmt: skip
    assert [line.line for line in found.added] == [3]
    assert found.faults[-1].params == {"line": 4, "first": 3}
    assert all(n in message("fr", found.faults[-1]) for n in ("3", "4"))


def test_formulas_are_not_computed():
    (fault,) = planned(["A", "F", 1990], formula=(1, 2, "=1980+10", None, 1990)).faults
    assert (fault.cell, fault.code) == ("C2", "formula")
    csv = b'Nom;Sexe;Naissance\n"=cmd|calc";F;1990\n'
    (fault,) = plan(reader.cells(csv), [], YEAR, (15, 110)).faults
    assert (fault.cell, fault.code) == ("A2", "formula")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_csv_is_read_as_spreadsheets_write_it(encoding, sign):
    text = f"الاسم الكامل{sign}الجنس{sign}سنة الازدياد\r\nفاطمة{sign}أنثى{sign}1985\r\n"
    found = plan(reader.cells(text.encode(encoding)), [], YEAR, (15, 110))
    assert [line.given.name for line in found.added] == ["فاطمة"]


def zipped(**parts):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return kept.getvalue()


def changed(content, part, old, new):
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(kept, "w", 8) as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data.replace(old, new) if name == part else data)
    return kept.getvalue()


def test_what_cannot_be_read_has_a_problem_of_its_own():
    sheet = "xl/worksheets/sheet1.xml"
    good = book(["A", "F", 1990])
    far = changed(good, sheet, b'r="A2"', b'r="XFD2"')
    deep = changed(good, sheet, b'r="A2"', b'r="A1048576"')
    encrypted = b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    wrong = {
        "import_empty": [b"", b"  \n", book(heads=[]), book(), b"Nom;Sexe;Naissance\n;;\n"],
        "import_columns": [b"bonjour", book(["x"], heads=["a", "b"]), book(["A"], heads=["Nom"])],
        "import_kind": [b"%PDF-1.7 x", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n", b"a\x00b", zipped(a_txt="x")],
        "import_old_excel": [b"\xd0\xcf\x11\xe0" + b"\x00" * 600],
        "import_encrypted": [encrypted],
        "import_text": ["Nom;Sexe;Année\n".encode("cp1252")],
        "import_too_large": [b"x" * 900_001],
        "import_bomb": [
            zipped(xl__workbook_xml="x", b_xml="0" * 20_000_000),
            zipped(**{f"p{i}_xml": "x" for i in range(400)}),
        ],
        "import_damaged": [good[:-200], b"PK\x03\x04" + b"x" * 90, far, zipped(xl__workbook_xml="<x")],
        "import_too_many": [deep, book(*([f"M{i}", "F", 1990] for i in range(2001)))],
    }
    for code, contents in wrong.items():
        for content in contents:
            assert problem_of(content) == code


@limits(max_examples=60, deadline=None)
@drawn(st.binary(max_size=300), st.integers(0, 4000), st.sampled_from(["", "PK\x03\x04", "Nom;Sexe\n"]))
def test_no_bytes_make_a_fault_of_ours(noise, at, head):
    good = book(["A", "F", 1990])
    for content in (head.encode() + noise, good[:at] + noise + good[at + len(noise) :]):
        with suppress(Problem):
            plan(reader.cells(content), [], YEAR, (15, 110))


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_template_is_read_back(lang):
    content = template.template(lang)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<dataValidation ") == 2
    assert ('rightToLeft="1"' in sheet) == (lang == "ar")
    rows = reader.cells(content)
    from backend.core.i18n import label

    rows.append(["A", label(lang, "enum.sex.man"), 1990, label(lang, "enum.office.treasurer"), ""])
    (line,) = plan(rows, [], YEAR, (15, 110)).added
    assert (line.given.sex, line.given.office) == ("man", "treasurer")


def existing(world, *rows):
    with transaction(world.holder) as tx:
        commands.replace_members(tx, world.tifaout, list(rows))
        return {member.name: member.id for member in queries.organisation(tx, world.tifaout).members}


def imported(world, *rows, actor=None, **more):
    with transaction(actor or world.holder) as tx:
        return commands.import_members(tx, world.tifaout, reader.cells(book(*rows)), **more)[1]


def names(world):
    with transaction(SYSTEM) as tx:
        asked = select(Member).where(Member.organisation_id == world.tifaout).order_by(Member.position)
        return {m.name: m for m in tx.session.scalars(asked.options(undefer(Member.identity_digest)))}


def test_a_list_adds_and_corrects_and_leaves_the_others(world):
    before = existing(
        world, woman("Amina Aït", 1990), woman("Zahra", 1970, identity="JZ739517"), woman("Reste", 1980)
    )
    found = imported(
        world,
        ["AIT amina", "F", 1990, "Présidente", "AB123456"],
        ["Zahra Ben Ali", "F", 1971, "", "JZ739517"],
        ["Reste", "F", 1980],
        ["Nouvelle", "F", 1999],
    )
    assert [(line.line, line.changes) for line in found.changed] == [
        (2, ("name", "office", "identity")),
        (3, ("name", "birth_year")),
    ]
    assert ([line.line for line in found.unchanged], [line.line for line in found.added]) == ([4], [5])
    after = names(world)
    assert list(after) == ["AIT amina", "Zahra Ben Ali", "Reste", "Nouvelle"]
    assert after["AIT amina"].id == before["Amina Aït"]
    assert after["Zahra Ben Ali"].id == before["Zahra"]
    assert last_event("members.imported").data == {"added": 1, "changed": 2, "left_out": 0}
    again = imported(world, ["Reste", "F", 1980])
    assert len(again.unchanged) == 1


def test_nothing_is_saved_while_a_line_is_wrong_unless_she_keeps_the_right_ones(world):
    existing(world, woman("Amina", 1990))
    rows = (["Juste", "F", 1991], ["Fausse", "?", 1991])
    assert len(imported(world, *rows).faults) == 1
    assert list(names(world)) == ["Amina"]
    imported(world, *rows, keep_right=True)
    assert list(names(world)) == ["Amina", "Juste"]
    assert last_event("members.imported").data["left_out"] == 1
    stale = refused(lambda tx: commands.import_members(tx, world.tifaout, [], 1), world.holder)
    assert stale.status == 412
    for name, status in (("rival", 404), ("stranger", 404), ("auditor", 403)):
        refusal = refused(lambda tx: commands.check_members(tx, world.tifaout, []), world.people[name])
        assert refusal.status == status


def test_comparing_costs_the_same_for_any_number(world, statements):
    for count in (1, 3):
        existing(world, *(woman(f"M{i}") for i in range(count)))
        rows = reader.cells(book(*([f"M{i}", "F", 1990] for i in range(count + 1))))
        with transaction(world.holder) as tx, statements() as sql:
            commands.check_members(tx, world.tifaout, rows)
        assert len(sql) == 2


def test_over_http(client, world):
    path = f"/api/v1/organisations/{world.tifaout}/members"
    holder = client("holder")
    raw = {"content-type": "application/octet-stream"}
    content = book(["Amina", "F", 1990, "", "12345678"], ["B", "?", 1990])
    said = holder.post(f"{path}/check", content=content, headers=raw).json()
    assert (said["added"], said["doubtful"], said["saved"]) == ([2], [2], False)
    assert said["faults"][0]["message"] == "Écrivez «\u00a0Femme\u00a0» ou «\u00a0Homme\u00a0»."
    assert holder.post(f"{path}/import", content=content, headers=raw).status_code == 428
    versioned = raw | {"if-match": '"1"'}
    assert holder.post(f"{path}/import", content=content, headers=versioned).json()["saved"] is False
    kept = holder.post(f"{path}/import?keep_right=true", content=content, headers=versioned)
    assert (kept.json()["saved"], kept.headers["etag"]) == (True, '"2"')
    assert holder.get(f"{path}/template?lang=ar").content[:2] == b"PK"
    assert client("rival").get(f"{path}/template").status_code == 404


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_page_in_three_steps(client, world, lang):
    browser = client("holder")
    browser.cookies.set("indh_language", lang)
    base = f"/organisations/{world.tifaout}/members"
    first = browser.get(f"{base}/import", headers=HTML)
    assert first.status_code == 200
    assert browser.get(f"{base}/template.xlsx").content[:2] == b"PK"
    none = browser.post(f"{base}/import", headers=HTML, files={"other": b""})
    assert none.status_code == 422
    bad = browser.post(f"{base}/import", headers=HTML, files={"file": ("x.xlsx", b"%PDF-")})
    assert bad.status_code == 415
    content = book(["Amina", "F", 1990, "", "JZ739517"], ["B", "?", 1990])
    seen = browser.post(f"{base}/import", headers=HTML, files={"file": ("x.xlsx", content)})
    assert seen.status_code == 200
    assert "B3" in seen.text
    assert "JZ739517" not in seen.text
    kept = seen.text.partition('name="kept" value="')[2].partition('"')[0]
    sheet = browser.post(f"{base}/import/faults.xlsx", data={"kept": kept}, headers=HTML)
    with CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)) as told:
        rows = told.get_sheet_by_index(0).to_python()
    assert rows[1][:2] == [3.0, "B3"]
    form = {"kept": kept, "version": "1"}
    again = browser.post(f"{base}/import/save", data=form, headers=HTML)
    assert (again.status_code, "B3" in again.text) == (200, True)
    other = client("officer").post(f"{base}/import/save", data=form | {"right": "1"}, headers=HTML)
    assert other.status_code == 422  # it was sealed for somebody else
    forged = browser.post(f"{base}/import/save", data=form | {"kept": kept[:-8] + "AAAAAAA="}, headers=HTML)
    assert forged.status_code == 422
    assert browser.post(f"{base}/import/faults.xlsx", data={"kept": "é"}, headers=HTML).status_code == 422
    saved = browser.post(
        f"{base}/import/save", data=form | {"right": "1"}, headers=HTML, follow_redirects=False
    )
    assert saved.status_code == 303
    assert "Amina" in names(world)
    late = browser.post(f"{base}/import/save", data=form | {"right": "1"}, headers=HTML)
    assert late.status_code == 412
    assert client("auditor").get(f"{base}/import", headers=HTML).status_code == 403
