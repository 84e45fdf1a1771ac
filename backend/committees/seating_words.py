"""Rules of composition and of procedure in words: what each asks, what was found, what would mend it."""

from collections.abc import Iterable
from fractions import Fraction

from backend.core.i18n import codes, label, ntranslate, translate

from .composition import Line, Verdict
from .models import Procedure, Secrecy

LRI, PDI = "\u2066", "\u2069"
_CODES = ("seats.least", "seats.most", "women", "youth", "college.least", "college.most", "alternates")
_CAUTIONS = ("second_quorum_above", "second_before_notice", "majority_below_half")


@codes
def word_codes() -> Iterable[str]:
    """Names of the rules, verdicts, cautions and of the parts of a procedure."""
    yield from (f"composition.{code}" for code in _CODES)
    yield from (f"verdict.{one}" for one in Verdict)
    yield from (f"caution.{code}" for code in _CAUTIONS)


def share(lang: str, of: int, over: int) -> str:
    """`20 %` when that is exact, `1/3` otherwise; it reads left to right in Arabic too."""
    exact = Fraction(of, over)
    hundredths = exact * 100
    percent = "%" if lang == "ar" else "\u00a0%"
    said = f"{hundredths.numerator}{percent}" if hundredths.denominator == 1 else str(exact)
    return f"{LRI}{said}{PDI}" if lang == "ar" else said


_COUNTED = {
    "seats.least": ("Au moins {n} siège en tout", "Au moins {n} sièges en tout"),
    "seats.most": ("Pas plus de {n} siège en tout", "Pas plus de {n} sièges en tout"),
    "college.least": ("{college} : au moins {n} siège", "{college} : au moins {n} sièges"),
    "college.most": ("{college} : pas plus de {n} siège", "{college} : pas plus de {n} sièges"),
}
_SHARES = {
    ("women", False): "Au moins {share} des sièges à des femmes",
    ("women", True): "Plus de {share} des sièges à des femmes",
    ("youth", False): "Au moins {share} des sièges à des jeunes de moins de {age} ans",
    ("youth", True): "Plus de {share} des sièges à des jeunes de moins de {age} ans",
}
_MENDS = {
    "seats.least": ("Pourvoir {n} siège de plus.", "Pourvoir {n} sièges de plus."),
    "seats.most": ("Retirer {n} siège.", "Retirer {n} sièges."),
    "women": (
        "Confier à une femme {n} siège tenu par un homme.",
        "Confier à des femmes {n} sièges tenus par des hommes.",
    ),
    "youth": (
        "Confier {n} siège de plus à un jeune de moins de {age} ans.",
        "Confier {n} sièges de plus à des jeunes de moins de {age} ans.",
    ),
    "college.least": ("Pourvoir {n} siège de plus : {college}.", "Pourvoir {n} sièges de plus : {college}."),
    "college.most": ("Retirer {n} siège : {college}.", "Retirer {n} sièges : {college}."),
    "alternates": ("Désigner {n} suppléant : {college}.", "Désigner {n} suppléants : {college}."),
}
"""Plurals kept in tables: tests/committees/test_words.py reads each in both languages."""


def rule(lang: str, line: Line) -> str:
    """What the rule asks."""
    if line.share is not None:
        part = share(lang, line.share.numerator, line.share.denominator)
        return translate(lang, _SHARES[line.code, line.strictly], share=part, age=line.under)
    if line.code in _COUNTED:
        return ntranslate(lang, *_COUNTED[line.code], line.needed, college=_college(lang, line))
    return translate(lang, "{college} : un suppléant pour chaque siège", college=_college(lang, line))


def _college(lang: str, line: Line) -> str:
    return label(lang, f"enum.college.{line.college}") if line.college else ""


def figures(lang: str, line: Line) -> str:
    """What was found, beside what is needed."""
    seats = ntranslate(lang, "{n} siège", "{n} sièges", line.total)
    match line.code:
        case "women":
            found = ntranslate(lang, "{n} femme", "{n} femmes", line.found)
        case "youth":
            one, many = "{n} jeune de moins de {age} ans", "{n} jeunes de moins de {age} ans"
            found = ntranslate(lang, one, many, line.found, age=line.under)
        case "alternates":
            one, many = "{n} siège avec suppléant", "{n} sièges avec suppléant"
            found = ntranslate(lang, one, many, line.found)
        case _:
            return ntranslate(lang, "{n} siège pourvu", "{n} sièges pourvus", line.found)
    asked = "{found} sur {seats}, il en faut {needed}"
    return translate(lang, asked, found=found, seats=seats, needed=line.needed)


