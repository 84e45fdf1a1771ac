"""Faults named by their labels, warnings of the examination, what a copy must have read again, ties."""

import re
from html import unescape
from typing import Any

import pytest

from backend.calls import queries
from backend.calls.callfile import from_json
from backend.calls.callfile.cautions import cautions
from backend.calls.editor import draft
from backend.calls.editor.naming import place_words
from backend.calls.editor.text import data_of
from backend.calls.models import Call
from backend.core.tx import transaction
from tests.calls import given
from tests.calls.editor.browsing import HTML, RULES, opened, sent
from tests.world import HERE


def body(page: str) -> str:
    return page.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("path", "fr", "ar"),
    [
        ("grid.criteria.1.levels.3.ar", "Critère 2, ce que veut dire chaque note, note 3, en arabe", None),
        ("grid.criteria.1.weight", "Critère 2, poids", "المعيار 2، "),
        ("grid.tie_break.0", "Départage à égalité, choix n° 1", None),
        ("rules.0.check.all.0", "Règle 1, ce qui est demandé", None),
        ("tranches.1.share", "Tranche 2, part", None),
        ("envelope", "Enveloppe de l’appel", None),
        ("unknown.field", "", ""),
        ("", "", ""),
    ],
)
def test_a_place_is_named_as_its_label_says(path: str, fr: str, ar: str | None) -> None:
    said = place_words(path, "fr")
    assert said == fr
    assert bool(place_words(path, "ar")) == bool(said)
    if ar:
        assert place_words(path, "ar").startswith(ar)


def test_faults_are_named_and_lead_to_their_field(world: Any, client: Any) -> None:
    call = given.draft(world, rules=RULES)
    officer, start = client("officer"), f"/das/calls/{call.id}/edit"
    sent(officer, f"{start}/grid/1", grid__criteria__1__levels__3__ar="", act="save")
    sent(officer, f"{start}/money", envelope="beaucoup", act="save")
    sent(officer, f"{start}/tranches", tranches__0__share="trente", act="save")
    text = body(opened(officer, start))
    named = "Grille d’évaluation – Critère 2, ce que veut dire chaque note, note 3, en arabe : "
    assert named in text
    assert f'href="{start}/grid/1#grid.criteria.1.levels.3.ar"' in text
    assert "Enveloppe de l’appel : indiquez un montant en dirhams" in text
    assert f'href="{start}/money#envelope"' in text
    assert "Tranche 1, part : indiquez une part en pour cent" in text
    for end in ("", "/money", "/grid/1", "/tranches"):
        page = body(opened(officer, start + end)).split("<main", 1)[1]
        assert "avec sa monnaie et deux décimales" not in page
        assert "traduction absente" not in page
    assert "grid.criteria[1]" not in text


