"""The API of people: codes of answers, cookies, versions, keys, and nothing told that should not be."""

from uuid import uuid4

import pytest

from tests.people import given
from tests.world import HERE, THERE

API = "/api/v1"
ORGANISATION = given.ORGANISATION


def problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    return answer.json()


def registered(client, email, password=given.PASSWORD):
    body = {"name": "Amina", "email": email, "password": password, "language": "ar"}
    return client(None).post(f"{API}/people/register", json=body)


def test_register_sign_in_read_oneself_and_sign_out(client):
    email = f"{uuid4().hex}@exemple.ma"
    assert registered(client, email).json() == {"status": "accepted"}
    browser = client(None)
    answer = browser.post(f"{API}/sessions", json={"email": email, "password": given.PASSWORD})
    assert answer.status_code == 201
    assert answer.json()["person"]["grants"][0]["role"] == "holder"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("indh_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert browser.get(f"{API}/me").json()["language"] == "ar"
    ended = browser.delete(f"{API}/sessions")
    assert ended.status_code == 204
    assert 'indh_session=""' in ended.headers["set-cookie"]
    problem(browser.get(f"{API}/me"), 401, "unauthenticated")
    browser.cookies.set("indh_session", cookie.split("=", 1)[1].split(";")[0])
    problem(browser.get(f"{API}/me"), 401, "unauthenticated")


def test_the_cookie_is_secure_over_tls(client, monkeypatch):
    from dataclasses import replace

    from backend.people import cookies

    made = replace(cookies.settings(), base_url="https://indh.example")
    monkeypatch.setattr(cookies, "settings", lambda: made)
    given.registered()
    answer = client(None).post(
        f"{API}/sessions", json={"email": "amina@exemple.ma", "password": given.PASSWORD}
    )
    assert "Secure" in answer.headers["set-cookie"]


def test_registering_twice_answers_the_same(client):
    email = f"{uuid4().hex}@exemple.ma"
    first, second = (
        registered(client, email, password) for password in (given.PASSWORD, "tout à fait autre")
    )
    assert (
        (first.status_code, first.json())
        == (second.status_code, second.json())
        == (202, {"status": "accepted"})
    )
    changing = {"x-request-id", "date"}
    assert {k: v for k, v in first.headers.items() if k not in changing} == {
        k: v for k, v in second.headers.items() if k not in changing
    }


def test_signing_in_wrongly_says_little_and_then_wait(client):
    email = f"{uuid4().hex}@exemple.ma"
    body = {"email": email, "password": "faux mot de passe"}
    for _ in range(5):
        said = problem(client(None).post(f"{API}/sessions", json=body), 401, "bad_credentials")
        assert email not in str(said)
    late = client(None).post(f"{API}/sessions", json=body)
    problem(late, 429, "too_many_requests")
    assert 0 < int(late.headers["retry-after"]) <= 900


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("/sessions", {"email": "a"}, {"password"}),
        ("/sessions", {"email": "a" * 255, "password": "x"}, {"email"}),
        (
            "/people/register",
            {"name": "\u202e", "email": "x", "password": "xyzzy"},
            {"name", "email", "password"},
        ),
        ("/people/register", {"name": "A", "email": "a@b.ma", "password": "x" * 201}, {"password"}),
        ("/people/register", {"name": "A", "email": "a@b.ma", "password": given.PASSWORD, "x": 1}, {"x"}),
    ],
)
def test_bad_bodies_name_their_fields_and_never_what_was_typed(client, path, body, fields):
    answer = client(None).post(f"{API}{path}", json=body)
    said = problem(answer, 422, "invalid")
    assert {error["field"] for error in said["errors"]} == fields
    assert "xyzzy" not in answer.text
    assert all(error["message"] and not error["message"].startswith("field.") for error in said["errors"])


def test_oneself_is_corrected_with_the_version_read(client):
    browser = client("holder")
    read = browser.get(f"{API}/me")
    assert read.headers["etag"] == '"1"'
    patch = {"phone": "٠٦١٢٣٤٥٦٧٨"}
    problem(browser.patch(f"{API}/me", json=patch), 428, "version_required")
    problem(browser.patch(f"{API}/me", json=patch, headers={"if-match": "x"}), 422, "invalid")
    done = browser.patch(f"{API}/me", json=patch, headers={"if-match": '"1"'})
    assert (done.json()["phone"], done.headers["etag"]) == ("+212612345678", '"2"')
    problem(browser.patch(f"{API}/me", json=patch, headers={"if-match": '"1"'}), 412, "version_conflict")


def test_a_token_works_within_its_scopes_until_revoked(client, world):
    browser = client("officer")
    made = browser.post(f"{API}/tokens", json={"name": "tableur", "scopes": ["organisation.read"]})
    assert made.status_code == 201
    bearer = {"authorization": f"Bearer {made.json()['secret']}"}
    program = client(None)
    assert len(program.get(f"{API}/organisations", headers=bearer).json()["items"]) == 2
    problem(program.get(f"{API}/me", headers=bearer), 403, "scope_missing")
    edit = program.patch(
        f"{API}/organisations/{world.tifaout}", json={"phone": ""}, headers=bearer | {"if-match": '"1"'}
    )
    problem(edit, 403, "scope_missing")
    problem(
        program.post(f"{API}/tokens", json={"name": "b", "scopes": ["*"]}, headers=bearer), 403, "forbidden"
    )
    listed = browser.get(f"{API}/tokens").json()["items"]
    assert [token["name"] for token in listed] == ["tableur"]
    assert made.json()["secret"] not in str(listed)
    path = f"{API}/tokens/{made.json()['id']}/revoke"
    problem(client("rival").post(path), 404, "not_found")
    assert browser.post(path).json()["revoked_at"]
    refused = program.get(f"{API}/organisations", headers=bearer)
    problem(refused, 401, "unauthenticated")
    assert refused.headers["www-authenticate"].startswith("Bearer")


