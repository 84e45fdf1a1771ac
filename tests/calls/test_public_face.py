"""Pages and API of a call's versions and questions, and its states as everybody sees them."""

import re
from datetime import timedelta
from typing import Any

import pytest

from backend.calls import commands
from backend.calls.lifecycle import LIFECYCLE
from backend.calls.models import Call, CallQuestion, VersionKind
from backend.core.actor import SYSTEM
from backend.core.calendar import is_working_day, local
from backend.core.tx import transaction
from tests.applications import given as applications
from tests.calls import given
from tests.calls.test_pages import page
from tests.calls.test_questions import SAID, WORDED, answered, asked

LANGUAGES = pytest.mark.parametrize("lang", ["fr", "ar"])
WHY = {"fr": "Une erreur dans l’avis publié.", "ar": "خطأ في الإعلان المنشور."}


def main_of(text: str) -> str:
    return re.sub(r"<meta[^>]*>", "", text).split("<main", 1)[1]


def erratum(world: Any, call: Call, **overrides: Any) -> Call:
    with transaction(world.officer) as tx:
        file = given.from_json(call.definition | overrides)
        return commands.amend(tx, call.id, file, VersionKind.ERRATUM, WHY, None)


@LANGUAGES
def test_the_call_and_its_versions_tell_the_difference(world: Any, client: Any, lang: str) -> None:
    call = given.published(world)
    visitor = client(None)
    assert "/versions" not in main_of(page(visitor, f"/calls/{call.code}", lang))
    assert WHY[lang] not in page(visitor, f"/calls/{call.code}/versions", lang)
    erratum(world, call, appeal_days=45)
    for path in (f"/calls/{call.code}", f"/calls/{call.code}/versions"):
        text = main_of(page(visitor, path, lang))
        assert WHY[lang] in text
        assert f"<del>{'30 jours' if lang == 'fr' else '30 يوما'}</del>" in text
        assert ("Version 2, rectifiée le" if lang == "fr" else "الصيغة 2، تصحيح") in text
        assert "{" not in text
    assert page(visitor, "/calls/nowhere/versions", lang, status=404)


def test_a_draft_has_no_version(world: Any, client: Any) -> None:
    given.draft(world)
    assert page(client(None), "/calls/agadir-2023/versions", status=404)
    assert "Pas encore publié" in page(client("officer"), "/calls/agadir-2023/versions")


