"""What happens around an open call of the demonstration: questions answered to everybody, one extension."""

from datetime import datetime
from typing import Any

from .cast import Cast
from .filing import Filing

ANSWERED: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
    (
        "Notre local est loué. Est-ce que le bail suffit ?",
        {"fr": "Un local loué est-il admis ?", "ar": "هل يُقبل محل مكترى؟"},
        {
            "fr": "Oui, si le bail couvre au moins les deux ans d’accompagnement.",
            "ar": "نعم، إذا كان عقد الكراء يغطي سنتي المواكبة على الأقل.",
        },
    ),
    (
        "هل يمكن اقتناء آلات مستعملة؟",
        {"fr": "Peut-on acheter du matériel d’occasion ?", "ar": "هل يمكن اقتناء معدات مستعملة؟"},
        {
            "fr": "Non : les devis portent sur du matériel neuf, avec sa garantie.",
            "ar": "لا: تخص بيانات الأثمان معدات جديدة مع ضمانها.",
        },
    ),
)
WAITING = "Deux coopératives peuvent-elles déposer ensemble, sans former une union ?"
REASON = {
    "fr": "Les attestations demandées au tribunal tardent : tous ont besoin de quelques jours de plus.",
    "ar": "تتأخر الشواهد المطلوبة من المحكمة: يحتاج الجميع إلى بضعة أيام إضافية.",
}

MORE = {
    "fr": "Les agents de la DAS aident à remplir le dossier, sur rendez-vous.",
    "ar": "يساعد أعوان قسم العمل الاجتماعي على ملء الملف بموعد مسبق.",
}


def questions(cast: Cast, filing: Filing) -> None:
    """Three holders ask; the officer answers two of them."""
    path = f"/calls/{cast.call['id']}/questions"
    holders = [filed.holder for filed in filing.files]
    for holder, (asked, question, answer) in zip(holders, ANSWERED, strict=False):
        made: dict[str, Any] = holder.post(path, {"question": asked})
        body = {"question": question, "answer": answer}
        cast.officer.ask("POST", f"/calls/questions/{made['id']}/answer", body, version=made["version"])
    holders[-1].post(path, {"question": WAITING})


def extend(cast: Cast, closes_at: datetime) -> None:
    """The officer gives everybody more time."""
    call = cast.officer.get(f"/calls/{cast.call['id']}")
    body = {"closes_at": closes_at.isoformat(), "reason": REASON}
    cast.officer.ask("POST", f"/calls/{call['id']}/extend", body, version=call["version"])


def correct(cast: Cast) -> None:
    """The officer prepares an erratum of the open call: two points, not published yet."""
    path = f"/calls/{cast.call['id']}"
    text: dict[str, Any] = cast.officer.post(f"{path}/erratum")
    said: dict[str, Any] = text["definition"]
    said |= {"appeal_days": said["appeal_days"] + 15, "summary": {lang: f"{words} {MORE[lang]}"
             for lang, words in said["summary"].items()}}  # fmt: skip
    cast.officer.ask("PUT", f"{path}/draft", said, version=text["version"])


def begin_next(cast: Cast, source: str, code: str) -> None:
    """A draft for the next year, copied from the call that was decided: its list to read again is there."""
    province = cast.call["province_code"]
    cast.officer.post(f"/calls/{source}/copies", {"code": code, "province": province})


def examine(cast: Cast) -> None:
    """The window is over: the officer begins the examination."""
    cast.officer.post(f"/calls/{cast.call['id']}/review")
