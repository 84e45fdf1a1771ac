"""Two questions of the public to the province: one answered, one whose last day is near."""

from datetime import datetime

from .cast import Cast
from .clock import set_clock

QUESTIONS = (
    (
        "Rachida El Ouafi",
        "rachida.elouafi@exemple.ma",
        "ar",
        "أريد عدد التعاونيات النسائية الممولة في الإقليم منذ 2023 ومبالغ الدعم.",
    ),
    (
        "Hicham Bennani",
        "hicham.bennani@exemple.ma",
        "fr",
        "La liste des filières prioritaires de la province et l’étude qui les a retenues, s’il vous plaît.",
    ),
)
ANSWER = (
    "Les filières prioritaires sont publiées avec leur analyse dans la rubrique « Filières » de cette "
    "plateforme. L’étude complète se consulte à la Division de l’action sociale, sur rendez-vous."
)


def ask(cast: Cast, at: datetime) -> None:
    """Both arrive on the same day."""
    set_clock(cast.admin, at)
    visitor = cast.admin.another()
    for name, address, language, text in QUESTIONS:
        body = {"name": name, "address": address, "language": language, "text": text}
        visitor.post("/information-requests", body | {"province_code": cast.call["province_code"]})


def answer(cast: Cast) -> None:
    """The officer answers the last one."""
    asked = cast.officer.get("/information-requests", state="received")["items"]
    last = max(asked, key=lambda one: one["number"])
    cast.officer.post(f"/information-requests/{last['id']}/answer", {"answer": ANSWER})
