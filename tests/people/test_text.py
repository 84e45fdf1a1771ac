"""What is typed: numbers of telephones and firms in any digits, lines without hidden characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from backend.people.identifiers import latin_digits, phone_number, read_ice
from backend.people.passwords import hash_password, is_weak, verify
from backend.people.text import Email, Ice, Line, Name, Phone, Prose


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78",
        "0612345678",
        "+212612345678",
        "00212 6 12 34 56 78",
        "212-612-345-678",
        "+212 (0)6.12.34.56.78",
        "٠٦ ١٢ ٣٤ ٥٦ ٧٨",
        "\u200e+212\u00a0612345678",
    ],
)
def test_telephones_are_kept_in_one_form(text):
    assert phone_number(text) == "+212612345678"


@pytest.mark.parametrize(
    "text", ["", "061234567", "06123456789", "+33612345678", "0412345678", "abc", "0612a45678"]
)
def test_other_telephones_are_refused(text):
    with pytest.raises(ValueError, match="Moroccan"):
        phone_number(text)


def test_ice_has_fifteen_digits_and_doubt_is_only_a_warning():
    assert read_ice("001 561 191 000 066").value == "001561191000066"
    assert not read_ice("001561191000066").doubtful
    assert not read_ice("001561191000067").doubtful  # 1 modulo 97, as in ISO 7064
    assert read_ice("٠٠١٥٦١١٩١٠٠٠٠٦٨").doubtful
    for wrong in ("", "12345678901234", "00156119100006a", "1" * 16):
        with pytest.raises(ValueError, match="15 digits"):
            read_ice(wrong)


@given(st.integers(0, 10**15))
def test_digits_of_every_script_are_read(number):
    arabic = str(number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert latin_digits(arabic) == str(number)


def refusal(kind, text):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(text)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize("mark", "\u202e\u200f\u200e\u2066\u2069\u061c\u202a")
def test_direction_marks_that_nobody_sees_are_taken_out(mark):
    assert TypeAdapter(Name).validate_python(f"Coop{mark}érative") == "Coopérative"
    assert refusal(Name, mark) == "blank"


@pytest.mark.parametrize("character", "\0\x07\x1b\x7f")
def test_control_characters_are_refused(character):
    assert refusal(Line, f"a{character}b") == "control_character"


def test_spaces_are_made_single_and_hidden_ones_dropped():
    assert TypeAdapter(Name).validate_python("  Aït\t\u00a0 Ba\u200bha\n") == "Aït Baha"
    assert TypeAdapter(Name).validate_python("e\u0301") == "é"
    assert TypeAdapter(Prose).validate_python(" un  deux \r\n trois ") == "un deux\ntrois"
    assert refusal(Name, " – ") == "blank"
    assert refusal(Prose, "  ") == "blank"
    assert refusal(Name, "a" * 201) == "string_too_long"


@given(st.text(max_size=200))
def test_a_cleaned_line_stays_as_it_is(text):
    try:
        once = TypeAdapter(Line).validate_python(text)
    except ValidationError:
        return
    assert TypeAdapter(Line).validate_python(once) == once


def test_addresses():
    assert TypeAdapter(Email).validate_python(" Amina@Exemple.MA ") == "amina@exemple.ma"
    for wrong in (
        "",
        "amina",
        "a@b",
        "a b@c.ma",
        "é@exemple.ma",
        "a@exemple.ma,b@exemple.ma",
        "x" * 250 + "@a.ma",
    ):
        assert refusal(Email, wrong) in ("email", "string_too_long")
    assert refusal(Phone, "12") == "phone"
    assert refusal(Ice, "12") == "ice"


def test_passwords_are_argon2id_and_composed_alike_everywhere():
    kept = hash_password("caf\u00e9 au lait du matin")
    assert kept.startswith("$argon2id$")
    assert verify("cafe\u0301 au lait du matin", kept)
    assert not verify("autre chose du matin", kept)
    assert not verify("nobody signs in with this", None)


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        ("aaaaaaaaaaaa", True),
        ("121212121212", True),
        ("amina.tazi1234", True),
        ("Amina Tazi 12", True),
        ("sept chèvres bien gardées", False),
        ("la cooperative amina.tazi", False),
    ],
)
def test_weak_passwords(password, weak):
    assert is_weak(password, "Amina Tazi", "amina.tazi@exemple.ma", None) is weak


def test_an_invisible_character_at_the_end_leaves_no_space() -> None:
    assert TypeAdapter(Line).validate_python("0 \u00ad") == "0"
