"""A second committee (CPDH) by its order, its rules of composition, and the dialogue that it holds."""

from datetime import datetime, timedelta
from typing import Any

from backend.core.calendar import add_months, local

from .cast import Cast
from .cpdh import COMPANY
from .filing import Filing
from .papers import pdf

NAME = {
    "fr": "Comité préfectoral du développement humain d’Agadir Ida-Outanane",
    "ar": "لجنة عمالة أكادير إداوتنان للتنمية البشرية",
}
RULES = {
    "seats": {"most": 30},
    "women": {"of": 1, "over": 3},
    "youth": {"of": 3, "over": 20, "under": 40},
    "colleges": {"elected": {"least": 2}, "civil_society": {"least": 3}},
    "alternates": ["civil_society"],
    "source": {
        "fr": "Règles fictives, pour la démonstration : l’arrêté d’un vrai comité en décide.",
        "ar": "قواعد خيالية لأغراض العرض: يحددها قرار كل لجنة حقيقية.",
    },
}
MARKET = {
    "question": {
        "fr": "Où ouvrir le marché hebdomadaire des coopératives ?",
        "ar": "أين يفتتح السوق الأسبوعي للتعاونيات؟",
    },
    "context": {
        "fr": "Deux lieux sont possibles : la place du centre, sans abri, et l’ancien hangar de la gare, à "
        "réparer.\nLe comité veut savoir lequel sert le mieux les coopératives et leurs clients.",
        "ar": "هناك مكانان ممكنان: ساحة المركز دون سقف، والمستودع القديم للمحطة الذي يحتاج إلى إصلاح.\n"
        "تريد اللجنة معرفة أيهما أنفع للتعاونيات ولزبنائها.",
    },
}
SYNTHESIS = {
    "fr": "Les acteurs préfèrent la place du centre, plus passante, à condition d’y installer des abris "
    "et de l’eau.\nLe hangar reste utile pour le stockage.",
    "ar": "يفضل الفاعلون ساحة المركز لأنها أكثر حركة، شريطة تجهيزها بمظلات وماء.\n"
    "ويبقى المستودع مفيدا للتخزين.",
}
TRAINING = {
    "question": {
        "fr": "Quelles formations pour les coopératives en 2027 ?",
        "ar": "أي تكوينات للتعاونيات في سنة 2027؟",
    },
    "context": {
        "fr": "Le comité prépare le programme d’accompagnement. Dites ce qui manque le plus : comptabilité, "
        "vente, qualité, gouvernance.",
        "ar": "تحضر اللجنة برنامج المواكبة. اذكروا ما ينقص أكثر: المحاسبة أو البيع أو الجودة أو الحكامة.",
    },
}
SAID = (
    ("E10", "Réseau associatif de développement", "La place du centre : les femmes y vendent déjà.", True),
    ("E11", "Chambre de commerce", "Le hangar, pour ne pas fermer la place le samedi.", False),
    ("E04", "ODCO", "La place du centre, avec des abris.", True),
)
ACTIONS = (
    ("E10", "Visiter les deux lieux avec les coopératives", "زيارة المكانين مع التعاونيات", 12),
    ("E04", "Chiffrer les abris et le point d’eau", "تقدير كلفة المظلات ونقطة الماء", 60),
    ("E02", "Demander l’autorisation de la commune", "طلب ترخيص الجماعة", 75),
)


