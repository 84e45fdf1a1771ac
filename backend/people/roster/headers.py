"""The words that a sheet of members may use, in French and in Arabic, as they fold."""

from ...core.folding import fold
from ..models import Sex

_HEADERS = {
    "name": (
        "Nom et prénom", "Nom", "Nom complet", "Prénom et nom", "Membre", "Name",
        "الاسم الكامل", "الاسم", "الاسم العائلي والشخصي", "الاسم الشخصي والعائلي", "اسم العضو",
    ),
    "sex": ("Sexe", "Genre", "Sex", "الجنس", "النوع"),
    "birth_year": (
        "Année de naissance", "Naissance", "Date de naissance", "Année naissance", "Birth year",
        "سنة الازدياد", "تاريخ الازدياد", "سنة الميلاد", "تاريخ الميلاد",
    ),
    "office": ("Fonction", "Fonction au bureau", "Qualité", "Office", "الصفة", "المهمة", "الصفة في المكتب"),
    "identity": (
        "CIN", "CNIE", "Numéro de la CIN", "N° CIN", "Carte d’identité",
        "رقم البطاقة الوطنية", "البطاقة الوطنية", "رقم البطاقة الوطنية للتعريف", "ر.ب.و",
    ),
}  # fmt: skip
_SEXES = {
    Sex.WOMAN: ("Femme", "F", "Féminin", "Mme", "woman", "امرأة", "أنثى", "انثى"),
    Sex.MAN: ("Homme", "H", "M", "Masculin", "man", "رجل", "ذكر"),
}
_OFFICES = {
    "president": ("Présidente", "Président", "Présidence", "الرئاسة", "رئيسة", "رئيس", "الرئيسة", "الرئيس"),
    "vice_president": (
        "Vice-présidente", "Vice-président", "Vice-présidence",
        "نائبة الرئيسة", "نائب الرئيس", "نائبة الرئيس", "نيابة الرئاسة",
    ),
    "treasurer": (
        "Trésorière", "Trésorier", "Trésorerie", "أمانة المال",
        "أمينة المال", "أمين المال", "أمينة الصندوق", "أمين الصندوق",
    ),
    "secretary": (
        "Secrétaire", "Secrétaire générale", "Secrétaire général", "Secrétariat",
        "كاتبة", "كاتب", "الكاتبة العامة", "الكاتب العام", "الكتابة",
    ),
}  # fmt: skip

HEADERS = {fold(word): name for name, spoken in _HEADERS.items() for word in spoken}
SEX_WORDS = {fold(word): sex for sex, spoken in _SEXES.items() for word in spoken}
OFFICE_WORDS = {fold(word): code for code, spoken in _OFFICES.items() for word in spoken}
