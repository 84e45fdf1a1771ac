"""How both languages are set, in every catalogue: French spaces that do not break, Arabic's own signs."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from backend.core import i18n
from backend.ops.words import asked_in_python, asked_in_templates
from tests.applications import given
from tests.applications.test_pages import get

NBSP = "\u00a0"
LOOSE = re.compile("(?<=«) | (?=[:;!?»])")
"""A space that may break a line where French has none."""
MISSING = re.compile(rf"«(?!{NBSP})|(?<!{NBSP})»|(?<=[^\W\d_])[:;!?](?=\s|$)")
"""A sign of two parts, or a quotation mark, without its space."""
OF_A_FILE = {"callfile.mapping_expected", "callfile.not_a_mapping"}
"""What they quote is written so in a call file: « champ: valeur »."""
LETTER = "\u0621-\u064a"
FOREIGN = re.compile(rf"(?<=[{LETTER}])\s*[,;?]|[,;?](?=\s[{LETTER}])|\s[:؛؟!،]|[{LETTER}]\s+»|«\s")
"""French commas, semicolons and question marks between Arabic words; its spaces too."""


def french() -> Iterator[tuple[str, str]]:
    """Every sentence of the platform as French readers get it, with its msgid."""
    found = i18n.catalogue("fr")
    yield from found.words.items()
    yield from ((msgid, form) for msgid, forms in found.plurals.items() for form in forms)
    for source in (asked_in_templates, asked_in_python):
        for _, (kind, msgid) in source():
            if kind != "code":
                yield (
                    msgid,
                    i18n.plural_text("fr", msgid, msgid, 1)
                    if kind == "plural"
                    else i18n.translate("fr", msgid),
                )


def test_french_spaces_before_its_signs_do_not_break() -> None:
    wrong = [
        (msgid, text)
        for msgid, text in french()
        if msgid not in OF_A_FILE and (LOOSE.search(text) or MISSING.search(text))
    ]
    assert wrong == []


def test_arabic_has_its_own_signs() -> None:
    found = i18n.catalogue("ar")
    said = [
        *found.words.items(),
        *((msgid, form) for msgid, forms in found.plurals.items() for form in forms),
    ]
    assert [(msgid, text) for msgid, text in said if FOREIGN.search(text)] == []


@pytest.mark.parametrize("page", ["", "/check", "/project", "/budget", "/documents", "/history"])
def test_what_pages_put_together_is_set_so_too(world: Any, client: Any, page: str) -> None:
    made = given.filled(world, budget={"lines": [{"label": "Presse"}]})
    given.changed(world, made)
    html = get(client("holder"), f"/applications/{made.id}{page}", lang="fr")
    body = re.sub(r"<script.*?</script>", "", html.split("<body")[1], flags=re.DOTALL)
    texts = [unescape(text) for text in re.findall(r">([^<]+)<", body)]
    texts += [unescape(text) for text in re.findall(r'(?:aria-label|data-[a-z]+)="([^"]*)"', body)]
    assert [text for text in texts if re.search(r"(?<=«) |(?<=\S) (?=[:;!?»])", text)] == []
