"""One noun for one thing, in every slice's words (docs/glossary.md)."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROSE = re.compile(r"""(?:\b_|ngettext)\(\s*"([^"]*)"(?:, "([^"]*)")?""")
SAID = re.compile(r'^(?:msgstr(?:\[\d\])? )?"(.*)"$', re.MULTILINE)


def french() -> list[str]:
    """Every French sentence: the catalogues' and the templates'."""
    words = [
        said
        for path in (ROOT / "backend/locale/fr").glob("*.po")
        for said in SAID.findall(path.read_text(encoding="utf-8"))
    ]
    for path in (ROOT / "backend/web/templates").rglob("*.html"):
        for found in PROSE.findall(path.read_text(encoding="utf-8")):
            words += [one for one in found if one]
    return words


@pytest.mark.parametrize(
    ("never", "but"),
    [
        (r"\bcoachs?\b", "accompagnateur"),
        (r"\bsessions?\b(?! a pris fin)", "séance"),
        (r"\brappels?\b", "relance"),
        (r"\benregistr\w+ (?:d’abord )?(?:une?|l’|le|votre) ?(?:organisation|comité|personne)", "inscrire"),
        (r"\bCNDH\b", "CN-INDH"),
    ],
)
def test_french(never: str, but: str) -> None:
    assert [words for words in french() if re.search(never, words, re.IGNORECASE)] == [], but


def test_arabic_saves_what_french_saves() -> None:
    """« Enregistrer » is حفظ, « inscrire » is تسجيل."""
    saves = [
        pair
        for path in (ROOT / "backend/locale/ar").glob("*.po")
        for pair in re.findall(r'msgid "(Enregistrer\b.*)"\nmsgstr "(.*)"', path.read_text(encoding="utf-8"))
    ]
    assert [french for french, arabic in saves if not arabic.startswith("حفظ")] == []
