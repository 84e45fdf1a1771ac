"""Around a session: its agenda, its minutes signed; one that is convened and one that sits today."""

from datetime import datetime
from typing import Any

from ..seed import DEMO_PASSWORD
from .cast import Cast

FOLLOW_UP = {"fr": "Suivi des conventions en cours", "ar": "تتبع الاتفاقيات الجارية"}
DIALOGUE = {"fr": "Concertation sur les filières prioritaires", "ar": "التشاور حول السلاسل ذات الأولوية"}


def put_on_agenda(cast: Cast, session: str, call: dict[str, Any]) -> None:
    """What the projects under way have become, then the decisions of the call."""
    path = f"/committee-sessions/{session}/agenda"
    cast.officer.post(path, {"kind": "information", "title": FOLLOW_UP})
    cast.officer.post(path, {"kind": "decisions", "title": call["title"], "subject_id": call["id"]})


def take_points(cast: Cast, session: str) -> None:
    """The first point is heard; the second is before the members."""
    path = f"/committee-sessions/{session}/agenda"
    first, second = (item["id"] for item in cast.officer.get(path)["items"])
    cast.officer.post(f"{path}/{first}", {"act": "take"})
    cast.officer.post(
        f"{path}/{first}", {"act": "done", "notes": "La DAS présente l’avancement des projets."}
    )
    cast.officer.post(f"{path}/{second}", {"act": "take"})


def sign(cast: Cast, session: str) -> None:
    """Whoever presided, the secretary and one member sign the minutes."""
    found = cast.officer.get(f"/committee-sessions/{session}/minutes")
    body = {"password": DEMO_PASSWORD, "sha256": found["record_sha256"]}
    for client in (cast.staff["E01"], cast.officer, cast.staff["E04"]):
        client.post(f"/minutes/{found['id']}/signatures", body)


def to_come(cast: Cast, now: datetime, later: datetime) -> None:
    """A session that sits now, at its first point; one convened for later, to which an appeal is put."""
    for at, place in ((now, "Salle de la DAS"), (later, "Siège de la préfecture")):
        body = {"committee_id": cast.committee, "scheduled_at": at.isoformat(), "place": place}
        session = cast.officer.post("/committee-sessions", body)
        path = f"/committee-sessions/{session['id']}"
        for title in (FOLLOW_UP, DIALOGUE):
            cast.officer.post(f"{path}/agenda", {"kind": "information", "title": title})
        if at > now:
            for appeal in cast.officer.get("/appeals", state="reported")["items"]:
                cast.officer.post(f"/appeals/{appeal['id']}/schedule", {"session_id": session["id"]})
            cast.officer.post(f"{path}/convene", {})
            continue
        presences = dict.fromkeys(list(cast.seats.values())[:9], "present")
        cast.officer.ask("PUT", f"{path}/attendance", {"presences": presences}, version=session["version"])
        cast.officer.post(f"{path}/open")
        item = cast.officer.get(f"{path}/agenda")["items"][0]
        cast.officer.post(f"{path}/agenda/{item['id']}", {"act": "take"})
