"""Follow-up over JSON and as pages: lists, the form, corrections, refusals that keep what was typed."""

import re
from typing import Any
from uuid import uuid4

import pytest

from backend.durability.models import ProjectStatus
from tests.durability import given

GOOD = {
    "status": "active",
    "turnover_centimes": "125 000,50 DH",
    "jobs_women": "٤",
    "jobs_men": "2",
    "members": "10",
}


def body(client: Any, who: str | None, path: str, lang: str = "fr") -> str:
    answer = client(who).get(path, headers={"accept": "text/html", "accept-language": lang})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_list_shows_the_late_first(world: Any, client: Any) -> None:
    waves = given.planned(world)
    page = body(client, "coach", "/waves")
    assert "2 projets à interroger\u00a0: 2 en retard" in page
    assert page.index(str(waves[0])) < page.index(str(waves[1]))
    assert str(waves[2]) not in page
    assert str(waves[4]) in body(client, "coach", "/waves?view=planned")
    given.answered(world, waves[0])
    assert "En activité" in body(client, "officer", "/waves?view=answered")


def test_the_list_when_there_is_nothing(world: Any, client: Any) -> None:
    assert "Aucun suivi n’est encore prévu" in body(client, "stranger", "/waves")
    for who in ("evaluator", "chair"):
        assert client(who).get("/waves", headers={"accept": "text/html"}).status_code == 403
    given.planned(world, given.months_ago(1))
    page = body(client, "coach", "/waves?view=nonsense&call=nonsense")
    assert "Aucun projet à interroger aujourd’hui" in page
    assert "Voir les suivis prévus" in page
    assert "Aucune réponse encore" in body(client, "coach", "/waves?view=answered")


def test_everything_answered(world: Any, client: Any) -> None:
    for wave_id in given.planned(world, given.months_ago(61)):
        given.answered(world, wave_id)
    assert "Tous les projets ont répondu" in body(client, "coach", f"/waves?call={world.call}")


