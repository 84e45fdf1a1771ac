"""Every fault of a call file is told at once, in words: hidden marks, shapes, and what contradicts."""

import pytest

from tests.calls.test_callfile import issues, with_check

OTHER = "  - {code: other, title: {fr: A, ar: ب}, check: {all: [{rule: mine}]}}\n"


def codes(text: str) -> set[str]:
    return {issue.code for issue in issues(text)}


def test_a_hidden_mark_hides_no_other_fault() -> None:
    text = with_check("{not: {rule: other}}", OTHER).replace("title:", "title: # \u202e", 1)
    assert codes(text) >= {"bad_character", "rule_cycle"}


def test_a_faulty_shape_hides_no_contradiction() -> None:
    text = with_check("{not: {rule: other}}", OTHER) + "appeal_day: 3\n"
    assert codes(text) >= {"unknown_field", "rule_cycle"}


def test_a_cycle_is_told_once() -> None:
    found = issues(with_check("{not: {rule: other}}", OTHER))
    assert [issue.code for issue in found] == ["rule_cycle"]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\n\tb: 2\n", 2, 1, "tabulation"),
        ("a: b: c\n", 1, 5, "deux-points"),
        ("a: [1, 2\nb: 3\n", 2, 2, "liste"),
    ],
)
def test_what_the_parser_says_is_said_in_our_words(text: str, line: int, column: int, words: str) -> None:
    (found,) = issues(text)
    assert (found.line, found.column) == (line, column)
    assert words in found.message("fr")
    assert f"colonne {column}" in found.message("fr")
    assert "found" not in found.message("fr") + found.message("ar")
    assert f"العمود {column}" in found.message("ar")
