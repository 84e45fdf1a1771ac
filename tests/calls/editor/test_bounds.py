"""What the editor's pages cost, and what they answer to anything."""

from typing import Any

from tests.calls import given
from tests.calls.editor.browsing import HTML, RULES, opened


def test_pages_cost_the_same_whatever_the_rules(world: Any, client: Any, statements: Any) -> None:
    officer = client("officer")
    counts = []
    for n in (1, 3):
        call = given.draft(
            world, code=f"call-{n}", rules=RULES[:1] + [RULES[1] | {"code": f"r{i}"} for i in range(n)]
        )
        for end in ("/edit", "/edit/rules", "/edit/rules/0"):
            with statements() as seen:
                opened(officer, f"/das/calls/{call.id}{end}")
            counts.append(len(seen))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 7


def test_hostile_forms_are_answered(world: Any, client: Any) -> None:
    call = given.draft(world, rules=RULES)
    officer = client("officer")
    junk = {
        "act": "wrap:rules.0.check.any.0.by:all",
        "rules.0.check.kind": "all",
        "rules.0.check.n": "999999",
    }
    junk |= {
        "rules.0.check.0.kind": "fact",
        "rules.0.check.0.fact": "no.such",
        "legal_forms._": "1",
        "caps.indh_amount.mode": "by",
    }
    for end in ("rules/0", "rules", "money", "who", "grid/0", "tranches", "sectors"):
        for kind in ("", "/preview", "/redraw"):
            answer = officer.post(
                f"/das/calls/{call.id}/edit/{end}{kind}", data=junk, headers=HTML, follow_redirects=False
            )
            assert answer.status_code < 500, (end, kind)


def test_hostile_bodies_are_answered(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    path = f"/api/v1/calls/{call.id}/draft"
    body = given.body()
    bodies: list[Any] = [
        {"a": 1.5, "b": [None, {}], "": "x", "rules": [1, None, {"check": {"all": []}}]},
        body | {"caps": {"indh_amount": {"by": 3}}, "grid": [], "tranches": {"a": 1}},
        body | {"extends": "../../etc/passwd"},
        body | {"extends": 3, "title": [], "opens_at": 5, "issuer": "me"},
        {"source": "\ufeff%YAML 1.1\n---\n!!python/object {}"},
        {"source": ""},
        {"source": "a: &x [*x]"},
    ]
    for sent in bodies:
        assert officer.post("/api/v1/calls/preview", json=sent).status_code == 200
        version = officer.get(path).headers["etag"]
        answer = officer.put(path, json=sent, headers={"if-match": version})
        assert answer.status_code in (200, 422), answer.text
        for end in ("", "/text", "/dry-run", "/money", "/rules", "/grid", "/issuer", "/tranches"):
            page = officer.get(f"/das/calls/{call.id}/edit{end}", headers=HTML)
            assert page.status_code == 200, (sent, end)
