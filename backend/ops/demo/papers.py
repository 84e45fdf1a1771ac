"""The papers of the demonstration: small real PDFs, the same bytes at each run."""

from collections.abc import Iterator, Sequence
from typing import Any

from .http import Client
from .world import Application

SENT = 3
"""How many of a dossier’s papers are files; the others come to the counter, which takes one request."""


def hand_in(holder: Client, officer: Client, dossier: str, application: Application, call: Any) -> None:
    """Send the first papers that the call asks; the officer notes those that came on paper."""
    papers = asked(application, call)
    for document in papers[:SENT]:
        code = document["code"]
        body = pdf(list(_lines(document, application)))
        holder.send(f"/applications/{dossier}/documents/small", body, code=code, name=f"{code}.pdf")
    if on_paper := [document["code"] for document in papers[SENT:]]:
        officer.post(f"/applications/{dossier}/papers", {"codes": on_paper})


def asked(application: Application, call: dict[str, Any]) -> list[dict[str, Any]]:
    """The papers without which this holder's dossier is incomplete."""
    form = application.organisation.legal_form
    return [
        one
        for one in call["definition"]["documents"]
        if one.get("required", True) and (not one.get("only_for") or form in one["only_for"])
    ]


def _lines(document: dict[str, Any], application: Application) -> Iterator[str]:
    organisation = application.organisation
    yield document["label"]["fr"]
    yield organisation.name.fr
    yield f"Registre local : {organisation.register_number or 'sans'}"
    yield f"Projet : {application.project.title.fr}"
    yield "Document de démonstration : aucune personne réelle."


def pdf(lines: Sequence[str]) -> bytes:
    """One A4 page of text, the first line larger: a few hundred bytes that every reader opens."""
    shown = "".join(
        f"BT /F {16 if i == 0 else 11} Tf 56 {760 - 28 * i} Td ({_escaped(line)}) Tj ET\n"
        for i, line in enumerate(lines)
    ).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F 5 0 R >> >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    )


def _escaped(line: str) -> str:
    return line[:90].replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
