"""Pages of the committees, in both languages."""

from typing import Any
from uuid import uuid4

import pytest

from backend.committees import commands
from backend.committees.commands import SeatTerms
from backend.committees.models import College, CommitteeKind, Procedure
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.committees import given
from tests.world import HERE

LANGUAGES = pytest.mark.parametrize("lang", ["fr", "ar"])


def page(browser: Any, path: str, lang: str = "fr", status: int = 200) -> str:
    answer = browser.get(path, params={"lang": lang}, headers={"accept": "text/html"})
    assert answer.status_code == status, answer.text[:2000]
    return str(answer.text)


@LANGUAGES
def test_the_list_is_public(world: Any, client: Any, lang: str, statements: Any) -> None:
    with statements() as one:
        text = page(client(None), "/committees", lang)
    assert f'href="/committees/{world.committee}"' in text
    for _ in range(2):
        with transaction(world.officer) as tx:
            commands.create_committee(tx, HERE, CommitteeKind.CLDH, given.TEXT, ("1", given.WHEN.date()))
    with statements() as three:
        page(client(None), "/committees", lang)
    assert len(one) == len(three) <= 4


@LANGUAGES
def test_composition_and_rules_in_words(world: Any, client: Any, lang: str) -> None:
    with transaction(world.officer) as tx:
        terms = SeatTerms(College.CIVIL_SOCIETY, given.TEXT, given.WHEN.date(), votes=False)
        commands.add_seat(tx, world.committee, world.coach.id, terms)
    text = page(client(None), f"/committees/{world.committee}", lang)
    assert "Evaluator" in text
    assert ("83\u00a0%" if lang == "fr" else "83%") in text
    assert "1/2" in text
    assert "/sessions/" not in text
    if lang == "fr":
        assert "3 sièges à voix délibérative sur 5" in text


def test_members_find_their_sessions(world: Any, client: Any) -> None:
    session = given.session(world)
    assert f"/sessions/{session.id}" in page(client("evaluator"), f"/committees/{world.committee}")
    assert "/sessions/" not in page(client("holder"), f"/committees/{world.committee}")


def test_empty_states(world: Any, client: Any) -> None:
    with transaction(world.officer) as tx:
        empty = commands.create_committee(tx, HERE, CommitteeKind.CLDH, given.TEXT, ("1", given.WHEN.date()))
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        for row in tx.session.query(Procedure).filter_by(committee_id=empty.id):
            tx.session.delete(row)
    text = page(client(None), f"/committees/{empty.id}")
    assert "Aucun siège attribué" in text
    assert "Aucun règlement" in text
    page(client(None), f"/committees/{uuid4()}", status=404)


def test_no_committee_and_many(world: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.committees import queries
    from backend.core.paging import Page

    real = queries.committees
    monkeypatch.setattr(queries, "committees", lambda *a, **k: Page([], None))
    assert "Aucun comité n’est encore inscrit" in page(client(None), "/committees")
    monkeypatch.setattr(queries, "committees", lambda *a, **k: Page(real(*a, **k).items, "next"))
    assert "cursor=next" in page(client(None), "/committees")


@LANGUAGES
def test_titles_say_how_it_stands(world: Any, client: Any, lang: str) -> None:
    words = {
        "sits": ("1 comité siège", "لجنة واحدة قائمة"),
        "vacant": ("1 comité attend ses membres", "لجنة واحدة تنتظر"),
        "none": (": aucun siège attribué", "لم يُسند أي مقعد"),
        "seats": (": 5 sièges pourvus", "5 مقاعد مشغولة"),
    }
    which = ("fr", "ar").index(lang)

    def said(path: str) -> str:
        return page(client(None), path, lang).replace("\u00a0", " ")

    assert words["sits"][which] in said("/committees")
    assert words["seats"][which] in said(f"/committees/{world.committee}")
    with transaction(world.officer) as tx:
        empty = commands.create_committee(tx, HERE, CommitteeKind.CLDH, given.TEXT, ("1", given.WHEN.date()))
    assert words["vacant"][which] in said("/committees")
    assert words["none"][which] in said(f"/committees/{empty.id}")
