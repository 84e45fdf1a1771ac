"""The printed notice: one page for every call in both languages, drawn once, with what the call says."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest

from backend.calls import commands, notice
from backend.calls.models import VersionKind
from backend.calls.notice import data_of
from backend.core import pdf
from backend.core.tx import transaction
from tests.calls import given
from tests.calls.test_check import EVERY, FILES

AT = datetime(2026, 2, 10, tzinfo=UTC)
CHAINS = {"fr": ["Argan", "Olive"], "ar": ["الأركان", "الزيتون"]}


def reader(body: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(body))


@EVERY
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_call_fits_one_page(name: str, lang: str) -> None:
    file = FILES[name]
    version = (2, VersionKind.ERRATUM, AT)
    data = data_of(file, lang, f"https://indh.exemple.ma/calls/{file.code}", CHAINS[lang], version)
    found = reader(pdf.render("calls/notice", lang, data, AT))
    assert len(found.pages) == 1
    text = found.pages[0].extract_text()
    assert f"calls/{file.code}" in text
    if lang == "fr":
        assert "Comment candidater" in text
        assert "Version 2, rectifiée" in text
    assert "notice." not in text
    assert found.metadata.title == file.title[lang]


def test_a_long_call_still_fits_in_smaller_type() -> None:
    long = {"fr": "Très long résumé de l’appel. " * 40, "ar": "ملخص طويل جدا لطلب المشاريع. " * 40}
    file = given.call_file(summary=long)
    for lang in ("fr", "ar"):
        data = data_of(file, lang, "https://x.ma/calls/a", [f"Chaîne {i}" for i in range(40)],
                       (1, VersionKind.PUBLICATION, AT))  # fmt: skip
        assert "24" in data["who"]["items"][3]
        assert len(reader(pdf.render("calls/notice", lang, data, AT)).pages) == 1


def test_a_call_without_a_cap_nor_a_list_of_chains() -> None:
    plain = given.call_file(caps={}, chains="any")
    assert len(data_of(plain, "fr", "https://x.ma/", [], (1, VersionKind.PUBLICATION, AT))["key"]) == 3
    unlisted = data_of(given.call_file(), "fr", "https://x.ma/", [], (1, VersionKind.PUBLICATION, AT))
    assert "Chaînes de valeur prioritaires de la province." in unlisted["who"]["items"]


def test_markup_that_was_typed_is_printed_as_typed() -> None:
    title = {"fr": '#panic("x") *gras* $x^2$ <b>', "ar": "#panic() \u0645"}
    data = data_of(given.call_file(title=title), "fr", "https://x.ma/", [], (1, VersionKind.PUBLICATION, AT))
    text = reader(pdf.render("calls/notice", "fr", data, AT)).pages[0].extract_text()
    assert "#panic" in text
    assert "*gras*" in text


def test_the_notice_is_drawn_once_and_again_when_the_call_changes(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def render(template: str, lang: str, data: Any, at: datetime) -> bytes:
        drawn.append(lang)
        return pdf.render(template, lang, data, at)

    monkeypatch.setattr(notice, "_kept", {})
    monkeypatch.setattr(notice, "KEPT", 2)
    monkeypatch.setattr(notice, "render", render)
    call = given.published(world)
    visitor = client(None)
    path = f"/calls/{call.code}/notice.pdf"
    first = visitor.get(path, params={"lang": "fr"})
    assert (first.status_code, first.headers["content-type"]) == (200, "application/pdf")
    assert "agadir-2023-fr.pdf" in first.headers["content-disposition"]
    assert len(reader(first.content).pages) == 1
    tag = first.headers["etag"]
    assert visitor.get(path, params={"lang": "fr"}).content == first.content
    kept = visitor.get(path, params={"lang": "fr"}, headers={"if-none-match": f'"old", W/{tag}'})
    assert (kept.status_code, kept.content, kept.headers["etag"]) == (304, b"", tag)
    arabic = visitor.get(path, params={"lang": "ar"})
    assert arabic.headers["etag"] != tag
    assert drawn == ["fr", "ar"]
    with transaction(world.officer) as tx:
        why = {"fr": "Fête.", "ar": "عيد."}
        commands.extend(tx, call.id, call.closes_at + timedelta(days=3), why, None)
    again = visitor.get(path, params={"lang": "fr"}, headers={"if-none-match": tag})
    assert (again.status_code, again.headers["etag"] != tag) == (200, True)
    assert "Version 2, prolongée" in reader(again.content).pages[0].extract_text()
    assert drawn == ["fr", "ar", "fr"]


def test_a_draft_is_printed_for_its_officers_only(world: Any, client: Any) -> None:
    given.draft(world)
    assert client(None).get("/calls/agadir-2023/notice.pdf").status_code == 404
    assert client("officer").get("/calls/agadir-2023/notice.pdf").status_code == 200
