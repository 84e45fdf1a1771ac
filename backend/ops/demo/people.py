"""Seeds, people and their numbers: everything a generated person or organisation is known by."""

import hashlib
from dataclasses import dataclass
from random import Random

from backend.ops.demo.grammar import slug
from backend.ops.demo.names import FAMILIES, MEN, WOMEN, Name


def derive(seed: int, *parts: object) -> Random:
    """A generator of its own for each thing, so that results do not depend on the order of calls.

    The seed is hashed with SHA-256, not with ``hash()``, which changes from one process to the next.
    """
    text = "|".join(str(part) for part in (seed, *parts))
    return Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))  # noqa: S311 (a demo, no secret)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account: ``sex`` is ``f`` or ``m``; the address is in a domain that cannot receive
    mail.
    """

    given: Name
    family: Name
    sex: str
    birth_year: int
    phone: str
    email: str

    @property
    def name(self) -> Name:
        """Given and family name together."""
        return Name(f"{self.given.fr} {self.family.fr}", f"{self.given.ar} {self.family.ar}")


def given_name(rng: Random, sex: str) -> Name:
    """A given name for a woman (``f``) or a man (``m``)."""
    return rng.choice(WOMEN if sex == "f" else MEN)


def family_name(rng: Random) -> Name:
    """A family name."""
    return rng.choice(FAMILIES)


def phone(number: int, seed: int = 0) -> str:
    """The mobile number of the ``number``-th person, +212 form: distinct for a million people of a seed."""
    scattered = (number * 611_953 + seed * 7_919 + 1_234) % 1_000_000
    return f"+212{6 + number % 2}00{scattered:06d}"


def person(rng: Random, number: int, seed: int, sex: str, birth_year: int) -> Person:
    """The ``number``-th account of the world; the number keeps e-mail and phone unique."""
    given, family = given_name(rng, sex), family_name(rng)
    email = f"{slug(given.fr)}.{slug(family.fr)}{number}@exemple.test"
    return Person(given, family, sex, birth_year, phone(number, seed), email)


def ice(number: int) -> str:
    """A well-formed ICE (15 digits): a fictional enterprise, establishment 0001, two check digits.

    The check makes the whole divisible by 97, one of the published formulas (they disagree). Real enterprise
    numbers begin far lower than the ``0099`` used here, so that none is met by chance.
    """
    body = f"0099{number:05d}0001"
    return f"{body}{(97 - int(body) * 100 % 97) % 97:02d}"
