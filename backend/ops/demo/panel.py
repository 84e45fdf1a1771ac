"""The people on the other side: the provincial committee (CPDE), DAS officers, coaches; their marks.

The committee is fixed and fictional: colleges as in published compositions (elected, state services, civil
society, private sector), chaired by the governor or his representative.
"""

from dataclasses import dataclass

from backend.ops.demo.grammar import slug
from backend.ops.demo.names import Name
from backend.ops.demo.people import derive, phone


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works on the files. ``severity`` is added to marks, in hundredths of the scale (negative:
    severe).
    """

    code: str
    name: Name
    sex: str
    birth_year: int
    college: str
    body: Name
    phone: str
    email: str
    chair: bool = False
    severity: int = 0


_COMMITTEE = (
    # sex, birth, French, Arabic, college, body, body in Arabic
    ("m", 1969, "Abdelhak Benslimane", "عبد الحق بنسليمان", "authority",
     "Représentant du gouverneur, président", "ممثل العامل، رئيس اللجنة"),
    ("f", 1976, "Amina Oulahcen", "أمينة أولحسن", "elected",
     "Conseil préfectoral ou provincial", "مجلس العمالة أو الإقليم"),
    ("m", 1972, "Lahoucine Aït Addi", "لحسين آيت عدي", "elected", "Conseil communal", "المجلس الجماعي"),
    ("f", 1984, "Salwa El Kadiri", "سلوى القادري", "state",
     "Office du développement de la coopération (ODCO)", "مكتب تنمية التعاون"),
    ("m", 1978, "Redouane Hilali", "رضوان هلالي", "state",
     "Direction provinciale de l'agriculture", "المديرية الإقليمية للفلاحة"),
    ("f", 1981, "Nawal Sefrioui", "نوال صفريوي", "state",
     "Direction de l'artisanat", "مديرية الصناعة التقليدية"),
    ("m", 1988, "Anas Marzouki", "أنس مرزوقي", "state",
     "Agence nationale de promotion de l'emploi (ANAPEC)", "الوكالة الوطنية لإنعاش التشغيل والكفاءات"),
    ("f", 1979, "Ghita Lamrani", "غيثة لمراني", "state", "Délégation du tourisme", "مندوبية السياحة"),
    ("m", 1974, "Hassan Bouaddi", "حسن بوعدي", "state",
     "Délégation des pêches maritimes", "مندوبية الصيد البحري"),
    ("f", 1993, "Tiziri Amzil", "تيزيري أمزيل", "civil_society",
     "Réseau associatif de développement", "شبكة جمعيات التنمية"),
    ("m", 1991, "Younes Dahmani", "يونس دحماني", "private",
     "Chambre de commerce, d'industrie et de services", "غرفة التجارة والصناعة والخدمات"),
)  # fmt: skip
_OFFICERS = (
    (
        "f",
        1983,
        "Hayat Benmansour",
        "حياة بنمنصور",
        "das",
        "Division de l'action sociale",
        "قسم العمل الاجتماعي",
    ),
    ("m", 1989, "Soufiane Rami", "سفيان رامي", "das", "Division de l'action sociale", "قسم العمل الاجتماعي"),
)
_COACHES = (
    (
        "f",
        1987,
        "Hasnae Zahidi",
        "حسناء زاهدي",
        "coach",
        "Accompagnement des coopératives",
        "مواكبة التعاونيات",
    ),
    (
        "m",
        1985,
        "Abdessamad Fadil",
        "عبد الصمد فاضل",
        "coach",
        "Accompagnement des coopératives",
        "مواكبة التعاونيات",
    ),
    ("f", 1992, "Kenza Aznag", "كنزة أزناك", "coach", "Gestion et commercialisation", "التدبير والتسويق"),
)


def _staff(
    seed: int, prefix: str, first: int, rows: tuple[tuple[str, int, str, str, str, str, str], ...]
) -> tuple[Staff, ...]:
    people = []
    for index, (sex, born, fr, ar, college, body_fr, body_ar) in enumerate(rows, start=1):
        code = f"{prefix}{index:02d}"
        local = ".".join(slug(part) for part in fr.split(" ", 1))
        severity = derive(seed, "severity", code).randint(-9, 9)
        people.append(
            Staff(code, Name(fr, ar), sex, born, college, Name(body_fr, body_ar), phone(first + index, seed),
                  f"{local}@exemple.test", prefix == "E" and index == 1, severity)
        )  # fmt: skip
    return tuple(people)


def committee(seed: int) -> tuple[Staff, ...]:
    """The eleven members, chair first (codes E01 to E11)."""
    return _staff(seed, "E", 900_000, _COMMITTEE)


def officers(seed: int) -> tuple[Staff, ...]:
    """Two DAS officers (D01, D02)."""
    return _staff(seed, "D", 900_100, _OFFICERS)


def coaches(seed: int) -> tuple[Staff, ...]:
    """Three coaches (C01 to C03)."""
    return _staff(seed, "C", 900_200, _COACHES)
