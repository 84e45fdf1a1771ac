"""How alike two names are, in hundredths: PostgreSQL's trigrams, over the words that tell.

A database whose locale is C sees no letters in Arabic: what it compares is spelled in Latin ones.
"""

from collections.abc import Mapping

from ..core.folding import words

COMMON = frozenset(
    words(
        "coopérative cooperative coop agricole féminine féminin artisanale union des unions coopératives "
        "groupement d intérêt économique gie société sarl association auto entrepreneur "
        "de du la le les l et pour au aux en "
        "تعاونية التعاونية فلاحية نسائية نسوية حرفية اتحاد تعاونيات مجموعة ذات النفع الاقتصادي "
        "شركة جمعية مقاول ذاتي من في و ل"
    )
)
"""What half of the names begin with: two of them are not alike for it."""
CLOSE = 60
"""From here two names in one commune are flagged; measured on the demonstration's names in both languages."""
LATIN = str.maketrans("ابتثجحخدذرزسشصضطظعغفقكلمنهويء", "abtvj7xd8rzsc24603gf9klmnhwye")


def telling(name: str) -> list[str]:
    """The words of a name that are not everybody's; all of them when there is no other."""
    said = words(name)
    return [word for word in said if word not in COMMON] or said


def spelled(name: Mapping[str, str]) -> str:
    """Both names in Latin letters, without the common words: what the database's trigrams compare."""
    both = dict.fromkeys(word for lang in ("fr", "ar") for word in telling(name.get(lang, "")))
    return " ".join(both).translate(LATIN)


def closeness(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Of two organisations: that of their names in the language in which they are the closest."""
    return closest(one, other)[1]


def closest(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, int]:
    """The language in which two names are the closest, and how close; French when both are alike."""
    shares = {lang: _alike(one.get(lang, ""), other.get(lang, "")) for lang in ("fr", "ar")}
    lang = "ar" if shares["ar"] > shares["fr"] else "fr"
    return lang, shares[lang]


def _alike(one: str, other: str) -> int:
    ours, theirs = _trigrams(one), _trigrams(other)
    every = len(ours | theirs)
    return 100 * len(ours & theirs) // every if every else 0


def _trigrams(name: str) -> frozenset[str]:
    return frozenset(f"  {word} "[i : i + 3] for word in telling(name) for i in range(len(word) + 1))
