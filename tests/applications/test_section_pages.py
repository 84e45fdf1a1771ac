"""Pages of one section: what is typed is kept or given back, two tabs, choices that the call refuses."""

import re
from html import unescape
from typing import Any

import pytest

from backend.applications.schemas import WRITTEN
from tests.applications import given
from tests.applications.test_pages import HTML, form_of, get, kept, post, visible


def test_what_was_typed_is_given_back_with_its_errors(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    answer = post(
        browser, f"/applications/{made.id}/budget", 422, version="1",
        **{"lines.0.label": "Presse <b>", "lines.0.kind": "investment", "lines.0.amount_centimes": "12,345"},
    )  # fmt: skip
    assert "Presse &lt;b&gt;" in answer.text
    assert "12,345" in answer.text
    assert 'href="#lines.0.amount_centimes"' in answer.text
    assert kept(made).content == {}
    answer = post(browser, f"/applications/{made.id}/results", 422, version="1", jobs_women="beaucoup")
    assert "beaucoup" in answer.text
    answer = post(browser, f"/applications/{made.id}/project", 422, version="1", title="x" * 300)
    assert "x" * 300 in answer.text
    answer = post(
        browser, f"/applications/{made.id}/project", 422, version="1", sector="piracy", title="a\0b"
    )
    assert kept(made).content == {}


def test_what_is_wrong_in_a_budget_names_its_line(world: Any, client: Any) -> None:
    wrong = {"lines.0.label": "Presse", "lines.1.label": "Moulin", "lines.1.unit_price_centimes": "12,345"}
    made = given.draft(world)
    answer = post(client("holder"), f"/applications/{made.id}/budget", 422, version="1", **wrong)
    assert 'href="#lines.1.unit_price_centimes">Ligne 2, Prix unitaire' in answer.text


def test_money_is_read_as_people_write_it(world: Any, client: Any) -> None:
    made = given.draft(world)
    typed = {"indh_centimes": "٢٤٠ ٠٠٠٫٥٠", "own_cash_centimes": "100 000 DH", "own_in_kind_centimes": "0"}
    post(client("holder"), f"/applications/{made.id}/financing", version="1", loan_centimes=" ", **typed)
    assert kept(made).content["financing"] == {
        "indh_centimes": 24_000_050,
        "own_cash_centimes": 10_000_000,
        "own_in_kind_centimes": 0,
    }


def test_more_budget_lines(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    answer = post(
        browser, f"/applications/{made.id}/budget", version="1", then="more", **{"lines.0.label": "Presse"}
    )
    page = get(browser, answer.headers["location"].split("#")[0])
    assert 'name="lines.3.label"' in page
    assert 'name="lines.4.label"' not in page


def test_a_budget_line_without_its_name_or_kind_is_not_counted(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    lines = {
        "lines.0.label": "Presse", "lines.0.kind": "investment", "lines.0.amount_centimes": "1000",
        "lines.1.label": "Bureau", "lines.1.kind": "", "lines.1.amount_centimes": "70000",
        "lines.2.label": "", "lines.2.kind": "running", "lines.2.amount_centimes": "50000",
    }  # fmt: skip
    post(browser, f"/applications/{made.id}/budget", version="1", **lines)
    assert kept(made).total_centimes == 100_000
    page = get(browser, f"/applications/{made.id}/budget")
    assert "2 lignes ne sont pas complètes" in page
    assert "choisissez la nature" in page
    assert "dites ce qui est payé" in page
    assert "121\u00a0000,00" not in page
    assert 'value="70\u00a0000,00"' in page  # kept, to be completed
    assert "complètes" not in visible(get(browser, f"/applications/{made.id}/budget", lang="ar"))


@pytest.mark.parametrize(
    ("terms", "refused", "accepted"),
    [
        ({}, ("fishing", "cork", "textile"), ("agriculture", "argan")),
        ({"sectors": ["agriculture"], "chains": "any"}, ("crafts", "craft"), ("agriculture", "olive")),
        ({"sectors": "any", "chains": ["argan"]}, ("beekeeping",), ("argan", "fishing")),
    ],
)
def test_choices_that_the_call_refuses_say_so(
    world: Any, client: Any, terms: Any, refused: Any, accepted: Any
) -> None:
    made = given.draft(world, given.open_call(world, **terms))
    page = get(client("holder"), f"/applications/{made.id}/project")
    options = dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', page))
    for code in refused:
        assert "par cet appel" in options[code]
    for code in accepted:
        assert "par cet appel" not in options[code]
    assert "par cet appel" not in get(client("holder"), f"/applications/{made.id}/project", lang="ar")


def test_two_tabs(world: Any, client: Any) -> None:
    made = given.draft(world)
    browser = client("holder")
    post(browser, f"/applications/{made.id}/project", version="1", title="Huile d’argan", chain="cork")
    answer = post(
        browser, f"/applications/{made.id}/project", 412, version="1", title="Miel de thym", chain="argan"
    )
    shown = visible(answer.text)
    assert "Miel de thym" in shown
    assert "Huile d’argan" in shown
    assert "Titre du projet" in shown
    assert "cork" not in shown
    assert "Déjà enregistré" in shown
    assert 'name="keep.title"' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert kept(made).title == "Huile d’argan"
    choice = {
        "keep.title": "mine",
        "keep.chain": "saved",
        "saved.title": "Huile d’argan",
        "saved.chain": "cork",
    }
    post(
        browser, f"/applications/{made.id}/project",
        version="2", title="Miel de thym", chain="argan", **choice,
    )  # fmt: skip
    assert kept(made).content["project"] == {"title": "Miel de thym", "chain": "cork"}
    answer = post(browser, f"/applications/{made.id}/location", 412, version="1")
    assert "n’a pas changé" in answer.text


@pytest.mark.parametrize("section", list(WRITTEN))
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_two_tabs_differ_in_words_and_either_may_be_kept(
    world: Any, client: Any, section: str, lang: str
) -> None:
    made = given.draft(world)
    browser = client("holder")
    good = form_of(section, made)
    path = f"/applications/{made.id}/{section}"
    post(browser, path, **good)
    saved = kept(made).content[section]
    answer = browser.post(f"{path}?lang={lang}", data={"version": "1"}, headers=HTML)
    assert answer.status_code == 412
    shown = visible(answer.text)
    for code in ("_centimes", "investment", "rented", "no_double_funding", "09.001", "accepted"):
        assert code not in shown
    names = re.findall(r'name="(keep\.[^"]+)"', answer.text)
    assert names
    every: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(saved\.[^"]+)" value="([^"]*)"', answer.text):
        every.setdefault(name, []).append(unescape(value))
    post(browser, path, version="2", **dict.fromkeys(names, "saved"), **every)
    assert kept(made).content[section] == saved
    post(browser, path, version="2", **dict.fromkeys(names, "mine"), **every)
    assert kept(made).content[section] != saved
