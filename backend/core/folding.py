"""Words as people compare them: without case, accents or the variants of Arabic letters. Pure.

The same folding is applied to what is searched and to what is looked for, so that « Thé », « the » and
« THÉ » meet, and so do « الأركان », « الاركان » and « أركان » written with or without vowels.
"""

import re
import unicodedata

_ARABIC = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",  # hamza on its seat: often left out
        "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه",
        "ڭ": "ك", "گ": "ك", "ڤ": "ف", "پ": "ب",  # letters of Moroccan names
        "ـ": "",
    }
)  # fmt: skip
_MARKS = {
    code: None for code in range(0x300, 0x20000) if unicodedata.combining(chr(code))
}  # planes of letters
_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def fold(text: str) -> str:
    """Lower case, letters without marks, Arabic letters in their plainest form, words apart by one space."""
    apart = unicodedata.normalize("NFKD", text.translate(_ARABIC).translate(_DIGITS)).casefold()
    return " ".join(_WORD.findall(apart.translate(_MARKS)))


def words(text: str) -> list[str]:
    """The folded words of a text, each once, in their order; an Arabic article is left off."""
    found = (without_article(word) for word in fold(text).split())
    return list(dict.fromkeys(word for word in found if word))


def without_article(word: str) -> str:
    """« الأركان » is looked for as « أركان » too: the article and a joined و، ب، ل are left off."""
    if not word.startswith(_ARTICLES):
        return word
    for prefix in _ARTICLES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word.removeprefix(prefix)
    return word
