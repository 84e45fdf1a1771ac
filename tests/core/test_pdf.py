"""Every word that people write can be printed, whatever its signs."""

from datetime import UTC, datetime

from backend.core import pdf


def printed(words: str) -> bytes:
    said = dict.fromkeys(("issuer", "code", "code_label", "print_label", "check", "replaced", "foot"), words)
    data = said | {
        "title": words,
        "rows": [[words, words]],
        "print": ["0"],
        "qr": pdf.qr("x"),
        "qr_alt": "x",
        "address": "x",
    }
    return pdf.render("applications/receipt", "fr", data, datetime(2026, 1, 1, tzinfo=UTC))


def test_tifinagh_is_printed_in_an_accessible_paper() -> None:
    assert b"pdfuaid" in printed("ⵜⴰⵎⴰⵣⵉⵖⵜ, amlou")


def test_a_sign_that_no_font_has_does_not_stop_a_paper() -> None:
    made = printed("Miel de thym 🐝 蜂")
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" not in made
