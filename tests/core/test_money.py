"""Amounts: what is written is read back, what is ambiguous is refused, what is shared adds up."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.money import (
    MAX_CENTIMES,
    MoneyError,
    format_money,
    format_number,
    format_percent,
    parse_money,
    split,
)

AMOUNTS = st.integers(min_value=0, max_value=MAX_CENTIMES)


@given(AMOUNTS, st.sampled_from(["fr", "ar"]), st.booleans())
def test_what_is_written_is_read_back(centimes: int, lang: str, unit: bool) -> None:
    assert parse_money(format_money(centimes, lang, unit=unit)) == centimes


@given(AMOUNTS)
def test_arabic_digits_are_read_like_latin_ones(centimes: int) -> None:
    written = format_money(centimes, "ar").translate(str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٫"))
    assert parse_money(written) == centimes


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(MoneyError):
        assert 0 <= parse_money(text) <= MAX_CENTIMES


@pytest.mark.parametrize(
    ("text", "centimes"),
    [
        ("300000", 30_000_000),
        ("300 000,00 DH", 30_000_000),
        ("300\u202f000,5 MAD", 30_000_050),
        ("1.234.567", 123_456_700),
        ("1.234,56", 123_456),
        ("1,234.56 dh", 123_456),
        ("MAD 12.5", 1_250),
        ("٣٠٠ ٠٠٠ درهم", 30_000_000),
        ("\u2066300\u00a0000,00\u2069\u00a0درهم", 30_000_000),
        ("+5", 500),
        ("007", 700),
    ],
)
def test_usual_ways_of_writing(text: str, centimes: int) -> None:
    assert parse_money(text) == centimes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money_empty"),
        ("DH", "money_empty"),
        ("-5", "money_negative"),
        ("300.000", "money_decimals"),
        ("300,000", "money_decimals"),
        ("12 34", "money_unreadable"),
        ("12,", "money_unreadable"),
        (",5", "money_unreadable"),
        ("1e5", "money_unreadable"),
        ("1.2.3,4,5", "money_unreadable"),
        ("1 234.567,00", "money_unreadable"),
        ("12²", "money_unreadable"),
        ("12,²", "money_unreadable"),
        ("99999999999999", "money_too_large"),
        ("10000000000000,01", "money_too_large"),
        ("9" * 5000, "money_too_large"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_money(text)
    assert refused.value.code == code


def test_amounts_never_wrap() -> None:
    assert format_money(30_000_000, "fr") == "300\u00a0000,00\u00a0DH"
    assert format_money(30_000_000, "ar") == "300\u00a0000,00\u00a0درهم"
    assert format_money(-1_450_005, "fr", unit=False) == "\u221214\u00a0500,05"


@given(st.integers(-(10**14), 10**14), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_shares_add_up_and_stay_within_a_centime(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(total * weight, sum(weights))) < 1


def test_shares_at_the_edges() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="nothing"):
        split(1, [0])
    with pytest.raises(ValueError, match="negative"):
        split(1, [2, -1])


def test_numbers_and_shares() -> None:
    assert format_number(2148, "fr") == "2\u00a0148"
    assert format_number(612.4, "ar") == "612,4"
    assert format_number(85.0, "fr", 1) == "85,0"
    assert format_number(Fraction(-1, 8), "fr", 2) == "\u22120,13"
    assert format_number(Decimal("0.005"), "fr") == "0,01"
    assert format_number(-0.001, "fr") == "0"
    assert format_percent(Fraction(3, 5), "fr") == "60\u00a0%"
    assert format_percent(0.6, "ar") == "60%"
    assert format_percent(Decimal("0.262"), "fr", 1) == "26,2\u00a0%"