def constitute_cpdh(cast: Cast, now: datetime) -> str:
    """The committee: its signed order, its seats with alternates, rules of which one fails by a little."""
    ordered = add_months(local(now).date(), -14)
    officer = cast.officer
    made = officer.post(
        "/committees",
        {
            "province_code": cast.call["province_code"],
            "kind": "cpdh",
            "name": NAME,
            "order_number": f"31/{ordered.year}",
            "ordered_on": ordered.isoformat(),
        },
    )["id"]
    path = f"/committees/{made}"
    paper = pdf(["Arrêté n° 31", NAME["fr"], "Document de démonstration : aucune personne réelle."])
    upload = officer.post("/uploads", {"name": "arrete-cpdh.pdf", "size": len(paper)})["id"]
    officer.ask("PUT", f"/uploads/{upload}?offset=0", paper)
    file = officer.post(f"/uploads/{upload}/complete")["id"]
    officer.post(f"{path}/order", {"file_id": file})
    officer.post(
        f"{path}/compositions",
        {"effective_on": ordered.isoformat(), "rules": RULES, "breach": "warn"},
    )
    for version in ({"notice_days": 7}, {"notice_days": 10, "second_after_days": 7, "proxies": 1}):
        effective = ordered if version["notice_days"] == 7 else add_months(ordered, 6)
        officer.post(
            f"{path}/procedures",
            version
            | {"effective_on": effective.isoformat(), "quorum": {"of": 1, "over": 2}}
            | ({"second_quorum": {"of": 1, "over": 3}} if "second_after_days" in version else {}),
        )
    _seat(cast, path, ordered)
    return str(made)


def _seat(cast: Cast, path: str, ordered: Any) -> None:
    """Thirteen seats; each of civil society has an alternate."""
    titular: dict[str, str] = {}
    ends = add_months(ordered, 36).isoformat()
    for one in COMPANY:
        body = {
            "member": {"fr": one.fr, "ar": one.ar},
            "college": one.college,
            "body": {"fr": one.body_fr, "ar": one.body_ar},
            "from_on": ordered.isoformat(),
            "until_on": ends if one.until is None else add_months(ordered, one.until).isoformat(),
            "chairs": one.chairs,
            "sex": one.sex,
            "birth_year": one.born,
        }
        if one.alternate_of:
            body["alternate_of_id"] = titular[one.alternate_of]
        if one.staff:
            body.pop("member")
            body["person_id"] = cast.ids[one.staff]
        seats = cast.officer.post(f"{path}/seats", body)["seats"]
        titular[one.fr] = seats[-1]["id"]


def ask_before(cast: Cast, committee: str, now: datetime) -> str:
    """A question put to the actors, which closes a month later; three answers; three actions agreed."""
    asked = cast.officer.post(
        f"/committees/{committee}/consultations",
        MARKET | {"opens_at": now.isoformat(), "closes_at": (now + timedelta(days=30)).isoformat()},
    )
    path = f"/consultations/{asked['id']}"
    cast.officer.ask("POST", f"{path}/publish", {}, version=asked["version"])
    for code, body, text, shared in SAID:
        said = {"body": body, "text": text, "shared": shared}
        cast.staff[code].ask("PUT", f"{path}/contribution", said)
    today = local(now).date()
    for code, fr, ar, days in ACTIONS:
        cast.officer.post(
            "/agreed-actions",
            {
                "committee_id": committee,
                "consultation_id": asked["id"],
                "text": {"fr": fr, "ar": ar},
                "owner_id": cast.ids[code],
                "due_on": (today + timedelta(days=days)).isoformat(),
            },
        )
    return str(asked["id"])


def ask_now(cast: Cast, committee: str, earlier: str, now: datetime, filing: Filing) -> None:
    """The synthesis of the first question; one action is done, one is late; another question is open."""
    path = f"/consultations/{earlier}"
    version = cast.officer.ask("GET", path).version
    cast.officer.ask("POST", f"{path}/conclude", {"synthesis": SYNTHESIS}, version=version)
    done = cast.officer.get("/agreed-actions", committee=committee)["items"][1]
    cast.staff["E04"].ask(
        "POST",
        f"/agreed-actions/{done['id']}/settle",
        {"outcome": "Devis reçus : 42 000 DH."},
        version=done["version"],
    )
    opens, closes = now - timedelta(days=2), now + timedelta(days=20)
    asked = cast.officer.post(
        f"/committees/{committee}/consultations",
        TRAINING | {"opens_at": opens.isoformat(), "closes_at": closes.isoformat()},
    )
    path = f"/consultations/{asked['id']}"
    cast.officer.ask("POST", f"{path}/publish", {}, version=asked["version"])
    said = {"body": "Une coopérative", "text": "La vente en ligne, et l’emballage.", "shared": True}
    filing.files[0].holder.ask("PUT", f"{path}/contribution", said)
