"""Nobody reads a half-translated page: templates, codes, and the checker itself."""

from pathlib import Path

import pytest

from backend.core import i18n
from backend.ops import words


def test_templates_of_the_edge_kit_are_whole_in_arabic() -> None:
    ours = {"layout.html", "problem.html", "plain.html", "work.html"}
    asked = [
        (name, found)
        for name, found in words.asked_in_templates()
        if name in ours or name.startswith(("ui/", "style/"))
    ]
    assert len(asked) > 200
    assert [fault for fault in words.missing_words([lambda: asked]) if " no " in fault] == []


@pytest.mark.parametrize("check", [words.placeholder_faults, words.loose_digits, words.contradictions])
def test_catalogues_are_sound(check) -> None:
    assert list(check()) == []


def test_what_is_missing_is_named() -> None:
    asked = [("x.html", ("prose", "Jamais dit")), ("x.html", ("code", "state.x.y"))]
    faults = words.missing_words([lambda: asked])
    assert faults == [
        "ar: x.html: no prose for 'Jamais dit'",
        "fr: x.html: no code for 'state.x.y'",
        "ar: x.html: no code for 'state.x.y'",
    ]


def test_plurals_need_all_their_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    short = i18n.Catalogue({}, {"{n} jour": ("a", "b")}, i18n.catalogue("ar").plural_index)
    monkeypatch.setattr(i18n, "catalogue", lambda _lang: short)
    faults = words.missing_words([lambda: [("x", ("plural", "{n} jour"))]])
    assert faults == ["ar: x: no plural for '{n} jour'"]


def test_faults_of_a_catalogue_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrong = {"A {x}": "B {y}", "C": "{", "D": "300 000"}
    rule = i18n.catalogue("ar").plural_index
    made = {"ar": i18n.Catalogue(wrong, {}, rule), "fr": i18n.Catalogue({}, {}, rule)}
    monkeypatch.setattr(i18n, "catalogue", made.__getitem__)
    assert len(list(words.placeholder_faults())) == 2
    assert len(list(words.loose_digits())) == 1
    for lang, text in (("ar", "deux"), ("fr", "un")):
        (tmp_path / lang).mkdir()
        for name, said in (("a.po", "un"), ("b.po", text)):
            (tmp_path / lang / name).write_text(f'msgid "x"\nmsgstr "{said}"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path)
    assert list(words.contradictions()) == ["ar: 'x' differs between a.po and b.po"]


def test_the_command_says_and_exits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(words, "SOURCES", (lambda: [("x.html", ("prose", "Jamais dit"))],))
    assert words.main(["--po"]) == 1
    assert capsys.readouterr().out == 'msgid "Jamais dit"\nmsgstr ""\n\n'
    monkeypatch.setattr(words, "SOURCES", (list,))
    assert words.main([]) == 0
    assert "no words are missing" in capsys.readouterr().out
