"""Pages of the dialogue: from the question to its synthesis, from an action to its end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.committees.models import Consultation
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.committees.test_dialogue import HTML, NOW, WORDS, opened
from tests.files.given import pdf


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_from_question_to_synthesis(world: Any, client: Any, lang: str) -> None:
    officer, holder = client("officer"), client("holder")
    base = f"/committees/{world.committee}"
    assert officer.get(f"/consultations/new?committee={world.committee}&lang={lang}").status_code == 200
    stamp = (NOW + timedelta(days=10)).strftime("%Y-%m-%dT%H:%M")
    form = {
        "question.fr": WORDS["fr"], "question.ar": WORDS["ar"], "context.fr": "Contexte",
        "context.ar": "سياق", "opens_at": (NOW - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": stamp,
    }  # fmt: skip
    half = officer.post(f"{base}/consultations", data=form | {"question.ar": ""}, headers=HTML)
    assert half.status_code == 422
    assert "Contexte" in half.text
    made = officer.post(f"{base}/consultations", data=form, headers=HTML, follow_redirects=False)
    assert made.status_code == 303, made.text
    at = made.headers["location"].partition("?")[0]
    assert client(None).get(at).status_code == 404
    assert officer.get(f"{at}/edit").status_code == 200
    edited = officer.post(f"{at}/edit", data=form | {"version": "1"}, headers=HTML, follow_redirects=False)
    assert edited.status_code == 303, edited.text
    papers = {"title.fr": "Plan", "title.ar": "مخطط"}
    sent = officer.post(
        f"{at}/documents", data=papers, files={"file": ("plan.pdf", pdf())}, headers=HTML,
        follow_redirects=False,
    )  # fmt: skip
    assert sent.status_code == 303, sent.text
    nothing = officer.post(f"{at}/documents", data=papers, files={"file": ("", b"")}, headers=HTML)
    assert nothing.status_code == 422
    with transaction(SYSTEM) as tx:
        version = tx.session.get_one(Consultation, UUID(at.rpartition("/")[2])).version
    old = officer.post(f"{at}/publish", data={"version": "0"}, headers=HTML)
    assert old.status_code == 412
    done = officer.post(f"{at}/publish", data={"version": str(version)}, headers=HTML, follow_redirects=False)
    assert done.status_code == 303
    said = {"body": "Tifaout", "text": "Au centre", "shared_asked": "1", "shared": "1"}
    assert holder.post(f"{at}/contribution", data=said | {"text": ""}, headers=HTML).status_code == 422
    assert (
        holder.post(f"{at}/contribution", data=said, headers=HTML, follow_redirects=False).status_code == 303
    )
    assert "Au centre" in holder.get(at, params={"lang": lang}).text
    assert "Au centre" in officer.get(at, params={"lang": lang}).text
    assert "Au centre" not in client(None).get(at, params={"lang": lang}).text
    assert "Au centre" not in client("rival").get(at, params={"lang": lang}).text
    assert WORDS[lang] in client(None).get("/consultations", params={"lang": lang}).text
    early = officer.post(f"{at}/conclude", data={"synthesis.fr": "S", "synthesis.ar": "خ"}, headers=HTML)
    assert early.status_code in (409, 412)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_of_actions(world: Any, client: Any, lang: str) -> None:
    one, officer = opened(world), client("officer")
    form = {
        "committee_id": str(world.committee), "source": f"consultation.{one}", "text.fr": WORDS["fr"],
        "text.ar": WORDS["ar"], "owner_id": str(world.evaluator.id),
        "due_on": (NOW.date() + timedelta(days=4)).isoformat(),
    }  # fmt: skip
    page = officer.get("/actions/new", params={"committee": str(world.committee), "lang": lang})
    assert WORDS[lang] in page.text
    assert (
        client("evaluator")
        .get("/actions/new", params={"committee": str(world.committee)}, headers=HTML)
        .status_code
        == 403
    )
    assert officer.post("/actions/new", data=form | {"text.ar": ""}, headers=HTML).status_code == 422
    made = officer.post("/actions/new", data=form, headers=HTML, follow_redirects=False)
    assert made.status_code == 303, made.text
    at = made.headers["location"].partition("?")[0]
    for view in ("open", "late", "done", "dropped", "all", "other"):
        text = client("evaluator").get("/actions", params={"view": view, "lang": lang, "mine": "1"}).text
        assert (at in text) == (view in ("open", "all", "other"))
    assert WORDS[lang] in officer.get("/actions/export.csv", params={"lang": lang}).text
    assert WORDS[lang] not in client("stranger").get("/actions/export.csv", params={"lang": lang}).text
    assert client("stranger").get(at, headers=HTML).status_code == 404
    moved = officer.post(f"{at}/reschedule", data={"due_on": "demain", "version": "1"}, headers=HTML)
    assert moved.status_code == 422
    later = (NOW.date() + timedelta(days=9)).isoformat()
    moved = officer.post(
        f"{at}/reschedule", data={"due_on": later, "version": "1"}, headers=HTML, follow_redirects=False
    )
    assert moved.status_code == 303, moved.text
    evaluator = client("evaluator")
    assert (
        evaluator.post(f"{at}/settle", data={"outcome": "", "version": "2"}, headers=HTML).status_code == 422
    )
    done = evaluator.post(
        f"{at}/settle", data={"outcome": "Fait", "version": "2"}, headers=HTML, follow_redirects=False
    )
    assert done.status_code == 303, done.text
    assert "Fait" in evaluator.get(at, params={"lang": lang}).text