def test_versions_over_json(world: Any, client: Any) -> None:
    call = given.published(world)
    path, officer = f"/api/v1/calls/{call.id}", client("officer")
    later = (call.closes_at + timedelta(days=2)).isoformat()
    body = {"closes_at": later, "reason": WHY}
    assert officer.post(f"{path}/extend", json=body).status_code == 428
    done = officer.post(f"{path}/extend", json=body, headers={"if-match": f'"{call.version}"'})
    assert done.status_code == 200, done.text
    assert [(one["number"], one["kind"]) for one in done.json()["items"]] == [
        (2, "extension"), (1, "publication"),
    ]  # fmt: skip
    tag = done.headers["etag"]
    stale = officer.post(f"{path}/extend", json=body, headers={"if-match": f'"{call.version}"'})
    assert stale.status_code == 412
    file = given.body(closes_at=call.closes_at + timedelta(days=2), appeal_days=60)
    amended = officer.post(
        f"{path}/amend", json={"kind": "erratum", "reason": WHY, "file": file}, headers={"if-match": tag}
    )
    assert amended.status_code == 200, amended.text
    assert (amended.json()["version_number"], amended.json()["verbs"]) == (3, ["amend"])
    listed = client(None).get(f"{path}/versions").json()["items"]
    assert listed[0]["changes"][0]["after"]["fr"] == "60 jours"
    assert client(None).get(path).json()["version_number"] == 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "erratum", "reason": WHY, "file": {"source": "nothing: 1"}}, 422, "call_file_invalid"),
        ({"kind": "publication", "reason": WHY, "file": {}}, 422, "invalid"),
        ({"kind": "erratum", "reason": {"fr": "Oui"}, "file": {}}, 422, "invalid"),
        ({"kind": "erratum", "reason": {"fr": "Oui\u202e", "ar": "نعم"}, "file": {}}, 422, "invalid"),
        ({"kind": "erratum", "reason": {"fr": "x" * 2001, "ar": "نعم"}, "file": {}}, 422, "invalid"),
    ],
)
def test_bad_amendments(world: Any, client: Any, body: Any, status: int, code: str) -> None:
    call = given.published(world)
    headers = {"if-match": f'"{call.version}"'}
    answer = client("officer").post(f"/api/v1/calls/{call.id}/amend", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_extension_to_the_second_or_into_a_double_hour(world: Any, client: Any) -> None:
    call = given.published(world)
    for closes_at in ("2033-03-01T10:00:30+00:00", "2033-01-01T10:00:00", "soon"):
        answer = client("officer").post(
            f"/api/v1/calls/{call.id}/extend",
            json={"closes_at": closes_at, "reason": WHY},
            headers={"if-match": f'"{call.version}"'},
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "closes_at"
    earlier = client("officer").post(
        f"/api/v1/calls/{call.id}/extend",
        json={"closes_at": "2020-01-01T10:00:00+00:00", "reason": WHY},
        headers={"if-match": f'"{call.version}"'},
    )
    assert (earlier.status_code, earlier.json()["code"]) == (409, "amendment_unfair")


@LANGUAGES
def test_the_officer_prolongs_by_a_form(world: Any, client: Any, lang: str) -> None:
    call = given.published(world)
    officer = client("officer")
    where = f"/das/calls/{call.id}/extend"
    assert 'type="datetime-local"' in page(officer, where, lang)
    later = f"{local(call.closes_at + timedelta(days=30)):%Y-%m-%dT%H:%M}"
    form = {"version": str(call.version), "closes_at": later}
    missing = officer.post(f"{where}?lang={lang}", data=form, headers={"accept": "text/html"})
    assert missing.status_code == 422
    assert f'value="{later}"' in missing.text
    assert 'id="reason_ar-error"' in missing.text
    form |= {"reason_fr": WHY["fr"], "reason_ar": WHY["ar"]}
    for bad in ("2033-13-01T10:00", "", "2020-01-01T10:00"):
        refused = officer.post(where, data=form | {"closes_at": bad}, headers={"accept": "text/html"})
        assert refused.status_code in (409, 422)
        assert 'id="closes_at-error"' in refused.text
        assert WHY["fr"] in refused.text
    double = officer.post(
        where, data=form | {"closes_at": "2026-09-20T01:30"}, headers={"accept": "text/html"}
    )
    assert "sonne deux fois" in double.text
    stale = officer.post(where, data=form | {"version": "99"}, headers={"accept": "text/html"})
    assert stale.status_code == 412
    before = officer.post(where, data=form, headers={"accept": "text/html"})
    assert before.status_code == 200
    assert 'name="confirmed"' in before.text
    assert "Personne ne sera prévenu" in before.text
    assert "Rien n’est encore changé." in before.text
    assert 'id="v2"' not in page(officer, f"/calls/{call.code}/versions")  # nothing happened yet
    back = officer.post(where, data=form | {"back": "1"}, headers={"accept": "text/html"})
    assert WHY["fr"] in back.text
    done = officer.post(where, data=form | {"confirmed": "1"}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, f"/das/calls/{call.id}")
    again = officer.post(where, data=form | {"confirmed": "1"}, headers={"accept": "text/html"})
    assert again.status_code == 412
    assert "Version" in page(officer, f"/das/calls/{call.id}")
    assert page(client("auditor"), where, status=403)
    assert page(client("stranger"), where, status=403)


@LANGUAGES
def test_a_holder_asks_and_everybody_reads_the_answer(world: Any, client: Any, lang: str) -> None:
    call = given.published(world)
    holder, where = client("holder"), f"/calls/{call.code}/questions"
    assert f'action="{where}"' in page(holder, f"/calls/{call.code}", lang)
    assert f'action="{where}"' not in page(client(None), f"/calls/{call.code}", lang)
    short = holder.post(f"{where}?lang={lang}", data={"question": "Euh"}, headers={"accept": "text/html"})
    assert short.status_code == 422
    assert ">Euh</textarea>" in short.text
    done = holder.post(where, data={"question": "Mon hangar est loué, ça va ?"}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, f"/calls/{call.code}#questions")
    assert "Mon hangar" in page(holder, f"/calls/{call.code}", lang)
    for name in (None, "rival", "evaluator"):
        assert "Mon hangar" not in page(client(name), f"/calls/{call.code}", lang)
    officer = client("officer")
    assert "questions" in page(officer, f"/das/calls/{call.id}", lang)
    listed = page(officer, f"/das/calls/{call.id}/questions", lang)
    question_id = re.search(r"/questions/([0-9a-f-]{36})/answer", listed)
    assert question_id
    base = f"/das/calls/{call.id}/questions/{question_id[1]}"
    form = {"version": "1", "question_fr": WORDED["fr"], "question_ar": WORDED["ar"], "answer_fr": SAID["fr"]}
    half = officer.post(f"{base}/answer?lang={lang}", data=form, headers={"accept": "text/html"})
    assert half.status_code == 422
    assert SAID["fr"] in half.text
    assert '<details class="more" open' in half.text
    done = officer.post(f"{base}/answer", data=form | {"answer_ar": SAID["ar"]}, follow_redirects=False)
    assert done.status_code == 303, done.text[:300]
    for name in (None, "rival", "holder"):
        text = page(client(name), f"/calls/{call.code}", lang)
        assert SAID[lang] in text
        assert WORDED[lang].replace(" ?", "\u00a0?") in text
        assert "Holder" not in main_of(text)
    assert SAID[lang] in page(officer, f"/das/calls/{call.id}/questions", lang)


def test_a_question_set_aside_by_the_form(world: Any, client: Any) -> None:
    call = given.published(world)
    question = asked(world, call)
    officer, base = client("officer"), f"/das/calls/{call.id}/questions/{question.id}"
    empty = officer.post(f"{base}/set-aside", data={"version": "1"}, headers={"accept": "text/html"})
    assert empty.status_code == 422
    done = officer.post(
        f"{base}/set-aside", data={"version": "1", "reason": "Hors sujet."}, follow_redirects=False
    )
    assert done.status_code == 303
    assert "Hors sujet." in page(client("holder"), f"/calls/{call.code}")
    assert "Hors sujet." not in page(client("rival"), f"/calls/{call.code}")
    assert "Hors sujet." in page(officer, f"/das/calls/{call.id}/questions")
    for name in ("stranger", "auditor", "holder"):
        assert page(client(name), f"/das/calls/{call.id}/questions", status=403)
    late = officer.post(
        f"{base}/set-aside", data={"version": "2", "reason": "Non."}, headers={"accept": "text/html"}
    )
    assert late.status_code == 409


def test_questions_over_json(world: Any, client: Any) -> None:
    call = given.published(world)
    path = f"/api/v1/calls/{call.id}/questions"
    holder = client("holder")
    assert client(None).post(path, json={"question": "Et moi alors ?"}).status_code == 401
    assert client("officer").post(path, json={"question": "Et moi alors ?"}).status_code == 403
    made = holder.post(
        path, json={"question": " Mon hangar est loué ? "}, headers={"idempotency-key": "question-1"}
    )
    assert made.status_code == 201, made.text
    again = holder.post(
        path, json={"question": " Mon hangar est loué ? "}, headers={"idempotency-key": "question-1"}
    )
    assert again.json()["id"] == made.json()["id"]
    one = made.json()
    assert (one["state"], one["mine"], one["question"]) == ("asked", True, "Mon hangar est loué ?")
    for text in ("court", "x" * 2001, "Un nom \u202etourné ?", "Un \x00 caractère ?", "          "):
        assert holder.post(path, json={"question": text}).status_code == 422
    assert client("rival").get(path).json()["items"] == []
    settle = f"/api/v1/calls/questions/{one['id']}"
    body = {"question": WORDED, "answer": SAID}
    officer = client("officer")
    assert officer.post(f"{settle}/answer", json=body).status_code == 428
    assert client("rival").post(f"{settle}/answer", json=body, headers={"if-match": '"1"'}).status_code == 404
    done = officer.post(f"{settle}/answer", json=body, headers={"if-match": '"1"'})
    assert (done.status_code, done.headers["etag"]) == (200, '"2"')
    (public,) = client(None).get(path).json()["items"]
    assert (public["question"], public["mine"], public["answer"]) == (None, False, SAID)
    assert officer.get(path).json()["items"][0]["question"] == "Mon hangar est loué ?"
    other = holder.post(path, json={"question": "Une autre question ?"}).json()
    aside = f"/api/v1/calls/questions/{other['id']}/set-aside"
    done = officer.post(aside, json={"reason": "Hors sujet."}, headers={"if-match": '"1"'})
    assert (done.json()["state"], done.json()["reason"]) == ("set_aside", "Hors sujet.")


def test_lists_of_questions_cost_the_same_whatever_their_number(
    world: Any, client: Any, statements: Any
) -> None:
    call = given.published(world)
    visitor, officer = client(None), client("officer")
    counts = []
    for n in (1, 3):
        for i in range(n):
            answered(world, asked(world, call, text=f"Question numéro {n}-{i} ?"))
        seen_here = []
        for who, path in (
            (visitor, f"/calls/{call.code}"),
            (visitor, f"/api/v1/calls/{call.id}/questions"),
            (officer, f"/das/calls/{call.id}/questions"),
        ):
            with statements() as seen:
                assert who.get(path).status_code == 200
            seen_here.append(len(seen))
        counts.append(seen_here)
    assert counts[0] == counts[1]


@LANGUAGES
def test_every_state_says_what_it_is(world: Any, client: Any, lang: str) -> None:
    call = given.published(world)
    visitor, officer = client(None), client("officer")
    assert "notice.pdf" in page(visitor, f"/calls/{call.code}", lang)
    moved(world, call)
    closed = page(officer, f"/das/calls/{call.id}", lang)
    assert f'action="/das/calls/{call.id}/review"' in closed
    assert officer.post(f"/das/calls/{call.id}/review", follow_redirects=False).status_code == 303
    assert ("en cours d’examen" if lang == "fr" else "قيد الدراسة") in page(
        visitor, f"/calls/{call.code}", lang
    )
    assert f'href="/calls/{call.code}"' in page(visitor, "/", lang)
    assert page(officer, "/das/calls", lang)
    with transaction(world.chair) as tx:
        LIFECYCLE.fire(tx, tx.get(Call, call.id, "call.decide"), "decide")
    assert "/results" not in main_of(page(visitor, f"/calls/{call.code}", lang))
    with transaction(world.officer) as tx:
        commands.archive(tx, call.id)
    text = page(visitor, f"/calls/{call.code}", lang)
    assert ("Appel archivé" if lang == "fr" else "طلب مشاريع محفوظ") in text
    assert f'action="/calls/{call.code}/questions"' not in page(client("holder"), f"/calls/{call.code}", lang)


def moved(world: Any, call: Call) -> None:
    """The window put into the past, as time would."""
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        row = tx.session.get_one(Call, call.id)
        row.opens_at, row.closes_at = (hour - timedelta(days=20) for hour in (row.opens_at, row.closes_at))


def test_review_over_json(world: Any, client: Any) -> None:
    call = given.published(world)
    path = f"/api/v1/calls/{call.id}/review"
    assert client("officer").post(path).json()["code"] == "call_still_running"
    moved(world, call)
    assert client("officer").post(path).json()["state"] == "in_review"
    assert client("holder").post(path).status_code == 403


def test_an_old_question_is_asked_of_no_closed_call(world: Any, client: Any) -> None:
    call = given.published(world)
    moved(world, call)
    late = client("holder").post(
        f"/calls/{call.code}/questions",
        data={"question": "Trop tard, non ?"},
        headers={"accept": "text/html"},
    )
    assert late.status_code == 409
    with transaction(SYSTEM) as tx:
        assert tx.session.query(CallQuestion).count() == 0


@LANGUAGES
def test_a_draft_says_that_its_call_changed(world: Any, client: Any, lang: str) -> None:
    call = given.published(world)
    draft = applications.draft(world, call)
    holder = client("holder")
    words = "version 2" if lang == "fr" else "الصيغة 2"
    before = page(holder, "/my", lang) + page(holder, f"/applications/{draft.id}", lang)
    assert words not in before
    assert f"/calls/{call.code}#questions" in before
    erratum(world, call, appeal_days=45)
    assert words in page(holder, "/my", lang)
    text = page(holder, f"/applications/{draft.id}", lang)
    assert words in text
    assert f"/calls/{call.code}/versions" in text


@pytest.mark.parametrize(
    ("day", "warned"),
    [("saturday", True), ("holiday", True), ("working", False)],
)
def test_prolonging_to_a_day_off_is_warned_of_and_not_refused(
    world: Any, client: Any, day: str, warned: bool
) -> None:
    call = given.published(world)
    officer = client("officer")
    start = local(call.closes_at).date()
    days = [start + timedelta(days=n) for n in range(1, 366)]
    wanted = {
        "saturday": lambda one: one.weekday() == 5,
        "holiday": lambda one: one.weekday() < 5 and not is_working_day(one),
        "working": is_working_day,
    }[day]
    closing = f"{next(one for one in days if wanted(one))}T16:30"
    form = {"version": str(call.version), "closes_at": closing}
    form |= {"reason_fr": WHY["fr"], "reason_ar": WHY["ar"]}
    said = officer.post(f"/das/calls/{call.id}/extend", data=form, headers={"accept": "text/html"})
    assert said.status_code == 200
    assert 'name="confirmed"' in said.text
    assert ("Rien n’empêche de prolonger" in said.text) is warned
