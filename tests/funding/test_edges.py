"""Conventions over HTTP: the JSON edge and the pages, in both languages, for each reader."""

from datetime import UTC, datetime
from typing import Any

import pytest

from . import given

API = "/api/v1"


def test_the_whole_life_over_the_api(world: Any, client: Any) -> None:
    (application_id,) = given.funded(world)
    officer = client("officer")
    key = {"Idempotency-Key": "convention-1"}
    made = officer.post(f"{API}/conventions", json={"application_id": str(application_id)}, headers=key)
    assert made.status_code == 201, made.text
    convention = made.json()
    again = officer.post(f"{API}/conventions", json={"application_id": str(application_id)}, headers=key)
    assert again.status_code == 201
    assert again.json() == convention
    assert officer.post(f"{API}/conventions", json={"application_id": str(application_id)}).status_code == 409
    assert (
        sum(t["amount_centimes"] for t in convention["tranches"])
        == convention["amount_centimes"]
        == given.GRANT
    )
    assert sorted(convention["allowed_verbs"]) == ["cancel", "sign"]

    path = f"{API}/conventions/{convention['id']}"
    read = officer.get(path)
    assert read.headers["etag"] == '"1"'
    body = {"signed_on": datetime.now(UTC).date().isoformat()}
    assert officer.post(f"{path}/sign", json=body).status_code == 428
    signed = officer.post(f"{path}/sign", json=body, headers={"If-Match": '"1"'})
    assert signed.json()["state"] == "signed"
    assert signed.headers["etag"] == '"2"'
    late = officer.post(f"{path}/prove-own", json={"evidence": "Relevé"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    first = convention["tranches"][0]["id"]
    refused = officer.post(f"{API}/tranches/{first}/release", json={"evidence": "Relevé"})
    assert (refused.status_code, refused.json()["code"]) == (409, "own_contribution_not_proven")
    proven = officer.post(f"{path}/prove-own", json={"evidence": "Relevé"}, headers={"If-Match": '"2"'})
    assert proven.json()["own_evidence"] == "Relevé"
    released = officer.post(f"{API}/tranches/{first}/release", json={"evidence": "Relevé"})
    assert released.json()["state"] == "released"
    listed = officer.get(f"{API}/conventions").json()
    assert (
        listed["released_centimes"]
        == listed["items"][0]["released_centimes"]
        == released.json()["amount_centimes"]
    )
    assert [
        t["number"]
        for t in officer.get(f"{API}/tranches?state=planned&convention_id={convention['id']}").json()["items"]
    ] == [2, 3]
    assert len(officer.get(f"{API}/tranches").json()["items"]) == 3
    version = officer.get(path).headers["etag"]
    cancelled = officer.post(f"{path}/cancel", json={"reason": "Dissoute"}, headers={"If-Match": version})
    assert (cancelled.json()["state"], cancelled.json()["allowed_verbs"]) == ("cancelled", [])


def test_a_call_prepared_over_the_api(world: Any, client: Any) -> None:
    given.funded(world, count=3)
    officer = client("officer")
    body = {"call_id": str(world.call)}
    assert len(officer.post(f"{API}/conventions/prepare", json=body).json()["items"]) == 3
    assert officer.post(f"{API}/conventions/prepare", json=body).json()["items"] == []
    page = officer.get(f"{API}/conventions?limit=2&state=prepared&call_id={world.call}").json()
    assert (len(page["items"]), page["count"]) == (2, 3)
    rest = officer.get(f"{API}/conventions", params={"limit": 2, "cursor": page["next"]}).json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("holder", 200),
        ("coach", 200),
        ("auditor", 200),
        ("rival", 404),
        ("stranger", 404),
        ("evaluator", 404),
        (None, 401),
    ],
)
def test_who_reads_over_the_api(world: Any, client: Any, who: str | None, status: int) -> None:
    convention_id = given.payable(world)
    assert client(who).get(f"{API}/conventions/{convention_id}").status_code == status


@pytest.mark.parametrize("body", [{}, {"signed_on": "hier"}, {"signed_on": "2026-01-01", "x": 1}, []])
def test_bad_bodies(world: Any, client: Any, body: Any) -> None:
    convention_id = given.prepared(world)
    answer = client("officer").post(
        f"{API}/conventions/{convention_id}/sign", json=body, headers={"If-Match": "1"}
    )
    assert answer.status_code == 422


