"""How alike two names are, in hundredths: trigrams as PostgreSQL counts them, over the words that tell.

Trigrams are severe with short names: of five letters one is wrong, and two thirds of them differ. Two names
of four to eight letters that are one letter apart are as alike as the letters that they share.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

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
Key = TypeVar("Key")
SHORT = range(4, 9)
"""Letters of a short name, all its telling words together."""
SOUNDS = str.maketrans("غق", "كك")
"""The hard g of Moroccan names is written ك (or گ, ڭ), غ or ق: أركان, أرغان."""
CLOSE = 60
"""From here two names in one commune are flagged; measured on the demonstration's names in both languages."""
LATIN = str.maketrans("ابتثجحخدذرزسشصضطظعغفقكلمنهويء", "abtvj7xd8rzsc24603gf9klmnhwye")


def telling(name: str) -> list[str]:
    """The words of a name that are not everybody's; all of them when there is no other."""
    said = words(name)
    return [word for word in said if word not in COMMON] or said


def spelled(name: Mapping[str, str]) -> str:
    """Both names in Latin letters, as migration 0002 still writes them before 0004 takes them away."""
    both = dict.fromkeys(word for lang in ("fr", "ar") for word in telling(name.get(lang, "")))
    return " ".join(both).translate(LATIN)


def closeness(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Of two organisations: that of their names in the language in which they are the closest."""
    return closest(one, other)[1]


def closest(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, int]:
    """The language in which two names are the closest, and how close; French when both are alike."""
    shares = {lang: _alike(sketch(one.get(lang, "")), sketch(other.get(lang, ""))) for lang in ("fr", "ar")}
    lang = "ar" if shares["ar"] > shares["fr"] else "fr"
    return lang, shares[lang]


class Sketch(NamedTuple):
    """What is compared of a name in one language: its trigrams, and its letters when they are few."""

    trigrams: frozenset[str]
    short: str


def sketch(name: str) -> Sketch:
    said = [word.translate(SOUNDS) for word in telling(name)]
    grams = frozenset(f"  {word} "[i : i + 3] for word in said for i in range(len(word) + 1))
    letters = " ".join(said)
    return Sketch(grams, letters if len(letters) in SHORT else "")


def close_pairs(names: Mapping[Key, Mapping[str, str]]) -> Iterator[tuple[Key, Key, int]]:
    """The pairs of names that are CLOSE or more, each once, with how close: without comparing each with each.

    Two sets that share 60 hundredths of their trigrams share one of the rarest of each (prefix filtering:
    Bayardo, Ma and Srikant, WWW 2007); two words one letter apart are one when the same place is left out.
    """
    sketches = {key: [sketch(name.get(lang, "")) for lang in ("fr", "ar")] for key, name in names.items()}
    seen: set[frozenset[Key]] = set()
    for of in range(2):
        for one, other in _candidates({key: both[of] for key, both in sketches.items()}):
            pair = frozenset((one, other))
            if pair not in seen:
                seen.add(pair)
                close = max(map(_alike, sketches[one], sketches[other]))
                if close >= CLOSE:
                    yield one, other, close


def _candidates(sketches: Mapping[Key, Sketch]) -> Iterator[tuple[Key, Key]]:
    """Pairs that may be close, some of them several times."""
    often = Counter(gram for one in sketches.values() for gram in one.trigrams)
    place: defaultdict[str, list[Key]] = defaultdict(list)
    for key, one in sketches.items():
        size = len(one.trigrams)
        rarest = sorted(one.trigrams, key=lambda gram: (often[gram], gram))
        met: set[Key] = set()
        for gram in rarest[: size - -(-size * CLOSE // 100) + 1]:
            met.update(place[gram])
            place[gram].append(key)
        for other in met:
            theirs = len(sketches[other].trigrams)
            if 100 * min(size, theirs) >= CLOSE * max(size, theirs):
                yield other, key
        for left in _one_left_out(one.short):
            for other in place[left]:
                yield other, key
            place[left].append(key)


def _one_left_out(short: str) -> set[str]:
    """A short name without one of its letters, each in turn, and whole; marked: they are no trigrams."""
    return {f"*{short[:i]}{short[i + 1 :]}" for i in range(len(short))} | {f"*{short}"} if short else set()


def _alike(one: Sketch, other: Sketch) -> int:
    both = len(one.trigrams & other.trigrams)
    every = len(one.trigrams) + len(other.trigrams) - both
    share = 100 * both // every if every else 0
    if one.short and other.short and _one_apart(one.short, other.short):
        longest = max(len(one.short), len(other.short))
        return max(share, 100 * (longest - 1) // longest)
    return share


def _one_apart(one: str, other: str) -> bool:
    """They differ by one letter: another one, one more, or one less."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
