"""The few rules of French and Arabic that generated sentences need."""

import unicodedata


def for_ar(word: str) -> str:
    """``ل`` before an Arabic word: الجلد → للجلد, اللوز → للوز, أركان → لأركان."""
    if word.startswith("الل"):
        return "لل" + word[3:]
    return "لل" + word[2:] if word.startswith("ال") else "ل" + word


def count_ar(n: int, one: str, two: str, few: str, many: str) -> str:
    """A counted noun in Arabic (object or genitive): 1 ``one``, 2 ``two``, 3–10 plural, 11–99 singular
    accusative.

    From 100 on the last two digits decide, 100 to 102 taking ``one`` as a genitive singular would.
    """
    if n in (1, 2):
        return one if n == 1 else two
    last = n % 100
    if 3 <= last <= 10:
        return f"{n} {few}"
    return f"{n} {many if last > 10 else one}"


def slug(text: str) -> str:
    """ASCII letters of a name for an e-mail address: « Aït Brahim » → ``aitbrahim``."""
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in plain if "a" <= letter <= "z")
