"""The page of priority chains: what is in force, what comes, and the form that sets a list."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.value_chains import given
from tests.world import HERE, THERE

HTML = {"accept": "text/html"}
TODAY = datetime.now(UTC).date()


def post(browser: Any, **data: str) -> Any:
    return browser.post(f"/das/chains/{HERE}", data=data, headers=HTML, follow_redirects=False)


@pytest.mark.parametrize(("lang", "words"), [("fr", "3 filières prioritaires"), ("ar", "3 سلاسل ذات أولوية")])
def test_what_is_in_force(world: Any, client: Any, lang: str, words: str) -> None:
    given.priorities()
    text = client("officer").get("/das/chains", params={"lang": lang}).text
    assert words in text
    assert f'action="/das/chains/{HERE}"' in text


def test_the_form_is_folded_until_it_is_wanted(world: Any, client: Any) -> None:
    given.chains()
    browser = client("officer")
    assert '<details class="more" open>' in browser.get("/das/chains").text
    given.priorities()
    text = browser.get("/das/chains").text
    assert '<details class="more">' in text
    assert '<details class="more" open>' not in text
    refused = post(browser, **{"from_on": "", "rank.1": "argan"})
    assert '<details class="more" open>' in refused.text


def test_no_list_yet(world: Any, client: Any) -> None:
    given.chains()
    assert "Aucune liste n’est en vigueur" in client("officer").get("/das/chains").text


def test_a_list_to_come(world: Any, client: Any) -> None:
    given.priorities()
    browser = client("officer")
    later = (TODAY + timedelta(days=30)).isoformat()
    answer = post(browser, **{"from_on": later, "rank.2": "argan", "rank.1": "beekeeping", "rank.3": ""})
    assert answer.status_code == 303
    text = browser.get(answer.headers["location"]).text
    assert "La liste est enregistrée" in text
    assert "À partir du" in text


def test_a_refusal_keeps_the_ranks(world: Any, client: Any) -> None:
    given.priorities()
    browser = client("officer")
    twice = post(browser, **{"from_on": TODAY.isoformat(), "rank.1": "argan", "rank.2": "argan"})
    assert twice.status_code == 422
    assert 'href="#rank.1"' in twice.text
    assert post(browser, **{"from_on": "", "rank.1": "argan"}).status_code == 422
    backdated = post(browser, **{"from_on": "2021-01-01", "rank.1": "argan"})
    assert backdated.status_code == 409
    assert "1er janvier 2022" in backdated.text


def test_who_looks_and_who_sets(world: Any, client: Any) -> None:
    given.priorities()
    seen = client("coordination").get("/das/chains", params={"province": THERE})
    assert seen.status_code == 200
    assert '<form class="form"' not in seen.text
    assert client("holder").get("/das/chains", headers=HTML).status_code == 403
    assert post(client("stranger"), **{"from_on": TODAY.isoformat(), "rank.1": "argan"}).status_code == 403