def test_the_preview_says_which_text_it_shows(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer, start = client("officer"), f"/das/calls/{call.id}/edit"
    assert "sont ceux du texte en ordre" not in opened(officer, f"{start}/money")
    sent(officer, f"{start}/money", envelope="beaucoup", act="save")
    page = body(opened(officer, f"{start}/money"))
    assert re.search(r"ces passages sont ceux du texte en ordre du \w+ \d+", page)
    assert "sont ceux du texte en ordre" not in opened(officer, f"{start}/dates")


def test_a_wrong_window_is_told_in_the_readers_language(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer, start = client("officer"), f"/das/calls/{call.id}/edit"
    sent(officer, f"{start}/dates", closes_at="2020-03-03T10:00", act="save")
    assert "mardi 3 mars 2020" in body(opened(officer, f"{start}/dates"))
    assert "mardi" not in opened(officer, f"{start}/dates", lang="ar")


def test_warnings_of_the_examination(world: Any, client: Any) -> None:
    plain = given.call_file().as_json()
    at = given.NOW.date()
    found = cautions(from_json(plain | {
        "title": {"fr": "Appel 2019", "ar": "Appel 2019"}, "reference_date": f"{at.year - 3}-01-01",
        "closes_at": "2033-01-02 16:30",  # a Sunday
    }))  # fmt: skip
    codes = [(one.path, one.code) for one in found]
    assert ("title", "caution_same_text") in codes
    assert ("title.fr", "caution_year") in codes
    assert ("reference_date", "caution_reference") in codes
    assert ("closes_at", "caution_closing_day") in codes
    alike = plain | {"title": {"fr": f"ODCO {at.year}", "ar": f"ODCO {at.year}"}}
    assert "caution_same_text" not in [one.code for one in cautions(from_json(alike))]
    call = given.draft(world, title={"fr": "Le même titre", "ar": "Le même titre"})
    officer = client("officer")
    for end in ("/edit", "/publish", "/edit/identity"):
        page = body(opened(officer, f"/das/calls/{call.id}{end}"))
        assert "le même texte est donné en français et en arabe" in page.lower(), end
    assert "Publier l’appel" in body(opened(officer, f"/das/calls/{call.id}/publish"))


def copied(world: Any, call: Call) -> Call:
    with transaction(world.officer) as tx:
        return draft.copy(tx, call.id, "agadir-next", HERE)


def to_reread(world: Any, call: Call) -> list[str]:
    with transaction(world.officer) as tx:
        kept = draft.opened(tx, call.id).kept
        assert kept
        return kept.to_reread or []


def test_a_copy_to_no_province_is_refused(world: Any, client: Any) -> None:
    source = given.draft(world)
    for province in ("£", "99.999"):
        answer = client("officer").post(
            f"/api/v1/calls/{source.id}/copies", json={"code": "copied", "province": province}
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "province"


def test_a_copy_lists_what_is_to_be_read_again(world: Any, client: Any) -> None:
    year = given.NOW.year
    source = given.draft(
        world,
        title={"fr": f"Appel {year}", "ar": f"طلب {year}"},
        support={"fr": f"Budget {year}.", "ar": "الميزانية."},
        closes_at=given.NOW.replace(month=12, day=28),
    )
    call = copied(world, source)
    listed = to_reread(world, call)
    assert {"title", "opens_at", "closes_at", "reference_date", "envelope", "support"} <= set(listed)
    officer, start = client("officer"), f"/das/calls/{call.id}/edit"
    text = body(opened(officer, start))
    assert f"{len(listed)} points à relire dans cette copie" in text
    assert f'href="{start}/money#envelope"' in text
    opened(officer, f"{start}/money")
    assert to_reread(world, call) == listed  # looking is not reading
    sent(officer, f"{start}/money", act="save")
    assert not {"envelope", "caps.indh_amount"} & set(to_reread(world, call))
    for page in ("identity", "dates", "issuer"):
        sent(officer, f"{start}/{page}", act="save")
    left = to_reread(world, call)
    assert "title" not in left
    assert ("à relire dans cette copie" in opened(officer, start)) == bool(left)


def test_ties_are_broken_by_criteria_chosen_by_name(world: Any, client: Any) -> None:
    call = given.draft(world)
    codes = [one["code"] for one in call.definition["grid"]["criteria"]]
    officer, page = client("officer"), f"/das/calls/{call.id}/edit/grid"
    text = opened(officer, page)
    assert call.definition["grid"]["criteria"][2]["label"]["fr"] in text.split('id="grid.tie_break"')[1]
    form = {f"grid__tie_break__{i}": "" for i in range(len(codes))}
    chosen = {"grid__tie_break__1": codes[2], "grid__tie_break__4": codes[0]}
    sent(officer, page, act="save", **(form | chosen))
    assert ties(world, call) == [codes[2], codes[0]]
    sent(officer, page, act="save", **form)
    assert ties(world, call) is None
    twice = {"grid__tie_break__0": codes[0], "grid__tie_break__1": codes[0]}
    sent(officer, page, act="save", **(form | twice))
    assert "apparaît deux fois" in opened(officer, page)


def ties(world: Any, call: Call) -> Any:
    with transaction(world.officer) as tx:
        return data_of(draft.opened(tx, call.id).source)["grid"].get("tie_break")


def test_publication_shows_what_is_published_and_to_whom(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer, where = client("officer"), f"/das/calls/{call.id}/publish"
    text = body(opened(officer, where))
    for said in ("Publier cet appel ?", "6 000 000,00 DH", "6 critères", "Aucun message n’est envoyé"):
        assert said in text
    for rule in queries.rules_in_words(queries.definition(call)):  # those written by hand too
        assert rule.title["fr"] in unescape(text)
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version
    sent(officer, f"/das/calls/{call.id}/edit/money", envelope="7 000 000", act="save")
    stale = officer.post(where, data={"version": version[1]}, headers=HTML)
    assert stale.status_code == 412
    assert "7 000 000,00 DH" in body(stale.text)
    assert 'name="version"' in stale.text
    for name in ("auditor", "holder"):
        assert client(name).get(where, headers=HTML).status_code in (403, 404)