def mend(lang: str, line: Line) -> str:
    """What would put it right; nothing when it is."""
    if line.verdict is Verdict.PASS:
        return ""
    if line.verdict is Verdict.UNKNOWN:
        return _learn(lang, line)
    return ntranslate(lang, *_MENDS[line.code], line.gap, college=_college(lang, line), age=line.under)


def _learn(lang: str, line: Line) -> str:
    """What has to be known before it can be told."""
    found = []
    if line.unknown and line.code == "women":
        one, many = "Renseigner le sexe de {n} membre.", "Renseigner le sexe de {n} membres."
        found.append(ntranslate(lang, one, many, line.unknown))
    elif line.unknown:
        one = "Renseigner l’année de naissance de {n} membre."
        many = "Renseigner l’année de naissance de {n} membres."
        found.append(ntranslate(lang, one, many, line.unknown))
    if line.borderline:
        one = "{n} membre atteint {age} ans cette année : le jour n’est pas connu."
        many = "{n} membres atteignent {age} ans cette année : le jour n’est pas connu."
        found.append(ntranslate(lang, one, many, line.borderline, age=line.under))
    return " ".join(found)


def procedure(lang: str, one: Procedure) -> list[tuple[str, str]]:
    """A règlement intérieur in plain words: (about what, what it says), always in this order."""
    return [
        (translate(lang, "Délai de convocation"), _notice(lang, one)),
        (translate(lang, "Quorum"), _quorum(lang, one)),
        (translate(lang, "Seconde convocation"), _second(lang, one)),
        (translate(lang, "Procurations"), _proxies(lang, one)),
        (translate(lang, "Majorité"), _majority(lang, one)),
        (translate(lang, "À égalité"), _tie(lang, one)),
        (translate(lang, "Scrutin"), _secrecy(lang, one)),
    ]


def differences(lang: str, before: Procedure, after: Procedure) -> list[tuple[str, str, str]]:
    """What a version changes: (about what, what it said, what it says)."""
    pairs = zip(procedure(lang, before), procedure(lang, after), strict=True)
    return [(term, was, now) for (term, was), (_, now) in pairs if was != now]


def _notice(lang: str, one: Procedure) -> str:
    if not one.notice_days:
        return translate(lang, "Aucun délai n’est fixé avant une séance.")
    singular = "Les membres sont convoqués au moins {n} jour avant la séance."
    plural = "Les membres sont convoqués au moins {n} jours avant la séance."
    return ntranslate(lang, singular, plural, one.notice_days)


def _quorum(lang: str, one: Procedure) -> str:
    asked = "Une séance s’ouvre quand {share} au moins des sièges à voix délibérative sont là."
    return translate(lang, asked, share=share(lang, one.quorum_of, one.quorum_over))


def _second(lang: str, one: Procedure) -> str:
    if one.second_after_days is None:
        return translate(lang, "Le règlement n’en prévoit pas.")
    singular = "À défaut de quorum, une seconde séance se tient {n} jour plus tard au moins."
    plural = "À défaut de quorum, une seconde séance se tient {n} jours plus tard au moins."
    then = ntranslate(lang, singular, plural, one.second_after_days)
    if not one.second_quorum_of or not one.second_quorum_over:
        return f"{then} {translate(lang, 'Aucun quorum n’y est demandé.')}"
    part = share(lang, one.second_quorum_of, one.second_quorum_over)
    return f"{then} {translate(lang, 'Son quorum est de {share} des sièges.', share=part)}"


def _proxies(lang: str, one: Procedure) -> str:
    if not one.proxies:
        return translate(lang, "Personne ne vote pour un autre membre.")
    singular = "Un membre présent peut porter la voix de {n} absent."
    plural = "Un membre présent peut porter les voix de {n} absents."
    said = ntranslate(lang, singular, plural, one.proxies)
    counted = (
        "Elles comptent dans le quorum." if one.proxies_count else "Elles ne comptent pas dans le quorum."
    )
    return f"{said} {translate(lang, counted)}"


def _majority(lang: str, one: Procedure) -> str:
    asked = "Une motion est adoptée par plus de {share} des voix exprimées ; les abstentions ne comptent pas."
    return translate(lang, asked, share=share(lang, one.majority_of, one.majority_over))


def _tie(lang: str, one: Procedure) -> str:
    if one.casting_vote:
        return translate(lang, "La voix du président l’emporte.")
    return translate(lang, "La motion est rejetée.")


def _secrecy(lang: str, one: Procedure) -> str:
    if one.secrecy is Secrecy.ALWAYS:
        return translate(lang, "Tous les votes sont secrets.")
    if one.secrecy is Secrecy.ON_REQUEST:
        return translate(lang, "Un vote est secret quand un membre le demande.")
    return translate(lang, "Les votes sont à main levée.")
