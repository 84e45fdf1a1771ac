"""Who sits in the demonstration's CPDH: fictional people, colleges as in published compositions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seated:
    """A member of the demonstration's CPDH. `until` is in months from the order; `staff` has an account."""

    fr: str
    ar: str
    sex: str
    born: int
    college: str
    body_fr: str
    body_ar: str
    chairs: bool = False
    alternate_of: str = ""
    until: int | None = None
    staff: str = ""


COMPANY = (
    Seated("Driss Alaoui Mdaghri", "إدريس العلوي المدغري", "man", 1968, "state",
           "Gouverneur, président", "العامل، الرئيس", chairs=True),
    Seated("Amina Oulahcen", "أمينة أولحسن", "woman", 1976, "elected",
           "Conseil préfectoral ou provincial", "مجلس العمالة أو الإقليم", staff="E02"),
    Seated("Brahim Ouazzani", "إبراهيم الوزاني", "man", 1971, "elected",
           "Conseil communal", "المجلس الجماعي"),
    Seated("Salwa El Kadiri", "سلوى القادري", "woman", 1984, "state",
           "ODCO", "مكتب تنمية التعاون", staff="E04"),
    Seated("Mustapha Chraibi", "مصطفى الشرايبي", "man", 1975, "state",
           "Direction de l’agriculture", "مديرية الفلاحة"),
    Seated("Rachid Bennis", "رشيد بنيس", "man", 1979, "state", "Académie de l’éducation", "أكاديمية التعليم"),
    Seated("Khalid Sebti", "خالد السبتي", "man", 1977, "state", "Délégation de la santé", "مندوبية الصحة",
           until=16),
    Seated("Tiziri Amzil", "تيزيري أمزيل", "woman", 1993, "civil_society",
           "Réseau associatif de développement", "شبكة جمعيات التنمية", staff="E10"),
    Seated("Fadma Aït Lahcen", "فاضمة آيت لحسن", "woman", 1990, "civil_society",
           "Union des coopératives d’argan", "اتحاد تعاونيات أركان"),
    Seated("Omar Belkadi", "عمر بلقاضي", "man", 1989, "civil_society",
           "Association des jeunes", "جمعية الشباب"),
    Seated("Younes Dahmani", "يونس دحماني", "man", 1991, "private",
           "Chambre de commerce", "غرفة التجارة", staff="E11"),
    Seated("Hicham Naciri", "هشام الناصري", "man", 1980, "private",
           "Fédération du tourisme", "فيدرالية السياحة"),
    Seated("Abdellah Mernissi", "عبد الله المرنيسي", "man", 1974, "coopted", "Université", "الجامعة"),
    Seated("Nadia Boukhriss", "نادية بوخريص", "woman", 1988, "civil_society",
           "Réseau associatif de développement", "شبكة جمعيات التنمية", alternate_of="Tiziri Amzil"),
    Seated("Zahra Oubihi", "زهرة أوبيهي", "woman", 1982, "civil_society",
           "Union des coopératives d’argan", "اتحاد تعاونيات أركان", alternate_of="Fadma Aït Lahcen"),
    Seated("Ilham Tazi", "إلهام التازي", "woman", 1994, "civil_society",
           "Association des jeunes", "جمعية الشباب", alternate_of="Omar Belkadi"),
)  # fmt: skip
"""Four women of thirteen: one too few for the third that the demonstration's rules ask."""