def test_the_holder_answers_on_her_page(world: Any, client: Any) -> None:
    wave_id = given.planned(world)[0]
    page = body(client, "holder", f"/waves/{wave_id}")
    assert "jours de retard" in page
    form = GOOD | {"causes": ["outlets", "other"], "note": "Tout va bien.", "version": _version(page)}
    answer = client("holder").post(f"/waves/{wave_id}", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/waves/{wave_id}?saved=1")
    wave = given.wave(wave_id)
    assert (wave.turnover_centimes, wave.jobs_women, wave.jobs_men, wave.members) == (12_500_050, 4, 2, 10)
    assert (wave.causes, wave.note) == (["other", "outlets"], "Tout va bien.")
    page = body(client, "coach", f"/waves/{wave_id}?saved=1")
    assert "Réponse enregistrée" in page
    assert "125\u00a0000,50" in page
    assert '<form class="form"' not in page  # corrected only on purpose
    assert 'value="125' in body(client, "coach", f"/waves/{wave_id}?correct=1")


def test_a_correction_through_the_form_says_who(world: Any, client: Any) -> None:
    wave_id = given.planned(world)[0]
    given.answered(world, wave_id, jobs_women=4)
    page = body(client, "officer", f"/waves/{wave_id}?correct=1")
    form = {"status": "stopped", "version": _version(page)}
    assert client("officer").post(f"/waves/{wave_id}", data=form, follow_redirects=False).status_code == 303
    page = body(client, "officer", f"/waves/{wave_id}")
    assert "Réponse corrigée\u00a0: Arrêté" in page
    assert "Officer" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"status": ""}, "status"),
        ({"status": "asleep"}, "status"),
        ({"turnover_centimes": "300.000"}, "turnover_centimes"),
        ({"turnover_centimes": "1 000 000 000 000"}, "turnover_centimes"),
        ({"jobs_women": "beaucoup"}, "jobs_women"),
        ({"jobs_men": "100001"}, "jobs_men"),
        ({"members": "-4"}, "members"),
        ({"note": "x" * 2001}, "note"),
        ({"causes": ["laziness"]}, "causes"),
        ({"status": "unreachable"}, "turnover_centimes"),
    ],
)
def test_what_cannot_be_read_is_kept_and_said(
    world: Any, client: Any, typed: dict[str, Any], said: str
) -> None:
    wave_id = given.planned(world)[0]
    form = GOOD | {"note": "À garder", "version": "1"} | typed
    answer = client("coach").post(f"/waves/{wave_id}", data=form, headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert f'href="#{said}"' in answer.text
    assert "field." not in answer.text
    for name in ("turnover_centimes", "jobs_women", "jobs_men", "members", "note"):
        assert form[name] in answer.text
    assert given.wave(wave_id).status is None


def test_the_unreachable_with_figures_reads_well_in_both_languages(world: Any, client: Any) -> None:
    wave_id = given.planned(world)[0]
    for lang, words in (("fr", "injoignable n’a pas de chiffres"), ("ar", "المتعذر الاتصال به لا أرقام له")):
        answer = client("coach").post(
            f"/waves/{wave_id}?lang={lang}", data=GOOD | {"status": "unreachable", "version": "1"}
        )
        assert words in answer.text


def test_only_who_looked_for_her_says_that_she_was_not_reached(world: Any, client: Any) -> None:
    wave_id = given.planned(world)[0]
    page = body(client, "holder", f"/waves/{wave_id}")
    assert 'value="unreachable"' not in page
    assert "injoignable" not in page
    assert 'value="unreachable"' in body(client, "coach", f"/waves/{wave_id}")
    form = {"status": "unreachable", "version": _version(page)}
    html = {"accept": "text/html"}
    answer = client("holder").post(f"/waves/{wave_id}", data=form, headers=html)
    assert answer.status_code == 403
    assert "Vous ne pouvez pas vous dire injoignable" in answer.text
    path = f"/api/v1/waves/{wave_id}"
    tag = {"if-match": client("holder").get(path).headers["etag"]}
    refused = client("holder").put(f"{path}/answer", json={"status": "unreachable"}, headers=tag)
    assert (refused.status_code, refused.json()["code"]) == (403, "unreachable_by_staff")
    assert given.wave(wave_id).status is None
    assert client("officer").post(f"/waves/{wave_id}", data=form, follow_redirects=False).status_code == 303


def test_two_people_one_answer(world: Any, client: Any) -> None:
    """The later save with the old version keeps its text and is told."""
    wave_id = given.planned(world)[0]
    given.answered(world, wave_id)
    answer = client("coach").post(f"/waves/{wave_id}", data=GOOD | {"note": "Le mien", "version": "1"})
    assert answer.status_code == 412
    assert "Le mien" in answer.text
    assert _version(answer.text) == str(given.wave(wave_id).version)
    assert client("coach").post(f"/waves/{wave_id}", data=GOOD | {"version": "x"}).status_code == 412


def test_too_early_on_the_page(world: Any, client: Any) -> None:
    waves = given.planned(world)
    page = body(client, "coach", f"/waves/{waves[4]}")
    assert "Trop tôt pour répondre" in page
    assert '<form class="form"' not in page
    answer = client("coach").post(f"/waves/{waves[4]}", data=GOOD | {"version": "1"})
    assert answer.status_code == 409
    assert "Trop tôt pour répondre" in answer.text


def test_readers_see_no_form(world: Any, client: Any) -> None:
    wave_id = given.planned(world)[0]
    page = body(client, "auditor", f"/waves/{wave_id}")
    assert "Pas encore de réponse" in page
    assert client("auditor").post(f"/waves/{wave_id}", data=GOOD).status_code == 403


@pytest.mark.parametrize("who", ["rival", "stranger", "evaluator", "chair"])
def test_others_see_nothing(world: Any, client: Any, who: str) -> None:
    wave_id = given.planned(world)[0]
    assert client(who).get(f"/waves/{wave_id}").status_code == 404
    assert client(who).post(f"/waves/{wave_id}", data=GOOD).status_code == 404
    assert client(who).get(f"/api/v1/waves/{wave_id}").status_code == 404
    assert client(who).get("/api/v1/waves").json()["items"] == []
    assert str(wave_id) not in client(who).get("/waves?view=planned").text


def test_nobody_is_led_to_the_sign_in(world: Any, client: Any) -> None:
    answer = client(None).get("/waves", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fwaves")


@pytest.mark.parametrize("status", list(ProjectStatus))
def test_pages_in_arabic(world: Any, client: Any, status: ProjectStatus) -> None:
    waves = given.planned(world)
    given.answered(world, waves[0], status, causes=["outlets"], note="ملاحظة")
    for path in (
        "/waves",
        "/waves?view=answered",
        f"/waves/{waves[0]}",
        f"/waves/{waves[1]}",
        f"/waves/{waves[4]}",
    ):
        page = body(client, "coach", f"{path}{'&' if '?' in path else '?'}lang=ar")
        assert 'dir="rtl"' in page
        assert not re.search(r"(enum|state|verb|event|field|problem)\.\w", page)


def test_the_list_costs_the_same_for_one_and_three(world: Any, client: Any, statements: Any) -> None:
    waves = given.planned(world, given.months_ago(7))
    coach = client("coach")
    with statements() as one:
        coach.get("/waves")
    given.answered(world, waves[0])
    with statements() as many:
        coach.get("/waves?view=planned")
    assert len(one) == len(many)


def test_over_json(world: Any, client: Any) -> None:
    convention_id = given.signed(world)
    coach, officer = client("coach"), client("officer")
    planned = officer.post("/api/v1/waves/plan", json={"call_id": str(world.call)})
    assert planned.json() == {"planned": 5}
    assert coach.post("/api/v1/waves/plan", json={"call_id": str(uuid4())}).status_code == 404
    listed = coach.get(f"/api/v1/waves?state=planned&convention_id={convention_id}&limit=2").json()
    assert [item["months"] for item in listed["items"]] == [6, 12]
    rest = coach.get(f"/api/v1/waves?call_id={world.call}&province=09.001&cursor={listed['next']}").json()
    assert [item["months"] for item in rest["items"]] == [24, 36, 60]
    due = coach.get("/api/v1/waves", params={"due_by": given.months_ago(0).isoformat()}).json()["items"]
    assert len(due) == 2
    path = f"/api/v1/waves/{due[0]['id']}"
    etag = coach.get(path).headers["etag"]
    assert coach.put(f"{path}/answer", json={"status": "active"}).status_code == 428
    refused = coach.put(
        f"{path}/answer", json={"status": "unreachable", "members": 3}, headers={"if-match": etag}
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0] == {
        "field": "members",
        "code": "unreachable_with_figures",
        "message": "Un projet injoignable n’a pas de chiffres\u00a0: "
        "videz ce champ, ou choisissez une autre situation.",
    }
    done = coach.put(f"{path}/answer", json={"status": "seasonal"}, headers={"if-match": etag})
    assert (done.status_code, done.json()["status"]) == (200, "seasonal")
    assert done.headers["etag"] != etag
    assert (
        coach.put(f"{path}/answer", json={"status": "active"}, headers={"if-match": etag}).status_code == 412
    )
    rows = client(None).get("/api/v1/waves/by-age").json()["rows"]
    assert [(row["months"], row["due"], row["answered"], row["active"]) for row in rows] == [
        (6, 1, 1, 1),
        (12, 1, 0, 0),
    ]


def test_the_filter_by_call_appears_with_a_second_call(world: Any, client: Any) -> None:
    from backend.core.actor import SYSTEM
    from backend.core.tx import transaction
    from backend.funding import commands as funding
    from tests.funding import given as conventions

    given.planned(world)
    first = world.call
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        world.call = conventions.a_call(tx, world, code="agadir-2024")
        application = conventions.a_decision(
            tx, world, world.call, conventions.a_session(tx, world), world.rival_cooperative, 2
        )
    with transaction(world.officer) as tx:
        second = funding.prepare(tx, application)
        funding.sign(tx, second.id, tx.now.date())
    from backend.core import jobs

    jobs.drain()
    page = body(client, "coach", f"/waves?call={first}&view=planned")
    assert '<select name="call">' in page
    assert "5)" in page


def _version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]
