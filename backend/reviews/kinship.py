"""Names that may be of one family, written in Latin or in Arabic letters. Pure; a person decides.

Within one script a family name is compared as it is read; across scripts by its consonants, since vowels and
their spelling are what a transcription changes (« Aït Lahcen », « أيت لحسن »).
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from ..core.folding import fold, without_article

PARTICLES = frozenset(
    {"ait", "ayt", "ould", "oulad", "ben", "bent", "bin", "ibn", "abou", "bou", "el", "al", "er", "es", "ad"}
    | {"de", "ايت", "بن", "بنت", "ابن", "ولد", "اولاد", "بو", "ابو"}
)
"""What a family name may begin with; written apart, joined or left out."""
ARTICLES = frozenset(["el", "al", "er", "es", "ad", "de"])
SERVANT = frozenset(["abd", "abdel", "abdul", "عبد"])
"""They begin a given name of two words."""
CLOSE = 80
"""From here two spellings of one script are one name, in hundredths; their consonants are the same too."""
SHORT = 3
"""Fewer consonants than this say nothing across scripts."""
_SOUNDS = (
    ("kh", "x"), ("gh", "g"), ("ch", "$"), ("sh", "$"), ("dj", "j"), ("ph", "f"), ("th", "t"), ("dh", "d"),
    ("ce", "se"), ("ci", "si"), ("cy", "sy"), ("ck", "k"), ("c", "k"), ("q", "k"), ("v", "f"), ("p", "b"),
)  # fmt: skip
_ARABIC = str.maketrans("بتثجحخدذرزسشصضطظغفقكلمنه", "bttjhxddrzs$sdtzgfkklmnh")
_MUTE = frozenset("aeiouyw'اويءع")


@dataclass(frozen=True)
class Named:
    """A name as it is compared: all its words, its family's spellings, the consonants of both, its script."""

    words: frozenset[str]
    families: frozenset[str]
    whole: str
    arabic: bool

    @property
    def sounds(self) -> frozenset[str]:
        """Under which this family is looked for."""
        return frozenset(filter(None, map(consonants, self.families)))


def named(name: str) -> Named:
    """Read a name: what follows the given name is the family's, or what is written in capitals before it."""
    said = fold(name).split()
    family = [without_article(word) for word in _family(name, said)]
    bare = [word for word in family if word not in PARTICLES]
    plain = [word for word in family if word not in ARTICLES]
    families = frozenset(filter(None, ("".join(bare), "".join(plain))))
    arabic = any("\u0600" <= letter <= "\u06ff" for letter in "".join(said))
    whole = "".join(sorted(map(consonants, map(without_article, said))))
    return Named(frozenset(said), families, whole, arabic)


def _family(name: str, said: list[str]) -> list[str]:
    written = name.split()
    capitals = [word for word in written if len(word) > 1 and word.isupper()]
    if 0 < len(capitals) < len(written):
        return fold(" ".join(capitals)).split()
    given = 2 if said and said[0] in SERVANT and len(said) > 2 else 1
    return said[given:] or said


def consonants(word: str) -> str:
    """What both scripts keep of a folded word; a letter written twice is one."""
    once = "".join(letter for n, letter in enumerate(word) if n == 0 or word[n - 1] != letter)
    for spelled, sound in _SOUNDS:
        once = once.replace(spelled, sound)
    return "".join(letter for letter in once.translate(_ARABIC) if letter not in _MUTE)


def namesakes(one: Named, other: Named) -> bool:
    """The same whole name, whatever the order of its words; across scripts by all its consonants."""
    if len(one.words) < 2 or len(other.words) < 2:
        return False
    if one.arabic == other.arabic:
        return one.words == other.words
    return one.whole == other.whole and len(one.whole) > SHORT


def same_family(one: Named, other: Named) -> bool:
    """One family name, as far as its letters tell."""
    shared = one.sounds & other.sounds
    if one.arabic != other.arabic:
        return any(len(sound) >= SHORT for sound in shared)
    return bool(shared) and any(
        100 * SequenceMatcher(None, mine, hers).ratio() >= CLOSE
        for mine in one.families
        for hers in other.families
        if consonants(mine) == consonants(hers)
    )
