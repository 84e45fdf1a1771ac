import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.errors import Problem
from backend.files import content, sheets, sound
from backend.files.content import JPEG, PDF, PNG, XLSX, clean_name, examine
from tests.files import given as files

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(body: bytes, name: str = "a.pdf") -> Problem:
    with pytest.raises(Problem) as told:
        examine(io.BytesIO(body), name)
    return told.value


@pytest.mark.parametrize(
    ("body", "media_type", "name"),
    [
        (files.pdf(3), PDF, "statuts.pdf"),
        (b"\n\n" + files.pdf(), PDF, "statuts.pdf"),  # a reader forgives what stands before
        (files.jpeg(), JPEG, "statuts.jpg"),
        (files.png(), PNG, "statuts.png"),
        (files.workbook(), XLSX, "statuts.xlsx"),
    ],
)
def test_the_content_says_what_a_file_is(body: bytes, media_type: str, name: str) -> None:
    found = examine(io.BytesIO(body), "statuts.pdf")
    assert (found.media_type, found.name) == (media_type, name)
    assert found.renamed == (media_type != PDF)


def test_pages_of_a_pdf_are_counted() -> None:
    assert examine(io.BytesIO(files.pdf(3)), "a.pdf").pages == 3
    assert examine(io.BytesIO(files.jpeg()), "a.jpeg").pages is None


def test_a_pdf_locked_only_against_changes_is_taken() -> None:
    assert examine(io.BytesIO(files.pdf(owner="secret")), "a.pdf").pages == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_empty"),
        (b"\0" * 5000, "file_empty"),
        (files.pdf(password="secret"), "pdf_encrypted"),
        (files.pdf()[:-40], "pdf_damaged"),
        (files.pdf()[:300] + b"%%EOF", "pdf_damaged"),
        (files.pdf(0), "pdf_damaged"),
        (b"%PDF-1.7\n%%EOF", "pdf_damaged"),
        (files.picture("JPEG", (640, 480))[:1500], "image_damaged"),
        (files.picture("PNG", (640, 480))[:-20], "image_damaged"),
        (b"\xff\xd8\xff" + b"x" * 100, "image_damaged"),
        (files.picture("PNG", (9300, 9300), "1"), "image_too_large"),
        (files.picture("PNG", (20_000, 10_000), "1"), "image_too_large"),
        (files.workbook()[:-10], "sheet_damaged"),
        (files.workbook(("xl/vbaProject.bin", b"x")), "sheet_macros"),
        (files.workbook(("xl/macrosheets/sheet1.xml", b"x")), "sheet_macros"),
        (files.workbook(("xl/embeddings/oleObject1.bin", b"x")), "sheet_macros"),
        (files.workbook(types=b'<Types a="application/vnd.ms-excel.sheet.macroEnabled"/>'), "sheet_macros"),
        (files.workbook(("xl/worksheets/sheet1.xml", b"0" * 5_000_000)), "sheet_bomb"),
        (files.workbook(types=b"<Types>" + bytes(range(256)) * 9000), "sheet_bomb"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "sheet_encrypted"),
    ],
)  # fmt: skip
def test_each_fault_has_its_own_reason(body: bytes, code: str) -> None:
    assert refused(body).code == code


def test_a_workbook_of_too_many_parts_or_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_PARTS", 2)
    assert refused(files.workbook(("xl/a.xml", b"1"))).code == "sheet_bomb"
    monkeypatch.setattr(sheets, "MOST_PARTS", 2000)
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 10)
    assert refused(files.workbook()).code == "sheet_bomb"


def test_a_part_with_a_password_is_refused() -> None:
    body = bytearray(files.workbook())
    at = body.rindex(b"PK\x01\x02")  # the directory's entry of the last part: its flags
    body[at + 8] |= 1
    assert refused(bytes(body)).code == "sheet_encrypted"


def test_too_many_pages_are_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "MOST_PAGES", 2)
    assert refused(files.pdf(3)).code == "pdf_damaged"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (OLE, "old_office"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"GIF89a", "other_image"),
        (b"RIFF\0\0\0\0WEBP", "other_image"),
        (b"\0\0\0\x18ftypmp42", "video"),
        (b"Rar!\x1a\x07", "archive"),
        (b"<script>alert(1)</script>", "unknown"),
        (b"MZ\x90\0", "unknown"),
    ],
)
def test_what_is_not_taken_is_named(head: bytes, kind: str) -> None:
    assert refused(head + b"\0" * 50).params == {"kind": f"enum.file_kind.{kind}"}


def test_a_word_document_and_an_archive_are_named() -> None:
    import zipfile

    for inside, kind in (("word/document.xml", "word"), ("a.txt", "archive")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            parts.writestr(inside, "x")
        assert refused(out.getvalue()).params == {"kind": f"enum.file_kind.{kind}"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\fatima\\statuts.pdf", "statuts.pdf"),
        ("fac\u202efdp.exe", "facfdp.exe"),
        ("a\0b\r\nc\x7f.pdf", "abc.pdf"),
        ("\u200e\u2066 .. \u2069", "document"),
        ("\ud800.pdf", "pdf"),
        ("الوثيقة 1.pdf", "الوثيقة 1.pdf"),
        ("x" * 500, "x" * 120),
        ("", "document"),
    ],
)
def test_names_are_only_words(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@given(st.text(max_size=300))
def test_no_name_is_a_path_or_hides_its_end(typed: str) -> None:
    for kept in (clean_name(typed), clean_name(typed, "pdf")):
        assert 0 < len(kept) <= content.LONGEST_NAME
        assert not set(kept) & set('/\\\0\r\n"') - {'"'}
        assert not kept.startswith(".")
        kept.encode()
        assert not any("\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069" for sign in kept)
    assert clean_name(typed, "pdf").endswith(".pdf")


WHOLE = (files.pdf(2), files.jpeg(), files.png(), files.workbook(("xl/worksheets/sheet1.xml", b"<a/>")))
HEADS = (b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"")


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A sound file with some of its bytes changed, cut, or doubled."""
    body = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body) - 1))
        body[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=6))
        if not body:
            break
    return bytes(body[: draw(st.integers(0, len(body)))]) if draw(st.booleans()) else bytes(body)


@settings(max_examples=300, deadline=None)
@given(st.one_of(spoiled(), st.builds(lambda head, rest: head + rest, st.sampled_from(HEADS), st.binary())))
def test_whatever_the_bytes_only_a_problem_is_raised(body: bytes) -> None:
    with suppress(Problem):
        assert examine(io.BytesIO(body), "x.pdf").media_type in content.EXTENSIONS