def page(browser: Any, path: str, lang: str = "fr") -> str:
    answer = browser.get(path, params={"lang": lang}, headers={"accept": "text/html"})
    assert answer.status_code == 200, answer.text[:2000]
    text: str = answer.text
    return text


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_pages_in_each_state(world: Any, client: Any, lang: str) -> None:
    officer = client("officer")
    assert page(officer, "/conventions", lang)
    (_application_id,) = given.funded(world)
    waiting = page(officer, "/conventions", lang)
    assert f'name="call_id" value="{world.call}"' in waiting
    answer = officer.post("/conventions/prepare", data={"call_id": str(world.call)}, follow_redirects=False)
    assert answer.status_code == 303
    done = page(officer, answer.headers["location"].split("?")[0], lang)
    assert "/conventions/" in done
    convention_id = officer.get(f"{API}/conventions").json()["items"][0]["id"]
    path = f"/conventions/{convention_id}"
    first = page(officer, path, lang)
    assert "{" not in first.split("</head>")[1]
    for form, data in (
        ("sign", {"signed_on": datetime.now(UTC).date().isoformat(), "version": "1"}),
        ("prove-own", {"own_evidence": "Relevé", "version": "2"}),
        *((f"tranches/{t}/release", {"evidence": "Facture"}) for t in given.tranches(convention_id)),
    ):
        answer = officer.post(f"{path}/{form}", data=data, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        shown = officer.get(answer.headers["location"], params={"lang": lang})
        assert shown.status_code == 200
    assert "entièrement versé" in page(officer, path)
    assert "/release" not in page(officer, path)
    version = officer.get(f"{API}{path}").headers["etag"].strip('"')
    officer.post(f"{path}/cancel", data={"reason": "Dissoute", "version": version})
    assert "Dissoute" in page(officer, path, lang)
    assert page(officer, f"/conventions?state=cancelled&call={world.call}", lang)
    assert page(officer, "/conventions?state=nothing&call=nothing", lang)


def test_a_refused_form_keeps_what_was_typed(world: Any, client: Any) -> None:
    convention_id = given.payable(world)
    officer = client("officer")
    path = f"/conventions/{convention_id}"
    third = given.tranches(convention_id)[2]
    answer = officer.post(
        f"{path}/tranches/{third}/release", data={"evidence": "Facture n° 7"}, headers={"accept": "text/html"}
    )
    assert answer.status_code == 409
    assert "Facture n° 7" in answer.text
    assert "La tranche 1 passe avant la tranche 3" in answer.text
    answer = officer.post(
        f"{path}/cancel", data={"reason": "Parce que", "version": "1"}, headers={"accept": "text/html"}
    )
    assert answer.status_code == 412
    assert "Parce que" in answer.text
    answer = officer.post(
        f"{path}/cancel", data={"reason": " ", "version": "x"}, headers={"accept": "text/html"}
    )
    assert answer.status_code == 412
    gone = officer.post(
        f"{path}/prove-own",
        data={"own_evidence": "Chèque n° 9", "version": "1"},
        headers={"accept": "text/html"},
    )
    assert gone.status_code == 412
    assert "Vous aviez saisi\u00a0: Chèque n° 9" in gone.text


def test_an_empty_field_is_said_beside_it(world: Any, client: Any) -> None:
    path = f"/conventions/{given.signed(world)}/prove-own"
    answer = client("officer").post(
        path, data={"own_evidence": "", "version": "2"}, headers={"accept": "text/html"}
    )
    assert answer.status_code == 422
    assert 'href="#own_evidence"' in answer.text


@pytest.mark.parametrize(
    ("typed", "words"), [("", "missing"), ("hier", "unreadable"), ("2999-01-01", "future")]
)
def test_a_wrong_day_is_said_beside_the_field(world: Any, client: Any, typed: str, words: str) -> None:
    convention_id = given.prepared(world)
    answer = client("officer").post(
        f"/conventions/{convention_id}/sign",
        data={"signed_on": typed, "version": "1"},
        headers={"accept": "text/html"},
    )
    assert answer.status_code == 422
    assert 'id="signed_on-error"' in answer.text
    assert words


def test_the_holder_reads_hers_and_finds_no_form(world: Any, client: Any) -> None:
    convention_id = given.prepared(world)
    holder = client("holder")
    assert "Miel" in page(holder, "/conventions")
    shown = page(holder, f"/conventions/{convention_id}")
    assert '<form class="form"' not in shown
    assert "part propre" in shown
    refused = holder.post(f"/conventions/{convention_id}/cancel", data={"reason": "x", "version": "1"})
    assert refused.status_code == 403
    assert client("rival").get(f"/conventions/{convention_id}").status_code == 404
    visitor = client(None).get("/conventions", headers={"accept": "text/html"}, follow_redirects=False)
    assert visitor.status_code == 303
    assert visitor.headers["location"].startswith("/sign-in?next=")
