"""What a dossier's page says of what comes after it, and its history folded."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from backend.applications.pages.officer import folded
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from backend.funding.models import Convention
from tests.applications import given
from tests.funding import given as funding

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def event(name: str, section: str = "", minutes: int = 0, who: str = "Amina") -> Any:
    data = {"section": section} if section else {}
    return SimpleNamespace(name=name, at=NOON + timedelta(minutes=minutes), actor_name=who, data=data)


def test_sections_saved_one_after_another_make_one_line() -> None:
    lines = folded(
        list(
            reversed(
                [
                    event("application.created"),
                    event("application.saved", "budget", 1),
                    event("application.saved", "budget", 2),
                    event("application.saved", "project", 3),
                    event("application.saved", "project", 4, "Brahim"),
                    event("application.saved", "project", 60 * 24),
                    event("application.submitted", "", 60 * 25),
                ]
            )
        )
    )
    assert [line.sections for line in lines] == [[], ["project"], ["project"], ["project", "budget"], []]
    assert lines[3].at == NOON + timedelta(minutes=3)


def application_of(convention_id: Any) -> Any:
    with transaction(SYSTEM) as tx:
        return tx.session.get_one(Convention, convention_id).application_id


@pytest.mark.parametrize(("lang", "words"), [("fr", "Votre convention est prête"), ("ar", "اتفاقيتكم جاهزة")])
def test_a_holder_reads_what_happens_next(world: Any, client: Any, lang: str, words: str) -> None:
    convention = funding.prepared(world)
    found = application_of(convention)
    text = client("holder").get(f"/applications/{found}", params={"lang": lang}).text
    assert words in text
    assert f'href="/conventions/{convention}"' in text
    assert f'href="/applications/{found}/decision"' in text


def test_the_officer_goes_on_from_the_call_and_from_the_dossier(world: Any, client: Any) -> None:
    convention = funding.prepared(world)
    with transaction(SYSTEM) as tx:
        call = tx.session.get_one(Convention, convention).call_id
    browser = client("officer")
    dossier = browser.get(f"/das/applications/{application_of(convention)}").text
    assert f'href="/conventions/{convention}"' in dossier
    text = browser.get(f"/das/calls/{call}").text
    for page in ("applications", "assignments", "ranking"):
        assert f'href="/das/calls/{call}/{page}"' in text
    assert f'href="/conventions?call={call}"' in text
    assert 'href="/sessions/' in text


@pytest.mark.parametrize(("lang", "words"), [("fr", "Saisir son dossier"), ("ar", "إدخال ملف لهذا التنظيم")])
def test_an_officer_goes_from_an_organisation_to_its_dossier(
    world: Any, client: Any, lang: str, words: str
) -> None:
    call = given.open_call(world)
    officer = client("officer")
    text = officer.get(f"/organisations/{world.tifaout}", params={"lang": lang}).text
    way = re.search(rf'href="(/das/calls/{call.id}/assist\?q=[^"]+)"', text)
    assert way
    assert words in text
    assert f'value="{world.tifaout}"' in officer.get(way[1]).text  # found by its own name
    begin = officer.get("/my/applications/new").text
    assert f'href="/das/calls/{call.id}/assist"' in begin
    assert "Inscrivez d’abord votre organisation" not in begin
    for path in (f"/organisations/{world.tifaout}", "/my/applications/new"):
        assert f"/das/calls/{call.id}/assist" not in client("holder").get(path).text
