"""Pages of the call editor: what they keep, refuse, show, and to whom."""

import re
from datetime import timedelta
from typing import Any

import pytest

from backend.calls import commands
from backend.calls.editor import draft
from backend.calls.editor.spec import SECTIONS
from backend.calls.editor.text import data_of, dump
from backend.calls.models import Call, CallDraft
from backend.core.actor import SYSTEM
from backend.core.tx import transaction
from tests.calls import given
from tests.calls.editor.browsing import HTML, RULES, fields, opened, sent

LIVE = {"accept": "text/html", "hx-request": "true", "hx-request-type": "partial"}
LANGUAGES = pytest.mark.parametrize("lang", ["fr", "ar"])


def now(world: Any, call: Call) -> draft.Draft:
    with transaction(world.officer) as tx:
        return draft.opened(tx, call.id)


@LANGUAGES
def test_every_page_in_both_languages(world: Any, client: Any, lang: str) -> None:
    call = given.draft(world, rules=RULES)
    officer = client("officer")
    start = f"/das/calls/{call.id}/edit"
    pages = [
        "",
        *(f"/{section.code}" for section in SECTIONS),
        "/rules/0",
        "/rules/1",
        "/documents/0",
        "/grid/0",
    ]
    for end in (*pages, "/text", "/dry-run"):
        text = opened(officer, start + end, lang=lang)
        main = re.sub(r'(href|action|hx-\w+|id|name|value|for)="[^"]*"', "", text.split("<main", 1)[1])
        assert "edit." not in main, end
        assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in text
    for end in ("/nothing", "/rules/9", "/rules/x", "/dates/0", "/grid/99999999"):
        opened(officer, start + end, 404)


def test_pages_sent_back_as_they_stand_change_nothing(world: Any, client: Any) -> None:
    call = given.draft(world, rules=RULES)
    officer = client("officer")
    start = f"/das/calls/{call.id}/edit"
    for end in (*(section.code for section in SECTIONS), "rules/0", "rules/1", "documents/2", "grid/0"):
        sent(officer, f"{start}/{end}", act="save")
    with transaction(world.officer) as tx:
        assert tx.session.query(CallDraft).count() == 0
    assert now(world, call).version == 1


