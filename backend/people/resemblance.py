"""How alike two names are, in hundredths: PostgreSQL's trigrams, over the words that tell."""

from collections.abc import Mapping

from ..core.folding import words

COMMON = frozenset(
    words(
        "coopérative cooperative agricole féminine féminin artisanale union des unions coopératives "
        "groupement d intérêt économique gie société sarl association auto entrepreneur "
        "de du la le les l et pour au aux en "
        "تعاونية التعاونية فلاحية نسائية نسوية حرفية اتحاد تعاونيات مجموعة ذات النفع الاقتصادي "
        "شركة جمعية مقاول ذاتي من في و ل"
    )
)
"""What half of the names begin with: two of them are not alike for it."""
CLOSE = 60
"""From here two names in one commune are flagged; measured on the demonstration's names in both languages."""


def closeness(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Of two organisations: that of their names in the language in which they are the closest."""
    return max(_alike(one.get(lang, ""), other.get(lang, "")) for lang in ("fr", "ar"))


def _alike(one: str, other: str) -> int:
    ours, theirs = _trigrams(one), _trigrams(other)
    every = len(ours | theirs)
    return 100 * len(ours & theirs) // every if every else 0


def _trigrams(name: str) -> frozenset[str]:
    said = words(name)
    telling = [word for word in said if word not in COMMON] or said
    return frozenset(f"  {word} "[i : i + 3] for word in telling for i in range(len(word) + 1))
