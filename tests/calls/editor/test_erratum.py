"""An erratum through the pages: prepared beside the published call, read as a difference, then published."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.calls import commands
from backend.calls.editor import draft, erratum
from backend.calls.models import Call, CallDraft
from backend.core.clock import arriving
from backend.core.errors import Problem
from backend.core.tx import transaction
from tests.applications import given as applications
from tests.calls import given
from tests.calls.editor.browsing import HTML, fields, opened, sent

WHY = {"fr": "Une erreur dans l’avis publié.", "ar": "خطأ في الإعلان المنشور."}
REASONS = {"reason_fr": WHY["fr"], "reason_ar": WHY["ar"]}


def begun(officer: Any, call: Call) -> str:
    """The first page of an erratum in preparation."""
    answer = officer.post(f"/das/calls/{call.id}/erratum/start", headers=HTML, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/das/calls/{call.id}/edit")
    return f"/das/calls/{call.id}/edit"


def hidden(text: str) -> dict[str, str]:
    """The versions that the page of the difference was read at."""
    return dict(re.findall(r'name="(version|text_version)" value="(\d+)"', text))


def now(world: Any, call: Call) -> Call:
    with transaction(world.officer) as tx:
        return tx.get(Call, call.id, "call.read")


def test_an_erratum_from_its_first_page_to_its_publication(world: Any, client: Any) -> None:
    call = given.published(world)
    applications.draft(world, call)
    officer, where = client("officer"), f"/das/calls/{call.id}/erratum"
    assert "Préparer un rectificatif" in opened(officer, where)
    start = begun(officer, call)
    assert begun(officer, call) == start  # one a call: the same again
    assert "rien ne change encore" in opened(officer, where)
    sent(officer, f"{start}/appeal", appeal_days="45", act="save")
    assert now(world, call).definition["appeal_days"] == 30  # the published call stands
    text = opened(officer, where).replace("\u00a0", " ")
    assert "Rectificatif : 1 point change" in text
    assert "<del>30 jours</del> <ins>45 jours</ins>" in text
    assert "1 porteur sera prévenu" in text
    missing = officer.post(where, data=hidden(text) | {"reason_fr": WHY["fr"]}, headers=HTML)
    assert missing.status_code == 422
    assert WHY["fr"] in missing.text
    done = officer.post(where, data=hidden(text) | REASONS, headers=HTML, follow_redirects=False)
    assert done.headers["location"] == f"/das/calls/{call.id}"
    after = now(world, call)
    assert (after.version_number, after.definition["appeal_days"]) == (2, 45)
    opened(officer, start, 409)
    again = officer.post(where, data=hidden(text) | REASONS, headers=HTML)
    assert again.status_code == 412


def test_what_was_read_is_what_is_published(world: Any, client: Any) -> None:
    call = given.published(world)
    officer, where = client("officer"), f"/das/calls/{call.id}/erratum"
    start = begun(officer, call)
    sent(officer, f"{start}/appeal", appeal_days="45", act="save")
    read = hidden(opened(officer, where))
    sent(officer, f"{start}/appeal", appeal_days="50", act="save")
    stale = officer.post(where, data=read | REASONS, headers=HTML)
    assert stale.status_code == 412
    assert WHY["fr"] in stale.text
    assert "50 jours" in stale.text.replace("\u00a0", " ")
    assert now(world, call).version_number == 1


def test_what_may_not_change_is_said_beside_the_field(world: Any, client: Any) -> None:
    call = given.published(world)
    applications.submitted(world, call)
    officer, where = client("officer"), f"/das/calls/{call.id}/erratum"
    start = begun(officer, call)
    assert "ce point ne change plus" in opened(officer, f"{start}/grid/0")
    assert "prolongez l’appel" in opened(officer, f"{start}/dates")
    sent(officer, f"{start}/grid/0", grid__criteria__0__weight="20", act="save")
    sent(officer, f"{start}/grid/1", grid__criteria__1__weight="25", act="save")
    page = opened(officer, f"{start}/grid/0")
    assert 'id="grid.criteria.0.weight-error"' in page
    text = opened(officer, where).replace("\u00a0", " ")
    assert "Rectificatif : 2 points à corriger" in text
    assert f'href="{start}/grid/0#grid.criteria.0.weight"' in text
    assert "Critère 1, poids : Un dossier a déjà été déposé" in text
    assert "Publier le rectificatif" not in text
    refused = officer.post(where, data=_versions(world, call) | REASONS, headers=HTML)
    assert refused.status_code == 409


def test_a_frozen_weight_is_said_while_the_sum_is_not_yet_right(world: Any, client: Any) -> None:
    call = given.published(world)
    applications.submitted(world, call)
    officer = client("officer")
    start = begun(officer, call)
    page = opened(officer, f"{start}/grid/0")
    typed = fields(page) | {"grid.criteria.0.weight": "20"}
    live = officer.post(f"{start}/grid/0/preview", data=typed, headers=HTML).text.replace("\u00a0", " ")
    assert "Total : 95 sur 100" in live
    assert "poids : Un dossier a déjà été déposé" in live
    assert "Cette page est en ordre" not in live


def test_a_weight_that_leaves_the_sum_wrong_is_no_page_in_order(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    start = f"/das/calls/{call.id}/edit"
    typed = fields(opened(officer, f"{start}/grid/0")) | {"grid.criteria.0.weight": "20"}
    live = officer.post(f"{start}/grid/0/preview", data=typed, headers=HTML).text.replace("\u00a0", " ")
    assert "Total : 95 sur 100" in live
    assert "Le total n’est pas encore 100" in live
    assert "Cette page est en ordre" not in live


def _versions(world: Any, call: Call) -> dict[str, str]:
    with transaction(world.officer) as tx:
        found = tx.get(Call, call.id, "call.read")
        return {"version": str(found.version), "text_version": str(draft.current(tx, found).version)}


def test_an_extension_meanwhile_is_followed(world: Any, client: Any) -> None:
    call = given.published(world)
    officer, where = client("officer"), f"/das/calls/{call.id}/erratum"
    start = begun(officer, call)
    sent(officer, f"{start}/appeal", appeal_days="45", act="save")
    with transaction(world.officer) as tx:
        commands.extend(tx, call.id, call.closes_at + timedelta(days=3), WHY, None)
    text = opened(officer, where).replace("\u00a0", " ")
    assert "Rectificatif : 1 point change" in text
    assert officer.post(where, data=hidden(text) | REASONS, follow_redirects=False).status_code == 303
    after = now(world, call)
    assert (after.version_number, after.closes_at) == (3, call.closes_at + timedelta(days=3))


def test_it_may_be_given_up(world: Any, client: Any) -> None:
    call = given.published(world)
    officer, where = client("officer"), f"/das/calls/{call.id}/erratum/discard"
    opened(officer, where, 409)
    start = begun(officer, call)
    sent(officer, f"{start}/appeal", appeal_days="45", act="save")
    read = hidden(opened(officer, where))
    sent(officer, f"{start}/appeal", appeal_days="46", act="save")
    assert officer.post(where, data=read, headers=HTML).status_code == 412
    read = hidden(opened(officer, where))
    assert officer.post(where, data=read, follow_redirects=False).status_code == 303
    opened(officer, start, 409)
    with transaction(world.officer) as tx:
        assert tx.session.scalar(select(CallDraft.amends)) is None
        with pytest.raises(Problem) as refusal:
            erratum.publish(tx, call.id, WHY, call.version, 1)
    assert refusal.value.code == "erratum_none"


def test_only_while_the_window_is_not_over(world: Any, client: Any) -> None:
    call = given.published(world)
    with arriving(at=call.closes_at + timedelta(seconds=1)), transaction(world.officer) as tx:
        with pytest.raises(Problem) as refusal:
            erratum.begin(tx, call.id)
        assert refusal.value.code == "call_over"
    waiting = given.draft(world, code="waiting")
    with transaction(world.officer) as tx, pytest.raises(Problem) as refusal:
        erratum.begin(tx, waiting.id)
    assert refusal.value.code == "wrong_state"
    answer = client("officer").post(f"/das/calls/{waiting.id}/erratum/start", headers=HTML)
    assert answer.status_code == 409
    for name, status in (("holder", 403), ("auditor", 403), ("stranger", 403)):
        for end in ("", "/start", "/discard"):
            sent_by = client(name).post(f"/das/calls/{call.id}/erratum{end}", headers=HTML)
            assert sent_by.status_code == status, (name, end)


def test_a_faulty_text_is_not_published(world: Any, client: Any) -> None:
    call = given.published(world)
    officer, where = client("officer"), f"/das/calls/{call.id}/erratum"
    start = begun(officer, call)
    sent(officer, f"{start}/grid/0", grid__criteria__0__weight="15", act="save")
    assert "90 au lieu de 100" in opened(officer, where)
    refused = officer.post(where, data=_versions(world, call) | REASONS, headers=HTML)
    assert (refused.status_code, now(world, call).version_number) == (409, 1)


def test_a_tab_left_open_loses_nothing(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer, start = client("officer"), f"/das/calls/{call.id}/edit"
    form = fields(opened(officer, f"{start}/appeal")) | {"appeal_days": "45", "act": "next"}
    with transaction(world.officer) as tx:
        commands.publish(tx, call.id)
    kept = officer.post(f"{start}/appeal", data=form, headers=HTML, follow_redirects=False)
    assert kept.status_code == 409
    assert ">45</textarea>" in kept.text
    action = re.search(r'action="([^"]*erratum/start[^"]*)"', kept.text)
    assert action
    begun_with = officer.post(action[1], data=form, headers=HTML, follow_redirects=False)
    assert begun_with.headers["location"] == f"{start}/appeal"
    assert 'value="45"' in opened(officer, f"{start}/appeal")
    same = fields(opened(officer, f"{start}/appeal"))
    with transaction(world.officer) as tx:
        erratum.discard(tx, call.id, int(_versions(world, call)["text_version"]))
    nothing = officer.post(f"{start}/appeal", data=same | {"appeal_days": "30"}, headers=HTML)
    assert "Rien ne diffère de l’appel publié" in nothing.text


def test_a_text_left_open_loses_nothing_either(world: Any, client: Any) -> None:
    call = given.published(world)
    officer, start = client("officer"), f"/das/calls/{call.id}/edit/text"
    source = "# mine\n" + given.source()
    kept = officer.post(start, data={"source": source, "version": "1"}, headers=HTML)
    assert kept.status_code == 409
    assert "# mine" in kept.text
    begin = f"/das/calls/{call.id}/erratum/start?section=text"
    done = officer.post(begin, data={"source": source}, headers=HTML, follow_redirects=False)
    assert done.headers["location"] == start
    assert "# mine" in opened(officer, start)
    officer.post(start, data={"source": "title: [", "version": "99"}, headers=HTML)
    nowhere = f"/das/calls/{call.id}/erratum/start?section=nothing&item=x"
    assert officer.post(nowhere, data={}, headers=HTML).status_code == 404