def test_a_token_lives_a_year_at_most(client):
    body = {"name": "a", "scopes": ["*"], "expires_in_days": 366}
    problem(client("officer").post(f"{API}/tokens", json=body), 422, "invalid")


def test_people_are_entered_once_per_key(client):
    body = {"name": "Nadia", "email": "nadia@exemple.ma", "password": given.PASSWORD}
    browser, key = client("administrator"), {"idempotency-key": uuid4().hex}
    first = browser.post(f"{API}/people", json=body, headers=key)
    assert first.status_code == 201
    assert browser.post(f"{API}/people", json=body, headers=key).json() == first.json()
    problem(browser.post(f"{API}/people", json=body), 422, "invalid")
    problem(client("officer").post(f"{API}/people", json=body | {"email": "b@exemple.ma"}), 403, "forbidden")


def test_roles_are_given_and_taken_and_accounts_closed(client, world):
    browser, path = client("administrator"), f"{API}/people/{world.coach.id}"
    assert browser.get(path).headers["etag"] == '"1"'
    grant = browser.post(f"{path}/grants", json={"role": "officer", "province_code": THERE})
    assert grant.status_code == 201
    assert len(browser.get(path).json()["grants"]) == 2
    assert browser.post(f"{path}/grants/{grant.json()['id']}/revoke").status_code == 204
    assert len(browser.get(path).json()["grants"]) == 1
    renamed = browser.patch(path, json={"name": "Autre"}, headers={"if-match": '"1"'})
    assert (renamed.json()["name"], renamed.headers["etag"]) == ("Autre", '"2"')
    coach = client("coach")
    assert browser.post(f"{path}/disable").json()["active"] is False
    problem(coach.get(f"{API}/me"), 401, "unauthenticated")
    assert browser.post(f"{path}/enable").json()["active"] is True
    assert coach.get(f"{API}/me").status_code == 200
    problem(browser.post(f"{API}/people/{world.administrator.id}/disable"), 409, "own_account")


def test_lists_of_people_are_filtered(client):
    found = (
        client("auditor")
        .get(f"{API}/people", params={"role": "officer", "province": HERE, "q": "off"})
        .json()
    )
    assert [person["name"] for person in found["items"]] == ["Officer"]
    problem(client("auditor").get(f"{API}/people", params={"cursor": "?"}), 422, "invalid")
    problem(client("auditor").get(f"{API}/people", params={"province": "a"}), 422, "invalid")


def test_an_organisation_from_entry_to_members(client):
    browser, key = client("holder"), {"idempotency-key": uuid4().hex}
    body = ORGANISATION | {"ice": "001561191000068"}
    made = browser.post(f"{API}/organisations", json=body, headers=key)
    assert made.status_code == 201
    assert made.json()["warnings"] == ["ice_check"]
    assert browser.post(f"{API}/organisations", json=body, headers=key).json()["id"] == made.json()["id"]
    path = f"{API}/organisations/{made.json()['id']}"
    assert browser.get(path).headers["etag"] == '"1"'
    member = {"name": "Fadma", "sex": "woman", "birth_year": 2000}
    problem(browser.put(f"{path}/members", json={"members": [member]}), 428, "version_required")
    done = browser.put(f"{path}/members", json={"members": [member]}, headers={"if-match": '"1"'})
    assert done.headers["etag"] == '"2"'
    assert done.json()["composition"]["women_or_youth"] == done.json()["composition"]["total"] == 1
    late = browser.put(f"{path}/members", json={"members": []}, headers={"if-match": '"1"'})
    problem(late, 412, "version_conflict")
    moved = browser.patch(path, json={"ice": None, "name": {"fr": "B"}}, headers={"if-match": '"2"'})
    assert (moved.json()["ice"], moved.json()["name"], moved.json()["warnings"]) == (
        None,
        {"fr": "B", "ar": "B"},
        [],
    )
    problem(browser.patch(path, json={"legal_form": None}, headers={"if-match": '"3"'}), 422, "invalid")
    problem(client("rival").get(path), 404, "not_found")
    listed = browser.get(
        f"{API}/organisations", params={"legal_form": "cooperative", "province": HERE, "q": "b"}
    )
    assert made.json()["id"] in {item["id"] for item in listed.json()["items"]}


def test_an_evaluator_declares_her_tie(client, world):
    path = f"{API}/organisations/{world.tifaout}/interests"
    first = client("evaluator").post(path, json={"reason": "Parente"})
    assert first.status_code == 201
    assert client("evaluator").post(path, json={"reason": "Autre"}).json() == first.json()
    problem(client("evaluator").post(path, json={"reason": " "}), 422, "invalid")
    problem(
        client("evaluator").post(f"{API}/organisations/{uuid4()}/interests", json={"reason": "x"}),
        404,
        "not_found",
    )
    problem(client(None).post(path, json={"reason": "x"}), 401, "unauthenticated")


def test_ipv6_visitors_are_known_by_their_network():
    from backend.people.cookies import address_of

    def visitor(host):
        return type("R", (), {"client": host and type("C", (), {"host": host})()})()

    assert address_of(visitor("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2"
    assert address_of(visitor("192.0.2.1")) == "192.0.2.1"
    assert address_of(visitor(None)) == ""
