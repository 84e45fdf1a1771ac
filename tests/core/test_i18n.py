"""Words: both languages, plural rules, and what is missing."""

from pathlib import Path

import pytest
from babel.core import Locale

from backend.core import i18n
from backend.core.i18n import catalogue, has, label, localized, ntranslate, preferred, translate

PLURAL = ("dans {n} jour", "dans {n} jours")


def test_french_prose_is_its_own_source() -> None:
    assert translate("fr", "Dossier {number}", number=7) == "Dossier 7"
    assert translate("fr", "100 {brut}") == "100 {brut}"
    assert ntranslate("fr", *PLURAL, 0) == "dans 0 jour"
    assert ntranslate("fr", *PLURAL, 2) == "dans 2 jours"


def test_codes_have_words_in_both_languages() -> None:
    assert label("fr", "field.money_empty") == "Indiquez un montant en dirhams."
    assert has("ar", "field.money_empty")
    assert has("ar", PLURAL[0])
    assert label("fr", "role.unheard_of") == "role.unheard_of"
    assert not has("fr", "role.unheard_of")


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_plural_rules_are_those_of_unicode(lang: str) -> None:
    """Ours against CLDR's, but for French millions ("un million de"), which nothing here counts."""
    tags = {"fr": ["one", "other"], "ar": ["zero", "one", "two", "few", "many", "other"]}[lang]
    rule = Locale(lang).plural_form
    for n in range(1200):
        assert tags[catalogue(lang).plural_index(n)] == rule(n)


def test_words_of_staff_fall_back_to_the_other_language() -> None:
    assert localized("ar", {"fr": "Appel", "ar": "طلب"}) == "طلب"
    assert localized("ar", {"fr": "Appel", "ar": ""}) == "Appel"
    assert localized("fr", {}) == ""
    assert localized("fr", "déjà du texte") == "déjà du texte"
    assert localized("fr", None) == ""


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("ar-MA,ar;q=0.9,fr;q=0.8", "ar"),
        ("en-GB,fr;q=0.5,ar;q=0.4", "fr"),
        ("fr;q=0.2,ar;q=0.7", "ar"),
        ("ar;q=0", "fr"),
        ("ar;q=x, de", "fr"),
        ("", "fr"),
    ],
)
def test_language_of_a_browser(header: str, lang: str) -> None:
    assert preferred(header) == lang


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(LookupError):
        translate("en", "x")


def test_fuzzy_and_empty_entries_count_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text(
        '#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n\nmsgid "d"\nmsgstr "e"\n', encoding="utf-8"
    )
    words: dict[str, str] = {}
    i18n._read(path, words, {})
    assert words == {"d": "e"}


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Il manque : un devis ; deux photos !", "Il manque~: un devis~; deux photos~!"),
        ("Êtes-vous « présidente » ?", "Êtes-vous «~présidente~»~?"),
        ("Le 10 mars à 16:30, https://exemple.ma/?a=1", "Le 10 mars à 16:30, https://exemple.ma/?a=1"),
        ("{label} : {message}", "{label}~: {message}"),
    ],
)
def test_french_is_set_with_unbreakable_spaces(typed: str, set_: str) -> None:
    assert i18n.spaced(typed) == set_.replace("~", i18n.NBSP)
    assert i18n.translate("fr", typed) == i18n.spaced(typed)
    assert i18n.plural_text("fr", typed, "x", 1) == i18n.spaced(typed)


def test_no_french_words_of_a_file_break_before_their_punctuation() -> None:
    found = i18n.catalogue("fr")
    texts = [*found.words.values(), *(form for forms in found.plurals.values() for form in forms)]
    assert not [text for text in texts if text != i18n.spaced(text)]
    assert any(f"{i18n.NBSP}:" in text for text in texts)
