"""Papers on a telephone whose network comes and goes: each file arrives whole, or says why not."""

import os
import re

import pytest

from tests.applications import given as applications
from tests.files import given as files
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_network_that_goes_in_the_middle_of_a_file(site: Site, lang: str) -> None:
    """The chunks that were kept are not sent again; a refused file beside it is told in her language."""
    from playwright.sync_api import Request

    site.everybody_reads(lang)
    dossier = applications.draft(site.world)
    holder = site.reader("holder", lang, phone=True).goes_to(f"/applications/{dossier.id}/documents")
    holder.is_well()
    sent: list[str] = []
    cut = holder.context

    def note(request: Request) -> None:
        if request.method == "PUT":
            sent.append(request.url.partition("offset=")[2])
            if len(sent) == 2:
                cut.set_offline(True)

    holder.page.on("request", note)
    photo = _photo()
    paper = holder.page.locator("#paper-legal-file")
    with holder.within(paper):
        holder.sees("Aucun fichier choisi")  # the page's words, not the browser's
    paper.locator("input[type=file]").first.set_input_files(
        [
            {"name": "statuts.jpg", "mimeType": "image/jpeg", "buffer": photo},
            {"name": "film.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ" + b"x" * 90},
        ]
    )
    with holder.within(paper):
        holder.sees("Réseau perdu : l’envoi reprendra de lui-même.")
        amount = {"fr": r"\d [kM]o.? sur .?\d", "ar": r"ك.ب.? من .?\d"}[lang]
        assert re.search(amount, paper.locator(".sending .amount").first.inner_text().replace("\u00a0", " "))
        cut.set_offline(False)
        paper.locator(".sent").wait_for()
        holder.sees("statuts.jpg").sees("problem.file_kind")
    assert len(sent) <= len(set(sent)) + 2  # only what was on its way when the network went
    shown = holder.page.request.get(
        site.base + str(paper.locator(".sent a bdi").locator("..").get_attribute("href"))
    )
    assert shown.body() == photo
    with holder.within(
        paper
    ):  # it may join the first or take its place: she says which, nothing leaves before
        paper.locator("input[type=file]").first.set_input_files(
            [{"name": "autre.jpg", "mimeType": "image/jpeg", "buffer": _photo()}]
        )
        holder.sees("Pas encore envoyé : l’ajouter, ou remplacer l’autre ?")
        paper.locator("form .buttons button").first.click()
        paper.locator(".sent li").nth(1).wait_for()
    holder.inspector.heard.clear()  # the browser told of the network that was away, and of the refusal
    holder.is_well()


def _photo() -> bytes:
    """About a megabyte of a picture that does not compress."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("RGB", (900, 700), os.urandom(900 * 700 * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()


def test_without_scripts_a_plain_form_sends_replaces_and_takes_away(site: Site) -> None:
    dossier = applications.draft(site.world)
    holder = site.reader("holder", phone=True, script=False)
    holder.goes_to(f"/applications/{dossier.id}/documents").is_well()
    paper = holder.page.locator("#paper-legal-file")
    with holder.within(paper):
        for n, (pages, button) in enumerate(((1, "Envoyer"), (2, "Remplacer"))):
            if n:
                holder.opens("Ajouter ou remplacer un fichier")
            body = {"name": f"{pages}.pdf", "mimeType": "application/pdf", "buffer": files.pdf(pages)}
            paper.locator("input[type=file]").first.set_input_files(body)  # type: ignore[arg-type]
            holder.presses(button).sees(f"{pages}.pdf")
        assert "1.pdf" in paper.locator(".away").inner_text()
        paper.locator(".sent:not(.away)").get_by_role("link", name="Retirer…").click()
    holder.is_well().presses("Retirer le fichier")
    with holder.within(paper):
        holder.sees("À fournir").presses("Envoyer").sees("Aucun fichier n’a été choisi.")
        paper.locator(".away li").filter(has_text="2.pdf").get_by_role("button").click()
        holder.sees("Fournie").sees("2.pdf")
    holder.is_well()
