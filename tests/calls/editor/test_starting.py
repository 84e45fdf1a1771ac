"""New calls: from the template, from another call, of another province or year."""

from datetime import UTC, datetime
from typing import Any

from backend.calls.callfile import from_json
from backend.calls.editor import draft
from backend.calls.editor.starting import copy_of
from backend.calls.models import Call, CallState
from backend.core.tx import transaction
from tests.calls import given
from tests.calls.editor.browsing import HTML, RULES, opened


def test_a_call_is_begun_from_the_template_and_from_another(world: Any, client: Any) -> None:
    officer = client("officer")
    assert "Nouvel appel" in opened(officer, "/das/calls/start")
    made = officer.post(
        "/das/calls/start", data={"code": "agadir-next"}, headers=HTML, follow_redirects=False
    )
    start = made.headers["location"]
    assert "L’appel est en ordre" in opened(officer, start)
    used = officer.post("/das/calls/start", data={"code": "agadir-next"}, headers=HTML)
    assert used.status_code == 409
    assert "Un autre appel porte déjà ce code" in used.text
    bad = officer.post("/das/calls/start", data={"code": "Pas Un Code"}, headers=HTML)
    assert bad.status_code == 422
    assert 'value="Pas Un Code"' in bad.text
    assert "des minuscules sans accent" in bad.text
    assert "Code de l’appel\u00a0: Le code commence par une lettre" in bad.text
    assert "Illisible" not in bad.text
    assert "Réponse illisible" not in bad.text
    nowhere = officer.post("/das/calls/start", data={"code": "a", "province": "01.051"}, headers=HTML)
    assert nowhere.status_code == 422
    old = given.published(world, rules=RULES)
    copied = officer.post(
        "/das/calls/start",
        data={"code": "agadir-copy", "source": str(old.id)},
        headers=HTML,
        follow_redirects=False,
    )
    assert copied.status_code == 303
    with transaction(world.officer) as tx:
        call = tx.session.query(Call).filter_by(code="agadir-copy").one()
        assert call.state is CallState.DRAFT
        assert [rule["code"] for rule in call.definition["rules"]] == ["women", "cap"]
        assert call.closes_at > tx.now
    missing = {"code": "b", "source": "00000000-0000-7000-8000-000000000000"}
    assert officer.post("/das/calls/start", data=missing, headers=HTML).status_code == 404


def test_a_copy_in_another_province_takes_its_committee(world: Any) -> None:
    old = given.published(world, communes=["09.001.05.09"])
    with transaction(world.stranger) as tx:
        call = draft.copy(tx, old.id, "taroudannt-1", "09.541")
        assert call.definition["issuer"]["territory"]["fr"] == "la province de Taroudannt"
        assert not call.definition.get("communes")


def test_windows_of_the_past_move_ahead_by_whole_years(world: Any) -> None:
    file = given.call_file(
        opens_at=datetime(2024, 2, 28, 8, tzinfo=UTC), closes_at=datetime(2024, 2, 29, 15, 30, tzinfo=UTC)
    )
    data = copy_of(file, "b", "09.001", {}, datetime(2025, 6, 1, tzinfo=UTC))
    assert (data["opens_at"], data["closes_at"]) == ("2026-02-28 09:00", "2026-02-28 16:30")
    from_json(data)


def test_a_call_that_is_open_is_copied_for_a_window_to_come(world: Any) -> None:
    file = given.call_file(
        opens_at=datetime(2026, 11, 13, 8, tzinfo=UTC), closes_at=datetime(2026, 12, 4, 15, 30, tzinfo=UTC)
    )
    data = copy_of(file, "b", "09.001", {}, datetime(2026, 11, 22, tzinfo=UTC))
    assert (data["opens_at"][:10], data["closes_at"][:10]) == ("2027-11-13", "2027-12-04")