def test_a_change_is_kept_and_becomes_the_definition(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    start = f"/das/calls/{call.id}/edit"
    answer = sent(officer, f"{start}/money", envelope="7 000 000", caps__indh_share="1/3", act="next")
    assert answer.headers["location"] == f"{start}/rules"
    kept = now(world, call)
    assert (kept.version, kept.valid) == (2, True)
    assert kept.call.envelope_centimes == 700_000_000
    assert data_of(kept.source)["caps"]["indh_share"] == "1/3"
    assert "Enregistré à" in opened(officer, f"{start}/money?saved=1")
    sent(officer, f"{start}/identity", code="agadir-renamed", act="save")
    assert now(world, call).call.code == "agadir-renamed"


def test_a_faulty_draft_is_kept_beside_the_last_valid_one(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    start = f"/das/calls/{call.id}/edit"
    sent(officer, f"{start}/grid/0", grid__criteria__0__weight="15", act="save")
    sent(officer, f"{start}/dates", closes_at="2020-01-01T10:00", act="save")
    kept = now(world, call)
    assert not kept.valid
    assert {issue.code for issue in kept.issues} == {"window_order", "sum_weights"}
    assert kept.call.definition["grid"]["criteria"][0]["weight"] == 25
    page = opened(officer, f"{start}/grid")
    assert "Total : 90 sur 100" in page.replace("\u00a0", " ")
    assert "Il manque 10." in page
    assert "2 points à corriger" in opened(officer, start).replace("\u00a0", " ")
    for path in (f"/das/calls/{call.id}", "/das/calls", f"{start}/text", f"{start}/dry-run"):
        opened(officer, path)
    version = {"version": str(now(world, call).call.version)}
    refused = officer.post(f"/das/calls/{call.id}/publish", data=version, headers=HTML)
    assert refused.status_code == 409
    assert "Le brouillon n’est pas encore en ordre" in refused.text
    sent(officer, f"{start}/grid/0", grid__criteria__0__weight="25", act="save")
    closes = f"{given.hour(given.NOW.replace(year=given.NOW.year + 1))}".replace(" ", "T")
    sent(officer, f"{start}/dates", closes_at=closes, act="save")
    assert now(world, call).valid
    version = {"version": str(now(world, call).call.version)}
    published = officer.post(
        f"/das/calls/{call.id}/publish", data=version, headers=HTML, follow_redirects=False
    )
    assert published.status_code == 303
    for end in ("", "/dates", "/rules/0", "/text", "/dry-run"):
        page = opened(officer, f"{start}{end}", 409)
        assert "Un appel publié se corrige par un rectificatif" in page
        assert f'action="/das/calls/{call.id}/erratum/start"' in page
    arabic = opened(officer, start, 409, lang="ar")
    assert "إعلان تصحيحي" in arabic


def test_the_editor_of_a_call_that_is_over_offers_a_new_call(world: Any, client: Any) -> None:
    call = given.published(world)
    with transaction(SYSTEM) as tx:
        tx.allowed = tx.recorded = True
        tx.session.get_one(Call, call.id).closes_at = tx.now - timedelta(minutes=1)
    page = opened(client("officer"), f"/das/calls/{call.id}/edit", 409)
    assert "Cet appel ne change plus" in page
    assert f"/das/calls/start?source={call.id}" in page
    assert "/erratum/start" not in page
    opened(client("stranger"), f"/das/calls/{call.id}/edit", 403)


def test_sums_are_told_whatever_else_is_wrong(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    start = f"/das/calls/{call.id}/edit"
    sent(officer, f"{start}/rules", act="add:rules")
    sent(officer, f"{start}/tranches", tranches__0__share="30", act="save")
    assert {issue.code for issue in now(world, call).issues} >= {
        "value_count",
        "missing_field",
        "sum_tranches",
    }
    page = opened(officer, f"{start}/tranches").replace("\u00a0", " ")
    assert "Total : 90 sur 100" in page
    assert "1 point à corriger sur cette page" in page
    assert "une valeur reste à écrire" in opened(officer, f"{start}/rules/0")


def test_a_rule_is_composed_button_by_button(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    start = f"/das/calls/{call.id}/edit"
    made = sent(officer, f"{start}/rules", act="add:rules:women_youth").headers["location"]
    assert made == f"{start}/rules/0"
    assert sent(officer, made, act="wrap:rules.0.check:any").headers["location"].endswith("#rules.0.check")
    first = {"rules.0.check.1.fact": "organisation.created_on"}
    form = fields(opened(officer, made)) | first | {"act": "save"}
    officer.post(made, data=form, headers=HTML)
    assert check(world, call)["any"][1] == {"fact": "organisation.created_on", "before": ""}
    form = fields(opened(officer, made)) | {"rules.0.check.1.v.mode": "moved", "act": "save"}
    officer.post(made, data=form, headers=HTML)
    form = fields(opened(officer, made)) | {
        "rules.0.check.1.v.length": "24",
        "rules.0.fails": "warn",
        "act": "next",
    }
    assert (
        officer.post(made, data=form, headers=HTML, follow_redirects=False).headers["location"]
        == f"{start}/rules"
    )
    moved = {"fact": "call.reference_date", "minus": "24 months"}
    assert check(world, call)["any"][1] == {"fact": "organisation.created_on", "before": moved}
    assert now(world, call).valid
    assert "24 mois avant" in opened(officer, f"{start}/rules").replace("\u00a0", " ")
    sent(officer, made, act="begin:rules.0.when")
    assert not now(world, call).valid
    sent(officer, made, act="drop:rules.0.when")
    assert now(world, call).valid


def check(world: Any, call: Call) -> Any:
    return data_of(now(world, call).source)["rules"][0]["check"]


def test_the_words_follow_what_is_typed(world: Any, client: Any) -> None:
    call = given.draft(world, rules=RULES)
    officer = client("officer")
    page = f"/das/calls/{call.id}/edit/rules/0"
    form = fields(opened(officer, page)) | {"rules.0.check.0.v.text": "45"}
    words = officer.post(f"{page}/preview", data=form, headers=LIVE).text.replace("\u00a0", " ")
    assert "45 %" in words
    assert 'lang="ar"' in words
    assert "<html" not in words
    form["rules.0.check.0.fact"] = "budget.total"
    drawn = officer.post(f"{page}/redraw", data=form, headers=LIVE).text
    assert 'id="sheet"' in drawn
    assert 'hx-swap-oob="true"' in drawn
    assert "une valeur reste à écrire" in drawn
    for end in ("grid/preview", "grid/redraw", "tranches/preview"):
        assert officer.post(f"/das/calls/{call.id}/edit/{end}", data={}, headers=LIVE).status_code == 200
    assert now(world, call).version == 1


def test_two_officers_do_not_overwrite_each_other(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    page = f"/das/calls/{call.id}/edit/money"
    stale = fields(opened(officer, page))
    sent(officer, page, envelope="7 000 000", act="save")
    other = officer.post(page, data=stale | {"envelope": "9 000 000", "act": "save"}, headers=HTML)
    assert other.status_code == 412
    assert "Quelqu’un a changé cette page entre-temps" in other.text
    assert 'value="9 000 000"' in other.text
    assert "7 000 000,00" in other.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert now(world, call).call.envelope_centimes == 700_000_000
    again = officer.post(
        page, data=fields(other.text) | {"act": "save"}, headers=HTML, follow_redirects=False
    )
    assert again.status_code == 303
    assert now(world, call).call.envelope_centimes == 900_000_000
    # another page, opened before: nothing of it has changed, so that it is kept
    sent(officer, f"/das/calls/{call.id}/edit/appeal", appeal_days="20", act="save")


def test_what_another_wrote_in_the_other_language_is_shown_too(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    page = f"/das/calls/{call.id}/edit/identity"
    stale = fields(opened(officer, page))
    sent(officer, page, title__ar="عنوان الزميلة", act="save")
    other = officer.post(page, data=stale | {"title.ar": "عنواني", "act": "save"}, headers=HTML)
    assert other.status_code == 412
    told = other.text[other.text.index("Quelqu’un a changé") : other.text.index('id="sheet"')]
    assert "عنوان الزميلة" in told
    assert "en français" not in told  # only what differs is to be compared


def test_what_could_not_be_read_again_is_refused_and_given_back(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    page = f"/das/calls/{call.id}/edit/identity"
    answer = sent(officer, page, 422, title__fr="Appel \u202e à l'envers", act="save")
    assert "Rien n’a été enregistré" in answer.text
    assert "U+202E" in answer.text
    answer = sent(officer, page, 422, summary__fr="x" * 300_000, act="save")
    assert "x" * 300_000 in answer.text
    assert now(world, call).version == 1


def test_beyond_what_cannot_be_read_the_other_faults_are_told(world: Any, client: Any) -> None:
    """A text that is faulty in its form (a field twice) is read on: its sums and amounts are told too."""
    call = given.draft(world)
    officer, page = client("officer"), f"/das/calls/{call.id}/edit/text"
    text = dump(call.definition).replace("appeal_days: 30", "appeal_days: 30\nappeal_days: 31")
    source = text.replace("weight: 25", "weight: 35", 1).replace("envelope: ", "envelope: beaucoup # ", 1)
    answer = officer.post(page, data={"source": source, "version": "1"}, headers=HTML, follow_redirects=False)
    assert answer.status_code == 303
    codes = {issue.code for issue in now(world, call).issues}
    assert {"duplicate_key", "sum_weights", "money"} <= codes, codes
    assert opened(officer, page).count("<li><a href=") >= 3


def test_the_words_say_when_they_may_be_older_than_what_is_typed(world: Any, client: Any) -> None:
    """Shown by the script when what was typed has had no answer; a fresh answer comes without the mark."""
    call = given.draft(world)
    for lang, said in (("fr", "plus ancien que votre saisie"), ("ar", "أقدم مما كتبتم")):
        page = opened(client("officer"), f"/das/calls/{call.id}/edit/dates", lang=lang)
        assert said in page.split('id="words"')[1].split("</p>")[0]
        assert "data-older" not in page
        assert 'data-follows="words"' in page


def test_the_text_is_kept_right_or_wrong(world: Any, client: Any) -> None:
    call = given.draft(world)
    officer = client("officer")
    page = f"/das/calls/{call.id}/edit/text"
    text = dump(call.definition)

    def post(source: str, version: int, status: int = 303) -> Any:
        form = {"source": source, "version": str(version)}
        answer = officer.post(page, data=form, headers=HTML, follow_redirects=False)
        assert answer.status_code == status, answer.text[:1000]
        return answer

    post("# my notes\n" + text.replace("appeal_days: 30", "appeal_days: 31"), 1)
    kept = now(world, call)
    assert kept.call.definition["appeal_days"] == 31
    assert kept.source.startswith("# my notes")
    assert "commentaires" in opened(officer, f"/das/calls/{call.id}/edit/money")
    assert "412" not in opened(officer, page)
    stale = post(text, 1, 412)
    assert "Votre texte est gardé ci-dessous" in stale.text
    post(text.replace("appeal_days: 30", "appeal_days: never"), 2)
    faulty = opened(officer, page)
    assert "Ligne" in faulty
    assert f"/das/calls/{call.id}/edit/appeal" in faulty
    post("a: [1", 3)
    assert "Le texte ne peut pas être lu" in opened(officer, f"/das/calls/{call.id}/edit")
    gone = officer.get(f"/das/calls/{call.id}/edit/money", headers=HTML, follow_redirects=False)
    assert gone.headers["location"] == page
    for end in ("money", "money/preview"):
        sent_there = officer.post(
            f"/das/calls/{call.id}/edit/{end}", data={}, headers=HTML, follow_redirects=False
        )
        assert sent_there.headers["location"] == page
    post("code: \0", 4, 422)
    post(text, 4)
    assert now(world, call).valid


def test_another_province_and_a_taken_code_are_faults(world: Any, client: Any) -> None:
    given.draft(world, code="taken")
    call = given.draft(world)
    text = dump(call.definition)
    with transaction(world.officer) as tx:
        kept = draft.save(tx, call.id, text.replace("code: agadir-2023", "code: taken"))
        assert [issue.code for issue in kept.issues] == ["duplicate"]
        kept = draft.save(tx, call.id, text.replace("'09.001'", "'09.541'"))
        assert {issue.path for issue in kept.issues} == {"province"}
        assert tx.session.get_one(Call, call.id).code == "agadir-2023"


def test_another_file_loaded_over_the_draft_wins(world: Any) -> None:
    call = given.draft(world)
    with transaction(world.officer) as tx:
        draft.save(tx, call.id, "half: written")
        assert not draft.opened(tx, call.id).valid
    with transaction(world.officer) as tx:
        commands.load(tx, given.call_file(appeal_days=12))
    found = now(world, call)
    assert found.valid
    assert found.version == 2
    assert data_of(found.source)["appeal_days"] == 12


@pytest.mark.parametrize(
    ("name", "status"), [("holder", 404), ("stranger", 404), ("auditor", 403), ("chair", 404)]
)
def test_only_its_officers_open_a_draft(world: Any, client: Any, name: str, status: int) -> None:
    call = given.draft(world)
    other = client(name)
    for end in ("", "/money", "/text", "/dry-run"):
        opened(other, f"/das/calls/{call.id}/edit{end}", status)
    assert other.post(f"/das/calls/{call.id}/edit/money", data={}, headers=HTML).status_code == status
