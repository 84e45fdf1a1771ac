"""What people type, cleaned once: lines without hidden characters, addresses, telephones, identifiers.

Schemas use the annotated types; a refusal is a field error whose code has words (`field.<code>`).
"""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from .identifiers import phone_number, read_cin, read_ice, read_rib

INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Not to be seen, so taken out unasked; marks of direction would let a name pretend to be another (TR 36)."""
EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z0-9-]{2,63}")


def clean_line(text: str) -> str:
    """One line in NFC, spaces made single, invisible marks taken out; refuses NUL and other controls."""
    line = unicodedata.normalize("NFC", " ".join(INVISIBLE.sub("", text).split()))
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in line):
        raise PydanticCustomError("control_character", "control character")
    return line


def clean_prose(text: str) -> str:
    """Some lines that say something, each cleaned."""
    prose = "\n".join(clean_line(line) for line in text.strip().splitlines())
    return clean_name(prose) and prose


def clean_name(text: str) -> str:
    """A line that says something: at least one letter or digit."""
    line = clean_line(text)
    if not any(c.isalnum() for c in line):
        raise PydanticCustomError("blank", "blank")
    return line


def clean_email(text: str) -> str:
    """An address in lower case; whether it receives mail is learnt by sending."""
    address = clean_line(text).lower()
    if len(address) > 254 or not EMAIL.fullmatch(address) or not address.isascii():
        raise PydanticCustomError("email", "email")
    return address


def clean_phone(text: str) -> str:
    """A Moroccan number in international form."""
    try:
        return phone_number(text)
    except ValueError as error:
        raise PydanticCustomError("phone", "phone") from error


def clean_ice(text: str) -> str:
    """Fifteen digits; a doubtful check is a warning elsewhere, never a refusal."""
    try:
        return read_ice(text).value
    except ValueError as error:
        raise PydanticCustomError("ice", "ice") from error


def clean_rib(text: str) -> str:
    """Twenty-four digits; a doubtful key is a warning elsewhere."""
    try:
        return read_rib(text).value
    except ValueError as error:
        raise PydanticCustomError("rib", "rib") from error


def clean_cin(secret: SecretStr) -> SecretStr:
    """The number of a card; an unusual shape is a warning elsewhere. The text is in no message."""
    try:
        return SecretStr(read_cin(secret.get_secret_value()).value)
    except ValueError:
        raise PydanticCustomError("cin", "cin") from None


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Blankable = BeforeValidator(_none_if_blank)
"""For optional fields: what a form sends empty is absent."""

Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean_line)]
Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean_name)]
Prose = Annotated[str, StringConstraints(max_length=2000), AfterValidator(clean_prose)]
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(clean_email)]
Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(clean_phone)]
Ice = Annotated[str, StringConstraints(max_length=40), AfterValidator(clean_ice)]
Rib = Annotated[str, StringConstraints(max_length=60), AfterValidator(clean_rib)]
Cin = Annotated[SecretStr, Field(max_length=40), AfterValidator(clean_cin)]
