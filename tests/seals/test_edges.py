"""The public pages and the API of trust, in both languages, without an account."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from backend.applications.receipts import readable
from backend.committees import commands as committees
from backend.core import commitments
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.applications import given as applications
from tests.decisions import given as decisions
from tests.seals.given import made_up, roots, sealed
from tests.seals.test_proofs import published


@pytest.fixture
def deposit(world: Any) -> Any:
    made = applications.submitted(world)
    sealed()
    return made


def test_the_list_of_seals(client: Any, deposit: Any, statements: Any) -> None:
    browser = client()
    page = browser.get("/api/v1/seals").json()
    assert [one["root"] for one in page["items"]] == roots()[::-1]
    assert set(page["items"][0]) == {"number", "at", "count", "previous", "events_root", "root"}
    last = page["items"][0]
    assert browser.get(f"/api/v1/seals/{last['number']}").json() == last
    assert browser.get("/api/v1/seals/99999").status_code == 404
    for path in ("/seals", f"/seals/{last['number']}", "/verify"):
        with statements() as seen:
            answer = browser.get(path)
        assert answer.status_code == 200
        assert last["root"][:8] in answer.text
        assert len(seen) <= 3, seen


def test_pages_of_seals_follow_each_other(client: Any, world: Any) -> None:
    for n in range(3):
        applications.submitted(world, applications.open_call(world, code=f"agadir-{n}"))
        sealed()
    found, cursor = [], ""
    while cursor is not None:
        page = client().get("/api/v1/seals", params={"limit": 1, "cursor": cursor or None}).json()
        found += [one["root"] for one in page["items"]]
        cursor = page["next"]
    assert found == roots()[::-1]


def test_the_exported_list_checks_the_exported_proof(client: Any, deposit: Any) -> None:
    from backend.seals import proof

    browser = client()
    made = browser.get(f"/api/v1/proofs/receipts/{deposit.receipt_code}")
    assert made.headers["content-disposition"] == 'attachment; filename="proof-receipt.json"'
    listed = browser.get("/api/v1/seals/export")
    assert listed.json()["seals"][0]["number"] == 1
    verdict = proof.verify(made.content, roots()[-1], listed.content)
    assert (verdict.ok, verdict.anchored) == (True, True)
    assert browser.get("/api/v1/seals/export?since=2").json()["seals"] == listed.json()["seals"][1:]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_proof_is_checked_on_the_page(client: Any, deposit: Any, lang: str) -> None:
    browser = client()
    headers = {"accept-language": lang}
    content = browser.get(f"/api/v1/proofs/receipts/{deposit.receipt_code}").text
    right = {"fr": "Cette preuve est exacte", "ar": "هذا الدليل صحيح"}[lang]
    wrong = {"fr": "Cette preuve ne tient pas", "ar": "هذا الدليل لا يصح"}[lang]
    for given in ({"data": {"proof": content}}, {"files": {"file": ("proof.json", content.encode())}}):
        answer = browser.post("/verify", headers=headers, **given)
        assert answer.status_code == 200
        assert right in answer.text
        assert readable(deposit.content_sha256) in answer.text
    anchored = browser.post("/verify", headers=headers, data={"proof": content, "root": roots()[-1]})
    assert anchored.status_code == 200
    for bad in (
        {"proof": content.replace('"number":1', '"number":2')},
        {"proof": "{}"},
        {"proof": content, "root": "00" * 32},
    ):
        answer = browser.post("/verify", headers=headers, data=bad)
        assert answer.status_code == 422
        assert wrong in answer.text
    none = browser.post("/verify", headers=headers, data={})
    assert none.status_code == 422
    assert "error-summary" in none.text


def test_a_seal_that_is_not_ours_is_said(client: Any, deposit: Any) -> None:
    answer = client().post("/verify", data={"proof": json.dumps(made_up())})
    assert answer.status_code == 200
    assert "son sceau n’est pas d’ici" in answer.text
    assert "Funded" not in answer.text


def test_what_a_forged_proof_says_is_escaped(client: Any, deposit: Any) -> None:
    forged: Any = made_up()
    forged["event"]["shown"][0][2]["name"] = "<script>alert(1)</script>"
    answer = client().post("/verify", data={"proof": json.dumps(forged)})
    assert "<script>alert" not in answer.text


def test_the_check_of_programs(client: Any, deposit: Any) -> None:
    browser = client()
    made = browser.get(f"/api/v1/proofs/receipts/{deposit.receipt_code}").json()
    verdict = browser.post("/api/v1/proofs/check", json={"proof": made}).json()
    assert (verdict["valid"], verdict["known"], verdict["faults"]) == (True, True, [])
    other = browser.post("/api/v1/proofs/check", json={"proof": made_up()}).json()
    assert (other["valid"], other["known"]) == (True, False)
    wrong = browser.post("/api/v1/proofs/check", json={"proof": made, "root": "00"}).json()
    assert [one["code"] for one in wrong["faults"]] == ["root_differs"]
    assert set(wrong["faults"][0]["words"]) == {"fr", "ar"}
    huge = made_up() | {"seal": made_up()["seal"] | {"number": 10**30}}
    assert browser.post("/api/v1/proofs/check", json={"proof": huge}).json()["known"] is False


def test_who_gets_a_decisions_proof(client: Any, world: Any) -> None:
    made = decisions.adopted(world)[0]
    address = f"/proofs/decisions/{made.id}"
    assert client("officer").get(f"/api/v1{address}").status_code == 409
    waiting = client("officer").get(address)
    assert waiting.status_code == 409
    assert "Pas encore scellé" in waiting.text
    sealed()
    assert client().get(f"/api/v1{address}").status_code == 401
    assert client().get(address, follow_redirects=False).status_code == 303
    assert client("stranger").get(f"/api/v1{address}").status_code == 404
    page = client("officer").get(address)
    assert page.status_code == 200
    assert f"/api/v1{address}" in page.text
    with transaction(SYSTEM) as tx:
        number = tx.session.scalar(
            text("SELECT number FROM application WHERE id = :id"), {"id": made.application_id}
        )
    assert number in page.text.replace("\u2060", "")
    published(made.call_id, world.officer)
    assert client().get(f"/api/v1{address}").json()["record"] is None
    public = client().get(address)
    assert public.status_code == 200
    assert number not in public.text.replace("\u2060", "")


def test_who_gets_the_proof_of_minutes(client: Any, world: Any) -> None:
    decisions.adopted(world)
    with transaction(world.officer) as tx:
        committees.close_session(tx, world.session)
    sealed()
    with transaction(SYSTEM) as tx:
        key = tx.session.scalar(text("SELECT id FROM minutes"))
    for prefix in ("", "/api/v1"):
        address = f"{prefix}/proofs/minutes/{key}"
        assert client("chair").get(address).status_code == 200
        assert client("stranger").get(address).status_code == 404
        assert client().get(address, follow_redirects=False).status_code == (401 if prefix else 303)


def test_a_dossier_that_a_proof_names_oddly(client: Any, deposit: Any) -> None:
    for value in (5, "x", None):
        odd: Any = made_up()
        odd["event"]["shown"][1][1:] = ["data.application", value]
        digests = [commitments.part_digest(*one) for one in odd["event"]["shown"]]
        leaf = commitments.leaf([*digests, bytes.fromhex(odd["event"]["hidden"][0])])
        odd["seal"] |= {"count": 1, "events_root": leaf.hex()}
        odd["leaf"] = {"index": 0, "path": []}
        rest = {key: value for key, value in odd["seal"].items() if key != "root"}
        odd["seal"]["root"] = commitments.seal_root(**rest)
        assert client().post("/verify", data={"proof": json.dumps(odd)}).status_code == 200
